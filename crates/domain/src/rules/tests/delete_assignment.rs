//! DELETE: the table's row. The lock-out guard has a file of its own.

use super::*;
use crate::rules::delete_assignment;

fn assert_gone(grants: Vec<Grant>) {
    let facts = facts(ORDINARY, grants);
    let expected = event(&facts, &ada(), EventKind::Unassign, None);
    assert_eq!(
        delete_assignment(&facts, &ada()),
        changed(Vec::new(), expected)
    );
}

#[test]
fn a_permanent_assignment_is_gone() {
    assert_gone(p());
}

#[test]
fn an_eligible_assignment_is_gone() {
    assert_gone(e());
}

#[test]
fn an_eligible_and_active_assignment_is_gone() {
    assert_gone(ea());
}

#[test]
fn an_assignment_that_is_active_until_an_end_is_gone() {
    assert_gone(a());
}

#[test]
fn without_an_assignment_there_is_nothing_to_delete() {
    let facts = facts(ORDINARY, Vec::new());
    assert_eq!(delete_assignment(&facts, &ada()), Err(Denied::NotFound));
}

#[test]
fn an_assignment_whose_end_has_come_is_not_there_to_delete() {
    let facts = facts(ORDINARY, vec![active(-60, Some(0))]);
    assert_eq!(delete_assignment(&facts, &ada()), Err(Denied::NotFound));
}

#[test]
fn deleting_ones_own_assignment_is_no_self_grant() {
    let facts = forbidding_self_grants(facts(ORDINARY, p()));
    let expected = event(&facts, &tess(), EventKind::Unassign, None);
    assert_eq!(
        delete_assignment(&facts, &tess()),
        changed(Vec::new(), expected)
    );
}

#[test]
fn deleting_an_assignment_needs_no_approval() {
    let facts = with_approval(facts(ORDINARY, ea()), &[]);
    let expected = event(&facts, &ada(), EventKind::Unassign, None);
    assert_eq!(
        delete_assignment(&facts, &ada()),
        changed(Vec::new(), expected)
    );
}
