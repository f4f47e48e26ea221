//! Refused attempts, for the tenant's log: what somebody who is signed in was not allowed to do, or what the rules refused.
//!
//! That is every 403, and of what would change something also every refusal by a rule. Malformed requests are no attempts,
//! nor are evaluations (`evaluateOnly`), nor throttled requests; without a good token nobody is known who attempted it.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};
use pimento_domain::{AssignmentId, Cause};
use pimento_engine::{Attempt, Engine, Target};

use crate::http::{Evaluated, RequestIds, SignedIn};
use crate::operation::Operation;
use crate::problem::{By, Problem, Refusal};

/// What somebody attempts by a request that is not answered yet.
pub(crate) struct Attempted {
    operation: &'static Operation,
    who: SignedIn,
    ids: RequestIds,
    /// The id in the path, if it has one.
    id: Option<String>,
}

impl Attempted {
    pub(crate) async fn of(
        request: &mut Parts,
        operation: &'static Operation,
        who: &SignedIn,
    ) -> Result<Self, Problem> {
        let ids = request.extensions.get::<RequestIds>();
        let ids = ids.ok_or_else(Problem::fault)?.clone();
        let Ok(parameters) = RawPathParams::from_request_parts(request, &()).await else {
            return Err(Problem::not_found("The path is not text."));
        };
        Ok(Self {
            operation,
            who: who.clone(),
            ids,
            id: parameters.iter().next().map(|(_, id)| id.to_owned()),
        })
    }

    /// Tells the engine of it where it was refused.
    pub(crate) fn tell(self, engine: &Engine, response: &Response) {
        let extensions = response.extensions();
        if extensions.get::<Evaluated>().is_some() {
            return;
        }
        let Some(Problem(refusal)) = extensions.get() else {
            return;
        };
        if let Some(target) = self.target(refusal) {
            engine.note_refusal(Attempt {
                tenant: self.who.tenant,
                principal: self.who.principal,
                cause: Cause {
                    operation: self.operation.id.into(),
                    request: self.ids.request,
                    client_request: self.ids.client,
                },
                code: refusal.code,
                target,
            });
        }
    }

    /// What it was about; `None` where this refusal is not for the log.
    fn target(&self, refusal: &Refusal) -> Option<Target> {
        let writes = self.operation.method != Method::GET.as_str();
        match &refusal.by {
            By::Rules(Some(about)) if writes => Some((**about).clone()),
            By::Rules(_) if writes => Some(self.target_of_path()),
            _ if refusal.status == StatusCode::FORBIDDEN => Some(self.target_of_path()),
            _ => None,
        }
    }

    fn target_of_path(&self) -> Target {
        let id = self.id.as_deref().unwrap_or_default();
        let own = self.operation.id.starts_with("self_");
        match self.operation.path.split('/').nth(2) {
            Some("privilegedRoleAssignments") => {
                let id = id.parse::<AssignmentId>().ok();
                id.map_or_else(Target::default, |id| Target {
                    principal: Some(id.principal),
                    role: Some(id.role),
                    request: None,
                })
            }
            Some("privilegedRoles") => Target {
                principal: own.then(|| self.who.principal.clone()),
                role: id.parse().ok(),
                request: None,
            },
            Some("privilegedRoleAssignmentRequests" | "privilegedApproval") => Target {
                request: id.parse().ok(),
                ..Target::default()
            },
            _ => Target::default(),
        }
    }
}
