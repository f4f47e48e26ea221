//! The program `pimento-server`: configuration, listeners, backends, operator commands.
//!
//! `dev` is a server to try things on: its own issuer, a virtual clock, a demo tenant. `serve` is the real one. Both are
//! also functions, [`dev::prepare`] and [`serve::prepare`], so that a test runs what an operator runs.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

mod arguments;
mod audit;
pub mod config;
mod connections;
mod demo;
pub mod dev;
mod error;
mod job;
mod recorder;
mod refusals;
mod remembered;
mod running;
mod seal_key;
mod sealer;
pub mod serve;
mod swagger;

pub use arguments::{Arguments, run};
pub use error::StartError;
pub use pimento_store_sqlite::SEARCH_LIMIT;
pub use remembered::RememberedError;
pub use running::{Prepared, Running};
pub use seal_key::SealKeyError;
