//! The job that seals the log. No answer waits for it.

use std::collections::BTreeMap;
use std::time::Duration;

use pimento_domain::TenantId;
use pimento_engine::{Engine, SealingRound};
use pimento_store::StoreError;
use pimento_store::seal::SealKey;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How many events of a tenant are sealed at once. Whoever else writes waits for a transaction of so many at the most.
const BATCH: usize = 256;

/// How long to rest when there is nothing left to seal.
const REST: Duration = Duration::from_millis(500);

/// How long the last seals may take when the server stops. The next server makes those that are missing then.
const GRACE: Duration = Duration::from_secs(2);

/// The job, before it runs.
#[derive(Debug)]
pub(crate) struct Sealer(pub(crate) SealKey);

/// The job, running until it is told to finish, or dropped. What is not sealed then is sealed by the next server.
#[derive(Debug)]
pub(crate) struct Sealing {
    finish: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Sealer {
    pub(crate) fn start(self, engine: Engine) -> Sealing {
        let (finish, told) = oneshot::channel();
        Sealing {
            finish: Some(finish),
            task: tokio::spawn(seal(engine, self.0, told)),
        }
    }
}

impl Sealing {
    /// Has it seal all that was committed until now, and returns when it has let go of the store.
    pub(crate) async fn finish(mut self) {
        drop(self.finish.take());
        if tokio::time::timeout(GRACE, &mut self.task).await.is_err() {
            tracing::warn!(
                "the newest part of the log has no seals yet; the next server makes them"
            );
            self.task.abort();
            let _ = (&mut self.task).await;
        }
    }
}

impl Drop for Sealing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn seal(engine: Engine, key: SealKey, mut told: oneshot::Receiver<()>) {
    let mut complaints = Complaints::default();
    let mut is_last = false;
    loop {
        let round = engine.seal(&key, BATCH).await;
        let is_unfinished = matches!(&round, Ok(round) if 0 < round.unfinished);
        complaints.tell(round);
        if is_unfinished {
            tokio::task::yield_now().await;
        } else if is_last {
            return;
        } else {
            tokio::select! {
                _ = &mut told => is_last = true,
                () = tokio::time::sleep(REST) => {}
            }
        }
    }
}

/// What was said already: a log that cannot be sealed is not told of twice a second.
#[derive(Default)]
struct Complaints {
    store: Option<StoreError>,
    tenants: BTreeMap<TenantId, StoreError>,
}

impl Complaints {
    fn tell(&mut self, round: Result<SealingRound, StoreError>) {
        let failed = match round {
            Ok(round) => {
                self.store = None;
                round.failed
            }
            Err(error) => {
                if self.store.as_ref() != Some(&error) {
                    tracing::warn!(%error, "the log is not sealed; it will be tried again");
                }
                self.store = Some(error);
                return;
            }
        };
        for (tenant, error) in &failed {
            if self.tenants.get(tenant) != Some(error) {
                tracing::warn!(%tenant, %error, "the log of a tenant is not sealed; `pimento-server audit verify` says more");
            }
        }
        self.tenants = failed.into_iter().collect();
    }
}
