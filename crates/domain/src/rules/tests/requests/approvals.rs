//! Requests that wait for an approver.

use super::*;
use crate::rules::decide_approval;

fn decided(by: &str, verdict: Verdict) -> Decision {
    Decision {
        by: principal(by),
        at: at(0),
        verdict,
        reason: remark("as agreed"),
    }
}

fn decide(facts: &Facts, by: &Caller, verdict: Verdict) -> Result<Outcome, Denied> {
    let reason = remark("as agreed");
    decide_approval(facts, by, &facts.requests[0], verdict, reason.as_ref())
}

#[test]
fn a_request_waits_for_an_approval_where_the_settings_demand_one() {
    let facts = with_approval(facts(ORDINARY, e()), &[]);
    let (grants, requests, events) = change(create_request(&facts, &tess(), &asked()));
    assert_eq!(grants, e());
    assert_eq!(requests, [pending(0, 60, 24 * 60)]);
    assert_eq!(requests[0].status(at(0)), Status::RequestedApproval);
    assert_eq!(kinds(&events), [EventKind::Request]);
}

#[test]
fn a_requestor_may_ask_for_an_approval_that_the_settings_do_not_demand() {
    let new = NewRequest {
        approval: Demand::Always,
        ..asked()
    };
    let (grants, requests, _) = change(create_request(&facts(ORDINARY, e()), &tess(), &new));
    assert_eq!((grants, requests), (e(), vec![pending(0, 60, 24 * 60)]));
}

#[test]
fn an_approval_lapses_no_later_than_the_activation_was_to_end() {
    let facts = with_approval(facts(ORDINARY, e()), &[]);
    let new = NewRequest {
        ending: Ending::At(at(60)),
        ..asked()
    };
    let (_, requests, _) = change(create_request(&facts, &tess(), &new));
    assert_eq!(requests[0].approval.as_ref().unwrap().lapses, at(60));
}

#[test]
fn an_approved_activation_begins_at_the_decision_and_keeps_its_length() {
    let facts = waiting(-30, 30, 60);
    let (grants, requests, events) = change(decide(&facts, &ada(), Verdict::Approved));
    assert_eq!(grants, [eligible(-600, None), of_request(0, 60)]);
    let approval = requests[0].approval.clone().unwrap();
    assert_eq!(approval.decision, Some(decided("ada", Verdict::Approved)));
    assert_eq!(requests[0].status(at(0)), Status::Completed);
    assert_eq!(
        requests[0].approval_state(at(0)),
        Some(ApprovalState::Approved)
    );
    assert_eq!(kinds(&events), [EventKind::Approve, EventKind::Activate]);
    assert_eq!(events[0].actor, Actor::Principal(principal("ada")));
    assert_eq!(events[1].actor, Actor::Principal(principal("tess")));
    assert!(events.iter().all(|event| !event.without_approval));
    let active = After::Assignment(eligible_and_active(60));
    assert!(events.iter().all(|event| event.after == active));
}

#[test]
fn an_approved_activation_with_a_fixed_end_keeps_its_end() {
    let mut facts = waiting(-30, 30, 30);
    facts.requests[0].length = None;
    let (grants, ..) = change(decide(&facts, &ada(), Verdict::Approved));
    assert_eq!(grants, [eligible(-600, None), of_request(0, 30)]);
}

#[test]
fn an_activation_that_is_approved_early_begins_when_it_was_to_begin() {
    let facts = waiting(30, 90, 60);
    let (grants, requests, events) = change(decide(&facts, &ada(), Verdict::Approved));
    assert_eq!(grants, [eligible(-600, None), of_request(30, 90)]);
    assert_eq!(requests[0].status(at(0)), Status::Scheduled);
    assert_eq!(kinds(&events), [EventKind::Approve, EventKind::Schedule]);
}

#[test]
fn a_denied_request_grants_nothing() {
    let (grants, requests, events) = change(decide(&waiting(0, 60, 60), &ada(), Verdict::Denied));
    assert_eq!(grants, e());
    assert_eq!(requests[0].status(at(0)), Status::ApprovalDenied);
    assert_eq!(
        requests[0].approval_state(at(0)),
        Some(ApprovalState::Denied)
    );
    assert!(requests[0].recorded);
    assert_eq!(kinds(&events), [EventKind::Deny]);
    assert_eq!(events[0].justification.reason, remark("as agreed"));
}

#[test]
fn nobody_decides_about_their_own_request() {
    let mut facts = waiting(0, 60, 60);
    let powerful = caller("tess", &[PRIVILEGED_ROLE_ADMINISTRATOR]);
    for approvers in [Vec::new(), vec![principal("tess")]] {
        facts.settings.approvers = approvers;
        assert_eq!(
            decide(&facts, &powerful, Verdict::Approved),
            Err(Denied::OwnRequest)
        );
    }
}

#[test]
fn administrators_approve_where_nobody_is_named_and_only_those_named_otherwise() {
    let zoe = caller("zoe", &[]);
    let mut facts = waiting(0, 60, 60);
    assert_eq!(
        decide(&facts, &zoe, Verdict::Denied),
        Err(Denied::NotApprover)
    );
    assert!(decide(&facts, &ada(), Verdict::Denied).is_ok());
    facts.settings.approvers = vec![principal("zoe")];
    assert!(decide(&facts, &zoe, Verdict::Denied).is_ok());
    assert_eq!(
        decide(&facts, &ada(), Verdict::Denied),
        Err(Denied::NotApprover)
    );
}

#[test]
fn an_approval_is_decided_once_and_not_after_it_has_lapsed() {
    for verdict in [Verdict::Approved, Verdict::Denied] {
        let mut facts = waiting(30, 90, 60);
        let (_, requests, _) = change(decide(&facts, &ada(), verdict));
        facts.requests = requests;
        for second in [Verdict::Approved, Verdict::Denied] {
            let state = facts.requests[0].approval_state(at(0)).unwrap();
            assert_eq!(
                decide(&facts, &ada(), second),
                Err(Denied::ApprovalClosed(state))
            );
        }
    }
    let lapsed = waiting(-60, 60, 0);
    assert_eq!(
        decide(&lapsed, &ada(), Verdict::Approved),
        Err(Denied::ApprovalClosed(ApprovalState::Aborted))
    );
}

#[test]
fn eligibility_counts_again_at_the_decision() {
    let mut facts = waiting(0, 60, 60);
    facts.holding.grants = vec![eligible(-600, Some(0))];
    assert_eq!(
        decide(&facts, &ada(), Verdict::Approved),
        policy(&[Failure::NotEligible {
            sent: None,
            eligible: None
        }])
    );
    assert!(decide(&facts, &ada(), Verdict::Denied).is_ok());
}

#[test]
fn a_request_that_needs_no_approval_has_none_to_decide() {
    assert_eq!(
        decide(&scheduled(60, 120), &ada(), Verdict::Approved),
        Err(Denied::NotFound)
    );
}
