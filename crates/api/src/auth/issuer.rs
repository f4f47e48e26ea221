//! The issuer of dev mode: tokens for whomever a tester likes. Outside dev mode none is made.
//!
//! Its tokens have no way around the verification: the server asks itself for the discovery document and the keys over
//! HTTP, as it would ask any other issuer.

use aws_lc_rs::digest;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use pimento_domain::TenantId;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::config::{InvalidIssuer, Issuer};

/// How long a token is good for, where its claims do not say, in seconds.
const LIFETIME: i64 = 3_600;

/// What a token may be used for, where its claims do not say.
const SCOPES: &str = "Directory.AccessAsUser.All PrivilegedAccess.ReadWrite.AzureAD";

/// Who a token is for, where its claims do not say.
const ANONYMOUS: &str = "anonymous";

/// An issuer with a key pair of its own, made at the start and gone at the end.
pub struct DevIssuer {
    url: String,
    audience: String,
    trust: Issuer,
    tenant: TenantId,
    kid: String,
    key_pair: Ed25519KeyPair,
}

/// Why there is no dev issuer.
#[derive(Debug, thiserror::Error)]
pub enum DevIssuerError {
    /// Its URL cannot be the name of an issuer.
    #[error(transparent)]
    Url(#[from] InvalidIssuer),
    /// The system gives no random numbers.
    #[error("no key pair can be made")]
    KeyPair(#[from] Unspecified),
}

/// The discovery document: what a verifier needs to know, and nothing of the sign-in page that there is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiscoveryDocument {
    /// The claim `iss` of the tokens.
    pub issuer: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// How the tokens are signed: `EdDSA`.
    pub id_token_signing_alg_values_supported: Vec<String>,
}

/// A token that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The signed JWT.
    pub access_token: String,
    /// For how many seconds it is still good, leaving skew aside; 0 where `exp` is past or not a number.
    pub expires_in: i64,
}

impl DevIssuer {
    /// An issuer at this URL, such as `http://127.0.0.1:8080/dev`. Its tokens are for `audience` and speak for `tenant`,
    /// where their claims do not say otherwise. The key pair and its id are fresh.
    ///
    /// # Errors
    ///
    /// [`DevIssuerError`] where the URL cannot be an issuer's, or no key pair can be made.
    pub fn new(url: &str, audience: &str, tenant: TenantId) -> Result<Self, DevIssuerError> {
        let key_pair = Ed25519KeyPair::generate()?;
        Ok(Self {
            url: url.to_owned(),
            audience: audience.to_owned(),
            trust: Issuer::of_dev_mode(url, audience)?,
            tenant,
            kid: thumbprint(&key_pair),
            key_pair,
        })
    }

    /// The configuration by which an [`Authenticator`](super::Authenticator) trusts this issuer: with every tenant and
    /// with directory roles.
    pub fn trust(&self) -> Issuer {
        self.trust.clone()
    }

    /// What is served at `{issuer}/.well-known/openid-configuration`.
    pub fn configuration(&self) -> DiscoveryDocument {
        DiscoveryDocument {
            issuer: self.url.clone(),
            jwks_uri: format!("{}/keys", self.url),
            id_token_signing_alg_values_supported: vec!["EdDSA".to_owned()],
        }
    }

    /// The public keys that are served at `{issuer}/keys`, as JSON Web Keys (RFC 8037): one.
    pub fn keys(&self) -> Vec<Value> {
        let x = URL_SAFE_NO_PAD.encode(self.key_pair.public_key());
        vec![json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.kid, "x": x,
        })]
    }

    /// A token with these claims, copied as they are: unknown ones, `""`, `[]`, null and a past `exp` too.
    ///
    /// What is left out is filled in: `iss`, `aud`, `tid`, `iat`, `nbf`, `exp`; `scp` unless `idtyp` is `app`; and `sub`
    /// as `anonymous`, where neither `oid` nor `sub` says who it is for. `now` is wall time.
    pub fn issue(&self, mut claims: Map<String, Value>, now: Timestamp) -> Issued {
        let now = now.as_second();
        let is_application = claims.get("idtyp").is_some_and(|kind| kind == "app");
        let names_user = claims.contains_key("oid") || claims.contains_key("sub");
        let defaults = [
            ("iss", Some(json!(self.url))),
            ("aud", Some(json!(self.audience))),
            ("tid", Some(json!(self.tenant.as_str()))),
            ("iat", Some(json!(now))),
            ("nbf", Some(json!(now))),
            ("exp", Some(json!(now + LIFETIME))),
            ("scp", (!is_application).then(|| json!(SCOPES))),
            ("sub", (!names_user).then(|| json!(ANONYMOUS))),
        ];
        for (name, default) in defaults {
            if let Some(default) = default {
                claims.entry(name).or_insert(default);
            }
        }
        let exp = claims.get("exp").and_then(Value::as_f64);
        Issued {
            // The cast saturates, so a date beyond all calendars stays a large number.
            expires_in: exp.map_or(0, |exp| (exp as i64).saturating_sub(now).max(0)),
            access_token: self.sign(Value::Object(claims)),
        }
    }

    fn sign(&self, claims: Value) -> String {
        let header = json!({"alg": "EdDSA", "kid": self.kid, "typ": "JWT"});
        let [header, claims] =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signature = self.key_pair.sign(format!("{header}.{claims}").as_bytes());
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The id of a key by its content (RFC 7638): the digest of its members in their one spelling.
fn thumbprint(key_pair: &Ed25519KeyPair) -> String {
    let x = URL_SAFE_NO_PAD.encode(key_pair.public_key());
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
}
