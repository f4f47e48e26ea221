//! Every refusal that a document has for an operation is brought about, and none that the documents do not have.

use std::collections::BTreeSet;

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, UNKNOWN, USER_ADMINISTRATOR};
use pimento_testkit::{Answer, Call, Contract, Fault, FaultyServer, TestServer};
use serde_json::{Value, json};

/// Statuses that an operation answers by reasons of its own: each of its rows is brought about.
const OWN: [u16; 3] = [400, 403, 404];
/// Statuses that the server answers whatever the operation: each is brought about, mostly for every operation.
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
    ("issue_token", 400, INVALID, Body("[]")),
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
    let usual = if path.contains("privilegedRoles/") {
        USER_ADMINISTRATOR.to_owned()
    } else {
        format!("ben_{USER_ADMINISTRATOR}")
    };
    let path = path.replace("{id}", id.unwrap_or(&usual));
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
        Ada => json!({"oid": "ada"}),
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
        let settings = format!("/beta/privilegedRoles/{role}/settings");
        seen.push(ada.get(&settings).await.expect(200));
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

#[tokio::test]
async fn every_secured_operation_refuses_a_request_without_a_token() {
    let server = TestServer::dev().await;
    let contract = Contract::of_dev();
    for (operation, status) in documented(&contract, &[401]) {
        let call = ideal(&server, &contract, &operation, None, "");
        let answer = with_body(call, ideal_body(&contract, &operation))
            .send()
            .await;
        answer.refused(status, "InvalidAuthenticationToken");
    }
}

#[tokio::test]
async fn every_operation_with_a_body_refuses_one_that_is_too_large_or_no_json() {
    let server = TestServer::dev().await;
    let contract = Contract::of_dev();
    let before = everything(&server).await;
    let ada = token(&server, Ada).await;
    for (operation, status) in documented(&contract, &[413]) {
        let call = ideal(&server, &contract, &operation, None, "").bearer(&ada);
        call.text(vec![b' '; 1024 * 1024 + 1])
            .send()
            .await
            .refused(status, "BadRequest");
    }
    for (operation, status) in documented(&contract, &[415]) {
        let call = ideal(&server, &contract, &operation, None, "").bearer(&ada);
        let call = call.header("Content-Type", "text/plain").bytes("{}");
        call.send().await.refused(status, "BadRequest");
    }
    assert_eq!(everything(&server).await, before);
}

/// The operations that reach the store: all but those that only answer what they know.
fn reaches_store(operation: &str) -> bool {
    !matches!(operation, "get_livez" | "get_version")
}

async fn fails_as(fault: Fault, status: u16, code: &str) {
    let FaultyServer { server, issuer, .. } = &FaultyServer::failing(fault).await;
    let contract = Contract::of_serve();
    let token = issuer.token(&json!({"oid": "ada"}));
    let operations = documented(&contract, &[status]);
    for (operation, _) in operations
        .iter()
        .filter(|(operation, _)| reaches_store(operation))
    {
        let call = ideal(server, &contract, operation, None, "").bearer(&token);
        let answer = with_body(call, ideal_body(&contract, operation))
            .send()
            .await;
        let error = answer.refused(status, code);
        assert!(
            !error["message"].to_string().contains("told"),
            "the caller learns too much: {error}"
        );
    }
}

#[tokio::test]
async fn every_operation_that_needs_the_store_says_so_while_it_is_away() {
    fails_as(Fault::Unavailable, 503, "serviceNotAvailable").await;
}

#[tokio::test]
async fn every_operation_answers_a_fault_where_the_store_is_corrupt() {
    fails_as(Fault::Corrupt, 500, "generalException").await;
}

#[tokio::test]
async fn every_operation_answers_a_fault_where_its_handler_panics() {
    fails_as(Fault::Panic, 500, "generalException").await;
}

#[tokio::test]
async fn the_server_lives_on_after_a_panic_and_has_it_in_its_log() {
    let faulty = FaultyServer::failing(Fault::Panic).await;
    faulty
        .server
        .call("GET", "/readyz")
        .send()
        .await
        .refused(500, "generalException");
    faulty.server.call("GET", "/livez").send().await.expect(200);
    let errors = faulty.server.logged_errors();
    assert!(
        errors
            .iter()
            .any(|error| error.contains("a handler panicked")),
        "{errors:?}"
    );
}

#[tokio::test]
async fn a_change_that_others_always_overtake_is_refused_and_can_be_tried_again() {
    let faulty = FaultyServer::failing(Fault::Conflict).await;
    let fay = faulty
        .issuer
        .token(&json!({"oid": "fay", "wids": [pimento_testkit::role::GLOBAL_ADMINISTRATOR]}));
    let fay = faulty.server.bearer_of(&fay);
    let answer = fay.post("/beta/privilegedSignupStatus/signUp").await;
    answer.refused(503, "serviceNotAvailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
    let status = fay.get("/beta/privilegedSignupStatus/isSignedUp").await;
    assert_eq!(status.expect(200)["value"], false);
}
