//! What happened: the entries of the audit log.

use std::borrow::Cow;

use crate::{Instant, Justification, PrincipalId, RequestId, RoleId, RoleName, Settings, State};

/// What kind of thing happened. The first four are the wire's `requestType`s of the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A principal was made eligible or active by an administrator or a sign-up.
    Assign,
    /// A role became active.
    Activate,
    /// An assignment was removed.
    Unassign,
    /// A role ceased to be active.
    Deactivate,
    /// A grant was asked for that needs an approval.
    Request,
    /// A grant was given that begins later.
    Schedule,
    /// An approver said yes.
    Approve,
    /// An approver said no.
    Deny,
    /// The requestor took a request back.
    Cancel,
    /// What an open request rested on went away.
    Revoke,
    /// Nobody decided about a request in time.
    Lapse,
    /// A role's settings changed.
    ChangeSettings,
    /// A tenant was registered.
    SignUp,
    /// A tenant's set-up was completed.
    CompleteSetup,
    /// A role of the tenant's own was made.
    CreateRole,
    /// A role of the tenant's own was given another name.
    RenameRole,
    /// A role of the tenant's own was removed.
    RemoveRole,
    /// A privileged attempt was refused.
    Refuse,
    /// What an earlier event said was erased.
    Erase,
}

impl EventKind {
    /// Whether the wire has a word for it. It has none for what is asked and decided, only for what comes of it.
    pub fn is_operation(self) -> bool {
        matches!(
            self,
            Self::Assign | Self::Activate | Self::Unassign | Self::Deactivate
        )
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A caller.
    Principal(PrincipalId),
    /// Pimento itself, when a time came.
    Pimento,
    /// Whoever runs the server, with a command on its machine.
    Operator,
}

/// What the log adds to an event in the protocol's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// "Make permanent admin".
    MadePermanent,
    /// "Make eligible admin".
    MadeEligible,
    /// "Expired".
    Expired,
}

/// What is so after the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// The assignment's state; `None` when it is gone.
    Assignment(Option<State>),
    /// The role's settings.
    Settings(Settings),
    /// The tenant is registered.
    Registered,
    /// The tenant's set-up is complete.
    SetUp,
    /// The role has this name.
    Role(RoleName),
    /// The role is gone.
    RoleRemoved,
    /// Nothing has changed.
    Refused(Refusal),
    /// Nothing is left of the event of this sequence number but its digest.
    Erased(u64),
}

/// An attempt that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code of the answer.
    pub code: Cow<'static, str>,
    /// How often the same attempt was refused in the same way.
    pub times: u32,
}

/// One entry of the audit log. The request behind it comes with the change that records it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it happened, which for an expiry is before it is recorded.
    pub at: Instant,
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub actor: Actor,
    /// To whom, if to somebody.
    pub principal: Option<PrincipalId>,
    /// Of which role, if of one.
    pub role: Option<RoleId>,
    /// Which request it is about, if about one.
    pub request: Option<RequestId>,
    /// Why, as far as the actor said.
    pub justification: Justification,
    /// The protocol's own remark.
    pub note: Option<Note>,
    /// The end of what this event gave, now or for later: of an activation, or of an eligibility that has one.
    pub until: Option<Instant>,
    /// Whether an administrator granted to themselves.
    pub self_grant: bool,
    /// Whether an administrator made the role active without the approval that its settings demand then. What is given for
    /// later says so where it is given, and not again where it begins: by then the settings may be others.
    pub without_approval: bool,
    /// What is so after it.
    pub after: After,
}

impl Event {
    /// An event of which nothing more is to be said; `..` adds to it what is.
    pub fn new(at: Instant, kind: EventKind, actor: Actor, after: After) -> Self {
        Self {
            at,
            kind,
            actor,
            principal: None,
            role: None,
            request: None,
            justification: Justification::default(),
            note: None,
            until: None,
            self_grant: false,
            without_approval: false,
            after,
        }
    }
}

/// At least one event: what a change must bring to be committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events(Vec<Event>);

impl Events {
    /// The events in the order in which they are recorded: `before`, then `last`. There is no other way to make some,
    /// so there are never none.
    pub fn new(before: Vec<Event>, last: Event) -> Self {
        let mut events = before;
        events.push(last);
        Self(events)
    }

    /// The events in order.
    pub fn iter(&self) -> impl Iterator<Item = &Event> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: EventKind) -> Event {
        let at = Instant::from_micros(0).unwrap();
        Event::new(at, kind, Actor::Pimento, After::Assignment(None))
    }

    fn kinds(before: &[EventKind], last: EventKind) -> Vec<EventKind> {
        let before = before.iter().copied().map(event).collect();
        let events = Events::new(before, event(last));
        events.iter().map(|event| event.kind).collect()
    }

    #[test]
    fn events_keep_their_order_and_the_last_stays_last() {
        let before = [EventKind::Deactivate, EventKind::Activate];
        assert_eq!(
            kinds(&before, EventKind::Unassign),
            [
                EventKind::Deactivate,
                EventKind::Activate,
                EventKind::Unassign
            ]
        );
    }

    #[test]
    fn one_event_is_enough() {
        assert_eq!(kinds(&[], EventKind::Assign), [EventKind::Assign]);
    }
}
