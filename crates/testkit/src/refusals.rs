//! What the log of a dev server has of refused attempts: the family over HTTP does not show it.

use std::fmt;
use std::sync::Arc;

use pimento_domain::{After, EventKind, Refusal, TenantId};
use pimento_engine::{Engine, Minutes};
use pimento_store::{RecordedEvent, Store};

/// So many events are enough for a test.
const MANY: usize = 10_000;

/// What records refused attempts when a test says so, and reads what was recorded. Who holds on to it keeps a server that is
/// to stop waiting.
pub struct Refusals {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<dyn Store>,
}

impl Refusals {
    /// Does what the server's job does each second; then all refusals in the log of this tenant, oldest first.
    ///
    /// # Panics
    /// Where the store fails.
    pub async fn recorded(&self, tenant: &str) -> Vec<RecordedEvent> {
        let recorded = self.engine.record_refusals(Minutes::Past).await;
        recorded.expect("they are recorded");
        let tenant: TenantId = tenant.parse().expect("an id");
        in_log(&*self.store, &tenant).await
    }
}

/// All refusals in a tenant's log, oldest first.
///
/// # Panics
/// Where the store fails.
pub async fn in_log(store: &dyn Store, tenant: &TenantId) -> Vec<RecordedEvent> {
    let mut events = store.events(tenant, 0, MANY).await.expect("a log");
    events.retain(|recorded| recorded.event.kind == EventKind::Refuse);
    events
}

/// What such an event says was refused.
///
/// # Panics
/// Where it is another.
pub fn refusal(recorded: &RecordedEvent) -> &Refusal {
    match &recorded.event.after {
        After::Refused(refusal) => refusal,
        after => panic!("no refusal: {after:?}"),
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refusals")
    }
}
