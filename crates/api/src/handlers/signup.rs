//! The registration of the caller's tenant.

use axum::extract::State;
use axum::{Extension, Json};
use pimento_domain::Caller;
use pimento_engine::SignUpStatus;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::documented::Refused;
use crate::http::Called;
use crate::problem::Problem;
use crate::wire::{BooleanResult, SignupStatus, SignupStatuses};

const SET: &str = "privilegedSignupStatus";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_signup_status))
        .routes(routes!(is_signed_up))
        .routes(routes!(can_sign_up))
        .routes(routes!(sign_up))
}

/// The registration of the caller's tenant, as a list of one.
#[utoipa::path(get, path = "/privilegedSignupStatus", tag = "privilegedSignupStatus",
    responses((status = 200, body = SignupStatuses, description = "The registration."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_signup_status(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
) -> Result<Json<SignupStatuses>, Problem> {
    let status = app.engine.sign_up_status(&caller).await?;
    let value = vec![SignupStatus::new(&caller.tenant, status, None)];
    Ok(Json(SignupStatuses {
        context: called.context(SET),
        value,
    }))
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
    let value = app.engine.sign_up_status(&caller).await? == SignUpStatus::Registered;
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
