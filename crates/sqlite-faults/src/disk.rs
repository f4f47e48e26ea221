//! What is known of a watched folder: what was done to its files, and what is to go wrong.

use std::collections::BTreeMap;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::{fs, io, mem};

use rusqlite::ffi;

use crate::vfs;

/// What can go wrong below SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// There is no space: half of a write is done, then it is refused.
    Full,
    /// A write fails, without having written anything.
    Write,
    /// The file cannot be written to any more, as where its file system is mounted anew.
    ReadOnly,
    /// A flush fails; what was to be flushed may be on the disk or not.
    Flush,
    /// A file cannot be cut off.
    Truncate,
    /// A file cannot be read.
    Read,
    /// A read finds nothing, as if the file had ended before.
    ShortRead,
}

impl Trouble {
    /// What SQLite is told.
    fn code(self) -> c_int {
        match self {
            Self::Full => ffi::SQLITE_FULL,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
            Self::ReadOnly => ffi::SQLITE_READONLY,
            Self::Flush => ffi::SQLITE_IOERR_FSYNC,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::ShortRead => ffi::SQLITE_IOERR_SHORT_READ,
        }
    }
}

/// How long trouble lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// One operation fails, and the next goes well.
    Once,
    /// From then on all fail until [`Disk::mend`].
    UntilMended,
}

/// One thing that SQLite did to the files of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A file of this name is there, as this one, and holds this.
    Create {
        file: usize,
        name: String,
        bytes: Vec<u8>,
    },
    /// Bytes at a place.
    Write {
        file: usize,
        offset: usize,
        bytes: Vec<u8>,
    },
    /// The file ends here.
    Truncate { file: usize, size: usize },
    /// What was written to the file is on the disk, and with a file's first flush its name.
    Flush { file: usize },
    /// There is no file of this name any more, which the disk need not know yet.
    Delete { name: String, flush: DeleteFlush },
}

/// Whether a removal is flushed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeleteFlush {
    Now,
    Later,
}

/// What was done to the files of a folder, in order.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub(crate) steps: Vec<Step>,
}

impl Record {
    /// How many steps there are: a moment between two of them is a place to cut the power.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// The disk below one folder. Dropped, it leaves the files alone; connections that are open go on through it.
#[derive(Debug)]
pub struct Disk(Arc<Watched>);

/// A folder that is watched.
#[derive(Debug)]
pub(crate) struct Watched {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    record: Record,
    /// The file that has a name now.
    names: BTreeMap<String, usize>,
    /// How many files there ever were.
    files: usize,
    /// How often each operation was asked for.
    asked: BTreeMap<Trouble, usize>,
    plan: Option<Plan>,
    has_failed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Plan {
    trouble: Trouble,
    /// How many operations of the kind still go well.
    spared: usize,
    lasting: Lasting,
}

/// All folders that are watched, in the whole process.
static FOLDERS: Mutex<Vec<Weak<Watched>>> = Mutex::new(Vec::new());

fn folders() -> MutexGuard<'static, Vec<Weak<Watched>>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Watches the files of this folder that SQLite opens from now on.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn below(folder: &Path) -> io::Result<Self> {
        vfs::install();
        let watched = Arc::new(Watched {
            folder: fs::canonicalize(folder)?,
            state: Mutex::default(),
        });
        let mut folders = folders();
        folders.retain(|folder| folder.strong_count() != 0);
        folders.push(Arc::downgrade(&watched));
        Ok(Self(watched))
    }

    /// How many steps were taken so far.
    pub fn position(&self) -> usize {
        self.0.state().record.len()
    }

    /// What was done so far.
    pub fn record(&self) -> Record {
        self.0.state().record.clone()
    }

    /// How often SQLite has asked for what this trouble would refuse.
    pub fn asked(&self, trouble: Trouble) -> usize {
        let state = self.0.state();
        state.asked.get(&trouble).copied().unwrap_or_default()
    }

    /// Lets so many operations go well, and then fails.
    pub fn fail(&self, trouble: Trouble, spared: usize, lasting: Lasting) {
        let mut state = self.0.state();
        state.has_failed = false;
        state.plan = Some(Plan {
            trouble,
            spared,
            lasting,
        });
    }

    /// Ends all trouble. Whether any operation has failed since it was asked for.
    pub fn mend(&self) -> bool {
        let mut state = self.0.state();
        state.plan = None;
        mem::take(&mut state.has_failed)
    }
}

impl Watched {
    /// The watched folder that this file is in.
    pub(crate) fn around(path: &Path) -> Option<Arc<Self>> {
        let folder = path.parent()?;
        let mut watched = folders()
            .iter()
            .filter_map(Weak::upgrade)
            .collect::<Vec<_>>();
        watched.retain(|watched| watched.folder == folder);
        watched.pop()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the file of this name, which SQLite opens; `there` is what it holds if it is there already.
    pub(crate) fn opened(&self, name: &str, there: Option<Vec<u8>>) -> usize {
        let mut state = self.state();
        match state.names.get(name) {
            Some(&file) if there.is_some() => file,
            _ => state.create(name, there),
        }
    }

    /// Keeps what was done.
    pub(crate) fn did(&self, step: Step) {
        let mut state = self.state();
        if let Step::Delete { name, .. } = &step {
            state.names.remove(name);
        }
        state.record.steps.push(step);
    }

    /// Whether this operation is to fail, and then what SQLite is told.
    pub(crate) fn refuses(&self, trouble: Trouble) -> Option<c_int> {
        let mut state = self.state();
        *state.asked.entry(trouble).or_default() += 1;
        let plan = state.plan.as_mut().filter(|plan| plan.trouble == trouble)?;
        if plan.spared != 0 {
            plan.spared -= 1;
            return None;
        }
        if plan.lasting == Lasting::Once {
            state.plan = None;
        }
        state.has_failed = true;
        Some(trouble.code())
    }
}

impl State {
    fn create(&mut self, name: &str, there: Option<Vec<u8>>) -> usize {
        let file = self.files;
        self.files += 1;
        self.names.insert(name.to_owned(), file);
        // What is there already was made by somebody else, and is on the disk.
        let flush = there.is_some().then_some(Step::Flush { file });
        self.record.steps.push(Step::Create {
            file,
            name: name.to_owned(),
            bytes: there.unwrap_or_default(),
        });
        self.record.steps.extend(flush);
        file
    }
}
