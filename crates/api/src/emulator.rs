//! The emulator: what dev mode has besides, its own small issuer and a clock that can be moved.

use std::sync::Arc;

use pimento_engine::Engine;

use crate::auth::issuer::{DevIssuer, DiscoveryDocument, Issued};
use crate::wire::{IssuerConfiguration, Key, KeySet, Token, TokenClaims};

/// What the emulator's handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Emulator {
    pub(crate) engine: Engine,
    issuer: Arc<DevIssuer>,
}

impl Emulator {
    /// An emulator over this engine, whose store must have a virtual clock, with this issuer.
    pub fn new(engine: Engine, issuer: DevIssuer) -> Self {
        Self {
            engine,
            issuer: Arc::new(issuer),
        }
    }

    /// Tokens keep to wall time, however far the clock of the rules was moved.
    #[expect(clippy::disallowed_methods, reason = "tokens keep to wall time")]
    pub(crate) fn issue_token(&self, claims: TokenClaims) -> Token {
        let Issued {
            access_token,
            expires_in,
        } = self.issuer.issue(claims.0, jiff::Timestamp::now());
        Token {
            access_token,
            token_type: "Bearer".to_owned(),
            expires_in,
        }
    }

    pub(crate) fn issuer_configuration(&self) -> IssuerConfiguration {
        let DiscoveryDocument {
            issuer,
            jwks_uri,
            id_token_signing_alg_values_supported,
        } = self.issuer.configuration();
        IssuerConfiguration {
            issuer,
            jwks_uri,
            id_token_signing_alg_values_supported,
        }
    }

    pub(crate) fn issuer_keys(&self) -> KeySet {
        KeySet {
            keys: self.issuer.keys().into_iter().map(Key).collect(),
        }
    }
}
