//! The settings of roles.

use axum::Extension;
use axum::extract::State;
use http::StatusCode;
use pimento_domain::{Caller, RoleId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::documented::{BodyRefused, NotFound, Refused};
use crate::http::{Body, Called, Id, Selection};
use crate::problem::Problem;
use crate::query::Shaped;
use crate::query::types::SETTINGS;
use crate::wire::{Settings, SettingsUpdate};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(
        get_role_settings,
        replace_role_settings,
        update_role_settings
    ))
}

/// The settings of one role.
#[utoipa::path(get, path = "/privilegedRoles/{id}/settings", tag = "privilegedRoles", params(("id" = String, Path), Selection),
    responses((status = 200, body = Settings, description = "The settings."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_role_settings(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
    selection: Selection,
) -> Result<Shaped<Settings>, Problem> {
    let place = format!("privilegedRoles('{id}')");
    settings(&app, &caller, &called, &selection, (&place, id)).await
}

/// The settings of a role that was reached at this place.
pub(super) async fn settings(
    app: &App,
    caller: &Caller,
    called: &Called,
    selection: &Selection,
    (place, role): (&str, RoleId),
) -> Result<Shaped<Settings>, Problem> {
    let shape = selection.shape(&SETTINGS)?;
    let (role, settings) = app.engine.get_role_settings(caller, role).await?;
    let context = called.entity(&shape.context(&format!("{place}/settings")));
    Ok(Shaped::new(Settings::new(&role, &settings, context), shape))
}

/// Changes the settings of one role; the same as PATCH.
#[utoipa::path(put, path = "/privilegedRoles/{id}/settings", tag = "privilegedRoles", params(("id" = String, Path)),
    request_body = SettingsUpdate,
    responses((status = 204, description = "Changed."), Refused, NotFound, BodyRefused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]),
        ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn replace_role_settings(
    app: State<App>,
    caller: Extension<Caller>,
    id: Id<RoleId>,
    update: Body<SettingsUpdate>,
) -> Result<StatusCode, Problem> {
    update_role_settings(app, caller, id, update).await
}

/// Changes the settings of one role; what is left out keeps its value.
#[utoipa::path(patch, path = "/privilegedRoles/{id}/settings", tag = "privilegedRoles", params(("id" = String, Path)),
    request_body = SettingsUpdate,
    responses((status = 204, description = "Changed."), Refused, NotFound, BodyRefused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]),
        ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn update_role_settings(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<RoleId>,
    Body(update): Body<SettingsUpdate>,
) -> Result<StatusCode, Problem> {
    app.engine
        .update_role_settings(&caller, id, &update.parse(id)?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
