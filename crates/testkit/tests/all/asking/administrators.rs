//! What an administrator gives by request: eligible or active, at once or later, with an end or without.

use pimento_testkit::TestServer;
use pimento_testkit::role::PRIVILEGED_ROLE_ADMINISTRATOR;
use serde_json::{Value, json};

use super::{DENIED, ROLE, World, activation, ask, asked, assignment_of_dana, cancel, id};
use crate::paths::{State, assignment};

async fn dana(world: &World<'_>) -> State {
    State::seen_by(&world.ada, "dana", ROLE).await
}

/// What the administrator asks for is there at once.
async fn given(state: &str, changes: Value) -> State {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let made = ask(&world.ada, assignment_of_dana(state, changes)).await;
    let made = made.expect(201);
    assert_eq!(
        (&made["status"], &made["userId"]),
        (&json!("Completed"), &json!("dana"))
    );
    assert_eq!(made["schedule"]["type"], "assignment");
    dana(&world).await
}

#[tokio::test]
async fn without_an_end_it_is_for_ever() {
    assert_eq!(given("Eligible", json!({})).await, State::Eligible);
    assert_eq!(given("Active", json!({})).await, State::Permanent);
}

#[tokio::test]
async fn words_may_be_written_in_any_case() {
    let lower = json!({"type": "adminadd", "assignmentState": "active"});
    assert_eq!(given("Active", lower).await, State::Permanent);
}

#[tokio::test]
async fn an_end_is_kept_and_the_settings_do_not_limit_it() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let active = json!({"duration": "100"});
    let made = ask(&world.ada, assignment_of_dana("Active", active)).await;
    assert_eq!(made.expect(201)["status"], "Completed");
    assert_eq!(dana(&world).await, State::Until(world.at(6000)));
    server.advance("PT100H").await;
    assert_eq!(dana(&world).await, State::Gone);
}

#[tokio::test]
async fn eligibility_ends_at_its_end_and_what_rests_on_it_may_not_begin_after() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let until = json!({"schedule": {"startDateTime": world.at(0), "endDateTime": world.at(600)}});
    asked(&world.ada, assignment_of_dana("Eligible", until)).await;
    let person = server.person("dana").await;
    asked(&person, activation(json!({}))).await;
    assert_eq!(dana(&world).await, State::Until(world.at(60)));
    server.advance("PT10H").await;
    assert_eq!(dana(&world).await, State::Gone);
    let error = ask(&person, activation(json!({}))).await;
    error.refused(400, "RoleAssignmentDoesNotExist");
}

#[tokio::test]
async fn what_begins_later_begins_by_itself() {
    for (state, then) in [("Eligible", State::Eligible), ("Active", State::Permanent)] {
        let server = TestServer::dev().await;
        let world = World::under(&server, &json!({})).await;
        let later = json!({"schedule": {"startDateTime": world.at(60)}});
        let made = ask(&world.ada, assignment_of_dana(state, later)).await;
        let made = made.expect(201);
        assert_eq!(made["status"], "Scheduled");
        assert_eq!(dana(&world).await, State::Gone);
        server.advance("PT1H").await;
        assert_eq!(dana(&world).await, then);
        assert_eq!(world.status(&id(&made)).await, "Completed");
    }
}

#[tokio::test]
async fn a_role_that_is_active_is_not_given_again() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    asked(&world.ada, assignment_of_dana("Active", json!({}))).await;
    let error = ask(&world.ada, assignment_of_dana("Active", json!({}))).await;
    error.refused(400, "RoleAlreadyActivated");
}

#[tokio::test]
async fn who_is_active_can_be_made_eligible_beside_it() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let hour = json!({"duration": "1"});
    asked(&world.ada, assignment_of_dana("Active", hour)).await;
    asked(&world.ada, assignment_of_dana("Eligible", json!({}))).await;
    assert_eq!(dana(&world).await, State::Until(world.at(60)));
    server.advance("PT1H").await;
    assert_eq!(dana(&world).await, State::Eligible);
}

#[tokio::test]
async fn what_begins_later_is_taken_back_by_another_administrator_and_never_begins() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let later = json!({"schedule": {"startDateTime": world.at(60)}});
    let given = asked(&world.ada, assignment_of_dana("Active", later)).await;
    assert_eq!(world.status(&given).await, "Scheduled");

    let wids = [PRIVILEGED_ROLE_ADMINISTRATOR];
    let olga = json!({"oid": "olga", "wids": wids});
    let olga = server.signed_in(&olga).await;
    cancel(&olga, &given).await.refused(403, DENIED);
    let path = assignment("dana", ROLE);
    olga.delete(&path).await.expect(204);
    assert_eq!(world.status(&given).await, "Revoked");
    let again = olga.delete(&path).await;
    again.refused(404, "ResourceNotFound");
    server.advance("PT2H").await;
    assert_eq!(dana(&world).await, State::Gone);
}
