//! What is read of a role through the assignment, the request or the approval that is about it: first that role, as whoever
//! asks may see it there, and then what they may read of the role itself.

use axum::Extension;
use axum::extract::State;
use pimento_domain::{AssignmentId, Caller, RequestId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::roles::{assignments, summary};
use super::settings::settings;
use crate::App;
use crate::documented::{NotFound, Refused};
use crate::http::{Called, Expanding, Id, Listing, Querying, Selection};
use crate::problem::Problem;
use crate::query::{Page, Shaped};
use crate::wire;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_assignment_role_settings))
        .routes(routes!(get_assignment_role_summary))
        .routes(routes!(list_assignment_role_assignments))
        .routes(routes!(get_request_role_settings))
        .routes(routes!(get_request_role_summary))
        .routes(routes!(list_request_role_assignments))
        .routes(routes!(get_approval_role_settings))
        .routes(routes!(get_approval_role_summary))
        .routes(routes!(list_approval_role_assignments))
}

/// The settings of the role of an assignment.
#[utoipa::path(get, path = "/privilegedRoleAssignments/{id}/roleInfo/settings", tag = "privilegedRoleAssignments", params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Settings, description = "The settings."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_assignment_role_settings(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<AssignmentId>,
    selection: Selection,
) -> Result<Shaped<wire::Settings>, Problem> {
    let role = app.engine.get_assignment_role(&caller, &id).await?;
    let place = format!("privilegedRoleAssignments('{id}')/roleInfo");
    settings(&app, &caller, &called, &selection, (&place, role.id)).await
}

/// The summary of the role of an assignment.
#[utoipa::path(get, path = "/privilegedRoleAssignments/{id}/roleInfo/summary", tag = "privilegedRoleAssignments", params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Summary, description = "The summary."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_assignment_role_summary(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<AssignmentId>,
    selection: Selection,
) -> Result<Shaped<wire::Summary>, Problem> {
    let role = app.engine.get_assignment_role(&caller, &id).await?;
    let place = format!("privilegedRoleAssignments('{id}')/roleInfo");
    summary(&app, &caller, &called, &selection, (&place, role.id)).await
}

/// A page of the assignments of the role of an assignment.
#[utoipa::path(get, path = "/privilegedRoleAssignments/{id}/roleInfo/assignments", tag = "privilegedRoleAssignments", params(("id" = String, Path), Listing, Querying, Expanding),
    responses((status = 200, body = wire::Assignments, description = "A page."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_assignment_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<AssignmentId>,
    listing: Listing,
) -> Result<Page<wire::Assignments>, Problem> {
    let role = app.engine.get_assignment_role(&caller, &id).await?;
    assignments(&app, &caller, &called, &listing, role.id).await
}

/// The settings of the role of a request.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/{id}/roleInfo/settings", tag = "privilegedRoleAssignmentRequests", params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Settings, description = "The settings."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_request_role_settings(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RequestId>,
    selection: Selection,
) -> Result<Shaped<wire::Settings>, Problem> {
    let role = app.engine.get_request_role(&caller, id).await?;
    let place = format!("privilegedRoleAssignmentRequests('{id}')/roleInfo");
    settings(&app, &caller, &called, &selection, (&place, role.id)).await
}

/// The summary of the role of a request.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/{id}/roleInfo/summary", tag = "privilegedRoleAssignmentRequests", params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Summary, description = "The summary."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_request_role_summary(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RequestId>,
    selection: Selection,
) -> Result<Shaped<wire::Summary>, Problem> {
    let role = app.engine.get_request_role(&caller, id).await?;
    let place = format!("privilegedRoleAssignmentRequests('{id}')/roleInfo");
    summary(&app, &caller, &called, &selection, (&place, role.id)).await
}

/// A page of the assignments of the role of a request.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/{id}/roleInfo/assignments", tag = "privilegedRoleAssignmentRequests", params(("id" = String, Path), Listing, Querying, Expanding),
    responses((status = 200, body = wire::Assignments, description = "A page."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_request_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RequestId>,
    listing: Listing,
) -> Result<Page<wire::Assignments>, Problem> {
    let role = app.engine.get_request_role(&caller, id).await?;
    assignments(&app, &caller, &called, &listing, role.id).await
}

/// The settings of the role of an approval.
#[utoipa::path(get, path = "/privilegedApproval/{id}/roleInfo/settings", tag = "privilegedApproval", params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Settings, description = "The settings."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_approval_role_settings(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RequestId>,
    selection: Selection,
) -> Result<Shaped<wire::Settings>, Problem> {
    let role = app.engine.get_approval_role(&caller, id).await?;
    let place = format!("privilegedApproval('{id}')/roleInfo");
    settings(&app, &caller, &called, &selection, (&place, role.id)).await
}

/// The summary of the role of an approval.
#[utoipa::path(get, path = "/privilegedApproval/{id}/roleInfo/summary", tag = "privilegedApproval", params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Summary, description = "The summary."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_approval_role_summary(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RequestId>,
    selection: Selection,
) -> Result<Shaped<wire::Summary>, Problem> {
    let role = app.engine.get_approval_role(&caller, id).await?;
    let place = format!("privilegedApproval('{id}')/roleInfo");
    summary(&app, &caller, &called, &selection, (&place, role.id)).await
}

/// A page of the assignments of the role of an approval.
#[utoipa::path(get, path = "/privilegedApproval/{id}/roleInfo/assignments", tag = "privilegedApproval", params(("id" = String, Path), Listing, Querying, Expanding),
    responses((status = 200, body = wire::Assignments, description = "A page."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_approval_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RequestId>,
    listing: Listing,
) -> Result<Page<wire::Assignments>, Problem> {
    let role = app.engine.get_approval_role(&caller, id).await?;
    assignments(&app, &caller, &called, &listing, role.id).await
}
