//! An administrator takes an assignment away, whatever its state.

use super::guard::keep_an_administrator;
use super::{Facts, Outcome};
use crate::{Caller, Denied, EventKind};

/// Removes every grant of the pair.
pub fn delete_assignment(facts: &Facts, caller: &Caller) -> Result<Outcome, Denied> {
    if facts.holding.state(facts.now).is_none() {
        return Err(Denied::NotFound);
    }
    keep_an_administrator(facts, &[])?;
    Ok(facts.changed(
        Vec::new(),
        facts.event(EventKind::Unassign, &caller.principal),
    ))
}
