//! Key sets (RFC 7517): which key and algorithm may verify a token.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::Deserialize;
use serde_json::Value;

use super::Fault;
use super::token::Token;

const RSA: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// The keys of an issuer that can verify signatures here.
#[derive(Debug)]
pub(super) struct KeySet(Vec<Key>);

/// A public key and what it may be used with.
#[derive(Debug)]
struct Key {
    kid: Option<String>,
    /// Those that fit the type of the key, or only the one that the key itself names.
    algorithms: Vec<Algorithm>,
    decoding: DecodingKey,
}

impl KeySet {
    /// Takes the JSON of a key set. Keys for other purposes or of kinds that are not known here are left out, as a set
    /// may hold such keys for others. A set without any usable key is one too: its issuer has withdrawn them all.
    pub(super) fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<Value>,
        }
        let document: Document = serde_json::from_slice(json)?;
        Ok(Self(
            document.keys.into_iter().filter_map(Key::parse).collect(),
        ))
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks the signature with the key that the token names. A token that names none is only taken where there is one
    /// key and no choice.
    pub(super) fn verify(&self, token: &Token<'_>, algorithm: Algorithm) -> Result<(), Fault> {
        let named: Vec<&Key> = match &token.kid {
            Some(kid) => self
                .0
                .iter()
                .filter(|key| key.kid.as_ref() == Some(kid))
                .collect(),
            None if self.0.len() == 1 => self.0.iter().collect(),
            None => Vec::new(),
        };
        if named.is_empty() {
            return Err(Fault::UnknownKey);
        }
        let mut fitting = named
            .into_iter()
            .filter(|key| key.algorithms.contains(&algorithm))
            .peekable();
        if fitting.peek().is_none() {
            return Err(Fault::KeyMismatch);
        }
        // Keys of different types may share an id (RFC 7517 §4.5), so there can be more than one to try.
        if fitting.any(|key| key.has_signed(token, algorithm)) {
            Ok(())
        } else {
            Err(Fault::BadSignature)
        }
    }
}

impl Key {
    fn parse(json: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(json).ok()?;
        let common = &jwk.common;
        let for_signatures = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
        let operations = common.key_operations.as_ref();
        if !for_signatures || operations.is_some_and(|all| !all.contains(&KeyOperations::Verify)) {
            return None;
        }
        let fitting: &[Algorithm] = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => RSA,
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
                &[Algorithm::ES256]
            }
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => {
                &[Algorithm::ES384]
            }
            AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
                &[Algorithm::EdDSA]
            }
            // A symmetric key in a public place is no secret.
            _ => return None,
        };
        let algorithms = match common.key_algorithm {
            None => fitting.to_vec(),
            Some(named) => vec![
                named
                    .try_into()
                    .ok()
                    .filter(|named| fitting.contains(named))?,
            ],
        };
        Some(Self {
            decoding: DecodingKey::from_jwk(&jwk).ok()?,
            kid: jwk.common.key_id,
            algorithms,
        })
    }

    fn has_signed(&self, token: &Token<'_>, algorithm: Algorithm) -> bool {
        let message = token.signed.as_bytes();
        crypto::verify(token.signature, message, &self.decoding, algorithm).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn usable(key: Value) -> usize {
        KeySet::parse(json!({ "keys": [key] }).to_string().as_bytes())
            .expect("a set")
            .len()
    }

    #[test]
    fn keys_for_other_purposes_and_of_unknown_kinds_are_left_out() {
        let (x, y) = (
            "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        );
        assert_eq!(
            usable(json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})),
            1
        );
        assert_eq!(
            usable(
                json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256"})
            ),
            1
        );
        assert_eq!(
            usable(json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "key_ops": ["verify"]})),
            1
        );
        for other in [
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "enc"}),
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "key_ops": ["deriveKey"]}),
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": "ES384"}),
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": "ECDH-ES"}),
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": 7}),
            json!({"kty": "EC", "crv": "P-256", "x": "!", "y": y}),
            json!({"kty": "EC", "crv": "secp256k1", "x": x, "y": y}),
            json!({"kty": "EC", "crv": "P-521", "x": x, "y": y}),
            json!({"kty": "OKP", "crv": "X25519", "x": x}),
            json!({"kty": "RSA", "e": "AQAB"}),
            json!({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}),
            json!({"kty": "AKP"}),
            json!("key"),
            json!(null),
        ] {
            assert_eq!(usable(other.clone()), 0, "{other}");
        }
    }

    #[test]
    fn an_empty_set_is_a_set_and_other_json_is_not() {
        assert_eq!(KeySet::parse(br#"{"keys":[]}"#).expect("a set").len(), 0);
        for text in [
            "",
            "[]",
            "{}",
            "null",
            r#"{"keys":{}}"#,
            r#"{"keys":null}"#,
            "<html>",
        ] {
            assert!(KeySet::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
