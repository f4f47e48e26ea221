//! makeEligible: three rows of the table, for others, for oneself in a role that is kept, and for oneself in any other.

use super::*;
use crate::rules::make_eligible;

/// What is recorded where the role is given up.
fn given_up(facts: &Facts, by: &Caller) -> Event {
    Event {
        note: Some(Note::MadeEligible),
        ..event(facts, by, EventKind::Deactivate, Some(State::Eligible))
    }
}

/// What is recorded where the caller keeps the role until then.
fn kept(facts: &Facts, until: i64) -> Event {
    Event {
        note: Some(Note::MadeEligible),
        until: Some(at(until)),
        ..event(
            facts,
            &tess(),
            EventKind::Activate,
            eligible_and_active(until),
        )
    }
}

fn nothing() -> Result<Outcome, Denied> {
    Ok(Outcome::Unchanged(Message::AlreadyEligible))
}

#[test]
fn anothers_permanent_assignment_becomes_eligible() {
    for role in [ORDINARY, KEPT[0], KEPT[1]] {
        let facts = facts(role, p());
        let expected = given_up(&facts, &ada());
        assert_eq!(
            make_eligible(&facts, &ada()),
            changed(vec![eligible(0, None)], expected)
        );
    }
}

#[test]
fn anothers_eligible_assignment_stays_as_it_is() {
    assert_eq!(make_eligible(&facts(ORDINARY, e()), &ada()), nothing());
}

#[test]
fn anothers_eligible_and_active_assignment_stays_as_it_is() {
    assert_eq!(make_eligible(&facts(ORDINARY, ea()), &ada()), nothing());
}

#[test]
fn anothers_assignment_that_is_active_until_an_end_becomes_eligible() {
    for role in [ORDINARY, KEPT[0], KEPT[1]] {
        let facts = facts(role, a());
        let expected = given_up(&facts, &ada());
        assert_eq!(
            make_eligible(&facts, &ada()),
            changed(vec![eligible(0, None)], expected)
        );
    }
}

#[test]
fn without_an_assignment_nobody_else_can_be_made_eligible() {
    assert_eq!(
        make_eligible(&facts(ORDINARY, Vec::new()), &ada()),
        Err(Denied::NotFound)
    );
}

#[test]
fn ones_own_permanent_administrator_role_is_kept_for_the_default_duration() {
    for role in KEPT {
        let mut facts = facts(role, p());
        facts.settings.default = minutes(75);
        let expected = kept(&facts, 75);
        assert_eq!(
            make_eligible(&facts, &tess()),
            changed(vec![eligible(0, None), active(0, Some(75))], expected)
        );
    }
}

#[test]
fn ones_own_eligible_administrator_role_stays_as_it_is() {
    for role in KEPT {
        assert_eq!(make_eligible(&facts(role, e()), &tess()), nothing());
    }
}

#[test]
fn ones_own_eligible_and_active_administrator_role_stays_as_it_is() {
    for role in KEPT {
        assert_eq!(make_eligible(&facts(role, ea()), &tess()), nothing());
    }
}

#[test]
fn ones_own_administrator_role_that_is_active_until_an_end_keeps_that_end() {
    for role in KEPT {
        let facts = facts(role, a());
        let expected = Event {
            self_grant: true,
            ..kept(&facts, 90)
        };
        assert_eq!(
            make_eligible(&facts, &tess()),
            changed(vec![eligible(0, None), active(0, Some(90))], expected)
        );
    }
}

#[test]
fn without_an_assignment_an_administrator_role_of_ones_own_cannot_be_made_eligible() {
    for role in KEPT {
        assert_eq!(
            make_eligible(&facts(role, Vec::new()), &tess()),
            Err(Denied::NotFound)
        );
    }
}

#[test]
fn ones_own_permanent_assignment_of_another_role_becomes_eligible() {
    for role in [ORDINARY, GLOBAL_ADMINISTRATOR] {
        let facts = facts(role, p());
        let expected = given_up(&facts, &tess());
        assert_eq!(
            make_eligible(&facts, &tess()),
            changed(vec![eligible(0, None)], expected)
        );
    }
}

#[test]
fn ones_own_eligible_assignment_of_another_role_stays_as_it_is() {
    assert_eq!(make_eligible(&facts(ORDINARY, e()), &tess()), nothing());
}

#[test]
fn ones_own_eligible_and_active_assignment_of_another_role_stays_as_it_is() {
    assert_eq!(make_eligible(&facts(ORDINARY, ea()), &tess()), nothing());
}

#[test]
fn ones_own_assignment_of_another_role_that_is_active_until_an_end_becomes_eligible() {
    let facts = facts(ORDINARY, a());
    let expected = Event {
        self_grant: true,
        ..given_up(&facts, &tess())
    };
    assert_eq!(
        make_eligible(&facts, &tess()),
        changed(vec![eligible(0, None)], expected)
    );
}

#[test]
fn without_an_assignment_another_role_of_ones_own_cannot_be_made_eligible() {
    assert_eq!(
        make_eligible(&facts(ORDINARY, Vec::new()), &tess()),
        Err(Denied::NotFound)
    );
}

#[test]
fn lasting_eligibility_in_place_of_ones_own_passing_role_is_a_self_grant_and_can_be_forbidden() {
    for role in [ORDINARY, KEPT[0], KEPT[1]] {
        assert_eq!(
            make_eligible(&forbidding_self_grants(facts(role, a())), &tess()),
            Err(Denied::SelfGrantForbidden)
        );
    }
}

#[test]
fn giving_up_ones_own_permanent_role_is_no_self_grant_and_stays_allowed() {
    let ordinary = forbidding_self_grants(facts(ORDINARY, p()));
    let expected = given_up(&ordinary, &tess());
    assert_eq!(
        make_eligible(&ordinary, &tess()),
        changed(vec![eligible(0, None)], expected)
    );
    let administrator = forbidding_self_grants(facts(PRIVILEGED_ROLE_ADMINISTRATOR, p()));
    let expected = kept(&administrator, 60);
    assert_eq!(
        make_eligible(&administrator, &tess()),
        changed(vec![eligible(0, None), active(0, Some(60))], expected)
    );
}

#[test]
fn forbidden_self_grants_do_not_concern_the_passing_roles_of_others() {
    let facts = forbidding_self_grants(facts(ORDINARY, a()));
    let expected = given_up(&facts, &ada());
    assert_eq!(
        make_eligible(&facts, &ada()),
        changed(vec![eligible(0, None)], expected)
    );
}

#[test]
fn a_role_that_is_kept_without_the_approval_that_it_needs_is_flagged() {
    let facts = with_approval(facts(SECURITY_ADMINISTRATOR, p()), &[]);
    let expected = Event {
        without_approval: true,
        ..kept(&facts, 60)
    };
    assert_eq!(
        make_eligible(&facts, &tess()),
        changed(vec![eligible(0, None), active(0, Some(60))], expected)
    );
}

#[test]
fn a_role_that_is_given_up_needs_no_approval() {
    let facts = with_approval(facts(ORDINARY, p()), &[]);
    let expected = given_up(&facts, &ada());
    assert_eq!(
        make_eligible(&facts, &ada()),
        changed(vec![eligible(0, None)], expected)
    );
}

#[test]
fn eligibility_that_is_still_to_come_does_not_stand_in_for_eligibility_now() {
    let facts = facts(ORDINARY, vec![active(-600, None), eligible(60, None)]);
    let expected = given_up(&facts, &ada());
    assert_eq!(
        make_eligible(&facts, &ada()),
        changed(vec![eligible(60, None), eligible(0, None)], expected)
    );
}
