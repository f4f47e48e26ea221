//! The disk is full, or fails: what cannot be done is refused, nothing is half done, no answer is wrong, and the store goes
//! on as soon as the disk does.

use std::env;

use futures::executor::block_on;
use pimento_sqlite_faults::{Disk, Lasting, Trouble};
use pimento_store::{Store, StoreError};
use pimento_store_sqlite::SqliteStore;

use crate::work::{Fault, InDoubt, Place, Work};

/// The power stays on: all that was acknowledged is there, and nothing else.
fn check(work: &Work, store: &SqliteStore) -> Result<(), Fault> {
    work.check(store, usize::MAX, InDoubt::IsAbsent)
}

/// What came of trouble.
#[derive(Debug, PartialEq, Eq)]
enum Met {
    /// It happened.
    Yes,
    /// So many operations are never asked for.
    No,
}

/// Whether these may be told of in this trouble. A file that seems to end too early cannot be told from a damaged one.
fn is_fitting(trouble: Trouble, error: &StoreError) -> bool {
    match error {
        StoreError::Unavailable(_) => true,
        StoreError::InDoubt(_) => !matches!(trouble, Trouble::Full | Trouble::ReadOnly),
        StoreError::Corrupt(_) => trouble == Trouble::ShortRead,
        StoreError::Conflict | StoreError::TookTooLong(_) => false,
    }
}

/// A store that meets trouble after so many operations went well, and what it does then.
fn meet(trouble: Trouble, spared: usize, lasting: Lasting) -> Met {
    let told = format!("{trouble:?} {lasting:?} after {spared}");
    let place = Place::new();
    let disk = Disk::below(place.folder()).unwrap();
    let mut work = Work::default();
    let store = place.open().unwrap();
    let write = |work: &mut Work, store: &SqliteStore, count| work.commit(store, count, || 0);
    assert_eq!(write(&mut work, &store, 3), []);

    disk.fail(trouble, spared, lasting);
    for count in [1, 4, 1] {
        let refused = write(&mut work, &store, count);
        let strange = refused.iter().find(|error| !is_fitting(trouble, error));
        assert_eq!(strange, None, "{told}");
        match check(&work, &store) {
            Ok(()) => {}
            Err(Fault::Unreadable(error)) if is_fitting(trouble, &error) => {}
            Err(fault) => panic!("{told}: {fault:?}"),
        }
    }
    fold_in(&place);
    write(&mut work, &store, 1);
    let met = if disk.mend() { Met::Yes } else { Met::No };

    assert_eq!(check(&work, &store), Ok(()), "{told}, mended");
    assert_eq!(write(&mut work, &store, 2), [], "{told}, mended");
    assert_eq!(check(&work, &store), Ok(()), "{told}, written on");
    drop(store);
    let store = place.open().unwrap();
    assert_eq!(check(&work, &store), Ok(()), "{told}, opened again");
    assert_eq!(write(&mut work, &store, 1), [], "{told}, opened again");
    met
}

/// A store that closes, and one that opens, in the middle of trouble; what is left is opened when that is over.
fn close_and_open_in(trouble: Trouble, spared: usize, lasting: Lasting) -> Met {
    let told = format!("{trouble:?} {lasting:?} after {spared}");
    let place = Place::new();
    let disk = Disk::below(place.folder()).unwrap();
    let mut work = Work::default();
    disk.fail(trouble, spared, lasting);
    for count in [2, 1] {
        match place.open() {
            Ok(store) => drop(work.commit(&store, count, || 0)),
            Err(error) => assert!(error.to_string().contains("pimento.db"), "{told}: {error}"),
        }
    }
    let met = if disk.mend() { Met::Yes } else { Met::No };
    let store = place
        .open()
        .unwrap_or_else(|error| panic!("{told}: {error}"));
    assert_eq!(check(&work, &store), Ok(()), "{told}");
    assert_eq!(work.commit(&store, 1, || 0), [], "{told}");
    met
}

/// Somebody has the log folded into the file, if the disk allows it.
fn fold_in(place: &Place) {
    let tool = rusqlite::Connection::open(place.database());
    let folded = tool.and_then(|tool| {
        tool.pragma_update_and_check(None, "wal_checkpoint", "restart", |_| Ok(()))
    });
    drop(folded);
}

/// Every operation is too many for each run where the disk fails until it is mended: so many are left out in between. None
/// where this variable is set.
const STRIDE: usize = 3;
const MORE: &str = "PIMENTO_MORE_TROUBLE";

/// Trouble at every single operation of some work, until it is over, and then of closing and opening.
fn meet_everywhere(trouble: Trouble) {
    let stride = if env::var_os(MORE).is_some() {
        1
    } else {
        STRIDE
    };
    for meet in [meet, close_and_open_in] {
        for (lasting, stride) in [(Lasting::Once, 1), (Lasting::UntilMended, stride)] {
            let all = (0..).step_by(stride);
            let met = all.take_while(|&spared| meet(trouble, spared, lasting) == Met::Yes);
            let met = met.count();
            assert!(1 < met, "{trouble:?} was met {met} times");
        }
    }
}

/// A store of which a disk that fails to flush has refused the third change, how, and its disk.
fn refused(lasting: Lasting) -> (Place, Disk, Work, SqliteStore, StoreError) {
    let place = Place::new();
    let disk = Disk::below(place.folder()).unwrap();
    let store = place.open().unwrap();
    let mut work = Work::default();
    assert_eq!(work.commit(&store, 2, || 0), []);
    disk.fail(Trouble::Flush, 0, lasting);
    let error = work.commit(&store, 1, || 0).remove(0);
    (place, disk, work, store, error)
}

#[test]
fn what_could_not_be_flushed_once_is_not_there_whatever_comes() {
    let (place, disk, work, store, error) = refused(Lasting::Once);
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    // The disk fails while the store closes, so that its log stays.
    disk.fail(Trouble::Flush, 0, Lasting::UntilMended);
    drop(store);
    assert!(disk.mend());
    let store = place.open().unwrap();
    assert_eq!(check(&work, &store), Ok(()));
}

#[test]
fn what_a_failing_disk_leaves_in_doubt_is_undone_by_the_next_change() {
    let (place, disk, mut work, store, error) = refused(Lasting::UntilMended);
    assert!(matches!(error, StoreError::InDoubt(_)), "{error}");
    assert_eq!(check(&work, &store), Ok(()));
    disk.mend();
    assert_eq!(work.commit(&store, 1, || 0), []);
    drop(store);
    let store = place.open().unwrap();
    assert_eq!(check(&work, &store), Ok(()));
}

#[test]
fn a_check_finds_a_disk_that_takes_no_more() {
    for trouble in [
        Trouble::Full,
        Trouble::Write,
        Trouble::ReadOnly,
        Trouble::Flush,
    ] {
        let place = Place::new();
        let disk = Disk::below(place.folder()).unwrap();
        let store = place.open().unwrap();
        assert_eq!(block_on(store.check()), Ok(()), "{trouble:?}");
        disk.fail(trouble, 0, Lasting::UntilMended);
        assert!(block_on(store.check()).is_err(), "{trouble:?}");
        disk.mend();
        assert_eq!(block_on(store.check()), Ok(()), "{trouble:?}");
    }
}

#[test]
fn a_full_disk_refuses_changes_and_loses_none_whichever_write_it_stops() {
    meet_everywhere(Trouble::Full);
}

#[test]
fn a_write_that_fails_refuses_changes_and_loses_none() {
    meet_everywhere(Trouble::Write);
}

#[test]
fn a_file_that_becomes_read_only_refuses_changes_and_loses_none() {
    meet_everywhere(Trouble::ReadOnly);
}

#[test]
fn a_database_that_can_only_be_read_is_refused_with_what_to_do_and_opened_as_soon_as_it_can_be_written()
 {
    let place = Place::new();
    let disk = Disk::below(place.folder()).unwrap();
    disk.fail(Trouble::ReadOnly, 0, Lasting::UntilMended);
    let refused = place.open().unwrap_err().to_string();
    for word in [
        "pimento.db",
        "readonly",
        "let the user",
        "mounted for writing",
    ] {
        assert!(refused.contains(word), "{refused}");
    }
    assert!(disk.mend());
    let store = place.open().unwrap();
    assert_eq!(Work::default().commit(&store, 1, || 0), []);
}

#[test]
fn a_flush_that_fails_refuses_changes_and_loses_none() {
    meet_everywhere(Trouble::Flush);
}

#[test]
fn a_read_that_fails_is_told_of_and_no_answer_is_wrong() {
    meet_everywhere(Trouble::Read);
}

#[test]
fn a_read_that_comes_up_short_is_told_of_and_no_answer_is_wrong() {
    meet_everywhere(Trouble::ShortRead);
}
