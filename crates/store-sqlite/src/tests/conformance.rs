//! The cases that every store passes.

use pimento_store::Clock;
use tempfile::TempDir;

use crate::{Purpose, SqliteStore};

fn open(clock: Clock) -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store =
        SqliteStore::open_at(&folder.path().join("pimento.db"), Purpose::Dev, Some(clock)).unwrap();
    (store, folder)
}

pimento_store::conformance_suite!(open);
