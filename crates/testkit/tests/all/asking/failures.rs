//! Each way in which asking for a role fails, by the rows of the protocol's own list, and what it leaves behind: nothing.

use pimento_testkit::TestServer;
use serde_json::{Value, json};

use super::{DENIED, ROLE, World, activation, ask, asked, assignment_of_dana, cancel, everything};
use crate::paths::REQUESTS;

/// Ben's request with these members changed is refused under these settings, and nothing has changed.
pub(super) async fn refused(update: Value, changes: Value, status: u16, code: &str) -> Value {
    let server = TestServer::dev().await;
    let world = World::under(&server, &update).await;
    let before = everything(&world.ada).await;
    let answer = ask(&world.ben, activation(changes)).await;
    assert_eq!(answer.header("location"), None);
    assert_eq!(everything(&world.ada).await, before);
    answer.refused(status, code)
}

#[tokio::test]
async fn a_body_that_is_null_or_missing_is_refused() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    for body in ["null", ""] {
        let answer = ben.call("POST", REQUESTS).text(body).send().await;
        answer.refused(400, "BadRequest");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    for body in ["{", "[]", "\"UserAdd\"", "{\"roleId\": }"] {
        let answer = ben.call("POST", REQUESTS).text(body).send().await;
        answer.refused(400, "BadRequest");
    }
}

#[tokio::test]
async fn a_request_without_a_role_is_refused() {
    let error = refused(json!({}), json!({"roleId": null}), 400, "RoleIdRequired").await;
    assert_eq!(error["target"], "roleId");
}

#[tokio::test]
async fn a_request_for_a_role_that_does_not_exist_is_refused() {
    for role in ["00000000-0000-4000-8000-000000000000", "none", ""] {
        let error = refused(json!({}), json!({"roleId": role}), 400, "RoleNotFound").await;
        assert_eq!(error["target"], "roleId");
    }
}

#[tokio::test]
async fn a_member_that_is_missing_or_cannot_be_is_named() {
    for (changes, target) in [
        (json!({"type": null}), "type"),
        (json!({"type": "AdminRemove"}), "type"),
        (json!({"assignmentState": null}), "assignmentState"),
        (json!({"assignmentState": "Eligible"}), "assignmentState"),
        (
            json!({"assignmentState": "RequestedApproval"}),
            "assignmentState",
        ),
        (json!({"userId": "b n"}), "userId"),
        (json!({"duration": "soon"}), "duration"),
        (json!({"ticketNumber": "1".repeat(500)}), "ticketNumber"),
        (json!({"ticketSystem": "\u{7}"}), "ticketSystem"),
        (json!({"reason": "\u{7}"}), "reason"),
        (json!({"evaluateOnly": "yes"}), "evaluateOnly"),
        (json!({"schedule": "now"}), "schedule"),
        (json!({"schedule": ["Once"]}), "schedule"),
        (json!({"schedule": {"type": "weekly"}}), "schedule.type"),
        (json!({"schedule": {"type": ""}}), "schedule.type"),
        (
            json!({"schedule": {"startDateTime": "tomorrow"}}),
            "schedule.startDateTime",
        ),
    ] {
        let error = refused(json!({}), changes.clone(), 400, "invalidRequest").await;
        assert_eq!(error["target"], target, "{changes}");
    }
}

#[tokio::test]
async fn a_schedule_has_one_of_three_types_in_any_letter_case_or_none() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    for kind in ["Once", "once", "ACTIVATION", "assignment"].map(Value::from) {
        let schedule = json!({"type": kind, "startDateTime": world.at(0)});
        let wish = json!({"evaluateOnly": true, "schedule": schedule});
        ask(&world.ben, activation(wish)).await.expect(200);
    }
    let wish = json!({"schedule": {"type": null, "startDateTime": world.at(0)}});
    ask(&world.ben, activation(wish)).await.expect(201);
}

#[tokio::test]
async fn times_that_contradict_each_other_are_refused() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let (start, end) = (world.at(10), world.at(70));
    for (changes, target) in [
        (
            json!({"duration": "1", "schedule": {"startDateTime": start, "endDateTime": end}}),
            "duration",
        ),
        (
            json!({"duration": "1", "schedule": {"startDateTime": start, "duration": "PT2H"}}),
            "schedule.duration",
        ),
        (
            json!({"schedule": {"startDateTime": end, "endDateTime": start}}),
            "schedule.endDateTime",
        ),
        (
            json!({"schedule": {"startDateTime": end, "endDateTime": end}}),
            "schedule.endDateTime",
        ),
    ] {
        let answer = ask(&world.ben, activation(changes.clone())).await;
        assert_eq!(
            answer.refused(400, "invalidRequest")["target"],
            target,
            "{changes}"
        );
    }
}

#[tokio::test]
async fn a_schedule_without_a_start_or_with_one_in_the_past_is_refused() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let before = everything(&world.ada).await;
    let past = json!({"startDateTime": world.at(-6)});
    for schedule in [json!({}), json!({"endDateTime": world.at(60)}), past] {
        let answer = ask(&world.ben, activation(json!({ "schedule": schedule }))).await;
        let error = answer.refused(400, "InvalidScheduleStart");
        assert_eq!(error["target"], "schedule.startDateTime", "{schedule}");
    }
    assert_eq!(everything(&world.ada).await, before);
    // Clocks differ, and requests travel.
    let just_now = json!({"schedule": {"startDateTime": world.at(-5)}});
    let made = ask(&world.ben, activation(just_now)).await.expect(201);
    assert_eq!(made["schedule"]["startDateTime"], world.at(0));
}

#[tokio::test]
async fn a_schedule_that_exists_already_is_refused() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let scheduled = || activation(json!({"schedule": {"startDateTime": world.at(60)}}));
    let first = asked(&world.ben, scheduled()).await;
    let before = everything(&world.ada).await;
    let error = ask(&world.ben, scheduled()).await;
    let error = error.refused(400, "ScheduleExists");
    assert!(error["message"].to_string().contains(&first), "{error}");
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn a_second_request_is_refused_while_the_first_waits_for_an_approval() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let first = asked(&world.ben, activation(json!({}))).await;
    let before = everything(&world.ada).await;
    let later = json!({"schedule": {"startDateTime": world.at(600)}});
    for changes in [json!({}), later] {
        let error = ask(&world.ben, activation(changes)).await;
        let error = error.refused(400, "PendingApprovalExists");
        assert!(error["message"].to_string().contains(&first), "{error}");
    }
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn an_administrator_does_not_make_active_who_waits_for_an_approval() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let id = asked(&world.ben, activation(json!({}))).await;
    let before = everything(&world.ada).await;
    let ben = json!({"userId": "ben"});
    let error = ask(&world.ada, assignment_of_dana("Active", ben.clone())).await;
    let error = error.refused(400, "PendingRoleAssignmentRequest");
    assert!(error["message"].to_string().contains(&id), "{error}");
    assert_eq!(everything(&world.ada).await, before);
    cancel(&world.ben, &id).await.expect(200);
    asked(&world.ada, assignment_of_dana("Active", ben)).await;
}

#[tokio::test]
async fn a_request_without_a_reason_is_refused() {
    for reason in [json!(null), json!(""), json!(" \n")] {
        let error = refused(
            json!({}),
            json!({ "reason": reason }),
            400,
            "RequestorReasonMissing",
        );
        let detail = error.await["details"][0].take();
        assert_eq!(
            (&detail["code"], &detail["target"]),
            (&json!("JustificationRule"), &json!("reason"))
        );
        assert!(detail["remedy"].is_string(), "{detail}");
    }
}

#[tokio::test]
async fn a_reason_of_500_characters_is_refused_and_one_of_499_is_not() {
    let long = json!({"reason": "ä".repeat(500)});
    let error = refused(json!({}), long, 400, "RequestorReasonTooLong").await;
    assert_eq!(error["target"], "reason");
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let fits = activation(json!({"reason": "ä".repeat(499)}));
    ask(&world.ben, fits).await.expect(201);
}

#[tokio::test]
async fn a_duration_outside_of_the_settings_is_refused_with_the_limit() {
    for (changes, limit, sent) in [
        (json!({"duration": "0.25"}), "PT30M", "PT15M"),
        (json!({"duration": "0"}), "PT30M", "PT0S"),
        (json!({"duration": "0.0"}), "PT30M", "PT0S"),
        (json!({"duration": "PT0S"}), "PT30M", "PT0S"),
        (json!({"duration": "-PT1H"}), "PT30M", "-PT1H"),
        (json!({"duration": "8.5"}), "PT8H", "PT8H30M"),
        (json!({"duration": "9:00:00"}), "PT8H", "PT9H"),
    ] {
        let error = refused(json!({}), changes, 400, "InvalidDuration").await;
        let detail = &error["details"][0];
        assert_eq!(detail["code"], "ExpirationRule");
        assert_eq!(
            (&detail["limit"], &detail["sent"]),
            (&json!(limit), &json!(sent))
        );
        assert!(detail["remedy"].as_str().unwrap().contains(limit));
    }
}

#[tokio::test]
async fn a_length_that_follows_from_start_and_end_is_held_to_the_settings_too() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let long = json!({"schedule": {"startDateTime": world.at(0), "endDateTime": world.at(481)}});
    let error = ask(&world.ben, activation(long)).await;
    let error = error.refused(400, "InvalidDuration");
    assert_eq!(error["details"][0]["sent"], "PT8H1M");
}

#[tokio::test]
async fn an_activation_that_overlaps_a_scheduled_one_is_refused() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let at = |minutes: i64| json!({"schedule": {"startDateTime": world.at(minutes)}});
    asked(&world.ben, activation(at(120))).await;
    let before = everything(&world.ada).await;
    for minutes in [61, 119, 121, 179] {
        let error = ask(&world.ben, activation(at(minutes))).await;
        error.refused(400, "ScheduleOverlap");
    }
    assert_eq!(everything(&world.ada).await, before);
    // What ends where it begins, or begins where it ends, does not overlap.
    for minutes in [60, 180] {
        asked(&world.ben, activation(at(minutes))).await;
    }
}

#[tokio::test]
async fn a_role_that_is_active_already_is_not_activated_again() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    asked(&world.ben, activation(json!({}))).await;
    let before = everything(&world.ada).await;
    let error = ask(&world.ben, activation(json!({}))).await;
    let error = error.refused(400, "RoleAlreadyActivated");
    assert!(
        error["message"].to_string().contains(&world.at(60)),
        "{error}"
    );
    // Later, but before the end of the first.
    let inside = json!({"schedule": {"startDateTime": world.at(30)}});
    let error = ask(&world.ben, activation(inside)).await;
    error.refused(400, "ScheduleOverlap");
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn a_request_without_the_ticket_that_the_settings_ask_for_is_refused() {
    let ticket = json!({"ticketingInfoOnElevation": true});
    for changes in [
        json!({}),
        json!({"ticketNumber": " "}),
        json!({"ticketSystem": "desk"}),
    ] {
        let error = refused(ticket.clone(), changes, 400, "TicketingInfoRequired").await;
        assert_eq!(error["details"][0]["code"], "TicketingRule");
    }
}

#[tokio::test]
async fn a_request_without_the_second_factor_that_the_settings_ask_for_is_refused() {
    let mfa = json!({"mfaOnElevation": true});
    let error = refused(mfa, json!({}), 403, "MfaRequired").await;
    assert_eq!(error["details"][0]["code"], "MfaRule");
}

#[tokio::test]
async fn nobody_activates_the_role_of_somebody_else() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let before = everything(&world.ada).await;
    let others = activation(json!({"userId": "ben"}));
    for name in ["ada", "cleo", "dana"] {
        let person = server.person(name).await;
        let error = ask(&person, others.clone()).await;
        assert_eq!(
            error.refused(403, "OnBehalfOfNotAllowed")["target"],
            "userId"
        );
    }
    assert_eq!(everything(&world.ada).await, before);
}

#[tokio::test]
async fn nobody_but_a_privileged_role_administrator_gives_roles_by_request() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let before = everything(&world.ada).await;
    for name in ["ben", "cleo", "dana"] {
        let person = server.person(name).await;
        for state in ["Eligible", "Active"] {
            let error = ask(&person, assignment_of_dana(state, json!({}))).await;
            let error = error.refused(403, DENIED);
            assert_eq!(error["innerError"]["code"], "DirectoryRoleRequired");
        }
    }
    assert_eq!(everything(&world.ada).await, before);
    let nobody = assignment_of_dana("Eligible", json!({"userId": null}));
    let error = ask(&world.ada, nobody).await;
    assert_eq!(error.refused(400, "invalidRequest")["target"], "userId");
    let nothing = assignment_of_dana("Active", json!({"duration": "0"}));
    let error = ask(&world.ada, nothing).await;
    let error = error.refused(400, "InvalidDuration");
    assert_eq!(error["details"][0]["sent"], "PT0S");
    let without = assignment_of_dana("Active", json!({"reason": null}));
    let error = ask(&world.ada, without).await;
    error.refused(400, "RequestorReasonMissing");
}

#[tokio::test]
async fn who_is_eligible_is_not_made_eligible_again() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let again = assignment_of_dana("Eligible", json!({"userId": "ben", "roleId": ROLE}));
    let error = ask(&world.ada, again).await;
    error.refused(400, "RoleAssignmentExists");
}
