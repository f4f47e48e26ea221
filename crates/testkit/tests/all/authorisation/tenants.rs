//! Nothing of one tenant shows in another: an id that only another tenant has is answered like one that nobody has.

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    SECURITY_READER, UNKNOWN, USER_ADMINISTRATOR,
};
use pimento_testkit::{Answer, Call, Contract, DEMO_TENANT, Person, TestServer};
use serde_json::{Value, json};

use super::callers::{Hold, OTHER_TENANT};
use super::scene::{give, overseer};
use crate::paths::{APPROVALS, ASSIGNMENTS, ROLES, SIGN_UP_STATUS, own, settings};

/// Who has an assignment in the demo tenant alone, and one of the same length whom nobody has heard of.
const THEIRS: &str = "ben";
const NOBODYS: &str = "nob";

/// What varies from one answer to the next.
const OF_THE_REQUEST: [&str; 3] = ["date", "request-id", "client-request-id"];

/// A second registered tenant, and its administrator.
async fn other_tenant(server: &TestServer) -> Person<'_> {
    let other = overseer(server, OTHER_TENANT).await;
    let signed_up = other.post(&format!("{SIGN_UP_STATUS}/signUp")).await;
    signed_up.expect(200);
    other
}

/// Status, headers in their order and body, without what belongs to the request and with the id taken out.
fn comparable(answer: &Answer, id: &str) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter();
    let headers = headers.filter(|(name, _)| !OF_THE_REQUEST.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| {
        let value = value.to_str().unwrap().replace(id, "{id}");
        (name.as_str().to_owned(), value)
    });
    let mut body = String::from_utf8(answer.body.clone()).unwrap();
    if let Ok(json) = serde_json::from_str::<Value>(&body) {
        for name in OF_THE_REQUEST {
            let value = json["error"]["innerError"][name].as_str();
            body = value.map_or(body.clone(), |value| {
                body.replace(value, "{of the request}")
            });
        }
    }
    (answer.status, headers.collect(), body.replace(id, "{id}"))
}

/// A request about an id, as every operation that takes one of an assignment is sent it.
fn about(contract: &Contract, operation: &str, caller: &Person<'_>, id: &str) -> Call {
    let (method, path) = contract.route(operation);
    caller.call(method, &path.replace("{id}", id))
}

#[tokio::test]
async fn an_assignment_of_another_tenant_is_answered_byte_for_byte_like_none() {
    let server = TestServer::dev().await;
    let administrator = other_tenant(&server).await;
    let wids = [GLOBAL_ADMINISTRATOR, SECURITY_READER];
    let contract = Contract::of_dev();
    let with_id = |operation: &&str| contract.route(operation).1.contains("Assignments/{id}");
    let operations: Vec<&str> = contract.documented().into_keys().filter(with_id).collect();
    assert_eq!(operations.len(), 9, "{operations:?}");
    for claims in [
        json!({"oid": "overseer", "tid": OTHER_TENANT}),
        json!({"oid": "reader", "tid": OTHER_TENANT, "wids": wids}),
        json!({"oid": "stranger", "tid": OTHER_TENANT}),
        // Called as the one whom it is about in the other tenant.
        json!({"oid": THEIRS, "tid": OTHER_TENANT, "wids": [PRIVILEGED_ROLE_ADMINISTRATOR]}),
    ] {
        let caller = server.signed_in(&claims).await;
        for operation in &operations {
            let mut answers = Vec::new();
            for user in [THEIRS, NOBODYS] {
                let id = format!("{user}_{USER_ADMINISTRATOR}");
                let answer = about(&contract, operation, &caller, &id).send().await;
                assert!([403, 404].contains(&answer.status), "{operation} {claims}");
                answers.push(comparable(&answer, &id));
            }
            assert_eq!(answers[0], answers[1], "{operation} {claims}");
        }
    }
    let missing = about(&contract, "get_assignment", &administrator, "ben_x");
    missing.send().await.refused(404, "ResourceNotFound");
}

#[tokio::test]
async fn a_request_of_another_tenant_is_answered_byte_for_byte_like_none() {
    let server = TestServer::dev().await;
    let _other = other_tenant(&server).await;
    let new = json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"});
    let ben = json!({"oid": THEIRS, "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let made = ben.send("POST", APPROVALS, &new).await.expect(201);
    let ids = [made["id"].as_str().unwrap(), UNKNOWN];
    let contract = Contract::of_dev();
    let about_one = |operation: &&str| {
        let (_, path) = contract.route(operation);
        path.contains("Requests/{id}") || path.contains("Approval/{id}")
    };
    let operations: Vec<&str> = contract
        .documented()
        .into_keys()
        .filter(about_one)
        .collect();
    assert_eq!(operations.len(), 16, "{operations:?}");
    for claims in [
        json!({"oid": "overseer", "tid": OTHER_TENANT}),
        json!({"oid": "stranger", "tid": OTHER_TENANT}),
        json!({"oid": THEIRS, "tid": OTHER_TENANT, "wids": [PRIVILEGED_ROLE_ADMINISTRATOR]}),
    ] {
        let caller = server.signed_in(&claims).await;
        for operation in &operations {
            let mut answers = Vec::new();
            for id in ids {
                let call = about(&contract, operation, &caller, id);
                let call = match *operation {
                    "update_approval" => call.json(&json!({"approvalState": "denied"})),
                    _ => call,
                };
                answers.push(comparable(&call.send().await, id));
            }
            assert!(answers[0].0 >= 400, "{operation} {claims}");
            assert_eq!(answers[0], answers[1], "{operation} {claims}");
        }
    }
}

/// A body that is good, of whatever operation takes one; where it names a role, this one.
fn about_role(operation: &str, role: &str) -> Option<Value> {
    match operation {
        "create_assignment" => Some(json!({"userId": "nob", "roleId": role})),
        "create_request" => Some(json!({
            "userId": "nob", "roleId": role, "type": "AdminAdd", "assignmentState": "Active", "reason": "Help",
        })),
        "create_approval" => Some(json!({"roleId": role, "requestorReason": "Help"})),
        "update_role" => Some(json!({"name": "Day watch"})),
        "replace_role_settings" | "update_role_settings" => Some(json!({"mfaOnElevation": true})),
        _ => None,
    }
}

#[tokio::test]
async fn a_role_of_another_tenants_own_is_answered_byte_for_byte_like_none() {
    let server = TestServer::dev().await;
    let (demo, other) = (
        overseer(&server, DEMO_TENANT).await,
        other_tenant(&server).await,
    );
    let new = json!({"name": "Night watch"});
    let made = demo.send("POST", ROLES, &new).await.expect(201);
    let theirs = made["id"].as_str().unwrap();
    give(&demo, THEIRS, theirs, Hold::Eligible).await;
    let contract = Contract::of_dev();
    let names_one = |operation: &&str| {
        let (_, path) = contract.route(operation);
        path.contains("privilegedRoles/{id}") || about_role(operation, "").is_some()
    };
    let operations: Vec<&str> = contract
        .documented()
        .into_keys()
        .filter(names_one)
        .collect();
    assert!(13 <= operations.len(), "{operations:?}");
    for claims in [
        json!({"oid": "overseer", "tid": OTHER_TENANT}),
        json!({"oid": "stranger", "tid": OTHER_TENANT}),
        json!({"oid": THEIRS, "tid": OTHER_TENANT, "wids": [PRIVILEGED_ROLE_ADMINISTRATOR]}),
    ] {
        let caller = server.signed_in(&claims).await;
        for operation in &operations {
            let mut answers = Vec::new();
            for id in [theirs, UNKNOWN] {
                let call = about(&contract, operation, &caller, id);
                let call = match about_role(operation, id) {
                    Some(body) => call.json(&body),
                    None => call,
                };
                answers.push(comparable(&call.send().await, id));
            }
            assert!(answers[0].0 >= 400, "{operation} {claims}");
            assert_eq!(answers[0], answers[1], "{operation} {claims}");
        }
    }
    // Nor does it show in a list, or keep its name from anybody here.
    let listed = other.get(&format!("{ROLES}?$top=1000&$count=true")).await;
    assert_eq!(listed.expect(200)["@odata.count"], 145);
    other.send("POST", ROLES, &new).await.expect(201);
}

#[tokio::test]
async fn what_another_tenant_does_to_a_role_changes_no_answer_about_it() {
    let server = TestServer::dev().await;
    let (demo, other) = (
        overseer(&server, DEMO_TENANT).await,
        other_tenant(&server).await,
    );
    let paths = [
        format!("{ROLES}/{USER_ADMINISTRATOR}"),
        format!("{ROLES}/{USER_ADMINISTRATOR}/assignments?$count=true"),
        settings(USER_ADMINISTRATOR),
        format!("{ASSIGNMENTS}?$count=true"),
        format!("{ASSIGNMENTS}/my?$count=true"),
        format!("{ROLES}?$top=1000&$count=true"),
        SIGN_UP_STATUS.to_owned(),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(comparable(&other.get(path).await, "{}"));
    }
    give(&demo, "overseer", USER_ADMINISTRATOR, Hold::Active).await;
    let change = json!({"elevationDuration": "PT7H", "ticketingInfoOnElevation": true});
    demo.send("PUT", &settings(USER_ADMINISTRATOR), &change)
        .await
        .expect(204);
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(comparable(&other.get(path).await, "{}"), before, "{path}");
    }
}

#[tokio::test]
async fn a_list_has_no_row_of_another_tenant_wherever_it_is_entered() {
    let server = TestServer::dev().await;
    let (demo, other) = (
        overseer(&server, DEMO_TENANT).await,
        other_tenant(&server).await,
    );
    for name in ["abe", "zoe"] {
        give(&other, name, SECURITY_READER, Hold::Eligible).await;
    }
    let rows = |list: &Value| list["value"].as_array().unwrap().len();
    let first = demo
        .get(&format!("{ASSIGNMENTS}?$top=1&$count=true"))
        .await
        .expect(200);
    assert_eq!(first["@odata.count"], 4, "ada twice, ben, cleo: {first}");
    let link = first["@odata.nextLink"]
        .as_str()
        .unwrap()
        .replace(&server.url(), "");
    let continued = other.get(&link).await.expect(200);
    assert_eq!(
        continued["@odata.count"], 4,
        "overseer twice, abe, zoe: {continued}"
    );
    let everything = other
        .get(&format!("{ASSIGNMENTS}?$top=1000"))
        .await
        .expect(200);
    let of_role = format!("{ROLES}/{SECURITY_READER}/assignments");
    let of_role = other.get(&of_role).await.expect(200);
    assert_eq!((rows(&everything), rows(&of_role)), (4, 2));
    for list in [continued, everything, of_role] {
        for row in list["value"].as_array().unwrap() {
            let user = row["userId"].as_str().unwrap();
            assert!(["abe", "overseer", "zoe"].contains(&user), "{row}");
        }
    }
}

#[tokio::test]
async fn a_pair_of_another_tenant_is_free_here_and_activates_nothing() {
    let server = TestServer::dev().await;
    let other = other_tenant(&server).await;
    let claims = json!({"oid": THEIRS, "tid": OTHER_TENANT, "amr": ["mfa"]});
    let namesake = server.signed_in(&claims).await;
    for action in ["selfActivate", "selfDeactivate"] {
        let answers =
            [USER_ADMINISTRATOR, APPLICATION_ADMINISTRATOR].map(|role| (role, own(role, action)));
        let mut seen = Vec::new();
        for (role, path) in answers {
            let answer = namesake.post(&path).await;
            answer.refused(400, "RoleAssignmentDoesNotExist");
            seen.push(comparable(&answer, role));
        }
        assert_eq!(seen[0], seen[1]);
    }
    give(&other, THEIRS, USER_ADMINISTRATOR, Hold::Eligible).await;
    let path = own(USER_ADMINISTRATOR, "selfActivate");
    namesake.post(&path).await.expect(200);
    let ben = server.person("ben").await;
    let mine = ben.get(&format!("{ASSIGNMENTS}/my")).await.expect(200);
    assert_eq!(mine["value"][0]["isElevated"], false);
}
