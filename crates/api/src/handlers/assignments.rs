//! Assignments.

use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use axum::{Extension, Json};
use http::{StatusCode, header};
use pimento_domain::{AssignmentId, Caller, RoleId};
use pimento_engine::{Assignment, Assignments};
use pimento_odata::path::segment;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::expand;
use super::requests::new_id;
use crate::App;
use crate::documented::{BodyRefused, NotFound, Refused, StepUp};
use crate::http::{Body, Called, Expanding, Id, Listing, OptionalBody, Querying, Selection};
use crate::problem::Problem;
use crate::query::types::ASSIGNMENT;
use crate::query::{ASSIGNMENTS, Page, Shaped, token};
use crate::wire;

const SET: &str = "privilegedRoleAssignments";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_assignments, create_assignment))
        .routes(routes!(list_my_assignments))
        .routes(routes!(get_assignment, delete_assignment))
        .routes(routes!(get_assignment_role))
        .routes(routes!(make_permanent))
        .routes(routes!(make_eligible))
        .routes(routes!(self_activate))
        .routes(routes!(self_deactivate))
}

/// A page of assignments, with what is to come with them.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    called: &Called,
    listing: &Listing,
    found: Assignments,
) -> Result<Page<wire::Assignments>, Problem> {
    let shape = listing.shape(&ASSIGNMENT)?;
    let ids = found.assignments.iter().map(|one| one.id.role);
    let roles = expand::roles(app, caller, &shape, ids).await?;
    let head = wire::Assignments {
        context: called.context(&shape.context(SET)),
        count: listing.count(found.total),
        next_link: listing.next_link(found.next.as_ref().map(token)),
        value: Vec::new(),
    };
    let assignment = move |one: Assignment| wire::Assignment {
        role_info: roles.get(one.id.role),
        ..wire::Assignment::new(&one, None)
    };
    let assignments = found.assignments.into_iter().map(assignment);
    Ok(Page::new(head, assignments, shape))
}

fn entity(called: &Called, assignment: &Assignment) -> Json<wire::Assignment> {
    Json(wire::Assignment::new(assignment, called.entity(SET)))
}

/// A page of everybody's assignments.
#[utoipa::path(get, path = "/privilegedRoleAssignments", tag = "privilegedRoleAssignments", params(Listing, Querying, Expanding),
    responses((status = 200, body = wire::Assignments, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Page<wire::Assignments>, Problem> {
    let query = ASSIGNMENTS.query(&listing)?;
    let found = app.engine.list_assignments(&caller, &query).await?;
    page(&app, &caller, &called, &listing, found).await
}

/// Gives somebody a role.
#[utoipa::path(post, path = "/privilegedRoleAssignments", tag = "privilegedRoleAssignments",
    request_body = wire::NewAssignment,
    responses((status = 201, body = wire::Assignment, description = "Given.", headers(("Location" = Url))),
        Refused, BodyRefused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn create_assignment(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Body(new): Body<wire::NewAssignment>,
) -> Result<impl IntoResponse, Problem> {
    let new = new.parse(&caller.principal)?;
    let created = app.engine.create_assignment(&caller, &new).await;
    let assignment =
        created.map_err(|error| Problem::from(error).about(&new.principal, new.role))?;
    let location = called.location(&format!("{SET}/{}", segment(&assignment.id.to_string())));
    Ok((
        StatusCode::CREATED,
        AppendHeaders([(header::LOCATION, location)]),
        entity(&called, &assignment),
    ))
}

/// A page of the caller's own assignments.
#[utoipa::path(get, path = "/privilegedRoleAssignments/my", tag = "privilegedRoleAssignments", params(Listing, Querying, Expanding),
    responses((status = 200, body = wire::Assignments, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_my_assignments(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Page<wire::Assignments>, Problem> {
    let query = ASSIGNMENTS.query(&listing)?;
    let found = app.engine.list_my_assignments(&caller, &query).await?;
    page(&app, &caller, &called, &listing, found).await
}

/// One assignment.
#[utoipa::path(get, path = "/privilegedRoleAssignments/{id}", tag = "privilegedRoleAssignments", params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Assignment, description = "The assignment."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_assignment(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<AssignmentId>,
) -> Result<Shaped<wire::Assignment>, Problem> {
    let shape = selection.shape(&ASSIGNMENT)?;
    let found = app.engine.get_assignment(&caller, &id).await?;
    let roles = expand::roles(&app, &caller, &shape, [id.role].into_iter()).await?;
    let shown = wire::Assignment {
        role_info: roles.get(id.role),
        ..wire::Assignment::new(&found, called.entity(&shape.context(SET)))
    };
    Ok(Shaped::new(shown, shape))
}

/// Takes an assignment away.
#[utoipa::path(delete, path = "/privilegedRoleAssignments/{id}", tag = "privilegedRoleAssignments", params(("id" = String, Path)),
    responses((status = 204, description = "Gone."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn delete_assignment(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id<AssignmentId>,
) -> Result<StatusCode, Problem> {
    app.engine.delete_assignment(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The role of one assignment.
#[utoipa::path(get, path = "/privilegedRoleAssignments/{id}/roleInfo", tag = "privilegedRoleAssignments",
    params(("id" = String, Path), Selection, Expanding),
    responses((status = 200, body = wire::Role, description = "The role."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_assignment_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<AssignmentId>,
) -> Result<Shaped<wire::Role>, Problem> {
    let role = app.engine.get_assignment_role(&caller, &id).await?;
    let place = format!("{SET}('{}')/roleInfo", segment(&id.to_string()));
    expand::role(&app, &caller, &called, [&place; 2], &selection, &role).await
}

/// Makes an assignment active without end.
#[utoipa::path(post, path = "/privilegedRoleAssignments/{id}/makePermanent", tag = "privilegedRoleAssignments",
    params(("id" = String, Path)), request_body = Option<wire::MakePermanentParameters>,
    responses((status = 200, body = wire::Assignment, description = "The assignment."), Refused, NotFound, BodyRefused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn make_permanent(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<AssignmentId>,
    OptionalBody(parameters): OptionalBody<wire::MakePermanentParameters>,
) -> Result<Json<wire::Assignment>, Problem> {
    Ok(entity(
        &called,
        &app.engine
            .make_permanent(&caller, &id, &parameters.parse()?)
            .await?,
    ))
}

/// Makes an assignment eligible. It takes no body, and does not read one that is sent all the same.
#[utoipa::path(post, path = "/privilegedRoleAssignments/{id}/makeEligible", tag = "privilegedRoleAssignments",
    params(("id" = String, Path)),
    responses((status = 200, body = wire::Assignment, description = "The assignment."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn make_eligible(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<AssignmentId>,
) -> Result<Json<wire::Assignment>, Problem> {
    Ok(entity(
        &called,
        &app.engine.make_eligible(&caller, &id).await?,
    ))
}

/// Activates the caller's eligibility.
#[utoipa::path(post, path = "/privilegedRoles/{id}/selfActivate", tag = "privilegedRoles",
    params(("id" = String, Path)), request_body = Option<wire::SelfActivateParameters>,
    responses((status = 200, body = wire::Assignment, description = "The assignment."), Refused, StepUp, NotFound, BodyRefused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn self_activate(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
    OptionalBody(parameters): OptionalBody<wire::SelfActivateParameters>,
) -> Result<Json<wire::Assignment>, Problem> {
    Ok(entity(
        &called,
        &app.engine
            .self_activate(&caller, id, &parameters.parse(new_id())?)
            .await?,
    ))
}

/// Ends the caller's activation.
#[utoipa::path(post, path = "/privilegedRoles/{id}/selfDeactivate", tag = "privilegedRoles", params(("id" = String, Path)),
    responses((status = 200, body = wire::Assignment, description = "The assignment."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn self_deactivate(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    Id(id): Id<RoleId>,
) -> Result<Json<wire::Assignment>, Problem> {
    Ok(entity(
        &called,
        &app.engine.self_deactivate(&caller, id).await?,
    ))
}
