//! How far the database was acknowledged, in a small file beside it for as long as it has a log. A log ends where its first
//! damaged byte is, and without its log a file is whole too, only older: this is how either is found out.
//!
//! It is written after each commit and before its answers, and never flushed. So what it says was on the disk before it was
//! said, and a killed process leaves it exact; after a power cut it may lag behind, or not be there, and finds less.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use crate::open::{beside, create_private};

/// What the name of the file ends in.
const SUFFIX: &str = "-acknowledged";

/// Where the file of this database is.
pub(crate) fn path_of(database: &Path) -> PathBuf {
    beside(database, SUFFIX)
}

/// The newest revision that is known to have been acknowledged: 0 where nothing is. What cannot be read as one is what a
/// power cut left.
pub(crate) fn revision(database: &Path) -> io::Result<u64> {
    match fs::read(path_of(database)) {
        Ok(bytes) => {
            let text = str::from_utf8(&bytes).ok();
            let number = text.and_then(|text| text.strip_suffix('\n')?.parse().ok());
            Ok(number.unwrap_or_default())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// The file of a database that is open, where the writer notes what it is about to acknowledge.
#[derive(Debug)]
pub(crate) struct Acknowledged {
    database: PathBuf,
    file: File,
}

impl Acknowledged {
    /// Opens the file of this database, or makes it.
    pub(crate) fn open(database: &Path) -> io::Result<Self> {
        Ok(Self {
            database: database.to_owned(),
            file: create_private(&path_of(database))?,
        })
    }

    /// Notes the revision of a commit that is on the disk. Where that fails less damage is found, and no change is refused.
    pub(crate) fn note(&mut self, revision: u64) {
        // Always as long as the longest, so that the file never has to be cut off.
        let text = format!("{revision:020}\n");
        let written = self
            .file
            .rewind()
            .and_then(|()| self.file.write_all(text.as_bytes()));
        if let Err(error) = written {
            tracing::warn!(%error, revision, "what is acknowledged was not noted beside the database");
        }
    }

    /// Removes the file if the log was folded into the database: all there is to know is in one file then.
    pub(crate) fn close(self) {
        drop(self.file);
        if !beside(&self.database, "-wal").exists()
            && let Err(error) = fs::remove_file(path_of(&self.database))
        {
            tracing::warn!(%error, "the note of what was acknowledged was not removed");
        }
    }
}
