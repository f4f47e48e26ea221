//! The rules under every order of events: sequences of all commands and reads by several people in two tenants, while the
//! clock jumps both ways and the job that records runs now and then or never, held against a reference model; and commands
//! at the same time, held against one after another.
//!
//! `PROPTEST_CASES=5000 cargo test -p pimento-testkit --test state_machine` looks longer. What fails is printed as a list
//! of steps, as short as it can be made.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod answer;
mod at_once;
mod face;
mod known;
mod model;
mod properties;
mod sequences;
mod steps;
mod stored;
mod strategies;
mod turns;
mod words;
mod world;
