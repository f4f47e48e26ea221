//! Refused attempts are in the tenant's log: who, what, and why not; those that are alike counted once a minute.

mod program;

use pimento_domain::Actor;
use pimento_store::RecordedEvent;
use pimento_testkit::refusals::refusal;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Answer, DEMO_TENANT, TestServer};
use serde_json::{Value, json};

use crate::paths::{
    APPROVALS, ASSIGNMENTS, REQUESTS, ROLES, SIGN_UP_STATUS, approval, assignment, own, settings,
};

const OTHER_TENANT: &str = "b7f1e8c0-52e7-4a39-8d64-1f7a90c3be25";

/// Operation, actor, code, times, and what it was about: whom, which role, which request.
fn told(recorded: &RecordedEvent) -> Value {
    let event = &recorded.event;
    let Actor::Principal(actor) = &event.actor else {
        panic!("somebody attempted it: {recorded:?}");
    };
    let refusal = refusal(recorded);
    json!([
        recorded.cause.operation,
        actor.as_str(),
        refusal.code,
        refusal.times,
        event.principal.as_ref().map(|principal| principal.as_str()),
        event.role.map(|role| role.to_string()),
        event.request.map(|request| request.to_string()),
    ])
}

fn is_of(recorded: &RecordedEvent, answer: &Answer) -> bool {
    answer.header("request-id") == Some(&recorded.cause.request.to_string())
}

#[tokio::test]
async fn a_role_that_somebody_may_not_activate_is_told_with_the_code_of_the_answer() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    let now = server.freeze().await;
    let stranger = server.person("stranger").await;
    let path = own(APPLICATION_ADMINISTRATOR, "selfActivate");
    let call = stranger
        .call("POST", &path)
        .header("client-request-id", "mine");
    let answer = call.send().await;
    answer.refused(400, "RoleAssignmentDoesNotExist");
    let [recorded] = &refusals.recorded(DEMO_TENANT).await[..] else {
        panic!("one attempt, one event");
    };
    let expected = json!([
        "self_activate",
        "stranger",
        "RoleAssignmentDoesNotExist",
        1,
        "stranger",
        APPLICATION_ADMINISTRATOR,
        null
    ]);
    assert_eq!(told(recorded), expected);
    assert!(is_of(recorded, &answer));
    assert_eq!(recorded.cause.client_request.as_deref(), Some("mine"));
    assert_eq!(recorded.event.at, now.into());
}

#[tokio::test]
async fn whoever_lacks_a_role_a_scope_or_a_factor_is_told_of_with_what_they_reached_for() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    let ben = server.person("ben").await;
    let path = format!("{}/makePermanent", assignment("ben", USER_ADMINISTRATOR));
    ben.post(&path)
        .await
        .refused(403, "Authorization_RequestDenied");
    ben.post(&own(USER_ADMINISTRATOR, "selfActivate"))
        .await
        .refused(403, "MfaRequired");
    ben.get(ROLES)
        .await
        .refused(403, "Authorization_RequestDenied");
    let unscoped = json!({"oid": "ada", "scp": "User.Read"});
    let unscoped = server.signed_in(&unscoped).await;
    let lacking = unscoped
        .get(&assignment("ben", APPLICATION_ADMINISTRATOR))
        .await;
    lacking.refused(403, "PermissionScopeNotGranted");
    let recorded = refusals.recorded(DEMO_TENANT).await;
    #[rustfmt::skip]
    let expected = json!([
        ["make_permanent", "ben", "Authorization_RequestDenied", 1, "ben", USER_ADMINISTRATOR, null],
        ["self_activate", "ben", "MfaRequired", 1, "ben", USER_ADMINISTRATOR, null],
        ["list_roles", "ben", "Authorization_RequestDenied", 1, null, null, null],
        ["get_assignment", "ada", "PermissionScopeNotGranted", 1, "ben", APPLICATION_ADMINISTRATOR, null],
    ]);
    assert_eq!(recorded.iter().map(told).collect::<Value>(), expected);
}

#[tokio::test]
async fn what_a_body_asks_for_is_told_where_a_rule_refuses_it() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    let ada = server.person("ada").await;
    let again = json!({"userId": "ben", "roleId": USER_ADMINISTRATOR});
    ada.send("POST", ASSIGNMENTS, &again)
        .await
        .refused(400, "RoleAssignmentExists");
    let ben = server.person("ben").await;
    let for_cleo = json!({
        "roleId": USER_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": "Help", "userId": "cleo",
    });
    ben.send("POST", REQUESTS, &for_cleo)
        .await
        .refused(403, "OnBehalfOfNotAllowed");
    let not_theirs = json!({"roleId": APPLICATION_ADMINISTRATOR, "requestorReason": "Help"});
    ben.send("POST", APPROVALS, &not_theirs)
        .await
        .refused(400, "RoleAssignmentDoesNotExist");
    let recorded = refusals.recorded(DEMO_TENANT).await;
    #[rustfmt::skip]
    let expected = json!([
        ["create_assignment", "ada", "RoleAssignmentExists", 1, "ben", USER_ADMINISTRATOR, null],
        ["create_request", "ben", "OnBehalfOfNotAllowed", 1, "cleo", USER_ADMINISTRATOR, null],
        ["create_approval", "ben", "RoleAssignmentDoesNotExist", 1, "ben", APPLICATION_ADMINISTRATOR, null],
    ]);
    assert_eq!(recorded.iter().map(told).collect::<Value>(), expected);
}

#[tokio::test]
async fn an_approver_who_is_none_is_told_of_with_the_request() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    let ada = server.person("ada").await;
    let by_cleo = json!({"approvalOnElevation": true, "approverIds": ["cleo"]});
    ada.send("PATCH", &settings(USER_ADMINISTRATOR), &by_cleo)
        .await
        .expect(204);
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let wanted = json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"});
    let waiting = ben.send("POST", APPROVALS, &wanted).await.expect(201);
    let id = waiting["id"].as_str().unwrap();
    let yes = json!({"approvalState": "approved"});
    ada.send("PATCH", &approval(id), &yes)
        .await
        .refused(403, "Authorization_RequestDenied");
    let recorded = refusals.recorded(DEMO_TENANT).await;
    #[rustfmt::skip]
    let expected =
        json!([["update_approval", "ada", "Authorization_RequestDenied", 1, null, null, id]]);
    assert_eq!(recorded.iter().map(told).collect::<Value>(), expected);
}

#[tokio::test]
async fn what_is_malformed_unknown_only_evaluated_or_without_a_token_is_no_attempt() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    let ada = server.person("ada").await;
    let evaluation = json!({
        "roleId": APPLICATION_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": "Help",
        "evaluateOnly": true,
    });
    let nowhere = format!("{ROLES}/{USER_ADMINISTRATOR}/nowhere");
    let nobody = assignment("nobody", USER_ADMINISTRATOR);
    for (answer, status) in [
        (ada.send("POST", ASSIGNMENTS, &json!({})).await, 400),
        (ada.call("POST", ASSIGNMENTS).text("{").send().await, 400),
        (ada.call("POST", ASSIGNMENTS).bytes("{}").send().await, 415),
        (ada.send("POST", REQUESTS, &evaluation).await, 400),
        (ada.get(&format!("{ROLES}?$filter=x")).await, 400),
        (ada.post(&nowhere).await, 404),
        (ada.get(&nobody).await, 404),
        (ada.delete(&format!("{ASSIGNMENTS}/x")).await, 404),
        (ada.delete(ROLES).await, 405),
        (server.call("DELETE", &nobody).send().await, 401),
    ] {
        assert_eq!(answer.status, status, "{:?}", answer.json());
    }
    assert_eq!(refusals.recorded(DEMO_TENANT).await, []);
    ada.delete(&nobody).await.refused(404, "ResourceNotFound");
    assert_eq!(refusals.recorded(DEMO_TENANT).await.len(), 1);
}

#[tokio::test]
async fn refusals_are_never_shown_as_operation_events() {
    const EVENTS: &str = "/beta/privilegedOperationEvents?$count=true";
    let (server, refusals) = TestServer::dev_with_refusals().await;
    let ada = server.person("ada").await;
    let before = ada.get(EVENTS).await.expect(200);
    let stranger = server.person("stranger").await;
    let path = assignment("ben", USER_ADMINISTRATOR);
    stranger
        .delete(&path)
        .await
        .refused(403, "Authorization_RequestDenied");
    assert_eq!(refusals.recorded(DEMO_TENANT).await.len(), 1);
    assert_eq!(ada.get(EVENTS).await.expect(200), before);
}

#[tokio::test]
async fn attempts_that_are_alike_are_told_once_at_once_and_counted_once_their_minute_is_over() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    server.freeze().await;
    let stranger = server.person("stranger").await;
    let attempt = async |user: &str| {
        let answer = stranger.delete(&assignment(user, USER_ADMINISTRATOR)).await;
        answer.refused(403, "Authorization_RequestDenied");
        answer
    };
    let first = attempt("ben").await;
    attempt("ben").await;
    attempt("cleo").await;
    let times = |recorded: &[RecordedEvent]| -> Vec<u32> {
        let recorded = recorded.iter();
        recorded.map(|recorded| refusal(recorded).times).collect()
    };
    let recorded = refusals.recorded(DEMO_TENANT).await;
    assert_eq!(times(&recorded), [1, 1]);
    assert!(is_of(&recorded[0], &first));
    server.advance("PT59S").await;
    attempt("ben").await;
    let last = attempt("ben").await;
    assert_eq!(times(&refusals.recorded(DEMO_TENANT).await), [1, 1]);
    server.advance("PT1S").await;
    let recorded = refusals.recorded(DEMO_TENANT).await;
    assert_eq!(times(&recorded), [1, 1, 3]);
    assert!(is_of(&recorded[2], &last));
    attempt("ben").await;
    let recorded = refusals.recorded(DEMO_TENANT).await;
    assert_eq!(times(&recorded), [1, 1, 3, 1], "another minute");
}

#[tokio::test]
async fn a_flood_of_different_attempts_is_told_in_few_entries_that_count_them_all() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    server.freeze().await;
    let stranger = server.person("stranger").await;
    let cleo = server.person("cleo").await;
    for n in 0..200 {
        let path = assignment(&format!("user-{n}"), USER_ADMINISTRATOR);
        stranger.delete(&path).await.expect(403);
    }
    let path = assignment("ben", USER_ADMINISTRATOR);
    cleo.delete(&path).await.expect(403);
    server.advance("PT1M").await;
    let recorded = refusals.recorded(DEMO_TENANT).await;
    assert_eq!(recorded.len(), 16 + 1 + 1, "cleo's is among them");
    let others = json!([
        "record_refusals",
        "stranger",
        "several",
        200 - 16,
        null,
        null,
        null
    ]);
    assert_eq!(told(recorded.last().unwrap()), others);
    let all: u32 = recorded.iter().map(|one| refusal(one).times).sum();
    assert_eq!(all, 201);
}

#[tokio::test]
async fn each_tenant_has_its_own_and_one_that_is_not_registered_has_none() {
    let (server, refusals) = TestServer::dev_with_refusals().await;
    let unscoped = json!({"oid": "ada", "tid": OTHER_TENANT, "scp": "User.Read"});
    let unscoped = server.signed_in(&unscoped).await;
    let stranger = json!({"oid": "stranger", "tid": OTHER_TENANT});
    let stranger = server.signed_in(&stranger).await;
    unscoped
        .get(ROLES)
        .await
        .refused(403, "PermissionScopeNotGranted");
    stranger
        .get(ROLES)
        .await
        .refused(403, "UnauthorizedAccessException");
    assert_eq!(refusals.recorded(OTHER_TENANT).await, []);

    let founder = json!({"oid": "ada", "tid": OTHER_TENANT, "wids": [GLOBAL_ADMINISTRATOR]});
    let founder = server.signed_in(&founder).await;
    founder
        .post(&format!("{SIGN_UP_STATUS}/signUp"))
        .await
        .expect(200);
    stranger
        .get(ROLES)
        .await
        .refused(403, "Authorization_RequestDenied");
    assert_eq!(refusals.recorded(OTHER_TENANT).await.len(), 1);
    assert_eq!(refusals.recorded(DEMO_TENANT).await, []);
}
