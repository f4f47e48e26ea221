//! The black-box tests: everything here reaches a server over HTTP, and every answer is checked against the documents.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod actions;
mod bodies;
mod callers;
mod concurrency;
mod coverage;
mod creation;
mod expiry;
mod headers;
mod operations;
mod paging;
mod requests;
mod settings;
mod sign_up;
mod spellings;
mod visibility;
