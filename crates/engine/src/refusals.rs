//! Refused attempts: what the tenant's log is told of them. Nobody waits for it, and nobody can fill the disk by it.

mod tally;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

use futures::future::{join_all, try_join_all};
use pimento_domain::{Cause, PrincipalId, RequestId, RoleId, TenantId};
use pimento_store::{Changeset, Wanted};

use crate::{Engine, Error};

pub(crate) use tally::Tally;

use tally::Entry;

/// How many entries are written at once. Whoever else writes waits for a transaction of so many at the most.
const BATCH: usize = 64;

/// The operation under which the log tells of attempts that were too different to be told one by one.
const OPERATION: Cow<'static, str> = Cow::Borrowed("record_refusals");
/// What stands for their codes.
const SEVERAL: &str = "several";

/// An attempt that was refused to somebody whom a token named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The tenant they spoke for.
    pub tenant: TenantId,
    /// Who they are.
    pub principal: PrincipalId,
    /// The request.
    pub cause: Cause,
    /// The code of the answer.
    pub code: &'static str,
    /// What it was about.
    pub target: Target,
}

/// What an attempt was about, as far as that was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Whom.
    pub principal: Option<PrincipalId>,
    /// Which role.
    pub role: Option<RoleId>,
    /// Which request.
    pub request: Option<RequestId>,
}

/// Of which minutes the counts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Minutes {
    /// Of those that are over.
    Past,
    /// Of all, since no more will be counted.
    All,
}

impl Engine {
    /// Notes a refused attempt, for [`Engine::record_refusals`] to write. It takes no time to speak of and never fails.
    pub fn note_refusal(&self, attempt: Attempt) {
        let now = self.store.clock().now();
        self.tally().note(attempt, now);
    }

    /// Writes what is to be told of the attempts noted so far, in the order in which they were refused. The first of several
    /// that are alike is told as it is; how many more there were within its minute is told once that is over.
    ///
    /// What cannot be written now is kept for the next call; attempts on tenants that are not registered are forgotten.
    ///
    /// # Errors
    /// The store's own.
    pub async fn record_refusals(&self, minutes: Minutes) -> Result<(), Error> {
        let now = self.store.clock().now();
        let lost = self.tally().close(minutes, now);
        if lost != 0 {
            tracing::warn!(
                lost,
                "refused attempts are not in the log: too many at once"
            );
        }
        loop {
            let batch = self.tally().take(BATCH);
            if batch.is_empty() {
                return Ok(());
            }
            self.record_entries(batch).await?;
        }
    }

    /// Writes these, and gives back those that it could not write.
    async fn record_entries(&self, mut batch: Vec<Entry>) -> Result<(), Error> {
        let registered = match self.registered_of(&batch).await {
            Ok(registered) => registered,
            Err(error) => {
                self.tally().give_back(batch);
                return Err(error);
            }
        };
        batch.retain(|entry| registered.contains(&entry.tenant));
        // They are handed over in their order, which is that of the log then.
        let commits = batch.iter().map(|entry| {
            self.store.commit(Changeset {
                tenant: entry.tenant.clone(),
                expected: Vec::new(),
                changes: Vec::new(),
                events: entry.events(),
                cause: entry.cause.clone(),
            })
        });
        let written = join_all(commits).await;
        let mut failed = Ok(());
        let mut left = Vec::new();
        for (entry, result) in batch.into_iter().zip(written) {
            if let Err(error) = result {
                left.push(entry);
                failed = Err(error.into());
            }
        }
        tracing::debug!(failed = left.len(), "wrote what was refused");
        self.tally().give_back(left);
        failed
    }

    async fn registered_of(&self, batch: &[Entry]) -> Result<BTreeSet<TenantId>, Error> {
        let tenants: BTreeSet<&TenantId> = batch.iter().map(|entry| &entry.tenant).collect();
        let wanted = Wanted::default();
        let looked = tenants.into_iter().map(async |tenant| {
            let loaded = self.store.load(tenant, &wanted).await?;
            Ok::<_, Error>(loaded.registered.map(|_| tenant.clone()))
        });
        let registered = try_join_all(looked).await?;
        Ok(registered.into_iter().flatten().collect())
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
