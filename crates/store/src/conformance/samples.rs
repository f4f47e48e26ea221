//! What the cases are made of.

use std::borrow::Cow;

use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Grant, Holding, Instant, Justification, Kind,
    Origin, PrincipalId, Remark, RequestId, RoleId, RoleName, Settings, SignedDuration, State,
    TenantId, Uuid,
};

use crate::{Change, Changeset, Clock, Committed, Expected, Loaded, Store, Wanted};

/// The time at which each case begins.
pub(super) fn now() -> Instant {
    Instant::from_micros(1_767_225_600_123_456).expect("in the calendar")
}

/// So many hours after [`now`].
pub(super) fn hour(hours: i64) -> Instant {
    now().plus(SignedDuration::from_hours(hours))
}

/// The clock that each case begins with: it stands still.
pub fn clock() -> Clock {
    Clock::standing_at(now())
}

pub(super) fn tenant(id: &str) -> TenantId {
    id.parse().expect("an id")
}

pub(super) fn acme() -> TenantId {
    tenant("acme")
}

pub(super) fn principal(id: &str) -> PrincipalId {
    id.parse().expect("an id")
}

pub(super) fn role(number: u128) -> RoleId {
    RoleId::from_u128(number)
}

pub(super) fn role_name(text: &str) -> RoleName {
    RoleName::parse(text).expect("a name")
}

pub(super) fn remark(text: &str) -> Option<Remark> {
    Remark::parse(text).expect("short enough")
}

pub(super) fn grant(kind: Kind, start: Instant, end: Option<Instant>) -> Grant {
    Grant {
        kind,
        start,
        end,
        origin: Origin::Administrator,
    }
}

/// An active grant that began an hour ago and has no end.
pub(super) fn permanent() -> Grant {
    grant(Kind::Active, hour(-1), None)
}

/// An eligible grant that began an hour ago and has no end.
pub(super) fn eligible() -> Grant {
    grant(Kind::Eligible, hour(-1), None)
}

pub(super) fn holding(id: &str, of: u128, grants: &[Grant]) -> Holding {
    Holding {
        principal: principal(id),
        role: role(of),
        grants: grants.to_vec(),
    }
}

/// The change that makes it so.
pub(super) fn hold(id: &str, of: u128, grants: &[Grant]) -> Change {
    Change::Holding(principal(id), role(of), grants.to_vec())
}

pub(super) fn settings() -> Settings {
    Settings {
        minimum: SignedDuration::from_mins(30),
        maximum: SignedDuration::from_hours(8),
        default: SignedDuration::from_hours(1),
        notification: true,
        ticket: false,
        mfa: true,
        approval: false,
        approvers: vec![principal("bob"), principal("Ada@Example.org")],
    }
}

pub(super) fn event() -> Event {
    Event {
        at: now(),
        kind: EventKind::Assign,
        actor: Actor::Principal(principal("root")),
        principal: Some(principal("ada")),
        role: Some(role(1)),
        request: None,
        justification: Justification {
            reason: remark("on call"),
            ..Justification::default()
        },
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after: After::Assignment(Some(State::Permanent)),
    }
}

pub(super) fn cause() -> Cause {
    Cause {
        operation: Cow::Borrowed("create_assignment"),
        request: Uuid::from_u128(7),
        client_request: None,
    }
}

/// A changeset with one event.
pub(super) fn changeset(
    tenant: &TenantId,
    expected: Vec<Expected>,
    changes: Vec<Change>,
) -> Changeset {
    let events = Events::new(Vec::new(), event());
    Changeset {
        tenant: tenant.clone(),
        expected,
        changes,
        events,
        cause: cause(),
    }
}

/// Commits changes that expect nothing.
pub(super) async fn write(store: &dyn Store, tenant: &TenantId, changes: Vec<Change>) -> Committed {
    store
        .commit(changeset(tenant, Vec::new(), changes))
        .await
        .expect("nothing was expected")
}

/// Everything that there is to load for this principal in this role.
pub(super) fn all_of(id: &str, of: u128) -> Wanted {
    Wanted {
        holding: Some((principal(id), role(of))),
        request: Some(RequestId::new(Uuid::from_u128(of))),
        settings: Some(role(of)),
        administrators: Some(role(of)),
        role: Some(role(of)),
        role_name: None,
        uses: None,
    }
}

pub(super) async fn load(store: &dyn Store, tenant: &TenantId, wanted: &Wanted) -> Loaded {
    store
        .load(tenant, wanted)
        .await
        .expect("a store that works")
}
