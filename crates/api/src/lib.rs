//! The HTTP face: wire types, handlers, authentication and authorisation, the edge, the router.
//!
//! ```text
//! bytes → edge (ids, limits, one spelling of the path) → router → access (operation, token, roles) → handler → engine
//!       ← edge (ids, envelope)                                                          ← wire value ←
//! ```
//!
//! It knows no database and no configuration file, so that the document that its annotations amount to
//! ([`derived_document`], printed by the program `dump-openapi`) is derived quickly.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

mod access;
mod attempts;
pub mod auth;
mod batch;
mod denied;
mod documented;
mod emulator;
pub mod generated;
mod handlers;
mod http;
pub mod operation;
mod problem;
mod query;
mod router;
mod throttle;
pub mod wire;

use std::collections::BTreeSet;
use std::sync::Arc;

use pimento_domain::{PrincipalId, TenantId};
use pimento_engine::Engine;

pub use emulator::Emulator;
pub use handlers::derived_document;
pub use http::{Hosts, Origin, OriginError};
pub use problem::Problem;
pub use router::{Face, router};
pub use throttle::Throttle;

use auth::Authenticator;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The use cases.
    pub engine: Engine,
    /// Who verifies tokens.
    pub authenticator: Authenticator,
    /// Who may sign up their tenant without being a Global Administrator by token.
    pub founders: Arc<BTreeSet<(TenantId, PrincipalId)>>,
    /// How many requests each caller may make; `None` for as many as they like.
    pub throttle: Option<Throttle>,
}
