//! Requests from the question to the end of the role.

use pimento_testkit::TestServer;
use serde_json::{Value, json};

use super::{ROLE, World, activation, ask, asked, cancel, decide, id};
use crate::paths::{REQUESTS, State, approval, own, request};

#[tokio::test]
async fn a_request_begins_at_once_and_ends_by_itself() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let answer = ask(&world.ben, activation(json!({"duration": "2"}))).await;
    let made = answer.expect(201);
    assert_eq!(
        answer.header("location").unwrap(),
        format!("{}{}", server.url(), request(&id(&made)))
    );
    let context = "/beta/$metadata#privilegedRoleAssignmentRequests/$entity";
    assert_eq!(made["@odata.context"], format!("{}{context}", server.url()));
    let expected = json!({
        "@odata.context": made["@odata.context"], "id": made["id"], "userId": "ben", "roleId": ROLE,
        "type": "UserAdd", "assignmentState": "Active", "status": "Completed",
        "requestedDateTime": world.at(0), "duration": "2", "reason": "Rotate a key",
        "ticketNumber": null, "ticketSystem": null,
        "schedule": {
            "type": "activation", "startDateTime": world.at(0), "endDateTime": world.at(120), "duration": "PT2H",
        },
    });
    assert_eq!(made, expected);
    assert_eq!(
        world.ben.get(&request(&id(&made))).await.expect(200),
        expected
    );
    assert_eq!(world.state().await, State::Until(world.at(120)));
    server.advance("PT1H59M59.999999S").await;
    assert_eq!(world.state().await, State::Until(world.at(120)));
    server.advance("PT0.000001S").await;
    assert_eq!(world.state().await, State::Eligible);
    assert_eq!(world.status(&id(&made)).await, "Completed");
}

#[tokio::test]
async fn a_request_is_approved_becomes_active_and_ends() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let waiting = ask(&world.ben, activation(json!({}))).await.expect(201);
    let id = id(&waiting);
    assert_eq!(waiting["status"], "RequestedApproval");
    assert_eq!(world.state().await, State::Eligible);
    assert_eq!(world.approval_state(&id).await, "pending");

    server.advance("PT20M").await;
    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "approved").await.expect(204);
    // It came late: the start moves to the decision, and the length stays.
    assert_eq!(world.state().await, State::Until(world.at(80)));
    let shown = world.ben.get(&request(&id)).await.expect(200);
    assert_eq!(shown["status"], "Completed");
    let schedule = json!({
        "type": "activation", "startDateTime": world.at(20), "endDateTime": world.at(80), "duration": "PT1H",
    });
    assert_eq!(shown["schedule"], schedule);
    let decided = world.ben.get(&approval(&id)).await.expect(200);
    assert_eq!(decided["approvalState"], "approved");
    assert_eq!(decided["approverReason"], "As agreed");
    server.advance("PT1H").await;
    assert_eq!(world.state().await, State::Eligible);
}

#[tokio::test]
async fn a_request_that_is_denied_comes_to_nothing() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "denied").await.expect(204);
    assert_eq!(world.status(&id).await, "ApprovalDenied");
    assert_eq!(world.approval_state(&id).await, "denied");
    server.advance("P2D").await;
    assert_eq!(world.state().await, State::Eligible);
    assert_eq!(world.status(&id).await, "ApprovalDenied");
    // It is decided for good, but ben may ask anew.
    decide(&cleo, &id, "approved")
        .await
        .refused(400, "ApprovalNotPending");
    asked(&world.ben, activation(json!({}))).await;
}

#[tokio::test]
async fn a_request_that_nobody_decides_lapses_at_its_instant() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    server.advance("PT23H59M59.999999S").await;
    assert_eq!(world.status(&id).await, "RequestedApproval");
    assert_eq!(world.approval_state(&id).await, "pending");
    server.advance("PT0.000001S").await;
    assert_eq!(world.status(&id).await, "RequestExpired");
    assert_eq!(world.approval_state(&id).await, "aborted");
    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "approved")
        .await
        .refused(400, "ApprovalNotPending");
    assert_eq!(world.state().await, State::Eligible);
    cancel(&world.ben, &id)
        .await
        .refused(400, "RequestCannotBeCancelled");
    asked(&world.ben, activation(json!({}))).await;
}

#[tokio::test]
async fn a_request_with_a_fixed_end_lapses_no_later_than_that() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let until = json!({"schedule": {"startDateTime": world.at(0), "endDateTime": world.at(90)}});
    let id = asked(&world.ben, activation(until)).await;
    server.advance("PT89M").await;
    assert_eq!(world.status(&id).await, "RequestedApproval");
    server.advance("PT1M").await;
    assert_eq!(world.status(&id).await, "RequestExpired");
}

#[tokio::test]
async fn a_scheduled_request_begins_and_ends_when_it_said() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let tomorrow = json!({"schedule": {"startDateTime": world.at(1440)}, "duration": "0.5"});
    let made = ask(&world.ben, activation(tomorrow)).await.expect(201);
    assert_eq!(made["status"], "Scheduled");
    assert_eq!(world.state().await, State::Eligible);
    server.advance("PT23H59M59.999999S").await;
    assert_eq!(world.state().await, State::Eligible);
    server.advance("PT0.000001S").await;
    assert_eq!(world.state().await, State::Until(world.at(1470)));
    assert_eq!(world.status(&id(&made)).await, "Completed");
    server.advance("PT30M").await;
    assert_eq!(world.state().await, State::Eligible);
}

#[tokio::test]
async fn an_approval_before_the_start_leaves_the_schedule_as_it_is() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let later = json!({"schedule": {"startDateTime": world.at(60)}});
    let id = asked(&world.ben, activation(later)).await;
    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "approved").await.expect(204);
    assert_eq!(world.status(&id).await, "Scheduled");
    assert_eq!(world.state().await, State::Eligible);
    server.advance("PT1H").await;
    assert_eq!(world.state().await, State::Until(world.at(120)));
}

#[tokio::test]
async fn self_activate_asks_for_the_approval_that_the_settings_demand() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let activate = own(ROLE, "selfActivate");
    let without = world.ben.post(&activate).await;
    without.refused(400, "RequestorReasonMissing");
    let body = json!({"reason": "Rotate a key", "duration": "2"});
    let answer = world.ben.send("POST", &activate, &body).await.expect(200);
    assert_eq!(State::of(&answer), State::Eligible);
    let mine = world.ben.get(&format!("{REQUESTS}/my")).await.expect(200);
    let id = id(&mine["value"][0]);
    let message = answer["resultMessage"].as_str().unwrap();
    assert!(message.contains(&id), "{message}");
    let again = world.ben.send("POST", &activate, &body).await;
    again.refused(400, "PendingApprovalExists");

    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "approved").await.expect(204);
    assert_eq!(world.state().await, State::Until(world.at(120)));
}

#[tokio::test]
async fn a_duration_of_exactly_half_an_hour_or_the_maximum_of_the_role_passes() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    for (duration, from) in [("0.5", 60), ("PT8H", 90)] {
        let fits = json!({"duration": duration, "schedule": {"startDateTime": world.at(from)}});
        asked(&world.ben, activation(fits)).await;
    }
}

#[tokio::test]
async fn each_spelling_of_a_length_is_understood() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    for (changes, minutes) in [
        (json!({}), 60),
        (json!({"duration": ""}), 60),
        (json!({"duration": "min"}), 30),
        (json!({"duration": "default"}), 60),
        (json!({"duration": "1.5"}), 90),
        (json!({"duration": "PT2H"}), 120),
        (json!({"duration": "2:30:00"}), 150),
        (
            json!({"schedule": {"startDateTime": world.at(0), "duration": "PT45M"}}),
            45,
        ),
        (
            json!({"schedule": {"type": "Once", "startDateTime": world.at(0), "endDateTime": world.at(31)}}),
            31,
        ),
    ] {
        let made = ask(&world.ben, activation(changes.clone()))
            .await
            .expect(201);
        assert_eq!(
            made["schedule"]["endDateTime"],
            world.at(minutes),
            "{changes}"
        );
        assert_eq!(
            world.state().await,
            State::Until(world.at(minutes)),
            "{changes}"
        );
        end(&world).await;
    }
}

async fn end(world: &World<'_>) {
    let ended: Value = world
        .ben
        .post(&own(ROLE, "selfDeactivate"))
        .await
        .expect(200);
    assert_eq!(State::of(&ended), State::Eligible);
}
