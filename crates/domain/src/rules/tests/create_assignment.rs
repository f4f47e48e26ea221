//! Create: every combination of isElevated and end, on every state of the pair.

use super::*;
use crate::rules::{CreateAssignment, create_assignment};

const DEFAULT: CreateAssignment = CreateAssignment {
    elevated: None,
    until: None,
};
const PERMANENT: CreateAssignment = CreateAssignment {
    elevated: Some(true),
    until: None,
};
const ELIGIBLE: CreateAssignment = CreateAssignment {
    elevated: Some(false),
    until: None,
};

fn until(elevated: Option<bool>, minutes: i64) -> CreateAssignment {
    CreateAssignment {
        elevated,
        until: Some(at(minutes)),
    }
}

fn assigned(facts: &Facts, by: &Caller, after: Option<State>) -> Event {
    Event {
        until: after.and_then(State::until),
        ..event(facts, by, EventKind::Assign, after)
    }
}

fn unassigned() -> Facts {
    facts(ORDINARY, Vec::new())
}

#[test]
fn without_elevation_and_end_the_role_is_active_for_its_default_duration() {
    let mut facts = unassigned();
    facts.settings.default = minutes(75);
    let expected = assigned(&facts, &ada(), eligible_and_active(75));
    assert_eq!(
        create_assignment(&facts, &ada(), &DEFAULT),
        changed(vec![eligible(0, None), active(0, Some(75))], expected)
    );
}

#[test]
fn elevated_without_an_end_is_permanent() {
    let facts = unassigned();
    let expected = assigned(&facts, &ada(), Some(State::Permanent));
    assert_eq!(
        create_assignment(&facts, &ada(), &PERMANENT),
        changed(vec![active(0, None)], expected)
    );
}

#[test]
fn elevated_with_an_end_is_eligible_and_active_until_then() {
    let facts = unassigned();
    let expected = assigned(&facts, &ada(), eligible_and_active(500));
    assert_eq!(
        create_assignment(&facts, &ada(), &until(Some(true), 500)),
        changed(vec![eligible(0, None), active(0, Some(500))], expected)
    );
}

#[test]
fn an_end_alone_is_eligible_and_active_until_then() {
    let facts = unassigned();
    let expected = assigned(&facts, &ada(), eligible_and_active(500));
    assert_eq!(
        create_assignment(&facts, &ada(), &until(None, 500)),
        changed(vec![eligible(0, None), active(0, Some(500))], expected)
    );
}

#[test]
fn not_elevated_is_eligible() {
    let facts = unassigned();
    let expected = assigned(&facts, &ada(), Some(State::Eligible));
    assert_eq!(
        create_assignment(&facts, &ada(), &ELIGIBLE),
        changed(vec![eligible(0, None)], expected)
    );
}

#[test]
fn not_elevated_has_no_end() {
    for minutes in [500, 0, -500] {
        assert_eq!(
            create_assignment(&unassigned(), &ada(), &until(Some(false), minutes)),
            Err(Denied::EndWithoutActivation)
        );
    }
}

#[test]
fn an_end_that_is_not_after_now_is_refused() {
    for elevated in [None, Some(true)] {
        for end in [0, -1, -500] {
            assert_eq!(
                create_assignment(&unassigned(), &ada(), &until(elevated, end)),
                Err(Denied::EndNotInFuture {
                    sent: at(end),
                    now: at(0)
                })
            );
        }
    }
}

#[test]
fn an_end_a_microsecond_from_now_is_in_the_future() {
    let end = at(0).plus(SignedDuration::from_micros(1));
    let command = CreateAssignment {
        elevated: None,
        until: Some(end),
    };
    let facts = unassigned();
    let state = State::EligibleAndActive { until: end };
    let expected = assigned(&facts, &ada(), Some(state));
    let activation = Grant {
        end: Some(end),
        ..active(0, None)
    };
    assert_eq!(
        create_assignment(&facts, &ada(), &command),
        changed(vec![eligible(0, None), activation], expected)
    );
}

#[test]
fn the_role_s_limits_bind_who_activates_and_not_the_end_that_an_administrator_gives() {
    let facts = unassigned();
    for end in [1, 60 * 24 * 365] {
        let expected = assigned(&facts, &ada(), eligible_and_active(end));
        assert_eq!(
            create_assignment(&facts, &ada(), &until(None, end)),
            changed(vec![eligible(0, None), active(0, Some(end))], expected)
        );
    }
}

#[test]
fn a_pair_that_has_an_assignment_gets_no_second_one() {
    for grants in [p(), e(), ea(), a()] {
        let facts = facts(ORDINARY, grants);
        for command in [
            DEFAULT,
            PERMANENT,
            ELIGIBLE,
            until(None, 500),
            until(Some(true), 500),
        ] {
            assert_eq!(
                create_assignment(&facts, &ada(), &command),
                Err(Denied::AssignmentExists)
            );
        }
    }
}

#[test]
fn a_pair_whose_assignment_has_run_out_can_get_another() {
    let facts = facts(ORDINARY, vec![active(-60, Some(0))]);
    let expected = assigned(&facts, &ada(), Some(State::Eligible));
    assert_eq!(
        create_assignment(&facts, &ada(), &ELIGIBLE),
        changed_after(
            vec![expired(&facts, 0, None)],
            vec![eligible(0, None)],
            expected
        )
    );
}

#[test]
fn assigning_a_role_to_oneself_is_flagged_in_every_form() {
    let facts = unassigned();
    for (command, grants, after) in [
        (
            DEFAULT,
            vec![eligible(0, None), active(0, Some(60))],
            eligible_and_active(60),
        ),
        (PERMANENT, vec![active(0, None)], Some(State::Permanent)),
        (ELIGIBLE, vec![eligible(0, None)], Some(State::Eligible)),
    ] {
        let expected = Event {
            self_grant: true,
            ..assigned(&facts, &tess(), after)
        };
        assert_eq!(
            create_assignment(&facts, &tess(), &command),
            changed(grants, expected)
        );
    }
}

#[test]
fn assigning_a_role_to_oneself_is_refused_where_self_grants_are_forbidden() {
    let facts = forbidding_self_grants(unassigned());
    for command in [DEFAULT, PERMANENT, ELIGIBLE, until(None, 500)] {
        assert_eq!(
            create_assignment(&facts, &tess(), &command),
            Err(Denied::SelfGrantForbidden)
        );
    }
}

#[test]
fn forbidden_self_grants_do_not_concern_assignments_to_others() {
    let facts = forbidding_self_grants(unassigned());
    let expected = assigned(&facts, &ada(), Some(State::Eligible));
    assert_eq!(
        create_assignment(&facts, &ada(), &ELIGIBLE),
        changed(vec![eligible(0, None)], expected)
    );
}

#[test]
fn a_role_that_is_active_without_the_approval_that_it_needs_is_flagged() {
    let facts = with_approval(unassigned(), &[]);
    for (command, grants, after) in [
        (
            DEFAULT,
            vec![eligible(0, None), active(0, Some(60))],
            eligible_and_active(60),
        ),
        (PERMANENT, vec![active(0, None)], Some(State::Permanent)),
        (
            until(Some(true), 9),
            vec![eligible(0, None), active(0, Some(9))],
            eligible_and_active(9),
        ),
    ] {
        let expected = Event {
            without_approval: true,
            ..assigned(&facts, &ada(), after)
        };
        assert_eq!(
            create_assignment(&facts, &ada(), &command),
            changed(grants, expected)
        );
    }
}

#[test]
fn eligibility_alone_needs_no_approval() {
    let facts = with_approval(unassigned(), &[]);
    let expected = assigned(&facts, &ada(), Some(State::Eligible));
    assert_eq!(
        create_assignment(&facts, &ada(), &ELIGIBLE),
        changed(vec![eligible(0, None)], expected)
    );
}
