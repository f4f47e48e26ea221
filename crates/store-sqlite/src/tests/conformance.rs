//! The cases that every store passes.

use pimento_store::Clock;
use tempfile::TempDir;

use crate::searches::Limits;
use crate::{Purpose, SEARCH_LIMIT, SqliteStore};

fn open(clock: Clock) -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open_at(
        &folder.path().join("pimento.db"),
        Purpose::Dev,
        Some(clock),
        Limits::of(SEARCH_LIMIT),
    )
    .unwrap();
    (store, folder)
}

pimento_store::conformance_suite!(open);
