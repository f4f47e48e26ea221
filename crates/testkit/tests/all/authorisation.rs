//! Who may call what: every operation, called by everybody whom the rules of access tell apart.
//!
//! `tests/data/authorisation.tsv` is what the server answered when it was last written. Running the server is not enough
//! to bless a fault, though: each answer must also be the one that follows from the document, a success must have its
//! effect and no other, and whatever else is answered leaves every byte of the database as it was.

mod callers;
mod expected;
mod scene;
mod table;
mod tenants;

use std::path::Path;

use pimento_testkit::{Answer, Contract, DEMO_TENANT, TestServer};
use tempfile::TempDir;

use self::callers::{Account, Caller, OTHER_TENANT};
use self::expected::{Documents, Verdict};
use self::scene::{Scene, Waiting, changes, database, furnish, give, overseer, request, set_up};
use self::table::Answers;
use crate::paths::{SIGN_UP_STATUS, assignment};

#[tokio::test]
async fn everybody_is_answered_as_the_document_and_the_table_say() {
    let folder = TempDir::new().unwrap();
    let server = TestServer::dev_in(folder.path()).await;
    let mut matrix = Matrix::furnished(&server, folder.path()).await;
    for caller in callers::all(&matrix.documents.scopes) {
        matrix.run(&caller).await;
    }
    assert!(matrix.wrong.is_empty(), "{}", matrix.wrong.join("\n"));
    table::compare("authorisation.tsv", &table::render(&matrix.answers));
}

/// The answers so far, and what was wrong with them.
struct Matrix<'a> {
    server: &'a TestServer,
    folder: &'a Path,
    contract: Contract,
    documents: Documents,
    answers: Answers,
    wrong: Vec<String>,
    cell: usize,
    /// Ben's requests, which the operations on one are about.
    waiting: Waiting,
    /// The files of the database after the last change that should be.
    bytes: Vec<Vec<u8>>,
}

impl<'a> Matrix<'a> {
    /// A server with two registered tenants, in one of which ben holds what the requests are about.
    async fn furnished(server: &'a TestServer, folder: &'a Path) -> Self {
        let other = overseer(server, OTHER_TENANT).await;
        other
            .post(&format!("{SIGN_UP_STATUS}/signUp"))
            .await
            .expect(200);
        let demo = overseer(server, DEMO_TENANT).await;
        set_up(&other).await;
        set_up(&demo).await;
        furnish(server, &demo).await;
        Self {
            server,
            folder,
            contract: Contract::of_dev(),
            documents: Documents::read(),
            answers: Answers::new(),
            wrong: Vec::new(),
            cell: 0,
            waiting: Waiting::seen_by(&demo).await,
            bytes: database(folder),
        }
    }

    /// All operations, by this caller.
    async fn run(&mut self, caller: &Caller) {
        let demo = overseer(self.server, DEMO_TENANT).await;
        // Ben holds his own all the time.
        let held: &[_] = if caller.user == "ben" {
            &[]
        } else {
            &caller.holds
        };
        for (role, how) in held {
            give(&demo, caller.user, role, *how).await;
            self.bytes = database(self.folder);
        }
        let token = self.server.token(&caller.claims(0)).await;
        let operations: Vec<String> = self.documents.operations().map(str::to_owned).collect();
        for operation in operations {
            let expected = self.documents.verdict(&operation, caller);
            if operation == "get_readyz" {
                self.is_unchanged(caller);
            }
            if changes(&operation) && expected.0 < 300 {
                self.is_unchanged(caller);
                self.change(&operation, caller, &expected).await;
                self.bytes = database(self.folder);
            } else {
                let answer = self.call(&operation, caller, &token).await;
                self.note(&operation, caller, &answer, &expected);
            }
            if operation == "get_readyz" {
                // It shows that writing works by writing: a number that belongs to no tenant.
                self.bytes = database(self.folder);
            }
        }
        self.is_unchanged(caller);
        for (role, _) in held {
            let path = assignment(caller.user, role);
            demo.delete(&path).await.expect(204);
            self.bytes = database(self.folder);
        }
    }

    /// A change that should succeed, and have its effect.
    async fn change(&mut self, operation: &str, caller: &Caller, expected: &Verdict) {
        self.cell += 1;
        let claims = caller.claims(self.cell);
        let overseer = overseer(self.server, claims["tid"].as_str().unwrap()).await;
        let before = Scene::seen_by(&overseer).await;
        let token = self.server.token(&claims).await;
        let answer = self.call(operation, caller, &token).await;
        self.note(operation, caller, &answer, expected);
        let wrote = database(self.folder) != self.bytes;
        let (expected, seen) = (
            before.after(operation, caller),
            Scene::seen_by(&overseer).await,
        );
        let name = &caller.name;
        if wrote != (expected != before) {
            self.wrong
                .push(format!("{operation} by {name:?}: written: {wrote}"));
        }
        if seen != expected {
            self.wrong.push(format!(
                "{operation} by {name:?}: {seen:?} instead of {expected:?}"
            ));
        }
        if caller.registered {
            before.restore(self.server, &overseer).await;
        }
        let demo = scene::overseer(self.server, DEMO_TENANT).await;
        self.waiting = Waiting::seen_by(&demo).await;
    }

    async fn call(&self, operation: &str, caller: &Caller, token: &str) -> Answer {
        let call = request(self.server, &self.contract, &self.waiting, operation);
        match caller.account {
            Account::None => call.send().await,
            _ => call.bearer(token).send().await,
        }
    }

    /// Keeps an answer, and compares it with what it should be.
    fn note(&mut self, operation: &str, caller: &Caller, answer: &Answer, expected: &Verdict) {
        let (code, inner) = code(answer);
        if (answer.status, &code) != (expected.0, &expected.1) {
            let (name, status) = (&caller.name, answer.status);
            let what = format!(
                "{operation} by {name:?}: {status} {code}, but the document says {expected:?}"
            );
            self.wrong.push(what);
        }
        let cells = [code, inner].into_iter().filter(|code| !code.is_empty());
        let shown = format!(
            "{}\t{}",
            answer.status,
            cells.collect::<Vec<_>>().join(": ")
        );
        let row = (caller.name.clone(), shown);
        self.answers
            .entry(operation.to_owned())
            .or_default()
            .push(row);
    }

    fn is_unchanged(&mut self, caller: &Caller) {
        if database(self.folder) != self.bytes {
            let what = format!(
                "{:?}: a refusal or a read has changed the database",
                caller.name
            );
            self.wrong.push(what);
        }
    }
}

/// The code of a refusal, and its inner code; empty where there is none.
fn code(answer: &Answer) -> (String, String) {
    if answer.status < 400 {
        return (String::new(), String::new());
    }
    let error = answer.json()["error"].take();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&error["code"]), text(&error["innerError"]["code"]))
}
