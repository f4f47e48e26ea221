//! The rules: one file a command, each a function of facts and command. The tables that they follow stand in their tests.

mod access;
mod create_assignment;
mod delete_assignment;
mod guard;
mod make_eligible;
mod make_permanent;
mod self_activate;
mod self_deactivate;
mod settings;
mod sign_up;
#[cfg(test)]
mod tests;

pub use access::{see_principal, see_role};
pub use create_assignment::{CreateAssignment, create_assignment};
pub use delete_assignment::delete_assignment;
pub use guard::Administrators;
pub use make_eligible::make_eligible;
pub use make_permanent::make_permanent;
pub use self_activate::{Length, self_activate};
pub use self_deactivate::self_deactivate;
pub use settings::update_role_settings;
pub use sign_up::{SignUpFacts, can_sign_up, sign_up};

use crate::event::{Actor, After, Event, EventKind, Events, Note};
use crate::{
    Caller, Denied, Grant, Holding, Instant, Justification, Kind, Origin, Policy, Role, Settings,
    grant,
};

/// What the rules need to know about one principal in one role, read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The time of the decision.
    pub now: Instant,
    /// What the deployment decides.
    pub policy: Policy,
    /// The role in question.
    pub role: Role,
    /// The role's settings.
    pub settings: Settings,
    /// The principal's grants in the role.
    pub holding: Holding,
    /// Who could still administer; looked at only where the role is Privileged Role Administrator.
    pub administrators: Administrators,
}

/// What follows from a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is as it should be already; nothing is written.
    Unchanged(Message),
    /// The holding is to have these grants, and these events are to be recorded with it.
    Changed {
        /// All grants of the holding from now on.
        grants: Vec<Grant>,
        /// What happened.
        events: Events,
    },
}

/// Why nothing needed to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// The assignment was eligible before.
    AlreadyEligible,
    /// The role was not active.
    NotActive,
}

impl Facts {
    fn is_own(&self, caller: &Caller) -> bool {
        self.holding.principal == caller.principal
    }

    /// The deployment may forbid administrators to grant to themselves; where it does not, the event is flagged.
    fn allow_grant_by(&self, caller: &Caller) -> Result<(), Denied> {
        if self.policy.forbid_self_grant && self.is_own(caller) {
            Err(Denied::SelfGrantForbidden)
        } else {
            Ok(())
        }
    }

    fn grant(&self, kind: Kind, end: Option<Instant>, origin: Origin) -> Grant {
        Grant {
            kind,
            start: self.now,
            end,
            origin,
        }
    }

    /// Every grant that has not ended, of either kind.
    fn standing(&self) -> Vec<Grant> {
        self.holding
            .grants
            .iter()
            .copied()
            .filter(|grant| !grant.has_ended(self.now))
            .collect()
    }

    /// The eligible grants that stand, and a new one where none of them holds yet.
    fn eligibility(&self) -> Vec<Grant> {
        let mut grants: Vec<Grant> = self.holding.standing(Kind::Eligible, self.now).collect();
        if !grants.iter().any(|grant| grant.is_live(self.now)) {
            grants.push(self.grant(Kind::Eligible, None, Origin::Administrator));
        }
        grants
    }

    /// The change to `grants` by an event; what had run out before is recorded first, so that no expiry is ever lost.
    fn changed(&self, grants: Vec<Grant>, event: Event) -> Outcome {
        let event = Event {
            after: After::Assignment(grant::state(&grants, self.now)),
            ..event
        };
        Outcome::Changed {
            grants,
            events: Events::new(expiries(&self.holding, self.now), event),
        }
    }

    fn event(&self, kind: EventKind, caller: &Caller) -> Event {
        Event {
            at: self.now,
            kind,
            actor: Actor::Principal(caller.principal.clone()),
            principal: Some(self.holding.principal.clone()),
            role: Some(self.role.id),
            justification: Justification::default(),
            note: None,
            until: None,
            self_grant: false,
            without_approval: false,
            after: After::Assignment(None),
        }
    }
}

/// The ends of activations that have come and that no event tells of yet: a row stays until its end is recorded.
fn expiries(holding: &Holding, now: Instant) -> Vec<Event> {
    let mut ends: Vec<Instant> = holding
        .grants
        .iter()
        .filter(|grant| grant.kind == Kind::Active && grant.has_ended(now))
        .filter_map(|grant| grant.end)
        .collect();
    ends.sort_unstable();
    let expired = |at| Event {
        at,
        kind: EventKind::Deactivate,
        actor: Actor::Pimento,
        principal: Some(holding.principal.clone()),
        role: Some(holding.role),
        justification: Justification::default(),
        note: Some(Note::Expired),
        until: None,
        self_grant: false,
        without_approval: false,
        after: After::Assignment(holding.state(at)),
    };
    ends.into_iter().map(expired).collect()
}
