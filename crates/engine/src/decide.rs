//! The one loop of every change: facts, decision, commit; a conflict goes back to the facts, a bounded number of times.

use pimento_domain::rules::Administrators;
use pimento_domain::{
    AssignmentId, Caller, Denied, Events, Facts, Grant, Holding, Instant, Outcome, Request,
    RequestId, Role, RoleId, Settings, role,
};
use pimento_store::{Change, Changeset, Loaded, StoreError, Wanted};

use crate::roles::{role_in, role_or_removed, stored};
use crate::{Engine, Error, Seen};

/// How often a change is decided anew when others change the same rows at the same time.
pub(crate) const ATTEMPTS: usize = 16;

/// What a decision wants written; no events means nothing at all.
pub(crate) struct Decision<T> {
    /// The changes and their events, if there is something to write.
    pub(crate) change: Option<(Vec<Change>, Events)>,
    /// What the use case answers once that is durable.
    pub(crate) answer: T,
}

/// The state of an assignment after a command, and why nothing changed if nothing did.
pub(crate) struct Settled {
    pub(crate) now: Instant,
    pub(crate) grants: Vec<Grant>,
    /// The requests that the command made or changed; the one that it is about comes first.
    pub(crate) requests: Vec<Request>,
    pub(crate) message: Option<pimento_domain::Message>,
}

impl Settled {
    /// The request that the command was about.
    pub(crate) fn asked(self) -> Result<Seen<Request>, Error> {
        let first = self.requests.into_iter().next();
        let value = first.ok_or(Denied::NotFound)?;
        Ok(Seen {
            now: self.now,
            value,
        })
    }
}

impl Engine {
    /// Loads, decides and commits until the rows stood still between the first and the last. Within this process the
    /// changes of the same rows wait for each other, so only those of other servers, and settings, come in between.
    pub(crate) async fn decide<T>(
        &self,
        caller: &Caller,
        wanted: &Wanted,
        decide: impl Fn(&Loaded) -> Result<Decision<T>, Denied>,
    ) -> Result<T, Error> {
        let place = self.queues.place(&caller.tenant, wanted);
        let _turn = place.turn().await;
        for _ in 0..ATTEMPTS {
            let loaded = self.store.load(&caller.tenant, wanted).await?;
            let Decision { change, answer } = decide(&loaded)?;
            let Some((changes, events)) = change else {
                return Ok(answer);
            };
            let changeset = Changeset {
                tenant: caller.tenant.clone(),
                expected: loaded.expected,
                changes,
                events,
                cause: caller.cause.clone(),
            };
            match self.store.commit(changeset).await {
                Ok(_) => return Ok(answer),
                Err(StoreError::Conflict) => {
                    tracing::debug!(operation = %caller.cause.operation, "decide again")
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Unavailable(format!(
            "the same rows changed {ATTEMPTS} times while this was decided"
        ))
        .into())
    }

    /// Decides one command about one principal in one role; a role that is not there is refused as `absent`.
    pub(crate) async fn decide_assignment(
        &self,
        caller: &Caller,
        id: &AssignmentId,
        absent: Denied,
        rule: impl Fn(&Facts) -> Result<Outcome, Denied>,
    ) -> Result<Settled, Error> {
        let wanted = wanted(id);
        self.decide(caller, &wanted, |loaded| {
            let role = role_in(loaded, id.role).ok_or_else(|| absent.clone())?;
            let facts = self.facts(id, role, loaded);
            let outcome = rule(&facts)?;
            Ok(settle(id, facts, outcome))
        })
        .await
    }

    /// Decides one command about a request, as it is then.
    pub(crate) async fn decide_request(
        &self,
        caller: &Caller,
        id: &AssignmentId,
        request: RequestId,
        rule: impl Fn(&Facts, &Request) -> Result<Outcome, Denied>,
    ) -> Result<Seen<Request>, Error> {
        let wanted = Wanted {
            request: Some(request),
            ..wanted(id)
        };
        let settled = self
            .decide(caller, &wanted, |loaded| {
                let role = role_or_removed(loaded, id.role).ok_or(Denied::NotFound)?;
                let facts = self.facts(id, role, loaded);
                let asked = loaded.request.as_ref().ok_or(Denied::NotFound)?;
                let outcome = rule(&facts, asked)?;
                // A request for a role that is removed was closed by then; only a clock that is set back opens it again.
                if !facts.role.is_there() {
                    return Err(Denied::NotFound);
                }
                Ok(settle(id, facts, outcome))
            })
            .await?;
        settled.asked()
    }

    /// What [`Engine::decide_assignment`] would answer; nothing is written.
    pub(crate) async fn evaluate_assignment(
        &self,
        caller: &Caller,
        id: &AssignmentId,
        absent: Denied,
        rule: impl Fn(&Facts) -> Result<Outcome, Denied>,
    ) -> Result<Settled, Error> {
        let loaded = self.store.load(&caller.tenant, &wanted(id)).await?;
        let role = role_in(&loaded, id.role).ok_or(absent)?;
        let facts = self.facts(id, role, &loaded);
        let outcome = rule(&facts)?;
        Ok(settle(id, facts, outcome).answer)
    }

    pub(crate) fn facts(&self, id: &AssignmentId, role: Role, loaded: &Loaded) -> Facts {
        let settings = loaded
            .settings
            .clone()
            .unwrap_or_else(|| Settings::of(&role));
        let none = Holding {
            principal: id.principal.clone(),
            role: id.role,
            grants: Vec::new(),
        };
        Facts {
            now: loaded.now,
            policy: self.policy,
            role,
            administrators: administrators(loaded, settings.clone()),
            settings,
            requests: loaded.requests.clone(),
            holding: loaded.holding.clone().unwrap_or(none),
        }
    }
}

/// Those who could administer; only ever looked at where the role in question is theirs, so its settings are theirs too.
pub(crate) fn administrators(loaded: &Loaded, settings: Settings) -> Administrators {
    Administrators {
        holdings: loaded.administrators.clone(),
        settings,
    }
}

/// The role whose holders administer, if this is it: only then does the lock-out guard look at the others.
pub(crate) fn administered_by(role: RoleId) -> Option<RoleId> {
    (role == role::PRIVILEGED_ROLE_ADMINISTRATOR).then_some(role)
}

pub(crate) fn wanted(id: &AssignmentId) -> Wanted {
    Wanted {
        holding: Some((id.principal.clone(), id.role)),
        settings: Some(id.role),
        administrators: administered_by(id.role),
        role: stored(id.role),
        ..Wanted::default()
    }
}

/// What an outcome wants written, and what is answered then.
pub(crate) fn settle(id: &AssignmentId, facts: Facts, outcome: Outcome) -> Decision<Settled> {
    let (grants, requests, message, events) = match outcome {
        Outcome::Unchanged(message) => (facts.holding.grants, Vec::new(), Some(message), None),
        Outcome::Changed {
            grants,
            requests,
            events,
        } => (grants, requests, None, Some(events)),
    };
    let change = events.map(|events| (changes(id, &grants, &requests), events));
    Decision {
        change,
        answer: Settled {
            now: facts.now,
            grants,
            requests,
            message,
        },
    }
}

pub(crate) fn changes(id: &AssignmentId, grants: &[Grant], requests: &[Request]) -> Vec<Change> {
    let holding = Change::Holding(id.principal.clone(), id.role, grants.to_vec());
    let requests = requests
        .iter()
        .map(|request| Change::Request(Box::new(request.clone())));
    std::iter::once(holding)
        .chain(requests)
        .chain(administered_by(id.role).map(Change::Administrators))
        .collect()
}
