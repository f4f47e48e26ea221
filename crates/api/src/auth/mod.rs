//! Who asks: bearer tokens, verified by OpenID Connect discovery and key sets.
//!
//! ```text
//! Authorization header
//!   → Token        three parts, `alg`, `kid`, claims; nothing of it is believed yet    token
//!   → Trusted      the configured issuer that `iss` names, else 401                    config, name
//!   → KeySet       that issuer's keys, fetched once and kept for an hour               source ← discovery, keys
//!   → signature    by the key that `kid` names, with an algorithm that fits it         keys
//!   → Identity     tenant, principal, scopes, roles and second factor                  claims
//! ```
//!
//! The configuration of the issuers is an [`Issuer`] each; dev mode's own small issuer is in [`issuer`].

mod claims;
mod config;
mod discovery;
pub mod issuer;
mod keys;
mod name;
mod refused;
mod source;
mod sources;
mod step_up;
mod token;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use http::HeaderValue;
use jiff::Timestamp;
use jsonwebtoken::Algorithm;
use pimento_domain::{PrincipalId, RoleId, TenantId};

pub use config::{InvalidIssuer, Issuer, IssuerFault};
pub use refused::{Fault, Refused};
pub use source::KeyTiming;
pub use step_up::StepUp;

use name::Name;
use sources::Sources;
use token::Token;

/// What a verified token says of its bearer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The tenant they speak for; one that the issuer may speak for.
    pub tenant: TenantId,
    /// Who they are.
    pub principal: PrincipalId,
    /// The scopes they were given, under Graph's names; at least one.
    pub scopes: BTreeSet<String>,
    /// Directory roles that the token claims for them; empty where the issuer is not trusted with those.
    pub wids: BTreeSet<RoleId>,
    /// Whether they have proved a second factor.
    pub mfa: bool,
    /// How they would prove one.
    pub step_up: StepUp,
}

/// Issuers that cannot be used together, or at all.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// Without an issuer nobody can ever sign in.
    #[error("no issuer is configured; add one as [[issuers]]")]
    NoIssuer,
    /// The same `issuer` stands in two entries, which would contradict each other.
    #[error("the issuer {0} is configured twice; join the two entries")]
    Duplicate(String),
    /// No HTTP client can be made for this issuer: most often the system has no root certificates.
    #[error(
        "no HTTPS client can be made for the issuer {issuer}; are the system's root certificates installed?"
    )]
    Client {
        /// The issuer as it is configured.
        issuer: String,
        /// What the client says.
        #[source]
        source: reqwest::Error,
    },
}

/// Verifies bearer tokens against the configured issuers. Cheap to clone; clones share the fetched keys.
#[derive(Clone)]
pub struct Authenticator {
    /// Exact names before templates, so that an entry of its own goes before a pattern that fits as well.
    trusted: Arc<[Trusted]>,
}

/// One configured issuer and where its keys come from.
struct Trusted {
    issuer: Issuer,
    sources: Sources,
}

impl Authenticator {
    /// An authenticator that trusts these issuers and keeps their keys for the default times. Nothing is fetched yet.
    ///
    /// # Errors
    ///
    /// [`ConfigurationError`] where there is no issuer, one is there twice, or no HTTP client can be made.
    pub fn new(issuers: Vec<Issuer>) -> Result<Self, ConfigurationError> {
        Self::with_timing(issuers, KeyTiming::default())
    }

    /// The same with other times; a test that rotates keys does not want to wait.
    ///
    /// # Errors
    ///
    /// As [`Authenticator::new`].
    pub fn with_timing(
        mut issuers: Vec<Issuer>,
        timing: KeyTiming,
    ) -> Result<Self, ConfigurationError> {
        if issuers.is_empty() {
            return Err(ConfigurationError::NoIssuer);
        }
        let mut names = HashSet::new();
        for issuer in &issuers {
            if !names.insert(issuer.name.to_string()) {
                return Err(ConfigurationError::Duplicate(issuer.name.to_string()));
            }
        }
        issuers.sort_by_key(|issuer| matches!(issuer.name, Name::Template { .. }));
        let trusted = issuers
            .into_iter()
            .map(|issuer| Trusted::new(issuer, timing));
        Ok(Self {
            trusted: trusted.collect::<Result<_, _>>()?,
        })
    }

    /// Who sends this `Authorization` header. Fetches the issuer's keys where they are not at hand.
    ///
    /// # Errors
    ///
    /// [`Refused`] says which of 401, 403 and 503 it is, and in words for the caller what would work.
    #[expect(
        clippy::disallowed_methods,
        reason = "tokens keep to wall time, whatever the clock of the rules says"
    )]
    pub async fn authenticate(
        &self,
        authorization: Option<&HeaderValue>,
    ) -> Result<Identity, Refused> {
        let token = Token::parse(token::bearer(authorization)?)?;
        let sent = token.claims.required_text("iss")?;
        let (trusted, named) = self.find(sent)?;
        trusted.verify(&token, sent, named.as_ref()).await?;
        claims::identify(&token.claims, &trusted.issuer, named, Timestamp::now())
    }

    /// The issuer that `iss` names, and the tenant that is part of the name where it comes from a template.
    fn find(&self, sent: &str) -> Result<(&Trusted, Option<TenantId>), Fault> {
        self.trusted
            .iter()
            .find_map(|trusted| Some((trusted, trusted.issuer.name.matches(sent)?)))
            .ok_or_else(|| Fault::unknown_issuer(sent))
    }
}

impl Trusted {
    fn new(issuer: Issuer, timing: KeyTiming) -> Result<Self, ConfigurationError> {
        let sources = Sources::new(&issuer.name, timing).map_err(|source| {
            let issuer = issuer.name.to_string();
            ConfigurationError::Client { issuer, source }
        })?;
        Ok(Self { issuer, sources })
    }

    /// Checks the signature with this issuer's keys, and looks for newer ones once where those at hand do not do.
    async fn verify(
        &self,
        token: &Token<'_>,
        sent: &str,
        named: Option<&TenantId>,
    ) -> Result<(), Refused> {
        let algorithm = self.algorithm(token)?;
        if let Some(tenant) = named {
            // No keys are fetched for a tenant that would be refused anyway.
            claims::admit(&self.issuer, tenant)?;
        }
        let source = self.sources.of(sent)?;
        let keys = source.keys().await?;
        match keys.verify(token, algorithm) {
            Err(fault) if fault.may_be_rotation(token.kid.as_deref()) => {
                match source.newer(&keys).await? {
                    Some(newer) => Ok(newer.verify(token, algorithm)?),
                    None => Err(fault.into()),
                }
            }
            verdict => Ok(verdict?),
        }
    }

    /// The algorithm of the header, which must be one that is asked for here: the sender does not choose.
    fn algorithm(&self, token: &Token<'_>) -> Result<Algorithm, Fault> {
        let accepted = &self.issuer.algorithms;
        let algorithm = token
            .alg
            .parse()
            .ok()
            .filter(|sent| accepted.contains(sent));
        algorithm.ok_or_else(|| Fault::Algorithm {
            accepted: accepted
                .iter()
                .map(|one| format!("{one:?}"))
                .collect::<Vec<_>>()
                .join(", "),
        })
    }
}
