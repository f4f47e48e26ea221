//! An administrator takes an assignment away, whatever its state, and what was scheduled for the pair with it.

use super::guard::keep_an_administrator;
use super::{Facts, Outcome};
use crate::{Caller, Denied, EventKind};

/// Removes every grant of the pair. What only begins later can be taken away as well: its requestor may be gone, or be
/// nobody's to ask.
pub fn delete_assignment(facts: &Facts, caller: &Caller) -> Result<Outcome, Denied> {
    if facts.standing().is_empty() {
        return Err(Denied::NotFound);
    }
    keep_an_administrator(facts, &[])?;
    Ok(facts.changed(
        Vec::new(),
        facts.event(EventKind::Unassign, &caller.principal),
    ))
}
