//! A tenant is registered, and its first administrator with it.

use crate::event::{Actor, After, Event, EventKind, Events};
use crate::{Caller, Denied, Grant, Holding, Instant, Kind, Origin, State, role};

/// What signing up needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignUpFacts {
    /// The time of the decision.
    pub now: Instant,
    /// Whether the tenant is registered already.
    pub registered: bool,
    /// Whether the configuration admits the tenant.
    pub admitted: bool,
}

/// Whether a sign-up by this caller would register the tenant.
pub fn can_sign_up(facts: &SignUpFacts, caller: &Caller) -> bool {
    matches!(sign_up(facts, caller), Ok(Some(_)))
}

/// The holdings and events of a registration; `None` where the tenant is registered already, which grants nothing.
pub fn sign_up(
    facts: &SignUpFacts,
    caller: &Caller,
) -> Result<Option<(Vec<Holding>, Events)>, Denied> {
    if !caller.roles.contains(&role::GLOBAL_ADMINISTRATOR) {
        return Err(Denied::RoleMissing(&[role::GLOBAL_ADMINISTRATOR]));
    }
    if facts.registered {
        return Ok(None);
    }
    if !facts.admitted {
        return Err(Denied::TenantNotAdmitted);
    }
    let actor = Actor::Principal(caller.principal.clone());
    let event = |kind, role, after| Event {
        principal: Some(caller.principal.clone()),
        role,
        ..Event::new(facts.now, kind, actor.clone(), after)
    };
    let permanent = Grant {
        kind: Kind::Active,
        start: facts.now,
        end: None,
        origin: Origin::SignUp,
    };
    let roles = [
        role::PRIVILEGED_ROLE_ADMINISTRATOR,
        role::SECURITY_ADMINISTRATOR,
    ];
    let holdings = roles.map(|role| Holding {
        principal: caller.principal.clone(),
        role,
        grants: vec![permanent],
    });
    let assigned = roles.map(|role| {
        event(
            EventKind::Assign,
            Some(role),
            After::Assignment(Some(State::Permanent)),
        )
    });
    let signed_up = event(EventKind::SignUp, None, After::Registered);
    Ok(Some((
        holdings.into(),
        Events::new(assigned.into(), signed_up),
    )))
}
