//! An administrator makes an assignment permanent: active without end.

use super::{Facts, Outcome};
use crate::{Caller, Denied, Event, EventKind, Justification, Kind, Note, Origin, State};

/// Makes it permanent. Where it is already, only the event is recorded: somebody meant it, for a reason.
pub fn make_permanent(
    facts: &Facts,
    caller: &Caller,
    justification: &Justification,
) -> Result<Outcome, Denied> {
    facts.allow_grant_by(caller)?;
    let grants = match facts.holding.state(facts.now) {
        None => return Err(Denied::NotFound),
        Some(State::Permanent) => facts.standing(),
        Some(State::Eligible | State::EligibleAndActive { .. } | State::Active { .. }) => {
            vec![facts.grant(Kind::Active, None, Origin::Administrator)]
        }
    };
    let event = Event {
        justification: justification.clone(),
        note: Some(Note::MadePermanent),
        self_grant: facts.is_own(caller),
        without_approval: facts.settings.approval,
        ..facts.event(EventKind::Activate, &caller.principal)
    };
    Ok(facts.changed(grants, event))
}
