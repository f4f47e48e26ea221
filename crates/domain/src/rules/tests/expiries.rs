//! What ran out unnoticed is recorded by the next change, at its own time, before the change.

use super::*;
use crate::rules::{
    CreateAssignment, Length, create_assignment, delete_assignment, make_eligible, make_permanent,
    self_deactivate,
};

/// Eligible, with an activation that ran out ten minutes ago.
fn lapsed() -> Facts {
    facts(ORDINARY, vec![eligible(-600, None), activation(-70, -10)])
}

fn lapse(facts: &Facts) -> Vec<Event> {
    vec![expired(facts, -10, Some(State::Eligible))]
}

fn made_permanent(facts: &Facts) -> Event {
    Event {
        note: Some(Note::MadePermanent),
        ..event(facts, &ada(), EventKind::Activate, Some(State::Permanent))
    }
}

fn activate(facts: &Facts) -> Result<Outcome, Denied> {
    activate_for(facts, &tess(), Length::Default, &Justification::default())
}

#[test]
fn an_activation_records_the_one_that_ran_out_before_it() {
    let facts = lapsed();
    let expected = Event {
        until: Some(at(60)),
        ..event(
            &facts,
            &tess(),
            EventKind::Activate,
            eligible_and_active(60),
        )
    };
    assert_eq!(
        activate(&facts),
        changed_after(
            lapse(&facts),
            vec![eligible(-600, None), activation(0, 60)],
            expected
        )
    );
}

#[test]
fn making_permanent_records_what_ran_out_before_it() {
    let facts = lapsed();
    let expected = made_permanent(&facts);
    assert_eq!(
        make_permanent(&facts, &ada(), &Justification::default()),
        changed_after(lapse(&facts), vec![active(0, None)], expected)
    );
}

#[test]
fn making_permanent_what_is_permanent_records_and_clears_what_ran_out_before_it() {
    let facts = facts(ORDINARY, vec![active(-600, None), activation(-70, -10)]);
    let expected = made_permanent(&facts);
    assert_eq!(
        make_permanent(&facts, &ada(), &Justification::default()),
        changed_after(
            vec![expired(&facts, -10, Some(State::Permanent))],
            vec![active(-600, None)],
            expected
        )
    );
}

#[test]
fn making_eligible_records_what_ran_out_before_it() {
    let grants = vec![active(-600, Some(90)), active(-600, Some(-10))];
    let facts = facts(ORDINARY, grants);
    let expected = Event {
        note: Some(Note::MadeEligible),
        ..event(&facts, &ada(), EventKind::Deactivate, Some(State::Eligible))
    };
    let still_active = Some(State::Active { until: at(90) });
    assert_eq!(
        make_eligible(&facts, &ada()),
        changed_after(
            vec![expired(&facts, -10, still_active)],
            vec![eligible(0, None)],
            expected
        )
    );
}

#[test]
fn giving_back_records_what_ran_out_before_it() {
    let mut facts = lapsed();
    facts.holding.grants.push(activation(-5, 55));
    let expected = event(
        &facts,
        &tess(),
        EventKind::Deactivate,
        Some(State::Eligible),
    );
    assert_eq!(
        self_deactivate(&facts, &tess()),
        changed_after(lapse(&facts), vec![eligible(-600, None)], expected)
    );
}

#[test]
fn deleting_records_what_ran_out_before_it() {
    let facts = lapsed();
    let expected = event(&facts, &ada(), EventKind::Unassign, None);
    assert_eq!(
        delete_assignment(&facts, &ada()),
        changed_after(lapse(&facts), Vec::new(), expected)
    );
}

#[test]
fn creating_records_that_the_assignment_before_it_is_gone() {
    let facts = facts(ORDINARY, vec![active(-70, Some(-10))]);
    let expected = event(&facts, &ada(), EventKind::Assign, Some(State::Permanent));
    let command = CreateAssignment {
        elevated: Some(true),
        until: None,
    };
    assert_eq!(
        create_assignment(&facts, &ada(), &command),
        changed_after(
            vec![expired(&facts, -10, None)],
            vec![active(0, None)],
            expected
        )
    );
}

#[test]
fn an_end_at_this_very_moment_has_come() {
    let facts = facts(ORDINARY, vec![eligible(-600, None), activation(-60, 0)]);
    let expected = event(&facts, &ada(), EventKind::Unassign, None);
    assert_eq!(
        delete_assignment(&facts, &ada()),
        changed_after(
            vec![expired(&facts, 0, Some(State::Eligible))],
            Vec::new(),
            expected
        )
    );
}

#[test]
fn several_ends_are_recorded_in_the_order_in_which_they_came() {
    let facts = facts(
        ORDINARY,
        vec![
            eligible(-600, None),
            activation(-100, -20),
            activation(-400, -300),
            activation(-200, -150),
        ],
    );
    let lapse = |end| expired(&facts, end, Some(State::Eligible));
    let expected = event(&facts, &ada(), EventKind::Unassign, None);
    assert_eq!(
        delete_assignment(&facts, &ada()),
        changed_after(
            vec![lapse(-300), lapse(-150), lapse(-20)],
            Vec::new(),
            expected
        )
    );
}

#[test]
fn the_end_of_one_of_two_overlapping_activations_leaves_the_role_active_until_the_other_s() {
    let facts = facts(
        ORDINARY,
        vec![
            eligible(-600, None),
            activation(-100, -20),
            activation(-50, -5),
        ],
    );
    let expected = event(&facts, &ada(), EventKind::Unassign, None);
    assert_eq!(
        delete_assignment(&facts, &ada()),
        changed_after(
            vec![
                expired(&facts, -20, eligible_and_active(-5)),
                expired(&facts, -5, Some(State::Eligible)),
            ],
            Vec::new(),
            expected
        )
    );
}

#[test]
fn while_one_of_two_overlapping_activations_stands_the_role_is_active_already() {
    let facts = facts(
        ORDINARY,
        vec![
            eligible(-600, None),
            activation(-100, -20),
            activation(-50, 30),
        ],
    );
    assert_eq!(activate(&facts), Err(Denied::AlreadyActive(Some(at(30)))));
}

#[test]
fn of_two_activations_that_stand_the_later_end_counts() {
    let facts = facts(
        ORDINARY,
        vec![
            eligible(-600, None),
            activation(-50, 300),
            activation(-10, 30),
        ],
    );
    assert_eq!(activate(&facts), Err(Denied::AlreadyActive(Some(at(300)))));
}

#[test]
fn what_changes_nothing_records_nothing_that_ran_out() {
    assert_eq!(
        make_eligible(&lapsed(), &ada()),
        Ok(Outcome::Unchanged(Message::AlreadyEligible))
    );
    assert_eq!(
        self_deactivate(&lapsed(), &tess()),
        Ok(Outcome::Unchanged(Message::NotActive))
    );
}

#[test]
fn the_end_of_an_eligibility_is_recorded_as_what_it_is() {
    let grants = vec![eligible(-600, Some(-10)), active(-30, Some(90))];
    let facts = facts(ORDINARY, grants);
    let expected = event(&facts, &ada(), EventKind::Unassign, None);
    let ended = Event {
        kind: EventKind::Unassign,
        ..expired(&facts, -10, Some(State::Active { until: at(90) }))
    };
    assert_eq!(
        delete_assignment(&facts, &ada()),
        changed_after(vec![ended], Vec::new(), expected)
    );
}
