//! Who sees what, and who may change anything.

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR, SECURITY_READER, UNKNOWN, USER_ADMINISTRATOR,
};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, ROLES, State, assignment, own, settings};

const DENIED: &str = "Authorization_RequestDenied";

/// What everybody may read who may read everything.
fn readable() -> [String; 7] {
    [
        ROLES.to_owned(),
        format!("{ROLES}/{SECURITY_READER}"),
        format!("{ROLES}/{SECURITY_READER}/assignments"),
        settings(SECURITY_READER),
        ASSIGNMENTS.to_owned(),
        assignment("cleo", SECURITY_READER),
        format!("{}/roleInfo", assignment("cleo", SECURITY_READER)),
    ]
}

#[tokio::test]
async fn readers_see_everything_and_others_do_not() {
    let server = TestServer::dev().await;
    for role in [
        PRIVILEGED_ROLE_ADMINISTRATOR,
        GLOBAL_ADMINISTRATOR,
        SECURITY_ADMINISTRATOR,
        SECURITY_READER,
    ] {
        let reader = server
            .signed_in(&json!({"oid": "rae", "wids": [role]}))
            .await;
        for path in readable() {
            reader.get(&path).await.expect(200);
        }
    }
    let claims = json!({"oid": "rae", "wids": [USER_ADMINISTRATOR, APPLICATION_ADMINISTRATOR]});
    let other = server.signed_in(&claims).await;
    for path in readable() {
        let error = other.get(&path).await.refused(403, DENIED);
        assert_eq!(
            error["innerError"]["code"], "DirectoryRoleRequired",
            "{path}"
        );
    }
}

#[tokio::test]
async fn everybody_sees_their_own_assignments_and_the_roles_of_those() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let own = assignment("ben", USER_ADMINISTRATOR);
    let shown = ben.get(&own).await.expect(200);
    assert_eq!(State::of(&shown), State::Eligible);
    let role = ben.get(&format!("{own}/roleInfo")).await.expect(200);
    assert_eq!(role["name"], "User Administrator");
    let role = ben
        .get(&format!("{ROLES}/{USER_ADMINISTRATOR}"))
        .await
        .expect(200);
    assert_eq!(role["id"], USER_ADMINISTRATOR);
    let mine = ben.get(&format!("{ASSIGNMENTS}/my")).await.expect(200);
    assert_eq!(mine["value"].as_array().unwrap().len(), 1);
    assert_eq!(mine["value"][0]["id"], shown["id"]);
    // His own, though there is none, is his to ask for.
    let none = ben.get(&assignment("ben", APPLICATION_ADMINISTRATOR)).await;
    none.refused(404, "ResourceNotFound");
}

#[tokio::test]
async fn who_sees_only_their_own_cannot_tell_what_exists_of_others() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let mut answers = Vec::new();
    for path in [
        assignment("cleo", SECURITY_READER),
        assignment("cleo", USER_ADMINISTRATOR),
        assignment("nobody", USER_ADMINISTRATOR),
        assignment("nobody", UNKNOWN),
        assignment("BEN", USER_ADMINISTRATOR),
        format!("{}/roleInfo", assignment("cleo", SECURITY_READER)),
        format!("{}/roleInfo", assignment("nobody", SECURITY_READER)),
        format!("{ROLES}/{SECURITY_READER}"),
        format!("{ROLES}/{UNKNOWN}"),
    ] {
        let mut error = ben.get(&path).await.refused(403, DENIED);
        let own = ["date", "request-id", "client-request-id"];
        let inner = error["innerError"].as_object_mut().unwrap();
        inner.retain(|name, _| !own.contains(&name.as_str()));
        answers.push(error);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn who_holds_nothing_has_an_empty_list_and_may_ask_for_it() {
    let server = TestServer::dev().await;
    let stranger = server.person("stranger").await;
    let mine = stranger
        .get(&format!("{ASSIGNMENTS}/my?$count=true"))
        .await
        .expect(200);
    assert_eq!(
        (&mine["value"], &mine["@odata.count"]),
        (&json!([]), &json!(0))
    );
}

/// Every change that there is, of somebody's eligible assignment.
async fn changes(caller: &Person<'_>) -> Vec<(u16, Value)> {
    let ben = assignment("ben", USER_ADMINISTRATOR);
    let new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR});
    let answers = [
        caller.send("POST", ASSIGNMENTS, &new).await,
        caller.post(&format!("{ben}/makePermanent")).await,
        caller.post(&format!("{ben}/makeEligible")).await,
        caller
            .send("PUT", &settings(USER_ADMINISTRATOR), &json!({}))
            .await,
        caller
            .send("PATCH", &settings(USER_ADMINISTRATOR), &json!({}))
            .await,
        caller.delete(&ben).await,
    ];
    answers
        .iter()
        .map(|answer| (answer.status, answer.json()["error"]["code"].take()))
        .collect()
}

#[tokio::test]
async fn nobody_but_a_privileged_role_administrator_changes_anything() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let before = ada.get(ASSIGNMENTS).await.expect(200);
    for claims in [
        json!({"oid": "cleo"}),
        json!({"oid": "ben", "amr": ["mfa"]}),
        json!({"oid": "gil", "wids": [GLOBAL_ADMINISTRATOR, SECURITY_ADMINISTRATOR, USER_ADMINISTRATOR]}),
    ] {
        let caller = server.signed_in(&claims).await;
        assert_eq!(
            changes(&caller).await,
            vec![(403, json!(DENIED)); 6],
            "{claims}"
        );
    }
    assert_eq!(ada.get(ASSIGNMENTS).await.expect(200), before);
}

#[tokio::test]
async fn a_role_that_one_is_only_eligible_for_opens_no_door() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let new =
        json!({"userId": "pat", "roleId": PRIVILEGED_ROLE_ADMINISTRATOR, "isElevated": false});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let pat = server.person("pat").await;
    assert_eq!(changes(&pat).await, vec![(403, json!(DENIED)); 6]);
    pat.get(ROLES).await.refused(403, DENIED);
}

#[tokio::test]
async fn activation_is_everybodys_but_only_for_their_own_role() {
    let server = TestServer::dev().await;
    let ada = server
        .signed_in(&json!({"oid": "ada", "amr": ["mfa"]}))
        .await;
    for action in ["selfActivate", "selfDeactivate"] {
        let answer = ada.post(&own(USER_ADMINISTRATOR, action)).await;
        answer.refused(400, "RoleAssignmentDoesNotExist");
    }
    assert_eq!(
        State::seen_by(&ada, "ben", USER_ADMINISTRATOR).await,
        State::Eligible
    );
}
