//! The ids of a request: the server's own, and the caller's.

use http::{HeaderMap, HeaderName, HeaderValue};
use pimento_domain::Uuid;

/// The server's id of a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
/// The caller's id of it.
pub(crate) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

/// The longest id of a caller's that is echoed and logged.
const MAX_CLIENT_ID: usize = 128;

/// The ids of one request.
#[derive(Clone, Debug)]
pub(crate) struct RequestIds {
    /// The server's own.
    pub(crate) request: Uuid,
    /// The caller's, if they sent one that can be echoed: 1 to 128 printable ASCII characters.
    pub(crate) client: Option<String>,
}

impl RequestIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that draws the ids of requests"
    )]
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let client = headers
            .get(CLIENT_REQUEST_ID)
            .and_then(|value| value.to_str().ok());
        let fits = |id: &&str| {
            !id.is_empty()
                && id.len() <= MAX_CLIENT_ID
                && id.bytes().all(|byte| byte.is_ascii_graphic())
        };
        Self {
            request: Uuid::new_v4(),
            client: client.filter(fits).map(str::to_owned),
        }
    }

    /// The caller's id, or else the server's.
    pub(crate) fn client_or_own(&self) -> String {
        self.client
            .clone()
            .unwrap_or_else(|| self.request.to_string())
    }

    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        for (name, id) in [
            (REQUEST_ID, self.request.to_string()),
            (CLIENT_REQUEST_ID, self.client_or_own()),
        ] {
            if let Ok(value) = HeaderValue::from_str(&id) {
                headers.insert(name, value);
            }
        }
    }
}
