//! An issuer that publishes what a test tells it to. Its keys are those of a test issuer, which signs for it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::Uri;
use axum::{Json, Router};
use pimento_testkit::{Algorithm, Call, TestIssuer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch::Sender;
use tokio::task::JoinHandle;

/// An issuer at every path of its origin, until it is dropped.
pub(crate) struct Publisher {
    url: String,
    signer: TestIssuer,
    /// All keys of the signer, of which some are published.
    keys: Vec<Value>,
    answers: Answers,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Answers {
    origin: String,
    published: Arc<Mutex<Value>>,
    /// How often keys were asked for.
    asked: Arc<Sender<usize>>,
    /// Whether who asks for keys has to wait.
    held: Arc<Sender<bool>>,
}

impl Publisher {
    /// Starts one that publishes no key yet.
    pub(crate) async fn start() -> Self {
        let signer = TestIssuer::start().await;
        let address = signer.url().strip_prefix("http://").expect("an http URL");
        let call = Call::new(address.parse().expect("an address"), "GET", "/keys");
        let mut keys = call.send().await.expect(200);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let answers = Answers {
            origin: origin.clone(),
            published: Arc::new(Mutex::new(json!({"keys": []}))),
            asked: Arc::new(Sender::new(0)),
            held: Arc::new(Sender::new(false)),
        };
        let router = Router::new().fallback(answer).with_state(answers.clone());
        Self {
            url: origin,
            signer,
            keys: serde_json::from_value(keys["keys"].take()).expect("a list"),
            answers,
            task: tokio::spawn(async move {
                axum::serve(listener, router)
                    .await
                    .expect("serving never ends");
            }),
        }
    }

    /// Its origin, under which each path is an issuer.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Publishes the keys of these algorithms, and no others.
    pub(crate) fn publish(&self, algorithms: &[&str]) {
        let chosen: Vec<&Value> = self
            .keys
            .iter()
            .filter(|key| algorithms.iter().any(|name| key["alg"] == *name))
            .collect();
        assert_eq!(chosen.len(), algorithms.len(), "a key for each");
        *self
            .answers
            .published
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = json!({ "keys": chosen });
    }

    /// How often its keys were asked for.
    pub(crate) fn asked(&self) -> usize {
        *self.answers.asked.borrow()
    }

    /// Lets who asks for keys wait from now on.
    pub(crate) fn hold(&self) {
        self.answers.held.send_replace(true);
    }

    /// Waits until somebody waits for keys who asked after so many others.
    pub(crate) async fn asked_after(&self, others: usize) {
        let mut asked = self.answers.asked.subscribe();
        let more = asked.wait_for(|asked| others < *asked).await;
        more.expect("the publisher is there");
    }

    /// Answers those who wait.
    pub(crate) fn release(&self) {
        self.answers.held.send_replace(false);
    }

    /// A token of the issuer at this path, with these claims.
    pub(crate) fn token(&self, path: &str, algorithm: Algorithm, claims: &Value) -> String {
        let mut claims = claims.clone();
        claims["iss"] = json!(format!("{}{path}", self.url));
        self.signer.token_by(algorithm, &claims)
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(answers): State<Answers>, uri: Uri) -> Json<Value> {
    let issuer = uri.path().strip_suffix("/.well-known/openid-configuration");
    if issuer.is_none() {
        answers.asked.send_modify(|asked| *asked += 1);
        let mut held = answers.held.subscribe();
        let released = held.wait_for(|held| !held).await;
        released.expect("the publisher is there");
    }
    Json(match issuer {
        Some(path) => {
            let issuer = format!("{}{path}", answers.origin);
            json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")})
        }
        None => answers
            .published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone(),
    })
}
