//! One list of cases that every store passes, the model in [`crate::memory`] included.
//!
//! A backend's tests say how a fresh, empty store is opened on a given clock, and what has to be kept while it is used;
//! each case then becomes a test of that name:
//!
//! ```
//! mod conformance {
//!     use pimento_store::{Clock, memory::MemoryStore};
//!
//!     fn open(clock: Clock) -> (MemoryStore, ()) {
//!         (MemoryStore::new(clock), ())
//!     }
//!
//!     pimento_store::conformance_suite!(open);
//! }
//! ```
//!
//! A case takes the store, empty, with its clock standing at the time that [`clock`] shows, and panics where the store does
//! not keep to the contract of [`crate::Store`].

#![expect(
    missing_docs,
    reason = "the name of a case is a sentence, and says what it shows"
)]

pub mod administrators;
pub mod commits;
pub mod concurrency;
mod dice;
pub mod events;
pub mod lists;
pub mod operations;
pub mod pages;
pub mod queries;
pub mod queries_of_requests;
pub mod queries_of_roles;
pub mod random;
pub mod requests;

pub mod roles;
pub mod rows;
mod samples;
pub mod seals;

pub use dice::Dice;
pub use futures::executor::block_on;
pub use samples::clock;

/// One test for each case. This is the list of the cases, and the one place where they are listed: a macro, because each
/// is to be a test with a name of its own in every backend.
#[macro_export]
macro_rules! conformance_suite {
    ($open:path) => {
        $crate::conformance_suite! { $open:
            rows {
                grants_of_every_kind_and_origin_are_read_back_equal_and_in_order
                settings_of_every_shape_are_read_back_equal
                a_registration_is_read_back_equal
                how_far_a_set_up_is_is_read_back_equal
                absent_rows_come_back_absent_and_with_a_revision
                only_what_is_wanted_is_loaded
                tenants_never_mix
                ids_are_case_sensitive_and_no_sign_in_them_means_anything
                now_is_the_time_of_the_clock
                a_store_that_works_says_so
            }
            lists {
                an_empty_tenant_lists_nothing
                principals_order_by_their_bytes_then_roles_by_their_text
                a_list_of_one_role_has_only_that_role
                a_grant_lists_from_its_start_until_right_before_its_end
                a_list_follows_the_clock
                a_listed_holding_brings_the_grants_that_hold_and_that_of_a_principal_all_of_them
                holders_are_counted_by_whether_their_role_is_active_now
                a_holding_without_grants_is_gone
            }
            pages {
                pages_have_no_gaps_and_no_doubles_at_any_limit
                a_page_may_start_after_a_position_that_is_not_there
                the_count_is_of_all_pages_and_only_where_it_is_asked_for
            }
            administrators {
                administrators_who_are_active_come_before_those_who_are_eligible
                at_least_three_administrators_are_loaded_where_there_are_so_many
                an_administrator_is_loaded_once_and_with_all_their_grants
                whoever_has_no_grant_without_end_is_no_administrator
                administrators_who_start_later_come_after_those_who_have_started
                so_many_who_have_started_hide_nobody_who_starts_later
            }
            commits {
                a_revision_that_is_still_so_passes
                a_stale_revision_of_each_kind_conflicts_and_writes_nothing
                a_revision_that_never_was_conflicts
                of_two_who_change_the_set_up_the_second_conflicts
                a_change_gives_a_new_revision_to_its_row_and_to_no_other
                a_holding_that_goes_and_comes_back_does_not_bring_back_a_revision
                a_changeset_that_conflicts_leaves_nothing_behind_for_the_next
                a_commit_without_changes_records_its_event
                the_last_change_of_a_row_in_a_changeset_wins
                what_is_acknowledged_is_seen_by_the_next_read
            }
            concurrency {
                of_concurrent_commits_on_one_row_exactly_one_wins
                of_concurrent_commits_that_expect_the_same_administrators_exactly_one_wins
                concurrent_commits_on_different_rows_are_all_written
            }
            events {
                events_of_every_shape_are_read_back_equal
                causes_of_every_shape_are_read_back_equal
                all_events_of_a_changeset_are_recorded_in_order_with_its_cause
                sequence_numbers_are_a_tenants_own_and_have_no_gaps
                operations_are_listed_without_the_other_events
                events_are_read_oldest_first_from_any_place_at_any_limit
            }
            requests {
                requests_of_every_shape_are_read_back_equal
                a_request_that_is_written_again_is_changed
                a_request_of_another_tenant_is_not_there
                a_holding_is_loaded_with_its_requests_that_are_not_recorded
                a_change_of_any_request_about_a_holding_conflicts_with_what_was_decided_before
                requests_are_listed_once_from_all_the_parts_that_are_asked_for
                pages_of_requests_have_no_gaps_and_no_doubles
                an_approver_is_found_for_the_roles_whose_settings_name_them
                what_has_an_end_or_an_open_request_is_due_from_its_time_on
                a_holding_is_due_once_for_each_instant_in_the_order_of_these
                a_grant_that_a_request_asked_for_is_read_back_with_it
            }
            roles {
                a_role_is_read_back_equal_by_its_id_and_listed_with_any_name
                a_role_is_found_by_its_name_in_any_letter_case
                a_removed_role_is_only_found_by_its_id_and_leaves_its_name_free
                a_role_that_never_was_is_not_made_by_removing_it
                pages_of_roles_have_no_gaps_and_no_doubles
                roles_of_another_tenant_are_not_there
                whoever_has_a_role_or_asks_for_it_is_counted_and_keeps_it
                a_role_is_unused_where_all_that_was_has_ended_by_then
                whoever_expects_a_role_conflicts_with_its_change_and_with_nobody_else
                of_two_who_take_a_free_name_the_second_conflicts
            }
            queries {
                generated_queries_of_assignments_get_the_answers_that_the_model_gives
                who_pages_while_time_passes_sees_nothing_twice_and_all_that_stays
            }
            queries_of_requests {
                generated_queries_of_requests_get_the_answers_that_the_model_gives
                who_pages_through_requests_while_they_begin_and_lapse_sees_each_once_unless_it_moves
            }
            queries_of_roles {
                generated_queries_of_roles_get_the_answers_that_the_model_gives
                roles_are_found_by_parts_of_their_names_in_any_letter_case
            }
            operations {
                generated_queries_of_operations_get_the_answers_that_the_model_gives
            }
            seals {
                what_is_committed_waits_for_its_seal_and_no_longer
                a_tail_begins_after_the_newest_head_and_has_a_salt_for_each_event
                links_are_read_oldest_first_from_any_place_at_any_limit
                heads_of_every_shape_are_read_back_equal
                seals_that_continue_another_head_conflict_and_change_nothing
                seals_change_nothing_else
                tenants_that_wait_are_listed_in_order_from_any_place
            }
            random {
                random_work_gets_the_answers_that_the_model_gives
            }
        }
    };
    ($open:path: $($module:ident { $($case:ident)+ })+) => {
        $($(
            #[test]
            fn $case() {
                let (store, _kept) = $open($crate::conformance::clock());
                $crate::conformance::block_on($crate::conformance::$module::$case(&store));
                drop(store);
            }
        )+)+
    };
}

#[cfg(test)]
mod tests {
    use crate::{Clock, memory::MemoryStore};

    fn open(clock: Clock) -> (MemoryStore, ()) {
        (MemoryStore::new(clock), ())
    }

    conformance_suite!(open);

    #[test]
    fn every_case_is_in_the_list() {
        let list = include_str!("conformance.rs");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance");
        let modules: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder of the cases")
            .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("its text"))
            .collect();
        for line in modules.iter().flat_map(|module| module.lines()) {
            if let Some((case, _)) = line
                .strip_prefix("pub async fn ")
                .and_then(|line| line.split_once('('))
            {
                let listed = list.lines().filter(|line| line.trim() == case).count();
                assert_eq!(listed, 1, "{case}");
            }
        }
    }
}
