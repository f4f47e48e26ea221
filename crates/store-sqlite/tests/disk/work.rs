//! Work for a store, of which is known what was acknowledged, and what has to be there then.

use std::path::{Path, PathBuf};

use futures::executor::block_on;
use futures::future::join_all;
use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Grant, Instant, Justification, Kind, Origin,
    PrincipalId, RoleId, RoleName, Settings, SignedDuration, State, TenantId, Uuid,
};
use pimento_store::memory::MemoryStore;
use pimento_store::{Change, Changeset, Clock, RecordedEvent, Store, StoreError};
use pimento_store_sqlite::{OpenError, Purpose, SqliteStore};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::seen::Seen;

/// The tenants of the work.
const TENANTS: [&str; 2] = ["acme", "Acme"];

/// How many people it is about.
pub(crate) const PEOPLE: usize = 7;

pub(crate) const ROLE: RoleId = RoleId::from_u128(0x62e90394_69f5_4237_9190_012177145e10);

/// A folder for a database, removed at the end.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder().join("pimento.db")
    }

    /// Where the store notes what it has acknowledged.
    pub(crate) fn note(&self) -> PathBuf {
        self.folder().join("pimento.db-acknowledged")
    }

    pub(crate) fn open(&self) -> Result<SqliteStore, OpenError> {
        SqliteStore::open(&self.database(), Purpose::Serve)
    }

    /// What somebody sees and does who looks at the file with a tool.
    pub(crate) fn sqlite(&self) -> Connection {
        Connection::open(self.database()).unwrap()
    }
}

fn tenant(number: usize) -> TenantId {
    TENANTS[number % TENANTS.len()].parse().unwrap()
}

pub(crate) fn person(number: usize) -> PrincipalId {
    format!("p{}", number % PEOPLE).parse().unwrap()
}

pub(crate) fn at(number: usize) -> Instant {
    Instant::from_micros(i64::try_from(number).unwrap()).unwrap()
}

fn settings(number: usize) -> Settings {
    Settings {
        minimum: SignedDuration::from_mins(30),
        maximum: SignedDuration::from_hours(8),
        default: SignedDuration::from_mins(30 + i64::try_from(number).unwrap()),
        notification: false,
        ticket: number.is_multiple_of(2),
        mfa: false,
        approval: false,
        approvers: vec![person(number)],
    }
}

fn event(number: usize, after: After) -> Event {
    Event {
        at: at(number),
        kind: EventKind::Assign,
        actor: Actor::Principal(person(number)),
        principal: Some(person(number)),
        role: Some(ROLE),
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after,
    }
}

/// A role is made, renamed or removed.
fn own_role(number: usize) -> Change {
    let id = own_id(number);
    match RoleName::parse(&format!("Role {number}")) {
        Ok(name) if !number.is_multiple_of(2) => Change::Role(id, name),
        _ => Change::RemoveRole(id),
    }
}

pub(crate) fn own_id(number: usize) -> RoleId {
    RoleId::from_u128((number % 4) as u128)
}

/// A change that no other is equal to: some are small, some fill more than a page, some take away.
pub(crate) fn changeset(number: usize) -> Changeset {
    let grant = |kind, start| Grant {
        kind,
        start: at(start),
        end: None,
        origin: Origin::Administrator,
    };
    let grants = match number % 5 {
        0 => vec![],
        1 => vec![grant(Kind::Eligible, number), grant(Kind::Active, 0)],
        _ => vec![grant(Kind::Active, number)],
    };
    let mut changes = vec![Change::Holding(person(number), ROLE, grants)];
    let mut first = Vec::new();
    if number.is_multiple_of(3) {
        changes.push(Change::Settings(ROLE, settings(number)));
        changes.push(Change::Register(at(number)));
        changes.push(Change::Administrators(ROLE));
        changes.push(own_role(number));
        first.push(event(number, After::Settings(settings(number))));
    }
    let last = event(number, After::Assignment(Some(State::Permanent)));
    Changeset {
        tenant: tenant(number / 2),
        expected: Vec::new(),
        changes,
        events: Events::new(first, last),
        cause: Cause {
            operation: "work".into(),
            request: Uuid::from_u128(number as u128),
            client_request: number.is_multiple_of(9).then(|| "x".repeat(6_000)),
        },
    }
}

/// What the log is told when an event is erased; none is.
pub(crate) fn erasing(tenant: &TenantId) -> Changeset {
    let event = Event {
        kind: EventKind::Erase,
        ..event(0, After::Erased(u64::from(u32::MAX)))
    };
    Changeset {
        tenant: tenant.clone(),
        changes: Vec::new(),
        events: Events::new(Vec::new(), event),
        ..changeset(0)
    }
}

/// A change that was handed to a store.
#[derive(Clone, Debug)]
struct Sent {
    changeset: Changeset,
    /// The sequence number of its last event, or why it was refused.
    answer: Result<u64, StoreError>,
    /// How far the disk was when it was answered.
    position: usize,
}

/// What is wrong with a store.
#[derive(Debug, PartialEq)]
pub(crate) enum Fault {
    /// It says that it cannot be read.
    Unreadable(StoreError),
    /// It answers what is not so.
    Wrong(String),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Unreadable(error)
    }
}

/// All that was handed to a store.
#[derive(Debug, Default)]
pub(crate) struct Work {
    sent: Vec<Sent>,
}

impl Work {
    /// Commits so many changes at once; `position` says how far the disk is.
    pub(crate) fn commit(
        &mut self,
        store: &SqliteStore,
        count: usize,
        position: impl Fn() -> usize,
    ) -> Vec<StoreError> {
        let first = self.sent.len();
        let changesets: Vec<_> = (first..first + count).map(changeset).collect();
        let commits = changesets.clone().into_iter().map(|changeset| {
            let (commit, position) = (store.commit(changeset), &position);
            async move {
                let answer = commit.await.map(|committed| committed.sequence);
                (answer, position())
            }
        });
        let answers = block_on(join_all(commits));
        let refused = answers
            .iter()
            .filter_map(|(answer, _)| answer.clone().err());
        let refused = refused.collect();
        let sent = std::iter::zip(changesets, answers);
        self.sent
            .extend(sent.map(|(changeset, (answer, position))| Sent {
                changeset,
                answer,
                position,
            }));
        refused
    }

    /// Whether the store has all that was acknowledged when the disk was here, and of what came later the beginning or
    /// nothing; or what is wrong.
    pub(crate) fn check(
        &self,
        store: &SqliteStore,
        position: usize,
        in_doubt: InDoubt,
    ) -> Result<(), Fault> {
        for name in TENANTS {
            let tenant = name.parse().unwrap();
            let events = block_on(store.events(&tenant, 0, usize::MAX))?;
            let there = self.changes_of(&events).map_err(Fault::Wrong)?;
            self.has_all_that_counts(&tenant, &there, position, in_doubt)
                .map_err(Fault::Wrong)?;
            let model = MemoryStore::new(Clock::process());
            for sent in there {
                block_on(model.commit(sent.changeset.clone())).unwrap();
            }
            let expected = Seen::of(&model, &tenant)?;
            let seen = Seen::of(store, &tenant)?;
            if seen != expected {
                let wrong = format!("{name}: {} instead of {}", start(&seen), start(&expected));
                return Err(Fault::Wrong(wrong));
            }
        }
        Ok(())
    }

    /// The changes that a log is made of, each whole, without a gap.
    fn changes_of(&self, mut events: &[RecordedEvent]) -> Result<Vec<&Sent>, String> {
        let mut changes = Vec::new();
        let mut sequence = 0;
        while let Some(first) = events.first() {
            let number = first.cause.request.as_u128();
            let sent = usize::try_from(number).ok();
            let sent = sent.and_then(|number| self.sent.get(number));
            let sent = sent.ok_or_else(|| format!("nobody sent {}", start(first)))?;
            let mut expected = Vec::new();
            for event in sent.changeset.events.iter() {
                sequence += 1;
                expected.push(RecordedEvent {
                    sequence,
                    cause: sent.changeset.cause.clone(),
                    event: event.clone(),
                });
            }
            events = events.strip_prefix(&expected[..]).ok_or_else(|| {
                format!("{} do not begin with {}", start(&events), start(&expected))
            })?;
            changes.push(sent);
        }
        Ok(changes)
    }

    fn has_all_that_counts(
        &self,
        tenant: &TenantId,
        there: &[&Sent],
        position: usize,
        in_doubt: InDoubt,
    ) -> Result<(), String> {
        let of_tenant = |sent: &&Sent| sent.changeset.tenant == *tenant;
        let mut log: Vec<(u64, usize)> = self
            .sent
            .iter()
            .filter(of_tenant)
            .filter_map(|sent| Some((sent.answer.clone().ok()?, sent.position)))
            .collect();
        log.sort_unstable();
        let acknowledged = log.iter().filter(|(_, at)| *at <= position).count();
        let mut found = Vec::new();
        for sent in there {
            match &sent.answer {
                Ok(sequence) => found.push((*sequence, sent.position)),
                Err(_) if position < sent.position => {}
                Err(StoreError::InDoubt(_)) if in_doubt == InDoubt::MayBeThere => {}
                Err(error) => return Err(format!("refused, but there: {error}")),
            }
        }
        if found.len() < acknowledged {
            let there = found.len();
            return Err(format!(
                "{acknowledged} changes were acknowledged, {there} are there"
            ));
        }
        // Who was in doubt and is there has taken a number that another one was not given.
        let numbers = |log: &[(u64, usize)]| log.iter().map(|(_, at)| *at).collect::<Vec<_>>();
        if numbers(&log).starts_with(&numbers(&found)) {
            Ok(())
        } else {
            Err(format!("{found:?} are there, out of {log:?}"))
        }
    }
}

/// What is to be found of a change that is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InDoubt {
    /// Nothing: the store has not been opened anew.
    IsAbsent,
    /// Nothing, or all of it.
    MayBeThere,
}

/// The beginning of a value that would fill the screen.
fn start(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take(1_000).collect()
}
