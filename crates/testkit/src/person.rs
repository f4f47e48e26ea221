//! Somebody who calls a server: a token, and the two ways to use it.

use pimento_client::Pimento;
use serde_json::Value;

use crate::{Answer, Call, TestServer};

/// Somebody who is signed in to a server.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    server: &'a TestServer,
    token: String,
}

impl<'a> Person<'a> {
    pub(crate) fn new(server: &'a TestServer, token: String) -> Self {
        Self { server, token }
    }

    /// Their token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The generated client, with their token.
    pub fn client(&self) -> Pimento {
        self.server.client().with_token(&self.token)
    }

    /// A plain request with their token.
    pub fn call(&self, method: &str, target: &str) -> Call {
        self.server.call(method, target).bearer(&self.token)
    }

    /// What GET answers them.
    pub async fn get(&self, target: &str) -> Answer {
        self.call("GET", target).send().await
    }

    /// What POST answers them, without a body.
    pub async fn post(&self, target: &str) -> Answer {
        self.call("POST", target).send().await
    }

    /// What a request with a JSON body answers them.
    pub async fn send(&self, method: &str, target: &str, body: &Value) -> Answer {
        self.call(method, target).json(body).send().await
    }

    /// What DELETE answers them.
    pub async fn delete(&self, target: &str) -> Answer {
        self.call("DELETE", target).send().await
    }
}
