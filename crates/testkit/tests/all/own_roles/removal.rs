//! A role that is removed: when that is refused, and what is left of it.

use futures::future::join_all;
use pimento_testkit::role::UNKNOWN;
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::{all_roles, create, give, made, rename, role, told};
use crate::paths::{
    APPROVALS, ASSIGNMENTS, REQUESTS, approval, assignment, own, request, settings,
};

fn asking(role: &str, start: Option<&str>) -> Value {
    json!({
        "roleId": role, "type": "UserAdd", "assignmentState": "Active", "reason": "On call",
        "schedule": start.map(|start| json!({"startDateTime": start})),
    })
}

/// Refused, and how many have the role and ask for it.
async fn in_use(ada: &Person<'_>, id: &str, holders: usize, requests: usize) {
    let answer = ada.delete(&role(id)).await;
    let message = answer.refused(400, "RoleInUse")["message"].to_string();
    assert!(
        message.contains(&format!("now or later: {holders};")),
        "{message}"
    );
    assert!(
        message.contains(&format!("requests for it: {requests}.")),
        "{message}"
    );
}

#[tokio::test]
async fn a_role_that_somebody_has_or_asks_for_is_not_removed() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    give(&ada, "ben", &id).await;
    in_use(&ada, &id, 1, 0).await;
    let ben = server.person("ben").await;
    ben.post(&own(&id, "selfActivate")).await.expect(200);
    give(&ada, "dana", &id).await;
    in_use(&ada, &id, 2, 0).await;
    server.advance("PT1H").await;
    let later = (now + jiff::SignedDuration::from_hours(9)).to_string();
    let later = ben.send("POST", REQUESTS, &asking(&id, Some(&later))).await;
    let later = later.expect(201);
    in_use(&ada, &id, 2, 1).await;
    let demand = json!({"approvalOnElevation": true});
    ada.send("PATCH", &settings(&id), &demand).await.expect(204);
    let dana = server.person("dana").await;
    let waits = dana.send("POST", REQUESTS, &asking(&id, None)).await;
    let waits = waits.expect(201);
    in_use(&ada, &id, 2, 2).await;
    for (person, asked) in [(&ben, later), (&dana, waits)] {
        let asked = request(asked["id"].as_str().unwrap());
        person.post(&format!("{asked}/cancel")).await.expect(200);
    }
    in_use(&ada, &id, 2, 0).await;
    for user in ["ben", "dana"] {
        ada.delete(&assignment(user, &id)).await.expect(204);
    }
    ada.delete(&role(&id)).await.expect(204);
}

#[tokio::test]
async fn a_role_whose_last_assignment_has_ended_is_removed_at_that_instant() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    let end = (now + jiff::SignedDuration::from_hours(1)).to_string();
    let until = json!({
        "userId": "ben", "roleId": id, "type": "AdminAdd", "assignmentState": "Active", "reason": "Once",
        "schedule": {"startDateTime": now.to_string(), "endDateTime": end},
    });
    ada.send("POST", REQUESTS, &until).await.expect(201);
    server.advance("PT59M59.999999S").await;
    in_use(&ada, &id, 1, 0).await;
    server.advance("PT0.000001S").await;
    ada.delete(&role(&id)).await.expect(204);
    assert_eq!(told(&ada, &id).await[0].1, "Night watch");
}

#[tokio::test]
async fn nothing_finds_a_removed_role_and_its_name_is_free() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    let update = json!({"ticketingInfoOnElevation": true});
    ada.send("PATCH", &settings(&id), &update).await.expect(204);
    let all = all_roles(&ada, 1000).await;
    ada.delete(&role(&id)).await.expect(204);
    ada.delete(&role(&id))
        .await
        .refused(404, "ResourceNotFound");
    rename(&ada, &id, "Day watch")
        .await
        .refused(404, "ResourceNotFound");
    for path in ["", "/settings", "/summary", "/assignments"] {
        let path = format!("{}{path}", role(&id));
        ada.get(&path).await.refused(404, "ResourceNotFound");
    }
    ada.send("PATCH", &settings(&id), &update)
        .await
        .refused(404, "ResourceNotFound");
    for action in ["selfActivate", "selfDeactivate"] {
        ada.post(&own(&id, action))
            .await
            .refused(404, "ResourceNotFound");
    }
    let new = json!({"userId": "ben", "roleId": id});
    let answer = ada.send("POST", ASSIGNMENTS, &new).await;
    answer.refused(400, "RoleNotFound");
    let answer = ada.send("POST", REQUESTS, &asking(&id, None)).await;
    answer.refused(400, "RoleNotFound");
    assert_eq!(all_roles(&ada, 1000).await.len(), all.len() - 1);
    let again = made(&ada, "NIGHT WATCH").await;
    assert_ne!(again, id);
    let shown = ada.get(&settings(&again)).await.expect(200);
    assert_eq!(shown["ticketingInfoOnElevation"], false);
}

#[tokio::test]
async fn the_log_and_old_requests_go_on_naming_a_removed_role() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    let demand = json!({"approvalOnElevation": true, "approverIds": ["cleo"]});
    ada.send("PATCH", &settings(&id), &demand).await.expect(204);
    give(&ada, "ben", &id).await;
    let ben = server.person("ben").await;
    let made = ben.send("POST", REQUESTS, &asking(&id, None)).await;
    let asked = made.expect(201)["id"].as_str().unwrap().to_owned();
    let no = json!({"approvalState": "denied"});
    let cleo = server.person("cleo").await;
    cleo.send("PATCH", &approval(&asked), &no).await.expect(204);
    ada.delete(&assignment("ben", &id)).await.expect(204);
    ada.delete(&role(&id)).await.expect(204);
    create(&ada, "Night watch").await.expect(201);

    let named = |kind: &str| (kind.to_owned(), "Night watch".to_owned());
    assert_eq!(told(&ada, &id).await, ["Assign", "Unassign"].map(named));
    for path in [
        format!("{}/roleInfo", request(&asked)),
        format!("{}/roleInfo", approval(&asked)),
    ] {
        for person in [&ben, &ada] {
            let info = person.get(&path).await.expect(200);
            assert_eq!(
                (&info["id"], &info["name"]),
                (&json!(id), &json!("Night watch"))
            );
        }
    }
    let mine = ben.get(&format!("{REQUESTS}/my")).await.expect(200);
    assert_eq!(mine["value"][0]["roleInfo"]["name"], "Night watch");
    let shown = ben.get(&request(&asked)).await.expect(200);
    assert_eq!(shown["status"], "ApprovalDenied");
    assert_eq!(
        ben.get(APPROVALS).await.expect(200)["value"][0]["id"],
        asked.as_str()
    );
    let cancelled = ben.post(&format!("{}/cancel", request(&asked))).await;
    cancelled.refused(400, "RequestCannotBeCancelled");
    let decided = cleo.send("PATCH", &approval(&asked), &no).await;
    decided.refused(403, "Authorization_RequestDenied");
    let decided = ada.send("PATCH", &approval(&asked), &no).await;
    decided.refused(400, "ApprovalNotPending");
}

#[tokio::test]
async fn roles_and_what_was_removed_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::dev_in(folder.path()).await;
    let ada = server.person("ada").await;
    let kept = made(&ada, "Ärzte im Dienst").await;
    let gone = made(&ada, "Gone").await;
    give(&ada, "ben", &gone).await;
    ada.delete(&assignment("ben", &gone)).await.expect(204);
    ada.delete(&role(&gone)).await.expect(204);
    let before = (all_roles(&ada, 1000).await, told(&ada, &gone).await);
    server.stop().await;
    let server = TestServer::dev_in(folder.path()).await;
    let ada = server.person("ada").await;
    let after = (all_roles(&ada, 1000).await, told(&ada, &gone).await);
    assert_eq!(after, before);
    assert_eq!(
        ada.get(&role(&kept)).await.expect(200)["name"],
        "Ärzte im Dienst"
    );
    ada.get(&role(&gone)).await.refused(404, "ResourceNotFound");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_given_a_role_while_it_is_removed() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for round in 0..20 {
        let id = made(&ada, &format!("Watch {round}")).await;
        let given = (0..4).map(|number| {
            let new = json!({"userId": format!("dana-{number}"), "roleId": id, "isElevated": true});
            let ada = &ada;
            async move { ada.send("POST", ASSIGNMENTS, &new).await }
        });
        let path = role(&id);
        let (removed, given) = futures::future::join(ada.delete(&path), join_all(given)).await;
        let of_role = ada.get(&format!("{path}/assignments?$count=true")).await;
        if removed.status == 204 {
            of_role.refused(404, "ResourceNotFound");
            for answer in given {
                answer.refused(400, "RoleNotFound");
            }
        } else {
            removed.refused(400, "RoleInUse");
            assert_eq!(of_role.expect(200)["@odata.count"], 4);
            assert!(given.iter().all(|answer| answer.status == 201));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_take_a_name_one_gets_it() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for round in 0..10 {
        let answers = (0..8).map(|number| {
            let name = match number % 2 {
                0 => format!("Watch {round}"),
                _ => format!("WATCH {round}"),
            };
            let ada = &ada;
            async move { create(ada, &name).await }
        });
        let answers = join_all(answers).await;
        let (made, refused): (Vec<_>, Vec<_>) =
            answers.iter().partition(|answer| answer.status == 201);
        assert_eq!(made.len(), 1);
        for answer in refused {
            answer.refused(400, "nameAlreadyExists");
        }
    }
    let name = format!("{}/{UNKNOWN}", crate::paths::ROLES);
    ada.delete(&name).await.refused(404, "ResourceNotFound");
}
