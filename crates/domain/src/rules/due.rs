//! What has come due by itself: ends of grants, begins of scheduled ones, approvals that nobody gave in time.
//!
//! All of it is so from its instant on, whoever looks. This says what the log still has to be told.

use super::Facts;
use crate::event::{Actor, After, Event, EventKind, Events, Note};
use crate::{Grant, Instant, Kind, Request, Status};

/// What the log has not been told yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The events, in the order of their times.
    pub events: Vec<Event>,
    /// The requests of which they tell, now marked as recorded.
    pub requests: Vec<Request>,
}

/// What has come due until now. A grant's row stays until its end is recorded, so nothing is ever lost.
pub fn due(facts: &Facts) -> Due {
    let ends = facts
        .holding
        .grants
        .iter()
        .filter_map(|grant| ended(facts, grant));
    let mut requests = Vec::new();
    let mut events: Vec<Event> = ends.collect();
    for request in &facts.requests {
        let Some(at) = request.due().filter(|at| *at <= facts.now) else {
            continue;
        };
        events.push(happened(facts, request, at));
        requests.push(Request {
            recorded: true,
            ..request.clone()
        });
    }
    // What ends comes before what begins at the same instant, and an activation ends before its eligibility does.
    let rank = |event: &Event| match (event.note, event.kind) {
        (Some(Note::Expired), EventKind::Deactivate) => 0,
        (Some(Note::Expired), _) => 1,
        (_, _) => 2,
    };
    events.sort_by_key(|event| (event.at, rank(event)));
    Due { events, requests }
}

/// What is to be written so that the log tells all that has come due: the grants that are left, and the requests and
/// events of [`due`]; `None` where nothing has.
pub fn record_due(facts: &Facts) -> Option<(Vec<Grant>, Vec<Request>, Events)> {
    let Due {
        mut events,
        requests,
    } = due(facts);
    let last = events.pop()?;
    Some((facts.standing(), requests, Events::new(events, last)))
}

fn event(facts: &Facts, at: Instant, kind: EventKind) -> Event {
    let after = After::Assignment(facts.holding.state(at));
    Event {
        principal: Some(facts.holding.principal.clone()),
        role: Some(facts.role.id),
        ..Event::new(at, kind, Actor::Pimento, after)
    }
}

fn ended(facts: &Facts, grant: &Grant) -> Option<Event> {
    let end = grant.end.filter(|_| grant.has_ended(facts.now))?;
    let kind = match grant.kind {
        Kind::Active => EventKind::Deactivate,
        Kind::Eligible => EventKind::Unassign,
    };
    Some(Event {
        note: Some(Note::Expired),
        ..event(facts, end, kind)
    })
}

/// A pending request lapses, a scheduled one begins.
fn happened(facts: &Facts, request: &Request, at: Instant) -> Event {
    if request.status(at) == Status::RequestExpired {
        return Event {
            request: Some(request.id),
            ..event(facts, at, EventKind::Lapse)
        };
    }
    Event {
        actor: Actor::Principal(request.requestor.clone()),
        request: Some(request.id),
        justification: request.justification.clone(),
        until: request.end,
        self_grant: facts.is_self_grant(request),
        ..event(facts, at, begun(request))
    }
}

/// The kind of event that a request's grant begins with.
pub(super) fn begun(request: &Request) -> EventKind {
    match request.kind {
        crate::RequestKind::Activation => EventKind::Activate,
        crate::RequestKind::Assignment => EventKind::Assign,
    }
}
