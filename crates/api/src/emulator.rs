//! The emulator: what dev mode has besides, its own small issuer and a clock that can be moved.

use std::sync::Arc;
use std::time::Duration;

use pimento_domain::SignedDuration;
use pimento_engine::{ClockFixed, ClockReading, Engine, Nudge};

use crate::auth::issuer::{DevIssuer, DiscoveryDocument, Issued};
use crate::wire::{IssuerConfiguration, Key, KeySet, Token, TokenClaims};

/// What the emulator's handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Emulator {
    engine: Engine,
    issuer: Arc<DevIssuer>,
    nudge: Nudge,
}

/// How long whoever moves the clock waits for the log at the most: there may be very much to tell.
const PATIENCE: Duration = Duration::from_secs(5);

impl Emulator {
    /// An emulator over this engine, whose store must have a virtual clock, with this issuer, and a way to whoever records what comes
    /// due.
    pub fn new(engine: Engine, issuer: DevIssuer, nudge: Nudge) -> Self {
        Self {
            engine,
            issuer: Arc::new(issuer),
            nudge,
        }
    }

    /// Changes the clock, and has what that made due recorded before it answers.
    pub(crate) async fn change_clock(
        &self,
        advance: SignedDuration,
        freeze: Option<bool>,
    ) -> Result<ClockReading, ClockFixed> {
        let reading = self.engine.change_clock(advance, freeze)?;
        let _ = tokio::time::timeout(PATIENCE, self.nudge.wait()).await;
        Ok(reading)
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
