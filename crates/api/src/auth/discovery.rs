//! Fetching an issuer's keys by OpenID Connect Discovery. Bounded in time and size, without redirects.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url, redirect};
use serde::Deserialize;

use super::keys::KeySet;
use super::name::{self, Name, Reach};

/// The largest document that is read, in bytes. Entra's key set has about 20 KiB.
const MAX_DOCUMENT: usize = 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// For one document from the first byte sent to the last byte read.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why there are no keys. For the log: it may name addresses that a caller need not know.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("{0} cannot be fetched")]
    Unreachable(Url, #[source] reqwest::Error),
    #[error("{0} answers {1}")]
    Status(Url, StatusCode),
    #[error("{0} is longer than {MAX_DOCUMENT} bytes")]
    TooLong(Url),
    #[error("{0} is not the JSON that it should be")]
    Json(Url, #[source] serde_json::Error),
    #[error("the issuer calls itself {0:?}")]
    OtherIssuer(String),
    #[error("the URL {0:?} must {1}")]
    Address(String, &'static str),
}

/// Asks one issuer, or the issuers of one template, for their keys. Issuers elsewhere are asked through the proxy that
/// the environment names (`HTTPS_PROXY`), those on this machine directly.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    name: Name,
    client: Client,
}

/// What is read of a discovery document (OpenID Connect Discovery 1.0 §3).
#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: String,
}

impl Fetcher {
    pub(super) fn new(name: &Name) -> Result<Self, reqwest::Error> {
        let url = name::parse_url(&name.to_string()).ok();
        let mut client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            // Keys are fetched once an hour; a connection that is kept would be dead by then.
            .pool_max_idle_per_host(0);
        if url.as_ref().is_some_and(name::is_loopback) {
            client = client.no_proxy();
        }
        client = match url.as_ref().map(Url::scheme) {
            // Without TLS no root certificates are needed, so a machine that has none can run dev mode.
            Some("http") => client.tls_certs_only([]),
            _ => client.https_only(true),
        };
        Ok(Self {
            name: name.clone(),
            client: client.build()?,
        })
    }

    /// Fetches the discovery document of `iss`, and the keys that it points to.
    pub(super) async fn keys(&self, iss: &str) -> Result<KeySet, FetchError> {
        // A slash at the end is part of the name, but not doubled in the address (Discovery §4.1).
        let base = iss.strip_suffix('/').unwrap_or(iss);
        let address = format!("{base}/.well-known/openid-configuration");
        let url = parse_address(&address)?;
        let json = self.get(&url).await?;
        let document: Document =
            serde_json::from_slice(&json).map_err(|error| FetchError::Json(url.clone(), error))?;
        if !self.name.may_be_called(&document.issuer, iss) {
            return Err(FetchError::OtherIssuer(
                document.issuer.chars().take(200).collect(),
            ));
        }
        let keys = keys_address(&document.jwks_uri, &url)?;
        let json = self.get(&keys).await?;
        KeySet::parse(&json).map_err(|error| FetchError::Json(keys, error))
    }

    async fn get(&self, url: &Url) -> Result<Vec<u8>, FetchError> {
        let unreachable =
            |error: reqwest::Error| FetchError::Unreachable(url.clone(), error.without_url());
        let mut response = self
            .client
            .get(url.clone())
            .send()
            .await
            .map_err(unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(url.clone(), response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if MAX_DOCUMENT < body.len() + chunk.len() {
                return Err(FetchError::TooLong(url.clone()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Where an issuer that was asked at `issuer` has its keys. It cannot send us further inside than it is itself: another
/// machine not to one of our own services, and one of the internet not to an address of our network.
fn keys_address(jwks_uri: &str, issuer: &Url) -> Result<Url, FetchError> {
    let keys = parse_address(jwks_uri)?;
    if Reach::of(&keys) < Reach::of(issuer) {
        return Err(FetchError::Address(
            keys.into(),
            "not be of this machine or its network, as its issuer is not",
        ));
    }
    Ok(keys)
}

fn parse_address(text: &str) -> Result<Url, FetchError> {
    name::parse_url(text).map_err(|must| {
        let text = text.chars().take(200).collect();
        FetchError::Address(text, must)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_followed(jwks_uri: &str, issuer: &str) -> bool {
        let issuer = issuer.parse().expect("a URL");
        keys_address(jwks_uri, &issuer).is_ok()
    }

    #[test]
    fn an_issuer_elsewhere_cannot_point_to_this_machine() {
        assert!(is_followed(
            "https://keys.example/certs",
            "https://id.example"
        ));
        assert!(is_followed(
            "https://keys.example/certs",
            "http://127.0.0.1:8080"
        ));
        assert!(is_followed(
            "http://127.0.0.1:9/keys",
            "http://localhost:8080"
        ));
        for own in [
            "https://127.0.0.1/keys",
            "http://localhost:9/keys",
            "https://[::1]/keys",
            "https://localhost./keys",
            "https://id.localhost/keys",
            "https://[::ffff:127.0.0.1]/keys",
            "https://0.0.0.0/keys",
            "https://[::]/keys",
            "https://0x7f.1/keys",
        ] {
            assert!(!is_followed(own, "https://id.example"), "{own}");
            assert!(!is_followed(own, "https://10.0.0.5"), "{own}");
        }
    }

    #[test]
    fn an_issuer_of_the_internet_cannot_point_into_a_private_network() {
        for private in [
            "https://10.1.2.3/keys",
            "https://172.16.0.1/keys",
            "https://192.168.1.1/keys",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/keys",
            "https://[fd00::1]/keys",
            "https://[fe80::1]/keys",
            "https://[::ffff:10.1.2.3]/keys",
        ] {
            assert!(!is_followed(private, "https://id.example"), "{private}");
            assert!(is_followed(private, "https://10.0.0.5"), "{private}");
        }
        assert!(is_followed("https://8.8.8.8/keys", "https://id.example"));
        assert!(is_followed("https://id.example/keys", "https://10.0.0.5"));
    }
}
