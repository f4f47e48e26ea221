//! The lengths of lists, as plain text. Each asks what its list asks, for the total alone.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use pimento_domain::{AssignmentId, Caller, RequestId, RoleId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::signup::registrations;
use crate::App;
use crate::documented::{NotFound, Refused};
use crate::http::{Counting, Id, Searching};
use crate::problem::Problem;
use crate::query::{APPROVALS, ASSIGNMENTS, EVENTS, REGISTRATIONS, REQUESTS, ROLES};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(count_roles))
        .routes(routes!(count_role_assignments))
        .routes(routes!(count_assignments))
        .routes(routes!(count_my_assignments))
        .routes(routes!(count_assignment_role_assignments))
        .routes(routes!(count_requests))
        .routes(routes!(count_my_requests))
        .routes(routes!(count_request_role_assignments))
        .routes(routes!(count_approvals))
        .routes(routes!(count_my_approvals))
        .routes(routes!(count_approval_role_assignments))
        .routes(routes!(count_events))
        .routes(routes!(count_signup_status))
}

/// A number of elements, as plain text.
struct Number(u64);

impl Number {
    /// Of a list that was asked to count.
    fn of(total: Option<u64>) -> Result<Self, Problem> {
        total.map(Self).ok_or_else(Problem::fault)
    }
}

impl IntoResponse for Number {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "text/plain")], self.0.to_string()).into_response()
    }
}

/// How many roles the tenant has.
#[utoipa::path(get, path = "/privilegedRoles/$count", tag = "privilegedRoles", params(Counting, Searching),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_roles(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = ROLES.counted(&counting)?;
    let found = app.engine.list_roles(&caller, &query).await?;
    Number::of(found.total)
}

/// How many assignments one role has.
#[utoipa::path(get, path = "/privilegedRoles/{id}/assignments/$count", tag = "privilegedRoles", params(("id" = String, Path), Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<RoleId>,
    counting: Counting,
) -> Result<Number, Problem> {
    of_role(&app, &caller, id, &counting).await
}

/// How many assignments a role has, wherever it was reached.
async fn of_role(
    app: &App,
    caller: &Caller,
    role: RoleId,
    counting: &Counting,
) -> Result<Number, Problem> {
    let query = ASSIGNMENTS.counted(counting)?;
    let found = app
        .engine
        .list_role_assignments(caller, role, &query)
        .await?;
    Number::of(found.total)
}

/// How many assignments everybody has together.
#[utoipa::path(get, path = "/privilegedRoleAssignments/$count", tag = "privilegedRoleAssignments", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = ASSIGNMENTS.counted(&counting)?;
    let found = app.engine.list_assignments(&caller, &query).await?;
    Number::of(found.total)
}

/// How many assignments the caller has.
#[utoipa::path(get, path = "/privilegedRoleAssignments/my/$count", tag = "privilegedRoleAssignments", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_my_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = ASSIGNMENTS.counted(&counting)?;
    let found = app.engine.list_my_assignments(&caller, &query).await?;
    Number::of(found.total)
}

/// How many assignments the role of an assignment has.
#[utoipa::path(get, path = "/privilegedRoleAssignments/{id}/roleInfo/assignments/$count", tag = "privilegedRoleAssignments",
    params(("id" = String, Path), Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_assignment_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<AssignmentId>,
    counting: Counting,
) -> Result<Number, Problem> {
    let role = app.engine.get_assignment_role(&caller, &id).await?;
    of_role(&app, &caller, role.id, &counting).await
}

/// How many requests the caller may see.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/$count", tag = "privilegedRoleAssignmentRequests", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.Read.All"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_requests(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = REQUESTS.counted(&counting)?;
    let found = app.engine.list_requests(&caller, &query).await?;
    Number::of(found.total)
}

/// How many requests the caller made.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/my/$count", tag = "privilegedRoleAssignmentRequests", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.Read.All"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_my_requests(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = REQUESTS.counted(&counting)?;
    let found = app.engine.list_my_requests(&caller, &query).await?;
    Number::of(found.total)
}

/// How many assignments the role of a request has.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/{id}/roleInfo/assignments/$count", tag = "privilegedRoleAssignmentRequests",
    params(("id" = String, Path), Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_request_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<RequestId>,
    counting: Counting,
) -> Result<Number, Problem> {
    let role = app.engine.get_request_role(&caller, id).await?;
    of_role(&app, &caller, role.id, &counting).await
}

/// How many approvals the caller may see.
#[utoipa::path(get, path = "/privilegedApproval/$count", tag = "privilegedApproval", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_approvals(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = APPROVALS.counted(&counting)?;
    let found = app.engine.list_approvals(&caller, &query).await?;
    Number::of(found.total)
}

/// How many approvals the caller's own requests needed.
#[utoipa::path(get, path = "/privilegedApproval/myRequests/$count", tag = "privilegedApproval", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_my_approvals(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = APPROVALS.counted(&counting)?;
    let found = app.engine.list_my_approvals(&caller, &query).await?;
    Number::of(found.total)
}

/// How many assignments the role of an approval has.
#[utoipa::path(get, path = "/privilegedApproval/{id}/roleInfo/assignments/$count", tag = "privilegedApproval",
    params(("id" = String, Path), Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_approval_role_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<RequestId>,
    counting: Counting,
) -> Result<Number, Problem> {
    let role = app.engine.get_approval_role(&caller, id).await?;
    of_role(&app, &caller, role.id, &counting).await
}

/// How many events the tenant's log has.
#[utoipa::path(get, path = "/privilegedOperationEvents/$count", tag = "privilegedOperationEvents", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_events(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = EVENTS.counted(&counting)?;
    let found = app.engine.list_events(&caller, &query).await?;
    Number::of(found.total)
}

/// How many registrations the caller's tenant has, which is one in whatever state.
#[utoipa::path(get, path = "/privilegedSignupStatus/$count", tag = "privilegedSignupStatus", params(Counting),
    responses((status = 200, body = i64, content_type = "text/plain", description = "The number."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn count_signup_status(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    counting: Counting,
) -> Result<Number, Problem> {
    let query = REGISTRATIONS.counted(&counting)?;
    let found = registrations(&app, &caller, &query).await?;
    Number::of(found.total)
}
