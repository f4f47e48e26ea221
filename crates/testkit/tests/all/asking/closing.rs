//! What an administrator does to an assignment closes the requests that rest on it.

use pimento_testkit::TestServer;
use serde_json::json;

use super::{World, activation, asked, cancel, decide};
use crate::paths::{State, assignment, own};

const ACTIONS: [(&str, &str); 2] = [("DELETE", ""), ("POST", "/makePermanent")];

#[tokio::test]
async fn removing_an_assignment_or_making_it_permanent_aborts_what_waits() {
    for (method, action) in ACTIONS {
        let server = TestServer::dev().await;
        let world = World::with_approval_by_cleo(&server).await;
        let id = asked(&world.ben, activation(json!({}))).await;
        let path = format!("{}{action}", assignment("ben", super::ROLE));
        let answer = world.ada.call(method, &path).send().await;
        assert!([200, 204].contains(&answer.status), "{method} {action}");
        assert_eq!(world.status(&id).await, "ApprovalAborted");
        assert_eq!(world.approval_state(&id).await, "aborted");
        let cleo = server.person("cleo").await;
        decide(&cleo, &id, "approved")
            .await
            .refused(400, "ApprovalNotPending");
        cancel(&world.ben, &id)
            .await
            .refused(400, "RequestCannotBeCancelled");
    }
}

#[tokio::test]
async fn removing_an_assignment_or_making_it_permanent_revokes_what_is_scheduled() {
    for (method, action) in ACTIONS {
        let server = TestServer::dev().await;
        let world = World::under(&server, &json!({})).await;
        let later = json!({"schedule": {"startDateTime": world.at(60)}});
        let id = asked(&world.ben, activation(later)).await;
        let path = format!("{}{action}", assignment("ben", super::ROLE));
        let answer = world.ada.call(method, &path).send().await;
        assert!([200, 204].contains(&answer.status), "{method} {action}");
        assert_eq!(world.status(&id).await, "Revoked");
        let after = world.state().await;
        server.advance("PT90M").await;
        assert_eq!(world.state().await, after, "{method} {action}");
    }
}

#[tokio::test]
async fn making_eligible_who_is_eligible_leaves_requests_as_they_are() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    let path = format!("{}/makeEligible", assignment("ben", super::ROLE));
    let answer = world.ada.post(&path).await.expect(200);
    assert!(answer["resultMessage"].is_string());
    assert_eq!(world.status(&id).await, "RequestedApproval");
}

#[tokio::test]
async fn making_eligible_who_was_made_active_keeps_what_begins_later() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let later = json!({"schedule": {"startDateTime": world.at(120)}});
    let id = asked(&world.ben, activation(later)).await;
    asked(&world.ben, activation(json!({}))).await;
    let ended = world.ben.post(&own(super::ROLE, "selfDeactivate")).await;
    assert_eq!(State::of(&ended.expect(200)), State::Eligible);
    assert_eq!(world.status(&id).await, "Scheduled");
    server.advance("PT2H").await;
    assert_eq!(world.state().await, State::Until(world.at(180)));
}
