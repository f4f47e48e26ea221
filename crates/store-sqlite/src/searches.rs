//! Searches: what callers put together themselves may take long, so it is read by a few threads of its own. Only other
//! searches wait for it, and what nobody waits for any more, or takes too long, is broken off.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use pimento_store::{Clock, StoreError};
use tokio::sync::oneshot;

use crate::fault::Fault;
use crate::reader::{Readers, Snapshot};

/// More than the cores of most machines: who asks for little is not to wait for as many who ask for much.
const THREADS: usize = 8;

/// How many searches wait at the most.
const LONGEST_QUEUE: usize = 1024;

/// How long searches may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// From when a thread begins with one. What takes longer would again.
    pub(crate) search: Duration,
    /// Until a thread has time for one. It is looked at when one has, and none is busy for longer than a search may take.
    pub(crate) wait: Duration,
}

impl Limits {
    /// A search may take this long, and wait for its turn as long as clients wait with patience.
    pub(crate) fn of(search: Duration) -> Self {
        let wait = Duration::from_secs(10);
        Self { search, wait }
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// The threads, and the sending end of their queue. Dropping it waits for what they do.
#[derive(Debug)]
pub(crate) struct Searches {
    readers: Arc<Readers>,
    limits: Limits,
    queue: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

/// Somebody waits; dropped, nobody does.
#[derive(Default)]
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How long a search takes, and whether it was told that this is too long.
#[derive(Clone)]
struct Time {
    begin: Instant,
    limit: Duration,
    told: Arc<AtomicBool>,
}

impl Time {
    fn starting(limit: Duration) -> Self {
        let (begin, told) = (Instant::now(), Arc::default());
        Self { begin, limit, told }
    }

    /// Tells that it is too long, if so.
    fn is_up(&self) -> bool {
        let is_up = self.limit <= self.begin.elapsed();
        if is_up {
            self.told.store(true, Ordering::Relaxed);
        }
        is_up
    }

    /// Why a search did not end well.
    fn said(&self, error: StoreError) -> StoreError {
        if self.told.load(Ordering::Relaxed) {
            StoreError::TookTooLong(self.limit)
        } else {
            error
        }
    }
}

impl Searches {
    /// Starts the threads, which read by these.
    pub(crate) fn start(readers: Arc<Readers>, limits: Limits) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(LONGEST_QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut searches = Self {
            readers,
            limits,
            queue: Some(queue),
            threads: Vec::new(),
        };
        for _ in 0..THREADS {
            let jobs = Arc::clone(&jobs);
            let thread = thread::Builder::new().name("pimento-search".to_owned());
            searches.threads.push(thread.spawn(move || work(&jobs))?);
        }
        Ok(searches)
    }

    /// Reads in one snapshot, on one of the threads.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        clock: &Arc<Clock>,
        search: impl FnOnce(&Snapshot<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting::default();
        let is_over = Arc::clone(&waiting.0);
        let (clock, readers) = (Arc::clone(clock), Arc::clone(&self.readers));
        let (limits, asked) = (self.limits, Instant::now());
        let job = move || {
            if is_over.load(Ordering::Relaxed) {
                return;
            }
            let waited = asked.elapsed();
            let answer = if limits.wait <= waited {
                let message = format!("a search has waited {waited:?} for others");
                Err(StoreError::Unavailable(message))
            } else {
                let time = Time::starting(limits.search);
                let is_too_long = time.clone();
                let is_over = move || is_over.load(Ordering::Relaxed) || is_too_long.is_up();
                let answer = readers.read_until(is_over, &clock, search);
                answer.map_err(|error| time.said(error))
            };
            // Who went away meanwhile has no use for it.
            drop(reply.send(answer));
        };
        self.hand_over(Box::new(job))?;
        let gone = |_| StoreError::Unavailable("a search has stopped".to_owned());
        answer.await.map_err(gone)?
    }

    fn hand_over(&self, job: Job) -> Result<(), StoreError> {
        let gone = || StoreError::Unavailable("no searches are taken any more".to_owned());
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => {
                StoreError::Unavailable(format!("{LONGEST_QUEUE} searches wait already"))
            }
            TrySendError::Disconnected(_) => gone(),
        })
    }
}

/// Does one job after the other until nobody can ask any more.
fn work(jobs: &Mutex<Receiver<Job>>) {
    let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok(job) = next() {
        // One that panics has dropped its reply, and must not take the thread with it.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

impl Drop for Searches {
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a search of the database had panicked");
            }
        }
    }
}
