//! Requests.

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Extension, Json};
use http::{StatusCode, header};
use pimento_domain::{Caller, Request, RequestId, Uuid};
use pimento_engine::{Evaluation, Requests, Seen};
use pimento_odata::path::segment;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::expand;
use crate::App;
use crate::documented::{BodyRefused, NotFound, Refused, StepUp};
use crate::http::{Body, Called, Evaluated, Expanding, Id, Listing, Querying, Selection};
use crate::problem::Problem;
use crate::query::types::REQUEST;
use crate::query::{REQUESTS, Shape, Shaped, token};
use crate::wire;

const SET: &str = "privilegedRoleAssignmentRequests";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_requests, create_request))
        .routes(routes!(list_my_requests, list_my_requests_by_post))
        .routes(routes!(get_request))
        .routes(routes!(cancel_request))
        .routes(routes!(get_request_role))
}

/// Ids grow with time, so that lists have the order in which things were asked for.
pub(super) fn new_id() -> RequestId {
    RequestId::new(Uuid::now_v7())
}

fn page(called: &Called, listing: &Listing, shape: &Shape, found: &Requests) -> wire::Requests {
    let request = |request| wire::Request::new(request, found.now, None);
    wire::Requests {
        context: called.context(&shape.context(SET)),
        count: listing.count(found.total),
        next_link: listing.next_link(found.next.as_ref().map(token)),
        value: found.requests.iter().map(request).collect(),
    }
}

/// Puts the roles of requests into them, if the shape expands them.
async fn expand_roles(
    app: &App,
    caller: &Caller,
    shape: &Shape,
    shown: &mut [wire::Request],
) -> Result<(), Problem> {
    let places = shown.iter_mut();
    let places = places.map(|one| (&one.role_id[..], &mut one.role_info));
    expand::roles(app, caller, shape, places).await
}

/// A page of the requests that the caller may see.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests", tag = "privilegedRoleAssignmentRequests", params(Listing, Querying, Expanding),
    responses((status = 200, body = wire::Requests, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.Read.All"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_requests(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Shaped<wire::Requests>, Problem> {
    let (query, shape) = (REQUESTS.query(&listing)?, listing.shape(&REQUEST)?);
    let found = app.engine.list_requests(&caller, &query).await?;
    let mut page = page(&called, &listing, &shape, &found);
    expand_roles(&app, &caller, &shape, &mut page.value).await?;
    Ok(Shaped::list(page, shape))
}

/// A page of the caller's own requests, each with its role unless something else was asked for.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/my", tag = "privilegedRoleAssignmentRequests", params(Listing, Querying, Expanding),
    responses((status = 200, body = wire::Requests, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.Read.All"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_my_requests(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Shaped<wire::Requests>, Problem> {
    // The protocol's own example has the count, though nobody asked for it.
    let listing = listing.counted();
    let (query, shape) = (REQUESTS.query(&listing)?, listing.shape(&REQUEST)?);
    let found = app.engine.list_my_requests(&caller, &query).await?;
    let mut page = page(&called, &listing, &shape, &found);
    expand_roles(&app, &caller, &shape, &mut page.value).await?;
    // And the role, where nothing says otherwise.
    if shape.expand.is_empty() && shape.selects("roleInfo") {
        let ids = found.requests.iter().map(|request| request.role);
        let roles = app.engine.named_roles(&caller, ids).await?;
        for (shown, request) in page.value.iter_mut().zip(&found.requests) {
            if let Some(role) = roles.get(request.role) {
                shown.role_context = called.entity(&format!("{SET}('{}')/roleInfo", request.id));
                shown.role_info = Some(Box::new(wire::Role::new(role, None)));
            }
        }
    }
    Ok(Shaped::list(page, shape))
}

/// The same as GET. It takes no body, and does not read one that is sent all the same.
#[utoipa::path(post, path = "/privilegedRoleAssignmentRequests/my", tag = "privilegedRoleAssignmentRequests", params(Listing, Querying, Expanding),
    responses((status = 200, body = wire::Requests, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.Read.All"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_my_requests_by_post(
    app: State<App>,
    caller: Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Shaped<wire::Requests>, Problem> {
    list_my_requests(app, caller, called, listing).await
}

/// Asks for a grant.
#[utoipa::path(post, path = "/privilegedRoleAssignmentRequests", tag = "privilegedRoleAssignmentRequests",
    request_body = wire::NewRequest,
    responses((status = 200, body = wire::Request, description = "Judged."),
        (status = 201, body = wire::Request, description = "Asked for.", headers(("Location" = Url))),
        Refused, StepUp, BodyRefused),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn create_request(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Body(new): Body<wire::NewRequest>,
) -> Result<Response, Problem> {
    let new = new.parse(new_id(), &caller.principal)?;
    let (principal, role) = (new.principal.clone(), new.role);
    let made = app
        .engine
        .create_request(&caller, principal, role, &new.command, new.evaluation)
        .await
        .map_err(|error| Problem::from(error).about(&new.principal, role))
        .map(|made| wire::Request::new(&made.value, made.now, called.entity(SET)));
    if new.evaluation == Evaluation::Evaluate {
        let verdict = made.map(|shown| {
            Json(wire::Request {
                evaluate_only: Some(true),
                ..shown
            })
        });
        return Ok((Extension(Evaluated), verdict).into_response());
    }
    let shown = made?;
    let location = called.location(&format!("{SET}/{}", segment(&shown.id)));
    let headers = AppendHeaders([(header::LOCATION, location)]);
    Ok((StatusCode::CREATED, headers, Json(shown)).into_response())
}

/// One request.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/{id}", tag = "privilegedRoleAssignmentRequests",
    params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Request, description = "The request."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.Read.All"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_request(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<RequestId>,
) -> Result<Shaped<wire::Request>, Problem> {
    let shape = selection.shape(&REQUEST)?;
    let seen = app.engine.get_request(&caller, id).await?;
    entity(&app, &caller, &called, shape, &seen).await
}

/// A request at the top of an answer, with what is to come with it.
pub(super) async fn entity(
    app: &App,
    caller: &Caller,
    called: &Called,
    shape: Shape,
    seen: &Seen<Request>,
) -> Result<Shaped<wire::Request>, Problem> {
    let context = called.entity(&shape.context(SET));
    let mut shown = wire::Request::new(&seen.value, seen.now, context);
    expand_roles(app, caller, &shape, std::slice::from_mut(&mut shown)).await?;
    Ok(Shaped::entity(shown, shape))
}

/// Takes a request back. It takes no body, and does not read one that is sent all the same.
#[utoipa::path(post, path = "/privilegedRoleAssignmentRequests/{id}/cancel", tag = "privilegedRoleAssignmentRequests",
    params(("id" = String, Path)),
    responses((status = 200, body = wire::Request, description = "Taken back."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn cancel_request(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RequestId>,
) -> Result<Json<wire::Request>, Problem> {
    let seen = app.engine.cancel_request(&caller, id).await?;
    Ok(Json(wire::Request::cancelling(&seen, called.entity(SET))))
}

/// The role of one request.
#[utoipa::path(get, path = "/privilegedRoleAssignmentRequests/{id}/roleInfo", tag = "privilegedRoleAssignmentRequests",
    params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Role, description = "The role."), Refused, NotFound),
    security(("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]), ("token" = [], "delegated" = ["Directory.Read.All"]), ("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_request_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<RequestId>,
) -> Result<Shaped<wire::Role>, Problem> {
    let role = app.engine.get_request_role(&caller, id).await?;
    let place = format!("{SET}('{id}')/roleInfo");
    expand::role(&app, &caller, &called, [&place; 2], &selection, &role).await
}
