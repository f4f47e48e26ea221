//! The file is damaged: where that can be seen it is said so, and nothing panics.

use std::fs;

use futures::executor::block_on;
use pimento_sqlite_faults::Disk;
use pimento_store::seal::{SealKey, extend_by_erasures};
use pimento_store::{Store, StoreError};
use pimento_store_sqlite::SqliteStore;

use crate::work::{Fault, InDoubt, Place, Work, at, erasing};

const PAGE: usize = 4096;
const SECTOR: usize = 512;

/// A database of many pages, closed, and what is in it.
fn filled() -> (Work, Vec<u8>) {
    let place = Place::new();
    let _disk = Disk::below(place.folder()).unwrap();
    let mut work = Work::default();
    let store = place.open().unwrap();
    for _ in 0..6 {
        assert_eq!(work.commit(&store, 20, || 0), []);
    }
    drop(store);
    (work, fs::read(place.database()).unwrap())
}

/// What the store makes of these bytes.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// It is refused, or a read says that it cannot be read.
    Told(String),
    Right,
    /// Rows are read that nobody wrote.
    Wrong,
}

fn answer(work: &Work, bytes: &[u8]) -> Answer {
    let place = Place::new();
    let _disk = Disk::below(place.folder()).unwrap();
    fs::write(place.database(), bytes).unwrap();
    let store = match place.open() {
        Ok(store) => store,
        Err(error) => return Answer::Told(error.to_string()),
    };
    match work.check(&store, usize::MAX, InDoubt::IsAbsent) {
        Ok(()) => match seal_and_erase(&store) {
            Ok(()) => Answer::Right,
            Err(StoreError::Corrupt(why)) => Answer::Told(why),
            Err(error) => panic!("damage looks as if it would pass: {error}"),
        },
        Err(Fault::Unreadable(StoreError::Corrupt(why))) => Answer::Told(why),
        Err(Fault::Unreadable(error)) => panic!("damage looks as if it would pass: {error}"),
        Err(Fault::Wrong(_)) => Answer::Wrong,
    }
}

/// Writes to what no list reads: the seals, and the index of what was erased.
fn seal_and_erase(store: &SqliteStore) -> Result<(), StoreError> {
    let key = SealKey::generate().unwrap();
    for tenant in block_on(store.unsealed(None, 9))? {
        block_on(store.commit(erasing(&tenant)))?;
        let tail = block_on(store.tail(&tenant, 10_000))?;
        let sealed = extend_by_erasures(&tenant, &tail, at(0), &key).unwrap();
        block_on(store.seal(sealed.unwrap()))?;
    }
    Ok(())
}

#[test]
fn a_page_that_is_lost_is_told_of_whichever_it_is() {
    let (work, bytes) = filled();
    assert_eq!(answer(&work, &bytes), Answer::Right);
    for page in 0..bytes.len() / PAGE {
        for fill in [0, 0xff] {
            let mut damaged = bytes.clone();
            damaged[page * PAGE..][..PAGE].fill(fill);
            let answer = answer(&work, &damaged);
            assert!(matches!(answer, Answer::Told(_)), "{page}: {answer:?}");
        }
    }
}

#[test]
fn a_file_that_is_cut_off_is_told_of_unless_all_rows_are_there() {
    let (work, bytes) = filled();
    // One byte alone is what old systems had in place of an empty file, and is taken for one.
    for length in (2..bytes.len()).step_by(5 * SECTOR + 1) {
        let answer = answer(&work, &bytes[..length]);
        match answer {
            Answer::Told(_) => {}
            Answer::Right if bytes.len() - length < PAGE => {}
            answer => panic!("{length}: {answer:?}"),
        }
    }
}

/// All that a server has written is in its log still.
#[test]
fn a_file_that_ends_within_its_first_page_is_told_of_even_if_nothing_was_in_it() {
    let killed = Killed::new();
    let bytes = fs::read(killed.place.database()).unwrap();
    assert_eq!(bytes.len(), PAGE);
    let place = Place::new();
    for length in (1..bytes.len()).step_by(100) {
        fs::write(place.database(), &bytes[..length]).unwrap();
        match place.open() {
            Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
            // What old systems had in place of an empty file.
            Ok(_) => assert_eq!(length, 1),
        }
    }
}

/// What a killed server leaves: its log holds one commit after another. It is kept open, so that nobody folds the log in.
struct Killed {
    place: Place,
    disk: Disk,
    work: Work,
    _store: SqliteStore,
}

impl Killed {
    fn new() -> Self {
        let place = Place::new();
        let disk = Disk::below(place.folder()).unwrap();
        let mut work = Work::default();
        let store = place.open().unwrap();
        for _ in 0..6 {
            assert_eq!(work.commit(&store, 1, || disk.position()), []);
        }
        Self {
            place,
            disk,
            work,
            _store: store,
        }
    }

    fn log(&self) -> Vec<u8> {
        fs::read(self.place.folder().join("pimento.db-wal")).unwrap()
    }

    /// Why the store is refused that is made of these of the files, and this log; or else what is wrong with it, if what
    /// was acknowledged up to this position of the disk has to be there.
    fn fault(&self, suffixes: &[&str], log: Option<&[u8]>, position: usize) -> Result<(), String> {
        let place = Place::new();
        let _disk = Disk::below(place.folder()).unwrap();
        for suffix in suffixes {
            let name = format!("pimento.db{suffix}");
            fs::copy(self.place.folder().join(&name), place.folder().join(&name)).unwrap();
        }
        if let Some(log) = log {
            fs::write(place.folder().join("pimento.db-wal"), log).unwrap();
        }
        let store = place.open().map_err(|error| error.to_string())?;
        let found = self.work.check(&store, position, InDoubt::IsAbsent);
        found.map_err(|fault| format!("{fault:?}"))
    }
}

/// The log with one bit turned over, all over it.
fn with_a_bit_lost(log: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..log.len()).step_by(997).map(|place| {
        let mut damaged = log.to_owned();
        damaged[place] ^= 1 << (place % 8);
        damaged
    })
}

const LACKS: &str = "lacks changes that were acknowledged";

#[test]
fn damage_in_the_log_of_a_killed_server_is_told_of_wherever_it_is() {
    let killed = Killed::new();
    let files = ["", "-acknowledged"];
    let (log, all) = (killed.log(), killed.disk.position());
    assert_eq!(killed.fault(&files, Some(&log), all), Ok(()));
    for damaged in with_a_bit_lost(&log) {
        let told = killed.fault(&files, Some(&damaged), all).unwrap_err();
        assert!(told.contains(LACKS), "{told}");
    }
    for length in (0..log.len()).step_by(1_999) {
        let told = killed.fault(&files, Some(&log[..length]), all).unwrap_err();
        assert!(told.contains(LACKS), "{length}: {told}");
    }
    let told = killed.fault(&files, None, all).unwrap_err();
    assert!(told.contains(LACKS), "{told}");
}

/// As after a copy of the database and its log alone, or where the operator goes on with what there is.
#[test]
fn without_the_note_beside_it_damage_in_the_log_looks_like_its_end_and_what_is_before_is_right() {
    let killed = Killed::new();
    let (log, all) = (killed.log(), killed.disk.position());
    assert_eq!(killed.fault(&[""], Some(&log), all), Ok(()));
    for damaged in with_a_bit_lost(&log) {
        let missed = killed.fault(&[""], Some(&damaged), all).unwrap_err();
        assert!(missed.contains("were acknowledged,"), "{missed}");
        assert_eq!(killed.fault(&[""], Some(&damaged), 0), Ok(()));
    }
}

/// Smaller damage may look like rows, as SQLite keeps no checksums: what it can never do is to stop the store.
#[test]
fn a_sector_or_a_bit_that_is_lost_makes_nothing_panic_and_is_often_told_of() {
    let (work, bytes) = filled();
    let mut told = 0;
    for sector in (0..bytes.len() / SECTOR).step_by(5) {
        let mut damaged = bytes.clone();
        damaged[sector * SECTOR..][..SECTOR].fill(0);
        told += usize::from(matches!(answer(&work, &damaged), Answer::Told(_)));
        let mut damaged = bytes.clone();
        damaged[sector * SECTOR + sector % SECTOR] ^= 1 << (sector % 8);
        told += usize::from(matches!(answer(&work, &damaged), Answer::Told(_)));
    }
    assert!(bytes.len() / SECTOR / 20 < told, "{told}");
}
