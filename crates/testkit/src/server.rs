//! A server that a test runs and that is judged: what all kinds of them have in common, and dev mode.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use pimento_client::Pimento;
use pimento_server::dev::{self, Dev};
use pimento_server::{Prepared, Running, SEARCH_LIMIT};
use pimento_store::Store;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::log::Mark;
use crate::refusals::Refusals;
use crate::watch::Watch;
use crate::{Call, Contract, Person, log};

/// A server on a free port of loopback. Dropped, it ends, and the test fails if an answer broke the contract or the
/// server logged an error.
#[derive(Debug)]
pub struct TestServer {
    address: SocketAddr,
    client: Pimento,
    watch: Arc<Watch>,
    running: Option<Keeper>,
    log: Mark,
    errors: Errors,
}

/// What keeps a server alive.
#[derive(Debug)]
enum Keeper {
    Server(Running),
    Task(JoinHandle<()>),
}

/// Whether errors in the log are a server's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errors {
    /// They are, and fail the test.
    Unexpected,
    /// The test provokes them.
    Provoked,
}

/// Any port that is free.
pub(crate) const ANYWHERE: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl TestServer {
    /// What `pimento-server dev` runs, with a fresh database in a temporary folder.
    pub async fn dev() -> Self {
        Self::dev_as(None).await.0
    }

    /// What `pimento-server dev` runs, and its store: by it a test corrects the clock backwards, gives grants that no
    /// command gives, and reads the log.
    pub async fn dev_with_store() -> (Self, Arc<dyn Store>) {
        Self::dev_as(None).await
    }

    /// What `pimento-server dev --data FOLDER` runs.
    pub async fn dev_in(folder: &Path) -> Self {
        Self::dev_as(Some(folder)).await.0
    }

    /// A dev server that also records by itself what has come due, as the program does. All others leave that to the next
    /// change of each holding, so that nothing happens at a time of its own.
    pub async fn dev_that_records() -> Self {
        Self::dev_that_records_with_store().await.0
    }

    /// The same, and its store.
    pub async fn dev_that_records_with_store() -> (Self, Arc<dyn Store>) {
        let log = log::watch();
        let dev = prepare(None).await;
        let store = dev.prepared.store();
        (Self::run(dev.prepared, Contract::of_dev(), log), store)
    }

    /// What `pimento-server dev --requests-per-minute N` runs.
    pub async fn dev_throttled(requests_per_minute: NonZeroU32) -> Self {
        Self::dev_called(None, Some(requests_per_minute)).await
    }

    /// What `pimento-server dev` runs, behind a proxy where it has a public URL, and throttled where there is a limit.
    pub async fn dev_called(
        public_url: Option<&str>,
        requests_per_minute: Option<NonZeroU32>,
    ) -> Self {
        let log = log::watch();
        let dev = dev::prepare(dev::Options {
            public_url: public_url.map(str::to_owned),
            requests_per_minute,
            ..options()
        });
        let dev = dev.await.expect("the dev server starts");
        Self::run(dev.prepared.without_recorder(), Contract::of_dev(), log)
    }

    /// A dev server where a search may take so long, and its store.
    pub async fn dev_limited(search_limit: Duration) -> (Self, Arc<dyn Store>) {
        let log = log::watch();
        let dev = dev::prepare(dev::Options {
            search_limit,
            ..options()
        });
        let dev = dev.await.expect("the dev server starts");
        let store = dev.prepared.store();
        let prepared = dev.prepared.without_recorder();
        (Self::run(prepared, Contract::of_dev(), log), store)
    }

    /// What `pimento-server dev` runs, and what it knows of refused attempts, which nothing records but the test.
    pub async fn dev_with_refusals() -> (Self, Refusals) {
        let log = log::watch();
        let dev = prepare(None).await;
        let refusals = Refusals {
            engine: dev.prepared.engine(),
            store: dev.prepared.store(),
        };
        let prepared = dev.prepared.without_recorder();
        (Self::run(prepared, Contract::of_dev(), log), refusals)
    }

    async fn dev_as(data: Option<&Path>) -> (Self, Arc<dyn Store>) {
        let log = log::watch();
        let dev = prepare(data).await;
        let store = dev.prepared.store();
        let prepared = dev.prepared.without_recorder();
        (Self::run(prepared, Contract::of_dev(), log), store)
    }

    /// Runs what was prepared, with the layer in front.
    pub(crate) fn run(mut prepared: Prepared, contract: Contract, log: Mark) -> Self {
        let watch = Watch::new(contract);
        prepared.router = watch.around(prepared.router);
        let address = prepared.address();
        Self {
            address,
            client: client(address),
            watch,
            running: Some(Keeper::Server(prepared.run())),
            log,
            errors: Errors::Unexpected,
        }
    }

    /// Runs a router of its own, with the layer in front.
    pub(crate) fn run_router(
        listener: TcpListener,
        router: Router,
        log: Mark,
        errors: Errors,
    ) -> Self {
        let address = listener.local_addr().expect("it listens");
        let watch = Watch::new(Contract::of_serve());
        let router = watch.around(router);
        let serve = async move {
            axum::serve(listener, router)
                .await
                .expect("serving never ends");
        };
        Self {
            address,
            client: client(address),
            watch,
            running: Some(Keeper::Task(tokio::spawn(serve))),
            log,
            errors,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scheme, host and port, as its own URLs begin.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The generated client of nobody in particular.
    pub fn client(&self) -> Pimento {
        self.client.clone()
    }

    /// A plain request of nobody in particular.
    pub fn call(&self, method: &str, target: &str) -> Call {
        Call::new(self.address, method, target)
    }

    /// A token of the dev issuer with these claims; it fills in the others.
    ///
    /// # Panics
    /// Where this is no dev server.
    pub async fn token(&self, claims: &Value) -> String {
        let token = self.call("POST", "/dev/token").json(claims).send().await;
        token.expect(200)["access_token"]
            .as_str()
            .expect("a token is a text")
            .to_owned()
    }

    /// Somebody of the demo tenant, who signed in with a password: ada, ben, cleo, or whoever is named.
    pub async fn person(&self, name: &str) -> Person<'_> {
        self.signed_in(&json!({"oid": name})).await
    }

    /// Somebody with these claims.
    pub async fn signed_in(&self, claims: &Value) -> Person<'_> {
        Person::new(self, self.token(claims).await)
    }

    /// Somebody with a token from elsewhere.
    pub fn bearer_of(&self, token: &str) -> Person<'_> {
        Person::new(self, token.to_owned())
    }

    /// Moves the clock of the rules forward, and answers what it shows then.
    pub async fn advance(&self, duration: &str) -> Timestamp {
        self.change_clock(&json!({"advance": duration})).await
    }

    /// Stops the clock of the rules, and answers what it shows from then on.
    pub async fn freeze(&self) -> Timestamp {
        self.change_clock(&json!({"freeze": true})).await
    }

    async fn change_clock(&self, change: &Value) -> Timestamp {
        let clock = self.call("POST", "/dev/clock").json(change).send().await;
        let now = &clock.expect(200)["now"];
        now.as_str()
            .and_then(|now| now.parse().ok())
            .expect("the clock shows an instant")
    }

    /// The operations that answered so far, each with a status that it answered and the code of a refusal, which is empty
    /// where there is none.
    pub fn answered(&self) -> BTreeSet<(String, u16, String)> {
        self.watch.answered()
    }

    /// What was wrong with answers so far.
    pub fn violations(&self) -> Vec<String> {
        self.watch.violations()
    }

    /// What this test's servers logged as errors so far.
    pub fn logged_errors(&self) -> Vec<String> {
        log::errors_since(self.log)
    }

    /// Ends the server and waits for the end, so that its database can be opened anew.
    pub async fn stop(mut self) {
        match self.running.take() {
            Some(Keeper::Server(running)) => running.stop().await,
            Some(Keeper::Task(task)) => task.abort(),
            None => {}
        }
    }
}

async fn prepare(data: Option<&Path>) -> Dev {
    let data = data.map(Path::to_owned);
    let dev = dev::prepare(dev::Options { data, ..options() });
    dev.await.expect("the dev server starts")
}

/// A dev server on a free port, and nothing else about it.
fn options() -> dev::Options {
    dev::Options {
        listen: ANYWHERE,
        data: None,
        reach: dev::Reach::Loopback,
        requests_per_minute: None,
        search_limit: SEARCH_LIMIT,
        public_url: None,
    }
}

fn client(address: SocketAddr) -> Pimento {
    Pimento::new(&format!("http://{address}")).expect("an address is a URL")
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(Keeper::Task(task)) = self.running.take() {
            task.abort();
        }
        let mut found = self.violations();
        if std::thread::panicking() {
            // The test has failed already; what the server did wrong may be why.
            eprintln!("{}", found.join("\n"));
            return;
        }
        if self.errors == Errors::Unexpected {
            let errors = log::errors_since(self.log).into_iter();
            found.extend(errors.map(|error| format!("the log has an error: {error}")));
        }
        assert!(
            found.is_empty(),
            "the server broke its contract:\n{}",
            found.join("\n")
        );
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::routing::get;

    use super::*;

    /// A server that is none of ours: it is alive, tells a lie, and logs an error.
    async fn impostor() -> TestServer {
        let log = log::watch();
        let listener = TcpListener::bind(ANYWHERE).await.unwrap();
        let alive = |status: &'static str| {
            let id = "7d0c6f6e-2b57-4b0a-8f0e-5f1f2f8f6c11";
            let headers = [("request-id", id), ("client-request-id", id)];
            (headers, axum::Json(json!({ "status": status })))
        };
        let router = Router::new()
            .route("/livez", get(move || async move { alive("alive") }))
            .route("/version", get(move || async move { alive("1.0") }))
            .route("/readyz", get(|| async { tracing::error!("not ready") }))
            .fallback(|| async { StatusCode::NOT_FOUND });
        TestServer::run_router(listener, router, log, Errors::Unexpected)
    }

    #[tokio::test]
    async fn a_server_that_keeps_to_its_contract_fails_no_test() {
        let server = impostor().await;
        server.call("GET", "/livez").send().await.expect(200);
        assert_eq!(server.violations(), [""; 0]);
        let answered = ("get_livez".to_owned(), 200, String::new());
        assert_eq!(server.answered(), BTreeSet::from([answered]));
    }

    #[tokio::test]
    #[should_panic(expected = "GET /version answered 200:  lacks the required member name")]
    async fn a_wrong_answer_fails_the_test_when_the_server_is_dropped() {
        let server = impostor().await;
        server.call("GET", "/version").send().await.expect(200);
    }

    #[tokio::test]
    #[should_panic(expected = "GET /nowhere answered 404: its Content-Type is none")]
    async fn a_refusal_without_the_envelope_fails_the_test() {
        let server = impostor().await;
        server.call("GET", "/nowhere").send().await.expect(404);
    }

    #[tokio::test]
    #[should_panic(
        expected = "the log has an error: pimento_testkit::server::tests message=not ready"
    )]
    async fn an_error_in_the_log_fails_the_test() {
        let server = impostor().await;
        server.call("GET", "/readyz").send().await.expect(200);
    }

    #[tokio::test]
    async fn errors_of_other_tests_are_not_counted() {
        let other = std::thread::Builder::new().name("tests::another".to_owned());
        let server = impostor().await;
        let other = other.spawn(|| tracing::error!("of another test")).unwrap();
        other.join().unwrap();
        assert_eq!(server.logged_errors(), [""; 0]);
    }
}
