//! The shapes on the wire. Their names in the document are longer: `wire::Assignment` is `PrivilegedRoleAssignment` there.
//!
//! In request bodies `null` means absent everywhere, and unknown members are ignored, as the original service did.

mod admin;
mod assignment;
mod dev;
mod duration;
mod error;
mod role;
mod settings;
mod signup;

pub use admin::{Check, Liveness, Readiness, Version};
pub use assignment::{
    Assignment, Assignments, MakePermanentParameters, NewAssignment, SelfActivateParameters,
};
pub use dev::{Clock, ClockChange, IssuerConfiguration, Key, KeySet, Token, TokenClaims};
pub(crate) use duration::parse_duration;
pub use error::{ErrorDetail, InnerError, MainError, ODataError};
pub use role::{Role, Roles};
pub(crate) use settings::MAXIMUM;
pub use settings::{Settings, SettingsUpdate};
pub use signup::{BooleanResult, SignupStatus, SignupStatuses};
