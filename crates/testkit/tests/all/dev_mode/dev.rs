//! A dev server as its operator sees it: what it printed, and what it answers. Every answer is judged by the contract.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pimento_testkit::{Answer, Call, Contract};
use serde_json::{Value, json};

use crate::server_program::{Ended, Program, Signal, text};

/// The last line that a dev server prints when it starts.
const LAST_LINE: &str = "Ctrl-C ends it.";

/// A dev server that answers.
pub(crate) struct Dev {
    pub(crate) program: Program,
    /// All that it printed at the start, line by line.
    pub(crate) banner: Vec<String>,
    /// Where it says that it is, such as `http://127.0.0.1:41234`.
    pub(crate) url: String,
    /// What judges its answers.
    pub(crate) contract: Arc<Contract>,
}

impl Dev {
    /// Starts `pimento-server dev` on a free port of 127.0.0.1.
    pub(crate) async fn start() -> Self {
        Self::with(&["--listen", "127.0.0.1:0"]).await
    }

    /// Starts it with a database in this folder.
    pub(crate) async fn on(data: &Path) -> Self {
        Self::with(&["--listen", "127.0.0.1:0", "--data", text(data)]).await
    }

    /// Starts it with these arguments.
    pub(crate) async fn with(arguments: &[&str]) -> Self {
        Self::of(Program::start(&[&["dev"], arguments].concat())).await
    }

    /// Starts it with these arguments so that it logs all it can.
    pub(crate) async fn telling_all(arguments: &[&str]) -> Self {
        let arguments = [&["dev", "--listen", "127.0.0.1:0"], arguments].concat();
        Self::of(Program::start_telling_all(&arguments)).await
    }

    /// Starts it where each line of its log fails to be written.
    pub(crate) async fn unheard() -> Self {
        Self::of(Program::start_unheard(&["dev", "--listen", "127.0.0.1:0"])).await
    }

    async fn of(mut program: Program) -> Self {
        if program.prints(LAST_LINE).await.is_none() {
            panic!("it did not start: {:?}", program.ended().await);
        }
        let banner: Vec<String> = program.printed().lines().map(str::to_owned).collect();
        let api = banner
            .iter()
            .find_map(|line| line.trim().strip_prefix("API "))
            .expect("the banner says where the API is");
        let url = api.trim().strip_suffix("/beta").expect("the API's root");
        Self {
            url: url.to_owned(),
            program,
            banner,
            contract: Arc::new(Contract::of_dev()),
        }
    }

    /// Where it listens, reached from this machine.
    pub(crate) fn address(&self) -> SocketAddr {
        let address = self.url.strip_prefix("http://").expect("an http URL");
        address.parse().expect("an address and a port")
    }

    /// A request.
    pub(crate) fn call(&self, method: &str, target: &str) -> Call {
        Call::new(self.address(), method, target).judged_by(&self.contract)
    }

    /// What GET answers to anybody.
    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.call("GET", target).send().await
    }

    /// What a request with a JSON body answers to anybody.
    pub(crate) async fn post(&self, target: &str, body: &Value) -> Answer {
        self.call("POST", target).json(body).send().await
    }

    /// A token with these claims.
    pub(crate) async fn token(&self, claims: Value) -> String {
        let answer = self.post("/dev/token", &claims).await.expect(200);
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// A request of ada's, who may do everything.
    pub(crate) async fn as_ada(&self, method: &str, target: &str) -> Call {
        let token = self.token(json!({"oid": "ada"})).await;
        self.call(method, target).bearer(&token)
    }

    /// All assignments of the demo tenant, as ada sees them.
    pub(crate) async fn assignments(&self) -> Vec<Value> {
        let call = self
            .as_ada("GET", "/beta/privilegedRoleAssignments?$top=1000")
            .await;
        let mut list = call.send().await.expect(200);
        assert_eq!(
            list.get("@odata.nextLink"),
            None,
            "one page is enough for these tests"
        );
        let value = list["value"].take();
        serde_json::from_value(value).expect("a list")
    }

    /// Stops it, as Ctrl-C does.
    pub(crate) async fn stop(self) -> Ended {
        let ended = self.program.stop(Signal::Interrupt).await;
        assert!(ended.status.success(), "{ended:?}");
        ended
    }
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a part with the claims");
    let bytes = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}
