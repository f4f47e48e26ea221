//! Which files are opened, by whom, and which are refused and left as they were.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use futures::executor::block_on;
use pimento_domain::SignedDuration;
use pimento_store::{Changeset, Clock, Store};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::samples::{Place, acme, at, change, commit, event};
use crate::{OpenError, Purpose, SqliteStore, schema};

fn refusal(path: &Path, purpose: Purpose) -> OpenError {
    SqliteStore::open(path, purpose).unwrap_err()
}

/// What each file of the folder holds, but for the index of a log, which is not kept.
fn contents(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let file = |entry: io::Result<DirEntry>| {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let bytes = match name.to_str().unwrap().ends_with("-shm") {
            true => Vec::new(),
            false => fs::read(entry.path()).unwrap(),
        };
        (name, bytes)
    };
    fs::read_dir(folder).unwrap().map(file).collect()
}

/// The file is refused with a message that says this, and its folder is as it was, whether a server ever had the file open
/// or not.
pub(super) fn assert_refused(path: &Path, purpose: Purpose, words: &[&str]) {
    let folder = path.parent().unwrap();
    let lock = crate::open::beside(path, ".lock");
    for _ in 0..2 {
        let before = contents(folder);
        let message = refusal(path, purpose).to_string();
        for word in words.iter().chain([&path.to_str().unwrap()]) {
            assert!(message.contains(word), "{message:?} does not say {word:?}");
        }
        let after = contents(folder);
        assert!(before.keys().eq(after.keys()), "{:?}", after.keys());
        assert!(before == after, "a file was changed");
        match lock.exists() {
            true => fs::remove_file(&lock).unwrap(),
            false => fs::write(&lock, "").unwrap(),
        }
    }
}

#[test]
fn what_was_written_is_there_after_reopening() {
    let place = Place::new();
    let sequence = commit(&place.serve(), change("ada")).unwrap().sequence;
    let store = place.serve();
    assert_eq!(block_on(store.events(&acme(), 0, 9)).unwrap().len(), 1);
    assert_eq!(
        commit(&store, change("ada")).unwrap().sequence,
        sequence + 1
    );
}

#[test]
fn revisions_go_on_after_reopening_even_where_the_newest_row_is_gone() {
    let place = Place::new();
    commit(&place.serve(), change("ada")).unwrap();
    let revision = |connection: &Connection| -> u64 {
        connection
            .query_row("SELECT revision FROM grants", [], |row| row.get(0))
            .unwrap()
    };
    let first = revision(&place.sqlite());
    let mut removal = change("ada");
    removal.changes = vec![pimento_store::Change::Holding(
        "ada".parse().unwrap(),
        super::samples::ROLE,
        vec![],
    )];
    commit(&place.serve(), removal).unwrap();
    commit(&place.serve(), change("ada")).unwrap();
    assert!(first + 1 < revision(&place.sqlite()));
}

#[test]
fn a_database_is_open_only_once() {
    let place = Place::new();
    let store = place.serve();
    assert!(matches!(
        refusal(&place.path(), Purpose::Serve),
        OpenError::InUse { .. }
    ));
    assert!(matches!(
        refusal(&place.path(), Purpose::Dev),
        OpenError::InUse { .. }
    ));
    drop(store);
    place.serve();
}

#[cfg(unix)]
#[test]
fn a_second_name_of_a_database_does_not_open_it_twice() {
    let place = Place::new();
    let _store = place.serve();
    let link = place.path().with_file_name("link.db");
    std::os::unix::fs::symlink(place.path(), &link).unwrap();
    assert!(matches!(
        refusal(&link, Purpose::Serve),
        OpenError::InUse { .. }
    ));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let store = place.serve();
    commit(&store, change("ada")).unwrap();
    let mut files = 0;
    for file in fs::read_dir(place.path().parent().unwrap()).unwrap() {
        let file = file.unwrap();
        assert_eq!(
            file.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{:?}",
            file.path()
        );
        files += 1;
    }
    assert_eq!(
        files, 5,
        "database, log, index of the log, lock, what was acknowledged"
    );
}

#[test]
fn a_closed_database_is_one_file_and_its_lock() {
    let place = Place::new();
    commit(&place.serve(), change("ada")).unwrap();
    let mut names: Vec<_> = fs::read_dir(place.path().parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["pimento.db", "pimento.db.lock"]);
}

#[test]
fn a_newer_schema_is_refused() {
    let place = Place::new();
    drop(place.serve());
    place
        .sqlite()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let known = schema::VERSION.to_string();
    assert_refused(&place.path(), Purpose::Serve, &["99", &known]);
    assert!(matches!(
        refusal(&place.path(), Purpose::Serve),
        OpenError::Version { found: 99, .. }
    ));
}

#[test]
fn a_file_of_another_program_is_refused() {
    let place = Place::new();
    place
        .sqlite()
        .execute_batch("CREATE TABLE theirs (id INTEGER)")
        .unwrap();
    assert_refused(
        &place.path(),
        Purpose::Serve,
        &["not a database of Pimento"],
    );
    assert!(matches!(
        refusal(&place.path(), Purpose::Dev),
        OpenError::Foreign { .. }
    ));
    place
        .sqlite()
        .execute_batch("DROP TABLE theirs; PRAGMA application_id = 7")
        .unwrap();
    assert_refused(
        &place.path(),
        Purpose::Serve,
        &["not a database of Pimento"],
    );
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let place = Place::new();
    fs::write(place.path(), "listen = \"127.0.0.1:8080\"\n".repeat(200)).unwrap();
    assert_refused(
        &place.path(),
        Purpose::Serve,
        &["not a database of Pimento"],
    );
}

#[test]
fn an_empty_file_becomes_a_database() {
    let place = Place::new();
    fs::write(place.path(), "").unwrap();
    let store = place.serve();
    assert_eq!(block_on(store.check()), Ok(()));
}

#[test]
fn dev_and_serve_do_not_open_each_others_databases() {
    let place = Place::new();
    drop(place.serve());
    assert_refused(
        &place.path(),
        Purpose::Dev,
        &["`pimento-server serve`", "--data"],
    );
    let place = Place::new();
    drop(SqliteStore::open(&place.path(), Purpose::Dev).unwrap());
    assert_refused(
        &place.path(),
        Purpose::Serve,
        &["`pimento-server dev`", "`data`"],
    );
    drop(SqliteStore::open(&place.path(), Purpose::Dev).unwrap());
}

/// Copies of a database in use are what a server leaves that is killed: a commit is in the log, and not in the file.
fn copy_in_use(suffixes: &[&str]) -> Place {
    let place = Place::new();
    let store = place.serve();
    commit(&store, change("ada")).unwrap();
    let copy = Place::new();
    for suffix in suffixes {
        let name = format!("pimento.db{suffix}");
        fs::copy(
            place.path().with_file_name(&name),
            copy.path().with_file_name(&name),
        )
        .unwrap();
    }
    copy
}

#[test]
fn a_refused_open_leaves_the_log_of_a_killed_server() {
    let files: [&[&str]; 2] = [&["", "-wal", "-shm"], &["", "-wal"]];
    for files in files {
        let place = copy_in_use(files);
        assert_refused(&place.path(), Purpose::Dev, &["`pimento-server serve`"]);
        let events = block_on(place.serve().events(&acme(), 0, 9)).unwrap();
        assert_eq!(events.len(), 1, "{files:?}");
    }
}

#[test]
fn a_database_without_its_log_is_refused_until_the_note_beside_it_is_removed() {
    let place = copy_in_use(&["", "-acknowledged"]);
    let note = crate::acknowledged::path_of(&place.path());
    let words = ["pimento.db-wal", "restore a backup", "remove /"];
    assert_refused(&place.path(), Purpose::Serve, &words);
    fs::remove_file(note).unwrap();
    place.serve();
}

/// What is left of a database whose first transaction had begun to reach the disk, and was cut off.
fn copy_half_made() -> Place {
    let place = Place::new();
    let connection = place.sqlite();
    connection
        .execute_batch("PRAGMA cache_size = 1; BEGIN; CREATE TABLE half (made TEXT)")
        .unwrap();
    // More than the cache holds, so that it is written though the transaction goes on.
    for _ in 0..100 {
        connection
            .execute("INSERT INTO half VALUES (hex(zeroblob(2000)))", [])
            .unwrap();
    }
    let copy = Place::new();
    for name in ["pimento.db", "pimento.db-journal"] {
        fs::copy(
            place.path().with_file_name(name),
            copy.path().with_file_name(name),
        )
        .unwrap();
    }
    copy
}

#[test]
fn a_database_that_was_half_made_when_its_server_was_killed_is_made_anew() {
    let place = copy_half_made();
    assert!(0 < fs::metadata(place.path()).unwrap().len());
    commit(&place.serve(), change("ada")).unwrap();
    let store = place.serve();
    assert_eq!(block_on(store.events(&acme(), 0, 9)).unwrap().len(), 1);
}

#[test]
fn a_name_with_signs_of_a_uri_is_the_name_of_a_file() {
    let place = Place::new();
    let path = place.path().with_file_name("ü 50%25 #1?mode=memory&.db");
    drop(SqliteStore::open(&path, Purpose::Serve).unwrap());
    assert_refused(&path, Purpose::Dev, &["`pimento-server serve`"]);
}

#[test]
fn a_missing_folder_is_named_and_not_made() {
    let place = Place::new();
    let folder = place.path().with_file_name("missing");
    let error = refusal(&folder.join("pimento.db"), Purpose::Serve);
    assert!(
        matches!(&error, OpenError::File { path, .. } if *path == folder),
        "{error}"
    );
    assert!(!folder.exists());
}

#[test]
fn the_dev_clock_does_not_run_back_behind_the_log() {
    let place = Place::new();
    let newest = Clock::process()
        .now()
        .plus(SignedDuration::from_hours(1_000));
    let store = SqliteStore::open(&place.path(), Purpose::Dev).unwrap();
    assert!(store.clock().now() < newest);
    for instant in [newest, at(5)] {
        let events = pimento_domain::Events::new(Vec::new(), event(instant));
        commit(
            &store,
            Changeset {
                events,
                ..change("ada")
            },
        )
        .unwrap();
    }
    drop(store);
    let store = SqliteStore::open(&place.path(), Purpose::Dev).unwrap();
    assert!(newest <= store.clock().now());
}

#[test]
fn the_clock_of_serve_cannot_be_moved() {
    let place = Place::new();
    assert_eq!(
        place
            .serve()
            .clock()
            .change(SignedDuration::from_hours(1), None),
        None
    );
}

#[test]
fn connections_keep_what_the_store_promises() {
    let place = Place::new();
    let number = |connection: &Connection, pragma: &str| -> i64 {
        connection
            .pragma_query_value(None, pragma, |row| row.get(0))
            .unwrap()
    };
    fs::write(place.path(), "").unwrap();
    let writer = schema::prepare(&place.path(), Purpose::Serve).unwrap();
    let mode: String = writer
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(
        (mode.as_str(), number(&writer, "synchronous")),
        ("wal", 2),
        "2 is FULL"
    );
    let reader = schema::open_reader(&place.path()).unwrap();
    assert_eq!(number(&reader, "query_only"), 1);
    assert!(reader.execute("DELETE FROM grants", []).is_err());
    for connection in [writer, reader] {
        assert!(
            connection
                .db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG)
                .unwrap()
        );
    }
}
