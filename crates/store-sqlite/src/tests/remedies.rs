//! What a refusal tells the operator to do.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::ffi;

use super::opening::assert_refused;
use super::samples::Place;
use crate::{OpenError, Purpose};

#[test]
fn a_damaged_database_is_refused_with_what_to_do() {
    let place = Place::new();
    drop(place.serve());
    // The second page: a table's, or the schema's.
    let mut bytes = fs::read(place.path()).unwrap();
    bytes[4096..8192].fill(0xff);
    fs::write(place.path(), &bytes).unwrap();
    let words = ["malformed", "damaged", "restore a backup"];
    assert_refused(&place.path(), Purpose::Serve, &words);
}

#[test]
fn every_refusal_says_what_to_do() {
    let path = Path::new("/data/pimento.db");
    for (kind, remedy) in [
        (io::ErrorKind::PermissionDenied, "let the user who runs it"),
        (io::ErrorKind::ReadOnlyFilesystem, "mounted for writing"),
        (io::ErrorKind::StorageFull, "Make room"),
        (io::ErrorKind::NotFound, "Make the folder"),
        (io::ErrorKind::Other, "Name another place"),
    ] {
        let message = OpenError::file(path, kind.into()).to_string();
        assert!(message.contains(remedy), "{message}");
    }
    for (code, remedy) in [
        (ffi::SQLITE_FULL, "Make room"),
        (ffi::SQLITE_READONLY, "let the user who runs it"),
        (ffi::SQLITE_READONLY, "mounted for writing"),
        (ffi::SQLITE_CANTOPEN, "let the user who runs it"),
        (ffi::SQLITE_BUSY, "locked it"),
        (ffi::SQLITE_IOERR_READ, "Look at the disk"),
        (ffi::SQLITE_CORRUPT, "restore a backup"),
        (ffi::SQLITE_NOTADB, "restore a backup"),
    ] {
        let source = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let message = OpenError::sqlite(path, source).to_string();
        assert!(message.contains(remedy), "{message}");
    }
}
