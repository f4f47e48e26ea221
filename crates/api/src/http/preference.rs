//! What was made of a preference, on its way from the list that applied it to the answer (RFC 7240 §3).

use std::sync::{Arc, OnceLock};

use axum::response::Response;
use http::{HeaderName, HeaderValue};

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The size of pages where the request preferred one. The edge lays it beside a request, and whatever list the request comes
/// to writes into it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Applied(Arc<OnceLock<usize>>);

impl Applied {
    /// A list has pages of this size, as somebody preferred one.
    pub(crate) fn to_pages_of(&self, size: usize) {
        // A request comes to one list, so nothing is there yet.
        self.0.get_or_init(|| size);
    }

    /// Tells of it, unless the list was refused.
    pub(crate) fn write(&self, response: &mut Response) {
        let applied = self.0.get().filter(|_| response.status().is_success());
        let value = applied.map(|size| format!("odata.maxpagesize={size}"));
        if let Some(Ok(value)) = value.map(HeaderValue::try_from) {
            response.headers_mut().insert(PREFERENCE_APPLIED, value);
        }
    }
}
