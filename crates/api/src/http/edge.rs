//! The outermost layer: ids in, canonical path, limits; ids, protocol version and the error envelope out.

use std::any::Any;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Json, Response};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use pimento_odata::path::{self, Vocabulary};
use pimento_odata::query::repeated_length;
use tracing::Instrument as _;

use super::{Applied, Called, Hosts, Origin, RequestIds, RequestLog};
use crate::problem::{Problem, code};
use crate::wire::{InnerError, MainError, ODataError};

/// The longest URL that is taken, in bytes, without what a link to a further page adds to it: a link can always be followed.
const MAX_URL_BYTES: usize = 16 * 1024;
/// Where the wire family is, which alone speaks OData.
pub(crate) const FAMILY_ROOT: &str = "/beta";
/// The one spelling of the path that batches are sent to.
const BATCH: &str = "/beta/$batch";
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");

const NO_SUCH_PATH: &str = "Nothing has this path in this release. /swagger-ui/ shows what there is, \
                            /openapi/graph-beta.json describes it.";

/// What the edge needs to know.
#[derive(Clone)]
pub(crate) struct Edge {
    pub(crate) vocabulary: Arc<Vocabulary>,
    pub(crate) origin: Arc<Origin>,
    pub(crate) hosts: Hosts,
}

/// Every request goes through here first, and every answer last.
pub(crate) async fn edge(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let log = RequestLog::of(&request);
    let ids = RequestIds::of(request.headers());
    let response = match edge.admit(&request) {
        Err(problem) => problem.into_response(),
        Ok(()) => {
            let called = Called::new(&edge.origin, request.headers(), request.uri());
            edge.fold(request.uri_mut());
            request.extensions_mut().insert(called);
            request.extensions_mut().insert(ids.clone());
            let applied = Applied::default();
            request.extensions_mut().insert(applied.clone());
            let speaks_odata = is_within(request.uri().path(), FAMILY_ROOT);
            let span = tracing::info_span!("request", id = %ids.request);
            let mut response = if path::can_be_routed(request.uri().path()) {
                next.run(request).instrument(span).await
            } else {
                StatusCode::NOT_FOUND.into_response()
            };
            if speaks_odata {
                speak_odata(&mut response);
            }
            applied.write(&mut response);
            response
        }
    };
    leave(response, log, &ids)
}

/// Refuses a URL, as its path and query, that is too long.
pub(crate) fn fits(url: &str) -> Result<(), Problem> {
    let length = repeated_length(url);
    if length <= MAX_URL_BYTES {
        return Ok(());
    }
    let message = format!(
        "The URL has {length} bytes; {MAX_URL_BYTES} are taken. What no URL may hold counts as its escape, and $top, $skip \
         and $skiptoken do not count."
    );
    let status = StatusCode::URI_TOO_LONG;
    Err(Problem::new(status, code::INVALID_REQUEST, message))
}

/// What is answered to a request of the family that is refused before it gets anywhere.
pub(crate) fn refuse(request: &Request, problem: Problem) -> Response {
    let log = RequestLog::of(request);
    let ids = RequestIds::of(request.headers());
    let mut response = problem.into_response();
    speak_odata(&mut response);
    leave(response, log, &ids)
}

fn speak_odata(response: &mut Response) {
    let version = HeaderValue::from_static("4.0");
    response.headers_mut().insert(ODATA_VERSION, version);
}

/// The last of every answer: its line in the log, the envelope, the ids.
fn leave(response: Response, log: RequestLog, ids: &RequestIds) -> Response {
    log.answered(&response, ids);
    let mut response = if is_refusal(&response) {
        envelope(response, ids)
    } else {
        response
    };
    ids.write(response.headers_mut());
    response
}

impl Edge {
    /// Whether a path, in whatever spelling, is the one that batches are sent to.
    pub(crate) fn is_batch(&self, path: &str) -> bool {
        self.vocabulary.canonical(path).as_deref() == Some(BATCH)
    }

    /// Whether a path is one of the wire family.
    pub(crate) fn is_in_family(&self, path: &str) -> bool {
        is_within(path, FAMILY_ROOT)
    }

    fn admit(&self, request: &Request) -> Result<(), Problem> {
        let url = request.uri().path_and_query();
        fits(url.map_or("/", |url| url.as_str()))?;
        self.origin.admit(self.hosts, request.headers())
    }

    /// Gives a known route its one spelling, so that the router and everything behind it know only that.
    fn fold(&self, uri: &mut Uri) {
        let Some(path) = self.vocabulary.canonical(uri.path()) else {
            return;
        };
        let folded = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        if let Ok(folded) = folded.parse::<PathAndQuery>() {
            let mut parts = uri.clone().into_parts();
            parts.path_and_query = Some(folded);
            if let Ok(folded) = Uri::from_parts(parts) {
                *uri = folded;
            }
        }
    }
}

/// In any letter case, as the folding of a path that it knows nothing of leaves it as it was sent.
fn is_within(path: &str, root: &str) -> bool {
    path.split_at_checked(root.len())
        .is_some_and(|(start, rest)| {
            start.eq_ignore_ascii_case(root) && (rest.is_empty() || rest.starts_with('/'))
        })
}

fn is_refusal(response: &Response) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}

/// Every refusal leaves as the envelope: ours by its [`Problem`], the router's own by their status.
fn envelope(response: Response, ids: &RequestIds) -> Response {
    let Problem(problem) = response
        .extensions()
        .get()
        .cloned()
        .unwrap_or_else(|| by_status(&response));
    let error = ODataError {
        error: MainError {
            code: problem.code.to_owned(),
            message: problem.message,
            target: problem.target,
            details: problem.details,
            inner_error: InnerError {
                code: problem.reason.map(str::to_owned),
                date: wall_time(),
                request_id: ids.request.to_string(),
                client_request_id: ids.client_or_own(),
            },
        },
    };
    let mut wrapped = (problem.status, Json(error)).into_response();
    for (name, value) in response.headers() {
        let of_the_body = [
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::TRANSFER_ENCODING,
        ]
        .contains(name);
        if !of_the_body {
            wrapped.headers_mut().append(name, value.clone());
        }
    }
    wrapped
}

fn by_status(response: &Response) -> Problem {
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => {
            let allowed = response
                .headers()
                .get(header::ALLOW)
                .and_then(|allow| allow.to_str().ok())
                .unwrap_or("none");
            let message = format!("This path does not take that method; it takes {allowed}.");
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, code::WRONG_METHOD, message)
        }
        StatusCode::NOT_FOUND => Problem::not_found(NO_SUCH_PATH),
        status if status.is_client_error() => Problem::new(
            status,
            code::BAD_REQUEST,
            "The request cannot be understood.",
        ),
        _ => Problem::fault(),
    }
}

/// A panic of a handler: the log has what it said, the caller a fault.
pub(crate) fn fault_of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(
        panic = said.unwrap_or("without words"),
        "a handler panicked"
    );
    Problem::fault().into_response()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the envelope's date is wall time, whatever the rules' clock shows"
)]
fn wall_time() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%S")
        .to_string()
}
