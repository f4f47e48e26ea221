//! Roles go away by themselves, by the clock of the rules.

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::TestServer;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR};
use serde_json::json;

use crate::paths::{ASSIGNMENTS, ROLES, State, assignment, own};

#[tokio::test]
async fn an_activation_ends_at_its_instant_in_every_answer() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    let dana = server.person("dana").await;
    let new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let end = State::Until((now + SignedDuration::from_hours(1)).to_string());

    let shown = async || {
        let one = ada
            .get(&assignment("dana", APPLICATION_ADMINISTRATOR))
            .await
            .expect(200);
        let of_role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}/assignments");
        let of_role = ada.get(&of_role).await.expect(200)["value"][0].take();
        let mine = dana.get(&format!("{ASSIGNMENTS}/my")).await.expect(200)["value"][0].take();
        let all = ada.get(ASSIGNMENTS).await.expect(200);
        let of_all = all["value"].as_array().unwrap();
        let in_all = of_all.iter().find(|one| one["userId"] == "dana").unwrap();
        [
            State::of(&one),
            State::of(&of_role),
            State::of(&mine),
            State::of(in_all),
        ]
    };
    server.advance("PT59M59.999999S").await;
    assert_eq!(shown().await, [(); 4].map(|()| end.clone()));
    server.advance("PT0.000001S").await;
    assert_eq!(shown().await, [(); 4].map(|()| State::Eligible));
}

#[tokio::test]
async fn a_role_that_was_activated_opens_doors_until_its_end_and_no_longer() {
    let server = TestServer::dev().await;
    server.freeze().await;
    let ada = server.person("ada").await;
    let new =
        json!({"userId": "pat", "roleId": PRIVILEGED_ROLE_ADMINISTRATOR, "isElevated": false});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let pat = server
        .signed_in(&json!({"oid": "pat", "amr": ["mfa"]}))
        .await;
    pat.get(ASSIGNMENTS)
        .await
        .refused(403, "Authorization_RequestDenied");

    let activate = own(PRIVILEGED_ROLE_ADMINISTRATOR, "selfActivate");
    pat.send("POST", &activate, &json!({"duration": "min"}))
        .await
        .expect(200);
    pat.get(ASSIGNMENTS).await.expect(200);
    let dana = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR});
    pat.send("POST", ASSIGNMENTS, &dana).await.expect(201);

    server.advance("PT30M").await;
    pat.get(ASSIGNMENTS)
        .await
        .refused(403, "Authorization_RequestDenied");
    let removal = pat
        .delete(&assignment("dana", APPLICATION_ADMINISTRATOR))
        .await;
    removal.refused(403, "Authorization_RequestDenied");
    pat.post(&activate).await.expect(200);
    pat.get(ASSIGNMENTS).await.expect(200);
}

#[tokio::test]
async fn a_frozen_clock_stands_until_it_is_moved_and_runs_on_from_there() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let clock = async |change| {
        let answer = server.call("POST", "/dev/clock").json(&change).send().await;
        let shown = answer.expect(200);
        let now: Timestamp = shown["now"].as_str().unwrap().parse().unwrap();
        (now, shown["frozen"].as_bool().unwrap())
    };
    assert_eq!(clock(json!({})).await, (now, true));
    assert_eq!(
        clock(json!({"advance": null, "freeze": null})).await,
        (now, true)
    );
    let later = now + SignedDuration::from_hours(26);
    assert_eq!(clock(json!({"advance": "P1DT2H"})).await, (later, true));
    let (running, frozen) = clock(json!({"freeze": false})).await;
    assert!(later <= running && !frozen);
    let (further, _) = clock(json!({})).await;
    assert!(running <= further);
}

#[tokio::test]
async fn a_clock_that_is_asked_for_what_it_cannot_do_stays_as_it_is() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    for (change, target) in [
        (json!({"advance": "-PT1H"}), "advance"),
        (json!({"advance": "an hour"}), "advance"),
        (json!({"advance": ""}), "advance"),
        (json!({"advance": 60}), "advance"),
        (json!({"advance": "PT1H", "freeze": "no"}), "freeze"),
        (json!({"advance": "PT99999999999999999999H"}), "advance"),
    ] {
        let answer = server.call("POST", "/dev/clock").json(&change).send().await;
        assert_eq!(
            answer.refused(400, "invalidRequest")["target"],
            target,
            "{change}"
        );
    }
    assert_eq!(server.advance("PT0S").await, now);
}

#[tokio::test]
async fn the_clock_cannot_be_moved_out_of_the_calendar() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for change in [
        json!({"advance": "P2000000D"}),
        json!({"advance": "P2000000D"}),
    ] {
        let answer = server.call("POST", "/dev/clock").json(&change).send().await;
        assert!(
            answer.status == 200 || answer.status == 400,
            "{}",
            answer.status
        );
    }
    ada.get(ASSIGNMENTS).await.expect(200);
    let new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR});
    let answer = ada.send("POST", ASSIGNMENTS, &new).await;
    assert!(
        answer.status < 500,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
}

#[tokio::test]
async fn tokens_keep_to_wall_time_however_far_the_clock_is_moved() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    server.advance("P400D").await;
    ada.get(ASSIGNMENTS).await.expect(200);
    server
        .person("cleo")
        .await
        .get(ASSIGNMENTS)
        .await
        .expect(200);
}
