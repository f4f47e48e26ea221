//! Many requests in one.

use axum::extract::State;
use http::HeaderMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::batch::{Plan, Reentry};
use crate::documented::{BodyRefused, RefusedUncounted};
use crate::http::Body;
use crate::problem::Problem;
use crate::query::{Page, Shape};
use crate::wire::{Batch, BatchAnswer};

pub(crate) fn routes() -> OpenApiRouter<Reentry> {
    OpenApiRouter::new().routes(routes!(batch))
}

/// Carries out up to twenty requests.
#[utoipa::path(post, path = "/$batch", tag = "$batch", request_body = Batch,
    responses((status = 200, body = BatchAnswer, description = "The answers."), RefusedUncounted, BodyRefused),
    security(("token" = [], "delegated" = ["Directory.AccessAsUser.All"]),
        ("token" = [], "delegated" = ["PrivilegedAccess.ReadWrite.AzureAD"]),
        ("token" = [], "delegated" = ["Directory.Read.All"])))]
async fn batch(
    State(reentry): State<Reentry>,
    headers: HeaderMap,
    Body(batch): Body<Batch>,
) -> Result<Page<BatchAnswer>, Problem> {
    let plan = Plan::of(batch, &reentry, &headers)?;
    let head = BatchAnswer {
        responses: Vec::new(),
    };
    let answers = reentry.carry_out(plan).await;
    Ok(Page::new(head, answers.into_iter(), Shape::default()))
}
