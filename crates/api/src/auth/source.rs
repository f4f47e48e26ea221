//! The keys of one issuer: fetched when they are needed, kept, renewed, and not asked for too often.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::time::Instant;

use super::Refused;
use super::discovery::{FetchError, Fetcher};
use super::keys::KeySet;

/// For how long keys are kept and how often an issuer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTiming {
    /// The age at which keys are fetched anew; a key that its issuer withdrew is accepted for no longer. One hour.
    pub lifetime: Duration,
    /// The age up to which keys are used while the issuer does not answer. One day.
    pub stale: Duration,
    /// The least time between a fetch and the next that an unknown key asks for. 30 seconds.
    pub refetch: Duration,
    /// The least time between a fetch that failed and the next. 5 seconds.
    pub retry: Duration,
}

impl Default for KeyTiming {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(3_600),
            stale: Duration::from_secs(24 * 3_600),
            refetch: Duration::from_secs(30),
            retry: Duration::from_secs(5),
        }
    }
}

/// The keys of one issuer.
pub(super) struct KeySource {
    iss: String,
    fetcher: Fetcher,
    timing: KeyTiming,
    state: Mutex<State>,
}

/// A fetch that is under way, for all who wait for it. It runs as a task of its own: a caller who hangs up does not end
/// it.
type Flight = Shared<BoxFuture<'static, ()>>;

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    last: Option<Attempt>,
    flight: Option<Flight>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<KeySet>,
    since: Instant,
}

#[derive(Clone, Copy)]
struct Attempt {
    at: Instant,
    failed: bool,
}

impl KeySource {
    pub(super) fn new(iss: &str, fetcher: Fetcher, timing: KeyTiming) -> Arc<Self> {
        Arc::new(Self {
            iss: iss.to_owned(),
            fetcher,
            timing,
            state: Mutex::default(),
        })
    }

    /// The keys, fetched if there are none or they have had their time. While the issuer does not answer, old ones serve
    /// on, and callers do not wait for each new try.
    pub(super) async fn keys(self: &Arc<Self>) -> Result<Arc<KeySet>, Refused> {
        let flight = {
            let mut state = self.lock();
            let now = Instant::now();
            match state.kept(now, self.timing.stale) {
                Some(keys) if state.kept(now, self.timing.lifetime).is_some() => return Ok(keys),
                Some(keys) if state.failing() => {
                    self.fetch(&mut state, now);
                    return Ok(keys);
                }
                _ => self.fetch(&mut state, now),
            }
        };
        if let Some(flight) = flight {
            flight.await;
        }
        let state = self.lock();
        let now = Instant::now();
        state
            .kept(now, self.timing.stale)
            .ok_or_else(|| self.unavailable(&state, now))
    }

    /// Other keys than those at hand, which do not do; `None` where there are none and it is too early to ask again.
    pub(super) async fn newer(
        self: &Arc<Self>,
        than: &Arc<KeySet>,
    ) -> Result<Option<Arc<KeySet>>, Refused> {
        let flight = self.fetch(&mut self.lock(), Instant::now());
        if let Some(flight) = flight {
            flight.await;
        }
        let state = self.lock();
        if state.failing() {
            return Err(self.unavailable(&state, Instant::now()));
        }
        Ok(state.other_than(than))
    }

    /// Whether keys were ever fetched.
    pub(super) fn has_keys(&self) -> bool {
        self.lock().kept.is_some()
    }

    /// Joins the fetch that is under way, or starts one, or neither if the last one is too recent.
    fn fetch(self: &Arc<Self>, state: &mut State, now: Instant) -> Option<Flight> {
        // One that has ended and still stands there has panicked; it must not be the last.
        if let Some(flight) = state
            .flight
            .as_ref()
            .filter(|flight| flight.peek().is_none())
        {
            return Some(flight.clone());
        }
        if state
            .last
            .is_some_and(|last| now < last.at + self.pause_after(last))
        {
            return None;
        }
        let source = Arc::clone(self);
        let task = tokio::spawn(async move {
            let fetched = source.fetcher.keys(&source.iss).await;
            source.settle(now, fetched);
        });
        let flight = task.map(|_| ()).boxed().shared();
        state.flight = Some(flight.clone());
        Some(flight)
    }

    fn settle(&self, started: Instant, fetched: Result<KeySet, FetchError>) {
        let mut state = self.lock();
        state.flight = None;
        state.last = Some(Attempt {
            at: started,
            failed: fetched.is_err(),
        });
        match fetched {
            Ok(keys) => {
                tracing::debug!(
                    issuer = self.iss,
                    keys = keys.len(),
                    "fetched the keys of an issuer"
                );
                state.kept = Some(Kept {
                    keys: Arc::new(keys),
                    since: started,
                });
            }
            Err(error) => {
                let error: &(dyn Error + 'static) = &error;
                tracing::warn!(
                    issuer = self.iss,
                    error,
                    "cannot fetch the keys of an issuer"
                );
            }
        }
    }

    fn pause_after(&self, attempt: Attempt) -> Duration {
        if attempt.failed {
            self.timing.retry
        } else {
            self.timing.refetch
        }
    }

    fn unavailable(&self, state: &State, now: Instant) -> Refused {
        let next = state
            .last
            .map_or(now, |last| last.at + self.pause_after(last));
        Refused::keys_unavailable(next.saturating_duration_since(now))
    }

    /// A panic while the lock is held leaves the state whole, as it is changed by single assignments.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The keys, if they are younger than this.
    fn kept(&self, now: Instant, age: Duration) -> Option<Arc<KeySet>> {
        let young = self.kept.as_ref().filter(|kept| now < kept.since + age);
        young.map(|kept| Arc::clone(&kept.keys))
    }

    fn other_than(&self, keys: &Arc<KeySet>) -> Option<Arc<KeySet>> {
        let other = self
            .kept
            .as_ref()
            .filter(|kept| !Arc::ptr_eq(&kept.keys, keys));
        other.map(|kept| Arc::clone(&kept.keys))
    }

    /// Whether the last fetch failed.
    fn failing(&self) -> bool {
        self.last.is_some_and(|last| last.failed)
    }
}
