//! schemathesis makes requests up from the documents, valid ones and such as break them in one place, by themselves and in
//! chains, and looks at the answers with all its checks. It is to find nothing.
//!
//! What the documents say of values in words it is told by the Python modules beside this, and which of its reports are none;
//! `schemathesis.toml` leads to them. It comes from `cargo xtask tools`; without it the tests are ignored.
//!
//! `PIMENTO_EXAMPLES=N` has it make N requests of each operation in the phase that draws them freely, and gives chains N
//! seconds. Without it there are few, always the same, so that the tests take a minute or two.
//! Chains of a few operations are sought until each that is named was walked.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod run;

use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::Arguments;
use pimento_testkit::Tool;

use crate::run::{Caller, Run};

/// A run about chains of some operations.
const CHAINS: Run = Run {
    name: "",
    document: "graph-beta",
    caller: Caller::Administrator,
    phases: "stateful",
    chains: &[],
};

/// Most of it is spent in coverage, whose requests are as many as the document's constraints. The documents of operators and
/// of the emulator have no ids, and so no chains.
const RUNS: [Run; 12] = [
    Run {
        name: "administrators_are_answered_as_the_document_says",
        document: "graph-beta",
        caller: Caller::Administrator,
        phases: "examples,coverage,fuzzing",
        chains: &[],
    },
    Run {
        name: "chains_of_requests_find_what_they_made",
        document: "graph-beta",
        caller: Caller::Administrator,
        phases: "stateful",
        chains: &[],
    },
    Run {
        name: "a_role_that_was_made_is_there_until_it_is_removed",
        chains: &[
            &["create_role", "get_role", "update_role"],
            &["create_role", "get_role_settings", "update_role_settings"],
            &["create_role", "get_role", "delete_role"],
            &["create_role", "delete_role", "get_role 404"],
            &["list_roles", "get_role"],
        ],
        ..CHAINS
    },
    Run {
        name: "an_assignment_that_was_made_is_there_until_it_is_removed",
        chains: &[
            &[
                "create_assignment",
                "get_assignment",
                "make_permanent",
                "delete_assignment",
            ],
            &["create_assignment", "make_eligible", "get_assignment"],
            &[
                "create_assignment",
                "delete_assignment",
                "get_assignment 404",
            ],
            &["list_assignments", "get_assignment"],
        ],
        ..CHAINS
    },
    Run {
        name: "a_request_that_was_made_is_read_and_cancelled",
        chains: &[
            &["create_request", "get_request", "cancel_request"],
            &["create_request", "cancel_request", "get_request"],
            &["list_requests", "get_request"],
        ],
        ..CHAINS
    },
    Run {
        name: "an_approval_that_was_asked_for_is_read_and_decided",
        chains: &[
            &["create_approval", "get_approval", "update_approval"],
            &["create_approval", "update_approval", "get_approval"],
            &["create_approval", "get_approval_request"],
            &["list_approvals", "get_approval"],
            &["list_events", "get_event"],
        ],
        ..CHAINS
    },
    Run {
        name: "people_without_roles_find_what_they_asked_for",
        caller: Caller::Nobody,
        chains: &[
            &["create_request", "get_request", "cancel_request"],
            &["create_approval", "get_approval"],
            &["list_my_requests", "get_request"],
            &["list_my_approvals", "get_approval_request"],
        ],
        ..CHAINS
    },
    Run {
        name: "people_without_roles_find_what_they_have",
        caller: Caller::Nobody,
        chains: &[
            &["list_my_assignments", "get_assignment"],
            &["list_my_assignments", "get_assignment_role"],
            &["self_activate", "get_assignment"],
        ],
        ..CHAINS
    },
    Run {
        name: "people_without_roles_are_answered_as_the_document_says",
        document: "graph-beta",
        caller: Caller::Nobody,
        phases: "examples,coverage,fuzzing",
        chains: &[],
    },
    Run {
        name: "tenants_do_not_see_each_others_objects",
        document: "graph-beta",
        caller: Caller::Tenants,
        phases: "examples,fuzzing",
        chains: &[],
    },
    Run {
        name: "the_document_of_operators_is_kept_to",
        document: "admin",
        caller: Caller::Administrator,
        phases: "examples,coverage,fuzzing",
        chains: &[],
    },
    Run {
        name: "the_document_of_the_emulator_is_kept_to",
        document: "dev",
        caller: Caller::Administrator,
        phases: "examples,coverage,fuzzing",
        chains: &[],
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
