//! Requests and approvals: the life of a role from the question to its end.

mod administrators;
mod approvals;
mod cancelling;
mod closing;
mod evaluation;
mod failures;
mod life;
mod lists;
mod rules;
mod who_sees;

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{APPROVALS, ASSIGNMENTS, REQUESTS, State, approval, request, settings};

/// The role that these tests are about. Its MFA is off.
const ROLE: &str = APPLICATION_ADMINISTRATOR;
const DENIED: &str = "Authorization_RequestDenied";

/// A tenant in which ben is eligible for the role, by a clock that stands still.
struct World<'a> {
    server: &'a TestServer,
    now: Timestamp,
    ada: Person<'a>,
    ben: Person<'a>,
}

impl<'a> World<'a> {
    /// The role has these settings.
    async fn under(server: &'a TestServer, update: &Value) -> Self {
        let now = server.freeze().await;
        let ada = server.person("ada").await;
        let new = json!({"userId": "ben", "roleId": ROLE, "isElevated": false});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
        let world = Self {
            server,
            now,
            ada,
            ben: server.person("ben").await,
        };
        world.change_settings(update).await;
        world
    }

    /// Activating the role needs an approval by cleo.
    async fn with_approval_by_cleo(server: &'a TestServer) -> Self {
        let update = json!({"approvalOnElevation": true, "approverIds": ["cleo"]});
        Self::under(server, &update).await
    }

    async fn change_settings(&self, update: &Value) {
        let changed = self.ada.send("PATCH", &settings(ROLE), update).await;
        changed.expect(204);
    }

    /// So many minutes after the clock was stopped.
    fn at(&self, minutes: i64) -> String {
        (self.now + SignedDuration::from_mins(minutes)).to_string()
    }

    /// What the administrator sees of ben in the role.
    async fn state(&self) -> State {
        State::seen_by(&self.ada, "ben", ROLE).await
    }

    /// What has become of a request.
    async fn status(&self, id: &str) -> String {
        let shown = self.ada.get(&request(id)).await.expect(200);
        shown["status"].as_str().unwrap().to_owned()
    }

    /// What has become of an approval.
    async fn approval_state(&self, id: &str) -> String {
        let shown = self.ada.get(&approval(id)).await.expect(200);
        shown["approvalState"].as_str().unwrap().to_owned()
    }
}

/// Ben's activation for the role's default length, with these members changed.
fn activation(changes: Value) -> Value {
    let body = json!({"roleId": ROLE, "type": "UserAdd", "assignmentState": "Active", "reason": "Rotate a key"});
    changed(body, changes)
}

/// What an administrator gives dana, with these members changed.
fn assignment_of_dana(state: &str, changes: Value) -> Value {
    let body = json!({
        "userId": "dana", "roleId": ROLE, "type": "AdminAdd", "assignmentState": state, "reason": "On call",
    });
    changed(body, changes)
}

fn changed(mut body: Value, changes: Value) -> Value {
    for (member, value) in changes.as_object().unwrap() {
        body[member] = value.clone();
    }
    body
}

async fn ask(person: &Person<'_>, body: Value) -> Answer {
    person.send("POST", REQUESTS, &body).await
}

/// Asks, and answers the id.
async fn asked(person: &Person<'_>, body: Value) -> String {
    id(&ask(person, body).await.expect(201))
}

async fn cancel(person: &Person<'_>, id: &str) -> Answer {
    person.post(&format!("{}/cancel", request(id))).await
}

/// Decides, and says why.
async fn decide(person: &Person<'_>, id: &str, verdict: &str) -> Answer {
    let body = json!({"approvalState": verdict, "approverReason": "As agreed"});
    person.send("PATCH", &approval(id), &body).await
}

fn id(shown: &Value) -> String {
    shown["id"].as_str().unwrap().to_owned()
}

/// The ids of a list, in its order.
fn ids(list: &Value) -> Vec<String> {
    list["value"].as_array().unwrap().iter().map(id).collect()
}

/// Everything that a reader sees of requests, approvals and assignments.
async fn everything(reader: &Person<'_>) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in [REQUESTS, APPROVALS, ASSIGNMENTS] {
        seen.push(reader.get(path).await.expect(200));
    }
    seen
}
