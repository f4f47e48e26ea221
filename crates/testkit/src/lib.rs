//! A whole server inside a test: tokens, a virtual clock, plain HTTP, and a check of every answer against the documents.
//!
//! [`TestServer::dev`] is what `pimento-server dev` runs, [`ServeServer::start`] what `pimento-server serve` runs with a
//! [`TestIssuer`], and [`FaultyServer::failing`] one whose store fails. In front of each stands a layer that judges all
//! its answers by the [`Contract`]. What it finds, and every error in the server's log, fails the test when the server is
//! dropped.
//!
//! A test talks to its server through the generated client, [`Person::client`], or byte by byte, [`TestServer::call`].

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

mod call;
mod contract;
mod faulty;
mod issuer;
mod log;
mod person;
pub mod refusals;
mod serve;
mod server;
mod tool;
mod watch;

pub use call::{Answer, Call};
pub use contract::Contract;
pub use faulty::{Fault, FaultyServer};
pub use issuer::{Algorithm, TestIssuer};
pub use person::Person;
pub use refusals::Refusals;
pub use serve::ServeServer;
pub use server::TestServer;
pub use tool::Tool;

/// The demo tenant of dev mode, of which ada, ben and cleo are.
pub const DEMO_TENANT: &str = "3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040";

/// Roles that tests are about, by their ids as text.
pub mod role {
    /// Global Administrator.
    pub const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
    /// Privileged Role Administrator; ada's in the demo tenant.
    pub const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
    /// Security Administrator; ada's in the demo tenant.
    pub const SECURITY_ADMINISTRATOR: &str = "194ae4cb-b126-40b2-bd5b-6091b380977d";
    /// Security Reader; cleo's in the demo tenant.
    pub const SECURITY_READER: &str = "5d6b6bb7-de71-4623-b4af-96380a352509";
    /// User Administrator, for which ben is eligible in the demo tenant. MFA cannot be switched off.
    pub const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
    /// Application Administrator: nobody's in the demo tenant, and its MFA is off.
    pub const APPLICATION_ADMINISTRATOR: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
    /// A role id that no role has.
    pub const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
}
