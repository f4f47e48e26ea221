//! With which members: what is selected, and what comes along.

use pimento_testkit::TestServer;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use serde_json::{Value, json};

use super::{EVENTS, each, furnish, target};
use crate::paths::{ASSIGNMENTS, ROLES, assignment};

fn context(server: &TestServer, of: &str) -> String {
    format!("{}/beta/$metadata#{of}", server.url())
}

fn names(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// All but the annotations.
fn members(value: &Value) -> Vec<&str> {
    let mut members = names(value);
    members.retain(|name| !name.contains('@'));
    members
}

#[tokio::test]
async fn only_what_is_selected_is_there_and_the_context_says_so() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let selected = target(ASSIGNMENTS, "$select=userId,ID&$top=1&$count=true");
    let page = ada.get(&selected).await.expect(200);
    let expected = context(&server, "privilegedRoleAssignments(id,userId)");
    assert_eq!(page["@odata.context"], expected);
    assert_eq!(names(&page["value"][0]), ["id", "userId"]);
    assert!(page["@odata.count"].is_number() && page["@odata.nextLink"].is_string());
    let one = assignment("eve", APPLICATION_ADMINISTRATOR);
    let one = ada
        .get(&target(&one, "select=isElevated"))
        .await
        .expect(200);
    let expected = context(&server, "privilegedRoleAssignments(isElevated)/$entity");
    assert_eq!(one, json!({"@odata.context": expected, "isElevated": true}));
    let whole = ada
        .get(&target(ASSIGNMENTS, "$select=*&$top=1"))
        .await
        .expect(200);
    assert_eq!(whole["value"][0].as_object().unwrap().len(), 6);
}

#[tokio::test]
async fn every_member_that_an_entity_has_can_be_selected_by_itself() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}");
    let event = ada.get(&format!("{EVENTS}?$top=1")).await.expect(200);
    let event = format!("{EVENTS}/{}", event["value"][0]["id"].as_str().unwrap());
    let own = |name: &str| format!("$select={name}");
    for path in [
        assignment("eve", APPLICATION_ADMINISTRATOR),
        event,
        role.clone(),
    ] {
        let whole = ada.get(&path).await.expect(200);
        for name in members(&whole) {
            let shown = ada.get(&target(&path, &own(name))).await.expect(200);
            assert_eq!(members(&shown), [name], "{path}");
            assert_eq!(shown[name], whole[name], "{path}");
        }
    }
    for related in ["settings", "summary"] {
        let whole = ada.get(&format!("{role}/{related}")).await.expect(200);
        for name in members(&whole) {
            let query = format!("$select=id&$expand={related}({})", own(name));
            let shown = ada.get(&target(&role, &query)).await.expect(200);
            assert_eq!(shown[related], json!({name: whole[name]}));
        }
    }
}

#[tokio::test]
async fn the_role_comes_with_the_assignment_and_what_is_asked_of_it() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let one = "$filter=userId eq 'O~Neil'&$expand=roleInfo";
    let page = ada.get(&target(ASSIGNMENTS, one)).await.expect(200);
    assert_eq!(
        page["@odata.context"],
        context(&server, "privilegedRoleAssignments(roleInfo())")
    );
    let role = json!({"id": USER_ADMINISTRATOR, "name": "User Administrator"});
    assert_eq!(page["value"][0]["roleInfo"], role);
    assert_eq!(page["value"][0]["userId"], "O~Neil");
    let query = "$filter=userId eq 'O~Neil'&$select=id&$expand=roleInfo($select=name;$expand=settings($select=mfaOnElevation),summary)";
    let page = ada.get(&target(ASSIGNMENTS, query)).await.expect(200);
    let expected =
        "privilegedRoleAssignments(id,roleInfo(name,settings(mfaOnElevation),summary()))";
    assert_eq!(page["@odata.context"], context(&server, expected));
    let shown = &page["value"][0];
    assert_eq!(names(shown), ["id", "roleInfo"]);
    assert_eq!(names(&shown["roleInfo"]), ["name", "settings", "summary"]);
    assert_eq!(
        shown["roleInfo"]["settings"],
        json!({"mfaOnElevation": true})
    );
    let summary = ada
        .get(&format!("{ROLES}/{USER_ADMINISTRATOR}/summary"))
        .await
        .expect(200);
    assert_eq!(
        shown["roleInfo"]["summary"]["usersCount"],
        summary["usersCount"]
    );
    assert_eq!(names(&shown["roleInfo"]["summary"]).len(), 6);
}

#[tokio::test]
async fn a_role_brings_its_summary_its_settings_and_all_its_assignments() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}");
    let shown = ada
        .get(&format!("{role}?$expand=summary"))
        .await
        .expect(200);
    let mut summary = ada.get(&format!("{role}/summary")).await.expect(200);
    summary.as_object_mut().unwrap().remove("@odata.context");
    assert_eq!(shown["summary"], summary);
    assert_eq!(shown["name"], "Application Administrator");
    let all = ada.get(&format!("{role}?$expand=*")).await.expect(200);
    let assignments = ada.get(&format!("{role}/assignments")).await.expect(200);
    assert_eq!(all["assignments"], assignments["value"]);
    assert_eq!(all["settings"]["id"], APPLICATION_ADMINISTRATOR);
    let some = "$select=id&$expand=assignments($filter=isElevated;$orderby=userId desc;$skip=1;$top=1;$count=true;$select=userId)";
    for path in [
        role,
        format!("{}/roleInfo", assignment("eve", APPLICATION_ADMINISTRATOR)),
    ] {
        let mut shown = ada.get(&target(&path, some)).await.expect(200);
        shown.as_object_mut().unwrap().remove("@odata.context");
        let expected = json!({
            "id": APPLICATION_ADMINISTRATOR,
            "assignments": [{"userId": "until-1"}],
            "assignments@odata.count": 3,
        });
        assert_eq!(shown, expected, "{path}");
    }
}

#[tokio::test]
async fn an_expanded_collection_is_complete_whatever_the_page_size() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for number in 0..120 {
        let new = json!({"userId": format!("many-{number}"), "roleId": APPLICATION_ADMINISTRATOR});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    let role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}?$expand=assignments");
    let call = ada
        .call("GET", &role)
        .header("Prefer", "odata.maxpagesize=2");
    let shown = call.send().await.expect(200);
    assert_eq!(shown["assignments"].as_array().unwrap().len(), 120);
}

#[tokio::test]
async fn what_is_expanded_is_read_as_it_would_be_by_itself() {
    let server = TestServer::dev().await;
    furnish(&server).await;
    let eve = server.person("eve").await;
    let mine = format!("{ASSIGNMENTS}/my");
    let shown = eve
        .get(&format!("{mine}?$expand=roleInfo"))
        .await
        .expect(200);
    assert_eq!(each(&shown, "userId"), ["eve"]);
    assert_eq!(
        shown["value"][0]["roleInfo"]["name"],
        "Application Administrator"
    );
    let denied = "Authorization_RequestDenied";
    for behind in ["settings", "summary"] {
        let query = format!("{mine}?$expand=roleInfo($expand={behind})");
        eve.get(&query).await.refused(403, denied);
        let role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}?$expand={behind}");
        eve.get(&role).await.refused(403, denied);
    }
    let role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}?$expand=assignments");
    eve.get(&role).await.refused(403, denied);
}
