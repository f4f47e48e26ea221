//! What is said of the rules that an activation fails: of each its limit, what was sent, and what would pass.

use pimento_testkit::TestServer;
use serde_json::{Value, json};

use super::failures::refused;
use super::{World, activation, ask, asked, assignment_of_dana};

#[tokio::test]
async fn who_is_not_eligible_activates_nothing() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let dana = server.person("dana").await;
    let error = ask(&dana, activation(json!({}))).await;
    let error = error.refused(400, "RoleAssignmentDoesNotExist");
    assert_eq!(error["details"][0]["code"], "EligibilityRule");
    let expected = [("an eligibility for the role", "a start now")];
    assert_eq!(limits(&error), expected);
    // Nor who will not be any more when it begins.
    let until = json!({"schedule": {"startDateTime": world.at(0), "endDateTime": world.at(60)}});
    asked(&world.ada, assignment_of_dana("Eligible", until)).await;
    let after = json!({"schedule": {"startDateTime": world.at(60)}});
    let error = ask(&dana, activation(after)).await;
    let error = error.refused(400, "RoleAssignmentDoesNotExist");
    let limit = format!("eligible from {} until {}", world.at(0), world.at(60));
    let begins = format!("a start at {}", world.at(60));
    assert_eq!(limits(&error), [(limit.as_str(), begins.as_str())]);
    let before = json!({"schedule": {"startDateTime": world.at(59)}});
    asked(&dana, activation(before)).await;
}

#[tokio::test]
async fn all_rules_that_fail_are_in_one_answer_with_what_would_pass() {
    let strict = json!({"ticketingInfoOnElevation": true, "maxElavationDuration": "PT2H"});
    let changes = json!({"reason": null, "duration": "3"});
    let code = "RoleAssignmentRequestPolicyValidationFailed";
    let error = refused(strict.clone(), changes.clone(), 400, code).await;
    let rules = r#"["ExpirationRule","JustificationRule","TicketingRule"]"#;
    let message = format!("The following policy rules failed: {rules}");
    assert_eq!(error["message"], message);
    let expected = [
        ("PT2H", "PT3H"),
        ("a reason", "none"),
        ("a ticket number", "none"),
    ];
    assert_eq!(limits(&error), expected);

    let server = TestServer::dev().await;
    let world = World::under(&server, &strict).await;
    world
        .change_settings(&json!({"mfaOnElevation": true}))
        .await;
    let dana = server.person("dana").await;
    let error = ask(&dana, activation(changes)).await;
    let error = error.refused(403, "MfaRequired");
    let expected = [
        ("an eligibility for the role", "a start now"),
        ("PT2H", "PT3H"),
        ("a reason", "none"),
        ("a ticket number", "none"),
        ("a second factor", "none"),
    ];
    assert_eq!(limits(&error), expected);
    let rules: Vec<&str> = error["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(rule)
        .collect();
    let expected = [
        "EligibilityRule",
        "ExpirationRule",
        "JustificationRule",
        "TicketingRule",
        "MfaRule",
    ];
    assert_eq!(rules, expected);
}

/// What each failed rule demands, and what was sent; each says what would pass, too.
fn limits(error: &Value) -> Vec<(&str, &str)> {
    let details = error["details"].as_array().unwrap().iter();
    details
        .map(|detail| {
            assert!(detail["remedy"].is_string(), "{detail}");
            (
                detail["limit"].as_str().unwrap(),
                detail["sent"].as_str().unwrap(),
            )
        })
        .collect()
}

fn rule(detail: &Value) -> &str {
    detail["code"].as_str().unwrap()
}
