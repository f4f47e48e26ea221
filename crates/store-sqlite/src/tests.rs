//! Tests of the store on real files. What they look at from outside, they look at with a plain SQLite connection.

mod conformance;
mod corruption;
mod durability;
mod erasing;
mod migrations;
mod opening;
mod plans;
mod query_plans;
mod remedies;
mod samples;
mod sealing;
mod searches;
mod tampering;
mod writing;
