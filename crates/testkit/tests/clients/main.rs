//! Stock Graph clients of other languages, unchanged, against a server of ours.
//!
//! Each client has a script beside this, with scenarios in it: the test of a scenario starts a server, and the script in a
//! process of its own, which it tells the server's URL. What the script is about it gets from there itself: tokens from
//! `/dev/token`, and time from `/dev/clock`. It fails by ending with an error, and the server judges its answers as in
//! all tests.
//!
//! The clients come from `cargo xtask tools`. Without them the tests are ignored.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod client;
mod node;
mod python;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let trials = node::trials().into_iter().chain(python::trials());
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
