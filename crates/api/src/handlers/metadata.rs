//! What there is, for programs that find out by themselves. Everything here was made from the document.

use axum::Json;
use axum::response::IntoResponse;
use http::header;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::documented::{BadRequest, Fault};
use crate::generated;
use crate::http::Called;
use crate::wire::{ServiceDocument, ServiceElement};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_service_document))
        .routes(routes!(get_metadata))
}

/// The entity sets.
#[utoipa::path(get, path = "/", tag = "metadata",
    responses((status = 200, body = ServiceDocument, description = "The entity sets."), BadRequest, Fault),
    security(()))]
async fn get_service_document(called: Called) -> Json<ServiceDocument> {
    let sets = generated::service::ENTITY_SETS.iter();
    Json(ServiceDocument {
        context: called.metadata(),
        value: sets.map(|set| ServiceElement::entity_set(set)).collect(),
    })
}

/// The entity model.
#[utoipa::path(get, path = "/$metadata", tag = "metadata",
    responses((status = 200, body = String, content_type = "application/xml", description = "The model."), BadRequest, Fault),
    security(()))]
async fn get_metadata() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/xml")],
        generated::METADATA,
    )
}
