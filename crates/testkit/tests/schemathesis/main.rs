//! schemathesis makes requests up from the documents, valid ones and such as break them in one place, by themselves and in
//! chains, and looks at the answers with all its checks. It is to find nothing.
//!
//! What the documents say of values in words it is told by the Python modules beside this, and which of its reports are none;
//! `schemathesis.toml` leads to them. It comes from `cargo xtask tools`; without it the tests are ignored.
//!
//! `PIMENTO_EXAMPLES=N` has it make N requests of each operation in the phase that draws them freely, and gives chains N
//! seconds. Without it there are few, always the same, so that the tests take a minute or two.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod run;

use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::Arguments;
use pimento_testkit::Tool;

use crate::run::{Caller, Run};

/// Most of it is spent in coverage, whose requests are as many as the document's constraints.
const RUNS: [Run; 6] = [
    Run {
        name: "administrators_are_answered_as_the_document_says",
        document: "graph-beta",
        caller: Caller::Administrator,
        phases: "examples,coverage,fuzzing",
    },
    Run {
        name: "chains_of_requests_find_what_they_made",
        document: "graph-beta",
        caller: Caller::Administrator,
        phases: "stateful",
    },
    Run {
        name: "people_without_roles_are_answered_as_the_document_says",
        document: "graph-beta",
        caller: Caller::Nobody,
        phases: "examples,coverage,fuzzing",
    },
    Run {
        name: "tenants_do_not_see_each_others_objects",
        document: "graph-beta",
        caller: Caller::Tenants,
        phases: "examples,fuzzing",
    },
    Run {
        name: "the_document_of_operators_is_kept_to",
        document: "admin",
        caller: Caller::Administrator,
        phases: "examples,coverage,fuzzing",
    },
    Run {
        name: "the_document_of_the_emulator_is_kept_to",
        document: "dev",
        caller: Caller::Administrator,
        phases: "examples,coverage,fuzzing",
    },
];

/// Much longer than a run takes, however many requests it is to make.
fn patience() -> Duration {
    let minutes = if run::is_at_leisure() { 24 * 60 } else { 10 };
    Duration::from_mins(minutes)
}

fn main() -> ExitCode {
    let python = Tool::of_set("schemathesis", "requirements.txt", "bin/python").within(patience());
    python.announce("the tests by schemathesis");
    let trials = RUNS.map(|run| {
        python.trial("schemathesis", run.name, async move |python| {
            run.against_a_server(&python).await;
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}
