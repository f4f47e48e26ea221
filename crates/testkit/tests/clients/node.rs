//! The Graph clients for JavaScript: the one that calls whatever path it is given, and the packages of the beta SDK that are
//! generated for two sets of this family. (There are none for the other sets.)

use std::num::NonZeroU32;

use libtest_mimic::Trial;

use crate::client::{Client, Language, Server};

const EVERY_OPERATION: &str = "every_operation_of_the_family_succeeds";

const GRAPH_CLIENT: Client = Client {
    name: "node::graph_client",
    tests: "the tests of the Graph client for JavaScript",
    language: Language::Node,
    set: "graph-node",
    script: "node/graph_client/main.mjs",
    // It gives its token to https alone. The script stands for the proxy.
    public_url: Some("https://pim.example.org"),
    scenarios: &[
        (
            "actions_take_a_body_with_nothing_in_it_in_every_form",
            Server::Dev,
        ),
        (
            "an_iterator_that_was_paused_goes_on_where_it_was",
            Server::Dev,
        ),
        (
            "approvals_are_filtered_ordered_cut_and_expanded",
            Server::Dev,
        ),
        (
            "assignments_are_filtered_ordered_cut_and_expanded",
            Server::Dev,
        ),
        (
            "callers_without_a_good_token_or_the_role_are_refused",
            Server::Dev,
        ),
        ("counts_take_the_filter_of_their_list", Server::Dev),
        (
            "durations_are_taken_in_every_form_that_clients_write",
            Server::Dev,
        ),
        ("events_are_filtered_ordered_and_cut", Server::Dev),
        (EVERY_OPERATION, Server::Dev),
        (
            "malformed_options_and_bodies_are_refused_with_what_is_wrong",
            Server::Dev,
        ),
        (
            "pages_of_a_preferred_size_are_iterated_without_preferring_it_again",
            Server::Dev,
        ),
        (
            "pages_of_a_top_are_iterated_by_next_links_as_they_are",
            Server::Dev,
        ),
        (
            "parts_of_a_batch_are_answered_as_responses_of_their_own",
            Server::Dev,
        ),
        (
            "requests_are_filtered_ordered_cut_and_expanded",
            Server::Dev,
        ),
        (
            "roles_are_searched_filtered_ordered_cut_and_expanded",
            Server::Dev,
        ),
        ("rules_that_fail_are_named", Server::Dev),
        (
            "times_are_taken_with_any_offset_and_answered_in_utc",
            Server::Dev,
        ),
        (
            "twenty_parts_are_carried_out_and_more_are_refused",
            Server::Dev,
        ),
        ("what_depends_on_a_failure_is_not_carried_out", Server::Dev),
        (
            "what_depends_on_a_success_is_carried_out_after_it",
            Server::Dev,
        ),
        ("what_is_not_there_is_refused", Server::Dev),
        (
            "what_is_throttled_is_sent_again_when_the_answer_says",
            FEW_REQUESTS,
        ),
        (
            "a_page_that_is_throttled_is_asked_for_again_and_none_is_missed",
            FEW_REQUESTS,
        ),
        (
            "parts_that_are_throttled_say_when_and_can_be_sent_again",
            FEW_REQUESTS,
        ),
    ],
    complete: Some(EVERY_OPERATION),
};

const BETA_SDK: Client = Client {
    name: "node::beta_sdk",
    tests: "the tests of the beta SDK for JavaScript",
    language: Language::Node,
    set: "graph-node",
    script: "node/beta_sdk/main.mjs",
    public_url: None,
    scenarios: &[
        (
            "a_part_whose_content_type_the_core_lost_is_refused_with_why",
            Server::Dev,
        ),
        (
            "actions_take_no_body_and_one_with_nothing_in_it",
            Server::Dev,
        ),
        (
            "assignments_are_filtered_ordered_cut_expanded_and_counted",
            Server::Dev,
        ),
        (
            "callers_without_a_good_token_or_the_role_are_refused",
            Server::Dev,
        ),
        (
            "compressed_bodies_are_answered_415_and_sent_again_as_they_are",
            Server::Dev,
        ),
        ("durations_and_times_are_read_and_written", Server::Dev),
        (
            "every_request_builder_succeeds_or_is_refused_as_none_of_the_family",
            Server::Dev,
        ),
        (
            "malformed_options_and_bodies_are_refused_with_what_is_wrong",
            Server::Dev,
        ),
        ("more_than_twenty_are_sent_as_several_batches", Server::Dev),
        ("pages_are_iterated_by_next_links_as_they_are", Server::Dev),
        (
            "pages_of_a_preferred_size_are_iterated_without_preferring_it_again",
            Server::Dev,
        ),
        (
            "parts_of_a_batch_are_answered_as_responses_of_their_own",
            Server::Dev,
        ),
        (
            "requests_are_filtered_ordered_cut_expanded_and_counted",
            Server::Dev,
        ),
        ("rules_that_fail_are_named", Server::Dev),
        ("what_depends_on_a_failure_is_not_carried_out", Server::Dev),
        ("what_is_not_there_is_refused", Server::Dev),
        (
            "what_is_throttled_is_sent_again_when_the_answer_says",
            FEW_REQUESTS,
        ),
        (
            "a_page_that_is_throttled_is_asked_for_again_and_none_is_missed",
            FEW_REQUESTS,
        ),
        (
            "parts_that_are_throttled_say_when_and_can_be_sent_again",
            FEW_REQUESTS,
        ),
    ],
    // There are no packages for the other sets of the family. All that these have builders for is driven by the scenario
    // about every request builder, which takes the list from the packages themselves.
    complete: None,
};

/// Soon used up, and not long to wait then.
const FEW_REQUESTS: Server = Server::Throttled(NonZeroU32::new(60).expect("it is not zero"));

/// Their tests.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = GRAPH_CLIENT.trials();
    trials.extend(BETA_SDK.trials());
    trials
}
