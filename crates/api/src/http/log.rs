//! The request log: one line for each answer, with what is known to hold no secret.

use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use http::Method;
use pimento_domain::{PrincipalId, TenantId};

use super::RequestIds;
use crate::problem::Problem;

/// How much of a path a log line has, in bytes; a path that was read is plain ASCII.
const MAX_LOGGED_PATH: usize = 256;
/// The longest segment of a path that a log line has, in bytes: the longest id, of an assignment.
const MAX_LOGGED_SEGMENT: usize = 128 + 1 + 36;

/// Whose token a request came with, as an extension of its answer.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) tenant: TenantId,
    pub(crate) principal: PrincipalId,
}

/// That a request asked for a verdict alone (`evaluateOnly`), as an extension of its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evaluated;

/// The line of one request, while it is not answered.
pub(super) struct RequestLog {
    start: Instant,
    method: Method,
    path: String,
}

impl RequestLog {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            start: Instant::now(),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
        }
    }

    /// Logs an answer, as it is before the envelope.
    pub(super) fn answered(self, response: &Response, ids: &RequestIds) {
        let extensions = response.extensions();
        let who = extensions.get::<SignedIn>();
        tracing::info!(
            method = known(&self.method),
            path = loggable(&self.path),
            status = response.status().as_u16(),
            code = extensions.get::<Problem>().map(|Problem(refusal)| refusal.code),
            micros = self.start.elapsed().as_micros(),
            tenant = who.map(|who| display(&who.tenant)),
            principal = who.map(|who| display(&who.principal)),
            evaluate_only = extensions.get::<Evaluated>().map(|_| true),
            request_id = %ids.request,
            "answered"
        );
    }
}

/// A method as the log may have it: anybody can make up another.
fn known(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS
        | Method::TRACE
        | Method::CONNECT => method.as_str(),
        _ => "...",
    }
}

/// A path as the log may have it: a segment that no id can be, or that holds how every JWT begins, is somebody's token
/// that has got into the wrong place.
fn loggable(path: &str) -> String {
    let shown = |segment| match segment {
        long if MAX_LOGGED_SEGMENT < str::len(long) => "...",
        token if token.contains("eyJ") => "...",
        id => id,
    };
    let mut path = path.split('/').map(shown).collect::<Vec<_>>().join("/");
    path.truncate(MAX_LOGGED_PATH);
    path
}
