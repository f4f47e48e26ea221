//! Decisions: by whom, about what, and with which body.

use pimento_testkit::TestServer;
use serde_json::{Value, json};

use super::{
    DENIED, ROLE, World, activation, ask, asked, assignment_of_dana, changed, decide, everything,
    id,
};
use crate::paths::{APPROVALS, State, approval, request};

/// Sends a decision with these members.
async fn patch(world: &World<'_>, id: &str, body: &Value) -> pimento_testkit::Answer {
    let cleo = world.server.person("cleo").await;
    cleo.send("PATCH", &approval(id), body).await
}

#[tokio::test]
async fn members_that_are_sent_back_as_they_were_read_are_let_pass() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({"duration": "2"}))).await;
    let cleo = server.person("cleo").await;
    let read = cleo.get(&approval(&id)).await.expect(200);
    let decision = json!({"approvalState": "approved", "approverReason": "As agreed"});
    patch(&world, &id, &changed(read, decision))
        .await
        .expect(204);
    assert_eq!(world.state().await, State::Until(world.at(120)));
}

#[tokio::test]
async fn members_may_be_sent_back_in_another_spelling_of_the_same() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({"duration": "2"}))).await;
    let cleo = server.person("cleo").await;
    let read = cleo.get(&approval(&id)).await.expect(200);
    let with_offset = |member: &str| {
        let text = read[member].as_str().unwrap();
        text.replace('Z', "+00:00")
    };
    // As Python writes what it reads.
    let respelled = json!({
        "roleId": ROLE.to_uppercase(),
        "approvalDuration": "2:00:00",
        "startDateTime": with_offset("startDateTime"),
        "endDateTime": with_offset("endDateTime"),
        "approvalState": "approved",
    });
    let body = changed(read.clone(), respelled);
    patch(&world, &id, &body).await.expect(204);
    assert_eq!(world.state().await, State::Until(world.at(120)));
}

#[tokio::test]
async fn members_that_differ_from_what_was_read_are_refused_by_name() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({"duration": "2"}))).await;
    let cleo = server.person("cleo").await;
    let read = cleo.get(&approval(&id)).await.expect(200);
    let decided = changed(read, json!({"approvalState": "approved"}));
    let before = everything(&world.ada).await;
    for (member, value) in [
        ("userId", json!("dana")),
        ("roleId", json!("fe930be7-5e62-47db-91af-98c3a49a38b1")),
        ("approvalType", json!("none")),
        ("approvalDuration", json!("PT3H")),
        ("requestorReason", json!("Another")),
        ("startDateTime", json!(world.at(1))),
        ("endDateTime", json!(world.at(121))),
        ("approvalState", json!("aborted")),
        ("approvalState", json!("pending")),
        ("approvalState", json!(null)),
        ("approverReason", json!("x".repeat(500))),
    ] {
        let body = changed(decided.clone(), json!({ member: value }));
        let error = patch(&world, &id, &body)
            .await
            .refused(400, "invalidRequest");
        assert_eq!(error["target"], member, "{value}");
    }
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn a_request_is_decided_once_whatever_the_second_verdict() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let cleo = server.person("cleo").await;
    for first in ["denied", "approved"] {
        let id = asked(&world.ben, activation(json!({}))).await;
        decide(&cleo, &id, first).await.expect(204);
        let before = everything(&world.ada).await;
        for second in ["approved", "denied"] {
            let error = decide(&cleo, &id, second).await;
            error.refused(400, "ApprovalNotPending");
        }
        assert_eq!(everything(&world.ada).await, before);
    }
}

#[tokio::test]
async fn where_the_settings_name_nobody_privileged_role_administrators_decide() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({"approvalOnElevation": true})).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    for name in ["cleo", "dana"] {
        let error = decide(&server.person(name).await, &id, "approved").await;
        let error = error.refused(403, DENIED);
        assert_eq!(error["innerError"]["code"], "NotApprover", "{name}");
    }
    decide(&world.ada, &id, "approved").await.expect(204);
    assert_eq!(world.state().await, State::Until(world.at(60)));
}

#[tokio::test]
async fn where_the_settings_name_somebody_nobody_else_decides() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    for name in ["ada", "dana"] {
        let error = decide(&server.person(name).await, &id, "denied").await;
        let error = error.refused(403, DENIED);
        assert_eq!(error["innerError"]["code"], "NotApprover", "{name}");
    }
    // The approvers are those of the moment of the decision.
    world
        .change_settings(&json!({"approverIds": ["dana"]}))
        .await;
    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "approved").await.refused(403, DENIED);
    let dana = server.person("dana").await;
    decide(&dana, &id, "approved").await.expect(204);
}

#[tokio::test]
async fn nobody_decides_about_a_request_of_their_own() {
    let server = TestServer::dev().await;
    let named = json!({"approvalOnElevation": true, "approverIds": ["ben", "cleo"]});
    let world = World::under(&server, &named).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    for verdict in ["approved", "denied"] {
        let error = decide(&world.ben, &id, verdict).await.refused(403, DENIED);
        assert_eq!(error["innerError"]["code"], "OwnRequest");
    }
    assert_eq!(world.approval_state(&id).await, "pending");
}

#[tokio::test]
async fn an_approval_of_what_needs_none_or_does_not_exist_is_not_found() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    for id in [id.as_str(), "0199a5c2-5d3e-7c41-9b0a-3f6c1f0c9a11", "7"] {
        for path in ["", "/request", "/roleInfo"] {
            let answer = world.ada.get(&format!("{}{path}", approval(id))).await;
            answer.refused(404, "ResourceNotFound");
        }
        decide(&world.ada, id, "approved")
            .await
            .refused(404, "ResourceNotFound");
    }
}

#[tokio::test]
async fn who_is_not_eligible_any_more_at_the_decision_gets_nothing() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let until = json!({"schedule": {"startDateTime": world.at(0), "endDateTime": world.at(60)}});
    asked(&world.ada, assignment_of_dana("Eligible", until)).await;
    let dana = server.person("dana").await;
    let id = asked(&dana, activation(json!({}))).await;
    server.advance("PT1H").await;
    let cleo = server.person("cleo").await;
    let error = decide(&cleo, &id, "approved").await;
    let error = error.refused(400, "RoleAssignmentDoesNotExist");
    assert_eq!(error["details"][0]["code"], "EligibilityRule");
    assert_eq!(State::seen_by(&world.ada, "dana", ROLE).await, State::Gone);
    decide(&cleo, &id, "denied").await.expect(204);
}

#[tokio::test]
async fn an_approval_can_be_asked_for_where_the_settings_do_not_demand_one() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({"ticketingInfoOnElevation": true})).await;
    let body = json!({
        "userId": "Self", "roleId": ROLE, "approvalType": "anything", "approvalState": "pending",
        "approvalDuration": "PT2H", "requestorReason": "Rotate a key", "ticketNumber": "INC-7",
    });
    let answer = world.ben.send("POST", APPROVALS, &body).await;
    let made = answer.expect(201);
    let id = id(&made);
    let location = format!("{}{}", server.url(), approval(&id));
    assert_eq!(answer.header("location").unwrap(), location);
    let expected = json!({
        "@odata.context": format!("{}/beta/$metadata#privilegedApproval/$entity", server.url()),
        "id": id, "userId": "ben", "roleId": ROLE, "approvalType": null, "approvalState": "pending",
        "approvalDuration": "PT2H", "requestorReason": "Rotate a key", "approverReason": null,
        "startDateTime": world.at(0), "endDateTime": world.at(120),
    });
    assert_eq!(made, expected);
    let asked = world.ben.get(&request(&id)).await.expect(200);
    assert_eq!(asked["status"], "RequestedApproval");
    assert_eq!(asked["ticketNumber"], "INC-7");
    decide(&world.ada, &id, "approved").await.expect(204);
    assert_eq!(world.state().await, State::Until(world.at(120)));
}

#[tokio::test]
async fn asking_for_an_approval_fails_as_a_request_does_in_its_own_words() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({"ticketingInfoOnElevation": true})).await;
    let whole = json!({"roleId": ROLE, "requestorReason": "Rotate a key", "ticketNumber": "INC-7"});
    let before = everything(&world.ada).await;
    let several = "RoleAssignmentRequestPolicyValidationFailed";
    for (changes, code, target) in [
        (json!({"roleId": null}), "RoleIdRequired", json!("roleId")),
        (json!({"roleId": "none"}), "RoleNotFound", json!("roleId")),
        (
            json!({"approvalState": "approved"}),
            "invalidRequest",
            json!("approvalState"),
        ),
        (
            json!({"requestorReason": " "}),
            "RequestorReasonMissing",
            json!("requestorReason"),
        ),
        (
            json!({"requestorReason": "x".repeat(500)}),
            "RequestorReasonTooLong",
            json!("requestorReason"),
        ),
        (
            json!({"ticketNumber": null}),
            "TicketingInfoRequired",
            json!("ticketNumber"),
        ),
        (
            json!({"approvalDuration": "9"}),
            "InvalidDuration",
            json!("approvalDuration"),
        ),
        (
            json!({"approvalDuration": "soon"}),
            "invalidRequest",
            json!("approvalDuration"),
        ),
        (
            json!({"approvalDuration": "9", "ticketNumber": null}),
            several,
            json!(null),
        ),
        (
            json!({"startDateTime": world.at(-6)}),
            "InvalidScheduleStart",
            json!("startDateTime"),
        ),
        (
            json!({"endDateTime": world.at(0)}),
            "invalidRequest",
            json!("endDateTime"),
        ),
    ] {
        let body = changed(whole.clone(), changes.clone());
        let answer = world.ben.send("POST", APPROVALS, &body).await;
        assert_eq!(answer.refused(400, code)["target"], target, "{changes}");
    }
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn nobody_asks_for_an_approval_for_somebody_else() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let others = json!({"userId": "dana", "roleId": ROLE, "requestorReason": "Rotate a key"});
    let answer = world.ben.send("POST", APPROVALS, &others).await;
    answer.refused(403, "OnBehalfOfNotAllowed");
}

#[tokio::test]
async fn requests_that_wait_go_on_waiting_when_approval_is_switched_off() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    world
        .change_settings(&json!({"approvalOnElevation": false}))
        .await;
    assert_eq!(world.status(&id).await, "RequestedApproval");
    let error = ask(&world.ben, activation(json!({}))).await;
    error.refused(400, "PendingApprovalExists");
    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "approved").await.expect(204);
}
