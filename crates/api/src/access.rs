//! Authentication and authorisation: every 401, and every 403 that depends on no row and no body, ends here.
//! So do query options on operations that take none; a list reads its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use pimento_domain::{Caller, Cause, RoleId, role};
use pimento_odata::query;

use crate::App;
use crate::attempts::Attempted;
use crate::auth::{Fault, Identity, Refused, StepUp};
use crate::denied::{founder_missing, role_missing, tenant_not_registered};
use crate::generated::operations::OPERATIONS;
use crate::http::{RequestIds, SignedIn};
use crate::operation::{Access, Operation};
use crate::problem::{Problem, code};

/// Who signs a tenant up and sets it up. No operation asks for this role alone besides those.
const FOUNDING: &[RoleId] = &[role::GLOBAL_ADMINISTRATOR];

/// Lets a request through to its handler with its [`Caller`], or refuses it.
pub(crate) async fn access(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(secured) = Secured::of(&parts) else {
        return match refuse_options(operation(&parts), &parts) {
            Ok(()) => next.run(Request::from_parts(parts, body)).await,
            Err(problem) => problem.into_response(),
        };
    };
    let identity = match identify(&app, &parts).await {
        Ok(identity) => identity,
        Err(problem) => return problem.into_response(),
    };
    let signed_in = SignedIn {
        tenant: identity.tenant.clone(),
        principal: identity.principal.clone(),
    };
    let step_up = identity.step_up.clone();
    let scopes = identity.scopes.clone();
    let attempted = match Attempted::of(&mut parts, secured.operation, &signed_in).await {
        Ok(attempted) => attempted,
        Err(problem) => return problem.into_response(),
    };
    let admitted = match admit_once_more(&app, &signed_in) {
        Ok(()) => authorise(&app, &secured, identity, &parts).await,
        Err(problem) => Err(problem),
    };
    let mut response = match admitted {
        Ok(caller) => {
            let roles = caller.roles.clone();
            parts.extensions.insert(Reach { scopes, roles });
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    };
    challenge_for_second_factor(&step_up, &mut response);
    attempted.tell(&app.engine, &response);
    response.extensions_mut().insert(signed_in);
    response
}

/// What an operation that is not public asks of its callers: the members of [`Access::Delegated`].
struct Secured {
    operation: &'static Operation,
    scopes: &'static [&'static str],
    roles: &'static [RoleId],
    own: bool,
    unregistered: bool,
}

impl Secured {
    /// `None` for a public operation, and for a method that the path does not take.
    fn of(request: &Parts) -> Option<Self> {
        let operation = operation(request)?;
        match operation.access {
            Access::Public => None,
            Access::Delegated {
                scopes,
                roles,
                own,
                unregistered,
            } => Some(Self {
                operation,
                scopes,
                roles,
                own,
                unregistered,
            }),
        }
    }
}

/// Every 401: whose token it is.
async fn identify(app: &App, request: &Parts) -> Result<Identity, Problem> {
    let mut sent = request.headers.get_all(header::AUTHORIZATION).iter();
    let authorization = sent.next();
    if sent.next().is_some() {
        return Err(Refused::Token(Fault::Scheme).into());
    }
    Ok(app.authenticator.authenticate(authorization).await?)
}

/// Every 429. What is refused before it is known whose it is counts for nobody.
fn admit_once_more(app: &App, who: &SignedIn) -> Result<(), Problem> {
    match &app.throttle {
        Some(throttle) => throttle.admit(&who.tenant, &who.principal),
        None => Ok(()),
    }
}

/// Whom a rule refuses for want of a second factor is told which sign-in would prove one: the rule cannot know, but the
/// configuration of the token's issuer does.
fn challenge_for_second_factor(step_up: &StepUp, response: &mut Response) {
    let refused = response.extensions().get::<Problem>();
    if refused.is_some_and(|Problem(refusal)| refusal.code == code::MFA_REQUIRED) {
        for challenge in step_up.challenges() {
            let headers = response.headers_mut();
            headers.append(header::WWW_AUTHENTICATE, challenge.clone());
        }
    }
}

/// What a caller could call besides what they called, as far as that depends on no row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    scopes: BTreeSet<String>,
    roles: BTreeSet<RoleId>,
}

impl Reach {
    /// Lets through what they could call themselves: what is expanded is read as it would be by itself.
    pub(crate) fn may_call(&self, id: &str) -> Result<(), Problem> {
        let mut operations = OPERATIONS.iter();
        let operation = operations.find(|operation| operation.id == id);
        let operation = operation.ok_or_else(Problem::fault)?;
        let Access::Delegated {
            scopes, roles, own, ..
        } = operation.access
        else {
            return Ok(());
        };
        if !scopes.iter().any(|scope| self.scopes.contains(*scope)) {
            return Err(scope_missing(scopes));
        }
        if !roles.is_empty() && !own && !roles.iter().any(|role| self.roles.contains(role)) {
            return Err(role_missing(roles));
        }
        Ok(())
    }
}

/// The caller, where they may call this operation at all.
async fn authorise(
    app: &App,
    secured: &Secured,
    identity: Identity,
    request: &Parts,
) -> Result<Caller, Problem> {
    let Secured {
        operation,
        scopes,
        roles,
        own,
        unregistered,
    } = *secured;
    if !scopes.iter().any(|scope| identity.scopes.contains(*scope)) {
        return Err(scope_missing(scopes));
    }
    let standing = app
        .engine
        .standing(&identity.tenant, &identity.principal)
        .await?;
    if !standing.registered && !unregistered {
        return Err(tenant_not_registered());
    }
    let mut held = standing.roles;
    held.extend(&identity.wids);
    let founding = unregistered || roles == FOUNDING;
    if founding {
        held.extend(founded(app, &identity));
    }
    let caller = caller(operation, identity, held, request)?;
    if !roles.is_empty() && !own && !caller.holds_one_of(roles) {
        return Err(if founding {
            founder_missing()
        } else {
            role_missing(roles)
        });
    }
    refuse_options(Some(operation), request)?;
    Ok(caller)
}

/// An operation that takes no query options refuses those of OData. A method that the path does not have is refused for that.
fn refuse_options(operation: Option<&Operation>, request: &Parts) -> Result<(), Problem> {
    if operation.is_some_and(|operation| operation.options.is_empty()) {
        query::options(request.uri.query(), &[])?;
    }
    Ok(())
}

/// A founder counts as Global Administrator, but only to sign up and to set up: a tenant whose issuer is not trusted with
/// directory roles has nobody else for that.
fn founded(app: &App, identity: &Identity) -> Option<RoleId> {
    let founder = app
        .founders
        .contains(&(identity.tenant.clone(), identity.principal.clone()));
    founder.then_some(role::GLOBAL_ADMINISTRATOR)
}

fn caller(
    operation: &Operation,
    identity: Identity,
    roles: BTreeSet<RoleId>,
    request: &Parts,
) -> Result<Caller, Problem> {
    let ids: &RequestIds = request.extensions.get().ok_or_else(Problem::fault)?;
    let cause = Cause {
        operation: operation.id.into(),
        request: ids.request,
        client_request: ids.client.clone(),
    };
    Ok(Caller {
        tenant: identity.tenant,
        principal: identity.principal,
        roles,
        mfa: identity.mfa,
        cause,
    })
}

/// The row of the table for this request: its route as matched, and its method, where HEAD asks what GET answers.
pub(crate) fn operation(request: &Parts) -> Option<&'static Operation> {
    static BY_ROUTE: LazyLock<HashMap<(&str, &str), &Operation>> = LazyLock::new(|| {
        OPERATIONS
            .iter()
            .map(|operation| ((operation.method, operation.path), operation))
            .collect()
    });
    let path = request.extensions.get::<MatchedPath>()?;
    let method = if request.method == Method::HEAD {
        "GET"
    } else {
        request.method.as_str()
    };
    BY_ROUTE.get(&(method, path.as_str())).copied()
}

fn scope_missing(scopes: &[&str]) -> Problem {
    let message = format!("The token lacks the scope {}.", scopes.join(" or "));
    Problem::new(StatusCode::FORBIDDEN, code::SCOPE, message)
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let message = refused.to_string();
        match refused {
            Refused::Token(fault) => {
                Self::new(StatusCode::UNAUTHORIZED, code::INVALID_TOKEN, message).with_header(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(challenge(&fault)),
                )
            }
            Refused::PersonalAccount => {
                Self::new(StatusCode::FORBIDDEN, code::PERSONAL_ACCOUNT, message)
            }
            Refused::Application => Self::new(StatusCode::FORBIDDEN, code::APPLICATION, message),
            Refused::KeysUnavailable { retry_after } => Self::unavailable(message).with_header(
                header::RETRY_AFTER,
                HeaderValue::from(retry_after.as_secs()),
            ),
        }
    }
}

/// RFC 6750: without a token no error is named, since nothing was wrong with one.
fn challenge(fault: &Fault) -> &'static str {
    match fault {
        Fault::Missing => "Bearer realm=\"pimento\"",
        _ => "Bearer realm=\"pimento\", error=\"invalid_token\"",
    }
}
