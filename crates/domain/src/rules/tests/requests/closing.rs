//! Requests that are closed before they come to anything: by their requestor, or because what they rest on goes away.

use super::*;
use crate::rules::{
    cancel_request, delete_assignment, make_eligible, make_permanent, self_deactivate,
};

fn closed(request: Request, why: Closing) -> Request {
    Request {
        closed: Some((at(0), why)),
        recorded: true,
        ..request
    }
}

#[test]
fn a_requestor_takes_a_scheduled_request_back() {
    let facts = scheduled(60, 120);
    let (grants, requests, events) = change(cancel_request(&facts, &tess(), &facts.requests[0]));
    assert_eq!(grants, e());
    assert_eq!(requests, [closed(request(60, 120), Closing::Cancelled)]);
    assert_eq!(requests[0].status(at(200)), Status::Cancelled);
    assert_eq!(kinds(&events), [EventKind::Cancel]);
}

#[test]
fn taking_a_pending_request_back_closes_its_approval() {
    let facts = waiting(0, 60, 60);
    let (_, requests, _) = change(cancel_request(&facts, &tess(), &facts.requests[0]));
    assert_eq!(requests[0].status(at(0)), Status::Cancelled);
    assert_eq!(
        requests[0].approval_state(at(0)),
        Some(ApprovalState::Canceled)
    );
}

#[test]
fn only_the_requestor_takes_a_request_back() {
    let facts = scheduled(60, 120);
    assert_eq!(
        cancel_request(&facts, &ada(), &facts.requests[0]),
        Err(Denied::NotRequestor)
    );
}

#[test]
fn what_has_begun_lapsed_or_been_closed_cannot_be_taken_back() {
    let over = [
        (request(0, 60), Status::Completed),
        (pending(0, 60, 0), Status::RequestExpired),
        (
            closed(request(60, 120), Closing::Cancelled),
            Status::Cancelled,
        ),
        (closed(request(60, 120), Closing::Revoked), Status::Revoked),
        (
            closed(pending(60, 120, 30), Closing::Revoked),
            Status::ApprovalAborted,
        ),
    ];
    for (request, status) in over {
        assert_eq!(
            cancel_request(&facts(ORDINARY, e()), &tess(), &request),
            Err(Denied::RequestClosed(status))
        );
    }
}

#[test]
fn deleting_an_assignment_closes_its_open_requests() {
    for (facts, status) in [
        (scheduled(60, 120), Status::Revoked),
        (waiting(60, 120, 30), Status::ApprovalAborted),
    ] {
        let (grants, requests, events) = change(delete_assignment(&facts, &ada()));
        assert_eq!(grants, []);
        assert_eq!(requests[0].status(at(0)), status);
        assert_eq!(kinds(&events), [EventKind::Revoke, EventKind::Unassign]);
        assert_eq!(events[0].actor, Actor::Principal(principal("ada")));
    }
}

#[test]
fn becoming_permanent_closes_requests_to_activate() {
    for facts in [scheduled(60, 120), waiting(60, 120, 30)] {
        let why = Justification::default();
        let (grants, requests, _) = change(make_permanent(&facts, &ada(), &why));
        assert_eq!(grants, [active(0, None)]);
        assert_eq!(requests.len(), 1);
        assert!(!requests[0].status(at(0)).is_open());
    }
}

#[test]
fn giving_back_an_activation_leaves_the_next_one() {
    let mut facts = scheduled(120, 180);
    facts.holding.grants.push(activation(-30, 90));
    for outcome in [self_deactivate(&facts, &tess()), {
        facts.holding.grants[0] = active(-600, None);
        facts.holding.grants.push(eligible(1, None));
        make_eligible(&facts, &ada())
    }] {
        let (grants, requests, _) = change(outcome);
        assert!(grants.contains(&of_request(120, 180)), "{grants:?}");
        assert_eq!(requests, []);
    }
}

#[test]
fn what_is_recorded_already_is_closed_for_good() {
    let mut facts = scheduled(60, 120);
    facts.requests[0] = closed(request(60, 120), Closing::Cancelled);
    facts.holding.grants = e();
    let (_, requests, events) = change(delete_assignment(&facts, &ada()));
    assert_eq!(requests, []);
    assert_eq!(kinds(&events), [EventKind::Unassign]);
}

#[test]
fn what_the_log_tells_of_a_request_stays_so_where_the_clock_is_set_back() {
    let told = |request: Request| Request {
        recorded: true,
        ..request
    };
    let begun = told(request(0, 60));
    assert_eq!(begun.status(at(-1)), Status::Completed);
    let lapsed = told(pending(-30, 30, 0));
    assert_eq!(lapsed.status(at(-1)), Status::RequestExpired);
    assert_eq!(lapsed.approval_state(at(-1)), Some(ApprovalState::Aborted));
}

#[test]
fn an_administrator_takes_away_what_somebody_else_scheduled_and_closes_the_request() {
    for kind in [Kind::Eligible, Kind::Active] {
        let new = NewRequest {
            kind: RequestKind::Assignment,
            grants: kind,
            start: Some(at(60)),
            ending: Ending::Unsaid,
            ..asked()
        };
        let none = facts(ORDINARY, Vec::new());
        let (grants, requests, _) = change(create_request(&none, &ada(), &new));
        let scheduled = Facts {
            holding: holding("tess", ORDINARY, grants),
            requests,
            ..none
        };
        assert_eq!(scheduled.holding.state(at(0)), None);
        let other = caller("olga", &[PRIVILEGED_ROLE_ADMINISTRATOR]);
        let (grants, requests, events) = change(delete_assignment(&scheduled, &other));
        assert_eq!(grants, []);
        assert_eq!(requests[0].status(at(100)), Status::Revoked);
        assert_eq!(kinds(&events), [EventKind::Revoke, EventKind::Unassign]);
    }
}

#[test]
fn an_administrator_who_is_scheduled_is_taken_away_only_where_another_one_lasts() {
    let later = vec![active(60, None)];
    let alone = facts_beside(Vec::new(), PRIVILEGED_ROLE_ADMINISTRATOR, later.clone());
    assert_eq!(
        delete_assignment(&alone, &ada()),
        Err(Denied::LastAdministrator)
    );
    let beside_ada = facts(PRIVILEGED_ROLE_ADMINISTRATOR, later);
    assert!(delete_assignment(&beside_ada, &ada()).is_ok());
}
