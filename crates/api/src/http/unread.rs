//! Bodies that nobody reads, such as those of requests that are refused by their head.
//!
//! The HTTP library closes a connection on which a body was left unread. A client that sends its body after the head, as many
//! do, then finds the connection gone, and may lose the answer with it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures::{Stream, StreamExt as _};
use http::header;
use tokio::runtime::Handle;

use super::MAX_BODY_BYTES;

/// How long the rest of a body may take that nobody waits for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is left of a body is read, while the answer is on its way, and forgotten. A body that is too large, or that the client
/// waits to be asked for, is left unread all the same.
pub(crate) async fn forget_unread(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let waits = parts.headers.contains_key(header::EXPECT);
    let is_taken = body.size_hint().lower() <= MAX_BODY_BYTES as u64;
    let body = if body.is_end_stream() || waits || !is_taken {
        body
    } else {
        Body::from_stream(Unread(Some(body.into_data_stream())))
    };
    next.run(Request::from_parts(parts, body)).await
}

/// A body until its end.
struct Unread(Option<BodyDataStream>);

impl Stream for Unread {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let next = body.poll_next_unpin(context);
        if matches!(next, Poll::Ready(None)) {
            self.0 = None;
        }
        next
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        if let (Some(body), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(PATIENCE, forget(body)));
        }
    }
}

async fn forget(mut body: BodyDataStream) {
    let mut read = 0;
    while let Some(Ok(bytes)) = body.next().await
        && read <= MAX_BODY_BYTES
    {
        read += bytes.len();
    }
}
