//! The log, as far as the wire has words for it.

use pimento_domain::{Caller, Denied};
use pimento_store::{OperationQuery, RecordedEvent, Total};

use crate::{Engine, Error};

/// One page of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// Oldest first.
    pub events: Vec<RecordedEvent>,
    /// The sequence number after which the next page starts.
    pub next: Option<u64>,
    /// How many there are on all pages, where that was asked for.
    pub total: Option<u64>,
}

impl Engine {
    /// The tenant's events, a page of them, oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_events(
        &self,
        caller: &Caller,
        after: Option<u64>,
        limit: usize,
        total: Total,
    ) -> Result<Events, Error> {
        let query = OperationQuery {
            after: after.unwrap_or(0),
            limit,
            total,
        };
        let page = self.store.list_operations(&caller.tenant, &query).await?;
        let next = page.events.last().filter(|_| page.more);
        Ok(Events {
            next: next.map(|event| event.sequence),
            events: page.events,
            total: page.total,
        })
    }

    /// The event of this sequence number.
    ///
    /// # Errors
    /// [`Denied::NotFound`] where there is none, or the wire has no word for it; and the store's own.
    pub async fn get_event(&self, caller: &Caller, sequence: u64) -> Result<RecordedEvent, Error> {
        let query = OperationQuery {
            after: sequence.saturating_sub(1),
            limit: 1,
            total: Total::Skip,
        };
        let page = self.store.list_operations(&caller.tenant, &query).await?;
        let found = page
            .events
            .into_iter()
            .find(|event| event.sequence == sequence);
        Ok(found.ok_or(Denied::NotFound)?)
    }
}
