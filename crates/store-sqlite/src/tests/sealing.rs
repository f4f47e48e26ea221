//! Logs that were sealed: whatever is changed in the file afterwards is found, and the first broken place is named.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use futures::executor::block_on;
use pimento_domain::{
    Actor, After, Event, EventKind, Events, Justification, Note, Refusal, Remark, RequestId,
    RoleName, State, TenantId, Uuid,
};
use pimento_store::seal::{Broken, Fault, Head, SealKey, Summary, extend};
use pimento_store::{Changeset, Store};
use rusqlite::Connection;
use tempfile::TempDir;

use super::samples::{Place, acme, at, change, event, settings};
use crate::{Log, OpenError, Purpose, SqliteStore, schema};

/// A key that each test has for itself.
pub(super) fn key() -> SealKey {
    SealKey::generate().unwrap()
}

/// Seals what waits of this tenant, so many events for each head.
pub(super) fn seal(store: &SqliteStore, tenant: &TenantId, key: &SealKey, batch: usize) {
    loop {
        let tail = block_on(store.tail(tenant, batch)).unwrap();
        match extend(tenant, &tail, at(7), key).unwrap() {
            Some(sealed) => block_on(store.seal(sealed)).unwrap(),
            None => return,
        }
    }
}

pub(super) fn record(store: &SqliteStore, tenant: &TenantId, event: Event) {
    let changeset = Changeset {
        tenant: tenant.clone(),
        changes: Vec::new(),
        events: Events::new(Vec::new(), event),
        ..change("ada")
    };
    block_on(store.commit(changeset)).unwrap();
}

/// What is found out about the logs of all tenants together: the first that is broken, or each summary.
pub(super) fn verify(
    place: &Place,
    key: &SealKey,
    written: &[Head],
) -> Result<Vec<Summary>, Broken> {
    let mut log = Log::open(&place.path()).unwrap();
    let mut summaries = Vec::new();
    let mut last: Option<TenantId> = None;
    while let Some(tenant) = log.next_tenant(last.as_ref()).unwrap() {
        summaries.push(log.verify(&tenant, &[key.public_key()], written).unwrap()?);
        last = Some(tenant);
    }
    Ok(summaries)
}

fn remark(text: &str) -> Option<Remark> {
    Remark::parse(text).unwrap()
}

/// Events that between them have something in every column, in pairs of which each has its twin in another tenant.
fn events() -> Vec<Event> {
    let afters = [
        After::Settings(settings()),
        After::Assignment(Some(State::EligibleAndActive { until: at(9) })),
        After::Assignment(None),
        After::Registered,
        After::Role(RoleName::parse("Night watch").unwrap()),
        After::Refused(Refusal {
            code: "MfaRequired".into(),
            times: 3,
        }),
        After::Assignment(Some(State::Permanent)),
        After::SetUp,
    ];
    let full = |after| Event {
        after,
        kind: EventKind::Activate,
        request: Some(RequestId::new(Uuid::from_u128(5))),
        justification: Justification {
            reason: remark("on call"),
            ticket_number: remark("CHG-1"),
            ticket_system: remark("desk"),
        },
        note: Some(Note::MadePermanent),
        until: Some(at(3)),
        ..event(at(1))
    };
    let bare = Event {
        actor: Actor::Pimento,
        principal: None,
        role: None,
        after: After::RoleRemoved,
        ..event(at(2))
    };
    let mut events: Vec<Event> = afters.into_iter().map(full).collect();
    events.push(bare);
    events
}

/// Two tenants with nine events each, with heads at 4, 8 and 9.
pub(super) fn sealed() -> (Place, SealKey) {
    let (place, key) = (Place::new(), key());
    let store = place.serve();
    for tenant in [acme(), other()] {
        for event in events() {
            record(&store, &tenant, event);
        }
        seal(&store, &tenant, &key, 4);
    }
    drop(store);
    (place, key)
}

fn other() -> TenantId {
    "other".parse().unwrap()
}

/// The same files, to be changed, in another folder.
pub(super) fn copy(place: &Place) -> Place {
    let copy = Place::new();
    fs::copy(place.path(), copy.path()).unwrap();
    copy
}

/// Where a log is broken, why, and how far it holds for certain.
pub(super) fn found(place: &Place, key: &SealKey, written: &[Head]) -> (String, u64, Fault, u64) {
    let broken = verify(place, key, written).expect_err("nothing was found");
    (
        broken.tenant.to_string(),
        broken.sequence,
        broken.fault,
        broken.holds_until.map_or(0, |head| head.sequence),
    )
}

#[test]
fn a_log_as_it_was_sealed_holds() {
    let (place, key) = sealed();
    for summary in verify(&place, &key, &[]).unwrap() {
        let counts = (summary.sealed, summary.erased, summary.unsealed);
        assert_eq!(counts, (9, 0, 0));
        assert_eq!(summary.head.unwrap().sequence, 9);
    }
}

/// The columns of a table, with their types.
pub(super) fn columns(connection: &Connection, table: &str) -> Vec<(String, String)> {
    let mut statement = connection
        .prepare(&format!("PRAGMA table_info({table})"))
        .unwrap();
    let columns = statement
        .query_map([], |row| Ok((row.get("name")?, row.get("type")?)))
        .unwrap();
    columns.map(Result::unwrap).collect()
}

#[test]
fn a_log_that_is_read_in_many_pages_holds_and_is_shown_without_gaps_or_doubles() {
    let (place, key) = (Place::new(), key());
    let store = place.serve();
    let many = |count: usize| Changeset {
        changes: Vec::new(),
        events: Events::new(vec![event(at(1)); count - 1], event(at(1))),
        ..change("ada")
    };
    block_on(store.commit(many(700))).unwrap();
    // Of these three tables each ends elsewhere in the first pages.
    seal(&store, &acme(), &key, 2);
    block_on(store.commit(many(300))).unwrap();
    drop(store);
    let summary = verify(&place, &key, &[]).unwrap().remove(0);
    assert_eq!((summary.sealed, summary.unsealed), (700, 300));
    for after in [None, Some(0), Some(255), Some(256), Some(999), Some(1_000)] {
        let mut shown = Vec::new();
        let mut log = Log::open(&place.path()).unwrap();
        let end: ControlFlow<()> = log
            .read(&acme(), after, |entry| {
                shown.push((entry.sequence, entry.link.is_some(), entry.head.is_some()));
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(end, ControlFlow::Continue(()));
        let expected = (after.unwrap_or(0) + 1..=1_000)
            .map(|number| (number, number <= 700, number <= 700 && number % 2 == 0));
        assert!(shown.into_iter().eq(expected), "after {after:?}");
    }
}

#[test]
fn a_database_that_is_older_than_a_head_that_was_written_down_is_found() {
    let (old, key) = sealed();
    let new = copy(&old);
    let store = new.serve();
    record(&store, &acme(), event(at(8)));
    seal(&store, &acme(), &key, 9);
    drop(store);
    let written = Log::open(&new.path()).unwrap().heads(&acme(), 2).unwrap();
    assert_eq!(
        written.iter().map(|head| head.sequence).collect::<Vec<_>>(),
        [10, 9]
    );
    verify(&new, &key, &written).unwrap();
    verify(&old, &key, &written[1..]).unwrap();
    let expected = ("acme".to_owned(), 10, Fault::CutOff(10), 9);
    assert_eq!(found(&old, &key, &written), expected);
    // It goes on from there as if nothing had been, and then has another head of that number.
    let store = old.serve();
    record(&store, &acme(), event(at(9)));
    seal(&store, &acme(), &key, 9);
    drop(store);
    verify(&old, &key, &[]).unwrap();
    let expected = ("acme".to_owned(), 10, Fault::Replaced(at(7)), 10);
    let (tenant, sequence, fault, _) = found(&old, &key, &written);
    assert_eq!(
        (tenant, sequence, fault),
        (expected.0, expected.1, expected.2)
    );
}

/// A database of the last version of the schema that knew no seals, with the events of this one.
fn unsealed_copy(new: &Place, old: &Path) {
    let before = schema::MIGRATIONS
        .iter()
        .position(|migration| migration.contains("CREATE TABLE seals"));
    let before = before.unwrap();
    let connection = Connection::open(old).unwrap();
    for migration in &schema::MIGRATIONS[..before] {
        connection.execute_batch(migration).unwrap();
    }
    let names: Vec<String> = columns(&connection, "events")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let names = names.join(", ");
    connection
        .execute_batch(&format!(
            "PRAGMA application_id = {}; PRAGMA user_version = {before};
             INSERT INTO meta (only_row, purpose, revision) VALUES (1, 'serve', 9);
             ATTACH '{}' AS new; INSERT INTO events ({names}) SELECT {names} FROM new.events",
            schema::APPLICATION_ID,
            new.path().display()
        ))
        .unwrap();
}

#[test]
fn old_events_are_sealed_from_the_first_when_the_schema_learns_of_seals() {
    let (place, key) = (Place::new(), key());
    let store = place.serve();
    for event in events() {
        record(&store, &acme(), event);
    }
    drop(store);
    let new = place;
    let place = Place::new();
    unsealed_copy(&new, &place.path());
    let refusal = Log::open(&place.path()).unwrap_err();
    assert!(matches!(refusal, OpenError::Unsealed { .. }), "{refusal}");
    let store = place.serve();
    assert_eq!(block_on(store.unsealed(None, 9)), Ok(vec![acme()]));
    seal(&store, &acme(), &key, 4);
    drop(store);
    assert_eq!(verify(&place, &key, &[]).unwrap()[0].sealed, 9);
}

#[test]
fn a_log_is_read_beside_a_server_that_writes_and_in_a_folder_that_is_left_as_it_was() {
    let (place, key) = sealed();
    let names = |place: &Place| {
        let folder = place.path().parent().unwrap().to_owned();
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let before = (names(&place), fs::read(place.path()).unwrap());
    verify(&place, &key, &[]).unwrap();
    assert!((names(&place), fs::read(place.path()).unwrap()) == before);

    let store = place.serve();
    for round in 10..60 {
        record(&store, &acme(), event(at(round)));
        let summary = verify(&place, &key, &[]).unwrap().remove(0);
        assert_eq!(summary.sealed + summary.unsealed, round.unsigned_abs());
        if round % 3 == 0 {
            seal(&store, &acme(), &key, 2);
        }
    }
}

#[test]
fn a_file_that_is_no_log_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("pimento.db");
    assert!(matches!(
        Log::open(&path).unwrap_err(),
        OpenError::File { .. }
    ));
    fs::write(&path, "").unwrap();
    assert!(matches!(
        Log::open(&path).unwrap_err(),
        OpenError::Unsealed { .. }
    ));
    fs::write(&path, "hello ".repeat(1_000)).unwrap();
    assert!(matches!(
        Log::open(&path).unwrap_err(),
        OpenError::Foreign { .. }
    ));
    let dev = folder.path().join("dev.db");
    drop(SqliteStore::open(&dev, Purpose::Dev).unwrap());
    assert_eq!(Log::open(&dev).unwrap().next_tenant(None), Ok(None));
}
