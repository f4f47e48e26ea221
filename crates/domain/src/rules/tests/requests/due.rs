//! What comes due by itself is recorded once, in the order of its times.

use super::*;
use crate::rules::{Due, due, self_deactivate};

#[test]
fn nothing_is_due_before_its_time() {
    for facts in [scheduled(1, 60), waiting(0, 60, 1)] {
        assert_eq!(due(&facts), Due::default());
    }
    assert_eq!(due(&facts(ORDINARY, ea())).events, []);
}

#[test]
fn the_begin_of_a_scheduled_activation_is_told_as_its_requestors() {
    let facts = scheduled(0, 60);
    let due = due(&facts);
    let begun = Event {
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
    assert_eq!(due.events, [begun]);
    let recorded = Request {
        recorded: true,
        ..request(0, 60)
    };
    assert_eq!(due.requests, [recorded]);
}

#[test]
fn begin_and_end_are_told_in_their_order_however_late() {
    let facts = scheduled(-120, -60);
    let due = due(&facts);
    assert_eq!(
        kinds(&due.events),
        [EventKind::Activate, EventKind::Deactivate]
    );
    assert_eq!(due.events[0].at, at(-120));
    assert_eq!(due.events[1].at, at(-60));
    assert_eq!(
        due.events[0].after,
        After::Assignment(eligible_and_active(-60))
    );
    assert_eq!(
        due.events[1].after,
        After::Assignment(Some(State::Eligible))
    );
}

#[test]
fn a_request_that_nobody_decided_about_lapses() {
    let facts = waiting(-60, 0, -1);
    let due = due(&facts);
    assert_eq!(kinds(&due.events), [EventKind::Lapse]);
    assert_eq!(due.events[0].at, at(-1));
    assert_eq!(due.events[0].actor, Actor::Pimento);
    assert_eq!(due.requests[0].status(at(0)), Status::RequestExpired);
}

#[test]
fn the_end_of_an_eligibility_is_told() {
    let facts = facts(ORDINARY, vec![eligible(-600, Some(-10))]);
    let due = due(&facts);
    assert_eq!(kinds(&due.events), [EventKind::Unassign]);
    assert_eq!(due.events[0].note, Some(Note::Expired));
    assert_eq!(due.events[0].after, After::Assignment(None));
}

#[test]
fn what_is_recorded_is_not_due_again() {
    let mut facts = scheduled(-120, -60);
    let before = due(&facts);
    facts.requests = before.requests;
    facts.holding.grants = e();
    assert_eq!(due(&facts), Due::default());
}

#[test]
fn the_next_change_tells_what_came_due_before_it() {
    let facts = scheduled(-30, 30);
    let (_, requests, events) = change(self_deactivate(&facts, &tess()));
    assert_eq!(kinds(&events), [EventKind::Activate, EventKind::Deactivate]);
    assert!(requests.iter().all(|request| request.recorded));
}
