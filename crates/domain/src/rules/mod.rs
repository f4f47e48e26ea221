//! The rules: one file a command, each a function of facts and command. The tables that they follow stand in their tests.

mod access;
mod activation;
mod cancel_request;
mod complete_setup;
mod create_assignment;
mod create_request;
mod decide_approval;
mod delete_assignment;
mod due;
mod guard;
mod make_eligible;
mod make_permanent;
mod roles;
mod self_activate;
mod self_deactivate;
mod settings;
mod sign_up;
#[cfg(test)]
mod tests;

pub use access::{see_principal, see_request, see_role};
pub use activation::Length;
pub use cancel_request::cancel_request;
pub use complete_setup::{allow_setup, complete_setup, set_up_assignment};
pub use create_assignment::{CreateAssignment, create_assignment};
pub use create_request::{Demand, Ending, NewRequest, TOLERANCE, create_request};
pub use decide_approval::{decide_approval, is_approver, may_decide};
pub use delete_assignment::delete_assignment;
pub use due::{Due, due, record_due};
pub use guard::Administrators;
pub use make_eligible::make_eligible;
pub use make_permanent::make_permanent;
pub use roles::{create_role, delete_role, update_role};
pub use self_activate::{SelfActivate, self_activate};
pub use self_deactivate::self_deactivate;
pub use settings::update_role_settings;
pub use sign_up::{SignUpFacts, can_sign_up, sign_up};

use crate::event::{Actor, After, Event, EventKind, Events};
use crate::{
    ApprovalState, Caller, Closing, Denied, Grant, Holding, Instant, Kind, Origin, Policy,
    PrincipalId, Request, RequestId, RequestKind, Role, Settings, grant,
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
    /// The requests for the pair of which the log does not tell yet what became of them.
    pub requests: Vec<Request>,
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
        /// The requests that are new or have changed; the one that a command is about comes first.
        requests: Vec<Request>,
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
    /// The role becomes active once this request is approved.
    AwaitsApproval(RequestId),
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

    /// Every grant that stands but what is active now; what begins later stays.
    fn deactivated(&self) -> Vec<Grant> {
        let is_active = |grant: &Grant| grant.kind == Kind::Active && grant.is_live(self.now);
        let mut grants = self.standing();
        grants.retain(|grant| !is_active(grant));
        grants
    }

    /// The requests of which something may still become.
    fn open_requests(&self) -> impl Iterator<Item = &Request> {
        self.requests
            .iter()
            .filter(|request| request.status(self.now).is_open())
    }

    /// The change to `grants` by an event.
    fn changed(&self, grants: Vec<Grant>, event: Event) -> Outcome {
        self.settled(grants, Vec::new(), Vec::new(), event)
    }

    /// The change to `grants` and to the request that the command is about.
    fn changed_with(
        &self,
        grants: Vec<Grant>,
        request: Request,
        before: Vec<Event>,
        event: Event,
    ) -> Outcome {
        self.settled(grants, vec![request], before, event)
    }

    /// What had come due is recorded first, so that nothing is ever lost; then what the change takes with it.
    fn settled(
        &self,
        mut grants: Vec<Grant>,
        mut requests: Vec<Request>,
        before: Vec<Event>,
        event: Event,
    ) -> Outcome {
        let revoked: Vec<Request> = self
            .open_requests()
            .filter(|open| requests.iter().all(|request| request.id != open.id))
            .filter(|open| !still_stands(open, &grants, self.now))
            .map(|open| Request {
                closed: Some((self.now, Closing::Revoked)),
                recorded: true,
                ..open.clone()
            })
            .collect();
        let is_left = |grant: &Grant| {
            revoked
                .iter()
                .all(|request| grant.origin != Origin::Request(request.id))
        };
        grants.retain(is_left);
        let revocations = revoked.iter().map(|request| Event {
            actor: event.actor.clone(),
            request: Some(request.id),
            ..self.event(EventKind::Revoke, &self.holding.principal)
        });
        let after = After::Assignment(grant::state(&grants, self.now));
        let now_after = |event| Event {
            after: after.clone(),
            ..event
        };
        let due = due(self);
        let mut events = due.events;
        events.extend(revocations.chain(before).map(now_after));
        let events = Events::new(events, now_after(event));
        requests.extend(due.requests);
        requests.extend(revoked);
        Outcome::Changed {
            grants,
            requests,
            events,
        }
    }

    fn event(&self, kind: EventKind, actor: &PrincipalId) -> Event {
        let actor = Actor::Principal(actor.clone());
        Event {
            principal: Some(self.holding.principal.clone()),
            role: Some(self.role.id),
            ..Event::new(self.now, kind, actor, After::Assignment(None))
        }
    }
}

/// Whether an open request can still come to something with these grants: a scheduled one as long as its grant is there,
/// and an activation as long as its principal will be eligible when it begins.
fn still_stands(request: &Request, grants: &[Grant], now: Instant) -> bool {
    let of_request = |grant: &Grant| grant.origin == Origin::Request(request.id);
    let waits = request.approval_state(now) == Some(ApprovalState::Pending);
    let eligible = request.kind != RequestKind::Activation
        || activation::is_eligible(grants, request.start.max(now));
    eligible && (waits || grants.iter().any(of_request))
}
