//! The registration of the caller's tenant.

use axum::extract::State;
use axum::{Extension, Json};
use pimento_domain::{Caller, Denied};
use pimento_engine::{Error, SetupPlan, SignUpStatus};
use pimento_store::{Query, Selected, StoreError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::documented::{BodyRefused, Refused};
use crate::http::{Body, Called, Listing, Querying};
use crate::problem::Problem;
use crate::query::types::REGISTRATION;
use crate::query::{Page, REGISTRATIONS, RegistrationField};
use crate::wire::{
    BooleanResult, CompleteSetupParameters, RoleSuccessStatistics, SetupStatistics, SignupStatus,
    SignupStatuses,
};

const SET: &str = "privilegedSignupStatus";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_signup_status))
        .routes(routes!(is_signed_up))
        .routes(routes!(can_sign_up))
        .routes(routes!(sign_up))
        .routes(routes!(complete_setup))
}

/// The registration of the caller's tenant, as a list of one.
#[utoipa::path(get, path = "/privilegedSignupStatus", tag = "privilegedSignupStatus", params(Listing, Querying),
    responses((status = 200, body = SignupStatuses, description = "The registration."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_signup_status(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Page<SignupStatuses>, Problem> {
    let query = REGISTRATIONS.query(&listing)?;
    let shape = listing.shape(&REGISTRATION)?;
    let found = registrations(&app, &caller, &query).await?;
    let head = SignupStatuses {
        context: called.context(&shape.context(SET)),
        count: listing.count(found.total),
        value: Vec::new(),
    };
    Ok(Page::new(head, found.rows.into_iter(), shape))
}

/// Those that are asked for among the registrations of the caller's tenant, of which there is one in whatever state.
pub(super) async fn registrations(
    app: &App,
    caller: &Caller,
    query: &Query<RegistrationField>,
) -> Result<Selected<SignupStatus>, Problem> {
    let status = app.engine.sign_up_status(caller).await?;
    let all = [SignupStatus::new(&caller.tenant, status, None)];
    Ok(query.select(all.into_iter(), |shown, field| field.value(shown)))
}

/// Whether the caller's tenant is registered.
#[utoipa::path(get, path = "/privilegedSignupStatus/isSignedUp", tag = "privilegedSignupStatus",
    responses((status = 200, body = BooleanResult, description = "The answer."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn is_signed_up(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
) -> Result<Json<BooleanResult>, Problem> {
    let value = app.engine.sign_up_status(&caller).await? != SignUpStatus::NotRegistered;
    Ok(Json(BooleanResult {
        context: called.context("Edm.Boolean"),
        value,
    }))
}

/// Whether a sign-up by this caller would register the tenant.
#[utoipa::path(get, path = "/privilegedSignupStatus/canSignUp", tag = "privilegedSignupStatus",
    responses((status = 200, body = BooleanResult, description = "The answer."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn can_sign_up(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
) -> Result<Json<BooleanResult>, Problem> {
    let value = app.engine.can_sign_up(&caller).await?;
    Ok(Json(BooleanResult {
        context: called.context("Edm.Boolean"),
        value,
    }))
}

/// Registers the caller's tenant.
#[utoipa::path(post, path = "/privilegedSignupStatus/signUp", tag = "privilegedSignupStatus",
    responses((status = 200, body = SignupStatus, description = "The registration."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn sign_up(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
) -> Result<Json<SignupStatus>, Problem> {
    let status = app.engine.sign_up(&caller).await?;
    Ok(Json(SignupStatus::new(
        &caller.tenant,
        status,
        called.entity(SET),
    )))
}

/// Sets the tenant up.
#[utoipa::path(post, path = "/privilegedSignupStatus/completeSetup", tag = "privilegedSignupStatus",
    request_body = CompleteSetupParameters,
    responses((status = 200, body = SetupStatistics, description = "What it did."), Refused, BodyRefused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn complete_setup(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Body(parameters): Body<CompleteSetupParameters>,
) -> Result<Json<SetupStatistics>, Problem> {
    let plan = parameters.parse(&caller.principal)?;
    let done = app.engine.complete_setup(&caller, &plan).await;
    let done = done.map_err(|error| setup_refused(error, &plan))?;
    Ok(Json(SetupStatistics {
        context: called.context("Collection(microsoft.graph.roleSuccessStatistics)"),
        value: done.iter().map(RoleSuccessStatistics::new).collect(),
    }))
}

/// A set-up is many changes: what breaks it off leaves done what was done.
fn setup_refused(error: Error, plan: &SetupPlan) -> Problem {
    let can_be_repeated = matches!(
        error,
        Error::Store(StoreError::Unavailable(_) | StoreError::Conflict | StoreError::InDoubt(_))
    );
    if let Error::Denied(Denied::SetupOfRole(role, denied)) = &error
        && **denied == Denied::RoleNotFound
    {
        let member = CompleteSetupParameters::naming(plan, *role);
        return Problem::from(error).at(member);
    }
    let problem = CompleteSetupParameters::refused(error.into());
    if can_be_repeated {
        problem.saying(
            "The database could not take all of this. What was done until then is done; repeat the set-up as a whole.",
        )
    } else {
        problem
    }
}
