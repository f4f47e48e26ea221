//! The lock-out guard: every route by which an administrator is lost, for the last one and for one of several.

use super::*;
use crate::rules::guard::keep_an_administrator_under;
use crate::rules::{
    cancel_request, delete_assignment, make_eligible, make_permanent, self_deactivate,
    update_role_settings,
};
use crate::{Request, RequestId, RequestKind, Uuid};

/// Tess administers by these grants, and otherwise only these do.
fn beside(others: Vec<Holding>, grants: Vec<Grant>) -> Facts {
    facts_beside(others, PRIVILEGED_ROLE_ADMINISTRATOR, grants)
}

/// Tess administers by these grants, alone. The store lists her among the administrators, as it does everybody.
fn alone(grants: Vec<Grant>) -> Facts {
    let listed = holding("tess", PRIVILEGED_ROLE_ADMINISTRATOR, grants.clone());
    beside(vec![listed], grants)
}

fn other(grants: Vec<Grant>) -> Vec<Holding> {
    vec![holding("olga", PRIVILEGED_ROLE_ADMINISTRATOR, grants)]
}

fn last() -> Result<Outcome, Denied> {
    Err(Denied::LastAdministrator)
}

fn is_deleted(facts: &Facts) -> bool {
    match delete_assignment(facts, &ada()) {
        Ok(Outcome::Changed { grants, .. }) => grants.is_empty(),
        Err(Denied::LastAdministrator) => false,
        unexpected => panic!("{unexpected:?}"),
    }
}

/// Whether whoever has these grants keeps a tenant from being locked out, when Tess, who is permanent, is deleted.
fn lasts(grants: Vec<Grant>, approvers: Option<&[&str]>) -> bool {
    let facts = beside(other(grants), p());
    is_deleted(&match approvers {
        None => facts,
        Some(approvers) => with_approval(facts, approvers),
    })
}

#[test]
fn the_last_administrator_is_not_deleted() {
    for grants in [p(), e(), ea()] {
        assert_eq!(delete_assignment(&alone(grants.clone()), &ada()), last());
        assert_eq!(delete_assignment(&alone(grants), &tess()), last());
    }
}

#[test]
fn one_of_two_administrators_is_deleted() {
    for grants in [p(), e(), ea()] {
        for others in [p(), e(), ea()] {
            assert!(is_deleted(&beside(other(others), grants.clone())));
        }
    }
}

#[test]
fn an_administrator_who_does_not_last_is_deleted_even_where_nobody_lasts() {
    for grants in [
        vec![active(-60, Some(90))],
        vec![eligible(-60, Some(90))],
        vec![eligible(-60, Some(90)), activation(-60, 90)],
    ] {
        assert!(is_deleted(&alone(grants)));
    }
}

#[test]
fn the_last_holder_of_another_role_is_deleted() {
    for role in [ORDINARY, GLOBAL_ADMINISTRATOR, SECURITY_ADMINISTRATOR] {
        assert!(is_deleted(&facts_beside(Vec::new(), role, p())));
    }
}

#[test]
fn a_permanent_administrator_lasts() {
    assert!(lasts(p(), None));
    assert!(lasts(p(), Some(&[])));
}

#[test]
fn an_administrator_who_is_eligible_without_end_lasts() {
    assert!(lasts(e(), None));
    assert!(lasts(ea(), None));
}

#[test]
fn an_administrator_whose_eligibility_ends_does_not_last() {
    assert!(!lasts(vec![eligible(-60, Some(90))], None));
}

#[test]
fn an_administrator_whose_activation_ends_does_not_last() {
    let ending = vec![eligible(-60, Some(90)), activation(-60, 90)];
    assert!(!lasts(a(), None));
    assert!(!lasts(ending, None));
}

#[test]
fn an_administrator_who_is_yet_to_come_does_not_last() {
    assert!(!lasts(vec![active(1, None)], None));
    assert!(!lasts(vec![eligible(1, None)], None));
}

#[test]
fn an_administrator_who_begins_at_this_very_moment_lasts() {
    assert!(lasts(vec![active(0, None)], None));
    assert!(lasts(vec![eligible(0, None)], None));
}

#[test]
fn eligibility_that_only_administrators_could_approve_does_not_last() {
    assert!(!lasts(e(), Some(&[])));
    assert!(!lasts(ea(), Some(&[])));
}

#[test]
fn eligibility_that_somebody_named_approves_lasts() {
    assert!(lasts(e(), Some(&["zoe"])));
    assert!(lasts(e(), Some(&["olga", "zoe"])));
}

#[test]
fn eligibility_that_only_its_holder_could_approve_does_not_last() {
    assert!(!lasts(e(), Some(&["olga"])));
}

#[test]
fn the_last_permanent_administrator_may_be_made_eligible_by_another() {
    let facts = alone(p());
    let expected = Event {
        note: Some(Note::MadeEligible),
        ..event(&facts, &ada(), EventKind::Deactivate, Some(State::Eligible))
    };
    assert_eq!(
        make_eligible(&facts, &ada()),
        changed(vec![eligible(0, None)], expected)
    );
}

#[test]
fn the_last_permanent_administrator_may_make_themselves_eligible() {
    let facts = alone(p());
    let expected = Event {
        note: Some(Note::MadeEligible),
        until: Some(at(60)),
        ..event(
            &facts,
            &tess(),
            EventKind::Activate,
            eligible_and_active(60),
        )
    };
    assert_eq!(
        make_eligible(&facts, &tess()),
        changed(vec![eligible(0, None), active(0, Some(60))], expected)
    );
}

#[test]
fn the_last_permanent_administrator_is_not_made_eligible_where_only_administrators_approve() {
    for by in [ada(), tess()] {
        for approvers in [&[][..], &["tess"]] {
            let facts = with_approval(alone(p()), approvers);
            assert_eq!(make_eligible(&facts, &by), last());
        }
    }
}

#[test]
fn a_permanent_administrator_is_made_eligible_where_somebody_named_approves_or_another_lasts() {
    for by in [ada(), tess()] {
        let named = with_approval(alone(p()), &["zoe"]);
        assert!(make_eligible(&named, &by).is_ok());
        let beside_permanent = with_approval(beside(other(p()), p()), &[]);
        assert!(make_eligible(&beside_permanent, &by).is_ok());
        let beside_eligible = with_approval(beside(other(e()), p()), &[]);
        assert_eq!(make_eligible(&beside_eligible, &by), last());
    }
}

#[test]
fn the_last_administrator_gives_an_activation_back_and_stays_eligible() {
    let facts = alone(ea());
    let expected = event(
        &facts,
        &tess(),
        EventKind::Deactivate,
        Some(State::Eligible),
    );
    assert_eq!(self_deactivate(&facts, &tess()), changed(e(), expected));
}

#[test]
fn the_last_administrator_is_made_permanent() {
    for grants in [p(), e(), ea()] {
        let facts = alone(grants);
        assert!(make_permanent(&facts, &ada(), &Justification::default()).is_ok());
    }
}

/// Changes who approves administrators' activations, where an approval is needed already.
fn replace_approvers(administrators: Vec<Holding>, approvers: &[&str]) -> Result<(), Denied> {
    let facts = with_approval(beside(administrators, Vec::new()), &["zoe"]);
    let update = SettingsUpdate {
        approvers: Some(approvers.iter().map(|name| principal(name)).collect()),
        ..SettingsUpdate::default()
    };
    update_role_settings(
        facts.now,
        &facts.role,
        &facts.settings,
        &facts.administrators,
        &ada(),
        &update,
    )
    .map(|change| assert!(change.is_some()))
}

#[test]
fn settings_under_which_only_administrators_approve_are_refused_where_none_is_permanent() {
    for approvers in [&[][..], &["olga"]] {
        for grants in [e(), ea()] {
            assert_eq!(
                replace_approvers(other(grants), approvers),
                Err(Denied::LastAdministrator)
            );
        }
        assert_eq!(replace_approvers(other(p()), approvers), Ok(()));
    }
}

#[test]
fn settings_under_which_somebody_else_approves_are_accepted() {
    assert_eq!(replace_approvers(other(e()), &["olga", "yan"]), Ok(()));
}

#[test]
fn settings_are_changed_freely_where_nobody_lasted_before() {
    assert_eq!(replace_approvers(other(a()), &[]), Ok(()));
    assert_eq!(replace_approvers(Vec::new(), &[]), Ok(()));
}

#[test]
fn demanding_an_approval_is_guarded_by_who_would_have_to_give_it() {
    let facts = beside(other(e()), Vec::new());
    let guarded = |approvers| {
        let new = with_approval(facts.clone(), approvers).settings;
        keep_an_administrator_under(&facts.administrators, &new, at(0))
    };
    assert_eq!(guarded(&[]), Err(Denied::LastAdministrator));
    assert_eq!(guarded(&["olga"]), Err(Denied::LastAdministrator));
    assert_eq!(guarded(&["zoe"]), Ok(()));
}

#[test]
fn while_a_clock_is_set_back_the_last_who_will_administer_is_kept() {
    let later = || vec![active(60, None), eligible(-60, Some(90))];
    assert_eq!(delete_assignment(&alone(later()), &ada()), last());
    assert!(is_deleted(&beside(other(later()), later())));
    assert!(is_deleted(&beside(other(p()), later())));
    let others = vec![holding(
        "olga",
        PRIVILEGED_ROLE_ADMINISTRATOR,
        vec![eligible(60, None)],
    )];
    assert_eq!(
        replace_approvers(others, &[]),
        Err(Denied::LastAdministrator)
    );
}

#[test]
fn a_request_by_which_alone_somebody_will_administer_is_not_taken_back() {
    let id = RequestId::new(Uuid::from_u128(7));
    let scheduled = grant(Kind::Active, 60, None, Origin::Request(id));
    let asked = Request {
        id,
        kind: RequestKind::Assignment,
        principal: principal("tess"),
        role: PRIVILEGED_ROLE_ADMINISTRATOR,
        grants: Kind::Active,
        requestor: principal("ada"),
        requested: at(0),
        start: at(60),
        end: None,
        length: None,
        justification: ticket(),
        approval: None,
        closed: None,
        recorded: false,
    };
    let cancel = |facts: Facts| {
        let facts = Facts {
            requests: vec![asked.clone()],
            ..facts
        };
        cancel_request(&facts, &ada(), &asked)
    };
    assert_eq!(cancel(alone(vec![scheduled])), last());
    let beside_another = cancel(beside(other(p()), vec![scheduled]));
    assert!(matches!(beside_another, Ok(Outcome::Changed { .. })));
}
