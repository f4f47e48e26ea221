//! Two ways to ask: the engine, with what the edge does in front of it done here, and HTTP.

mod engine;
mod http;

use std::sync::{Arc, Mutex, PoisonError};

use pimento_domain::{RequestId, TenantId, Uuid};

use crate::answer::Answer;
use crate::model::SelfGrants;
use crate::steps::{Ask, Caller, Micros, Tenant};

pub(crate) use engine::{EngineFace, caller as engine_caller};
pub(crate) use http::HttpFace;

/// Who is asked.
pub(crate) enum Face {
    Engine(EngineFace),
    Http(Box<HttpFace>),
}

/// The tenants of one sequence: every sequence has its own, so that many can share a database.
#[derive(Clone, Debug)]
pub(crate) struct Tenants {
    number: usize,
    /// The ids of requests that a server drew, in the order in which they were made.
    drawn: Arc<Mutex<Vec<(Tenant, RequestId)>>>,
}

/// The requests of a tenant, by id and by number: an id that a test chooses is its number.
pub(crate) struct Numbers<'a> {
    tenants: &'a Tenants,
    of: Tenant,
}

impl Tenants {
    pub(crate) fn new(number: usize) -> Self {
        Self {
            number,
            drawn: Arc::default(),
        }
    }

    pub(crate) fn id(&self, tenant: Tenant) -> TenantId {
        format!("{tenant:?}-{}", self.number).parse().unwrap()
    }

    pub(crate) fn numbers(&self, of: Tenant) -> Numbers<'_> {
        Numbers { tenants: self, of }
    }
}

impl Numbers<'_> {
    /// The id of a request; where there is none of that number yet, the one that a test gives it.
    pub(crate) fn id(&self, number: usize) -> RequestId {
        let drawn = self
            .tenants
            .drawn
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut of_tenant = drawn.iter().filter(|(of, _)| *of == self.of);
        let chosen = || RequestId::new(Uuid::from_u128(number as u128));
        of_tenant.nth(number).map_or_else(chosen, |(_, id)| *id)
    }

    /// The number of a request; the next one where the id is new.
    pub(crate) fn number(&self, id: RequestId) -> usize {
        let uuid: Uuid = id.to_string().parse().unwrap();
        if let Ok(chosen) = u32::try_from(uuid.as_u128()) {
            return usize::try_from(chosen).unwrap();
        }
        let mut drawn = self
            .tenants
            .drawn
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !drawn.contains(&(self.of, id)) {
            drawn.push((self.of, id));
        }
        let mut of_tenant = drawn.iter().filter(|(of, _)| *of == self.of);
        of_tenant.position(|(_, known)| *known == id).unwrap()
    }
}

/// When something is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) at: Micros,
    /// The number that a request gets which is made now.
    pub(crate) next: usize,
}

impl Face {
    /// What `caller` is answered at `now`; a request that is made is to be the `next` one.
    pub(crate) async fn ask(
        &self,
        tenants: &Tenants,
        now: Now,
        caller: Caller,
        ask: &Ask,
    ) -> Answer {
        match self {
            Self::Engine(engine) => Box::pin(engine.ask(tenants, now, caller, ask)).await,
            Self::Http(http) => Box::pin(http.ask(tenants, now.at, caller, ask)).await,
        }
    }

    /// How administrators who grant to themselves are treated here; a dev server lets them.
    pub(crate) fn self_grants(&self) -> SelfGrants {
        match self {
            Self::Engine(engine) => engine.self_grants,
            Self::Http(_) => SelfGrants::Allowed,
        }
    }

    /// What of the model's answer can be seen here.
    pub(crate) fn as_seen(&self, answer: Answer) -> Answer {
        match self {
            Self::Engine(_) => answer,
            Self::Http(_) => answer.on_the_wire(),
        }
    }
}
