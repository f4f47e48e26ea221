//! The demo tenant with what the refusals are about: roles with settings, and requests in each state that matters.

use std::collections::BTreeMap;

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, REQUESTS, ROLES, SIGN_UP_STATUS, request, settings};

/// Ben is eligible for it, and waits for an approval by cleo.
pub(super) const DIRECTORY_READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
/// Ben is eligible for it and will activate it in half an hour; since he asked for that, it needs an approval.
pub(super) const REPORTS_READER: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";
/// A request of ben's that he took back.
pub(super) const CLOSED: &str = "the closed one";
/// A request of dana's, who is not eligible any more.
pub(super) const ENDED: &str = "the ended one";
const WAITING: &str = "the waiting one";

/// A role of the tenant's own, which eve is eligible for. The tenant has another, the day watch.
pub(super) const OWN_ROLE: &str = "the role of the tenant's own";

/// Requests by what they are called here, and that role.
pub(super) struct Requests(BTreeMap<&'static str, String>);

impl Requests {
    pub(super) fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// The id of a request, or what is none of their names as it is.
    pub(super) fn id<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// The one that a request on this path succeeds about, where the path is about one.
    pub(super) fn one_that_waits(&self, path: &str) -> Option<&str> {
        let about_one = path.contains("Requests/{id}") || path.contains("privilegedApproval/{id}");
        self.0
            .get(WAITING)
            .filter(|_| about_one)
            .map(String::as_str)
    }
}

async fn ask(person: &Person<'_>, role: &str, changes: Value) -> String {
    let mut body =
        json!({"roleId": role, "type": "UserAdd", "assignmentState": "Active", "reason": "Help"});
    for (member, value) in changes.as_object().unwrap() {
        body[member] = value.clone();
    }
    let made = person.send("POST", REQUESTS, &body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn demand(ada: &Person<'_>, role: &str, change: Value) {
    let path = settings(role);
    ada.send("PATCH", &path, &change).await.expect(204);
}

async fn make_role(ada: &Person<'_>, name: &str) -> String {
    let made = ada.send("POST", ROLES, &json!({ "name": name })).await;
    made.expect(201)["id"].as_str().unwrap().to_owned()
}

/// Furnishes the demo tenant. Its clock stands still from then on.
pub(super) async fn furnish(server: &TestServer) -> Requests {
    server.freeze().await;
    let ada = server.person("ada").await;
    let global = json!({"oid": "ada", "wids": [GLOBAL_ADMINISTRATOR]});
    let nothing = json!({"tenantSetupInfo": {"skipSetup": true}});
    server
        .signed_in(&global)
        .await
        .send("POST", &format!("{SIGN_UP_STATUS}/completeSetup"), &nothing)
        .await
        .expect(200);
    let dana = server.person("dana").await;
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let by_cleo = json!({"approvalOnElevation": true, "approverIds": ["cleo"]});
    for role in [APPLICATION_ADMINISTRATOR, DIRECTORY_READERS, REPORTS_READER] {
        let new = json!({"userId": "ben", "roleId": role, "isElevated": false});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    let ticket = json!({"ticketingInfoOnElevation": true});
    demand(&ada, APPLICATION_ADMINISTRATOR, ticket).await;
    demand(&ada, DIRECTORY_READERS, by_cleo.clone()).await;

    let hour = json!({"userId": "dana", "type": "AdminAdd", "assignmentState": "Eligible", "duration": "1"});
    ask(&ada, DIRECTORY_READERS, hour).await;
    let ended = ask(&dana, DIRECTORY_READERS, json!({})).await;
    let now = server.advance("PT1H").await;

    let closed = ask(&ben, DIRECTORY_READERS, json!({})).await;
    ben.post(&format!("{}/cancel", request(&closed)))
        .await
        .expect(200);
    let waiting = ask(&ben, DIRECTORY_READERS, json!({})).await;
    let soon = (now + jiff::SignedDuration::from_mins(30)).to_string();
    ask(
        &ben,
        REPORTS_READER,
        json!({"schedule": {"startDateTime": soon}}),
    )
    .await;
    demand(&ada, REPORTS_READER, by_cleo).await;
    let far = json!({"schedule": {"startDateTime": "9000-01-01T00:00:00Z"}});
    ask(&ben, USER_ADMINISTRATOR, far).await;
    make_role(&ada, "Day watch").await;
    let own_role = make_role(&ada, "Night watch").await;
    let eve = json!({"userId": "eve", "roleId": own_role, "isElevated": false});
    ada.send("POST", ASSIGNMENTS, &eve).await.expect(201);
    Requests(BTreeMap::from([
        (OWN_ROLE, own_role),
        (CLOSED, closed),
        (ENDED, ended),
        (WAITING, waiting),
    ]))
}
