//! Due work: what has come about by itself is recorded in the log. Reads never wait for it.

use std::borrow::Cow;
use std::collections::HashSet;

use futures::future::try_join_all;
use pimento_domain::{AssignmentId, Cause, Facts, Uuid, rules};
use pimento_store::{Changeset, DueHolding, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::decide::{ATTEMPTS, administered_by, changes, wanted};
use crate::roles::role_or_removed;
use crate::{Engine, Error};

/// The operation under which the log tells what came about by itself.
const OPERATION: &str = "record_due";

impl Engine {
    /// Records at most `limit` things that have come due, in the order of their times. Those of different holdings are written
    /// at once, so that they share the store's transactions with each other and with whoever else writes. Answers how many it
    /// were; none means that nothing is left but what others are changing just now.
    ///
    /// # Errors
    /// The store's own. What was recorded until then stays recorded.
    pub async fn record_due(&self, limit: usize) -> Result<usize, Error> {
        let due = self.store.due(limit).await?;
        let mut recorded = 0;
        for run in runs(&due) {
            let done = try_join_all(run.iter().map(|due| self.record(due))).await?;
            recorded += done.into_iter().filter(|done| *done).count();
        }
        Ok(recorded)
    }

    /// Whether it was recorded by this, as if it had been at its instant: what came due of the holding later is for later.
    /// It takes its turn like every other change, and looks again where another server, or settings, came in between; who
    /// changes the holding meanwhile records what was due with that. What is too busy is due again the next time.
    #[expect(
        clippy::disallowed_methods,
        reason = "what comes about by itself has no request whose id it could have"
    )]
    async fn record(&self, due: &DueHolding) -> Result<bool, Error> {
        let id = AssignmentId {
            principal: due.principal.clone(),
            role: due.role,
        };
        let wanted = wanted(&id);
        let place = self.queues.place(&due.tenant, &wanted);
        let _turn = place.turn().await;
        for _ in 0..ATTEMPTS {
            let loaded = self.store.load(&due.tenant, &wanted).await?;
            // What ended before its role was removed is told all the same.
            let Some(role) = role_or_removed(&loaded, due.role) else {
                return Ok(false);
            };
            let facts = Facts {
                now: due.at.min(loaded.now),
                ..self.facts(&id, role, &loaded)
            };
            let Some((grants, requests, events)) = rules::record_due(&facts) else {
                return Ok(false);
            };
            let changeset = Changeset {
                tenant: due.tenant.clone(),
                expected: loaded.expected,
                changes: changes(&id, &grants, &requests),
                events,
                cause: Cause {
                    operation: Cow::Borrowed(OPERATION),
                    request: Uuid::new_v4(),
                    client_request: None,
                },
            };
            match self.store.commit(changeset).await {
                Ok(_) => return Ok(true),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(false)
    }
}

/// What is due, cut where a holding, or another one in whose line it would wait, comes again: what is written at once takes
/// its place in the log in any order of such.
fn runs(due: &[DueHolding]) -> impl Iterator<Item = &[DueHolding]> {
    let mut rest = due;
    std::iter::from_fn(move || {
        let mut lines = HashSet::new();
        let line = |due: &DueHolding| {
            let alone = administered_by(due.role).is_none();
            (
                due.tenant.clone(),
                alone.then(|| due.principal.clone()),
                due.role,
            )
        };
        let again = rest.iter().position(|due| !lines.insert(line(due)));
        let (run, left) = rest.split_at(again.unwrap_or(rest.len()));
        rest = left;
        (!run.is_empty()).then_some(run)
    })
}

/// Asks whoever records to do so now instead of after their rest.
#[derive(Clone, Debug)]
pub struct Nudge(mpsc::Sender<oneshot::Sender<()>>);

/// Where whoever records is asked. Dropping it answers that nobody does.
#[derive(Debug)]
pub struct Nudges(mpsc::Receiver<oneshot::Sender<()>>);

/// Somebody who asked, and waits until this is dropped.
#[derive(Debug)]
pub struct Nudged(
    #[expect(dead_code, reason = "to be dropped is all it is for")] oneshot::Sender<()>,
);

/// How many may ask before somebody listens.
const WAITING: usize = 16;

/// Both ends.
pub fn nudges() -> (Nudge, Nudges) {
    let (ask, asked) = mpsc::channel(WAITING);
    (Nudge(ask), Nudges(asked))
}

impl Nudge {
    /// Returns once the log tells all that was due when this was called, or nobody records, or that failed.
    pub async fn wait(&self) {
        let (asks, done) = oneshot::channel();
        if self.0.send(asks).await.is_ok() {
            // It is only ever dropped.
            let _ = done.await;
        }
    }
}

impl Nudges {
    /// Waits until somebody asks; for ever where nobody can.
    pub async fn next(&mut self) -> Nudged {
        match self.0.recv().await {
            Some(asks) => Nudged(asks),
            None => std::future::pending().await,
        }
    }
}
