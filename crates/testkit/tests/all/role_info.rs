//! What is read of a role through `roleInfo` is what is read of it directly.

use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{APPROVALS, ASSIGNMENTS, REQUESTS, approval, assignment, own, request};

/// The id of a request of ben's that waits for an approval of activating User Administrator.
async fn waiting(server: &TestServer) -> String {
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let new = json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"});
    let made = ben.send("POST", APPROVALS, &new).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// What is about User Administrator, and what its answers' context calls it.
fn origins(id: &str) -> [(String, String); 3] {
    let of = |set: &str, id: &str| format!("{}('{id}')", set.trim_start_matches("/beta/"));
    let held = format!("ben_{USER_ADMINISTRATOR}");
    [
        (
            assignment("ben", USER_ADMINISTRATOR),
            of(ASSIGNMENTS, &held),
        ),
        (request(id), of(REQUESTS, id)),
        (approval(id), of(APPROVALS, id)),
    ]
}

/// An answer without its context, and what that says after the `#`.
async fn read(person: &Person<'_>, path: &str) -> (Value, String) {
    let mut answer = person.get(path).await.expect(200);
    let context = answer["@odata.context"].take();
    let (_, fragment) = context.as_str().unwrap().split_once('#').unwrap();
    (answer, fragment.to_owned())
}

#[tokio::test]
async fn what_is_behind_role_info_is_what_is_behind_the_role() {
    let server = TestServer::dev().await;
    let id = waiting(&server).await;
    let ada = server.person("ada").await;
    for (origin, place) in origins(&id) {
        for what in ["settings", "summary"] {
            let (through, context) = read(&ada, &format!("{origin}/roleInfo/{what}")).await;
            let (direct, _) = read(&ada, &own(USER_ADMINISTRATOR, what)).await;
            assert_eq!(through, direct);
            assert_eq!(context, format!("{place}/roleInfo/{what}/$entity"));
        }
        let (through, context) = read(&ada, &format!("{origin}/roleInfo/assignments")).await;
        let (direct, _) = read(&ada, &own(USER_ADMINISTRATOR, "assignments")).await;
        assert_eq!(through, direct);
        assert_eq!(context, "privilegedRoleAssignments");
    }
    let (role, context) = read(&ada, &format!("{}/request/roleInfo", approval(&id))).await;
    assert_eq!(role["id"], USER_ADMINISTRATOR);
    let of_request = format!("privilegedRoleAssignmentRequests('{id}')/roleInfo/$entity");
    assert_eq!(context, of_request);
}

#[tokio::test]
async fn the_pages_of_a_list_behind_role_info_follow_each_other_there() {
    let server = TestServer::dev().await;
    let id = waiting(&server).await;
    let ada = server.person("ada").await;
    for user in ["dana", "eve"] {
        let new = json!({"userId": user, "roleId": USER_ADMINISTRATOR});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    for (origin, _) in origins(&id) {
        let list = format!("{origin}/roleInfo/assignments");
        let mut path = format!("{list}?$top=1&$count=true");
        for (user, more) in [("ben", true), ("dana", true), ("eve", false)] {
            let page = ada.get(&path).await.expect(200);
            assert_eq!(page["value"][0]["userId"], user);
            assert_eq!(page["@odata.count"], 3);
            let next = page["@odata.nextLink"].as_str().unwrap_or_default();
            assert_eq!(next.contains(&list), more, "{next}");
            path = next.find("/beta").map_or("", |at| &next[at..]).to_owned();
        }
    }
}

#[tokio::test]
async fn an_assignment_that_has_ended_leads_nowhere() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let path = assignment("ben", USER_ADMINISTRATOR);
    ada.delete(&path).await.expect(204);
    for what in ["settings", "summary", "assignments"] {
        let answer = ada.get(&format!("{path}/roleInfo/{what}")).await;
        answer.refused(404, "ResourceNotFound");
    }
}

#[tokio::test]
async fn a_request_that_needs_no_approval_leads_nowhere_by_that_name() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let new = json!({
        "userId": "dana", "roleId": USER_ADMINISTRATOR, "type": "AdminAdd", "assignmentState": "Eligible",
        "reason": "Help",
    });
    let made = ada.send("POST", REQUESTS, &new).await.expect(201);
    let id = made["id"].as_str().unwrap();
    for what in [
        "request/roleInfo",
        "roleInfo/settings",
        "roleInfo/summary",
        "roleInfo/assignments",
    ] {
        let answer = ada.get(&format!("{}/{what}", approval(id))).await;
        answer.refused(404, "ResourceNotFound");
    }
    let through_the_request = format!("{}/roleInfo/settings", request(id));
    ada.get(&through_the_request).await.expect(200);
}

#[tokio::test]
async fn ones_own_requests_are_listed_by_post_as_by_get() {
    let server = TestServer::dev().await;
    waiting(&server).await;
    let ben = server.person("ben").await;
    let my = format!("{REQUESTS}/my?$top=1&$count=true");
    let listed = ben.get(&my).await.expect(200);
    assert_eq!(listed["@odata.count"], 1);
    assert_eq!(ben.post(&my).await.expect(200), listed);
    // One that is sent is ignored, whatever it is.
    let with_body = ben.call("POST", &my).text("no JSON").send().await;
    assert_eq!(with_body.expect(200), listed);
    ben.post(&format!("{REQUESTS}/my?$filter=none"))
        .await
        .refused(400, "Request_UnsupportedQuery");
    let filtered = ben.post(&format!("{REQUESTS}/my?$filter=false")).await;
    assert_eq!(filtered.expect(200)["value"], serde_json::json!([]));
}
