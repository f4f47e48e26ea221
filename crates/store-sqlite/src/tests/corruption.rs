//! What no Pimento wrote is reported as such: no panic, and no guess.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};

use futures::executor::block_on;
use pimento_domain::{Events, RoleName};
use pimento_store::{
    AssignmentQuery, Change, Changeset, RoleQuery, Store, StoreError, Total, Wanted,
};

use super::samples::{Place, ROLE, acme, ada, at, change, event, settings};
use crate::SqliteStore;

fn ops() -> RoleName {
    RoleName::parse("Ops").unwrap()
}

/// A database with a row in each table.
fn filled() -> (Place, SqliteStore) {
    let place = Place::new();
    let store = place.serve();
    let mut changeset = Changeset {
        events: Events::new(Vec::new(), event(at(1))),
        ..change("ada")
    };
    changeset.changes.extend([
        Change::Register(at(1)),
        Change::Settings(ROLE, settings()),
        Change::Administrators(ROLE),
        Change::Role(ROLE, ops()),
    ]);
    block_on(store.commit(changeset)).unwrap();
    (place, store)
}

/// What each read answers, by name: nothing, or why not.
fn answers(store: &SqliteStore) -> [(&'static str, Option<StoreError>); 5] {
    let wanted = Wanted {
        holding: Some((ada(), ROLE)),
        request: None,
        settings: Some(ROLE),
        administrators: Some(ROLE),
        role: None,
        role_name: Some(ops()),
        uses: Some(ROLE),
    };
    let roles = RoleQuery {
        limit: 9,
        total: Total::Count,
        ..RoleQuery::everything()
    };
    let query = AssignmentQuery {
        limit: 9,
        total: Total::Count,
        ..AssignmentQuery::everything()
    };
    [
        ("load", block_on(store.load(&acme(), &wanted)).err()),
        (
            "holdings_of",
            block_on(store.holdings_of(&acme(), &ada())).err(),
        ),
        (
            "list",
            block_on(store.list_assignments(&acme(), &query)).err(),
        ),
        ("events", block_on(store.events(&acme(), 0, 9)).err()),
        ("roles", block_on(store.list_roles(&acme(), &roles)).err()),
    ]
}

/// After this damage exactly these reads answer that the store is corrupt, naming the table.
fn assert_corrupt(damage: &str, reads: &[&str], table: &str) {
    let (place, store) = filled();
    let damaged = place.sqlite().execute(damage, []).unwrap();
    assert_eq!(damaged, 1, "{damage}");
    for (read, error) in answers(&store) {
        match error {
            None => assert!(!reads.contains(&read), "{read} reads on after {damage}"),
            Some(StoreError::Corrupt(why)) => {
                assert!(reads.contains(&read), "{read} fails after {damage}: {why}");
                assert!(why.contains(table), "{why}");
            }
            Some(other) => panic!("{read} after {damage}: {other}"),
        }
    }
}

#[test]
fn rows_that_are_whole_are_read() {
    let (_place, store) = filled();
    assert!(answers(&store).iter().all(|(_, error)| error.is_none()));
}

#[test]
fn grants_that_cannot_be_read_are_reported() {
    let all = ["load", "holdings_of", "list"];
    assert_corrupt("UPDATE grants SET kind = 'owner'", &all, "grants");
    assert_corrupt("UPDATE grants SET origin = ''", &all, "grants");
    assert_corrupt(
        "UPDATE grants SET starts_at = -9223372036854775808",
        &all,
        "grants",
    );
    assert_corrupt(
        "UPDATE grants SET ends_at = 9223372036854775807",
        &all,
        "grants",
    );
    assert_corrupt(
        "UPDATE grants SET kind = CAST(x'ff' AS TEXT)",
        &all,
        "grants",
    );
    assert_corrupt(
        "UPDATE grants SET principal = 'a b'",
        &["list", "load"],
        "grants",
    );
    assert_corrupt(
        "UPDATE grants SET principal = '62E90394-69F5-4237-9190-012177145E10'",
        &["list", "load"],
        "grants",
    );
    assert_corrupt(
        "UPDATE grants SET role = upper(role)",
        &["list", "holdings_of"],
        "grants",
    );
    assert_corrupt("UPDATE grants SET revision = -1", &["load"], "grants");
}

#[test]
fn settings_that_cannot_be_read_are_reported() {
    assert_corrupt(
        "UPDATE settings SET minimum_duration = 'soon'",
        &["load"],
        "settings",
    );
    assert_corrupt(
        "UPDATE settings SET default_duration = '1 hour'",
        &["load"],
        "settings",
    );
    assert_corrupt(
        "UPDATE settings SET approvers = 'ada  bob'",
        &["load"],
        "settings",
    );
    assert_corrupt("UPDATE settings SET approvers = ' '", &["load"], "settings");
}

#[test]
fn roles_that_cannot_be_read_are_reported() {
    let all = ["load", "roles"];
    assert_corrupt("UPDATE roles SET name = ' Ops'", &all, "roles");
    assert_corrupt("UPDATE roles SET name = ''", &all, "roles");
    assert_corrupt("UPDATE roles SET name = char(7)", &all, "roles");
    assert_corrupt("UPDATE roles SET id = upper(id)", &all, "roles");
    assert_corrupt("UPDATE roles SET revision = -1", &all, "roles");
}

#[test]
fn registrations_that_cannot_be_read_are_reported() {
    assert_corrupt(
        "UPDATE tenants SET registered_at = 9223372036854775807",
        &["load"],
        "tenants",
    );
    assert_corrupt("UPDATE tenants SET revision = -1", &["load"], "tenants");
    assert_corrupt("UPDATE tenants SET setup = 'done'", &["load"], "tenants");
}

#[test]
fn events_that_cannot_be_read_are_reported() {
    for damage in [
        "kind = 'Assign'",
        "at = 9223372036854775807",
        "actor = ' '",
        "principal = 'é'",
        "role = 'owner'",
        "reason = ' '",
        "reason = printf('%500d', 1)",
        "note = 'new'",
        "request = 'r'",
        "client_request = CAST(x'ff' AS TEXT)",
        "after = 'active'",
        "after = 'lost'",
        "after = 'role'",
        "after = 'role', role_name = ' '",
        "after = 'erased'",
        "after = 'erased', erased = -1",
        "after = 'refused', refusal = 'x'",
        "after = 'refused', refusal = 'x', times = -1",
        "approvers = NULL",
        "ticket = NULL",
        "maximum_duration = ''",
    ] {
        assert_corrupt(
            &format!("UPDATE events SET {damage}"),
            &["events"],
            "events",
        );
    }
}

#[test]
fn a_missing_table_is_reported() {
    let (place, store) = filled();
    place.sqlite().execute_batch("DROP TABLE settings").unwrap();
    let [(_, load), rest @ ..] = answers(&store);
    assert!(
        matches!(&load, Some(StoreError::Corrupt(why)) if why.contains("settings")),
        "{load:?}"
    );
    assert!(rest.iter().all(|(_, error)| error.is_none()));
}

#[test]
fn a_torn_page_is_reported_by_reads_and_writes() {
    let (place, store) = filled();
    drop(store);
    let page = |sql: &str| {
        place
            .sqlite()
            .query_row(sql, [], |row| row.get::<_, u64>(0))
            .unwrap()
    };
    let size = page("PRAGMA page_size");
    let root = page("SELECT rootpage FROM sqlite_schema WHERE name = 'grants'");
    let mut file = OpenOptions::new().write(true).open(place.path()).unwrap();
    file.seek(SeekFrom::Start((root - 1) * size)).unwrap();
    file.write_all(&vec![0xaa; usize::try_from(size).unwrap()])
        .unwrap();
    drop(file);
    let store = place.serve();
    let [_, (_, read), ..] = answers(&store);
    assert!(matches!(read, Some(StoreError::Corrupt(_))), "{read:?}");
    let write = block_on(store.commit(change("ada")));
    assert!(matches!(write, Err(StoreError::Corrupt(_))), "{write:?}");
}
