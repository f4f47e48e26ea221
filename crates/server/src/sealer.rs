//! The job that seals the log. No answer waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pimento_domain::TenantId;
use pimento_engine::{Engine, SealingError, SealingRound};
use pimento_store::StoreError;
use pimento_store::seal::{Head, SealKey};
use pimento_store_sqlite::Log;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::job::Job;
use crate::remembered::{self, Heads};
use crate::{StartError, seal_key};

/// How many events of a tenant are sealed at once. Whoever else writes waits for a transaction of so many at the most.
const BATCH: usize = 256;

/// How long to rest when there is nothing left to seal.
const REST: Duration = Duration::from_millis(500);

/// How much of what is remembered may be written in the time of one rest. Of many tenants it is written the more rarely.
const WRITTEN: usize = 64 * 1024;

/// The job, before it runs.
#[derive(Debug)]
pub(crate) struct Sealer {
    key: SealKey,
    memory: Memory,
}

impl Sealer {
    /// With the key in this file, which is made where it is not there, for the log in this database.
    pub(crate) fn open(key_file: &Path, database: &Path) -> Result<Self, StartError> {
        let known = seal_key::read(key_file)?;
        let path = remembered::place(key_file);
        let remembered = remembered::read(&path)?;
        let newest = match (&known, &remembered) {
            (Some(_), Some(_)) => Heads::new(),
            _ => newest(database)?,
        };
        let key = match known {
            Some(key) => key,
            None => seal_key::make(key_file)?,
        };
        let others: BTreeSet<String> = newest
            .values()
            .filter(|head| head.key != key.public_key())
            .map(|head| head.key.to_string())
            .collect();
        for before in others {
            tracing::warn!(
                public_key = %key.public_key(), %before, key_file = %key_file.display(),
                "the log was sealed with another key until now. If its file is only elsewhere, stop the server and bring it \
                 back; else keep both public keys: `pimento-server audit verify` needs them"
            );
        }
        let is_kept = remembered.is_some() || newest.is_empty();
        Ok(Self {
            key,
            memory: Memory {
                path,
                heads: remembered.unwrap_or(newest),
                is_kept,
                next: Instant::now(),
                is_failing: false,
            },
        })
    }

    /// Starts it. When it is told to finish it seals all that was committed until then.
    pub(crate) fn start(self, engine: Engine) -> Job {
        Job::start(|told| seal(engine, self, told))
    }
}

/// The newest head of each log in this database, as far as they are as they were signed.
fn newest(database: &Path) -> Result<Heads, StartError> {
    let mut log = Log::open(database)?;
    let mut heads = Heads::new();
    let mut last = None;
    while let Some(tenant) = log.next_tenant(last.as_ref())? {
        let head = log.heads(&tenant, 1)?.pop().filter(Head::is_genuine);
        heads.extend(head.map(|head| (tenant.clone(), head)));
        last = Some(tenant);
    }
    Ok(heads)
}

/// What is remembered, and whether its file says so too.
#[derive(Debug)]
struct Memory {
    path: PathBuf,
    heads: Heads,
    is_kept: bool,
    /// When it may be written again.
    next: Instant,
    is_failing: bool,
}

impl Memory {
    /// Writes the file where it does not say the newest.
    async fn keep(&mut self) {
        if self.is_kept {
            return;
        }
        let (path, heads) = (self.path.clone(), self.heads.clone());
        let written = tokio::task::spawn_blocking(move || remembered::write(&path, &heads));
        match written.await {
            Ok(Ok(length)) => {
                let rests = u32::try_from(length / WRITTEN).unwrap_or(u32::MAX);
                self.next = Instant::now() + REST.saturating_mul(rests);
                (self.is_kept, self.is_failing) = (true, false);
            }
            Ok(Err(error)) if !self.is_failing => {
                let cause = error.source().map(ToString::to_string).unwrap_or_default();
                tracing::error!(
                    %error, cause,
                    "what was sealed is not remembered outside the database; it will be tried again"
                );
                self.is_failing = true;
            }
            // It was told, or the server ends.
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

async fn seal(engine: Engine, sealer: Sealer, mut told: oneshot::Receiver<()>) {
    let Sealer { key, mut memory } = sealer;
    let mut complaints = Complaints::default();
    let mut is_last = false;
    loop {
        let round = engine.seal(&key, &mut memory.heads, BATCH).await;
        if matches!(&round, Ok(round) if 0 < round.sealed) {
            memory.is_kept = false;
        }
        let is_unfinished = matches!(&round, Ok(round) if 0 < round.unfinished);
        complaints.tell(round, &memory.path);
        if is_last && !is_unfinished || memory.next <= Instant::now() {
            memory.keep().await;
        }
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
    tenants: BTreeMap<TenantId, SealingError>,
}

impl Complaints {
    fn tell(&mut self, round: Result<SealingRound, StoreError>, remembered: &Path) {
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
            if self.tenants.get(tenant) == Some(error) {
                continue;
            }
            match error {
                SealingError::Store(error) => tracing::warn!(
                    %tenant, %error,
                    "the log of a tenant is not sealed; `pimento-server audit verify` says more"
                ),
                SealingError::Unfit(error) => tracing::error!(
                    %tenant, %error, remembered = %remembered.display(),
                    "the log of a tenant is not what was sealed, and gets no more seals: `pimento-server audit verify` says \
                     more. If an older copy was restored on purpose, stop the server and move the file of what is remembered \
                     away: the next one goes on with what the database says"
                ),
            }
        }
        self.tenants = failed.into_iter().collect();
    }
}
