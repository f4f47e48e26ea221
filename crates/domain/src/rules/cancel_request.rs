//! The requestor takes a request back, as long as something may still become of it.

use super::guard::keep_an_administrator;
use super::{Facts, Outcome};
use crate::{Caller, Closing, Denied, Event, EventKind, Grant, Origin, Request};

/// Closes the request; what it was to grant is not granted.
pub fn cancel_request(
    facts: &Facts,
    caller: &Caller,
    request: &Request,
) -> Result<Outcome, Denied> {
    if request.requestor != caller.principal {
        return Err(Denied::NotRequestor);
    }
    let status = request.status(facts.now);
    if !status.is_open() {
        return Err(Denied::RequestClosed(status));
    }
    let others = |grant: &Grant| grant.origin != Origin::Request(request.id);
    let grants: Vec<Grant> = facts.standing().into_iter().filter(others).collect();
    keep_an_administrator(facts, &grants)?;
    let cancelled = Request {
        closed: Some((facts.now, Closing::Cancelled)),
        recorded: true,
        ..request.clone()
    };
    let event = Event {
        request: Some(request.id),
        ..facts.event(EventKind::Cancel, &caller.principal)
    };
    Ok(facts.changed_with(grants, cancelled, Vec::new(), event))
}
