//! `POST /dev/clock`: the rules live by it, tokens do not.

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::{TestServer, role};
use serde_json::{Value, json};

use super::dev::claims;

/// As slow as a machine may be between two requests of a test.
const SLOW: SignedDuration = SignedDuration::from_mins(1);

/// What the clock shows after this change, and whether it stands still.
async fn change(server: &TestServer, change: &Value) -> (Timestamp, bool) {
    let clock = server
        .call("POST", "/dev/clock")
        .json(change)
        .send()
        .await
        .expect(200);
    let now = clock["now"].as_str().and_then(|now| now.parse().ok());
    (
        now.expect("an instant"),
        clock["frozen"].as_bool().expect("yes or no"),
    )
}

/// The wall time by which tokens are issued.
async fn wall_time(server: &TestServer) -> Timestamp {
    let token = server.token(&json!({})).await;
    let seconds = claims(&token)["iat"].as_i64().expect("seconds");
    Timestamp::from_second(seconds).expect("an instant")
}

#[tokio::test]
async fn it_starts_at_wall_time_and_runs() {
    let server = TestServer::dev().await;
    let wall = wall_time(&server).await;
    let (first, frozen) = change(&server, &json!({})).await;
    assert!(!frozen);
    assert!(wall <= first && first < wall + SLOW, "{wall} {first}");
    let (second, _) = change(&server, &json!({"advance": null, "freeze": null})).await;
    assert!(first < second && second < first + SLOW, "{first} {second}");
}

#[tokio::test]
async fn it_is_advanced_and_runs_on() {
    let server = TestServer::dev().await;
    let (before, _) = change(&server, &json!({})).await;
    let day = SignedDuration::from_hours(24);
    let (after, frozen) = change(&server, &json!({"advance": "P1D"})).await;
    assert!(!frozen);
    assert!(
        before + day < after && after < before + day + SLOW,
        "{before} {after}"
    );
    let (later, _) = change(&server, &json!({})).await;
    assert!(after < later);
}

#[tokio::test]
async fn it_is_frozen_advanced_to_the_tick_and_let_go() {
    let server = TestServer::dev().await;
    let (stopped, frozen) = change(&server, &json!({"freeze": true})).await;
    assert!(frozen);
    assert_eq!(change(&server, &json!({})).await, (stopped, true));
    let hour = stopped + SignedDuration::from_hours(1);
    assert_eq!(
        change(&server, &json!({"advance": "PT1H"})).await,
        (hour, true)
    );
    let later = hour + SignedDuration::from_mins(90);
    assert_eq!(
        change(&server, &json!({"advance": "PT1H30M", "freeze": true})).await,
        (later, true)
    );
    let (running, frozen) = change(&server, &json!({"freeze": false})).await;
    assert!(!frozen);
    assert!(
        later <= running && running < later + SLOW,
        "{later} {running}"
    );
    let (on, _) = change(&server, &json!({})).await;
    assert!(running < on);
}

#[tokio::test]
async fn changes_that_make_no_sense_are_refused_and_change_nothing() {
    let server = TestServer::dev().await;
    let before = change(&server, &json!({"freeze": true})).await;
    for (body, target) in [
        (json!({"advance": "-PT1H"}), "advance"),
        (json!({"advance": "PT-1H"}), "advance"),
        (json!({"advance": "-PT0.000001S"}), "advance"),
        (json!({"advance": "an hour"}), "advance"),
        (json!({"advance": ""}), "advance"),
        (json!({"advance": "1"}), "advance"),
        (json!({"advance": "PT99999999999999999999H"}), "advance"),
        (json!({"advance": "P36525DT0.000001S"}), "advance"),
        (json!({"advance": 3600}), "advance"),
        (json!({"advance": ["PT1H"]}), "advance"),
        (json!({"freeze": "yes"}), "freeze"),
        (json!({"freeze": 1, "advance": "PT1H"}), "freeze"),
    ] {
        let answer = server.call("POST", "/dev/clock").json(&body).send().await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(
            answer.refused(400, "invalidRequest")["target"],
            target,
            "{body}"
        );
    }
    for body in ["", "{", "[]", "null"] {
        let answer = server.call("POST", "/dev/clock").text(body).send().await;
        answer.refused(400, "BadRequest");
    }
    assert_eq!(change(&server, &json!({})).await, before);
}

#[tokio::test]
async fn the_end_of_the_calendar_is_no_fault_of_the_server() {
    let server = TestServer::dev().await;
    for _ in 0..3 {
        let body = json!({"advance": "PT80000000H", "freeze": true});
        let answer = server.call("POST", "/dev/clock").json(&body).send().await;
        assert!(answer.status < 500, "{}", answer.status);
    }
    let ada = server.person("ada").await;
    ada.get("/beta/privilegedRoleAssignments").await.expect(200);
}

#[tokio::test]
async fn an_activation_ends_by_the_clock_of_the_rules_while_tokens_keep_to_wall_time() {
    let server = TestServer::dev().await;
    let ben = server
        .signed_in(&json!({"oid": "ben", "amr": ["pwd", "mfa"]}))
        .await;
    let path = format!(
        "/beta/privilegedRoles/{}/selfActivate",
        role::USER_ADMINISTRATOR
    );
    assert_eq!(ben.post(&path).await.expect(200)["isElevated"], true);
    server.advance("PT8H").await;
    let mine = ben
        .get("/beta/privilegedRoleAssignments/my")
        .await
        .expect(200);
    assert_eq!(mine["value"][0]["isElevated"], false, "{mine}");
    assert_eq!(
        mine["value"][0]["expirationDateTime"],
        Value::Null,
        "{mine}"
    );
    let fresh = server.token(&json!({"oid": "ben"})).await;
    let exp = claims(&fresh)["exp"].as_i64().expect("seconds");
    let left = Timestamp::from_second(exp)
        .expect("an instant")
        .duration_since(wall_time(&server).await);
    assert!(
        left <= SignedDuration::from_hours(1),
        "a token is good for an hour of wall time"
    );
}

#[tokio::test]
async fn a_database_that_was_in_the_future_stays_there() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let server = TestServer::dev_in(folder.path()).await;
    server.advance("PT48H").await;
    let ada = server.person("ada").await;
    let path = format!(
        "/beta/privilegedRoleAssignments/ben_{}/makePermanent",
        role::USER_ADMINISTRATOR
    );
    ada.post(&path).await.expect(200);
    let (before, _) = change(&server, &json!({})).await;
    server.stop().await;
    let again = TestServer::dev_in(folder.path()).await;
    let (after, _) = change(&again, &json!({})).await;
    assert!(
        before - SLOW < after,
        "time does not run backwards for the events in the file: {before} {after}"
    );
}
