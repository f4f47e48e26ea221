//! Bodies: JSON, bounded, with errors that name the member at fault.

mod mismatch;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::problem::{Problem, code};

/// The largest body that is taken, in bytes.
pub(crate) const MAX_BODY_BYTES: usize = 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A JSON body that must be there.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

/// A JSON body that may be absent in each of the ways that clients leave it out.
#[derive(Debug)]
pub(crate) struct OptionalBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let bytes = read(request, state).await?;
        if bytes.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            let message = "The body is missing; send a JSON object.";
            return Err(Problem::bad_request(code::BAD_REQUEST, message));
        }
        is_json(&headers)?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let bytes = read(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        is_json(&headers)?;
        parse(&bytes).map(Self)
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                let message = format!("The body may have {MAX_BODY_BYTES} bytes at the most.");
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, code::BAD_REQUEST, message)
            }
            _ => Problem::bad_request(code::BAD_REQUEST, "The body broke off before its end."),
        })
}

fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &http::HeaderValue| value.to_str().unwrap_or("unreadable"))
    };
    let unsupported = |name: header::HeaderName, message: String| {
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            code::BAD_REQUEST,
            message,
        )
        .at(name.as_str())
    };
    let sent = text(header::CONTENT_TYPE).unwrap_or("none");
    let essence = sent.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let message =
            format!("The body must be sent as Content-Type application/json; {sent:.64} was sent.");
        return Err(unsupported(header::CONTENT_TYPE, message));
    }
    match text(header::CONTENT_ENCODING) {
        None => Ok(()),
        Some(coding) if coding.eq_ignore_ascii_case("identity") => Ok(()),
        Some(coding) => {
            let message =
                format!("The body must be sent without Content-Encoding; {coding:.64} was sent.");
            Err(unsupported(header::CONTENT_ENCODING, message))
        }
    }
}

/// Tells what is not a JSON object from what is one of another shape; the latter names the member.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // A byte order mark is what Windows tools write first; RFC 8259 lets a reader skip it.
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    // The parser does not look at the text of members that nobody asks for.
    if let Err(error) = std::str::from_utf8(bytes) {
        let message = format!(
            "The body is not JSON, because it is not UTF-8 from byte {} on.",
            error.valid_up_to()
        );
        return Err(Problem::bad_request(code::BAD_REQUEST, message));
    }
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::bad_request(
            code::BAD_REQUEST,
            "The body must be a JSON object.",
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() {
            mismatch::refused(&path, &error)
        } else {
            not_json(&error)
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(parsed)
}

fn not_json(error: &serde_json::Error) -> Problem {
    // The library's word for the names that JSON itself has.
    let said = error.to_string();
    let said = said.replace("expected ident", "expected true, false or null");
    Problem::bad_request(code::BAD_REQUEST, format!("The body is not JSON: {said}."))
}
