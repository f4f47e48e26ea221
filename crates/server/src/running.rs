//! A server that runs, and how it stops.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use pimento_engine::Engine;
use pimento_store::Store;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::StartError;
use crate::connections;
use crate::job::Job;
use crate::recorder::Recorder;
use crate::refusals;
use crate::sealer::Sealer;

/// How long requests that are under way may take to finish when the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How long connections may take after that to let go of the store.
const RELEASE: Duration = Duration::from_secs(2);

/// A server that runs until it is stopped, or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    /// What records what has come due, and what was refused.
    recording: Option<(Job, Job)>,
    sealing: Option<Job>,
    store: Kept,
    /// The database's folder where it is a temporary one; gone with this value.
    _temporary: Option<TempDir>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests, lets those under way finish, and returns when the last is answered or the grace is over.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let refusals = match self.recording {
            Some((recording, refusals)) => {
                recording.cut_off().await;
                Some(refusals)
            }
            None => None,
        };
        let abort = self.task.abort_handle();
        if tokio::time::timeout(GRACE, self.task).await.is_err() {
            tracing::warn!("some requests did not finish in {GRACE:?} and were cut off");
            abort.abort();
        }
        // Nothing more is refused now.
        if let Some(refusals) = refusals {
            refusals
                .finish("the last that was refused is not in the log")
                .await;
        }
        // Nothing more is written now.
        if let Some(sealing) = self.sealing {
            sealing
                .finish("the newest part of the log has no seals yet; the next server makes them")
                .await;
        }
        // Connections let go of the store only just after the server has said that it ended; who is told that it has
        // stopped may want to open the database at once.
        let alone = async {
            while 1 < Arc::strong_count(&self.store.0) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let _ = tokio::time::timeout(RELEASE, alone).await;
    }
}

/// A server that listens, with everything it needs, and answers as soon as it is run.
pub struct Prepared {
    /// All that it answers. A test may put a layer around it.
    pub router: Router,
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
    /// How many connections there are at once.
    pub(crate) connections: NonZeroUsize,
    /// What records in the log what has come due, and what was refused; none where the one is left to the next change of each
    /// holding, and the other out.
    pub(crate) recorder: Option<Recorder>,
    /// What seals the log; none where that is left to the next server.
    pub(crate) sealer: Option<Sealer>,
    pub(crate) engine: Engine,
    pub(crate) store: Kept,
    pub(crate) temporary: Option<TempDir>,
}

impl Prepared {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it keeps its rows in. Who holds on to it keeps [`Running::stop`] waiting.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store.0)
    }

    /// Its use cases, for a test that does the jobs' work itself. Who holds on to it keeps [`Running::stop`] waiting.
    pub fn engine(&self) -> Engine {
        self.engine.clone()
    }

    /// The same without the jobs that record what has come due and what was refused, and that seal the log, so that nothing
    /// is written at a time of its own.
    #[must_use]
    pub fn without_recorder(self) -> Self {
        Self {
            recorder: None,
            sealer: None,
            ..self
        }
    }

    /// Lets it answer.
    pub fn run(self) -> Running {
        let Self {
            router,
            listener,
            address,
            connections: most,
            recorder,
            sealer,
            engine,
            store,
            temporary,
        } = self;
        let sealing = sealer.map(|sealer| sealer.start(engine.clone()));
        let recording = recorder.map(|recorder| {
            let refusals = refusals::start(engine);
            (recorder.start(), refusals)
        });
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(connections::serve(listener, router, most, stopped));
        Running {
            address,
            stop,
            task,
            recording,
            sealing,
            store,
            _temporary: temporary,
        }
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// The store, kept so that who stops the server lets go of it last.
pub(crate) struct Kept(pub(crate) Arc<dyn Store>);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

/// Listens on an address; `remedy` says how to name another one.
pub(crate) async fn listen(
    address: SocketAddr,
    remedy: &'static str,
) -> Result<(TcpListener, SocketAddr), StartError> {
    let error = |source| StartError::Listen {
        address,
        remedy,
        source,
    };
    let listener = TcpListener::bind(address).await.map_err(error)?;
    let local = listener.local_addr().map_err(error)?;
    Ok((listener, local))
}
