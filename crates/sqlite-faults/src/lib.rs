//! The disk below SQLite, for tests: watched, broken, and cut off in the middle of a write.
//!
//! [`Disk::below`] puts a layer between SQLite and the files of one folder, for every connection of this process that is
//! opened from then on, whoever opens it: the code under test is the code that ships. The layer forwards everything, the
//! shared memory of the write-ahead log included, and
//!
//! * keeps a [`Record`] of what SQLite writes, cuts off, flushes and removes, from which [`Record::after_power_cut`] says
//!   what the disk may hold if the power fails at some moment;
//! * fails as it is told by [`Disk::fail`]: no space, files that are read-only, errors of reading, writing and flushing, reads that
//!   come up short.
//!
//! Files of other folders are SQLite's own alone. A flush is recorded but not passed on: no test waits for the real disk.

#![cfg(unix)]
#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

mod disk;
mod file;
mod power;
#[cfg(test)]
mod tests;
mod vfs;

pub use disk::{Disk, Lasting, Record, Trouble};
pub use power::{Flushes, Seed};
