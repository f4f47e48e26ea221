//! Two ways to ask: the engine, with what the edge does in front of it done here, and HTTP.

mod engine;
mod http;

use pimento_domain::TenantId;

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
pub(crate) struct Tenants(String);

impl Tenants {
    pub(crate) fn new(number: usize) -> Self {
        Self(number.to_string())
    }

    pub(crate) fn id(&self, tenant: Tenant) -> TenantId {
        format!("{tenant:?}-{}", self.0).parse().unwrap()
    }
}

impl Face {
    /// What `caller` is answered at `now`.
    pub(crate) async fn ask(
        &self,
        tenants: &Tenants,
        now: Micros,
        caller: Caller,
        ask: &Ask,
    ) -> Answer {
        match self {
            Self::Engine(engine) => engine.ask(tenants, now, caller, ask).await,
            Self::Http(http) => http.ask(tenants, now, caller, ask).await,
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
