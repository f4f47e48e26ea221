//! "Active until": the state that an administrator gives with an end and without eligibility. Its column of the table of
//! actions, and what is left at the end.

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR,
};
use pimento_testkit::{Person, TestServer};
use serde_json::json;

use crate::paths::{REQUESTS, State, assignment, own};

/// Gives somebody a role for two hours by the clock, which stands still, and answers its end.
async fn give(server: &TestServer, ada: &Person<'_>, user: &str, role: &str) -> String {
    server.freeze().await;
    let body = json!({
        "userId": user, "roleId": role, "type": "AdminAdd", "assignmentState": "Active",
        "reason": "For the audit", "duration": "2",
    });
    let made = ada.send("POST", REQUESTS, &body).await.expect(201);
    assert_eq!(made["status"], "Completed");
    let end = made["schedule"]["endDateTime"].as_str().unwrap().to_owned();
    let seen = State::seen_by(ada, user, role).await;
    assert_eq!(seen, State::Until(end.clone()));
    end
}

#[tokio::test]
async fn at_its_end_nothing_is_left_of_it() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let end = give(&server, &ada, "dana", APPLICATION_ADMINISTRATOR).await;
    let seen = async || State::seen_by(&ada, "dana", APPLICATION_ADMINISTRATOR).await;
    server.advance("PT1H59M59.999999S").await;
    assert_eq!(seen().await, State::Until(end));
    server.advance("PT0.000001S").await;
    assert_eq!(seen().await, State::Gone);
}

#[tokio::test]
async fn made_permanent_it_has_no_end_any_more() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    give(&server, &ada, "dana", APPLICATION_ADMINISTRATOR).await;
    let path = assignment("dana", APPLICATION_ADMINISTRATOR);
    let answer = ada.post(&format!("{path}/makePermanent")).await.expect(200);
    assert_eq!(State::of(&answer), State::Permanent);
    server.advance("PT3H").await;
    let seen = State::seen_by(&ada, "dana", APPLICATION_ADMINISTRATOR).await;
    assert_eq!(seen, State::Permanent);
}

#[tokio::test]
async fn made_eligible_by_another_it_is_only_eligible() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    give(&server, &ada, "dana", APPLICATION_ADMINISTRATOR).await;
    let path = assignment("dana", APPLICATION_ADMINISTRATOR);
    let answer = ada.post(&format!("{path}/makeEligible")).await.expect(200);
    assert_eq!(State::of(&answer), State::Eligible);
}

#[tokio::test]
async fn made_eligible_by_oneself_an_administrators_role_keeps_its_end_and_others_end() {
    for (role, keeps) in [
        (PRIVILEGED_ROLE_ADMINISTRATOR, true),
        (SECURITY_ADMINISTRATOR, true),
        (APPLICATION_ADMINISTRATOR, false),
    ] {
        let server = TestServer::dev().await;
        let ada = server.person("ada").await;
        let end = give(&server, &ada, "pat", role).await;
        // Who is Privileged Role Administrator for as long as that lasts.
        let claims = json!({"oid": "pat", "wids": [PRIVILEGED_ROLE_ADMINISTRATOR]});
        let pat = server.signed_in(&claims).await;
        let path = assignment("pat", role);
        let answer = pat.post(&format!("{path}/makeEligible")).await.expect(200);
        let expected = if keeps {
            State::Until(end)
        } else {
            State::Eligible
        };
        assert_eq!(State::of(&answer), expected, "{role}");
        server.advance("PT2H").await;
        assert_eq!(State::seen_by(&ada, "pat", role).await, State::Eligible);
    }
}

#[tokio::test]
async fn it_is_not_activated_for_it_is_active() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let end = give(&server, &ada, "dana", APPLICATION_ADMINISTRATOR).await;
    let dana = server.person("dana").await;
    let answer = dana
        .post(&own(APPLICATION_ADMINISTRATOR, "selfActivate"))
        .await;
    let error = answer.refused(400, "RoleAlreadyActivated");
    assert!(error["message"].to_string().contains(&end), "{error}");
}

#[tokio::test]
async fn deactivated_by_its_holder_it_is_gone() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    give(&server, &ada, "dana", APPLICATION_ADMINISTRATOR).await;
    let dana = server.person("dana").await;
    let deactivate = own(APPLICATION_ADMINISTRATOR, "selfDeactivate");
    let answer = dana.post(&deactivate).await.expect(200);
    assert_eq!(answer["isElevated"], false);
    let seen = State::seen_by(&ada, "dana", APPLICATION_ADMINISTRATOR).await;
    assert_eq!(seen, State::Gone);
    let again = dana.post(&deactivate).await;
    again.refused(400, "RoleAssignmentDoesNotExist");
}

#[tokio::test]
async fn removed_it_is_gone() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    give(&server, &ada, "dana", APPLICATION_ADMINISTRATOR).await;
    let path = assignment("dana", APPLICATION_ADMINISTRATOR);
    ada.delete(&path).await.expect(204);
    ada.get(&path).await.refused(404, "ResourceNotFound");
}
