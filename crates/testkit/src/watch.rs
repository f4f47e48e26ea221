//! The layer in front of a server that is tested: judges every answer, and remembers what it found.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use crate::Contract;
use crate::contract::Exchange;

/// What the answers of one server were like.
#[derive(Debug)]
pub(crate) struct Watch {
    contract: Contract,
    found: Mutex<Found>,
}

#[derive(Debug, Default)]
struct Found {
    violations: Vec<String>,
    answered: BTreeSet<(String, u16, String)>,
}

impl Watch {
    pub(crate) fn new(contract: Contract) -> Arc<Self> {
        Arc::new(Self {
            contract,
            found: Mutex::default(),
        })
    }

    /// Puts the layer in front of a router.
    pub(crate) fn around(self: &Arc<Self>, router: Router) -> Router {
        router.layer(from_fn_with_state(Arc::clone(self), judge))
    }

    /// What was wrong with answers so far.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.found().violations.clone()
    }

    /// The operations that answered so far, with the statuses, and the codes of refusals.
    pub(crate) fn answered(&self) -> BTreeSet<(String, u16, String)> {
        self.found().answered.clone()
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request with its body read, and that body. Of a body that breaks off nobody reads an answer.
async fn buffered(request: Request) -> (Request, Bytes) {
    let (parts, body) = request.into_parts();
    let sent = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Request::from_parts(parts, Body::from(sent.clone())), sent)
}

async fn judge(State(watch): State<Arc<Watch>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (request, sent) = if watch.contract.is_of_batches(&path) {
        buffered(request).await
    } else {
        (request, Bytes::new())
    };
    let (parts, body) = next.run(request).await.into_parts();
    let body = to_bytes(body, usize::MAX)
        .await
        .expect("the server does not break off its own answers");
    let verdict = watch.contract.judge(&Exchange {
        method: &method,
        path: &path,
        sent: &sent,
        query: &query,
        status: parts.status.as_u16(),
        headers: &parts.headers,
        body: &body,
    });
    let mut found = watch.found();
    let status = parts.status.as_u16();
    let (operation, code) = (verdict.operation, verdict.code);
    found
        .answered
        .extend(operation.map(|operation| (operation, status, code)));
    let violation = |what: String| format!("{method} {path} answered {status}: {what}");
    found
        .violations
        .extend(verdict.violations.into_iter().map(violation));
    drop(found);
    Response::from_parts(parts, Body::from(body))
}
