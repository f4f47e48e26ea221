//! Requests, approvals and what becomes of them.

mod approvals;
mod assignments;
mod closing;
mod due;

use super::*;
use crate::rules::{Demand, Ending, NewRequest, create_request};
use crate::{Approval, ApprovalState, Closing, Decision, Request, RequestKind, Verdict};

/// An activation from now on, for the role's default length.
fn asked() -> NewRequest {
    NewRequest {
        id: REQUEST,
        kind: RequestKind::Activation,
        grants: Kind::Active,
        start: None,
        ending: Ending::Unsaid,
        justification: ticket(),
        approval: Demand::BySettings,
    }
}

/// An activation that begins so many minutes from now and has the role's default length.
fn asked_for(start: i64) -> NewRequest {
    NewRequest {
        start: Some(at(start)),
        ..asked()
    }
}

/// What Tess's request for the role's default length looks like, before anything becomes of it.
fn request(start: i64, end: i64) -> Request {
    Request {
        id: REQUEST,
        kind: RequestKind::Activation,
        principal: principal("tess"),
        role: ORDINARY,
        grants: Kind::Active,
        requestor: principal("tess"),
        requested: at(0),
        start: at(start),
        end: Some(at(end)),
        length: Some(minutes(end - start)),
        justification: ticket(),
        approval: None,
        closed: None,
        recorded: false,
    }
}

/// The same, waiting for an approval until so many minutes from now.
fn pending(start: i64, end: i64, lapses: i64) -> Request {
    Request {
        approval: Some(Approval {
            lapses: at(lapses),
            decision: None,
        }),
        ..request(start, end)
    }
}

fn of_request(start: i64, end: i64) -> Grant {
    grant(Kind::Active, start, Some(end), Origin::Request(REQUEST))
}

/// Tess is eligible, and one activation of hers is scheduled.
fn scheduled(start: i64, end: i64) -> Facts {
    let mut facts = facts(ORDINARY, vec![eligible(-600, None), of_request(start, end)]);
    facts.requests = vec![request(start, end)];
    facts
}

/// Tess is eligible, and one activation of hers waits for an approval.
fn waiting(start: i64, end: i64, lapses: i64) -> Facts {
    let mut facts = with_approval(facts(ORDINARY, e()), &[]);
    facts.requests = vec![pending(start, end, lapses)];
    facts
}

type Changed = (Vec<Grant>, Vec<Request>, Vec<Event>);

fn change(outcome: Result<Outcome, Denied>) -> Changed {
    match outcome {
        Ok(Outcome::Changed {
            grants,
            requests,
            events,
        }) => (grants, requests, events.iter().cloned().collect()),
        other => panic!("{other:?} changes nothing"),
    }
}

fn kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(|event| event.kind).collect()
}

fn policy(failures: &[Failure]) -> Result<Outcome, Denied> {
    Err(Denied::Policy(Failures::new(failures.to_vec()).unwrap()))
}

#[test]
fn an_activation_that_needs_no_approval_begins_at_once() {
    let facts = facts(ORDINARY, e());
    let (grants, requests, events) = change(create_request(&facts, &tess(), &asked()));
    assert_eq!(grants, [eligible(-600, None), of_request(0, 60)]);
    let expected = Request {
        recorded: true,
        ..request(0, 60)
    };
    assert_eq!(requests, [expected]);
    assert_eq!(requests[0].status(at(0)), Status::Completed);
    let activated = Event {
        request: Some(REQUEST),
        justification: ticket(),
        until: Some(at(60)),
        ..event(
            &facts,
            &tess(),
            EventKind::Activate,
            eligible_and_active(60),
        )
    };
    assert_eq!(events, [activated]);
}

#[test]
fn an_activation_for_later_is_scheduled_and_active_from_its_start_to_its_end() {
    let facts = facts(ORDINARY, e());
    let (grants, requests, events) = change(create_request(&facts, &tess(), &asked_for(30)));
    assert_eq!(requests, [request(30, 90)]);
    assert_eq!(kinds(&events), [EventKind::Schedule]);
    assert_eq!(events[0].after, After::Assignment(Some(State::Eligible)));
    let state = |minute| holding("tess", ORDINARY, grants.clone()).state(at(minute));
    assert_eq!(state(29), Some(State::Eligible));
    assert_eq!(state(30), eligible_and_active(90));
    assert_eq!(state(89), eligible_and_active(90));
    assert_eq!(state(90), Some(State::Eligible));
    assert_eq!(requests[0].status(at(29)), Status::Scheduled);
    assert_eq!(requests[0].status(at(30)), Status::Completed);
}

#[test]
fn a_start_a_little_while_ago_is_now_and_one_further_back_is_refused() {
    let facts = facts(ORDINARY, e());
    let (_, requests, _) = change(create_request(&facts, &tess(), &asked_for(-5)));
    assert_eq!(requests[0].start, at(0));
    let sent = at(-6);
    assert_eq!(
        create_request(&facts, &tess(), &asked_for(-6)),
        Err(Denied::StartInPast { sent, now: at(0) })
    );
}

#[test]
fn an_end_must_come_after_the_start() {
    let facts = facts(ORDINARY, e());
    for end in [29, 30] {
        let new = NewRequest {
            ending: Ending::At(at(end)),
            ..asked_for(30)
        };
        assert_eq!(
            create_request(&facts, &tess(), &new),
            Err(Denied::EndBeforeStart {
                sent: at(end),
                start: at(30)
            })
        );
    }
}

#[test]
fn a_length_of_nothing_is_held_to_the_limits_and_not_called_an_end() {
    let facts = facts(ORDINARY, e());
    for sent in [0, -60].map(minutes) {
        let new = NewRequest {
            ending: Ending::After(Length::Exactly(sent)),
            ..asked_for(30)
        };
        let minimum = minutes(30);
        assert_eq!(
            create_request(&facts, &tess(), &new),
            policy(&[Failure::TooShort { sent, minimum }])
        );
    }
}

#[test]
fn a_fixed_end_is_held_to_the_same_limits_as_a_length() {
    let facts = facts(ORDINARY, e());
    let until = |end| NewRequest {
        ending: Ending::At(at(end)),
        ..asked()
    };
    let (_, requests, _) = change(create_request(&facts, &tess(), &until(480)));
    assert_eq!((requests[0].end, requests[0].length), (Some(at(480)), None));
    let (sent, maximum) = (minutes(481), minutes(480));
    assert_eq!(
        create_request(&facts, &tess(), &until(481)),
        policy(&[Failure::TooLong { sent, maximum }])
    );
}

#[test]
fn all_rules_that_fail_are_named_at_once() {
    let mut facts = facts(ORDINARY, vec![eligible(1, None)]);
    facts.settings.ticket = true;
    facts.settings.mfa = true;
    let without = Caller {
        mfa: false,
        ..tess()
    };
    let new = NewRequest {
        ending: Ending::After(Length::Exactly(minutes(500))),
        justification: Justification::default(),
        ..asked()
    };
    let too_long = Failure::TooLong {
        sent: minutes(500),
        maximum: minutes(480),
    };
    assert_eq!(
        create_request(&facts, &without, &new),
        policy(&[
            Failure::NotEligible {
                sent: None,
                eligible: Some((at(1), None)),
            },
            too_long,
            Failure::ReasonMissing,
            Failure::TicketMissing,
            Failure::MfaMissing,
        ])
    );
}

#[test]
fn eligibility_counts_when_the_activation_begins() {
    let facts = facts(ORDINARY, vec![eligible(-600, Some(30))]);
    let (_, requests, _) = change(create_request(&facts, &tess(), &asked_for(29)));
    assert_eq!(requests[0].start, at(29));
    assert_eq!(
        create_request(&facts, &tess(), &asked_for(30)),
        policy(&[Failure::NotEligible {
            sent: Some(at(30)),
            eligible: Some((at(-600), Some(at(30))))
        }])
    );
}

#[test]
fn nobody_activates_for_somebody_else_or_asks_to_become_eligible() {
    let facts = facts(ORDINARY, e());
    assert_eq!(
        create_request(&facts, &ada(), &asked()),
        Err(Denied::OnBehalfOf)
    );
    let new = NewRequest {
        grants: Kind::Eligible,
        ..asked()
    };
    assert_eq!(
        create_request(&facts, &tess(), &new),
        Err(Denied::ActivationIsActive)
    );
}

#[test]
fn a_role_that_is_active_is_not_activated_again() {
    for (grants, until) in [(p(), None), (ea(), Some(at(90))), (a(), Some(at(90)))] {
        assert_eq!(
            create_request(&facts(ORDINARY, grants), &tess(), &asked()),
            Err(Denied::AlreadyActive(until))
        );
    }
}

#[test]
fn activations_do_not_overlap_but_may_follow_one_another() {
    let facts = facts(ORDINARY, ea());
    assert_eq!(
        create_request(&facts, &tess(), &asked_for(89)),
        Err(Denied::ScheduleOverlaps {
            start: at(-30),
            end: Some(at(90))
        })
    );
    let (_, requests, _) = change(create_request(&facts, &tess(), &asked_for(90)));
    assert_eq!(requests, [request(90, 150)]);
}

#[test]
fn a_second_request_of_the_same_start_or_beside_a_pending_one_is_refused() {
    let second = |start| NewRequest {
        id: RequestId::new(Uuid::from_u128(8)),
        ..asked_for(start)
    };
    let facts = scheduled(60, 120);
    assert_eq!(
        create_request(&facts, &tess(), &second(60)),
        Err(Denied::ScheduleExists(REQUEST))
    );
    assert_eq!(
        create_request(&facts, &tess(), &second(30)),
        Err(Denied::ScheduleOverlaps {
            start: at(60),
            end: Some(at(120))
        })
    );
    let (grants, ..) = change(create_request(&facts, &tess(), &second(120)));
    assert_eq!(grants.len(), 3);
    assert_eq!(
        create_request(&waiting(60, 120, 30), &tess(), &second(300)),
        Err(Denied::PendingApprovalExists(REQUEST))
    );
}
