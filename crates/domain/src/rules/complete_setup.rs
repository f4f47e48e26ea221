//! A tenant is set up: once, by changes that are ordinary ones.

use super::{CreateAssignment, Facts, Outcome, create_assignment};
use super::{delete_assignment, make_eligible, make_permanent};
use crate::event::{Actor, After, Event, EventKind, Events};
use crate::{Caller, Denied, Instant, Justification, Setup, SetupAction};

/// Whether set-up may still change anything.
///
/// # Errors
/// [`Denied::SetupCompleted`].
pub fn allow_setup(setup: Setup) -> Result<(), Denied> {
    match setup {
        Setup::NotStarted | Setup::InProgress => Ok(()),
        Setup::Completed => Err(Denied::SetupCompleted),
    }
}

/// Changes what somebody holds in a role, as the command does that gives, changes or takes away an assignment.
pub fn set_up_assignment(
    facts: &Facts,
    caller: &Caller,
    action: SetupAction,
) -> Result<Outcome, Denied> {
    let held = facts.holding.state(facts.now).is_some();
    let give = |permanent| {
        let new = CreateAssignment {
            elevated: Some(permanent),
            until: None,
        };
        create_assignment(facts, caller, &new)
    };
    match action {
        SetupAction::Permanent if held => make_permanent(facts, caller, &Justification::default()),
        SetupAction::Permanent => give(true),
        SetupAction::Temporary if held => make_eligible(facts, caller),
        SetupAction::Temporary => give(false),
        SetupAction::Remove => delete_assignment(facts, caller),
    }
}

/// Completes the set-up.
///
/// # Errors
/// [`Denied::SetupCompleted`].
pub fn complete_setup(now: Instant, setup: Setup, caller: &Caller) -> Result<Events, Denied> {
    allow_setup(setup)?;
    let actor = Actor::Principal(caller.principal.clone());
    let event = Event::new(now, EventKind::CompleteSetup, actor, After::SetUp);
    Ok(Events::new(Vec::new(), event))
}
