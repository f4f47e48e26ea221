//! The examples of the original documents, as they are transcribed in `tests/data/seeds/`.

use serde::Deserialize;
use serde_json::Value;

use super::originals::Block;

/// What one document shows of HTTP.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transcription {
    /// How `openapi/README.md` calls the document.
    #[serde(skip)]
    pub(crate) name: &'static str,
    /// The file of the document.
    pub(crate) file: String,
    route: Route,
    pub(crate) request: Sent,
    pub(crate) response: Answered,
}

/// The operation as the document introduces it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    method: String,
    path: String,
}

/// The request of the example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// Absolute, with braces where an id belongs.
    pub(crate) url: String,
    /// Whether a blank line parts the request line from the headers.
    #[serde(default)]
    pub(crate) blank_line_before_headers: bool,
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default)]
    body: Option<String>,
}

/// The response of the example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) headers: Vec<(String, String)>,
    body: String,
    /// What each member is: `string`, `guid`, `date-time` or `boolean`.
    pub(crate) types: Value,
}

/// All documents.
pub(crate) fn all() -> Vec<Transcription> {
    [
        ("stub", include_str!("../../data/seeds/stub.toml")),
        ("page", include_str!("../../data/seeds/page.toml")),
        (
            "translation",
            include_str!("../../data/seeds/translation.toml"),
        ),
        ("create", include_str!("../../data/seeds/create.toml")),
        ("eligible", include_str!("../../data/seeds/eligible.toml")),
    ]
    .into_iter()
    .map(|(name, text)| {
        let parsed: Transcription =
            toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Transcription { name, ..parsed }
    })
    .collect()
}

impl Transcription {
    /// The blocks of HTTP that the document must have, in its order.
    pub(crate) fn blocks(&self) -> Vec<Block> {
        let Self {
            route,
            request,
            response,
            ..
        } = self;
        vec![
            Block {
                start: format!("{} {}", route.method, route.path),
                ..Block::default()
            },
            Block {
                start: format!("{} {}", request.method, request.url),
                blank_line_before_headers: request.blank_line_before_headers,
                headers: request.headers.clone(),
                body: request.body().map(str::to_owned),
            },
            Block {
                start: format!("HTTP/1.1 {} {}", response.status, response.reason),
                blank_line_before_headers: false,
                headers: response.headers.clone(),
                body: Some(response.body().to_owned()),
            },
        ]
    }
}

impl Sent {
    /// The body as it is printed.
    pub(crate) fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }
}

impl Answered {
    /// The body as it is printed.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// The body as a value.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.body).expect("a documented body is JSON")
    }
}
