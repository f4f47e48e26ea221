//! An administrator gives somebody a role.

use super::{Facts, Outcome};
use crate::{Caller, Denied, Event, EventKind, Instant, Kind, Origin};

/// What a new assignment is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreateAssignment {
    /// `Some(true)`: active; `Some(false)`: eligible only; absent: eligible and active for a while.
    pub elevated: Option<bool>,
    /// The end of the activation.
    pub until: Option<Instant>,
}

/// Gives the assignment, where the pair has none.
pub fn create_assignment(
    facts: &Facts,
    caller: &Caller,
    command: &CreateAssignment,
) -> Result<Outcome, Denied> {
    facts.allow_grant_by(caller)?;
    if let Some(sent) = command.until {
        if command.elevated == Some(false) {
            return Err(Denied::EndWithoutActivation);
        }
        if sent <= facts.now {
            return Err(Denied::EndNotInFuture {
                sent,
                now: facts.now,
            });
        }
    }
    if facts.holding.state(facts.now).is_some() {
        return Err(Denied::AssignmentExists);
    }
    let eligible = facts.grant(Kind::Eligible, None, Origin::Administrator);
    let active = |end| facts.grant(Kind::Active, end, Origin::Administrator);
    let (new, until) = match (command.elevated, command.until) {
        (Some(true), None) => (vec![active(None)], None),
        (Some(false), _) => (vec![eligible], None),
        (None | Some(true), Some(end)) => (vec![eligible, active(Some(end))], Some(end)),
        (None, None) => {
            let end = facts.now.plus(facts.settings.default);
            (vec![eligible, active(Some(end))], Some(end))
        }
    };
    // What was scheduled for later stays.
    let mut grants = facts.standing();
    grants.extend(new);
    let event = Event {
        until,
        self_grant: facts.is_own(caller),
        without_approval: facts.settings.approval && command.elevated != Some(false),
        ..facts.event(EventKind::Assign, &caller.principal)
    };
    Ok(facts.changed(grants, event))
}
