//! The layer under a plain SQLite, and what a record says of a power cut.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, ffi};
use tempfile::TempDir;

use crate::disk::{DeleteFlush, Record, Step};
use crate::{Disk, Flushes, Lasting, Seed, Trouble};

fn create(file: usize, name: &str) -> Step {
    Step::Create {
        file,
        name: name.to_owned(),
        bytes: Vec::new(),
    }
}

fn write(file: usize, offset: usize, bytes: &[u8]) -> Step {
    Step::Write {
        file,
        offset,
        bytes: bytes.to_owned(),
    }
}

/// Everything that may be found after these steps.
fn found(steps: &[Step], flushes: Flushes) -> BTreeSet<BTreeMap<String, Vec<u8>>> {
    let record = Record {
        steps: steps.to_vec(),
    };
    let seeds = 0..500;
    seeds
        .map(|seed| record.after_power_cut(steps.len(), flushes, Seed(seed)))
        .collect()
}

/// A folder with this one file.
fn one(name: &str, bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([(name.to_owned(), bytes.to_owned())])
}

#[test]
fn what_was_flushed_is_there_and_nothing_else_whatever_the_seed() {
    let steps = [
        create(0, "a"),
        write(0, 0, b"first"),
        write(0, 3, b"other"),
        Step::Truncate { file: 0, size: 6 },
        Step::Flush { file: 0 },
    ];
    assert_eq!(
        found(&steps, Flushes::Kept),
        BTreeSet::from([one("a", b"firoth")])
    );
    assert!(found(&steps, Flushes::Lies).contains(&BTreeMap::new()));
}

#[test]
fn what_was_not_flushed_is_there_by_sectors_in_any_order() {
    let steps = [
        create(0, "a"),
        write(0, 0, &[1; 1024]),
        Step::Flush { file: 0 },
        write(0, 0, &[2; 1024]),
        write(0, 512, &[3; 512]),
    ];
    let sectors = |first, second| one("a", &[[first; 512], [second; 512]].concat());
    let mut expected = BTreeSet::new();
    for first in [1, 2] {
        for second in [1, 2, 3] {
            expected.insert(sectors(first, second));
        }
    }
    assert_eq!(found(&steps, Flushes::Kept), expected);
}

#[test]
fn bytes_beside_a_write_keep_what_they_were() {
    let steps = [
        create(0, "a"),
        write(0, 0, &[1; 512]),
        Step::Flush { file: 0 },
        write(0, 100, &[2; 10]),
    ];
    let mut written = [1; 512];
    written[100..110].fill(2);
    let expected = BTreeSet::from([one("a", &[1; 512]), one("a", &written)]);
    assert_eq!(found(&steps, Flushes::Kept), expected);
}

#[test]
fn a_file_that_was_cut_off_may_have_either_size() {
    let steps = [
        create(0, "a"),
        write(0, 0, &[1; 1024]),
        Step::Flush { file: 0 },
        Step::Truncate { file: 0, size: 0 },
    ];
    let all = found(&steps, Flushes::Kept);
    assert!(all.contains(&one("a", &[1; 1024])) && all.contains(&one("a", &[])));
}

#[test]
fn a_removed_file_may_come_back_until_its_folder_is_flushed() {
    let file = [create(0, "a"), write(0, 0, b"x"), Step::Flush { file: 0 }];
    let removed = |flush| {
        let name = "a".to_owned();
        [&file[..], &[Step::Delete { name, flush }]].concat()
    };
    let gone = BTreeMap::new();
    let later = removed(DeleteFlush::Later);
    let both = BTreeSet::from([gone.clone(), one("a", b"x")]);
    assert_eq!(found(&later, Flushes::Kept), both);
    let now = removed(DeleteFlush::Now);
    assert_eq!(found(&now, Flushes::Kept), BTreeSet::from([gone.clone()]));
    // The first flush of a new file takes all names of the folder along.
    let new = [create(1, "b"), Step::Flush { file: 1 }];
    let flushed = [&later[..], &new].concat();
    assert_eq!(
        found(&flushed, Flushes::Kept),
        BTreeSet::from([one("b", b"")])
    );
}

/// A database with a table, through the layer.
fn database() -> (TempDir, Disk, Connection) {
    let folder = TempDir::new().unwrap();
    let disk = Disk::below(folder.path()).unwrap();
    let connection = Connection::open(folder.path().join("a.db")).unwrap();
    let setup = "PRAGMA journal_mode = wal; PRAGMA synchronous = full; CREATE TABLE t (x)";
    connection.execute_batch(setup).unwrap();
    (folder, disk, connection)
}

fn code(error: &rusqlite::Error) -> i32 {
    error.sqlite_extended_error_code().unwrap()
}

#[test]
fn sqlite_sees_the_trouble_it_is_told_of_and_then_no_more() {
    for (trouble, expected) in [
        (Trouble::Full, ffi::SQLITE_FULL),
        (Trouble::Write, ffi::SQLITE_IOERR_WRITE),
        (Trouble::ReadOnly, ffi::SQLITE_READONLY),
        (Trouble::Flush, ffi::SQLITE_IOERR_FSYNC),
    ] {
        let (_folder, disk, connection) = database();
        let insert = || connection.execute("INSERT INTO t VALUES (1)", []);
        disk.fail(trouble, 0, Lasting::Once);
        assert_eq!(code(&insert().unwrap_err()), expected, "{trouble:?}");
        assert_eq!(insert(), Ok(1), "{trouble:?}");
        disk.fail(trouble, 0, Lasting::UntilMended);
        for _ in 0..2 {
            assert_eq!(code(&insert().unwrap_err()), expected, "{trouble:?}");
        }
        assert!(disk.mend(), "{trouble:?}");
        assert_eq!(insert(), Ok(1), "{trouble:?}");
    }
}

#[test]
fn trouble_that_never_came_is_told_of() {
    let (_folder, disk, connection) = database();
    let asked = disk.asked(Trouble::Flush);
    disk.fail(Trouble::Flush, 1, Lasting::Once);
    connection.execute("INSERT INTO t VALUES (1)", []).unwrap();
    assert_eq!(disk.asked(Trouble::Flush), asked + 1);
    assert!(!disk.mend());
}

#[test]
fn reads_fail_and_come_up_short() {
    let (folder, disk, writer) = database();
    writer.execute("INSERT INTO t VALUES (1)", []).unwrap();
    for trouble in [Trouble::Read, Trouble::ShortRead] {
        let reader = Connection::open(folder.path().join("a.db")).unwrap();
        let count = || reader.query_row("SELECT count(*) FROM t", [], |row| row.get(0));
        disk.fail(trouble, 0, Lasting::UntilMended);
        assert!(count().is_err(), "{trouble:?}");
        assert!(disk.mend());
        assert_eq!(count(), Ok(1), "{trouble:?}");
    }
}

#[test]
fn other_folders_are_left_alone() {
    let (_folder, disk, _connection) = database();
    disk.fail(Trouble::Write, 0, Lasting::UntilMended);
    let elsewhere = TempDir::new().unwrap();
    let other = Connection::open(elsewhere.path().join("a.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    let before = disk.position();
    other.execute("INSERT INTO t VALUES (1)", []).unwrap();
    assert_eq!(disk.position(), before);
}

#[test]
fn all_that_sqlite_wrote_is_in_the_record() {
    let (folder, disk, connection) = database();
    connection.execute("INSERT INTO t VALUES (7)", []).unwrap();
    let record = disk.record();
    drop(connection);
    let copy = TempDir::new().unwrap();
    // Each commit was flushed, so this is true of every seed.
    for (name, bytes) in record.after_power_cut(record.len(), Flushes::Kept, Seed(1)) {
        std::fs::write(copy.path().join(name), bytes).unwrap();
    }
    let of = |folder: &TempDir| {
        let connection = Connection::open(folder.path().join("a.db")).unwrap();
        connection.query_row("SELECT x FROM t", [], |row| row.get::<_, i64>(0))
    };
    assert_eq!(of(&copy), Ok(7));
    assert_eq!(of(&folder), Ok(7));
}
