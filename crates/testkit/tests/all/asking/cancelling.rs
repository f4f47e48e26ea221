//! Taking requests back, and each way in which that fails.

use pimento_testkit::TestServer;
use serde_json::json;

use super::{DENIED, World, activation, ask, asked, cancel, decide, everything, id};
use crate::paths::{ASSIGNMENTS, REQUESTS, State, approval, assignment, request};

#[tokio::test]
async fn a_request_that_waits_is_taken_back_and_its_approval_with_it() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    let answer = cancel(&world.ben, &id).await.expect(200);
    assert_eq!(
        (&answer["id"], &answer["status"]),
        (&json!(id), &json!("Cancelling"))
    );
    assert_eq!(world.status(&id).await, "Cancelled");
    assert_eq!(world.approval_state(&id).await, "canceled");
    let cleo = server.person("cleo").await;
    decide(&cleo, &id, "approved")
        .await
        .refused(400, "ApprovalNotPending");
    assert_eq!(world.state().await, State::Eligible);
    asked(&world.ben, activation(json!({}))).await;
}

#[tokio::test]
async fn a_scheduled_request_is_taken_back_and_never_begins() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let later = json!({"schedule": {"startDateTime": world.at(60)}});
    let id = asked(&world.ben, activation(later.clone())).await;
    // A body is not read.
    let path = format!("{}/microsoft.graph.cancel", request(&id));
    let answer = world.ben.call("POST", &path).bytes("{").send().await;
    assert_eq!(answer.expect(200)["status"], "Cancelling");
    server.advance("PT90M").await;
    assert_eq!(world.state().await, State::Eligible);
    assert_eq!(world.status(&id).await, "Cancelled");
}

#[tokio::test]
async fn a_request_that_does_not_exist_is_400_and_an_id_that_cannot_be_404() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    for person in [&world.ben, &world.ada] {
        let unknown = "0199a5c2-5d3e-7c41-9b0a-3f6c1f0c9a11";
        let error = cancel(person, unknown).await;
        error.refused(400, "RoleAssignmentRequestNotFound");
        cancel(person, "7").await.refused(404, "ResourceNotFound");
        let without = person.post(&format!("{REQUESTS}//cancel")).await;
        without.refused(404, "ResourceNotFound");
    }
}

#[tokio::test]
async fn a_request_of_which_nothing_becomes_any_more_cannot_be_taken_back() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let cleo = server.person("cleo").await;
    let mut closed = Vec::new();
    let denied = asked(&world.ben, activation(json!({}))).await;
    decide(&cleo, &denied, "denied").await.expect(204);
    closed.push((denied, "ApprovalDenied"));
    let cancelled = asked(&world.ben, activation(json!({}))).await;
    cancel(&world.ben, &cancelled).await.expect(200);
    closed.push((cancelled, "Cancelled"));
    let lapsed = asked(&world.ben, activation(json!({}))).await;
    server.advance("P1D").await;
    closed.push((lapsed, "RequestExpired"));
    let aborted = asked(&world.ben, activation(json!({}))).await;
    let path = assignment("ben", super::ROLE);
    world.ada.delete(&path).await.expect(204);
    closed.push((aborted, "ApprovalAborted"));
    let new = json!({"userId": "ben", "roleId": super::ROLE, "isElevated": false});
    world.ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let begun = asked(&world.ben, activation(json!({}))).await;
    decide(&cleo, &begun, "approved").await.expect(204);
    closed.push((begun, "Completed"));

    let before = everything(&world.ada).await;
    for (id, status) in closed {
        assert_eq!(world.status(&id).await, status);
        let error = cancel(&world.ben, &id).await;
        error.refused(400, "RequestCannotBeCancelled");
    }
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn nobody_takes_back_what_somebody_else_asked_for() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    let before = everything(&world.ada).await;
    // The administrator, the approver, and a stranger.
    for name in ["ada", "cleo", "dana"] {
        let error = cancel(&server.person(name).await, &id).await;
        let error = error.refused(403, DENIED);
        assert_eq!(error["innerError"]["code"], "NotRequestor", "{name}");
    }
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn the_requestor_takes_back_what_they_asked_for_about_somebody_else() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let later = json!({"schedule": {"startDateTime": world.at(60)}});
    let made = ask(&world.ada, super::assignment_of_dana("Active", later)).await;
    let id = id(&made.expect(201));
    let dana = server.person("dana").await;
    let error = cancel(&dana, &id).await.refused(403, DENIED);
    assert_eq!(error["innerError"]["code"], "NotRequestor");
    cancel(&world.ada, &id).await.expect(200);
    server.advance("PT2H").await;
    let seen = State::seen_by(&world.ada, "dana", super::ROLE).await;
    assert_eq!(seen, State::Gone);
    // It never needed an approval.
    world
        .ada
        .get(&approval(&id))
        .await
        .refused(404, "ResourceNotFound");
}
