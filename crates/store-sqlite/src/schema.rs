//! The database file: how connections are set up, what marks a file as Pimento's, and the numbered migrations.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use pimento_domain::Instant;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, ffi, params};

use crate::Purpose;
use crate::acknowledged;
use crate::open::{OpenError, beside};
use crate::sql;
use crate::words::Word;

/// The migrations in order: the first makes version 1 of the schema from an empty file. A file that was ever released is
/// not edited; a change of the schema is the next one.
pub(crate) const MIGRATIONS: [&str; 10] = [
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_requests.sql"),
    include_str!("../migrations/0003_events.sql"),
    include_str!("../migrations/0004_roles.sql"),
    include_str!("../migrations/0005_seals.sql"),
    include_str!("../migrations/0006_setup.sql"),
    include_str!("../migrations/0007_queries.sql"),
    include_str!("../migrations/0008_queries_of_requests.sql"),
    include_str!("../migrations/0009_names_of_roles.sql"),
    include_str!("../migrations/0010_approvals_by_start.sql"),
];

/// The schema that this program reads and writes.
pub(crate) const VERSION: usize = MIGRATIONS.len();

/// `PIMT`, in the file's header: what tells it from other programs' SQLite files.
pub(crate) const APPLICATION_ID: i32 = 0x5049_4d54;

/// A checkpoint after so many pages (of 4 KiB) of log: the default of 1,000 interrupts bursts of writes too often.
const CHECKPOINT_PAGES: u32 = 4_000;

/// The log is cut back to this after a checkpoint, in bytes.
const LOG_SIZE: u32 = 64 * 1024 * 1024;

/// Pages that a connection keeps in memory, as negative KiB.
const CACHE_SIZE: i32 = -16 * 1024;

/// How long the writer waits for somebody who has locked the file with a tool of their own.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// More than there are statements, so that each connection prepares each of them once.
const STATEMENTS: usize = 128;

impl Word for Purpose {
    const ALL: &[Self] = &[Self::Serve, Self::Dev];

    fn word(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Dev => "dev",
        }
    }
}

/// A connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    set_up(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// A connection for a first look at a file that may be refused: it leaves no file that was not there.
///
/// An ordinary reader makes a log and its index, and cannot remove them when it closes.
fn open_observer(path: &Path) -> rusqlite::Result<Connection> {
    let is_there = |suffix| beside(path, suffix).exists();
    match (is_there("-journal"), is_there("-wal"), is_there("-shm")) {
        // Only a connection that could write may undo what the journal says was half done, as when a server is killed while
        // it makes its database. Nobody can read the file before that, whosever it is.
        (true, ..) => open_alone(path),
        (false, false, _) => open_resting(path),
        // What a killed server has logged counts, and is read from the log. Files that came from elsewhere, from a backup
        // for one, have no index beside the log.
        (false, true, false) => open_alone(path),
        (false, true, true) => open_reader(path),
    }
}

/// A connection to a file without a log or journal: all there is to know is in the file itself.
fn open_resting(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let mut uri = "file:".to_owned();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let connection = Connection::open_with_flags(uri, flags)?;
    set_up(&connection)?;
    Ok(connection)
}

/// A connection to a file whose log has no index, so that nobody reads the log just now, or that has a journal. It keeps
/// others out and the index in memory, which takes a connection that could write; and it leaves the log as it is.
fn open_alone(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Before the rest, which reads the file, and would make the index.
    connection.pragma_update_and_check(None, "locking_mode", "exclusive", |_| Ok(()))?;
    set_up(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// The connection that writes, to a file that is there. Its commits are on the disk when they return.
fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    set_up(&connection)?;
    connection
        .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_SIZE, |_| Ok(()))?;
    Ok(connection)
}

/// The plan of a statement must not depend on the values bound to it: without this guarantee SQLite plans each list anew,
/// which costs more than the list. A schema that somebody else has put functions into is not trusted.
fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.busy_timeout(LOCK_TIMEOUT)?;
    connection.pragma_update(None, "cache_size", CACHE_SIZE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// The writing connection to this file, which exists, brought to the newest schema; an empty one becomes a database for
/// this purpose. A file that is refused stays as it was.
pub(crate) fn prepare(path: &Path, purpose: Purpose) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::sqlite(path, source);
    let version = inspect(path, purpose)?;
    let mut connection = open_writer(path).map_err(failed)?;
    if version < VERSION {
        migrate(&mut connection, version, purpose).map_err(failed)?;
        tracing::info!(path = %path.display(), from = version, to = VERSION, "the database has the newest schema now");
    }
    Ok(connection)
}

/// The version of the file's schema, 0 for an empty file; or why the file is not to be opened. Neither the file nor its folder
/// is changed, unless somebody was killed and left a journal: what was half done then is undone.
pub(crate) fn inspect(path: &Path, purpose: Purpose) -> Result<usize, OpenError> {
    Ok(observe(path, Some(purpose))?.version)
}

/// A file that was looked at.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Reads it as it is, without a trace.
    pub(crate) connection: Connection,
    /// The version of its schema, 0 where it is empty.
    pub(crate) version: usize,
    /// What it is marked with; `None` where it is empty.
    pub(crate) purpose: Option<Purpose>,
}

/// The same, where any purpose will do, with a connection that reads the file.
pub(crate) fn observe(path: &Path, purpose: Option<Purpose>) -> Result<Observed, OpenError> {
    let failed = |source| OpenError::sqlite(path, source);
    // Before the file is read: a server may be at work on it.
    let acknowledged =
        acknowledged::revision(path).map_err(|source| OpenError::file(path, source))?;
    if !has_whole_first_page(path).map_err(|source| OpenError::file(path, source))? {
        let short = Some("the file ends within its first page".to_owned());
        let code = ffi::Error::new(ffi::SQLITE_CORRUPT);
        return Err(failed(rusqlite::Error::SqliteFailure(code, short)));
    }
    let connection = open_observer(path).map_err(failed)?;
    let (version, purpose) = recognise(&connection, path, purpose)?;
    let found: u64 = match version {
        0 => 0,
        _ => connection
            .query_row(sql::NEWEST_REVISION, [], |row| row.get(0))
            .map_err(failed)?,
    };
    if found < acknowledged {
        return Err(OpenError::Behind {
            path: path.to_owned(),
            found,
            acknowledged,
        });
    }
    Ok(Observed {
        connection,
        version,
        purpose,
    })
}

/// Whether a file that begins like a database has at least one of its pages. SQLite reads what is missing there as zeros,
/// which may look like a database with nothing in it. While a journal says what the file was, it counts for nothing.
fn has_whole_first_page(path: &Path) -> io::Result<bool> {
    let mut header = Vec::new();
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    file.take(18).read_to_end(&mut header)?;
    if !header.starts_with(b"SQLite format 3\0") || beside(path, "-journal").exists() {
        return Ok(true);
    }
    let page = match header[16..] {
        // The largest size does not fit, and is written as 1.
        [0, 1] => 65_536,
        [high, low] => u64::from(u16::from_be_bytes([high, low])),
        _ => return Ok(false),
    };
    Ok(page <= length)
}

/// The version of the schema that is seen here, 0 where there is nothing, and what the file is marked with; or why it is
/// not this command's.
fn recognise(
    connection: &Connection,
    path: &Path,
    purpose: Option<Purpose>,
) -> Result<(usize, Option<Purpose>), OpenError> {
    let failed = |source| OpenError::sqlite(path, source);
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id").map_err(failed)?;
    let version = number("PRAGMA user_version").map_err(failed)?;
    let tables = number(sql::TABLES).map_err(failed)?;
    let path = || path.to_owned();
    match (application, tables) {
        (0, 0) if version == 0 => return Ok((0, None)),
        (application, _) if application != i64::from(APPLICATION_ID) => {
            return Err(OpenError::Foreign { path: path() });
        }
        _ => {}
    }
    let version = match usize::try_from(version) {
        Ok(version @ 1..=VERSION) => version,
        _ => {
            return Err(OpenError::Version {
                path: path(),
                found: version,
                known: VERSION,
            });
        }
    };
    let word: String = connection
        .query_row(sql::PURPOSE, [], |row| row.get(0))
        .map_err(failed)?;
    match Purpose::from_word(&word) {
        Some(marked) if purpose.is_none_or(|purpose| marked == purpose) => {
            Ok((version, Some(marked)))
        }
        Some(Purpose::Dev) => Err(OpenError::MarkedDev { path: path() }),
        Some(Purpose::Serve) => Err(OpenError::NotMarkedDev { path: path() }),
        None => Err(OpenError::Foreign { path: path() }),
    }
}

/// All missing migrations and the marks in one transaction: a crash leaves the file as it was.
fn migrate(connection: &mut Connection, version: usize, purpose: Purpose) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in &MIGRATIONS[version..] {
        transaction.execute_batch(migration)?;
    }
    if version == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.execute(sql::SET_PURPOSE, params![purpose.word()])?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// The time of the newest event in the log of any tenant.
pub(crate) fn newest_event(connection: &Connection) -> rusqlite::Result<Option<Instant>> {
    let newest: Option<i64> = connection.query_row(sql::NEWEST_EVENT, [], |row| row.get(0))?;
    Ok(newest.and_then(Instant::from_micros))
}
