//! An answer that is not a success, read whole; and the headers that every answer has.

use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use reqwest::{Request, Response, ResponseBuilderExt, StatusCode, Url};
use uuid::Uuid;

use crate::Error;
use crate::graph_beta::types::ODataError;
use crate::session::CLIENT_REQUEST_ID;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The refusals of the contract are a few kilobytes. Whatever else answers in the server's place is cut here.
const MAX_BODY_LENGTH: usize = 256 * 1024;

/// The id that the server gave to the request, a GUID: it finds the request in the server's log and audit trail.
/// `None` where something else than a Pimento server answered.
pub fn request_id<T>(answer: &ResponseValue<T>) -> Option<Uuid> {
    request_id_of(answer.headers())
}

/// The `client-request-id` that the server repeats, so the one that this client sent.
pub fn client_request_id<T>(answer: &ResponseValue<T>) -> Option<&str> {
    answer.headers().get(CLIENT_REQUEST_ID)?.to_str().ok()
}

/// The whole of an answer that is a text and no JSON: that of
/// [`get_metadata`](crate::graph_beta::Client::get_metadata).
///
/// # Errors
/// [`Error::Transport`] where it breaks off, [`Error::Protocol`] where it is no UTF-8.
pub async fn text(answer: ResponseValue<ByteStream>) -> Result<String, Error> {
    let status = answer.status();
    let chunks = answer.into_inner().into_inner();
    let bytes = chunks.try_fold(Vec::new(), |mut bytes, chunk| {
        bytes.extend_from_slice(&chunk);
        futures::future::ready(Ok(bytes))
    });
    let bytes = bytes.await.map_err(Error::Transport)?;
    String::from_utf8(bytes).map_err(|reason| Error::protocol(Some(status), reason.to_string()))
}

pub(crate) fn request_id_of(headers: &HeaderMap) -> Option<Uuid> {
    headers.get(REQUEST_ID)?.to_str().ok()?.parse().ok()
}

/// For how long the server asks to be left alone. The form with a date is not read: the contract has whole seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// The challenges, one for each header line; one that is not text is left out.
pub(crate) fn challenges(headers: &HeaderMap) -> Vec<String> {
    let sent = headers.get_all(WWW_AUTHENTICATE).iter();
    sent.filter_map(|value| value.to_str().ok().map(str::to_owned))
        .collect()
}

/// An answer that is not a success, read whole.
///
/// Generated code reads an error's body itself and forgets the status where the body is not what the contract says, as
/// when a gateway answers in the server's place. So [`exec`] reads such answers first and [`check`] judges them. The
/// answer travels with the response as one of its extensions.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Arc<[u8]>,
    url: Url,
}

impl Answer {
    async fn read(mut response: Response) -> reqwest::Result<Self> {
        let mut body = Vec::new();
        while body.len() < MAX_BODY_LENGTH
            && let Some(chunk) = response.chunk().await?
        {
            let room = MAX_BODY_LENGTH - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        Ok(Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: body.into(),
            url: response.url().clone(),
        })
    }

    /// The answer that [`exec`] has read; `None` of a success.
    pub(crate) fn of(response: &Response) -> Option<&Self> {
        response.extensions().get()
    }

    /// The body, where it is the one that the contract has for every refusal.
    pub(crate) fn refusal(&self) -> Option<ODataError> {
        serde_json::from_slice(&self.body).ok()
    }

    fn into_response(self) -> Response {
        let mut response = http::Response::builder()
            .status(self.status)
            .url(self.url.clone())
            .body(self.body.to_vec())
            .expect("every part was parsed when it came");
        *response.headers_mut() = self.headers.clone();
        response.extensions_mut().insert(self);
        response.into()
    }
}

/// Sends a prepared request. An answer that is not a success comes back read.
pub(crate) async fn exec(http: &reqwest::Client, request: Request) -> reqwest::Result<Response> {
    let response = http.execute(request).await?;
    if response.status().is_success() {
        return Ok(response);
    }
    Answer::read(response).await.map(Answer::into_response)
}

/// Turns an answer that is neither a success nor a refusal of the contract into an unexpected one, whatever its status.
#[expect(clippy::result_large_err, reason = "the hook's trait has this type")]
pub(crate) fn check<E>(
    result: &reqwest::Result<Response>,
) -> Result<(), progenitor_client::Error<E>> {
    match result.as_ref().ok().and_then(Answer::of) {
        Some(answer) if answer.refusal().is_none() => Err(
            progenitor_client::Error::UnexpectedResponse(answer.clone().into_response()),
        ),
        _ => Ok(()),
    }
}
