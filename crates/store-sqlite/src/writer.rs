//! The one writer: a thread that takes what waits in its queue, writes it in one transaction, and acknowledges it after the
//! commit. Many callers share one flush to the disk, and none ever waits for a lock.

use std::io;
use std::iter;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use pimento_store::seal::Sealed;
use pimento_store::{Changeset, Committed, StoreError};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params};
use tokio::sync::oneshot;

use crate::acknowledged::Acknowledged;
use crate::fault::Fault;
use crate::{apply, seals, sql};

/// How many jobs wait at the most.
pub(crate) const LONGEST_QUEUE: usize = 1024;

/// How many jobs share a transaction at the most.
const LARGEST_BATCH: usize = 256;

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer is asked to do. A reply that is dropped says that the writer is gone.
pub(crate) enum Job {
    /// Write this.
    Commit(Box<Changeset>, Reply<Committed>),
    /// Write these seals, in a transaction of their own.
    Seal(Box<Sealed>, Reply<()>),
    /// Show that writing works.
    Check(Reply<()>),
}

/// The queue's sending end and the thread at its other end. Dropping it lets the thread finish what waits, then end.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread that writes to this connection, and notes what it acknowledges.
    pub(crate) fn start(connection: Connection, acknowledged: Acknowledged) -> io::Result<Self> {
        Self::run(move |jobs| write_all(connection, acknowledged, &jobs))
    }

    /// Starts a thread for this work.
    pub(crate) fn run(work: impl FnOnce(Receiver<Job>) + Send + 'static) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(LONGEST_QUEUE);
        let thread = thread::Builder::new()
            .name("pimento-writer".to_owned())
            .spawn(move || work(jobs))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Hands over a job and waits for its answer.
    pub(crate) async fn submit<T>(
        &self,
        job: impl FnOnce(Reply<T>) -> Job,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let gone = || "the writer has stopped; the server has to be restarted".to_owned();
        let queue = self.queue.as_ref();
        let queue = queue.ok_or_else(|| StoreError::Unavailable(gone()))?;
        queue
            .try_send(job(reply))
            .map_err(|refused| match refused {
                TrySendError::Full(_) => StoreError::Unavailable(format!(
                    "{LONGEST_QUEUE} changes wait to be written already"
                )),
                TrySendError::Disconnected(_) => StoreError::Unavailable(gone()),
            })?;
        // It went away with the job in its hands.
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::InDoubt(gone())))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if self
            .thread
            .take()
            .is_some_and(|thread| thread.join().is_err())
        {
            tracing::error!("the writer of the database had panicked");
        }
    }
}

/// Writes until nobody can ask any more.
fn write_all(mut connection: Connection, mut acknowledged: Acknowledged, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut changesets = Vec::new();
        let mut replies = Vec::new();
        let mut seals = Vec::new();
        let mut checks = Vec::new();
        for job in iter::once(first).chain(jobs.try_iter()).take(LARGEST_BATCH) {
            match job {
                Job::Commit(changeset, reply) => {
                    changesets.push(changeset);
                    replies.push(reply);
                }
                Job::Seal(sealed, reply) => seals.push((sealed, reply)),
                Job::Check(reply) => checks.push(reply),
            }
        }
        if !(changesets.is_empty() && checks.is_empty()) {
            write_changes(
                &mut connection,
                &mut acknowledged,
                &changesets,
                replies,
                checks,
            );
        }
        for (sealed, reply) in seals {
            let _ = reply.send(write_seals(&mut connection, &sealed));
        }
    }
    drop(connection);
    acknowledged.close();
}

/// Writes what waits in one transaction, and answers.
fn write_changes(
    connection: &mut Connection,
    acknowledged: &mut Acknowledged,
    changesets: &[Box<Changeset>],
    replies: Vec<Reply<Committed>>,
    checks: Vec<Reply<()>>,
) {
    let written = write_batch(connection, changesets);
    match &written {
        Ok(batch) => acknowledged.note(batch.revision),
        Err(error) => tracing::error!(%error, "a transaction was not written"),
    }
    // Whoever asked may be gone; what was written stays written.
    for reply in checks {
        let _ = reply.send(written.as_ref().map(|_| ()).map_err(Clone::clone));
    }
    match written {
        Ok(batch) => {
            iter::zip(replies, batch.answers).for_each(|(reply, answer)| drop(reply.send(answer)))
        }
        Err(error) => replies
            .into_iter()
            .for_each(|reply| drop(reply.send(Err(error.clone())))),
    }
}

/// A transaction that is on the disk.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The newest revision since.
    pub(crate) revision: u64,
    /// One for each changeset.
    pub(crate) answers: Vec<Result<Committed, StoreError>>,
}

/// One durable transaction, with one answer for each changeset; or, if nothing of it could be written, one for all.
pub(crate) fn write_batch(
    connection: &mut Connection,
    changesets: &[Box<Changeset>],
) -> Result<Batch, StoreError> {
    write_durably(connection, |transaction| {
        write_each(transaction, changesets)
    })
}

/// Seals in a durable transaction of their own. They need no revision: nothing is decided on them, and where they are lost
/// they are made again as they were.
fn write_seals(connection: &mut Connection, sealed: &Sealed) -> Result<(), StoreError> {
    write_durably(connection, |transaction| seals::write(transaction, sealed))
}

fn write_durably<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, StoreError> {
    match write_transaction(connection, work) {
        Ok(answer) => Ok(answer),
        Err(Unwritten::Refused(fault)) => Err(fault.into()),
        Err(Unwritten::Commit(error)) => {
            let what = format!("the commit failed: {error}");
            // Where the disk fails it may have all of the transaction nevertheless, which would count if the file were opened
            // anew. A transaction with nothing in it takes its place in the log.
            let disk_failed = error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure);
            let nothing = |transaction: &Transaction<'_>| write_each(transaction, &[]);
            if disk_failed && write_transaction(connection, nothing).is_err() {
                Err(StoreError::InDoubt(what))
            } else {
                Err(StoreError::Unavailable(what))
            }
        }
    }
}

/// Why a transaction was not written.
enum Unwritten {
    /// It did not come to its commit.
    Refused(Fault),
    /// The commit failed.
    Commit(rusqlite::Error),
}

impl<E: Into<Fault>> From<E> for Unwritten {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

fn write_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Unwritten> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = work(&transaction)?;
    transaction.commit().map_err(Unwritten::Commit)?;
    Ok(answer)
}

fn write_each(
    transaction: &Transaction<'_>,
    changesets: &[Box<Changeset>],
) -> Result<Batch, Fault> {
    let newest: u64 = transaction
        .prepare_cached(sql::NEWEST_REVISION)?
        .query_row([], |row| row.get(0))?;
    let mut revision = newest;
    let mut answers = Vec::with_capacity(changesets.len());
    for changeset in changesets {
        revision += 1;
        answers.push(write_one(transaction, changeset, revision)?);
    }
    // Without changes too it is another one: SQLite writes nothing where nothing differs.
    let revision = revision.max(newest + 1);
    transaction
        .prepare_cached(sql::SET_NEWEST_REVISION)?
        .execute(params![revision])?;
    Ok(Batch { revision, answers })
}

/// One changeset within the batch. If it fails it leaves nothing behind, and the others go on, as long as SQLite itself
/// has not given up the transaction.
fn write_one(
    transaction: &Transaction<'_>,
    changeset: &Changeset,
    revision: u64,
) -> Result<Result<Committed, StoreError>, Fault> {
    transaction
        .prepare_cached("SAVEPOINT changeset")?
        .execute([])?;
    let answer = match apply::changeset(transaction, changeset, revision) {
        Ok(committed) => Ok(committed),
        Err(fault) if transaction.is_autocommit() => return Err(fault),
        Err(fault) => {
            transaction
                .prepare_cached("ROLLBACK TO changeset")?
                .execute([])?;
            Err(StoreError::from(fault))
        }
    };
    transaction
        .prepare_cached("RELEASE changeset")?
        .execute([])?;
    Ok(answer)
}
