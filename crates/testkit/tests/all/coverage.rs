//! Every refusal that a document has for an operation, by status and code, is brought about, and none that the documents
//! do not have: that no answer has another code is what the layer in front of each server sees to.
//!
//! `tests/data/uncovered.tsv` lists what no test brings about. It can only shrink.

mod asking;
mod furniture;
mod refusals;
mod searching;
mod server_wide;

use std::collections::BTreeSet;

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
};
use pimento_testkit::{Answer, Call, Contract, ServeServer, TestServer};
use serde_json::{Value, json};

use self::furniture::{Requests, furnish};
use self::refusals::{Caller, REFUSALS, Slip, of_everything};
use crate::paths::{
    APPROVALS, ASSIGNMENTS, REQUESTS, ROLES, SIGN_UP_STATUS, State, about_ben, assignment, settings,
};

/// Statuses that an operation answers by reasons of its own: each of its codes is brought about.
const OWN: [u16; 3] = [400, 403, 404];
/// Statuses that the server answers whatever the operation: each is brought about, mostly for every operation. (405, and
/// the 404 of paths that nothing has, belong to no operation; the modules `requests` and `spellings` have them.)
const SERVER_WIDE: [u16; 6] = [401, 413, 415, 429, 500, 503];
/// What no test brings about: a table of operation, status and code.
const UNCOVERED: &str = include_str!("../data/uncovered.tsv");
/// How many rows it may have.
const MOST_UNCOVERED: usize = 0;

/// An operation, a status, and the code of a refusal.
type Refusal = (String, u16, String);

/// The documented pairs of an operation and one of these statuses.
fn documented(contract: &Contract, statuses: &[u16]) -> BTreeSet<(String, u16)> {
    let pairs = contract
        .documented()
        .into_iter()
        .flat_map(|(operation, all)| {
            all.into_iter()
                .map(move |status| (operation.to_owned(), status))
        });
    pairs
        .filter(|(_, status)| statuses.contains(status))
        .collect()
}

/// A request that would succeed, without a token.
fn ideal(
    server: &TestServer,
    contract: &Contract,
    requests: &Requests,
    operation: &str,
    slip: &Slip,
) -> Call {
    let (method, path) = contract.route(operation);
    let path = match (slip.id, requests.one_that_waits(path)) {
        (Some(id), _) => path.replace("{id}", requests.id(id)),
        (None, Some(id)) => path.replace("{id}", id),
        (None, None) => about_ben(path),
    };
    let query = slip
        .query
        .map(|query| format!("?{}", query.replace(' ', "%20")));
    server.call(method, &format!("{path}{}", query.unwrap_or_default()))
}

/// The body of a request that would succeed, where the operation takes one.
fn ideal_body(contract: &Contract, operation: &str) -> Option<Value> {
    let takes_one = contract.documented()[operation].contains(&415);
    takes_one.then(|| match operation {
        "create_assignment" => json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR}),
        "create_request" => {
            json!({"roleId": USER_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": "Help"})
        }
        "create_approval" => json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"}),
        "update_approval" => json!({"approvalState": "approved"}),
        "create_role" | "update_role" => json!({"name": "Watch"}),
        "complete_setup" => json!({"tenantSetupInfo": {"skipSetup": true}}),
        "batch" => json!({"requests": [{"id": "1", "method": "GET", "url": "/privilegedRoles"}]}),
        _ => json!({}),
    })
}

fn with_body(call: Call, body: Option<Value>) -> Call {
    match body {
        Some(body) => call.json(&body),
        None => call,
    }
}

async fn token(server: &TestServer, caller: Caller) -> String {
    let claims = match caller {
        // Global Administrator as well, so that she may sign up.
        Caller::Ada => json!({"oid": "ada", "wids": [GLOBAL_ADMINISTRATOR]}),
        Caller::Ben => json!({"oid": "ben"}),
        Caller::BenWithMfa => json!({"oid": "ben", "amr": ["mfa"]}),
        Caller::Cleo => json!({"oid": "cleo"}),
        Caller::Stranger => json!({"oid": "stranger"}),
        Caller::WithoutScope => json!({"oid": "ada", "scp": "User.Read"}),
        Caller::Application => json!({"oid": "ada", "idtyp": "app"}),
        Caller::Personal => json!({"oid": "ada", "tid": "9188040d-6c67-4c5b-b112-36a304b66dad"}),
        Caller::Unregistered => {
            json!({"oid": "ada", "tid": "b7f1e8c0-52e7-4a39-8d64-1f7a90c3be25"})
        }
    };
    server.token(&claims).await
}

async fn make(
    server: &TestServer,
    contract: &Contract,
    requests: &Requests,
    operation: &str,
    slip: &Slip,
) -> Answer {
    let call = ideal(server, contract, requests, operation, slip);
    let call = call.bearer(&token(server, slip.caller).await);
    let call = match slip.body {
        Some(body) => call.text(body),
        None => with_body(call, ideal_body(contract, operation)),
    };
    call.send().await
}

/// All that ada can see.
async fn everything(server: &TestServer) -> Vec<Value> {
    let ada = server.person("ada").await;
    let mut seen = Vec::new();
    let roles = format!("{ROLES}?$top=1000");
    for list in [ASSIGNMENTS, REQUESTS, APPROVALS, SIGN_UP_STATUS, &roles] {
        seen.push(ada.get(list).await.expect(200));
    }
    for role in [USER_ADMINISTRATOR, APPLICATION_ADMINISTRATOR] {
        seen.push(ada.get(&settings(role)).await.expect(200));
    }
    seen
}

/// The refusals that an operation answers by reasons of its own, of those that were seen.
fn own(seen: impl IntoIterator<Item = Refusal>) -> BTreeSet<Refusal> {
    let refusals = seen.into_iter();
    refusals
        .filter(|(_, status, _)| OWN.contains(status))
        .collect()
}

/// What the table of what no test brings about has.
fn uncovered() -> BTreeSet<Refusal> {
    let row = |line: &str| {
        let [operation, status, code] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("uncovered.tsv has three cells a line: {line:?}");
        };
        (
            operation.to_owned(),
            status.parse().unwrap(),
            code.to_owned(),
        )
    };
    let mut lines = UNCOVERED.lines();
    assert_eq!(lines.next(), Some("operation\tstatus\tcode"));
    lines.map(row).collect()
}

/// A tenant that the configuration does not admit: the one refusal that dev mode does not know.
async fn refusals_of_serve() -> BTreeSet<Refusal> {
    let founder = "[[founders]]\ntenant = \"contoso\"\nuser = \"fay\"";
    let house = ServeServer::start(|issuer| {
        format!(
            "tenants = []\n{founder}\n{}",
            issuer.table("tenant = \"contoso\"")
        )
    });
    let house = house.await.unwrap();
    let fay = house
        .server
        .bearer_of(&house.issuer.token(&json!({"oid": "fay"})));
    let answer = fay.post(&format!("{SIGN_UP_STATUS}/signUp")).await;
    answer.refused(403, "UnauthorizedAccessException");
    house.server.answered()
}

/// What would leave the tenant without anybody who can become its administrator, where activating that role needs the
/// approval of one.
async fn refusals_of_the_last_administrator() -> BTreeSet<Refusal> {
    let role = PRIVILEGED_ROLE_ADMINISTRATOR;
    let eligible = format!("{}/makeEligible", assignment("ada", role));
    let demand = json!({"approvalOnElevation": true, "approverIds": []});
    let set_up = format!("{SIGN_UP_STATUS}/completeSetup");
    let mut seen = BTreeSet::new();

    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    ada.send("PATCH", &settings(role), &demand)
        .await
        .expect(204);
    ada.post(&eligible).await.refused(400, "LastAdministrator");
    assert_eq!(State::seen_by(&ada, "ada", role).await, State::Permanent);
    seen.extend(server.answered());

    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    ada.post(&eligible).await.expect(200);
    for method in ["PUT", "PATCH"] {
        let answer = ada.send(method, &settings(role), &demand).await;
        answer.refused(400, "LastAdministrator");
    }
    let global = json!({"oid": "ada", "wids": [GLOBAL_ADMINISTRATOR]});
    let global = server.signed_in(&global).await;
    let info = json!({"tenantSetupInfo": {"relevantRolesSettings": [role], "defaultRolesSettings": demand}});
    let answer = global.send("POST", &set_up, &info).await;
    answer.refused(400, "LastAdministrator");
    let kept = ada.get(&settings(role)).await.expect(200);
    assert_eq!(kept["approvalOnElevation"], false);
    seen.extend(server.answered());
    seen
}

#[test]
fn every_documented_refusal_is_an_operations_own_or_server_wide() {
    let contract = Contract::of_dev();
    let statuses: BTreeSet<u16> = contract.documented().into_values().flatten().collect();
    let refusals: BTreeSet<u16> = statuses
        .into_iter()
        .filter(|status| 400 <= *status)
        .collect();
    assert_eq!(refusals, OWN.into_iter().chain(SERVER_WIDE).collect());
}

#[test]
fn the_table_of_codes_in_the_manual_has_those_of_the_operations() {
    let document: Value = serde_json::from_str(pimento_api::generated::GRAPH_BETA).unwrap();
    let manual = document["info"]["description"].as_str().unwrap();
    let row = |line: &str| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let status: u16 = cells.next()?.parse().ok()?;
        Some((status, cells.next()?.trim_matches('`').to_owned()))
    };
    let told: BTreeSet<(u16, String)> = manual.lines().filter_map(row).collect();
    let of_operations = Contract::of_serve().refusals().into_iter();
    let mut listed: BTreeSet<_> = of_operations
        .map(|(_, status, code)| (status, code))
        .collect();
    // Those that belong to no operation.
    let general = [
        (405, "Request_BadRequest"),
        (414, "invalidRequest"),
        (421, "invalidRequest"),
        (424, "FailedDependency"),
    ];
    listed.extend(general.map(|(status, code)| (status, code.to_owned())));
    assert_eq!(told, listed);
}

#[tokio::test]
async fn each_documented_refusal_is_answered_and_changes_nothing() {
    let server = TestServer::dev().await;
    let requests = furnish(&server).await;
    let contract = Contract::of_dev();
    let documented = own(contract.refusals());
    let before = everything(&server).await;
    let mut wrong = Vec::new();
    let own_rules = REFUSALS.iter().map(|(operation, status, code, slip)| {
        (
            ((*operation).to_owned(), *status, (*code).to_owned()),
            *slip,
        )
    });
    let of_everything = documented.iter().filter_map(|refusal| {
        let slip = of_everything(&refusal.0, refusal.1, &refusal.2)?;
        Some((refusal.clone(), slip))
    });
    for (refusal, slip) in of_everything.chain(own_rules) {
        let answer = make(&server, &contract, &requests, &refusal.0, &slip).await;
        let error = answer.json()["error"].take();
        if answer.status != refusal.1 || error["code"] != refusal.2 {
            wrong.push(format!("{refusal:?}: {} {error}", answer.status));
        }
    }
    wrong.extend(asking::wrong(&server, &contract).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(everything(&server).await, before);
    let mut seen = own(server.answered());
    seen.extend(own(refusals_of_serve().await));
    seen.extend(own(searching::refusals().await));
    seen.extend(own(refusals_of_the_last_administrator().await));
    let uncovered = uncovered();
    assert_eq!(
        uncovered.len(),
        MOST_UNCOVERED,
        "uncovered.tsv may only shrink"
    );
    for row in &uncovered {
        assert!(
            documented.contains(row),
            "no document has this any more; take it out of uncovered.tsv: {row:?}"
        );
        assert!(
            !seen.contains(row),
            "this is covered now; take it out of uncovered.tsv: {row:?}"
        );
    }
    let missing: Vec<_> = documented
        .difference(&seen)
        .filter(|row| !uncovered.contains(*row))
        .collect();
    assert!(
        missing.is_empty(),
        "no row of REFUSALS brings these about: {missing:#?}"
    );
}
