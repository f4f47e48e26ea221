//! The answers of a batch, each judged as that of a request of its own.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Exchange, always, refusal};
use super::{Contract, path};

/// The operation that carries others.
pub(super) const BATCH: &str = "batch";
/// What a part is answered that was not carried out because another failed.
const NOT_CARRIED_OUT: (u16, Option<&str>) = (424, Some("FailedDependency"));

impl Contract {
    /// Whether a path is the one that batches are sent to, so that judging an answer takes what was sent.
    pub(crate) fn is_of_batches(&self, path: &str) -> bool {
        let meant = path::meant(path, &self.operations, |operation| &operation.template);
        meant.iter().any(|operation| operation.id == BATCH)
    }

    /// What is wrong with the parts of a batch that was answered 200.
    pub(super) fn wrong_parts(&self, exchange: &Exchange<'_>) -> Vec<String> {
        // A byte order mark is no part of the JSON.
        let sent = exchange.sent;
        let sent = sent.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sent);
        let sent = serde_json::from_slice(sent).map(|Sent { requests }| requests);
        let answered =
            serde_json::from_slice(exchange.body).map(|Answered { responses }| responses);
        let (Ok(sent), Ok(answered)) = (sent, answered) else {
            return vec!["it answers 200 to what is no batch".to_owned()];
        };
        let ids = (
            BTreeSet::from_iter(sent.iter().map(|part| &part.id)),
            BTreeSet::from_iter(answered.iter().map(|part| &part.id)),
        );
        if ids.0 != ids.1 || answered.len() != sent.len() {
            return vec![format!("it answers {:?}, but {:?} were sent", ids.1, ids.0)];
        }
        let mut found = Vec::new();
        for part in &sent {
            for answer in answered.iter().filter(|answer| answer.id == part.id) {
                let (SentPart { id, method, url }, status) = (part, answer.status);
                let at = format!("its part {id:?}, {method} {url}, answered {status}");
                let wrong = self.wrong_part(part, answer).into_iter();
                found.extend(wrong.map(|what| format!("{at}: {what}")));
            }
        }
        found
    }

    fn wrong_part(&self, sent: &SentPart, answered: &AnsweredPart) -> Vec<String> {
        let (headers, mut found) = headers(&answered.headers);
        let method = sent.method.to_uppercase().parse().unwrap_or_default();
        let body = match (headers.get(header::CONTENT_TYPE), &answered.body) {
            (None, Value::Null) => Vec::new(),
            (Some(_), Value::Null) if method == Method::HEAD => Vec::new(),
            (Some(json), Value::Object(_)) if json == "application/json" => {
                answered.body.to_string().into_bytes()
            }
            (Some(text), Value::String(body)) if text != "application/json" => {
                body.clone().into_bytes()
            }
            (sent, body) => {
                found.push(format!("its Content-Type is {sent:?}, but its body {body}"));
                Vec::new()
            }
        };
        let exchange = Exchange {
            method: &method,
            path: &path_of(&sent.url),
            query: sent.url.split_once('?').map_or("", |(_, query)| query),
            sent: &[],
            status: answered.status,
            headers: &headers,
            body: &body,
        };
        let code = answered.body["error"]["code"].as_str();
        if (answered.status, code) == NOT_CARRIED_OUT {
            found.extend(refusal(&self.general, &exchange));
            found.extend(always(&exchange));
        } else {
            found.extend(self.judge(&exchange).violations);
        }
        found
    }
}

/// A batch, as far as it takes to judge its answer.
#[derive(Deserialize)]
struct Sent {
    requests: Vec<SentPart>,
}

#[derive(Deserialize)]
struct SentPart {
    id: String,
    method: String,
    url: String,
}

#[derive(Deserialize)]
struct Answered {
    responses: Vec<AnsweredPart>,
}

#[derive(Deserialize)]
struct AnsweredPart {
    id: String,
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
}

/// The headers of a part, and what is wrong with how they are written.
fn headers(written: &BTreeMap<String, String>) -> (HeaderMap, Vec<String>) {
    let (mut headers, mut found) = (HeaderMap::new(), Vec::new());
    let mut names = BTreeSet::new();
    for (name, value) in written {
        match (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => _ = headers.append(name, value),
            _ => found.push(format!("its header {name} is none")),
        }
        if !names.insert(name.to_lowercase()) {
            found.push(format!("it has the header {name} in two spellings"));
        }
        if name.eq_ignore_ascii_case("Content-Type") && name != "Content-Type" {
            found.push(format!("its Content-Type is spelled {name}"));
        }
    }
    (headers, found)
}

/// The path of a part's URL.
fn path_of(url: &str) -> String {
    let (url, _) = url.split_once('?').unwrap_or((url, ""));
    match url.split_once("://") {
        Some((_, rest)) => {
            let slash = rest.find('/').unwrap_or(rest.len());
            rest[slash..].to_owned()
        }
        None => format!("/beta/{}", url.strip_prefix('/').unwrap_or(url)),
    }
}
