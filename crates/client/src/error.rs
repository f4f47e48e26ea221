//! Why a call failed, in the terms of the contract.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Serialize;
use uuid::Uuid;

use crate::answer::{Answer, challenges, request_id_of, retry_after};
use crate::graph_beta::types::{ErrorDetail, ODataError};

/// So much of an unexpected body is shown.
const SHOWN_BODY_LENGTH: usize = 1024;

/// Why a call failed. Every error of a generated method turns into one of these by `?`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server understood the request and refused it, or reported a fault of its own. Nothing was changed.
    #[error(transparent)]
    Refused(#[from] Box<Refused>),
    /// There was no answer, or only a part of one. The server may or may not have done what it was asked.
    #[error("no answer from the server")]
    Transport(#[source] reqwest::Error),
    /// The answer is not one of the contract: most likely something between here and the server answered in its place.
    #[error(transparent)]
    Protocol(#[from] Box<Protocol>),
    /// The token provider failed, and says why. Nothing was sent.
    #[error("no token: {0}")]
    Token(String),
    /// The call itself is not well-formed: a value is missing or cannot be converted, or the server's URL is none.
    /// Nothing was sent.
    #[error("invalid call: {0}")]
    Invalid(String),
}

/// A refusal, as the contract has it for every operation.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{status}, {code}: {message} (request-id {request_id})")]
#[non_exhaustive]
pub struct Refused {
    /// The status of the answer, 4xx or 5xx.
    pub status: StatusCode,
    /// Which refusal it is. Decide by this one; the contract lists them, and new ones may appear.
    pub code: String,
    /// A closer reason, where there is one, such as `TenantNotRegistered`.
    pub inner_code: Option<String>,
    /// What is wrong, in a sentence for people.
    pub message: String,
    /// The member, query option or header that is at fault, where one is.
    pub target: Option<String>,
    /// One entry for each rule that failed, where rules are what refused.
    pub details: Vec<ErrorDetail>,
    /// The server's id of the request. Quote it when you report a fault.
    pub request_id: Uuid,
    /// The id that this client sent along.
    pub client_request_id: String,
    /// For how long the server asks to be left alone, to the second.
    pub retry_after: Option<Duration>,
    /// Which sign-in would pass, each as a value of `WWW-Authenticate`: of a token that is refused, and of `MfaRequired` in the
    /// form of RFC 9470 (`acr_values`) and in that of Microsoft's libraries (`claims`). Hand them to whatever gets your tokens.
    pub challenges: Vec<String>,
}

/// An answer that the contract does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unexpected answer{}: {reason}", status.map(|status| format!(", {status}")).unwrap_or_default())]
#[non_exhaustive]
pub struct Protocol {
    /// The status of the answer. `None` where an otherwise successful answer has a body that is not the promised one.
    pub status: Option<StatusCode>,
    /// What is unexpected about it.
    pub reason: String,
    /// The beginning of the body, up to a kilobyte.
    pub body: String,
    /// The server's id of the request, where the answer has one.
    pub request_id: Option<Uuid>,
    /// For how long whoever answered asks to be left alone, to the second.
    pub retry_after: Option<Duration>,
}

impl Error {
    /// The status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(refused) => Some(refused.status),
            Self::Protocol(protocol) => protocol.status,
            Self::Transport(_) | Self::Token(_) | Self::Invalid(_) => None,
        }
    }

    /// The code of a refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => Some(&refused.code),
            Self::Protocol(_) | Self::Transport(_) | Self::Token(_) | Self::Invalid(_) => None,
        }
    }

    /// The server's id of the request, where it answered.
    pub fn request_id(&self) -> Option<Uuid> {
        match self {
            Self::Refused(refused) => Some(refused.request_id),
            Self::Protocol(protocol) => protocol.request_id,
            Self::Transport(_) | Self::Token(_) | Self::Invalid(_) => None,
        }
    }

    /// For how long the server asks to be left alone, where it says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refused) => refused.retry_after,
            Self::Protocol(protocol) => protocol.retry_after,
            Self::Transport(_) | Self::Token(_) | Self::Invalid(_) => None,
        }
    }

    /// Which sign-in would pass, where the server says so: see [`Refused::challenges`].
    pub fn challenges(&self) -> &[String] {
        match self {
            Self::Refused(refused) => &refused.challenges,
            Self::Protocol(_) | Self::Transport(_) | Self::Token(_) | Self::Invalid(_) => &[],
        }
    }

    /// Whether the cause is likely to pass by itself, so that the same call may succeed later.
    ///
    /// After [`Error::Transport`] the server may have done what it was asked, and only the answer got lost. Look
    /// before you repeat a write.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(refused) => passes_by_itself(refused.status),
            Self::Protocol(protocol) => protocol.status.is_some_and(passes_by_itself),
            Self::Transport(error) => !error.is_builder(),
            Self::Token(_) | Self::Invalid(_) => false,
        }
    }

    pub(crate) fn protocol(status: Option<StatusCode>, reason: String) -> Self {
        Box::new(Protocol {
            status,
            reason,
            body: String::new(),
            request_id: None,
            retry_after: None,
        })
        .into()
    }
}

fn passes_by_itself(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Each family has the refusal as a type of its own, generated from the same component. Their JSON is what they share.
impl<E: Serialize> From<progenitor_client::Error<E>> for Error {
    fn from(error: progenitor_client::Error<E>) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::ErrorResponse(value) => {
                let refusal = serde_json::to_value(&*value).and_then(serde_json::from_value);
                match refusal {
                    Ok(refusal) => refused(value.status(), value.headers(), refusal),
                    Err(reason) => Self::protocol(Some(value.status()), reason.to_string()),
                }
            }
            Generated::UnexpectedResponse(response) => match Answer::of(&response) {
                Some(answer) => answer.into(),
                None => Self::protocol(
                    Some(response.status()),
                    "the operation has no such status".to_owned(),
                ),
            },
            Generated::InvalidResponsePayload(body, reason) => unreadable(&body, &reason),
            Generated::CommunicationError(error)
            | Generated::InvalidUpgrade(error)
            | Generated::ResponseBodyError(error) => Self::Transport(error),
            Generated::InvalidRequest(reason) => Self::Invalid(reason),
            Generated::Custom(reason) => Self::Token(reason),
        }
    }
}

impl From<&Answer> for Error {
    fn from(answer: &Answer) -> Self {
        match answer.refusal() {
            Some(refusal) => refused(answer.status, &answer.headers, refusal),
            None => Box::new(Protocol {
                status: Some(answer.status),
                reason: "the body is not a refusal of the contract".to_owned(),
                body: beginning(&answer.body),
                request_id: request_id_of(&answer.headers),
                retry_after: retry_after(&answer.headers),
            })
            .into(),
        }
    }
}

/// A success whose body is not the promised one.
pub(crate) fn unreadable(body: &[u8], reason: &serde_json::Error) -> Error {
    let reason = format!("the body is not the promised one: {reason}");
    Box::new(Protocol {
        status: None,
        reason,
        body: beginning(body),
        request_id: None,
        retry_after: None,
    })
    .into()
}

fn refused(status: StatusCode, headers: &HeaderMap, refusal: ODataError) -> Error {
    let error = refusal.error;
    Box::new(Refused {
        status,
        code: error.code,
        inner_code: error.inner_error.code,
        message: error.message,
        target: error.target,
        details: error.details,
        request_id: error.inner_error.request_id,
        client_request_id: error.inner_error.client_request_id,
        retry_after: retry_after(headers),
        challenges: challenges(headers),
    })
    .into()
}

fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(SHOWN_BODY_LENGTH)]).into_owned()
}
