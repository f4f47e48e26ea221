//! The edge: what every request and every answer go through, whatever the operation.

mod body;
mod edge;
mod ids;
mod log;
mod origin;
mod parameters;
mod preference;
mod unread;

pub(crate) use body::{Body, MAX_BODY_BYTES, OptionalBody};
pub(crate) use edge::{Edge, FAMILY_ROOT, edge, fault_of_panic, fits, refuse};
pub(crate) use ids::{CLIENT_REQUEST_ID, RequestIds};
pub(crate) use log::{Evaluated, SignedIn};
pub(crate) use origin::Called;
pub use origin::{Hosts, Origin, OriginError};
pub(crate) use parameters::{Counting, Expanding, Id, Listing, Querying, Searching, Selection};
pub(crate) use preference::Applied;
pub(crate) use unread::forget_unread;

use log::RequestLog;
