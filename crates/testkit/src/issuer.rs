//! An issuer of the outside world: discovery, a key set with a key of each algorithm, and tokens as they should be.

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::server::ANYWHERE;

/// Making an RSA key takes a while, so all issuers have the same.
static RSA: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).expect("there is randomness"));

/// How a token is signed. The name of each is also the id of the issuer's key for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with PKCS #1 v1.5 and SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// An issuer on loopback, until it is dropped. Its keys are fresh, but for the RSA key, which all issuers share.
#[derive(Debug)]
pub struct TestIssuer {
    url: String,
    keys: Keys,
    task: JoinHandle<()>,
}

/// The key pairs of an issuer, but for the RSA one.
#[derive(Debug)]
struct Keys {
    curve: EcdsaKeyPair,
    edwards: Ed25519KeyPair,
}

impl TestIssuer {
    /// The audience that its tokens are for, where their claims do not say.
    pub const AUDIENCE: &str = "pimento";

    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(ANYWHERE)
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it listens"));
        let keys = Keys::generate();
        let configuration = json!({"issuer": url, "jwks_uri": format!("{url}/keys")});
        let published = json!({"keys": Algorithm::ALL.map(|algorithm| keys.public(algorithm))});
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(|| async { Json(configuration) }),
            )
            .route("/keys", get(|| async { Json(published) }));
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("serving never ends");
        });
        Self { url, keys, task }
    }

    /// Its name, and where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its table in a server's configuration, with more members after those that every issuer needs.
    pub fn table(&self, members: &str) -> String {
        let audience = Self::AUDIENCE;
        format!(
            "[[issuers]]\nissuer = \"{}\"\naudiences = [\"{audience}\"]\n{members}\n",
            self.url
        )
    }

    /// A token with these claims. `iss`, `aud`, `iat`, `exp` and `scp` are filled in, unless they are there; those that
    /// are null are left out.
    pub fn token(&self, claims: &Value) -> String {
        self.token_by(Algorithm::EdDsa, claims)
    }

    /// A token that is signed by this algorithm.
    pub fn token_by(&self, algorithm: Algorithm, claims: &Value) -> String {
        let now = wall_seconds();
        let mut all = json!({
            "iss": self.url, "aud": Self::AUDIENCE, "iat": now, "exp": now + 600,
            "scp": "Directory.AccessAsUser.All PrivilegedAccess.ReadWrite.AzureAD",
        });
        let members = all.as_object_mut().expect("claims are an object");
        members.extend(claims.as_object().cloned().unwrap_or_default());
        members.retain(|_, claim| !claim.is_null());
        let header = json!({"alg": algorithm.name(), "kid": algorithm.name(), "typ": "JWT"});
        let [header, claims] = [header, all].map(|part| encode(part.to_string().as_bytes()));
        let signed = format!("{header}.{claims}");
        let signature = self.keys.sign(algorithm, signed.as_bytes());
        format!("{signed}.{}", encode(&signature))
    }
}

impl Keys {
    fn generate() -> Self {
        let curve = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Self {
            curve: curve.expect("there is randomness"),
            edwards: Ed25519KeyPair::generate().expect("there is randomness"),
        }
    }

    fn sign(&self, algorithm: Algorithm, bytes: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match algorithm {
            Algorithm::Rs256 => {
                let mut signature = vec![0; RSA.public_modulus_len()];
                RSA.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .expect("the key is good");
                signature
            }
            Algorithm::Es256 => {
                let signature = self.curve.sign(&random, bytes);
                signature.expect("the key is good").as_ref().to_vec()
            }
            Algorithm::EdDsa => self.edwards.sign(bytes).as_ref().to_vec(),
        }
    }

    /// The public key as a JSON Web Key.
    fn public(&self, algorithm: Algorithm) -> Value {
        let mut key = match algorithm {
            Algorithm::Rs256 => {
                let key = RSA.public_key();
                let modulus = key.modulus().big_endian_without_leading_zero();
                let exponent = key.exponent().big_endian_without_leading_zero();
                json!({"kty": "RSA", "n": encode(modulus), "e": encode(exponent)})
            }
            Algorithm::Es256 => {
                let (x, y) = self.curve.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y)})
            }
            Algorithm::EdDsa => {
                let x = encode(self.edwards.public_key().as_ref());
                json!({"kty": "OKP", "crv": "Ed25519", "x": x})
            }
        };
        for (name, value) in [
            ("kid", algorithm.name()),
            ("alg", algorithm.name()),
            ("use", "sig"),
        ] {
            key[name] = json!(value);
        }
        key
    }
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[expect(clippy::disallowed_methods, reason = "tokens keep to wall time")]
fn wall_seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("it is after 1970").as_secs()
}
