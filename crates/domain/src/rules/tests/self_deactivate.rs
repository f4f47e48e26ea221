//! selfDeactivate: the table's row.

use super::*;
use crate::rules::self_deactivate;

/// What is recorded where the role stays eligible.
fn given_back(facts: &Facts) -> Event {
    event(facts, &tess(), EventKind::Deactivate, Some(State::Eligible))
}

#[test]
fn a_permanent_role_is_not_given_back_by_its_holder() {
    assert_eq!(
        self_deactivate(&facts(ORDINARY, p()), &tess()),
        Err(Denied::Permanent)
    );
}

#[test]
fn an_eligible_role_that_is_not_active_stays_as_it_is() {
    assert_eq!(
        self_deactivate(&facts(ORDINARY, e()), &tess()),
        Ok(Outcome::Unchanged(Message::NotActive))
    );
}

#[test]
fn an_eligible_and_active_role_becomes_eligible() {
    let facts = facts(ORDINARY, ea());
    let expected = given_back(&facts);
    assert_eq!(self_deactivate(&facts, &tess()), changed(e(), expected));
}

#[test]
fn a_role_that_is_active_until_an_end_is_gone_once_given_back() {
    let facts = facts(ORDINARY, a());
    let expected = event(&facts, &tess(), EventKind::Deactivate, None);
    assert_eq!(
        self_deactivate(&facts, &tess()),
        changed(Vec::new(), expected)
    );
}

#[test]
fn without_an_assignment_nothing_can_be_given_back() {
    assert_eq!(
        self_deactivate(&facts(ORDINARY, Vec::new()), &tess()),
        Err(Denied::AssignmentDoesNotExist)
    );
}

#[test]
fn an_activation_that_has_run_out_cannot_be_given_back() {
    let lapsed = vec![eligible(-600, None), activation(-60, 0)];
    assert_eq!(
        self_deactivate(&facts(ORDINARY, lapsed), &tess()),
        Ok(Outcome::Unchanged(Message::NotActive))
    );
    assert_eq!(
        self_deactivate(&facts(ORDINARY, vec![active(-60, Some(0))]), &tess()),
        Err(Denied::AssignmentDoesNotExist)
    );
}

#[test]
fn every_activation_that_overlaps_another_is_given_back_at_once() {
    let mut facts = facts(ORDINARY, ea());
    facts.holding.grants.push(active(-10, Some(200)));
    let expected = given_back(&facts);
    assert_eq!(self_deactivate(&facts, &tess()), changed(e(), expected));
}
