//! The power fails: writes that were not flushed are on the disk, or not, or torn.

use std::env;
use std::fs;

use pimento_sqlite_faults::{Disk, Flushes, Lasting, Record, Seed, Trouble};
use pimento_store_sqlite::SqliteStore;

use crate::work::{InDoubt, Place, Work};

/// How often the power fails, where [`MORE_CUTS`] says nothing.
const CUTS: u64 = 400;

/// The environment variable that asks for another number of cuts.
const MORE_CUTS: &str = "PIMENTO_POWER_CUTS";

fn cuts() -> u64 {
    match env::var(MORE_CUTS) {
        Ok(cuts) => cuts.parse().unwrap(),
        Err(_) => CUTS,
    }
}

/// A store's life: made, written to by one and by many, its log folded in by somebody else while it runs and by itself
/// when it closes, opened again, and cut off.
fn live() -> (Work, Record, Vec<Note>) {
    let place = Place::new();
    let disk = Disk::below(place.folder()).unwrap();
    let mut work = Work::default();
    let mut notes = Vec::new();
    let mut write = |store: &_, counts: &[usize]| {
        for &count in counts {
            assert_eq!(work.commit(store, count, || disk.position()), []);
            notes.push((disk.position(), fs::read(place.note()).unwrap()));
        }
    };
    let store = place.open().unwrap();
    write(&store, &[1, 1, 5, 1]);
    let tool = place.sqlite();
    let fold_in = |mode| {
        tool.pragma_update_and_check(None, "wal_checkpoint", mode, |_| Ok(()))
            .unwrap();
    };
    fold_in("passive");
    write(&store, &[1, 1, 6]);
    fold_in("restart");
    write(&store, &[1, 2, 1]);
    fold_in("truncate");
    write(&store, &[3, 1]);
    drop(tool);
    drop(store);
    let store = place.open().unwrap();
    write(&store, &[1, 4, 1, 1]);
    let record = disk.record();
    drop(store);
    (work, record, notes)
}

/// What stood beside the database when the disk was here. As it is not flushed, any of it may be there after a power cut,
/// and the newest asks the most.
type Note = (usize, Vec<u8>);

/// A power cut in the middle of a store's life.
struct Cut<'a> {
    work: &'a Work,
    record: &'a Record,
    notes: &'a [Note],
    /// After so many steps of the disk.
    moment: usize,
    flushes: Flushes,
    seed: Seed,
}

impl Cut<'_> {
    /// What is wrong with the store afterwards; nothing, if all is well.
    fn fault(&self, in_doubt: InDoubt) -> Result<(), String> {
        let place = Place::new();
        // So that nobody waits for the real disk.
        let _disk = Disk::below(place.folder()).unwrap();
        let files = self
            .record
            .after_power_cut(self.moment, self.flushes, self.seed);
        for (name, bytes) in files {
            fs::write(place.folder().join(name), bytes).unwrap();
        }
        let mut notes = self.notes.iter().rev();
        if let Some((_, note)) = notes.find(|(position, _)| *position <= self.moment) {
            fs::write(place.note(), note).unwrap();
        }
        let store = place.open().map_err(|error| error.to_string())?;
        self.work
            .check(&store, self.moment, in_doubt)
            .map_err(|fault| format!("{fault:?}"))?;
        let whole: String = place
            .sqlite()
            .pragma_query_value(None, "integrity_check", |row| row.get(0))
            .map_err(|error| error.to_string())?;
        match whole.as_str() {
            "ok" => Ok(()),
            _ => Err(whole),
        }
    }

    /// Fails the test where anything is wrong.
    fn assert_well(&self) {
        let found = self.fault(InDoubt::MayBeThere);
        let (moment, length, seed) = (self.moment, self.record.len(), self.seed);
        assert_eq!(found, Ok(()), "after {moment} of {length} steps, {seed:?}");
    }
}

/// Power cuts all over a store's life, each with a seed of its own.
fn all_over<'a>(
    work: &'a Work,
    record: &'a Record,
    notes: &'a [Note],
    flushes: Flushes,
) -> impl Iterator<Item = Cut<'a>> {
    let length = record.len() as u64 + 1;
    (0..cuts()).map(move |cut| Cut {
        work,
        record,
        notes,
        moment: usize::try_from(cut * length / cuts()).unwrap(),
        flushes,
        seed: Seed(cut),
    })
}

#[test]
fn whenever_the_power_fails_what_was_acknowledged_is_there_and_nothing_is_half_there() {
    let (work, record, notes) = live();
    all_over(&work, &record, &notes, Flushes::Kept).for_each(|cut| cut.assert_well());
}

#[test]
fn a_disk_that_lies_about_flushing_is_found_out_by_this_test() {
    let (work, record, notes) = live();
    let told_of = |notes: &[Note], told: &str| {
        let mut cuts = all_over(&work, &record, notes, Flushes::Lies);
        cuts.any(|cut| {
            let found = cut.fault(InDoubt::MayBeThere);
            found.is_err_and(|what| what.contains(told))
        })
    };
    // By the tenants' rows.
    assert!(told_of(&[], "were acknowledged,"));
    // And by the store itself.
    assert!(told_of(&notes, "lacks changes that were acknowledged"));
}

/// The end of a store's life on a disk that has begun to fail, and fails on.
fn live_to_trouble(
    trouble: Trouble,
    spared: usize,
    counts: &[usize],
) -> (Work, Disk, SqliteStore, Place) {
    let place = Place::new();
    let disk = Disk::below(place.folder()).unwrap();
    let mut work = Work::default();
    let store = place.open().unwrap();
    work.commit(&store, 2, || disk.position());
    disk.fail(trouble, spared, Lasting::UntilMended);
    for &count in counts {
        work.commit(&store, count, || disk.position());
    }
    (work, disk, store, place)
}

#[test]
fn where_the_power_fails_after_trouble_what_was_refused_is_not_there_and_what_is_in_doubt_is_whole()
{
    for trouble in [
        Trouble::Full,
        Trouble::Write,
        Trouble::ReadOnly,
        Trouble::Flush,
    ] {
        for spared in 0..3 {
            let (mut work, disk, store, _place) = live_to_trouble(trouble, spared, &[1, 3, 1]);
            assert!(disk.mend(), "{trouble:?} came");
            work.commit(&store, 2, || disk.position());
            let record = disk.record();
            for moment in (record.len() / 3..=record.len()).step_by(3) {
                let cut = Cut {
                    work: &work,
                    record: &record,
                    notes: &[],
                    moment,
                    flushes: Flushes::Kept,
                    seed: Seed(moment as u64),
                };
                cut.assert_well();
            }
        }
    }
}

#[test]
fn what_a_failing_disk_leaves_in_doubt_may_be_there_after_a_power_cut() {
    let (work, disk, _store, _place) = live_to_trouble(Trouble::Flush, 0, &[1]);
    let record = disk.record();
    let cut = |seed| Cut {
        work: &work,
        record: &record,
        notes: &[],
        moment: record.len(),
        flushes: Flushes::Kept,
        seed: Seed(seed),
    };
    let found: Vec<_> = (0..1_000)
        .filter_map(|seed| cut(seed).fault(InDoubt::IsAbsent).err())
        .take(3)
        .collect();
    assert!(!found.is_empty());
    let is_there = |what: &String| what.contains("refused, but there");
    assert!(found.iter().all(is_there), "{found:?}");
}
