//! Roles.

use axum::extract::State;
use axum::{Extension, Json};
use pimento_domain::{Caller, RoleId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assignments::page;
use crate::App;
use crate::documented::{NotFound, Refused};
use crate::http::{Called, Id, Listing};
use crate::problem::Problem;
use crate::wire;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_roles))
        .routes(routes!(get_role))
        .routes(routes!(get_role_summary))
        .routes(routes!(list_role_assignments))
}

/// A page of the tenant's roles.
#[utoipa::path(get, path = "/privilegedRoles", tag = "privilegedRoles", params(Listing),
    responses((status = 200, body = wire::Roles, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_roles(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Json<wire::Roles>, Problem> {
    let page = app
        .engine
        .list_roles(&caller, listing.after()?, listing.limit);
    Ok(Json(wire::Roles {
        context: called.context("privilegedRoles"),
        count: listing.count(Some(page.total)),
        next_link: listing.next_link(page.next),
        value: page
            .roles
            .iter()
            .map(|role| wire::Role::new(role, None))
            .collect(),
    }))
}

/// One role.
#[utoipa::path(get, path = "/privilegedRoles/{id}", tag = "privilegedRoles", params(("id" = String, Path)),
    responses((status = 200, body = wire::Role, description = "The role."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
) -> Result<Json<wire::Role>, Problem> {
    let role = app.engine.get_role(&caller, id).await?;
    Ok(Json(wire::Role::new(
        role,
        called.entity("privilegedRoles"),
    )))
}

/// How many hold a role, and how many of them hold it now.
#[utoipa::path(get, path = "/privilegedRoles/{id}/summary", tag = "privilegedRoles", params(("id" = String, Path)),
    responses((status = 200, body = wire::Summary, description = "The summary."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_role_summary(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
) -> Result<Json<wire::Summary>, Problem> {
    summary(
        &app,
        &caller,
        &called,
        &format!("privilegedRoles('{id}')"),
        id,
    )
    .await
}

/// The summary of a role that was reached at this place.
pub(super) async fn summary(
    app: &App,
    caller: &Caller,
    called: &Called,
    place: &str,
    role: RoleId,
) -> Result<Json<wire::Summary>, Problem> {
    let summary = app.engine.get_role_summary(caller, role).await?;
    let context = called.entity(&format!("{place}/summary"));
    Ok(Json(wire::Summary::new(&summary, context)))
}

/// A page of one role's assignments.
#[utoipa::path(get, path = "/privilegedRoles/{id}/assignments", tag = "privilegedRoles", params(("id" = String, Path), Listing),
    responses((status = 200, body = wire::Assignments, description = "A page."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
    listing: Listing,
) -> Result<Json<wire::Assignments>, Problem> {
    assignments(&app, &caller, &called, &listing, id).await
}

/// A page of the assignments of a role, wherever it was reached.
pub(super) async fn assignments(
    app: &App,
    caller: &Caller,
    called: &Called,
    listing: &Listing,
    role: RoleId,
) -> Result<Json<wire::Assignments>, Problem> {
    let found = app
        .engine
        .list_role_assignments(caller, role, listing.after()?, listing.limit, listing.total)
        .await?;
    Ok(page(called, listing, &found))
}
