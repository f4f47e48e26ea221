//! The job that writes into the log what has come about by itself: ends, begins, lapses. Nothing but the log waits for it.

use std::fmt;
use std::time::Duration;

use pimento_engine::{Engine, Error, Nudges};

use crate::job::Job;

/// How many things are recorded at once. Whoever else writes waits for a transaction of so many at the most.
const BATCH: usize = 64;

/// How long to rest when there is nothing left to record.
const REST: Duration = Duration::from_secs(1);

/// The job, before it runs, and where it is asked not to rest any longer.
pub(crate) struct Recorder(pub(crate) Engine, pub(crate) Nudges);

impl Recorder {
    /// Starts it. What is cut off when the server stops is due again when the next one starts.
    pub(crate) fn start(self) -> Job {
        Job::start(|_| record(self.0, self.1))
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

async fn record(engine: Engine, mut nudges: Nudges) {
    let mut nudged = None;
    loop {
        if let Err(error) = record_all(&engine).await {
            tracing::warn!(%error, "what has come due is not in the log yet; it will be tried again");
        }
        drop(nudged.take());
        // Whoever asks during a round waits for the next one: that sees all that was due when they asked.
        tokio::select! {
            () = tokio::time::sleep(REST) => {}
            asked = nudges.next() => nudged = Some(asked),
        }
    }
}

async fn record_all(engine: &Engine) -> Result<(), Error> {
    while engine.record_due(BATCH).await? != 0 {
        tokio::task::yield_now().await;
    }
    Ok(())
}
