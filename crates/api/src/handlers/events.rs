//! The log over HTTP.

use axum::Extension;
use axum::extract::State;
use pimento_domain::{Caller, Denied};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::documented::{NotFound, Refused};
use crate::http::{Called, Id, Listing, Querying, Selection};
use crate::problem::Problem;
use crate::query::types::EVENT;
use crate::query::{EVENTS, Page, Shaped, token};
use crate::wire;
use crate::wire::EventId;

const SET: &str = "privilegedOperationEvents";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_events))
        .routes(routes!(get_event))
}

/// A page of the tenant's events.
#[utoipa::path(get, path = "/privilegedOperationEvents", tag = "privilegedOperationEvents", params(Listing, Querying),
    responses((status = 200, body = wire::Events, description = "A page."), Refused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn list_events(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    listing: Listing,
) -> Result<Page<wire::Events>, Problem> {
    let (query, shape) = (EVENTS.query(&listing)?, listing.shape(&EVENT)?);
    let found = app.engine.list_events(&caller, &query).await?;
    let ids = found.events.iter().filter_map(|told| told.event.role);
    let roles = app.engine.named_roles(&caller, ids).await?;
    let head = wire::Events {
        context: called.context(&shape.context(SET)),
        count: listing.count(found.total),
        next_link: listing.next_link(found.next.as_ref().map(token)),
        value: Vec::new(),
    };
    let event = move |event| wire::Event::new(&event, &caller.tenant, &roles, None);
    let events = found.events.into_iter().map(event);
    Ok(Page::new(head, events, shape))
}

/// One event.
#[utoipa::path(get, path = "/privilegedOperationEvents/{id}", tag = "privilegedOperationEvents",
    params(("id" = String, Path), Selection),
    responses((status = 200, body = wire::Event, description = "The event."), Refused, NotFound),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"])))]
async fn get_event(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    called: Called,
    selection: Selection,
    Id(id): Id<EventId>,
) -> Result<Shaped<wire::Event>, Problem> {
    let shape = selection.shape(&EVENT)?;
    let event = app.engine.get_event(&caller, id.sequence).await?;
    if !id.names(&event) {
        return Err(Denied::NotFound.into());
    }
    let roles = app.engine.named_roles(&caller, event.event.role).await?;
    let context = called.entity(&shape.context(SET));
    let shown = wire::Event::new(&event, &caller.tenant, &roles, context);
    Ok(Shaped::new(shown, shape))
}
