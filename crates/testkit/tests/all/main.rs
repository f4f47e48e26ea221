//! The black-box tests: everything here reaches a server over HTTP, and every answer is checked against the documents.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod actions;
mod activation;
mod active_until;
mod asking;
mod audit;
mod authorisation;
mod batch;
mod bodies;
mod callers;
mod complete_setup;
mod concurrency;
mod counts;
mod coverage;
mod creation;
mod dev_mode;
mod due;
mod events;
mod examples;
mod expiry;
mod full_disk;
mod headers;
mod killed;
mod mangled;
mod metadata;
mod operations;
mod own_roles;
mod paging;
mod paths;
mod querying;
mod readme;
mod refused_attempts;
mod request_log;
mod requests;
mod role_info;
mod seeds;
mod serve;
mod server_program;
mod settings;
mod sign_up;
mod spellings;
mod step_up;
mod summary;
mod throttling;
mod visibility;
