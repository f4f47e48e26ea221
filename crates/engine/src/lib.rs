//! Use cases: load the facts, ask the rules, commit, and decide again where a row changed meanwhile.
//!
//! A method here has the name of its operation; it takes the caller first and parsed values after. It knows no HTTP and no SQL.

mod approvals;
mod assignments;
mod callers;
mod clock;
mod decide;
mod due;
mod events;
mod queue;
mod refusals;
mod requests;
mod roles;
mod seals;
mod settings;
mod setup;
mod sign_up;

use std::sync::{Arc, Mutex};

use pimento_domain::{Denied, Policy, TenantId};
use pimento_store::{Store, StoreError};

use crate::queue::Queues;
use crate::refusals::Tally;

pub use assignments::{Assignment, Assignments, MakePermanent, NewAssignment};
pub use callers::Standing;
pub use clock::ClockFixed;
pub use due::{Nudge, Nudged, Nudges, nudges};
pub use events::Events;
pub use pimento_store::{ClockReading, RecordedEvent, Total};
pub use refusals::{Attempt, Minutes, Target};
pub use requests::{Evaluation, Requests, Seen};
pub use roles::{NamedRoles, Roles, Summary};
pub use seals::{SealingError, SealingRound};
pub use setup::{SetupOfRole, SetupPlan, SetupTally};
pub use sign_up::SignUpStatus;

/// Why a use case did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The rules say no.
    #[error("denied: {0}")]
    Denied(#[from] Denied),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which tenants may register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Every tenant: dev mode.
    Everybody,
    /// These.
    Only(Vec<TenantId>),
}

/// All use cases over one store. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    store: Arc<dyn Store>,
    policy: Policy,
    admission: Arc<Admission>,
    queues: Arc<Queues>,
    refusals: Arc<Mutex<Tally>>,
}

impl Engine {
    /// The use cases over this store, as the deployment wants them.
    pub fn new(store: Arc<dyn Store>, policy: Policy, admission: Admission) -> Self {
        Self {
            store,
            policy,
            admission: Arc::new(admission),
            queues: Arc::default(),
            refusals: Arc::default(),
        }
    }

    /// Whether the store can read and write now.
    ///
    /// # Errors
    /// The store's own.
    pub async fn check(&self) -> Result<(), Error> {
        Ok(self.store.check().await?)
    }

    fn admits(&self, tenant: &TenantId) -> bool {
        match &*self.admission {
            Admission::Everybody => true,
            Admission::Only(tenants) => tenants.contains(tenant),
        }
    }
}
