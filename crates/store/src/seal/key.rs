//! The keys that sign heads: a secret one beside the server, and the public one that whoever verifies has to know.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::encoding::{AsBigEndian as _, Curve25519SeedBin};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::{hex, unhex};

/// What the text of a secret key begins with.
const SECRET: &str = "pimento-seal-key-1";

/// The key that signs heads.
pub struct SealKey(Ed25519KeyPair);

/// The key that tells whether a head was signed by its secret counterpart. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

/// A text that is not a key, or no longer the one that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// A secret key.
    #[error("it is not a seal key, or is damaged: one line of `{SECRET}`, 64 digits and 64 digits")]
    Secret,
    /// A public key.
    #[error("it is not a public key: 64 hexadecimal digits in small letters")]
    Public,
}

impl SealKey {
    /// A new key.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn generate() -> Result<Self, Unspecified> {
        Ed25519KeyPair::generate().map(Self)
    }

    /// The key in a text that [`SealKey::to_text`] wrote. The text has both halves, so that damage shows.
    ///
    /// # Errors
    /// [`InvalidKey::Secret`].
    pub fn from_text(text: &str) -> Result<Self, InvalidKey> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let [SECRET, seed, public] = words[..] else {
            return Err(InvalidKey::Secret);
        };
        let (Some(seed), Some(public)) = (unhex::<32>(seed), unhex::<32>(public)) else {
            return Err(InvalidKey::Secret);
        };
        Ed25519KeyPair::from_seed_and_public_key(&seed, &public)
            .map(Self)
            .map_err(|_| InvalidKey::Secret)
    }

    /// The key as one line of text.
    ///
    /// # Errors
    /// Where the library does not give it out.
    pub fn to_text(&self) -> Result<String, Unspecified> {
        let seed = self.0.seed()?;
        let seed: Curve25519SeedBin<'_> = seed.as_be_bytes()?;
        let (seed, public) = (hex(seed.as_ref()), self.public_key());
        Ok(format!("{SECRET} {seed} {public}\n"))
    }

    /// Its public half.
    pub fn public_key(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.0.sign(message).as_ref());
        signature
    }
}

impl fmt::Debug for SealKey {
    /// Never the secret half.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.public_key())
    }
}

impl PublicKey {
    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        key.verify(message, signature).is_ok()
    }
}

impl FromStr for PublicKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        unhex(text).map(Self).ok_or(InvalidKey::Public)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
