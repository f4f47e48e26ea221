//! The job that writes into the log what was refused. No answer waits for it.

use std::time::Duration;

use pimento_engine::{Engine, Minutes};
use tokio::sync::oneshot;

use crate::job::Job;

/// How long what was refused waits for being written.
const REST: Duration = Duration::from_secs(1);

/// Starts the job. When it is told to finish it writes all that was refused until then, also in the minute that is not over.
pub(crate) fn start(engine: Engine) -> Job {
    Job::start(|told| record(engine, told))
}

async fn record(engine: Engine, mut told: oneshot::Receiver<()>) {
    loop {
        tokio::select! {
            _ = &mut told => break,
            () = tokio::time::sleep(REST) => {}
        }
        if let Err(error) = engine.record_refusals(Minutes::Past).await {
            tracing::warn!(%error, "what was refused is not in the log yet; it will be tried again");
        }
    }
    if let Err(error) = engine.record_refusals(Minutes::All).await {
        tracing::warn!(%error, "the last that was refused is not in the log");
    }
}
