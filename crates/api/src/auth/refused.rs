//! Why somebody is not let in, in words that say what would work.

use std::time::Duration;

use jiff::Timestamp;

/// Why a request goes no further. Its text is for the caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// 401 `InvalidAuthenticationToken`: no token, or one that proves nothing here.
    #[error(transparent)]
    Token(#[from] Fault),
    /// 403 `PersonalAccountNotSupported`.
    #[error(
        "The token belongs to a personal account. Sign in with the account of an organisation."
    )]
    PersonalAccount,
    /// 403 `ApplicationNotSupported`.
    #[error(
        "The token belongs to an application, or has no scope. These operations are for people: ask for a token with \
         delegated scopes on behalf of a signed-in user."
    )]
    Application,
    /// 503 `serviceNotAvailable`: whether the token is good cannot be told, as the issuer does not answer.
    #[error(
        "The keys of the token's issuer cannot be fetched at the moment, so the token cannot be verified. Try again in \
         {} s.",
        .retry_after.as_secs()
    )]
    KeysUnavailable {
        /// After how long it is worth another try: whole seconds, at least one.
        retry_after: Duration,
    },
}

/// What is wrong with a token. No secret is repeated: of the token's content only `iss` and its times.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no `Authorization` header.
    #[error(
        "The request has no access token. Send one in the header 'Authorization: Bearer <token>'."
    )]
    Missing,
    /// The header holds something else than one bearer token.
    #[error("The header Authorization must be the word Bearer, a blank and one access token.")]
    Scheme,
    /// The token is longer than any honest one.
    #[error("The access token is longer than {limit} bytes.")]
    TooLong {
        /// The longest token that is read, in bytes.
        limit: usize,
    },
    /// The token is not a signed JWT in its compact form.
    #[error("The access token is not a signed JWT: {0}.")]
    Malformed(&'static str),
    /// No configured issuer has this name.
    #[error(
        "The access token comes from the issuer {sent:?}, which this server does not trust. Ask a trusted issuer for one."
    )]
    UnknownIssuer {
        /// The claim `iss`, cut after 200 characters.
        sent: String,
    },
    /// `alg` is not one that is accepted from this issuer; `none` never is.
    #[error(
        "The access token is not signed with an algorithm that is accepted from its issuer: {accepted}."
    )]
    Algorithm {
        /// What is accepted, parted by commas.
        accepted: String,
    },
    /// `alg` cannot be used with the key that `kid` names.
    #[error(
        "The header 'alg' of the access token does not fit the key that its header 'kid' names."
    )]
    KeyMismatch,
    /// `kid` names none of the issuer's keys.
    #[error(
        "The access token is signed with a key that its issuer does not publish. Ask the issuer for a new one."
    )]
    UnknownKey,
    /// The signature is not one of the key over these bytes.
    #[error(
        "The signature of the access token does not verify. Send the token exactly as the issuer gave it."
    )]
    BadSignature,
    /// `exp` is past, by more than the skew that is allowed.
    #[error("The access token expired at {at}; it is {now}. Ask the issuer for a new one.")]
    Expired {
        /// The claim `exp`.
        at: Timestamp,
        /// This server's wall clock, in whole seconds.
        now: Timestamp,
    },
    /// `nbf` or `iat` is to come, by more than the skew that is allowed.
    #[error(
        "The access token is not valid before {from}; it is {now}. Wait, or set the issuer's clock."
    )]
    NotYetValid {
        /// The claim `nbf` or `iat`.
        from: Timestamp,
        /// This server's wall clock, in whole seconds.
        now: Timestamp,
    },
    /// `aud` names somebody else.
    #[error(
        "The access token is meant for another audience. Ask the issuer for one whose 'aud' is {accepted}."
    )]
    WrongAudience {
        /// The configured audiences.
        accepted: String,
    },
    /// The issuer may not speak for this tenant.
    #[error("The issuer of the access token may not speak for the tenant that the token names.")]
    ForeignTenant,
    /// A claim that is needed is not there, or null.
    #[error("The access token has no claim '{claim}'.")]
    MissingClaim {
        /// The name of the claim, or those of several of which one would do.
        claim: String,
    },
    /// A claim that is needed has the wrong form.
    #[error("The claim '{claim}' of the access token must be {expected}.")]
    InvalidClaim {
        /// The name of the claim.
        claim: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl Refused {
    /// The refusal with its time in whole seconds, rounded up: one may not come too early.
    pub(super) fn keys_unavailable(wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(0 < wait.subsec_nanos());
        Self::KeysUnavailable {
            retry_after: Duration::from_secs(seconds.max(1)),
        }
    }
}

impl Fault {
    pub(super) fn unknown_issuer(sent: &str) -> Self {
        Self::UnknownIssuer {
            sent: sent.chars().take(200).collect(),
        }
    }

    pub(super) fn missing(claim: impl Into<String>) -> Self {
        Self::MissingClaim {
            claim: claim.into(),
        }
    }

    pub(super) fn invalid(claim: &str, expected: &'static str) -> Self {
        Self::InvalidClaim {
            claim: claim.to_owned(),
            expected,
        }
    }

    /// Whether the issuer may have changed its keys since they were fetched: a key id that is not among them, or, where
    /// the token has none, a signature that does not verify.
    pub(super) fn may_be_rotation(&self, kid: Option<&str>) -> bool {
        matches!(self, Self::UnknownKey) || (kid.is_none() && matches!(self, Self::BadSignature))
    }
}
