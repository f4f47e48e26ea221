//! An administrator makes an assignment eligible: the role is held no more, but can be activated.

use super::activation::is_eligible;
use super::guard::keep_an_administrator;
use super::{Facts, Message, Outcome};
use crate::{Caller, Denied, Event, EventKind, Instant, Kind, Note, Origin, State, role};

/// Makes it eligible. Who does this to their own administrator role keeps it for a while, so as not to be locked out.
pub fn make_eligible(facts: &Facts, caller: &Caller) -> Result<Outcome, Denied> {
    let keeps = facts.is_own(caller)
        && matches!(
            facts.role.id,
            role::SECURITY_ADMINISTRATOR | role::PRIVILEGED_ROLE_ADMINISTRATOR
        );
    let state = facts.holding.state(facts.now);
    let until: Option<Instant> = match state {
        None => return Err(Denied::NotFound),
        Some(State::Eligible | State::EligibleAndActive { .. }) => {
            return Ok(Outcome::Unchanged(Message::AlreadyEligible));
        }
        Some(State::Permanent) => keeps.then(|| facts.now.plus(facts.settings.default)),
        Some(State::Active { until }) => {
            facts.allow_grant_by(caller)?;
            keeps.then_some(until)
        }
    };
    // Eligibility is less than what was permanent, but it outlasts an activation that would have run out for good.
    let gives = state != Some(State::Permanent);
    let mut grants = facts.deactivated();
    if !is_eligible(&grants, facts.now) {
        grants.push(facts.grant(Kind::Eligible, None, Origin::Administrator));
    }
    grants.extend(until.map(|end| facts.grant(Kind::Active, Some(end), Origin::Administrator)));
    keep_an_administrator(facts, &grants)?;
    let kind = if until.is_some() {
        EventKind::Activate
    } else {
        EventKind::Deactivate
    };
    let event = Event {
        note: Some(Note::MadeEligible),
        until,
        self_grant: gives && facts.is_own(caller),
        without_approval: facts.settings.approval && until.is_some(),
        ..facts.event(kind, &caller.principal)
    };
    Ok(facts.changed(grants, event))
}
