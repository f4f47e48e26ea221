//! Due work: what has come about by itself is recorded in the log. Reads never wait for it.

use std::borrow::Cow;

use futures::future::try_join_all;
use pimento_domain::{AssignmentId, Cause, Uuid, rules};
use pimento_store::{Changeset, DueHolding, StoreError};

use crate::decide::{ATTEMPTS, changes, wanted};
use crate::{Engine, Error};

/// The operation under which the log tells what came about by itself.
const OPERATION: &str = "record_due";

impl Engine {
    /// Records what has come due of at most `limit` holdings, those first that have waited longest, all at once: so they
    /// share the store's transactions with whoever else writes. Answers of how many it did; fewer than `limit` means that
    /// nothing is left but what others are changing just now.
    ///
    /// # Errors
    /// The store's own. What was recorded until then stays recorded.
    pub async fn record_due(&self, limit: usize) -> Result<usize, Error> {
        let due = self.store.due(limit).await?;
        let done = try_join_all(due.iter().map(|holding| self.record(holding))).await?;
        Ok(done.into_iter().filter(|done| *done).count())
    }

    /// Whether it was recorded by this. It takes its turn like every other change, and looks again where another server,
    /// or settings, came in between; who changes the holding meanwhile records what was due with that. What is too busy
    /// is due again the next time.
    #[expect(
        clippy::disallowed_methods,
        reason = "what comes about by itself has no request whose id it could have"
    )]
    async fn record(&self, due: &DueHolding) -> Result<bool, Error> {
        let id = AssignmentId {
            principal: due.principal.clone(),
            role: due.role,
        };
        let Some(role) = self.role(&due.tenant, due.role) else {
            return Ok(false);
        };
        let wanted = wanted(&id);
        let place = self.queues.place(&due.tenant, &wanted);
        let _turn = place.turn().await;
        for _ in 0..ATTEMPTS {
            let loaded = self.store.load(&due.tenant, &wanted).await?;
            let facts = self.facts(&id, role, &loaded);
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
