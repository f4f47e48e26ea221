//! Batches on the wire: requests that travel in the body of another, and their answers, which travel in its answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::members::Object;

/// The requests of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = BatchRequest)]
pub struct Batch {
    /// The parts.
    #[serde(default, deserialize_with = "parts")]
    #[schema(required, nullable = false, min_items = 1, max_items = 20)]
    pub requests: Option<Vec<BatchPart>>,
}

/// The parts, each of which is an object.
fn parts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<BatchPart>>, D::Error> {
    let parts = Option::<Vec<Object<BatchPart>>>::deserialize(deserializer)?;
    Ok(parts.map(|parts| parts.into_iter().map(|Object(part)| part).collect()))
}

/// One request of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BatchRequestPart)]
pub struct BatchPart {
    /// What its answer is told by.
    #[schema(required, nullable = false, min_length = 1)]
    pub id: Option<String>,
    /// The HTTP method.
    #[schema(required, nullable = false, min_length = 1)]
    pub method: Option<String>,
    /// Relative to the root of the family, or absolute.
    #[schema(required, nullable = false, min_length = 1)]
    pub url: Option<String>,
    /// Headers, by their names.
    pub headers: Option<BTreeMap<String, String>>,
    /// JSON as it was sent, of which a text is the Base64 of the body.
    #[schema(value_type = serde_json::Value, required = false)]
    pub body: Option<Box<RawValue>>,
    /// The ids of parts that come first. The other spelling is that of Microsoft's core library for Python.
    #[serde(alias = "depends_on")]
    pub depends_on: Option<Vec<String>>,
}

/// The answers of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchResponse)]
pub struct BatchAnswer {
    /// One for each part.
    pub responses: Vec<BatchPartAnswer>,
}

/// The answer of one part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchResponsePart)]
pub struct BatchPartAnswer {
    /// The id of the part.
    pub id: String,
    /// The HTTP status.
    #[schema(value_type = i32)]
    pub status: u16,
    /// The headers, by their names.
    pub headers: BTreeMap<String, String>,
    /// JSON, a text where it is another kind of text, Base64 of what is no text, or `null` where there is none.
    #[schema(value_type = serde_json::Value)]
    pub body: Option<Box<RawValue>>,
}
