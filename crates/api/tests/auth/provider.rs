//! An issuer on loopback that does what a test tells it to: rotate, go down, lie, ramble, hang.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};
use http::{HeaderValue, StatusCode, Uri, header};
use pimento_api::auth::{Authenticator, Identity, Issuer, KeyTiming, Refused};
use serde_json::{Value, json};

use crate::signer::{Signer, now};

/// How the issuer answers.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// As an issuer should.
    Honest,
    /// With this status.
    Status(StatusCode),
    /// With this text and 200.
    Text(String),
    /// By sending the asker elsewhere, with this status.
    Redirect(StatusCode, String),
    /// With this text, a byte a second.
    Drip(String),
    /// With blanks and no end.
    Endless,
    /// With these bytes, which it says are in this encoding.
    Encoded(&'static str, Vec<u8>),
    /// Never.
    Silence,
}

struct Script {
    origin: String,
    discovery: Answer,
    keys_answer: Answer,
    keys: Vec<Value>,
    /// How often each path was asked for.
    asked: BTreeMap<String, usize>,
}

/// An issuer at `{origin}/issuer`, and at every other path of the origin.
#[derive(Clone)]
pub(crate) struct Provider(Arc<Mutex<Script>>);

impl Provider {
    /// Starts one that publishes the keys of these signers.
    pub(crate) async fn start(signers: &[&Signer]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self(Arc::new(Mutex::new(Script {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            discovery: Answer::Honest,
            keys_answer: Answer::Honest,
            keys: Vec::new(),
            asked: BTreeMap::new(),
        })));
        provider.publish(signers);
        let router = Router::new().fallback(answer).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub(crate) fn origin(&self) -> String {
        self.0.lock().unwrap().origin.clone()
    }

    /// The name of the issuer that most tests use.
    pub(crate) fn issuer(&self) -> String {
        format!("{}/issuer", self.origin())
    }

    pub(crate) fn publish(&self, signers: &[&Signer]) {
        self.publish_keys(signers.iter().map(|signer| signer.jwk()).collect());
    }

    pub(crate) fn publish_keys(&self, keys: Vec<Value>) {
        self.0.lock().unwrap().keys = keys;
    }

    pub(crate) fn answer_discovery(&self, answer: Answer) {
        self.0.lock().unwrap().discovery = answer;
    }

    pub(crate) fn answer_keys(&self, answer: Answer) {
        self.0.lock().unwrap().keys_answer = answer;
    }

    /// How often keys were asked for, from any path.
    pub(crate) fn fetches(&self) -> usize {
        self.asked(".well-known/openid-configuration")
    }

    /// How often paths with this end were asked for.
    pub(crate) fn asked(&self, end: &str) -> usize {
        let script = self.0.lock().unwrap();
        script
            .asked
            .iter()
            .filter(|(path, _)| path.ends_with(end))
            .map(|(_, count)| count)
            .sum()
    }

    /// An issuer's configuration: this issuer, tenant `contoso`, audience `pimento`, but for these members.
    pub(crate) fn configuration(&self, changes: Value) -> Issuer {
        let mut table =
            json!({"issuer": self.issuer(), "audiences": ["pimento"], "tenant": "contoso"});
        change(&mut table, changes);
        serde_json::from_value(table).unwrap()
    }

    /// An authenticator that trusts this issuer, configured with these changes.
    pub(crate) fn authenticator(&self, changes: Value) -> Authenticator {
        Authenticator::new(vec![self.configuration(changes)]).unwrap()
    }

    /// The claims of a good token of this issuer, but for these; null takes one away.
    pub(crate) fn claims(&self, changes: Value) -> Value {
        let mut claims = json!({
            "iss": self.issuer(), "aud": "pimento", "sub": "ada", "scp": "Directory.AccessAsUser.All",
            "iat": now(), "exp": now() + 600,
        });
        change(&mut claims, changes);
        claims
    }
}

/// Sets members; null takes one away.
fn change(object: &mut Value, changes: Value) {
    let members = object.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
}

async fn answer(State(provider): State<Provider>, uri: Uri) -> Response {
    let path = uri.path().to_owned();
    let (answer, honest) = {
        let mut script = provider.0.lock().unwrap();
        *script.asked.entry(path.clone()).or_default() += 1;
        match path.strip_suffix("/.well-known/openid-configuration") {
            Some(issuer) => {
                let issuer = format!("{}{issuer}", script.origin);
                let jwks_uri = format!("{issuer}/keys");
                (
                    script.discovery.clone(),
                    json!({"issuer": issuer, "jwks_uri": jwks_uri}),
                )
            }
            None => (script.keys_answer.clone(), json!({ "keys": script.keys })),
        }
    };
    match answer {
        Answer::Honest => honest.to_string().into_response(),
        Answer::Status(status) => status.into_response(),
        Answer::Text(text) => text.into_response(),
        Answer::Redirect(status, to) => {
            let to = HeaderValue::from_str(&to).unwrap();
            (status, [(header::LOCATION, to)]).into_response()
        }
        Answer::Drip(text) => {
            let drops = stream::iter(text.into_bytes()).then(|byte| async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok::<_, Infallible>(vec![byte])
            });
            Body::from_stream(drops).into_response()
        }
        Answer::Endless => {
            let blanks = stream::repeat_with(|| Ok::<_, Infallible>(vec![b' '; 64 * 1024]));
            Body::from_stream(blanks).into_response()
        }
        Answer::Encoded(encoding, bytes) => {
            ([(header::CONTENT_ENCODING, encoding)], bytes).into_response()
        }
        Answer::Silence => std::future::pending().await,
    }
}

/// What the authenticator says to this token.
pub(crate) async fn present(
    authenticator: &Authenticator,
    token: &str,
) -> Result<Identity, Refused> {
    let header = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
    authenticator.authenticate(Some(&header)).await
}

/// Lets time pass without waiting for it. Nothing may be under way meanwhile, as its timeouts would pass too.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// The least time between two fetches that unknown keys ask for.
pub(crate) fn refetch() -> Duration {
    KeyTiming::default().refetch
}
