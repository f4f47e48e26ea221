//! Roles.

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use axum::{Extension, Json};
use http::{StatusCode, header};
use pimento_domain::{Caller, Role, RoleId, Uuid};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assignments::page;
use super::expand;
use crate::App;
use crate::documented::{BodyRefused, NotFound, Refused};
use crate::http::{Body, Called, Expanding, Id, Listing, Querying, Searching, Selection};
use crate::problem::Problem;
use crate::query::types::{ROLE, SUMMARY};
use crate::query::{ASSIGNMENTS, Page, ROLES, Shaped, token};
use crate::wire;

const SET: &str = "privilegedRoles";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_roles, create_role))
        .routes(routes!(get_role, update_role, delete_role))
        .routes(routes!(get_role_summary))
        .routes(routes!(list_role_assignments))
}

/// At random, as the ids of the built-in roles are.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the ids of new roles are drawn"
)]
fn new_id() -> RoleId {
    RoleId::new(Uuid::new_v4())
}

/// A page of the tenant's roles.
#[utoipa::path(get, path = "/privilegedRoles", tag = "privilegedRoles", params(Listing, Querying, Searching, Expanding),
    responses((status = 200, body = wire::Roles, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_roles(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Page<wire::Roles>, Problem> {
    let (query, shape) = (ROLES.query(&listing)?, listing.shape(&ROLE)?);
    let found = app.engine.list_roles(&caller, &query).await?;
    let role = |role: &Role| (role.id, wire::Role::new(role, None));
    let mut page: Vec<_> = found.roles.iter().map(role).collect();
    expand::page_of_roles(&app, &caller, &called, &shape, &mut page).await?;
    let found = found.first(page.len(), &query);
    let head = wire::Roles {
        context: called.context(&shape.context(SET)),
        count: listing.count(found.total),
        next_link: listing.next_link(found.next.as_ref().map(token)),
        value: Vec::new(),
    };
    let roles = page.into_iter().map(|(_, role)| role);
    Ok(Page::new(head, roles, shape))
}

/// One role.
#[utoipa::path(get, path = "/privilegedRoles/{id}", tag = "privilegedRoles", params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Role, description = "The role."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<RoleId>,
) -> Result<Shaped<wire::Role>, Problem> {
    let role = app.engine.get_role(&caller, id).await?;
    let places = [SET, &format!("{SET}('{id}')")];
    expand::role(&app, &caller, &called, places, &selection, &role).await
}

/// Makes a role of the tenant's own.
#[utoipa::path(post, path = "/privilegedRoles", tag = "privilegedRoles", request_body = wire::NewRole,
    responses((status = 201, body = wire::Role, description = "Made.", headers(("Location" = Url))),
        Refused, BodyRefused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]),
        ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn create_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Body(new): Body<wire::NewRole>,
) -> Result<impl IntoResponse, Problem> {
    let role = app
        .engine
        .create_role(&caller, new_id(), &new.parse()?)
        .await?;
    let location = called.location(&format!("{SET}/{}", role.id));
    Ok((
        StatusCode::CREATED,
        AppendHeaders([(header::LOCATION, location)]),
        Json(wire::Role::new(&role, called.entity(SET))),
    ))
}

/// Gives a role of the tenant's own another name.
#[utoipa::path(patch, path = "/privilegedRoles/{id}", tag = "privilegedRoles", params(("id" = String, Path)),
    request_body = wire::RoleUpdate,
    responses((status = 200, body = wire::Role, description = "Renamed."), Refused, NotFound, BodyRefused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]),
        ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn update_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
    Body(update): Body<wire::RoleUpdate>,
) -> Result<Json<wire::Role>, Problem> {
    let role = app
        .engine
        .update_role(&caller, id, &update.parse(id)?)
        .await?;
    Ok(Json(wire::Role::new(&role, called.entity(SET))))
}

/// Removes a role of the tenant's own.
#[utoipa::path(delete, path = "/privilegedRoles/{id}", tag = "privilegedRoles", params(("id" = String, Path)),
    responses((status = 204, description = "Gone."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]),
        ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn delete_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<RoleId>,
) -> Result<StatusCode, Problem> {
    app.engine.delete_role(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many hold a role, and how many of them hold it now.
#[utoipa::path(get, path = "/privilegedRoles/{id}/summary", tag = "privilegedRoles", params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Summary, description = "The summary."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_role_summary(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
    selection: Selection,
) -> Result<Shaped<wire::Summary>, Problem> {
    let place = format!("privilegedRoles('{id}')");
    summary(&app, &caller, &called, &selection, (&place, id)).await
}

/// The summary of a role that was reached at this place.
pub(super) async fn summary(
    app: &App,
    caller: &Caller,
    called: &Called,
    selection: &Selection,
    (place, role): (&str, RoleId),
) -> Result<Shaped<wire::Summary>, Problem> {
    let shape = selection.shape(&SUMMARY)?;
    let summary = app.engine.get_role_summary(caller, role).await?;
    let context = called.entity(&shape.context(&format!("{place}/summary")));
    Ok(Shaped::new(wire::Summary::new(&summary, context), shape))
}

/// A page of one role's assignments.
#[utoipa::path(get, path = "/privilegedRoles/{id}/assignments", tag = "privilegedRoles", params(("id" = String, Path), Listing, Querying, Expanding),
    responses((status = 200, body = wire::Assignments, description = "A page."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
    listing: Listing,
) -> Result<Page<wire::Assignments>, Problem> {
    assignments(&app, &caller, &called, &listing, id).await
}

/// A page of the assignments of a role, wherever it was reached.
pub(super) async fn assignments(
    app: &App,
    caller: &Caller,
    called: &Called,
    listing: &Listing,
    role: RoleId,
) -> Result<Page<wire::Assignments>, Problem> {
    let query = ASSIGNMENTS.query(listing)?;
    let found = app
        .engine
        .list_role_assignments(caller, role, &query)
        .await?;
    page(app, caller, called, listing, found).await
}
