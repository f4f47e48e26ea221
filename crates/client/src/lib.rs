//! Call the Pimento API from Rust.
//!
//! ```no_run
//! use pimento_client::{Error, Pimento, graph_beta::types::SelfActivateParameters};
//!
//! # async fn activate(token: &str) -> Result<(), Error> {
//! let pimento = Pimento::new("https://pimento.example")?.with_token(token);
//! let user_administrator = "fe930be7-5e62-47db-91af-98c3a49a38b1";
//! let two_hours = SelfActivateParameters { duration: Some("PT2H".into()), ..Default::default() };
//! let mine = pimento.graph().self_activate().id(user_administrator).body(two_hours).send().await?;
//! println!("active until {:?}", mine.expiration_date_time);
//! # Ok(())
//! # }
//! ```
//!
//! [`Pimento`] is one server as one caller sees it. It has a generated client for each family of operations:
//! [`graph()`](Pimento::graph) for roles, assignments and sign-up, [`admin()`](Pimento::admin) for probes and
//! [`dev()`](Pimento::dev) for the emulator. Each operation is a method named like the `operationId` in the server's
//! documents. It returns a builder: give it the parameters, then [`send`](graph_beta::builder::MakePermanent::send).
//! The answer is a [`ResponseValue`], which derefs to the typed body and has the status and the headers.
//!
//! The crate's `examples/` run against a server in dev mode.
//!
//! # Errors
//!
//! `?` turns what a generated method returns into an [`Error`]. Most are [`Error::Refused`]: the server says why, by a
//! stable `code`, with the `target` at fault and with one entry in `details` for each rule that failed.
//!
//! ```no_run
//! # use pimento_client::{Error, Pimento};
//! # async fn remove(pimento: Pimento) -> Result<(), Error> {
//! let removed = pimento.graph().delete_assignment().id("ben_fe930be7-5e62-47db-91af-98c3a49a38b1").send().await;
//! match removed.map_err(Error::from) {
//!     Err(error) if error.code() == Some("ResourceNotFound") => println!("it was gone already"),
//!     Err(error) if error.is_retryable() => println!("try again in {:?}", error.retry_after()),
//!     other => drop(other?),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Nothing is repeated by itself. [`Error::is_retryable`] tells whether it may be worth it, [`Error::retry_after`]
//! when: after 429, which is for whoever makes more requests than the server lets one caller make, a call passes then.
//! Where a role asks for a second factor that the token does not show, [`Error::challenges`] says which sign-in would.
//!
//! # Request ids
//!
//! Each request has a fresh GUID as `client-request-id`, or the one that you hand out by
//! [`Pimento::with_request_ids`]. The server answers it with an id of its own, by which the request is found in its
//! log and in the audit trail: [`request_id`] of an answer, [`Error::request_id`] of a failure.
//!
//! # Lists
//!
//! The methods named `list_...` answer one page. [`paging::items`] goes through all of them, one at a time.
//!
//! Those named `count_...` answer the number of all elements.
//!
//! # Tokens
//!
//! [`Pimento::with_token`] is for programs that end before their token does. Everything else gives
//! [`Pimento::with_token_provider`] a closure, which is asked before each request:
//!
//! ```no_run
//! # use pimento_client::{Error, Pimento};
//! # #[derive(Clone)] struct Vault;
//! # impl Vault { async fn fresh_token(&self) -> Result<String, std::io::Error> { Ok(String::new()) } }
//! # fn provider(vault: Vault) -> Result<(), Error> {
//! let pimento = Pimento::new("https://pimento.example")?.with_token_provider(move || {
//!     let vault = vault.clone();
//!     async move { vault.fresh_token().await }
//! });
//! # Ok(())
//! # }
//! ```
//!
//! The token goes to the server that [`Pimento::new`] names and nowhere else: redirects and links to other origins are
//! not followed.
//!
//! # TLS
//!
//! The feature `rustls` is on by default: HTTPS with the certificates that the platform trusts. Without it
//! (`default-features = false`) the crate speaks plain HTTP only, which is enough for tests on loopback and builds
//! faster. For other TLS libraries, or a certificate authority of your own, leave it off as you like, build a
//! [`reqwest::Client`] and give it to [`Pimento::with_http_client`].
//!
//! # Testing against it
//!
//! `pimento-server dev` starts a server with a demo tenant, a token for everybody, and a clock that you can move:
//!
//! ```no_run
//! # use pimento_client::{Error, Pimento, dev::types::ClockChange};
//! # async fn test() -> Result<(), Error> {
//! let pimento = Pimento::new("http://127.0.0.1:8080")?;
//! let claims = serde_json::Map::from_iter([("oid".to_owned(), "ben".into())]);
//! let token = pimento.dev().issue_token().body(claims).send().await?.into_inner();
//! let ben = pimento.clone().with_token(&token.access_token);
//! // Ben activates a role for two hours. They are over at once:
//! let two_hours = ClockChange { advance: Some("PT2H".into()), freeze: None };
//! pimento.dev().change_clock().body(two_hours).send().await?;
//! # drop(ben);
//! # Ok(())
//! # }
//! ```

mod answer;
mod error;
#[expect(
    missing_docs,
    reason = "the documents describe what needs it; progenitor adds builders without a word"
)]
#[expect(
    clippy::allow_attributes,
    reason = "progenitor silences its own output by `allow`"
)]
#[expect(
    clippy::too_many_lines,
    reason = "progenitor's `send` has an arm for every status of the operation"
)]
#[expect(
    clippy::unwrap_used,
    reason = "progenitor's `Client::new` unwraps; `Pimento::new` does not call it"
)]
mod generated;
mod hooks;
pub mod paging;
mod pimento;
mod session;

pub use answer::{client_request_id, request_id, text};
pub use error::{Error, Protocol, Refused};
pub use generated::{admin, dev, graph_beta};
pub use pimento::Pimento;
pub use progenitor_client::{ByteStream, ResponseValue};
pub use session::Session;

// Types of these crates are part of this one's API, so that its users need not find the fitting versions.
pub use {chrono, reqwest, uuid};
