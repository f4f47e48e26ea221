//! The store on embedded SQLite.
//!
//! One thread writes: it takes all changesets that wait, writes them in one transaction, and acknowledges them when that
//! is on the disk (write-ahead log, `synchronous=FULL`). Reads run where they are called, but for searches, which may take long
//! and have threads of their own: on connections that cannot write, each read in a snapshot of its own; neither side
//! waits for the other.
//!
//! Beside the file, while it is open or has a log: its lock, its log with an index, and how far it was acknowledged, by which
//! a log that is damaged or missing is found out.
//!
//! The file can be looked at with `sqlite3` while a server runs; its tables explain themselves (`.schema`).

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

mod acknowledged;
mod apply;
mod audit;
mod erase;
mod fault;
mod open;
mod query;
mod reader;
mod requests;
mod roles;
mod rows;
mod schema;
mod seals;
mod searches;
mod sql;
#[cfg(test)]
mod tests;
mod words;
mod writer;

pub use audit::Log;
pub use erase::{EraseError, Erased, Erasing, Erasure, Trace, erase};
pub use open::OpenError;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use pimento_domain::{
    Holders, Holding, Instant, PrincipalId, Request, RequestId, Role, RoleId, TenantId,
};
use pimento_store::seal::{Link, Sealed, Tail};
use pimento_store::{
    AssignmentQuery, Changeset, Clock, Committed, DueHolding, Loaded, OperationPage,
    OperationQuery, Page, RecordedEvent, RequestPage, RequestQuery, RolePage, RoleQuery, Store,
    StoreError, Wanted,
};
use rusqlite::Connection;

use crate::acknowledged::Acknowledged;
use crate::open::Lock;
use crate::reader::Readers;
use crate::searches::{Limits, Searches};
use crate::writer::{Job, Writer};

/// How long a search for a page of a list may take where nothing else is said. Of what ordinary clients ask for, a page of 100,000
/// rows that has to be sorted takes a tenth of a second.
pub const SEARCH_LIMIT: Duration = Duration::from_secs(10);

/// Which command a database belongs to. It is marked with it when it is made, and the other command never opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A real server, on the process clock.
    Serve,
    /// A dev server, on a clock that can be moved, and that never starts behind the newest event in the file.
    Dev,
}

/// A database file, open in this process alone.
///
/// Dropping it waits until the writer has finished what was handed over, folds the log into the file and gives the file free.
#[derive(Debug)]
pub struct SqliteStore {
    clock: Arc<Clock>,
    // These are dropped in this order, the searches first, which read by the readers: the last connection to close, the writer's, folds in the log; then the lock goes.
    searches: Searches,
    readers: Arc<Readers>,
    writer: Writer,
    _lock: Lock,
}

impl SqliteStore {
    /// Opens a database, or makes one where there is no file or an empty one. Its folder must be there.
    pub fn open(path: &Path, purpose: Purpose) -> Result<Self, OpenError> {
        Self::open_limited(path, purpose, SEARCH_LIMIT)
    }

    /// The same, where a search may take so long.
    pub fn open_limited(
        path: &Path,
        purpose: Purpose,
        search_limit: Duration,
    ) -> Result<Self, OpenError> {
        Self::open_at(path, purpose, None, Limits::of(search_limit))
    }

    /// Opens a database with this clock, or with the one of its purpose.
    fn open_at(
        path: &Path,
        purpose: Purpose,
        clock: Option<Clock>,
        limits: Limits,
    ) -> Result<Self, OpenError> {
        let path = open::real_path(path)?;
        if open::is_unclaimed(&path)? {
            schema::inspect(&path, purpose)?;
        }
        let lock = open::claim(&path)?;
        let connection = schema::prepare(&path, purpose)?;
        let clock = match clock {
            Some(clock) => clock,
            None => {
                clock_of(purpose, &connection).map_err(|source| OpenError::sqlite(&path, source))?
            }
        };
        let failed = |source| OpenError::file(&path, source);
        let acknowledged = Acknowledged::open(&path).map_err(failed)?;
        let writer = Writer::start(connection, acknowledged).map_err(failed)?;
        let readers = Arc::new(Readers::new(path.clone()));
        Ok(Self {
            clock: Arc::new(clock),
            searches: Searches::start(Arc::clone(&readers), limits).map_err(failed)?,
            readers,
            writer,
            _lock: lock,
        })
    }
}

/// The clock of a database of this purpose.
fn clock_of(purpose: Purpose, connection: &Connection) -> rusqlite::Result<Clock> {
    match purpose {
        Purpose::Serve => Ok(Clock::process()),
        Purpose::Dev => Ok(Clock::starting_at(schema::newest_event(connection)?)),
    }
}

impl Store for SqliteStore {
    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn load<'a>(
        &'a self,
        tenant: &'a TenantId,
        wanted: &'a Wanted,
    ) -> BoxFuture<'a, Result<Loaded, StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.load(tenant, wanted))
        }
        .boxed()
    }

    fn holdings_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<(Instant, Vec<Holding>), StoreError>> {
        async move {
            self.readers.read(&self.clock, |snapshot| {
                snapshot.holdings_of(tenant, principal)
            })
        }
        .boxed()
    }

    fn list_assignments<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a AssignmentQuery,
    ) -> BoxFuture<'a, Result<Page, StoreError>> {
        let (of, asked) = (tenant.clone(), query.clone());
        self.searches
            .run(&self.clock, move |snapshot| snapshot.list(&of, &asked))
            .boxed()
    }

    fn holders<'a>(
        &'a self,
        tenant: &'a TenantId,
        role: RoleId,
    ) -> BoxFuture<'a, Result<Holders, StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.holders(tenant, role))
        }
        .boxed()
    }

    fn list_roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RoleQuery,
    ) -> BoxFuture<'a, Result<RolePage, StoreError>> {
        let (of, asked) = (tenant.clone(), query.clone());
        self.searches
            .run(&self.clock, move |snapshot| {
                snapshot.list_roles(&of, &asked)
            })
            .boxed()
    }

    fn roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        ids: &'a [RoleId],
    ) -> BoxFuture<'a, Result<Vec<Role>, StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.roles(tenant, ids))
        }
        .boxed()
    }

    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RequestId,
    ) -> BoxFuture<'a, Result<(Instant, Option<Request>), StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.request(tenant, id))
        }
        .boxed()
    }

    fn list_requests<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RequestQuery,
    ) -> BoxFuture<'a, Result<RequestPage, StoreError>> {
        let (of, asked) = (tenant.clone(), query.clone());
        self.searches
            .run(&self.clock, move |snapshot| {
                snapshot.list_requests(&of, &asked)
            })
            .boxed()
    }

    fn approver_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<Vec<RoleId>, StoreError>> {
        async move {
            self.readers.read(&self.clock, |snapshot| {
                snapshot.approver_of(tenant, principal)
            })
        }
        .boxed()
    }

    fn due(&self, limit: usize) -> BoxFuture<'_, Result<Vec<DueHolding>, StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.due(limit))
        }
        .boxed()
    }

    fn events<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<RecordedEvent>, StoreError>> {
        async move {
            self.readers.read(&self.clock, |snapshot| {
                snapshot.events(tenant, after, limit)
            })
        }
        .boxed()
    }

    fn list_operations<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a OperationQuery,
    ) -> BoxFuture<'a, Result<OperationPage, StoreError>> {
        let (of, asked) = (tenant.clone(), query.clone());
        self.searches
            .run(&self.clock, move |snapshot| {
                snapshot.list_operations(&of, &asked)
            })
            .boxed()
    }

    fn unsealed<'a>(
        &'a self,
        after: Option<&'a TenantId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<TenantId>, StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.unsealed(after, limit))
        }
        .boxed()
    }

    fn tail<'a>(
        &'a self,
        tenant: &'a TenantId,
        limit: usize,
    ) -> BoxFuture<'a, Result<Tail, StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.tail(tenant, limit))
        }
        .boxed()
    }

    fn links<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Link>, StoreError>> {
        async move {
            self.readers
                .read(&self.clock, |snapshot| snapshot.links(tenant, after, limit))
        }
        .boxed()
    }

    fn seal(&self, sealed: Sealed) -> BoxFuture<'_, Result<(), StoreError>> {
        self.writer
            .submit(|reply| Job::Seal(Box::new(sealed), reply))
            .boxed()
    }

    fn commit(&self, changeset: Changeset) -> BoxFuture<'_, Result<Committed, StoreError>> {
        self.writer
            .submit(|reply| Job::Commit(Box::new(changeset), reply))
            .boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        async move {
            self.readers.read(&self.clock, |_| Ok(()))?;
            self.writer.submit(Job::Check).await
        }
        .boxed()
    }
}
