//! The store on a disk that loses power, is full, or fails: what was acknowledged is there, whole, and no answer is wrong.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod damage;
mod operations;
mod power;
mod seen;
mod trouble;
mod work;
