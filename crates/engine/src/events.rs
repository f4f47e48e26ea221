//! The log, as far as the wire has words for it.

use pimento_domain::{Caller, Denied};
use pimento_store::{Condition, OperationField, OperationQuery, Position, RecordedEvent, Value};

use crate::{Engine, Error};

/// One page of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// In the order of the query.
    pub events: Vec<RecordedEvent>,
    /// Where the next page starts.
    pub next: Option<Position>,
    /// How many there are on all pages, where that was asked for.
    pub total: Option<u64>,
}

impl Engine {
    /// The tenant's events, a page of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_events(
        &self,
        caller: &Caller,
        query: &OperationQuery,
    ) -> Result<Events, Error> {
        let page = self.store.list_operations(&caller.tenant, query).await?;
        let last = page.events.last().filter(|_| page.more);
        Ok(Events {
            next: last.map(|last| query.order.position(|field| field.value(last))),
            events: page.events,
            total: page.total,
        })
    }

    /// The event of this sequence number.
    ///
    /// # Errors
    /// [`Denied::NotFound`] where there is none, or the wire has no word for it; and the store's own.
    pub async fn get_event(&self, caller: &Caller, sequence: u64) -> Result<RecordedEvent, Error> {
        let sequence = i64::try_from(sequence).map_err(|_| Denied::NotFound)?;
        let query = OperationQuery {
            filter: Condition::equal(OperationField::Sequence, Value::Number(sequence)),
            limit: 1,
            ..OperationQuery::everything()
        };
        let mut page = self.store.list_operations(&caller.tenant, &query).await?;
        Ok(page.events.pop().ok_or(Denied::NotFound)?)
    }
}
