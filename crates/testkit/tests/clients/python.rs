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
        (
            "actions::roles_are_read_and_their_settings_changed",
            Server::Dev,
        ),
        (
            "actions::a_person_activates_and_deactivates_their_role",
            Server::Dev,
        ),
        ("actions::an_activation_ends_by_itself", Server::Dev),
        (
            "actions::an_own_role_is_made_renamed_and_removed",
            Server::Dev,
        ),
        (
            "actions::an_assignment_is_led_through_its_life",
            Server::Dev,
        ),
        ("actions::a_request_is_made_read_and_cancelled", Server::Dev),
        ("actions::a_request_is_judged_and_not_made", Server::Dev),
        ("actions::an_approval_is_asked_for_and_given", Server::Dev),
        ("actions::an_approval_is_denied", Server::Dev),
        ("actions::the_log_is_read", Server::Dev),
        ("actions::each_list_is_counted", Server::Dev),
        ("actions::a_tenant_signs_up", Server::Dev),
        ("batches::a_batch_is_answered_part_by_part", Server::Dev),
        (
            "batches::what_depends_on_a_failure_is_not_carried_out",
            Server::Dev,
        ),
        (
            "batches::parts_may_have_absolute_urls_and_bodies_in_base64",
            Server::Dev,
        ),
        (
            "batches::a_batch_of_more_than_twenty_is_refused_and_its_halves_are_not",
            Server::Dev,
        ),
        ("batches::a_batch_of_nobody_is_refused", Server::Dev),
        ("batches::parts_are_of_any_method", Server::Dev),
        (
            "beyond::what_the_server_does_not_have_is_refused_readably",
            Server::Dev,
        ),
        ("durations::settings_are_written_and_read", Server::Dev),
        (
            "durations::settings_are_written_back_as_they_were_read",
            Server::Dev,
        ),
        (
            "durations::an_activation_takes_hours_and_durations",
            Server::Dev,
        ),
        ("durations::a_request_for_later_has_a_schedule", Server::Dev),
        ("errors::every_member_of_an_error_is_read", Server::Dev),
        ("errors::a_token_that_is_none_is_401", Server::Dev),
        ("errors::who_may_not_is_403_and_is_told_why", Server::Dev),
        (
            "errors::a_second_factor_that_is_missing_is_a_challenge",
            Server::Dev,
        ),
        ("errors::rules_that_fail_are_named", Server::Dev),
        ("errors::members_that_cannot_be_are_named", Server::Dev),
        ("errors::what_is_not_there_is_404", Server::Dev),
        ("operations::each_operation_succeeds", Server::Dev),
        ("paging::pages_of_a_top_are_iterated", Server::Dev),
        (
            "paging::pages_of_a_preferred_size_are_iterated_without_preferring_it_again",
            Server::Dev,
        ),
        (
            "paging::a_next_link_keeps_filter_order_and_members",
            Server::Dev,
        ),
        ("paging::an_iteration_that_stopped_goes_on", Server::Dev),
        ("paging::each_list_is_cut_into_pages", Server::Dev),
        (
            "paging::a_next_link_of_somebody_else_shows_nothing",
            Server::Dev,
        ),
        ("queries::assignments_are_filtered", Server::Dev),
        ("queries::assignments_are_ordered_and_cut", Server::Dev),
        (
            "queries::members_are_selected_and_roles_expanded",
            Server::Dev,
        ),
        ("queries::a_role_is_expanded", Server::Dev),
        ("queries::events_are_filtered_and_ordered", Server::Dev),
        (
            "queries::roles_are_searched_filtered_and_ordered",
            Server::Dev,
        ),
        (
            "queries::requests_and_approvals_are_filtered_ordered_and_expanded",
            Server::Dev,
        ),
        ("queries::counts_take_the_filter_of_their_list", Server::Dev),
        (
            "queries::options_that_cannot_be_are_refused_by_name",
            Server::Dev,
        ),
        (
            "retries::a_request_too_many_is_made_again_when_the_server_says",
            FEW_REQUESTS,
        ),
        (
            "retries::an_action_too_many_is_made_again_and_carried_out_once",
            FEW_REQUESTS,
        ),
        (
            "retries::a_page_too_many_is_asked_for_again_and_none_is_missed",
            FEW_REQUESTS,
        ),
        (
            "retries::parts_too_many_are_refused_and_can_be_sent_again",
            FEW_REQUESTS,
        ),
        (
            "retries::who_does_not_retry_reads_the_refusal",
            FEW_REQUESTS,
        ),
    ],
    complete: Some("operations::each_operation_succeeds"),
};

/// Soon used up, and not long to wait then.
const FEW_REQUESTS: Server = Server::Throttled(NonZeroU32::new(30).expect("it is not zero"));

/// Its tests.
pub(crate) fn trials() -> Vec<Trial> {
    PYTHON.trials()
}
