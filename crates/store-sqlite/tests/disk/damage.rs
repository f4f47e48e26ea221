//! The file is damaged: where that can be seen it is said so, and nothing panics.

use std::fs;

use pimento_sqlite_faults::Disk;
use pimento_store::StoreError;

use crate::work::{Fault, InDoubt, Place, Work};

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
        Ok(()) => Answer::Right,
        Err(Fault::Unreadable(StoreError::Corrupt(why))) => Answer::Told(why),
        Err(Fault::Unreadable(error)) => panic!("damage looks as if it would pass: {error}"),
        Err(Fault::Wrong(_)) => Answer::Wrong,
    }
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
