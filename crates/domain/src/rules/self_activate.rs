//! A principal activates their own eligibility for a bounded time, at once.

use super::activation::{Activation, Length, Reason};
use super::create_request::{Demand, Ending, NewRequest, create_request};
use super::{Facts, Outcome};
use crate::{
    Caller, Denied, Event, EventKind, Justification, Kind, Origin, RequestId, RequestKind,
};

/// An activation of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfActivate {
    /// The id of the request that is made where the role's settings ask for an approval.
    pub request: RequestId,
    /// How long.
    pub length: Length,
    /// Why.
    pub justification: Justification,
}

/// Activates the caller's eligibility where the role's settings allow it, or asks for the approval that they demand.
pub fn self_activate(
    facts: &Facts,
    caller: &Caller,
    asked: &SelfActivate,
) -> Result<Outcome, Denied> {
    // Who has no assignment is told so by the policy, together with whatever else would not pass.
    let state = facts.holding.state(facts.now);
    if let Some(state) = state.filter(|state| state.is_active()) {
        return Err(Denied::AlreadyActive(state.until()));
    }
    let length = facts.length(asked.length);
    let justification = &asked.justification;
    facts.allow_activation(
        caller,
        &Activation {
            start: facts.now,
            length,
            justification,
            reason: Reason::Optional,
        },
    )?;
    if facts.settings.approval {
        let new = NewRequest {
            id: asked.request,
            kind: RequestKind::Activation,
            grants: Kind::Active,
            start: None,
            ending: Ending::After(asked.length),
            justification: justification.clone(),
            approval: Demand::BySettings,
        };
        return create_request(facts, caller, &new);
    }
    let until = facts.now.plus(length);
    let mut grants = facts.standing();
    grants.push(facts.grant(Kind::Active, Some(until), Origin::Activation));
    let event = Event {
        justification: justification.clone(),
        until: Some(until),
        ..facts.event(EventKind::Activate, &caller.principal)
    };
    Ok(facts.changed(grants, event))
}
