//! What a disk may hold after the power has failed.
//!
//! The system keeps writes in memory and takes them to the disk when it likes, a sector at a time. A flush waits until all
//! of one file is there. So a sector holds what some of the file's writes since its last flush have made of it, the first
//! ones up to any; each sector for itself. The size of a file, and which name leads to which file, lag behind alike.

use std::collections::BTreeMap;
use std::mem;

use crate::disk::{DeleteFlush, Record, Step};

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// Whether the disk does what it is asked when it is asked to flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flushes {
    /// It does.
    Kept,
    /// It says that it does, and does nothing.
    Lies,
}

/// Which of all the things that may be on the disk: the same number, the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Seed(pub u64);

/// SplitMix64.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap_or_default()
    }
}

/// A write or a cut that the disk need not have yet.
enum Pending<'a> {
    Write { offset: usize, bytes: &'a [u8] },
    Truncate { size: usize },
}

/// A file: what is on the disk for sure, and what may be.
#[derive(Default)]
struct File<'a> {
    flushed: Vec<u8>,
    pending: Vec<Pending<'a>>,
    is_flushed: bool,
}

/// The names of a folder: which file each leads to for sure, and which it may lead to.
#[derive(Default)]
struct Names<'a> {
    flushed: BTreeMap<&'a str, usize>,
    pending: BTreeMap<&'a str, Vec<Option<usize>>>,
}

impl Record {
    /// The files that the disk may hold where the power fails after so many steps.
    pub fn after_power_cut(
        &self,
        steps: usize,
        flushes: Flushes,
        seed: Seed,
    ) -> BTreeMap<String, Vec<u8>> {
        let mut files: BTreeMap<usize, File<'_>> = BTreeMap::new();
        let mut names = Names::default();
        for step in &self.steps[..steps] {
            match step {
                Step::Create { file, name, bytes } => {
                    let new = files.entry(*file).or_default();
                    new.flushed.clone_from(bytes);
                    names.lead(name, Some(*file));
                }
                Step::Write {
                    file,
                    offset,
                    bytes,
                } => files
                    .entry(*file)
                    .or_default()
                    .pending
                    .push(Pending::Write {
                        offset: *offset,
                        bytes,
                    }),
                Step::Truncate { file, size } => {
                    let cut = Pending::Truncate { size: *size };
                    files.entry(*file).or_default().pending.push(cut);
                }
                Step::Flush { .. } if flushes == Flushes::Lies => {}
                Step::Flush { file } => {
                    // SQLite flushes the folder too, with the first flush of a file that it has made.
                    if !files.entry(*file).or_default().flush() {
                        names.flush();
                    }
                }
                Step::Delete { name, flush } => {
                    names.lead(name, None);
                    if *flush == DeleteFlush::Now && flushes == Flushes::Kept {
                        names.flush();
                    }
                }
            }
        }
        let mut dice = Dice(seed.0);
        let found = names.found(&mut dice).into_iter();
        found
            .filter_map(|(name, file)| {
                let bytes = files.get(&file)?.found(&mut dice);
                Some((name.to_owned(), bytes))
            })
            .collect()
    }
}

impl<'a> Names<'a> {
    fn lead(&mut self, name: &'a str, to: Option<usize>) {
        self.pending.entry(name).or_default().push(to);
    }

    fn flush(&mut self) {
        for (name, mut files) in mem::take(&mut self.pending) {
            match files.pop().flatten() {
                Some(file) => self.flushed.insert(name, file),
                None => self.flushed.remove(name),
            };
        }
    }

    /// Where each name may lead.
    fn found(&self, dice: &mut Dice) -> BTreeMap<&'a str, usize> {
        let mut found = self.flushed.clone();
        for (name, files) in &self.pending {
            let last = dice.roll(files.len() + 1).checked_sub(1);
            match last.map(|last| files[last]) {
                None => {}
                Some(Some(file)) => drop(found.insert(name, file)),
                Some(None) => drop(found.remove(name)),
            }
        }
        found
    }
}

impl Pending<'_> {
    /// How long a file of this size is after it.
    fn size_after(&self, size: usize) -> usize {
        match self {
            Self::Write { offset, bytes } => size.max(offset + bytes.len()),
            Self::Truncate { size } => *size,
        }
    }

    /// The sectors of a file of this size that it changes.
    fn sectors(&self, size: usize) -> std::ops::Range<usize> {
        match self {
            Self::Write { offset, bytes } => {
                offset / SECTOR..(offset + bytes.len()).div_ceil(SECTOR)
            }
            Self::Truncate { size: cut } => cut / SECTOR..size.div_ceil(SECTOR),
        }
    }

    /// Does what it does to this sector.
    fn apply(&self, sector: usize, to: &mut [u8]) {
        let start = sector * SECTOR;
        let end = start + to.len();
        match self {
            Self::Write { offset, bytes } => {
                let (from, until) = (start.max(*offset), end.min(offset + bytes.len()));
                if from < until {
                    to[from - start..until - start]
                        .copy_from_slice(&bytes[from - offset..until - offset]);
                }
            }
            Self::Truncate { size } => {
                to[size.clamp(&start, &end) - start..].fill(0);
            }
        }
    }
}

/// How far the system got with a file.
enum Progress {
    /// It took the writes to the disk one after the other.
    InOrder { done: usize },
    /// Each sector has been written, as far as it goes, or not at all.
    AllOrNothing,
    /// Each sector is somewhere.
    Any,
    /// All is there but one sector.
    AllButOne { sector: usize },
}

impl File<'_> {
    /// All that is pending is on the disk now. Whether that was so at some time before.
    fn flush(&mut self) -> bool {
        for change in mem::take(&mut self.pending) {
            let size = change.size_after(self.flushed.len());
            match change {
                Pending::Write { offset, bytes } => {
                    self.flushed.resize(size, 0);
                    self.flushed[offset..offset + bytes.len()].copy_from_slice(bytes);
                }
                Pending::Truncate { .. } => self.flushed.resize(size, 0),
            }
        }
        mem::replace(&mut self.is_flushed, true)
    }

    /// What may be found of it.
    fn found(&self, dice: &mut Dice) -> Vec<u8> {
        let mut sizes = vec![self.flushed.len()];
        let mut touched: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, change) in self.pending.iter().enumerate() {
            let size = sizes.iter().copied().max().unwrap_or_default();
            for sector in change.sectors(size) {
                touched.entry(sector).or_default().push(number);
            }
            sizes.push(change.size_after(sizes[number]));
        }
        let sectors: Vec<usize> = touched.keys().copied().collect();
        let progress = match (dice.roll(4), sectors.is_empty()) {
            (_, true) => return self.flushed.clone(),
            (0, _) => Progress::InOrder {
                done: dice.roll(self.pending.len() + 1),
            },
            (1, _) => Progress::AllOrNothing,
            (2, _) => Progress::Any,
            _ => Progress::AllButOne {
                sector: sectors[dice.roll(sectors.len())],
            },
        };
        let largest = sizes.iter().copied().max().unwrap_or_default();
        let mut found = self.flushed.clone();
        found.resize(largest.next_multiple_of(SECTOR), 0);
        for (&sector, changes) in &touched {
            let done = progress.of(sector, changes, dice);
            let bytes = &mut found[sector * SECTOR..(sector + 1) * SECTOR];
            for &change in &changes[..done] {
                self.pending[change].apply(sector, bytes);
            }
        }
        let size = match progress {
            Progress::InOrder { done } => sizes[done],
            Progress::AllButOne { .. } => sizes[self.pending.len()],
            Progress::AllOrNothing | Progress::Any => sizes[dice.roll(sizes.len())],
        };
        found.truncate(size);
        found
    }
}

impl Progress {
    /// How many of the changes of a sector are on the disk.
    fn of(&self, sector: usize, changes: &[usize], dice: &mut Dice) -> usize {
        match self {
            Self::InOrder { done } => {
                let whole = changes.iter().take_while(|change| **change < *done).count();
                // The one that was under way is torn.
                match changes.get(whole) {
                    Some(next) if next == done => whole + dice.roll(2),
                    _ => whole,
                }
            }
            Self::AllOrNothing => changes.len() * dice.roll(2),
            Self::Any => dice.roll(changes.len() + 1),
            Self::AllButOne { sector: missing } if *missing == sector => 0,
            Self::AllButOne { .. } => changes.len(),
        }
    }
}
