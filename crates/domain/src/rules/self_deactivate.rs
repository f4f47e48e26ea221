//! A principal gives an activation back before its end.

use super::{Facts, Message, Outcome};
use crate::{Caller, Denied, EventKind, State};

/// Ends the caller's activation; what they are eligible for stays.
pub fn self_deactivate(facts: &Facts, caller: &Caller) -> Result<Outcome, Denied> {
    match facts.holding.state(facts.now) {
        None => Err(Denied::AssignmentDoesNotExist),
        Some(State::Permanent) => Err(Denied::Permanent),
        Some(State::Eligible) => Ok(Outcome::Unchanged(Message::NotActive)),
        Some(State::EligibleAndActive { .. } | State::Active { .. }) => {
            let event = facts.event(EventKind::Deactivate, &caller.principal);
            Ok(facts.changed(facts.deactivated(), event))
        }
    }
}
