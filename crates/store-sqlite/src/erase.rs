//! Erasing what events say, for ever: an operator's work, with the server stopped. Seal and digest stay, so that the chain
//! still verifies, and a new event says that it was done.

use std::fs;
use std::path::Path;

use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Instant, Justification, Remark, RequestId,
    TenantId, Uuid,
};
use pimento_store::seal::{Head, SealKey, Sealed, Tail, Unfit, Walk, extend, extend_by_erasures};
use pimento_store::{Changeset, RecordedEvent, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::fault::Fault;
use crate::open::{self, OpenError};
use crate::{apply, clock_of, rows, schema, seals, sql};

/// The operation under which the log tells of it.
const OPERATION: &str = "audit_erase";

/// How many events are sealed in one go, or links looked at.
const BATCH: usize = 512;

/// What to erase.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// Of whose log.
    pub tenant: TenantId,
    /// Which events.
    pub sequences: Vec<u64>,
    /// Why; it stays in the log.
    pub reason: Remark,
    /// The id under which the log keeps it.
    pub id: Uuid,
    /// The newest head that somebody remembers of this log; nothing is erased from another one.
    pub remembered: Option<Head>,
}

/// An event that is erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Which one.
    pub sequence: u64,
    /// The event that says so; `None` where it had been erased before.
    pub by: Option<u64>,
    /// What else is kept of the request that it was about, if it was about one.
    pub trace: Option<Trace>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasing {
    /// The events, as they were asked for.
    pub erased: Vec<Erased>,
    /// The newest head of the log now.
    pub head: Option<Head>,
}

/// What is kept beside the log of a request, which has the same reason and ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The request.
    pub request: RequestId,
    /// Whether its own row is without reason and ticket now. It is not while the request is open.
    pub is_blank: bool,
    /// Some of the other events about it, which may say the same.
    pub others: Vec<u64>,
}

/// Why nothing was erased, or not all traces of it.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The log has no such event.
    #[error("the log of this tenant has no event {0}. Nothing was erased.")]
    Unknown(u64),
    /// The event says of another one that it was erased.
    #[error("event {0} says that another one was erased, and has to stay. Nothing was erased.")]
    Erasure(u64),
    /// The log is broken.
    #[error("{0}: `pimento-server audit verify` says more. Nothing was erased.")]
    Unfit(#[from] Unfit),
    /// The database does not do it.
    #[error("nothing was erased: {0}")]
    Store(#[from] StoreError),
    /// The erased words may still be in parts of the file that are not in use.
    #[error(
        "the log no longer has it, but traces may be left in the files of the database: {0}. \
         Mend that, and give the same command again."
    )]
    Traces(String),
}

impl From<Fault> for EraseError {
    fn from(fault: Fault) -> Self {
        Self::Store(fault.into())
    }
}

impl From<rusqlite::Error> for EraseError {
    fn from(error: rusqlite::Error) -> Self {
        Fault::from(error).into()
    }
}

/// Erases events, seals what says so, and removes all traces from the files. No server may have the database open.
///
/// # Errors
/// [`EraseError`]. It can be done again: what is erased already stays so.
pub fn erase(path: &Path, erasure: &Erasure, key: &SealKey) -> Result<Erasing, EraseError> {
    // Whoever claims a file that is not there makes one.
    fs::metadata(path).map_err(|source| OpenError::file(path, source))?;
    let path = open::real_path(path)?;
    let lock = open::claim(&path)?;
    let purpose = schema::observe(&path, None)?.purpose;
    let purpose = purpose.ok_or_else(|| OpenError::Unsealed { path: path.clone() })?;
    let mut connection = schema::prepare(&path, purpose)?;
    connection.pragma_update(None, "secure_delete", true)?;
    let now = clock_of(purpose, &connection)?.now();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let erased = Work {
        transaction: &transaction,
        erasure,
        key,
        now,
    }
    .erase()?;
    transaction.commit()?;
    remove_traces(&connection).map_err(EraseError::Traces)?;
    drop(connection);
    drop(lock);
    Ok(erased)
}

/// Pages that were copied or given up may hold what was in them, so all of the file is written anew, and the log is cut off.
fn remove_traces(connection: &Connection) -> Result<(), String> {
    let failed = |error: rusqlite::Error| error.to_string();
    connection.execute_batch("VACUUM").map_err(failed)?;
    let is_busy: bool = connection
        .pragma_update_and_check(None, "wal_checkpoint", "truncate", |row| row.get(0))
        .map_err(failed)?;
    match is_busy {
        true => Err("another program reads the database".to_owned()),
        false => Ok(()),
    }
}

/// How a chain is made longer.
type Extend = fn(&TenantId, &Tail, Instant, &SealKey) -> Result<Option<Sealed>, Unfit>;

struct Work<'a> {
    transaction: &'a Transaction<'a>,
    erasure: &'a Erasure,
    key: &'a SealKey,
    now: Instant,
}

impl Work<'_> {
    fn erase(&self) -> Result<Erasing, EraseError> {
        self.walk()?;
        self.seal(extend)?;
        let mut erased = Vec::new();
        for &sequence in &self.erasure.sequences {
            erased.push(self.erase_one(sequence)?);
        }
        self.seal(extend_by_erasures)?;
        let head = seals::heads(self.transaction, &self.erasure.tenant, 1)?.pop();
        Ok(Erasing { erased, head })
    }

    /// Sees to it that the log still goes from what is remembered to its newest head.
    fn walk(&self) -> Result<(), EraseError> {
        let tenant = &self.erasure.tenant;
        let newest = seals::heads(self.transaction, tenant, 1)?.pop();
        let (remembered, key) = (self.erasure.remembered.as_ref(), self.key.public_key());
        let mut walk = Walk::begin(tenant, remembered, newest.as_ref(), key)?;
        while let Some(after) = walk.next() {
            walk.step(&seals::links(self.transaction, tenant, after, BATCH)?)?;
        }
        Ok(())
    }

    /// Seals all that has no seal.
    fn seal(&self, extend: Extend) -> Result<(), EraseError> {
        let tenant = &self.erasure.tenant;
        loop {
            let tail = seals::tail(self.transaction, tenant, BATCH)?;
            match extend(tenant, &tail, self.now, self.key)? {
                Some(sealed) => seals::write(self.transaction, &sealed)?,
                None => return Ok(()),
            }
        }
    }

    fn erase_one(&self, sequence: u64) -> Result<Erased, EraseError> {
        let Some(event) = self.event(sequence)? else {
            return self.erased_before(sequence);
        };
        if event.event.kind == EventKind::Erase {
            return Err(EraseError::Erasure(sequence));
        }
        // First: where it is the newest, the next event would otherwise get its number.
        let by = self.record(sequence)?;
        let key = params![self.erasure.tenant.as_str(), sequence];
        self.transaction.execute(sql::REMOVE_EVENT, key)?;
        Ok(Erased {
            sequence,
            by: Some(by),
            trace: event
                .event
                .request
                .map(|request| self.trace(request))
                .transpose()?,
        })
    }

    fn event(&self, sequence: u64) -> Result<Option<RecordedEvent>, EraseError> {
        let before = i64::try_from(sequence)
            .ok()
            .and_then(|at| at.checked_sub(1));
        let Some(before) = before else {
            return Ok(None);
        };
        let key = params![self.erasure.tenant.as_str(), before, 1];
        let found = seals::gather(self.transaction, sql::EVENTS, key, rows::event);
        let found = found.map_err(|fault| fault.within("events"))?;
        Ok(found.into_iter().find(|event| event.sequence == sequence))
    }

    fn erased_before(&self, sequence: u64) -> Result<Erased, EraseError> {
        let at = i64::try_from(sequence).map_err(|_| EraseError::Unknown(sequence))?;
        let key = params![self.erasure.tenant.as_str(), at];
        let by = seals::gather(self.transaction, sql::ERASURE, key, rows::event)?;
        match by.is_empty() {
            true => Err(EraseError::Unknown(sequence)),
            false => Ok(Erased {
                sequence,
                by: None,
                trace: None,
            }),
        }
    }

    /// Writes the event that says so, and answers its sequence number.
    fn record(&self, sequence: u64) -> Result<u64, EraseError> {
        let after = After::Erased(sequence);
        let event = Event {
            justification: Justification {
                reason: Some(self.erasure.reason.clone()),
                ..Justification::default()
            },
            ..Event::new(self.now, EventKind::Erase, Actor::Operator, after)
        };
        let changeset = Changeset {
            tenant: self.erasure.tenant.clone(),
            expected: Vec::new(),
            changes: Vec::new(),
            events: Events::new(Vec::new(), event),
            cause: Cause {
                operation: OPERATION.into(),
                request: self.erasure.id,
                client_request: None,
            },
        };
        // No row is changed that would get this revision.
        Ok(apply::changeset(self.transaction, &changeset, 0)?.sequence)
    }

    fn trace(&self, request: RequestId) -> Result<Trace, EraseError> {
        let key = params![self.erasure.tenant.as_str(), request.to_string()];
        let blanked = self.transaction.execute(sql::BLANK_REQUEST, key)?;
        let others = seals::gather(self.transaction, sql::EVENTS_OF_REQUEST, key, |row| {
            Ok(row.get(0)?)
        })?;
        Ok(Trace {
            request,
            is_blank: 0 < blanked,
            others,
        })
    }
}
