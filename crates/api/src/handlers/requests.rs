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
use crate::query::{Page, REQUESTS, Shape, Shaped, token};
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

fn head(called: &Called, listing: &Listing, shape: &Shape, found: &Requests) -> wire::Requests {
    wire::Requests {
        context: called.context(&shape.context(SET)),
        count: listing.count(found.total),
        next_link: listing.next_link(found.next.as_ref().map(token)),
        value: Vec::new(),
    }
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
) -> Result<Page<wire::Requests>, Problem> {
    let (query, shape) = (REQUESTS.query(&listing)?, listing.shape(&REQUEST)?);
    let found = app.engine.list_requests(&caller, &query).await?;
    let ids = found.requests.iter().map(|one| one.role);
    let roles = expand::roles(&app, &caller, &shape, ids).await?;
    let head = head(&called, &listing, &shape, &found);
    let request = move |one: Request| wire::Request {
        role_info: roles.get(one.role),
        ..wire::Request::new(&one, found.now, None)
    };
    let requests = found.requests.into_iter().map(request);
    Ok(Page::new(head, requests, shape))
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
) -> Result<Page<wire::Requests>, Problem> {
    // The protocol's own example has the count, though nobody asked for it.
    let listing = listing.counted();
    let (query, shape) = (REQUESTS.query(&listing)?, listing.shape(&REQUEST)?);
    let found = app.engine.list_my_requests(&caller, &query).await?;
    // And the role, where nothing says otherwise.
    let is_unasked = shape.expand.is_empty() && shape.selects("roleInfo");
    let ids = found.requests.iter().map(|one| one.role);
    let roles = if is_unasked {
        expand::roles_of(&app, &caller, &Shape::default(), ids).await?
    } else {
        expand::roles(&app, &caller, &shape, ids).await?
    };
    let head = head(&called, &listing, &shape, &found);
    let request = move |one: Request| {
        let role_info = roles.get(one.role);
        let place = || called.entity(&format!("{SET}('{}')/roleInfo", one.id));
        wire::Request {
            role_context: role_info
                .as_ref()
                .filter(|_| is_unasked)
                .and_then(|_| place()),
            role_info,
            ..wire::Request::new(&one, found.now, None)
        }
    };
    let requests = found.requests.into_iter().map(request);
    Ok(Page::new(head, requests, shape))
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
) -> Result<Page<wire::Requests>, Problem> {
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
    let asked = &seen.value;
    let roles = expand::roles(app, caller, &shape, [asked.role].into_iter()).await?;
    let shown = wire::Request {
        role_info: roles.get(asked.role),
        ..wire::Request::new(asked, seen.now, context)
    };
    Ok(Shaped::new(shown, shape))
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
