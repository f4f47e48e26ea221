//! The job that writes into the log what was refused. No answer waits for it.

use std::time::Duration;

use pimento_engine::{Engine, Minutes};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long what was refused waits for being written.
const REST: Duration = Duration::from_secs(1);

/// The job, running until it is told to finish, or dropped. What it has not written then is lost.
#[derive(Debug)]
pub(crate) struct Refusals {
    finish: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Refusals {
    pub(crate) fn start(engine: Engine) -> Self {
        let (finish, told) = oneshot::channel();
        Self {
            finish: Some(finish),
            task: tokio::spawn(record(engine, told)),
        }
    }

    /// Has it write all that was refused until now, also in the minute that is not over, and returns when it has let go of the
    /// store.
    pub(crate) async fn finish(mut self) {
        drop(self.finish.take());
        let _ = (&mut self.task).await;
    }
}

impl Drop for Refusals {
    fn drop(&mut self) {
        self.task.abort();
    }
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
