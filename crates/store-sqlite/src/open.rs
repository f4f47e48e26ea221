//! Opening a database file: one process at a time, and only a file that this command may open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::acknowledged;

/// What the name of a database's lock ends in.
const LOCK: &str = ".lock";

/// Why a database was not opened. The file is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the database open, or this one has.
    #[error(
        "{path} is in use: another Pimento server has it open. Stop that one first; a database serves one server."
    )]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The file is not a database, or one of another program.
    #[error(
        "{path} is not a database of Pimento, and is left alone. Name a file that does not exist yet, or one that Pimento made. \
         If Pimento made this one, its beginning is damaged: restore a backup."
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer program.
    #[error(
        "{path} has version {found} of the schema, and this program knows versions 1 to {known}. \
         Use the program that wrote it, or a newer one."
    )]
    Version {
        /// The database.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The newest version that this program knows.
        known: usize,
    },
    /// There is no log in the file that could be checked.
    #[error(
        "{path} has no seals: it is empty, or was last opened by a program that made none. Start the server on it once."
    )]
    Unsealed {
        /// The database.
        path: PathBuf,
    },
    /// The file and its log hold less than was acknowledged: damage in a log looks like its end.
    #[error(
        "{path} lacks changes that were acknowledged: it ends at revision {found}, and {note} says {acknowledged}. \
         Its log, {log}, is damaged or missing. Keep a copy of all these files, then bring back the log, or restore a \
         backup in place of all of them. To go on with what is there, remove {note}.",
        note = acknowledged::path_of(path).display(),
        log = beside(path, "-wal").display(),
    )]
    Behind {
        /// The database.
        path: PathBuf,
        /// The newest revision in it.
        found: u64,
        /// The newest revision that is known to have been acknowledged.
        acknowledged: u64,
    },
    /// `serve` was to open a database of a dev server, whose issuer lets anybody be anybody.
    #[error(
        "{path} is a database of `pimento-server dev`, and `serve` never opens those. Name another file in `data`."
    )]
    MarkedDev {
        /// The database.
        path: PathBuf,
    },
    /// `dev` was to open the database of a real server.
    #[error(
        "{path} is a database of `pimento-server serve`, and `dev` never opens those. Name another folder with `--data`."
    )]
    NotMarkedDev {
        /// The database.
        path: PathBuf,
    },
    /// The file, its folder or its lock cannot be used.
    #[error("{path} cannot be opened: {source}. {}", file_remedy(source))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The database cannot be read or brought to the newest schema.
    #[error("the database {path} cannot be opened: {source}. {}", remedy(source))]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl OpenError {
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign {
                path: path.to_owned(),
            },
            _ => Self::Sqlite {
                path: path.to_owned(),
                source,
            },
        }
    }
}

const ROOM: &str = "Make room on its disk; nothing is lost.";
const RIGHTS: &str = "Pimento has to write to it and to its folder: let the user who runs it do so, have a file system that is \
    read-only mounted for writing, or name another place.";

/// What an operator can do about a file.
fn file_remedy(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => RIGHTS,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ROOM,
        io::ErrorKind::NotFound => "Make the folder, or name another place.",
        _ => "Name another place, or look at the disk.",
    }
}

/// What an operator can do about what SQLite says.
fn remedy(source: &rusqlite::Error) -> &'static str {
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => ROOM,
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => RIGHTS,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "Another program has locked it: end that one."
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory) => {
            "Look at the disk and the memory of the machine, then try again."
        }
        _ => {
            "It is damaged. Keep a copy of it and of the files beside it, and restore a backup; \
             `sqlite3 FILE .recover` shows what is left."
        }
    }
}

/// A database that no other process, and nobody else in this one, can open until this is dropped.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Drop for Lock {
    /// Closing the file would not do: a process that was being started just then has it open too, for a moment.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the lock of the database was not given free");
        }
    }
}

/// A lock that this process holds on the database; the file is there then, if perhaps empty.
pub(crate) fn claim(path: &Path) -> Result<Lock, OpenError> {
    // A lock beside the database: SQLite takes locks on the file itself, and drops them all when any handle closes.
    let lock_path = beside(path, LOCK);
    let lock = create_private(&lock_path).map_err(|source| OpenError::file(&lock_path, source))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(OpenError::InUse {
                path: path.to_owned(),
            });
        }
        Err(TryLockError::Error(source)) => return Err(OpenError::file(&lock_path, source)),
    }
    create_private(path).map_err(|source| OpenError::file(path, source))?;
    sync_folder(path)?;
    Ok(Lock(lock))
}

/// Whether there is a file that this process may read and write, and no lock beside it: no server has it open.
///
/// Such a file is looked at before it is claimed. A refusal afterwards would leave a lock that only this user can take,
/// and a lock that has been there for a moment cannot be removed: another server may be waiting with it in its hands.
pub(crate) fn is_unclaimed(path: &Path) -> Result<bool, OpenError> {
    if beside(path, LOCK).exists() {
        return Ok(false);
    }
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(OpenError::file(path, source)),
    }
}

/// The file next to the database whose name ends in this too.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// The path without links, so that two names of one database share one lock.
pub(crate) fn real_path(path: &Path) -> Result<PathBuf, OpenError> {
    if let Ok(real) = fs::canonicalize(path) {
        return Ok(real);
    }
    let invalid = || {
        OpenError::file(
            path,
            io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"),
        )
    };
    let name = path.file_name().ok_or_else(invalid)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = fs::canonicalize(folder).map_err(|source| OpenError::file(folder, source))?;
    Ok(folder.join(name))
}

/// Opens the file, or makes an empty one that only its owner can read. SQLite gives its log the same mode.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A new file is durable only when its folder's entry is.
fn sync_folder(path: &Path) -> Result<(), OpenError> {
    match path.parent() {
        #[cfg(unix)]
        Some(folder) => File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|source| OpenError::file(folder, source)),
        _ => Ok(()),
    }
}
