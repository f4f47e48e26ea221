//! An issuer whose documents and tokens are whatever a test makes of them.

use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Discovery document and key set, as bytes.
type Documents = Arc<Mutex<[Vec<u8>; 2]>>;

/// An issuer on loopback, until it is dropped.
pub(crate) struct HostileIssuer {
    pub(crate) url: String,
    key: Ed25519KeyPair,
    documents: Documents,
    task: JoinHandle<()>,
}

impl HostileIssuer {
    /// Starts one, with documents as they should be.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let key = Ed25519KeyPair::generate().unwrap();
        let discovery = json!({"issuer": url, "jwks_uri": format!("{url}/keys")});
        let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": encode(key.public_key().as_ref())}]});
        let documents = [discovery, keys].map(|document| document.to_string().into_bytes());
        let documents = Arc::new(Mutex::new(documents));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&documents));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            key,
            documents,
            task,
        }
    }

    /// Publishes these instead: discovery document and key set.
    pub(crate) fn publish(&self, documents: [Vec<u8>; 2]) {
        *self.documents.lock().unwrap() = documents;
    }

    /// Text of a seed, with this issuer's name and key in the places for them.
    pub(crate) fn fill(&self, seed: &str) -> String {
        seed.replace("ISSUER", &self.url)
            .replace("PUBLIC-KEY", &encode(self.key.public_key().as_ref()))
    }

    /// A token of these bytes, well signed whatever they are.
    pub(crate) fn sign(&self, header: &[u8], claims: &[u8]) -> String {
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", encode(signature.as_ref()))
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn answer(State(documents): State<Documents>, uri: Uri) -> Vec<u8> {
    let [discovery, keys] = documents.lock().unwrap().clone();
    if uri.path().ends_with("/openid-configuration") {
        discovery
    } else {
        keys
    }
}

impl Drop for HostileIssuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
