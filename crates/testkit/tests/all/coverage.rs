//! Every refusal that a document has for an operation is brought about, and none that the documents do not have.

mod server_wide;

use std::collections::BTreeSet;

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, UNKNOWN, USER_ADMINISTRATOR,
};
use pimento_testkit::{Answer, Call, Contract, TestServer};
use serde_json::{Value, json};

use crate::paths::{about_ben, settings};

/// Statuses that an operation answers by reasons of its own: each of its rows is brought about.
const OWN: [u16; 3] = [400, 403, 404];
/// Statuses that the server answers whatever the operation: each is brought about, mostly for every operation. (405, and
/// the 404 of paths that nothing has, belong to no operation; the modules `requests` and `spellings` have them.)
const SERVER_WIDE: [u16; 5] = [401, 413, 415, 500, 503];

/// In what a request differs from one that would succeed.
#[derive(Clone, Copy)]
enum Slip {
    /// It has this query.
    Query(&'static str),
    /// It has this body.
    Body(&'static str),
    /// Its path has this id.
    Id(&'static str),
    /// Somebody else sends it.
    From(Caller),
}

#[derive(Clone, Copy)]
enum Caller {
    /// Privileged Role Administrator and Security Administrator.
    Ada,
    /// Eligible User Administrator, without a second factor.
    Ben,
    /// Somebody without any role.
    Stranger,
    /// Ada with a token that lacks the scopes.
    WithoutScope,
}

use Caller::{Ada, Ben, Stranger, WithoutScope};
use Slip::{Body, From, Id, Query};

const DENIED: &str = "Authorization_RequestDenied";
const GONE: &str = "ResourceNotFound";
const INVALID: &str = "invalidRequest";
const OPTION: &str = "Request_UnsupportedQuery";
const SCOPE: &str = "PermissionScopeNotGranted";
const UNKNOWN_ASSIGNMENT: &str = "nobody_fe930be7-5e62-47db-91af-98c3a49a38b1";
const LAST_ADMINISTRATOR: &str = "ada_e8611ab8-c189-46e8-94e1-60213ab1f814";

/// Operation, status, code, and what brings it about. A pair may be there more than once.
const REFUSALS: &[(&str, u16, &str, Slip)] = &[
    ("list_roles", 400, OPTION, Query("$top=0")),
    ("list_roles", 403, DENIED, From(Stranger)),
    ("get_role", 400, OPTION, Query("$select=id")),
    ("get_role", 403, DENIED, From(Stranger)),
    ("get_role", 404, GONE, Id(UNKNOWN)),
    (
        "list_role_assignments",
        400,
        OPTION,
        Query("$count=perhaps"),
    ),
    ("list_role_assignments", 403, DENIED, From(Ben)),
    ("list_role_assignments", 404, GONE, Id(UNKNOWN)),
    ("get_role_settings", 400, OPTION, Query("$select=id")),
    ("get_role_settings", 403, DENIED, From(Ben)),
    ("get_role_settings", 404, GONE, Id("no-guid")),
    (
        "replace_role_settings",
        400,
        INVALID,
        Body(r#"{"mfaOnElevation": 7}"#),
    ),
    (
        "replace_role_settings",
        400,
        "notSupported",
        Body(r#"{"approvalOnElevation": true}"#),
    ),
    ("replace_role_settings", 403, DENIED, From(Stranger)),
    ("replace_role_settings", 404, GONE, Id(UNKNOWN)),
    (
        "update_role_settings",
        400,
        INVALID,
        Body(r#"{"elevationDuration": "PT73H"}"#),
    ),
    ("update_role_settings", 403, SCOPE, From(WithoutScope)),
    ("update_role_settings", 404, GONE, Id(UNKNOWN)),
    (
        "self_activate",
        400,
        INVALID,
        Body(r#"{"duration": "soon"}"#),
    ),
    (
        "self_activate",
        400,
        "RoleAssignmentDoesNotExist",
        From(Ada),
    ),
    ("self_activate", 403, "MfaRequired", From(Ben)),
    ("self_activate", 404, GONE, Id(UNKNOWN)),
    (
        "self_deactivate",
        400,
        "RoleAssignmentDoesNotExist",
        From(Stranger),
    ),
    ("self_deactivate", 403, SCOPE, From(WithoutScope)),
    ("self_deactivate", 404, GONE, Id(UNKNOWN)),
    (
        "list_assignments",
        400,
        OPTION,
        Query("$filter=isElevated eq true"),
    ),
    ("list_assignments", 403, DENIED, From(Ben)),
    (
        "create_assignment",
        400,
        "RoleNotFound",
        Body(r#"{"userId": "dana", "roleId": "none"}"#),
    ),
    (
        "create_assignment",
        400,
        INVALID,
        Body(r#"{"userId": "d a", "roleId": "fe930be7-5e62-47db-91af-98c3a49a38b1"}"#),
    ),
    ("create_assignment", 403, DENIED, From(Ben)),
    (
        "list_my_assignments",
        400,
        OPTION,
        Query("$skiptoken=elsewhere"),
    ),
    ("list_my_assignments", 403, SCOPE, From(WithoutScope)),
    ("get_assignment", 400, OPTION, Query("$expand=roleInfo")),
    ("get_assignment", 403, DENIED, From(Stranger)),
    ("get_assignment", 404, GONE, Id(UNKNOWN_ASSIGNMENT)),
    (
        "delete_assignment",
        400,
        "LastAdministrator",
        Id(LAST_ADMINISTRATOR),
    ),
    ("delete_assignment", 403, DENIED, From(Ben)),
    ("delete_assignment", 404, GONE, Id(UNKNOWN_ASSIGNMENT)),
    ("make_permanent", 400, INVALID, Body(r#"{"reason": []}"#)),
    ("make_permanent", 403, DENIED, From(Ben)),
    ("make_permanent", 404, GONE, Id(UNKNOWN_ASSIGNMENT)),
    ("make_eligible", 400, OPTION, Query("$top=1")),
    ("make_eligible", 403, DENIED, From(Ben)),
    ("make_eligible", 404, GONE, Id("nothing")),
    ("get_assignment_role", 400, OPTION, Query("$select=id")),
    ("get_assignment_role", 403, DENIED, From(Stranger)),
    ("get_assignment_role", 404, GONE, Id(UNKNOWN_ASSIGNMENT)),
    ("list_signup_status", 400, OPTION, Query("$top=1")),
    ("list_signup_status", 403, SCOPE, From(WithoutScope)),
    ("is_signed_up", 400, OPTION, Query("$filter=x")),
    ("is_signed_up", 403, SCOPE, From(WithoutScope)),
    ("can_sign_up", 400, OPTION, Query("$format=json")),
    ("can_sign_up", 403, SCOPE, From(WithoutScope)),
    ("sign_up", 400, OPTION, Query("$select=id")),
    ("sign_up", 403, DENIED, From(Stranger)),
    ("issue_token", 400, "BadRequest", Body("[]")),
    (
        "change_clock",
        400,
        INVALID,
        Body(r#"{"advance": "-PT1H"}"#),
    ),
];

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
    operation: &str,
    id: Option<&str>,
    query: &str,
) -> Call {
    let (method, path) = contract.route(operation);
    let path = match id {
        Some(id) => path.replace("{id}", id),
        None => about_ben(path),
    };
    let query = query.replace(' ', "%20");
    server.call(method, &format!("{path}{query}"))
}

/// The body of a request that would succeed, where the operation takes one.
fn ideal_body(contract: &Contract, operation: &str) -> Option<Value> {
    let takes_one = contract.documented()[operation].contains(&415);
    takes_one.then(|| match operation {
        "create_assignment" => json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR}),
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
        Ada => json!({"oid": "ada", "wids": [GLOBAL_ADMINISTRATOR]}),
        Ben => json!({"oid": "ben"}),
        Stranger => json!({"oid": "stranger"}),
        WithoutScope => json!({"oid": "ada", "scp": "User.Read"}),
    };
    server.token(&claims).await
}

async fn make(server: &TestServer, contract: &Contract, operation: &str, slip: Slip) -> Answer {
    let (id, query, caller, body) = match slip {
        Query(query) => (None, format!("?{query}"), Ada, None),
        Body(body) => (None, String::new(), Ada, Some(body)),
        Id(id) => (Some(id), String::new(), Ada, None),
        From(caller) => (None, String::new(), caller, None),
    };
    let call = ideal(server, contract, operation, id, &query).bearer(&token(server, caller).await);
    let call = match body {
        Some(body) => call.text(body),
        None => with_body(call, ideal_body(contract, operation)),
    };
    call.send().await
}

/// All that ada can see.
async fn everything(server: &TestServer) -> Vec<Value> {
    let ada = server.person("ada").await;
    let mut seen = vec![ada.get("/beta/privilegedRoleAssignments").await.expect(200)];
    for role in [USER_ADMINISTRATOR, APPLICATION_ADMINISTRATOR] {
        seen.push(ada.get(&settings(role)).await.expect(200));
    }
    seen
}

#[test]
fn the_table_has_the_refusals_of_the_documents_and_no_others() {
    let rows: BTreeSet<(String, u16)> = REFUSALS
        .iter()
        .map(|(operation, status, _, _)| ((*operation).to_owned(), *status))
        .collect();
    assert_eq!(rows, documented(&Contract::of_dev(), &OWN));
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

#[tokio::test]
async fn each_refusal_of_the_table_is_answered_and_changes_nothing() {
    let server = TestServer::dev().await;
    let contract = Contract::of_dev();
    let before = everything(&server).await;
    let mut wrong = Vec::new();
    for (operation, status, code, slip) in REFUSALS {
        let answer = make(&server, &contract, operation, *slip).await;
        let error = answer.json()["error"].take();
        if answer.status != *status || error["code"] != *code {
            wrong.push(format!(
                "{operation} {status} {code}: {} {error}",
                answer.status
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(everything(&server).await, before);
    let exercised: BTreeSet<(String, u16)> = server
        .answered()
        .into_iter()
        .filter(|(_, status)| OWN.contains(status))
        .collect();
    assert_eq!(exercised, documented(&contract, &OWN));
}
