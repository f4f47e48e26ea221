//! An answer as a part of a batch's answer.

use std::collections::BTreeMap;

use axum::body::to_bytes;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderName, header};
use serde_json::value::{RawValue, to_raw_value};

use crate::wire::BatchPartAnswer;

/// How the names are spelled of which clients know but one spelling; all others are in lower case.
const SPELLINGS: [&str; 7] = [
    "Allow",
    "Content-Type",
    "Location",
    "OData-Version",
    "Preference-Applied",
    "Retry-After",
    "WWW-Authenticate",
];

/// The answer of the part with this id.
pub(super) async fn of(id: String, response: Response) -> BatchPartAnswer {
    let (parts, body) = response.into_parts();
    // It ends by itself: no operation answers more than a page.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_else(|error| {
        tracing::error!(%error, "an answer of a part broke off");
        Default::default()
    });
    BatchPartAnswer {
        id,
        status: parts.status.as_u16(),
        body: json(&parts.headers, body.into()),
        headers: by_name(&parts.headers),
    }
}

/// Several headers of one name are one, with commas between, which means the same.
fn by_name(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        if name == header::CONTENT_LENGTH {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        by_name
            .entry(spelled(name))
            .and_modify(|values| *values = format!("{values}, {value}"))
            .or_insert_with(|| value.into_owned());
    }
    by_name
}

fn spelled(name: &HeaderName) -> String {
    let mut spellings = SPELLINGS.into_iter();
    let spelling = spellings.find(|known| known.eq_ignore_ascii_case(name.as_str()));
    spelling.unwrap_or(name.as_str()).to_owned()
}

/// A body within JSON: JSON as it is, other text as a text, and anything else in Base64, as OData has it.
fn json(headers: &HeaderMap, body: Vec<u8>) -> Option<Box<RawValue>> {
    if body.is_empty() {
        return None;
    }
    let sent = headers.get(header::CONTENT_TYPE);
    let sent = sent.and_then(|sent| sent.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    let text = String::from_utf8(body);
    let text = match (essence, text) {
        ("application/json", Ok(text)) => return RawValue::from_string(text).ok(),
        (text_type, Ok(text)) if text_type.starts_with("text/") => text,
        (_, Ok(text)) => URL_SAFE_NO_PAD.encode(text),
        (_, Err(bytes)) => URL_SAFE_NO_PAD.encode(bytes.as_bytes()),
    };
    to_raw_value(&text).ok()
}
