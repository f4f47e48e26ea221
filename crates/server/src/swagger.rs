//! The Swagger UI: the hand-written documents, offline, and in dev mode signed in already.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use utoipa_swagger_ui::Config;

/// What the page may load: itself, and nothing from anywhere else.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// The page, which loads the vendored files and ours.
const PAGE: &str = include_str!("swagger/index.html");
/// What is laid over the vendored style.
const STYLE: &str = include_str!("swagger/page.css");

/// Which documents there are to show, and whether somebody can be signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The real server.
    Serve,
    /// Dev mode: its own document as well, and a token from its own issuer.
    Dev,
}

/// The pages under `/swagger-ui/`.
pub(crate) fn pages(mode: Mode) -> Router {
    let start = match mode {
        Mode::Serve => concat!(
            include_str!("swagger/page.js"),
            include_str!("swagger/serve.js")
        ),
        Mode::Dev => concat!(
            include_str!("swagger/page.js"),
            include_str!("swagger/dev.js")
        ),
    };
    Router::new()
        .route(
            "/swagger-ui",
            get(|| async { Redirect::permanent("/swagger-ui/") }),
        )
        .route(
            "/swagger-ui/",
            get(|| async { answer("text/html; charset=utf-8", PAGE) }),
        )
        .route(
            "/swagger-ui/page.css",
            get(|| async { answer("text/css", STYLE) }),
        )
        .route(
            "/swagger-ui/swagger-initializer.js",
            get(move || async move { answer("text/javascript", start) }),
        )
        .route(
            "/swagger-ui/{*file}",
            get(|path: Result<Path<String>, PathRejection>| async move {
                // What is no text names no file either.
                path.map_or_else(
                    |_| StatusCode::NOT_FOUND.into_response(),
                    |Path(path)| file(&path),
                )
            }),
        )
}

/// A file of the vendored page.
fn file(path: &str) -> Response {
    match utoipa_swagger_ui::serve(path, Arc::new(Config::default())) {
        Ok(Some(file)) => answer(&file.content_type, file.bytes.into_owned()),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, path, "a file of the Swagger UI cannot be served");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn answer(content_type: &str, bytes: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, bytes).into_response()
}
