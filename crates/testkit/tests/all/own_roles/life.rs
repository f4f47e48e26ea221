//! A role of a tenant's own is given, asked for, activated, approved and ended like any other.

use pimento_testkit::TestServer;
use serde_json::{Value, json};

use super::{EVENTS, all_roles, give, made, rename, role, told};
use crate::paths::{
    APPROVALS, ASSIGNMENTS, REQUESTS, State, approval, assignment, own, request, settings,
};

fn asking(role: &str, changes: Value) -> Value {
    let mut body = json!({"roleId": role, "type": "UserAdd", "assignmentState": "Active", "reason": "On call"});
    for (member, value) in changes.as_object().unwrap() {
        body[member] = value.clone();
    }
    body
}

#[tokio::test]
async fn an_own_role_is_given_activated_and_ends_by_itself() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    give(&ada, "ben", &id).await;
    let ben = server.person("ben").await;
    // It is privileged in no way: MFA is off, and a reader of their own role sees it.
    let active = ben.post(&own(&id, "selfActivate")).await.expect(200);
    let until = (now + jiff::SignedDuration::from_hours(1)).to_string();
    assert_eq!(State::of(&active), State::Until(until));
    let shown = ben.get(&role(&id)).await.expect(200);
    assert_eq!(shown["name"], "Night watch");
    let info = format!("{}/roleInfo", assignment("ben", &id));
    assert_eq!(ben.get(&info).await.expect(200)["name"], "Night watch");
    let of_role = ada.get(&format!("{}/assignments", role(&id))).await;
    assert_eq!(of_role.expect(200)["value"][0]["userId"], "ben");

    server.advance("PT59M59.999999S").await;
    assert_ne!(State::seen_by(&ada, "ben", &id).await, State::Eligible);
    server.advance("PT0.000001S").await;
    assert_eq!(State::seen_by(&ada, "ben", &id).await, State::Eligible);
    // The next change tells the end.
    ada.delete(&assignment("ben", &id)).await.expect(204);
    let name = || "Night watch".to_owned();
    let kinds = ["Assign", "Activate", "Deactivate", "Unassign"];
    let expected = kinds.map(|kind| (kind.to_owned(), name()));
    assert_eq!(told(&ada, &id).await, expected);
}

#[tokio::test]
async fn an_own_role_has_a_summary_and_settings_of_its_own() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    let shown = ada.get(&settings(&id)).await.expect(200);
    assert_eq!(shown["id"], id.as_str());
    assert_eq!(shown["maxElavationDuration"], "PT8H");
    assert_eq!(shown["mfaOnElevation"], false);
    assert_eq!(shown["isMfaOnElevationConfigurable"], true);
    let update = json!({"ticketingInfoOnElevation": true, "mfaOnElevation": true});
    ada.send("PATCH", &settings(&id), &update).await.expect(204);
    let shown = ada.get(&settings(&id)).await.expect(200);
    assert_eq!(shown["ticketingInfoOnElevation"], true);
    give(&ada, "ben", &id).await;
    give(&ada, "dana", &id).await;
    let ben = server.person("ben").await;
    let answer = ben.post(&own(&id, "selfActivate")).await;
    let error = answer.refused(403, "MfaRequired");
    assert_eq!(error["details"].as_array().unwrap().len(), 2);
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let ticket = json!({"ticketNumber": "INC-1"});
    ben.send("POST", &own(&id, "selfActivate"), &ticket)
        .await
        .expect(200);
    let summary = ada.get(&format!("{}/summary", role(&id))).await.expect(200);
    let counted = ["usersCount", "managedCount", "elevatedCount"].map(|member| &summary[member]);
    assert_eq!(counted, [2, 1, 1]);
    assert_eq!(summary["mfaEnabled"], true);
    assert_eq!(summary["id"], id.as_str());
}

#[tokio::test]
async fn an_own_role_is_asked_for_and_approved() {
    let server = TestServer::dev().await;
    server.freeze().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    let demand = json!({"approvalOnElevation": true, "approverIds": ["cleo"]});
    ada.send("PATCH", &settings(&id), &demand).await.expect(204);
    give(&ada, "ben", &id).await;
    let (ben, cleo) = (server.person("ben").await, server.person("cleo").await);
    let waiting = ben.send("POST", REQUESTS, &asking(&id, json!({}))).await;
    let waiting = waiting.expect(201);
    assert_eq!(waiting["status"], "RequestedApproval");
    let asked = waiting["id"].as_str().unwrap();
    for path in [
        format!("{}/roleInfo", request(asked)),
        format!("{}/roleInfo", approval(asked)),
    ] {
        let info = ben.get(&path).await.expect(200);
        assert_eq!(
            (&info["id"], &info["name"]),
            (&json!(id), &json!("Night watch"))
        );
    }
    let mine = ben.get(&format!("{REQUESTS}/my")).await.expect(200);
    assert_eq!(mine["value"][0]["roleInfo"]["name"], "Night watch");
    assert_eq!(
        cleo.get(APPROVALS).await.expect(200)["value"][0]["id"],
        asked
    );
    let yes = json!({"approvalState": "approved", "approverReason": "As agreed"});
    cleo.send("PATCH", &approval(asked), &yes).await.expect(204);
    assert!(matches!(
        State::seen_by(&ada, "ben", &id).await,
        State::Until(_)
    ));
    server.advance("PT1H").await;
    assert_eq!(State::seen_by(&ada, "ben", &id).await, State::Eligible);
}

#[tokio::test]
async fn an_own_role_is_asked_for_later_and_begins_by_itself() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    give(&ada, "ben", &id).await;
    let ben = server.person("ben").await;
    let soon = (now + jiff::SignedDuration::from_mins(30)).to_string();
    let later = json!({"schedule": {"startDateTime": soon}});
    let made = ben.send("POST", REQUESTS, &asking(&id, later)).await;
    assert_eq!(made.expect(201)["status"], "Scheduled");
    assert_eq!(State::seen_by(&ada, "ben", &id).await, State::Eligible);
    server.advance("PT30M").await;
    assert_ne!(State::seen_by(&ada, "ben", &id).await, State::Eligible);
}

#[tokio::test]
async fn a_new_name_shows_wherever_the_role_is_named() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    give(&ada, "ben", &id).await;
    let ben = server.person("ben").await;
    ben.send("POST", REQUESTS, &asking(&id, json!({})))
        .await
        .expect(201);
    rename(&ada, &id, "Day watch").await.expect(200);
    let names = told(&ada, &id).await.into_iter().map(|(_, name)| name);
    assert!(names.eq(["Day watch", "Day watch"]));
    let mine = ben.get(&format!("{REQUESTS}/my")).await.expect(200);
    assert_eq!(mine["value"][0]["roleInfo"]["name"], "Day watch");
    let roles = all_roles(&ada, 1000).await;
    assert!(roles.contains(&(id, "Day watch".to_owned())));
}

#[tokio::test]
async fn roles_come_and_go_without_an_operation_in_the_familys_log() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let before = ada.get(EVENTS).await.expect(200);
    let id = made(&ada, "Night watch").await;
    rename(&ada, &id, "Day watch").await.expect(200);
    ada.delete(&role(&id)).await.expect(204);
    assert_eq!(ada.get(EVENTS).await.expect(200), before);
    assert_eq!(
        ada.get(ASSIGNMENTS).await.expect(200)["value"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}
