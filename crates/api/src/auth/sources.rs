//! The key sources of one configured issuer: one, or for a template one for each tenant.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::Refused;
use super::discovery::Fetcher;
use super::name::Name;
use super::source::{KeySource, KeyTiming};

/// How many tenants of a template have their keys kept.
const MAX_SOURCES: usize = 1_000;

/// How many tenants of a template are looked up for the first time within one `refetch` time. Anybody can make up
/// tenants, and each costs the issuer a request.
const MAX_NEWCOMERS: u32 = 10;

/// Where the keys of a configured issuer come from.
pub(super) enum Sources {
    /// An issuer with one name.
    One(Arc<KeySource>),
    /// A template: a source for each name that tokens came with.
    Many(Pool),
}

/// The sources of a template.
pub(super) struct Pool {
    fetcher: Fetcher,
    timing: KeyTiming,
    known: Mutex<Known>,
}

struct Known {
    sources: HashMap<String, Arc<KeySource>>,
    /// When newcomers were last counted from none, and how many there were since.
    since: Instant,
    newcomers: u32,
}

impl Sources {
    pub(super) fn new(name: &Name, timing: KeyTiming) -> Result<Self, reqwest::Error> {
        let fetcher = Fetcher::new(name)?;
        Ok(match name {
            Name::Exact(iss) => Self::One(KeySource::new(iss, fetcher, timing)),
            Name::Template { .. } => Self::Many(Pool {
                fetcher,
                timing,
                known: Mutex::new(Known {
                    sources: HashMap::new(),
                    since: Instant::now(),
                    newcomers: 0,
                }),
            }),
        })
    }

    /// The source of the keys of `iss`, which the name of the issuer matches.
    ///
    /// # Errors
    ///
    /// [`Refused::KeysUnavailable`] where too many tenants were seen for the first time just now.
    pub(super) fn of(&self, iss: &str) -> Result<Arc<KeySource>, Refused> {
        match self {
            Self::One(source) => Ok(Arc::clone(source)),
            Self::Many(pool) => pool.of(iss, Instant::now()),
        }
    }
}

impl Pool {
    fn of(&self, iss: &str, now: Instant) -> Result<Arc<KeySource>, Refused> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = known.sources.get(iss) {
            return Ok(Arc::clone(source));
        }
        let next = known.since + self.timing.refetch;
        if next <= now {
            known.since = now;
            known.newcomers = 0;
        }
        if known.newcomers == MAX_NEWCOMERS {
            return Err(Refused::keys_unavailable(
                next.saturating_duration_since(now),
            ));
        }
        if known.sources.len() == MAX_SOURCES {
            // Names that somebody made up have no keys.
            known.sources.retain(|_, source| source.has_keys());
        }
        if known.sources.len() == MAX_SOURCES {
            tracing::warn!(iss, "no room for the keys of another tenant of a template");
            return Err(Refused::keys_unavailable(self.timing.lifetime));
        }
        known.newcomers += 1;
        let source = KeySource::new(iss, self.fetcher.clone(), self.timing);
        known.sources.insert(iss.to_owned(), Arc::clone(&source));
        Ok(source)
    }
}
