//! What operators ask.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::documented::{Fault, Unavailable};
use crate::problem::Problem;
use crate::wire::{Check, Liveness, Readiness, Version};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_livez))
        .routes(routes!(get_readyz))
        .routes(routes!(get_version))
}

/// Whether the process is alive.
#[utoipa::path(get, path = "/livez", tag = "operations", security(()),
    responses((status = 200, body = Liveness, description = "Alive."), Fault))]
async fn get_livez() -> Json<Liveness> {
    Json(Liveness {
        status: "alive".to_owned(),
    })
}

/// Whether the server can take work.
#[utoipa::path(get, path = "/readyz", tag = "operations", security(()),
    responses((status = 200, body = Readiness, description = "Ready."), Fault, Unavailable))]
async fn get_readyz(State(app): State<App>) -> Result<Json<Readiness>, Problem> {
    app.engine.check().await?;
    let checks = vec![Check {
        name: "store".to_owned(),
        status: "ready".to_owned(),
    }];
    Ok(Json(Readiness {
        status: "ready".to_owned(),
        checks,
    }))
}

/// Which program this is.
#[utoipa::path(get, path = "/version", tag = "operations", security(()),
    responses((status = 200, body = Version, description = "The version."), Fault))]
async fn get_version() -> Json<Version> {
    Json(Version {
        name: "pimento-server".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
