//! The project's own tasks, as a library so that the comparer and the checks can be tested from outside.
//!
//! Nothing here depends on a crate of the workspace: the generator must not need what it generates. The server's
//! own documents come from a program of the `pimento-api` package that [`codegen`] runs.

pub mod breaking;
pub mod canon;
pub mod changelog;
pub mod ci;
pub mod client_gen;
pub mod codegen;
pub mod diff;
pub mod document;
mod error;
pub mod frozen;
pub mod generators;
pub mod lint;
pub mod metadata;
pub mod names;
pub mod release;
pub mod spec;
pub mod table;
pub mod test;
pub mod tidy;
pub mod tools;
pub mod uses;
pub mod workspace;

pub use error::{Error, Finding, report};
