//! Approvals.

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use axum::{Extension, Json};
use http::{StatusCode, header};
use pimento_domain::{Caller, Denied, Request, RequestId};
use pimento_engine::{Evaluation, Requests, Seen};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::expand;
use super::requests::{entity, new_id};
use crate::App;
use crate::documented::{BodyRefused, NotFound, Refused, StepUp};
use crate::http::{Body, Called, Expanding, Id, Listing, Querying, Selection};
use crate::problem::Problem;
use crate::query::types::{APPROVAL, REQUEST};
use crate::query::{APPROVALS, Page, Shaped, token};
use crate::wire;

const SET: &str = "privilegedApproval";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_approvals, create_approval))
        .routes(routes!(list_my_approvals))
        .routes(routes!(get_approval, update_approval))
        .routes(routes!(get_approval_request))
        .routes(routes!(get_approval_request_role))
        .routes(routes!(get_approval_role))
}

/// A page of approvals, with what is to come with them.
async fn page(
    app: &App,
    caller: &Caller,
    called: &Called,
    listing: &Listing,
    found: Requests,
) -> Result<Page<wire::Approvals>, Problem> {
    let shape = listing.shape(&APPROVAL)?;
    let ids = found.requests.iter().map(|one| one.role);
    let along = expand::approvals(app, caller, &shape, ids).await?;
    let head = wire::Approvals {
        context: called.context(&shape.context(SET)),
        count: listing.count(found.total),
        next_link: listing.next_link(found.next.as_ref().map(token)),
        value: Vec::new(),
    };
    let approval = move |one: Request| along.shown(&one, found.now, None);
    let approvals = found.requests.into_iter().filter_map(approval);
    Ok(Page::new(head, approvals, shape))
}

/// A page of the approvals that the caller may see.
#[utoipa::path(get, path = "/privilegedApproval", tag = "privilegedApproval", params(Listing, Querying, Expanding),
    responses((status = 200, body = wire::Approvals, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_approvals(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Page<wire::Approvals>, Problem> {
    let query = APPROVALS.query(&listing)?;
    let found = app.engine.list_approvals(&caller, &query).await?;
    page(&app, &caller, &called, &listing, found).await
}

/// A page of the approvals of the caller's own requests.
#[utoipa::path(get, path = "/privilegedApproval/myRequests", tag = "privilegedApproval", params(Listing, Querying, Expanding),
    responses((status = 200, body = wire::Approvals, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_my_approvals(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Page<wire::Approvals>, Problem> {
    let query = APPROVALS.query(&listing)?;
    let found = app.engine.list_my_approvals(&caller, &query).await?;
    page(&app, &caller, &called, &listing, found).await
}

/// Asks for an approval of an activation of the caller's own.
#[utoipa::path(post, path = "/privilegedApproval", tag = "privilegedApproval", request_body = wire::NewApproval,
    responses((status = 201, body = wire::Approval, description = "Asked for.", headers(("Location" = Url))),
        Refused, StepUp, BodyRefused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn create_approval(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Body(new): Body<wire::NewApproval>,
) -> Result<impl IntoResponse, Problem> {
    let made = ask(&app, &caller, &new).await;
    let made = made.map_err(wire::NewApproval::refused)?;
    let location = called.location(&format!("{SET}/{}", made.value.id));
    let shown = wire::Approval::new(&made.value, made.now, called.entity(SET));
    Ok((
        StatusCode::CREATED,
        AppendHeaders([(header::LOCATION, location)]),
        Json(shown.ok_or(Denied::NotFound)?),
    ))
}

async fn ask(
    app: &App,
    caller: &Caller,
    new: &wire::NewApproval,
) -> Result<Seen<Request>, Problem> {
    let (principal, role, command) = new.parse(new_id(), &caller.principal)?;
    let whom = principal.clone();
    let made = app
        .engine
        .create_request(caller, principal, role, &command, Evaluation::Perform);
    let made = made.await;
    made.map_err(|error| Problem::from(error).about(&whom, role))
}

/// One approval.
#[utoipa::path(get, path = "/privilegedApproval/{id}", tag = "privilegedApproval", params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Approval, description = "The approval."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_approval(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<RequestId>,
) -> Result<Shaped<wire::Approval>, Problem> {
    let shape = selection.shape(&APPROVAL)?;
    let seen = app.engine.get_approval(&caller, id).await?;
    let context = called.entity(&shape.context(SET));
    let ids = [seen.value.role].into_iter();
    let along = expand::approvals(&app, &caller, &shape, ids).await?;
    let shown = along.shown(&seen.value, seen.now, context);
    Ok(Shaped::new(shown.ok_or(Denied::NotFound)?, shape))
}

/// Decides about a request.
#[utoipa::path(patch, path = "/privilegedApproval/{id}", tag = "privilegedApproval", params(("id" = String, Path)),
    request_body = wire::ApprovalUpdate,
    responses((status = 204, description = "Decided."), Refused, NotFound, BodyRefused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn update_approval(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<RequestId>,
    Body(update): Body<wire::ApprovalUpdate>,
) -> Result<StatusCode, Problem> {
    let seen = app.engine.approval_to_decide(&caller, id).await?;
    let stored = wire::Approval::new(&seen.value, seen.now, None).ok_or(Denied::NotFound)?;
    let (verdict, reason) = update.parse(&stored)?;
    app.engine
        .update_approval(&caller, id, verdict, reason.as_ref())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The request that waits for an approval.
#[utoipa::path(get, path = "/privilegedApproval/{id}/request", tag = "privilegedApproval", params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Request, description = "The request."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_approval_request(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<RequestId>,
) -> Result<Shaped<wire::Request>, Problem> {
    let shape = selection.shape(&REQUEST)?;
    let seen = app.engine.get_approval(&caller, id).await?;
    entity(&app, &caller, &called, shape, &seen).await
}

/// The role of the request that waits for an approval: what the approval is about, under the request's name.
#[utoipa::path(get, path = "/privilegedApproval/{id}/request/roleInfo", tag = "privilegedApproval", params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Role, description = "The role."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_approval_request_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<RequestId>,
) -> Result<Shaped<wire::Role>, Problem> {
    let role = app.engine.get_approval_role(&caller, id).await?;
    let place = format!("privilegedRoleAssignmentRequests('{id}')/roleInfo");
    expand::role(&app, &caller, &called, [&place; 2], &selection, &role).await
}

/// The role that an approval is about.
#[utoipa::path(get, path = "/privilegedApproval/{id}/roleInfo", tag = "privilegedApproval", params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Role, description = "The role."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_approval_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<RequestId>,
) -> Result<Shaped<wire::Role>, Problem> {
    let role = app.engine.get_approval_role(&caller, id).await?;
    let place = format!("{SET}('{id}')/roleInfo");
    expand::role(&app, &caller, &called, [&place; 2], &selection, &role).await
}
