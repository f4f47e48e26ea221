//! A job: what a server does beside answering.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a job may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// A job that runs until it is told to finish, or dropped, which cuts it off.
#[derive(Debug)]
pub(crate) struct Job {
    finish: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Job {
    /// Starts this work, which is handed what tells it to finish.
    pub(crate) fn start<W>(work: impl FnOnce(oneshot::Receiver<()>) -> W) -> Self
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let (finish, told) = oneshot::channel();
        Self {
            finish: Some(finish),
            task: tokio::spawn(work(told)),
        }
    }

    /// Has it do the last of its work, and returns when it has let go of the store. Where that takes too long it is cut off,
    /// and `left` says in the log what is missing then.
    pub(crate) async fn finish(mut self, left: &'static str) {
        drop(self.finish.take());
        if tokio::time::timeout(GRACE, &mut self.task).await.is_err() {
            tracing::warn!("{left}");
            self.cut_off().await;
        }
    }

    /// Ends it where it is, and returns when it has let go of the store.
    pub(crate) async fn cut_off(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.task.abort();
    }
}
