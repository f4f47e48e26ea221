//! A refusal on its way out: status, code and words. The edge adds the request's ids and writes the envelope.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use pimento_domain::{InvalidId, PrincipalId, RoleId};
use pimento_engine::Target;

use crate::wire::ErrorDetail;

/// The codes of this face's own refusals; those of the rules stand beside the rules' texts.
pub(crate) mod code {
    pub(crate) const APPLICATION: &str = "ApplicationNotSupported";
    pub(crate) const BAD_REQUEST: &str = "BadRequest";
    pub(crate) const DENIED: &str = "Authorization_RequestDenied";
    pub(crate) const FAILED_DEPENDENCY: &str = "FailedDependency";
    pub(crate) const FAULT: &str = "generalException";
    pub(crate) const INVALID_DURATION: &str = "InvalidDuration";
    pub(crate) const INVALID_REQUEST: &str = "invalidRequest";
    pub(crate) const INVALID_TOKEN: &str = "InvalidAuthenticationToken";
    pub(crate) const MFA_REQUIRED: &str = "MfaRequired";
    pub(crate) const NOT_FOUND: &str = "ResourceNotFound";
    pub(crate) const PERSONAL_ACCOUNT: &str = "PersonalAccountNotSupported";
    pub(crate) const ROLE_NOT_FOUND: &str = "RoleNotFound";
    pub(crate) const SEARCH_TIME: &str = "SearchTimeLimitExceeded";
    pub(crate) const SCOPE: &str = "PermissionScopeNotGranted";
    pub(crate) const THROTTLED: &str = "TooManyRequests";
    pub(crate) const UNAUTHORIZED_ACCESS: &str = "UnauthorizedAccessException";
    pub(crate) const UNAVAILABLE: &str = "serviceNotAvailable";
    pub(crate) const UNSUPPORTED_QUERY: &str = "Request_UnsupportedQuery";
    pub(crate) const WRONG_METHOD: &str = "Request_BadRequest";
}

/// After how many seconds to try again what failed because the server could not do its work.
const RETRY_AFTER_SECONDS: u64 = 1;

/// A refusal on its way out. Boxed, because every step of a request may answer one and few do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(pub(crate) Box<Refusal>);

/// What a refusal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) target: Option<String>,
    pub(crate) details: Vec<ErrorDetail>,
    /// A closer reason, as `innerError.code`.
    pub(crate) reason: Option<&'static str>,
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    pub(crate) by: By,
}

/// Who refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// This face: what was asked cannot be understood, or may not be asked by this caller.
    Face,
    /// A rule: what was asked for cannot be. What that was about, where the path does not say it.
    Rules(Option<Box<Target>>),
}

impl Problem {
    /// A refusal of this status and code.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Refusal {
            status,
            code,
            message: message.into(),
            target: None,
            details: Vec::new(),
            reason: None,
            header: None,
            by: By::Face,
        }))
    }

    pub(crate) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, message)
    }

    pub(crate) fn role_not_found(sent: &dyn fmt::Display) -> Self {
        let message =
            format!("There is no role {sent:.64}. GET /privilegedRoles lists the roles there are.");
        Self::bad_request(code::ROLE_NOT_FOUND, message).at("roleId")
    }

    /// A member of the body that is not an id.
    pub(crate) fn member(member: &str, error: &InvalidId) -> Self {
        Self::bad_request(code::INVALID_REQUEST, format!("{member}: {error}.")).at(member)
    }

    /// A fault of ours. The log has the details; the caller gets the request's id to quote.
    pub(crate) fn fault() -> Self {
        let message = "The server failed to answer the request; its log has the details under the request-id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code::FAULT, message)
    }

    /// The server cannot do its work now; nothing was changed.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE, message)
            .with_header(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS))
    }

    /// Names the member, option or header at fault.
    pub(crate) fn at(mut self, target: impl Into<String>) -> Self {
        self.0.target = Some(target.into());
        self
    }

    /// The same of an option in the parentheses behind what `option` names.
    pub(crate) fn within(self, option: &str, name: &str) -> Self {
        let inner = self.0.target.as_deref().unwrap_or_default();
        let message = format!("In the parentheses of {name}, {inner}: {}", self.0.message);
        self.saying(message).at(option)
    }

    /// Says this instead.
    pub(crate) fn saying(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Names members as another body does, by pairs of what they are called here and there.
    pub(crate) fn renaming(mut self, members: &[(&str, &str)]) -> Self {
        let Refusal {
            target, details, ..
        } = &mut *self.0;
        let targets = details.iter_mut().map(|detail| &mut detail.target);
        for target in targets.chain([target]).flatten() {
            if let Some((_, there)) = members.iter().find(|(here, _)| here == target) {
                *target = (*there).to_owned();
            }
        }
        self
    }

    /// A rule's.
    pub(crate) fn by_rules(mut self) -> Self {
        self.0.by = By::Rules(None);
        self
    }

    /// Says what was asked for, where a rule refused it.
    pub(crate) fn about(mut self, principal: &PrincipalId, role: RoleId) -> Self {
        if let By::Rules(about) = &mut self.0.by {
            *about = Some(Box::new(Target {
                principal: Some(principal.clone()),
                role: Some(role),
                request: None,
            }));
        }
        self
    }

    pub(crate) fn because(mut self, reason: &'static str) -> Self {
        self.0.reason = Some(reason);
        self
    }

    pub(crate) fn with_details(mut self, details: Vec<ErrorDetail>) -> Self {
        self.0.details = details;
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        if let Some((name, value)) = self.0.header.clone() {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}
