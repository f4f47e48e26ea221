//! What each request carries besides its content: the token and the request id.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use reqwest::Request;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue};
use uuid::Uuid;

pub(crate) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

/// The header by which progenitor announces the document's version. The protocol does not know it.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// The last segment of a path whose answer is a number as plain text.
const COUNT: &str = "/$count";

/// What each request carries besides its content: the token and the request id.
///
/// Every generated client holds one. [`Pimento`](crate::Pimento) makes them; there is nothing to do with one by hand.
#[derive(Clone, Debug, Default)]
pub struct Session {
    token: Token,
    request_ids: RequestIds,
}

type Provider = dyn Fn() -> BoxFuture<'static, Result<String, String>> + Send + Sync;

#[derive(Clone, Default)]
enum Token {
    #[default]
    Absent,
    Fixed(Arc<str>),
    Provided(Arc<Provider>),
}

#[derive(Clone, Default)]
enum RequestIds {
    #[default]
    Random,
    Provided(Arc<dyn Fn() -> Uuid + Send + Sync>),
}

impl Session {
    /// The same request ids, without a token.
    pub(crate) fn without_token(&self) -> Self {
        Self {
            token: Token::Absent,
            request_ids: self.request_ids.clone(),
        }
    }

    pub(crate) fn with_token(self, token: &str) -> Self {
        Self {
            token: Token::Fixed(token.into()),
            ..self
        }
    }

    pub(crate) fn with_token_provider<P, F, E>(self, provider: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let provider = move || {
            provider()
                .map(|answer| answer.map_err(|error| in_one_line(&*error.into())))
                .boxed()
        };
        Self {
            token: Token::Provided(Arc::new(provider)),
            ..self
        }
    }

    pub(crate) fn with_request_ids<P>(self, provider: P) -> Self
    where
        P: Fn() -> Uuid + Send + Sync + 'static,
    {
        Self {
            request_ids: RequestIds::Provided(Arc::new(provider)),
            ..self
        }
    }

    /// Puts the token and the request id on a request that is about to be sent.
    ///
    /// # Errors
    /// Why there is no token to be had.
    pub(crate) async fn prepare(&self, request: &mut Request) -> Result<(), String> {
        let authorization = self.authorization().await?;
        let is_count = request.url().path().ends_with(COUNT);
        let headers = request.headers_mut();
        if is_count {
            // Generated code reads the number as JSON, which is the same bytes, and says so.
            headers.insert(ACCEPT, HeaderValue::from_static("text/plain"));
        }
        headers.remove(API_VERSION);
        headers.insert(CLIENT_REQUEST_ID, self.request_id());
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        Ok(())
    }

    async fn authorization(&self) -> Result<Option<HeaderValue>, String> {
        match &self.token {
            Token::Absent => Ok(None),
            Token::Fixed(token) => bearer(token).map(Some),
            Token::Provided(provider) => bearer(&provider().await?).map(Some),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the client draws the ids of its requests"
    )]
    fn request_id(&self) -> HeaderValue {
        let id = match &self.request_ids {
            RequestIds::Random => Uuid::new_v4(),
            RequestIds::Provided(provider) => provider(),
        };
        HeaderValue::from_str(&id.to_string()).expect("a GUID is ASCII")
    }
}

/// The header's value, marked so that neither a log of headers nor a `Debug` of the request shows it.
fn bearer(token: &str) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| "the token contains characters that cannot stand in a header".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// An error with its causes. Generated code carries the failure of a hook as text only, so the causes must be in it.
fn in_one_line(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Fixed(_) => "Fixed",
            Self::Provided(_) => "Provided",
        })
    }
}

impl fmt::Debug for RequestIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Random => "Random",
            Self::Provided(_) => "Provided",
        })
    }
}
