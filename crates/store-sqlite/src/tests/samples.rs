//! What the tests are made of.

use std::path::PathBuf;

use futures::executor::block_on;
use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Grant, Instant, Justification, Kind, Origin,
    RoleId, Settings, SignedDuration, TenantId,
};
use pimento_domain::{PrincipalId, Uuid};
use pimento_store::{Change, Changeset, Committed, Store, StoreError};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::{Purpose, SqliteStore};

pub(super) const ROLE: RoleId = RoleId::from_u128(0x62e90394_69f5_4237_9190_012177145e10);

/// A folder for a database, removed at the end.
pub(super) struct Place {
    folder: TempDir,
}

impl Place {
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("pimento.db")
    }

    pub(super) fn serve(&self) -> SqliteStore {
        SqliteStore::open(&self.path(), Purpose::Serve).unwrap()
    }

    /// Looks at the file, and changes it, as somebody else would.
    pub(super) fn sqlite(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

pub(super) fn acme() -> TenantId {
    "acme".parse().unwrap()
}

pub(super) fn ada() -> PrincipalId {
    "ada".parse().unwrap()
}

pub(super) fn at(micros: i64) -> Instant {
    Instant::from_micros(micros).unwrap()
}

pub(super) fn settings() -> Settings {
    Settings {
        minimum: SignedDuration::from_mins(30),
        maximum: SignedDuration::from_hours(8),
        default: SignedDuration::from_hours(1),
        notification: false,
        ticket: true,
        mfa: false,
        approval: false,
        approvers: vec![ada(), "bob".parse().unwrap()],
    }
}

pub(super) fn event(instant: Instant) -> Event {
    Event {
        at: instant,
        kind: EventKind::ChangeSettings,
        actor: Actor::Principal(ada()),
        principal: Some(ada()),
        role: Some(ROLE),
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after: After::Settings(settings()),
    }
}

/// Makes this principal permanent.
pub(super) fn change(principal: &str) -> Changeset {
    let grant = Grant {
        kind: Kind::Active,
        start: at(0),
        end: None,
        origin: Origin::Administrator,
    };
    Changeset {
        tenant: acme(),
        expected: Vec::new(),
        changes: vec![Change::Holding(
            principal.parse().unwrap(),
            ROLE,
            vec![grant],
        )],
        events: Events::new(Vec::new(), event(at(1))),
        cause: Cause {
            operation: "make_permanent".into(),
            request: Uuid::from_u128(1),
            client_request: None,
        },
    }
}

pub(super) fn commit(store: &SqliteStore, changeset: Changeset) -> Result<Committed, StoreError> {
    block_on(store.commit(changeset))
}
