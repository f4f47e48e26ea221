//! The beta SDK for Python.

use std::num::NonZeroU32;

use libtest_mimic::Trial;

use crate::client::{Client, Language, Server};

const PYTHON: Client = Client {
    name: "python",
    tests: "the tests of the SDK for Python",
    language: Language::Python,
    set: "graph-python",
    script: "python/main.py",
    public_url: None,
    scenarios: &[
        ("a_person_activates_their_role", Server::Dev),
        (
            "a_request_too_many_is_made_again_when_the_server_says",
            FEW_REQUESTS,
        ),
        ("who_does_not_retry_reads_the_refusal", FEW_REQUESTS),
    ],
    complete: None,
};

/// Soon used up, and not long to wait then.
const FEW_REQUESTS: Server = Server::Throttled(NonZeroU32::new(30).expect("it is not zero"));

/// Its tests.
pub(crate) fn trials() -> Vec<Trial> {
    PYTHON.trials()
}
