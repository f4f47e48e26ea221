//! makePermanent: the table's row, self-grants and what the log says of a missing approval.

use super::*;
use crate::rules::make_permanent;

fn made_permanent(facts: &Facts, by: &Caller) -> Event {
    Event {
        justification: ticket(),
        note: Some(Note::MadePermanent),
        ..event(facts, by, EventKind::Activate, Some(State::Permanent))
    }
}

#[test]
fn a_permanent_assignment_stays_as_it_is_and_the_event_is_recorded() {
    let facts = facts(ORDINARY, p());
    let expected = made_permanent(&facts, &ada());
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        changed(p(), expected)
    );
}

#[test]
fn an_eligible_assignment_becomes_permanent() {
    let facts = facts(ORDINARY, e());
    let expected = made_permanent(&facts, &ada());
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        changed(vec![active(0, None)], expected)
    );
}

#[test]
fn an_eligible_and_active_assignment_becomes_permanent() {
    let facts = facts(ORDINARY, ea());
    let expected = made_permanent(&facts, &ada());
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        changed(vec![active(0, None)], expected)
    );
}

#[test]
fn an_assignment_that_is_active_until_an_end_becomes_permanent() {
    let facts = facts(ORDINARY, a());
    let expected = made_permanent(&facts, &ada());
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        changed(vec![active(0, None)], expected)
    );
}

#[test]
fn without_an_assignment_nothing_can_be_made_permanent() {
    let facts = facts(ORDINARY, Vec::new());
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        Err(Denied::NotFound)
    );
}

#[test]
fn an_assignment_whose_end_has_come_cannot_be_made_permanent() {
    let facts = facts(ORDINARY, vec![active(-60, Some(0))]);
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        Err(Denied::NotFound)
    );
}

#[test]
fn an_assignment_is_made_permanent_without_any_reason() {
    let facts = facts(ORDINARY, e());
    let expected = Event {
        justification: Justification::default(),
        ..made_permanent(&facts, &ada())
    };
    assert_eq!(
        make_permanent(&facts, &ada(), &Justification::default()),
        changed(vec![active(0, None)], expected)
    );
}

#[test]
fn a_permanent_assignment_keeps_its_grants_that_are_still_to_come() {
    let grants = vec![active(-600, None), eligible(60, None)];
    let facts = facts(ORDINARY, grants.clone());
    let expected = made_permanent(&facts, &ada());
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        changed(grants, expected)
    );
}

#[test]
fn making_ones_own_assignment_permanent_is_flagged() {
    let facts = facts(ORDINARY, e());
    let expected = Event {
        self_grant: true,
        ..made_permanent(&facts, &tess())
    };
    assert_eq!(
        make_permanent(&facts, &tess(), &ticket()),
        changed(vec![active(0, None)], expected)
    );
}

#[test]
fn making_ones_own_assignment_permanent_is_refused_where_self_grants_are_forbidden() {
    for grants in [p(), e(), ea(), a(), Vec::new()] {
        let facts = forbidding_self_grants(facts(ORDINARY, grants));
        assert_eq!(
            make_permanent(&facts, &tess(), &ticket()),
            Err(Denied::SelfGrantForbidden)
        );
    }
}

#[test]
fn forbidden_self_grants_do_not_concern_the_assignments_of_others() {
    let facts = forbidding_self_grants(facts(ORDINARY, e()));
    let expected = made_permanent(&facts, &ada());
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        changed(vec![active(0, None)], expected)
    );
}

#[test]
fn the_event_says_that_an_approval_which_the_settings_demand_was_not_asked() {
    let facts = with_approval(facts(ORDINARY, e()), &[]);
    let expected = Event {
        without_approval: true,
        ..made_permanent(&facts, &ada())
    };
    assert_eq!(
        make_permanent(&facts, &ada(), &ticket()),
        changed(vec![active(0, None)], expected)
    );
}
