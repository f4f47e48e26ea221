//! The router: every family under its root, the documents, and the edge around all of it.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use http::header;
use pimento_odata::path::Vocabulary;
use tower_http::catch_panic::CatchPanicLayer;

use crate::access::access;
use crate::batch::Reentry;
use crate::generated::operations::OPERATIONS;
use crate::http::{
    Edge, FAMILY_ROOT, Hosts, MAX_BODY_BYTES, Origin, edge, fault_of_panic, forget_unread,
};
use crate::operation::Family;
use crate::{App, Emulator, generated, handlers};

/// What a server shows besides the families.
#[derive(Debug)]
pub struct Face {
    /// Where it is.
    pub origin: Origin,
    /// Which names it answers to.
    pub hosts: Hosts,
    /// Pages of its own, such as the Swagger UI.
    pub pages: Router,
}

/// The whole HTTP face. The emulator's endpoints and document are there only where an emulator is given.
pub fn router(app: App, emulator: Option<Emulator>, face: Face) -> Router {
    let families: &[Family] = match emulator {
        None => &[Family::GraphBeta, Family::Admin],
        Some(_) => &[Family::GraphBeta, Family::Admin, Family::Dev],
    };
    let known = OPERATIONS
        .iter()
        .filter(|operation| families.contains(&operation.family));
    let edge = Edge {
        vocabulary: Arc::new(Vocabulary::new(known.map(|operation| operation.path))),
        origin: Arc::new(face.origin),
        hosts: face.hosts,
    };
    let (graph, _) = handlers::graph_beta()
        .route_layer(from_fn_with_state(app.clone(), access))
        .split_for_parts();
    let graph = Router::new()
        .nest(FAMILY_ROOT, graph)
        .with_state(app.clone());
    let batches = batches(&app, around(graph.clone(), edge.clone()), edge.clone());
    let (admin, _) = handlers::admin().split_for_parts();
    let mut routes = graph.merge(batches).merge(admin.with_state(app));
    if let Some(emulator) = emulator {
        let (dev, _) = handlers::dev().split_for_parts();
        routes = routes
            .merge(dev.with_state(emulator))
            .route("/openapi/dev.json", document(generated::DEV));
    }
    let routes = routes
        .route("/openapi/graph-beta.json", document(generated::GRAPH_BETA))
        .route("/openapi/admin.json", document(generated::ADMIN))
        .merge(face.pages);
    around(routes, edge).layer(from_fn(forget_unread))
}

/// What lies around all routes.
fn around(routes: Router, state: Edge) -> Router {
    let routes = routes
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(fault_of_panic));
    // The edge folds paths, which must happen before anything is routed: so it lies around a router of its own.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn_with_state(state, edge))
}

/// Batches, whose parts come to this family. A batch itself counts for nobody's limit: each of its parts does.
fn batches(app: &App, family: Router, edge: Edge) -> Router {
    let uncounted = App {
        throttle: None,
        ..app.clone()
    };
    let (batches, _) = handlers::batches()
        .route_layer(from_fn_with_state(uncounted, access))
        .split_for_parts();
    Router::new()
        .nest(FAMILY_ROOT, batches)
        .with_state(Reentry { family, edge })
}

fn document(json: &'static str) -> axum::routing::MethodRouter {
    get(move || async move { ([(header::CONTENT_TYPE, "application/json")], json) })
}
