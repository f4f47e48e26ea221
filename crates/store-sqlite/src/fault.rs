//! What can go wrong inside, and what the store's callers are told of it.

use pimento_store::StoreError;
use rusqlite::{ErrorCode, ffi};

/// Why a read or a write did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Corrupt(String),
    #[error("a row changed while the change was decided")]
    Conflict,
}

impl Fault {
    /// Says in which table something was found that cannot be read.
    pub(crate) fn within(self, table: &str) -> Self {
        match self {
            Self::Corrupt(what) => Self::Corrupt(format!("table {table}: {what}")),
            Self::Sqlite(error) if !is_passing(&error) => {
                Self::Corrupt(format!("table {table}: {error}"))
            }
            other => other,
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Conflict => Self::Conflict,
            Fault::Corrupt(what) => Self::Corrupt(what),
            Fault::Sqlite(error) if is_passing(&error) => Self::Unavailable(error.to_string()),
            Fault::Sqlite(error) => Self::Corrupt(error.to_string()),
        }
    }
}

/// Whether the cause lies around the file (disk, locks, memory), not in what it holds. What is not known to be so counts
/// as damage: trying again would not help.
fn is_passing(error: &rusqlite::Error) -> bool {
    let reads_beyond_its_end =
        error.sqlite_extended_error_code() == Some(ffi::SQLITE_IOERR_SHORT_READ);
    !reads_beyond_its_end
        && matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::PermissionDenied
                    | ErrorCode::OperationAborted
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::OutOfMemory
                    | ErrorCode::ReadOnly
                    | ErrorCode::OperationInterrupted
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::DiskFull
                    | ErrorCode::CannotOpen
                    | ErrorCode::FileLockingProtocolFailed
                    | ErrorCode::NoLargeFileSupport
            )
        )
}
