//! A part of a batch, as the request that it is.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::Request;
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use pimento_odata::path::tidy;
use serde_json::value::RawValue;

use super::plan::at;
use super::shown;
use crate::http::{CLIENT_REQUEST_ID, Edge, FAMILY_ROOT};
use crate::problem::Problem;
use crate::wire::BatchPart;

/// Clients write either alphabet, padded or not.
const BASE64: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// What a part has from the batch itself where it brings none of its own.
const INHERITED: [HeaderName; 2] = [header::AUTHORIZATION, CLIENT_REQUEST_ID];

/// A part that can be carried out.
pub(super) struct Part {
    pub(super) id: String,
    pub(super) request: Request,
    /// The indices of those that must have succeeded.
    pub(super) after: Vec<usize>,
}

/// What a part is in.
pub(super) struct Around<'a> {
    pub(super) edge: &'a Edge,
    /// The headers of the batch itself.
    pub(super) headers: &'a HeaderMap,
    /// Where each id is, by its lower case form.
    pub(super) indices: &'a BTreeMap<String, usize>,
}

/// A part while it is read, so that what is wrong names it.
struct Reading<'a> {
    index: usize,
    id: &'a str,
    around: &'a Around<'a>,
}

impl Part {
    pub(super) fn of(index: usize, part: BatchPart, around: &Around<'_>) -> Result<Self, Problem> {
        let id = part.id.unwrap_or_default();
        let reading = Reading {
            index,
            id: &id,
            around,
        };
        let mut request = Request::new(Body::empty());
        *request.method_mut() = reading.method(part.method.as_deref())?;
        *request.uri_mut() = reading.uri(part.url.as_deref())?;
        *request.headers_mut() = reading.headers(part.headers.unwrap_or_default())?;
        let body = reading.body(part.body.as_deref())?;
        if !body.is_empty() && !request.headers().contains_key(header::CONTENT_TYPE) {
            let message = "it has a body, but no Content-Type in its headers; for JSON that is application/json.";
            return Err(reading.refuse("headers", message));
        }
        *request.body_mut() = Body::from(body);
        let after = reading.after(&part.depends_on.unwrap_or_default())?;
        Ok(Self { id, request, after })
    }
}

impl Reading<'_> {
    fn refuse(&self, member: &str, message: impl std::fmt::Display) -> Problem {
        let Self { index, id, .. } = self;
        let message = format!("requests[{index}], {}: {message}", shown(id));
        at(*index, member, message)
    }

    /// Written in any letter case.
    fn method(&self, sent: Option<&str>) -> Result<Method, Problem> {
        let sent = sent.unwrap_or_default();
        if sent.is_empty() {
            return Err(self.refuse("method", "method is missing; send one such as GET."));
        }
        Method::from_bytes(sent.to_ascii_uppercase().as_bytes()).map_err(|_| {
            let message = format!(
                "method is {}, which is no HTTP method; send one such as GET.",
                shown(sent)
            );
            self.refuse("method", message)
        })
    }

    fn uri(&self, sent: Option<&str>) -> Result<Uri, Problem> {
        let sent = sent.unwrap_or_default();
        let relative = match sent.split_once("://") {
            _ if sent.is_empty() => {
                let message = "url is missing; send one such as /privilegedRoles.";
                return Err(self.refuse("url", message));
            }
            Some((scheme, _)) if is_scheme(scheme) => self.within(sent)?,
            // That names a host too.
            _ if sent.starts_with("//") => self.within(sent)?,
            _ => format!(
                "{FAMILY_ROOT}/{}",
                tidy(sent.strip_prefix('/').unwrap_or(sent))
            ),
        };
        let uri = relative.parse::<PathAndQuery>().map(Uri::from);
        let uri =
            uri.map_err(|error| self.refuse("url", format!("url cannot be one: {error}.")))?;
        if self.around.edge.is_batch(uri.path()) {
            let message = "a batch cannot be a part of a batch; send its requests by themselves.";
            return Err(self.refuse("url", message));
        }
        Ok(uri)
    }

    /// The path and query of an absolute URL of this server.
    fn within(&self, sent: &str) -> Result<String, Problem> {
        let edge = self.around.edge;
        let after_scheme = sent.find("://").map_or(0, |colon| colon + "://".len());
        let start = sent[after_scheme..].find(['/', '?', '#']);
        let (origin, rest) = sent.split_at(start.map_or(sent.len(), |start| after_scheme + start));
        let is_own = origin
            .parse::<Uri>()
            .is_ok_and(|origin| edge.origin.is_own(&origin));
        let (path, _) = rest.split_once('?').unwrap_or((rest, ""));
        if is_own && edge.is_in_family(path) {
            return Ok(tidy(rest));
        }
        let root = edge.origin.of(self.around.headers);
        let message = format!(
            "url is not of this family, whose absolute URLs begin with {root}{FAMILY_ROOT}/; \
             send it relative to that, such as /privilegedRoles."
        );
        Err(self.refuse("url", message))
    }

    /// The part's own headers and those of the batch that it goes by. `Host` is always that of the batch, which has come
    /// where it should.
    fn headers(&self, sent: BTreeMap<String, String>) -> Result<HeaderMap, Problem> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            let parsed = name.parse::<HeaderName>();
            let (Ok(name), Ok(value)) = (parsed, HeaderValue::from_str(&value)) else {
                let message = format!(
                    "the header {} has a name or a value that no HTTP header can have.",
                    shown(&name)
                );
                return Err(self.refuse("headers", message));
            };
            headers.append(name, value);
        }
        let outer = self.around.headers;
        for name in INHERITED {
            if let Some(value) = outer.get(&name)
                && !headers.contains_key(&name)
            {
                headers.insert(name, value.clone());
            }
        }
        headers.remove(header::HOST);
        headers.extend(
            outer
                .get(header::HOST)
                .map(|host| (header::HOST, host.clone())),
        );
        Ok(headers)
    }

    /// JSON is the body as it was written, a text the Base64 of one.
    fn body(&self, sent: Option<&RawValue>) -> Result<Vec<u8>, Problem> {
        let Some(json) = sent.map(RawValue::get) else {
            return Ok(Vec::new());
        };
        if !json.starts_with('"') {
            return Ok(json.as_bytes().to_owned());
        }
        let text: Option<String> = serde_json::from_str(json).ok();
        let decode = |alphabet| {
            GeneralPurpose::new(alphabet, BASE64)
                .decode(text.as_deref()?)
                .ok()
        };
        decode(&URL_SAFE).or_else(|| decode(&STANDARD)).ok_or_else(|| {
            let message = "body is a text, but not in Base64; send JSON as it is, and anything else in Base64 with the URL's alphabet.";
            self.refuse("body", message)
        })
    }

    fn after(&self, sent: &[String]) -> Result<Vec<usize>, Problem> {
        let find = |id: &String| {
            let index = self.around.indices.get(&id.to_lowercase());
            index.copied().ok_or_else(|| {
                let message = format!(
                    "it depends on {}, but no request of the batch has this id.",
                    shown(id)
                );
                self.refuse("dependsOn", message)
            })
        };
        sent.iter().map(find).collect()
    }
}

/// RFC 3986: what is no scheme before `://` is a relative URL all the same.
fn is_scheme(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_part)
}
