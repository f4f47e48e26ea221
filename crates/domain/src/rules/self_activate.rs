//! A principal activates their own eligibility for a bounded time.

use super::{Facts, Outcome};
use crate::{
    Caller, Denied, Event, EventKind, Failure, Failures, Justification, Kind, Origin,
    SignedDuration, State,
};

/// How long an activation is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// The role's minimum.
    Minimum,
    /// The role's default.
    #[default]
    Default,
    /// So long.
    Exactly(SignedDuration),
}

/// Activates the caller's eligibility, where the role's settings allow it.
pub fn self_activate(
    facts: &Facts,
    caller: &Caller,
    length: Length,
    justification: &Justification,
) -> Result<Outcome, Denied> {
    match facts.holding.state(facts.now) {
        None => return Err(Denied::AssignmentDoesNotExist),
        Some(State::Eligible) => {}
        Some(state) => return Err(Denied::AlreadyActive(state.until())),
    }
    let length = match length {
        Length::Minimum => facts.settings.minimum,
        Length::Default => facts.settings.default,
        Length::Exactly(length) => length,
    };
    if let Some(failures) = Failures::new(failures(facts, caller, length, justification)) {
        return Err(Denied::Policy(failures));
    }
    if facts.settings.approval {
        return Err(Denied::ApprovalUnavailable);
    }
    let until = facts.now.plus(length);
    let mut grants = facts.standing();
    grants.push(facts.grant(Kind::Active, Some(until), Origin::Activation));
    let event = Event {
        justification: justification.clone(),
        until: Some(until),
        ..facts.event(EventKind::Activate, caller)
    };
    Ok(facts.changed(grants, event))
}

/// Every rule that fails, not only the first: people fix all of them at once.
fn failures(
    facts: &Facts,
    caller: &Caller,
    sent: SignedDuration,
    justification: &Justification,
) -> Vec<Failure> {
    let (minimum, maximum) = (facts.settings.minimum, facts.settings.maximum);
    [
        (sent < minimum, Failure::TooShort { sent, minimum }),
        (maximum < sent, Failure::TooLong { sent, maximum }),
        (
            facts.settings.ticket && justification.ticket_number.is_none(),
            Failure::TicketMissing,
        ),
        (
            (facts.settings.mfa || facts.role.mfa_pinned) && !caller.mfa,
            Failure::MfaMissing,
        ),
    ]
    .into_iter()
    .filter_map(|(failed, failure)| failed.then_some(failure))
    .collect()
}
