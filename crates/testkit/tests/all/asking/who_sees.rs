//! Who sees which request and which approval.

use pimento_testkit::role::{
    GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR, SECURITY_READER,
    USER_ADMINISTRATOR,
};
use pimento_testkit::{Person, TestServer};
use serde_json::json;

use super::{DENIED, World, activation, asked, assignment_of_dana, ids};
use crate::paths::{APPROVALS, REQUESTS, approval, request};

/// What there is to read of one request.
fn readable(id: &str) -> [String; 5] {
    [
        request(id),
        format!("{}/roleInfo", request(id)),
        approval(id),
        format!("{}/request", approval(id)),
        format!("{}/roleInfo", approval(id)),
    ]
}

/// Whether somebody sees a request and its approval, one by one and in the lists.
async fn sees(person: &Person<'_>, id: &str) -> [bool; 3] {
    let mut one_by_one = Vec::new();
    for path in readable(id) {
        let answer = person.get(&path).await;
        if answer.status != 200 {
            let error = answer.refused(403, DENIED);
            assert_eq!(
                error["innerError"]["code"], "DirectoryRoleRequired",
                "{path}"
            );
        }
        one_by_one.push(answer.status == 200);
    }
    one_by_one.dedup();
    assert_eq!(one_by_one.len(), 1, "all or nothing");
    let mut seen = [one_by_one[0], false, false];
    for (at, path) in [(1, REQUESTS), (2, APPROVALS)] {
        seen[at] = ids(&person.get(path).await.expect(200)).contains(&id.to_owned());
    }
    seen
}

#[tokio::test]
async fn readers_and_those_whom_it_concerns_see_a_request_and_nobody_else_does() {
    let server = TestServer::dev().await;
    let named = json!({"approvalOnElevation": true, "approverIds": ["app", "cleo"]});
    let world = World::under(&server, &named).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    for role in [
        PRIVILEGED_ROLE_ADMINISTRATOR,
        GLOBAL_ADMINISTRATOR,
        SECURITY_ADMINISTRATOR,
        SECURITY_READER,
    ] {
        let claims = json!({"oid": "rae", "wids": [role]});
        let reader = server.signed_in(&claims).await;
        assert_eq!(sees(&reader, &id).await, [true; 3], "{role}");
    }
    assert_eq!(sees(&world.ben, &id).await, [true; 3]);
    // Among the requests an approver has only those of their own; what they may decide is among the approvals.
    let approver = server.person("app").await;
    assert_eq!(sees(&approver, &id).await, [true, false, true]);
    for claims in [
        json!({"oid": "dana"}),
        json!({"oid": "uma", "wids": [USER_ADMINISTRATOR]}),
        json!({"oid": "BEN"}),
    ] {
        let stranger = server.signed_in(&claims).await;
        assert_eq!(sees(&stranger, &id).await, [false; 3], "{claims}");
    }
}

#[tokio::test]
async fn who_is_no_approver_any_more_sees_it_no_longer() {
    let server = TestServer::dev().await;
    let named = json!({"approvalOnElevation": true, "approverIds": ["app"]});
    let world = World::under(&server, &named).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    world
        .change_settings(&json!({"approverIds": ["cleo"]}))
        .await;
    let former = server.person("app").await;
    assert_eq!(sees(&former, &id).await, [false; 3]);
}

#[tokio::test]
async fn whom_an_administrators_request_is_about_sees_it_and_its_approvers_do_not() {
    let server = TestServer::dev().await;
    let named = json!({"approvalOnElevation": true, "approverIds": ["app"]});
    let world = World::under(&server, &named).await;
    let id = asked(&world.ada, assignment_of_dana("Eligible", json!({}))).await;
    let dana = server.person("dana").await;
    dana.get(&request(&id)).await.expect(200);
    for name in ["app", "ben"] {
        let other = server.person(name).await;
        other.get(&request(&id)).await.refused(403, DENIED);
    }
}

#[tokio::test]
async fn a_request_of_another_tenant_does_not_exist() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    let founder = crate::sign_up::founder(&server).await;
    for path in readable(&id) {
        founder.get(&path).await.refused(404, "ResourceNotFound");
    }
    let cancelled = founder.post(&format!("{}/cancel", request(&id))).await;
    cancelled.refused(400, "RoleAssignmentRequestNotFound");
    let body = json!({"approvalState": "approved"});
    let decided = founder.send("PATCH", &approval(&id), &body).await;
    decided.refused(404, "ResourceNotFound");
    for path in [REQUESTS, APPROVALS] {
        assert_eq!(founder.get(path).await.expect(200)["value"], json!([]));
    }
    assert_eq!(world.status(&id).await, "RequestedApproval");
}
