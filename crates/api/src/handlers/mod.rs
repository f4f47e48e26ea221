//! The handlers, thin: extractors, one engine call, one conversion. A handler has the name of its operation.

mod admin;
mod approvals;
mod assignments;
mod batch;
mod counts;
mod dev;
mod events;
mod expand;
mod metadata;
mod requests;
mod role_info;
mod roles;
mod settings;
mod signup;

use utoipa::openapi::{Info, OpenApi, Paths};
use utoipa_axum::router::OpenApiRouter;

use crate::App;
use crate::batch::Reentry;
use crate::documented::complete;
use crate::emulator::Emulator;
use crate::operation::Family;

/// The wire family, without its root and without batches of it.
pub(crate) fn graph_beta() -> OpenApiRouter<App> {
    empty()
        .merge(metadata::routes())
        .merge(roles::routes())
        .merge(settings::routes())
        .merge(assignments::routes())
        .merge(requests::routes())
        .merge(approvals::routes())
        .merge(role_info::routes())
        .merge(events::routes())
        .merge(signup::routes())
        .merge(counts::routes())
}

/// Batches of the wire family, without its root.
pub(crate) fn batches() -> OpenApiRouter<Reentry> {
    OpenApiRouter::with_openapi(nothing()).merge(batch::routes())
}

/// What operators ask.
pub(crate) fn admin() -> OpenApiRouter<App> {
    empty().merge(admin::routes())
}

/// The emulator's own endpoints.
pub(crate) fn dev() -> OpenApiRouter<Emulator> {
    OpenApiRouter::with_openapi(nothing()).merge(dev::routes())
}

/// The document that the handlers of a family amount to, as utoipa sees it.
pub fn derived_document(family: Family) -> OpenApi {
    let document = match family {
        Family::GraphBeta => graph_beta()
            .into_openapi()
            .merge_from(batches().into_openapi()),
        Family::Admin => admin().into_openapi(),
        Family::Dev => dev().into_openapi(),
    };
    complete(family, document)
}

fn empty() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(nothing())
}

fn nothing() -> OpenApi {
    OpenApi::new(
        Info::new("Pimento", env!("CARGO_PKG_VERSION")),
        Paths::new(),
    )
}
