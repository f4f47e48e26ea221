//! What it takes to activate a role of one's own.

use jiff::SignedDuration;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, State, assignment, own, settings};

/// Ben, who is eligible for Application Administrator and signed in without a second factor.
struct Ben<'a> {
    server: &'a TestServer,
    ada: Person<'a>,
}

impl<'a> Ben<'a> {
    /// Ben in Application Administrator under these settings.
    async fn under(server: &'a TestServer, update: &Value) -> Self {
        let ada = server.person("ada").await;
        let new =
            json!({"userId": "ben", "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
        let changed = ada
            .send("PATCH", &settings(APPLICATION_ADMINISTRATOR), update)
            .await;
        changed.expect(204);
        Self { server, ada }
    }

    async fn activate(&self, body: &Value) -> Answer {
        let ben = self.server.person("ben").await;
        ben.send(
            "POST",
            &own(APPLICATION_ADMINISTRATOR, "selfActivate"),
            body,
        )
        .await
    }

    async fn is_still_eligible(&self) {
        let seen = State::seen_by(&self.ada, "ben", APPLICATION_ADMINISTRATOR).await;
        assert_eq!(seen, State::Eligible);
    }
}

#[tokio::test]
async fn an_activation_lasts_as_long_as_its_duration_says() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ben = Ben::under(&server, &json!({})).await;
    let person = server.person("ben").await;
    let end = |minutes: i64| (now + SignedDuration::from_mins(minutes)).to_string();
    for (duration, minutes) in [
        (json!("0.5"), 30),
        (json!("2"), 120),
        (json!("min"), 30),
        (json!("default"), 60),
        (json!(""), 60),
        (json!(null), 60),
        (json!("PT90M"), 90),
        (json!("2:00:00"), 120),
        (json!("8"), 480),
    ] {
        let active = ben
            .activate(&json!({"duration": duration}))
            .await
            .expect(200);
        assert_eq!(State::of(&active), State::Until(end(minutes)), "{duration}");
        let ended = person
            .post(&own(APPLICATION_ADMINISTRATOR, "selfDeactivate"))
            .await;
        assert_eq!(State::of(&ended.expect(200)), State::Eligible);
    }
}

#[tokio::test]
async fn a_duration_outside_of_the_settings_is_refused_with_the_limit() {
    let server = TestServer::dev().await;
    let ben = Ben::under(&server, &json!({})).await;
    for (duration, limit) in [
        ("12", "PT8H"),
        ("PT8H1S", "PT8H"),
        ("0.25", "PT30M"),
        ("0", "PT30M"),
    ] {
        let error = ben.activate(&json!({"duration": duration})).await;
        let error = error.refused(400, "InvalidDuration");
        let detail = &error["details"][0];
        assert_eq!(detail["code"], "ExpirationRule");
        assert_eq!(
            (&detail["target"], &detail["limit"]),
            (&json!("duration"), &json!(limit))
        );
        assert!(
            detail["sent"].is_string() && detail["remedy"].is_string(),
            "{detail}"
        );
    }
    for duration in [
        json!("soon"),
        json!("-1"),
        json!("1e3"),
        json!(2),
        json!(["2"]),
    ] {
        let error = ben.activate(&json!({"duration": duration})).await;
        assert_eq!(error.refused(400, "invalidRequest")["target"], "duration");
    }
    ben.is_still_eligible().await;
}

#[tokio::test]
async fn a_role_that_asks_for_a_ticket_is_not_activated_without_its_number() {
    let server = TestServer::dev().await;
    let ben = Ben::under(&server, &json!({"ticketingInfoOnElevation": true})).await;
    for body in [
        json!({}),
        json!({"ticketNumber": " "}),
        json!({"ticketSystem": "desk"}),
    ] {
        let error = ben
            .activate(&body)
            .await
            .refused(400, "TicketingInfoRequired");
        assert_eq!(error["details"][0]["code"], "TicketingRule");
    }
    ben.is_still_eligible().await;
    ben.activate(&json!({"ticketNumber": "INC-1"}))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_role_that_asks_for_a_second_factor_is_not_activated_without_one() {
    let server = TestServer::dev().await;
    let ben = Ben::under(&server, &json!({"mfaOnElevation": true})).await;
    let error = ben.activate(&json!({})).await.refused(403, "MfaRequired");
    assert_eq!(error["details"][0]["code"], "MfaRule");
    ben.is_still_eligible().await;
    let with_mfa = json!({"oid": "ben", "amr": ["pwd", "mfa"]});
    let with_mfa = server.signed_in(&with_mfa).await;
    let path = own(APPLICATION_ADMINISTRATOR, "selfActivate");
    with_mfa.post(&path).await.expect(200);
}

#[tokio::test]
async fn several_rules_that_fail_are_all_named() {
    let server = TestServer::dev().await;
    let ben = Ben::under(&server, &json!({"ticketingInfoOnElevation": true})).await;
    let error = ben.activate(&json!({"duration": "9"})).await;
    let error = error.refused(400, "RoleAssignmentRequestPolicyValidationFailed");
    let expected = r#"The following policy rules failed: ["ExpirationRule","TicketingRule"]"#;
    assert_eq!(error["message"], expected);
    assert_eq!(error["details"].as_array().unwrap().len(), 2);

    let demand = json!({"mfaOnElevation": true});
    let changed = ben
        .ada
        .send("PATCH", &settings(APPLICATION_ADMINISTRATOR), &demand)
        .await;
    changed.expect(204);
    let error = ben
        .activate(&json!({"duration": "9"}))
        .await
        .refused(403, "MfaRequired");
    assert_eq!(error["details"].as_array().unwrap().len(), 3);
    // Who is not eligible at all is told of the other rules at once.
    let dana = server.person("dana").await;
    let path = own(APPLICATION_ADMINISTRATOR, "selfActivate");
    let error = dana.send("POST", &path, &json!({"duration": "9"})).await;
    let error = error.refused(403, "MfaRequired");
    let rules = error["details"].as_array().unwrap().iter();
    let rules: Vec<&Value> = rules.map(|detail| &detail["code"]).collect();
    assert_eq!(
        rules,
        [
            "EligibilityRule",
            "ExpirationRule",
            "TicketingRule",
            "MfaRule"
        ]
    );
    ben.is_still_eligible().await;
}

#[tokio::test]
async fn a_reason_of_500_characters_is_refused_wherever_one_is_taken() {
    let server = TestServer::dev().await;
    let ben = Ben::under(&server, &json!({})).await;
    let make_permanent = format!(
        "{}/makePermanent",
        assignment("ben", APPLICATION_ADMINISTRATOR)
    );
    for member in ["reason", "ticketNumber", "ticketSystem"] {
        let long = json!({member: "ä".repeat(500)});
        let code = if member == "reason" {
            "RequestorReasonTooLong"
        } else {
            "invalidRequest"
        };
        assert_eq!(
            ben.activate(&long).await.refused(400, code)["target"],
            member
        );
        let error = ben.ada.send("POST", &make_permanent, &long).await;
        assert_eq!(error.refused(400, "invalidRequest")["target"], member);
    }
    ben.is_still_eligible().await;
    let fits = json!({"reason": "ä".repeat(499)});
    ben.ada
        .send("POST", &make_permanent, &fits)
        .await
        .expect(200);
}
