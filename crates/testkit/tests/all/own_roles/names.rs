//! What roles are called, and where they are listed.

use pimento_domain::role::catalogue;
use pimento_testkit::TestServer;
use pimento_testkit::role::{UNKNOWN, USER_ADMINISTRATOR};
use serde_json::json;

use super::{all_roles, create, made, rename, role};
use crate::paths::ROLES;

#[tokio::test]
async fn a_role_is_made_read_and_renamed() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let answer = create(&ada, "  Night watch ").await;
    let made = answer.expect(201);
    let id = made["id"].as_str().unwrap();
    let context = "/beta/$metadata#privilegedRoles/$entity";
    let context = format!("{}{context}", server.url());
    let expected = json!({"@odata.context": context, "id": id, "name": "Night watch"});
    assert_eq!(made, expected);
    let location = answer.header("location").unwrap();
    assert_eq!(location, format!("{}{}", server.url(), role(id)));
    assert_eq!(ada.get(&role(id)).await.expect(200), expected);

    let renamed = rename(&ada, id, "Day watch").await.expect(200);
    let expected = json!({"@odata.context": context, "id": id, "name": "Day watch"});
    assert_eq!(renamed, expected);
    assert_eq!(ada.get(&role(id)).await.expect(200), expected);
    let whole = json!({"id": id.to_uppercase(), "name": "Day watch", "color": 7});
    let same = ada.send("PATCH", &role(id), &whole).await;
    assert_eq!(same.expect(200), expected);
}

#[tokio::test]
async fn an_id_that_is_sent_is_not_taken() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for id in [
        json!(USER_ADMINISTRATOR),
        json!(UNKNOWN),
        json!(7),
        json!(null),
    ] {
        let name = format!("Night watch {id}");
        let whole = json!({"id": id, "name": name});
        let made = ada.send("POST", ROLES, &whole).await;
        assert_ne!(made.expect(201)["id"], id);
    }
    let of_another = json!({"id": UNKNOWN, "name": "Ops"});
    let id = made(&ada, "Night watch").await;
    let refused = ada.send("PATCH", &role(&id), &of_another).await;
    assert_eq!(refused.refused(400, "invalidRequest")["target"], "id");
}

#[tokio::test]
async fn a_name_that_can_be_none_is_refused() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let id = made(&ada, "Night watch").await;
    let long = "ä".repeat(257);
    for body in [
        json!({}),
        json!({"name": null}),
        json!({"name": ""}),
        json!({"name": " \n"}),
        json!({"name": "a\u{7}b"}),
        json!({"name": long}),
        json!({"name": 7}),
        json!({"name": ["x"]}),
    ] {
        let made = ada.send("POST", ROLES, &body).await;
        assert_eq!(made.refused(400, "invalidRequest")["target"], "name");
        let renamed = ada.send("PATCH", &role(&id), &body).await;
        assert_eq!(renamed.refused(400, "invalidRequest")["target"], "name");
    }
    made(&ada, &"ä".repeat(256)).await;
}

#[tokio::test]
async fn a_name_is_taken_in_every_letter_case_until_its_role_is_renamed_or_removed() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let first = made(&ada, "Ärzte im Dienst").await;
    let second = made(&ada, "Ops").await;
    for name in ["ÄRZTE IM DIENST", " ärzte im dienst", "User ADMINISTRATOR"] {
        let refused = create(&ada, name).await;
        assert_eq!(refused.refused(400, "nameAlreadyExists")["target"], "name");
        rename(&ada, &second, name)
            .await
            .refused(400, "nameAlreadyExists");
    }
    rename(&ada, &first, "ärzte im dienst").await.expect(200);
    rename(&ada, &first, "Doctors").await.expect(200);
    rename(&ada, &second, "Ärzte im Dienst").await.expect(200);
    ada.delete(&role(&second)).await.expect(204);
    made(&ada, "ÄRZTE im Dienst").await;
}

#[tokio::test]
async fn a_built_in_role_is_neither_renamed_nor_removed() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let before = all_roles(&ada, 1000).await;
    let built_in = role(USER_ADMINISTRATOR);
    for name in ["Ops", "User Administrator", "user administrator"] {
        rename(&ada, USER_ADMINISTRATOR, name)
            .await
            .refused(400, "RoleIsBuiltIn");
    }
    ada.delete(&built_in).await.refused(400, "RoleIsBuiltIn");
    assert_eq!(all_roles(&ada, 1000).await, before);
}

#[tokio::test]
async fn own_roles_stand_among_the_built_in_ones_on_pages_of_every_size() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let mut expected: Vec<(String, String)> = catalogue()
        .iter()
        .map(|role| (role.id.to_string(), role.name.to_string()))
        .collect();
    for number in 0..12 {
        let name = format!("Watch {number}");
        expected.push((made(&ada, &name).await, name));
    }
    let removed = made(&ada, "Gone").await;
    ada.delete(&role(&removed)).await.expect(204);
    expected.sort();
    for top in [1, 2, 7, 50, 156, 157, 158, 1000] {
        assert_eq!(all_roles(&ada, top).await, expected, "pages of {top}");
    }
    let counted = ada.get(&format!("{ROLES}?$count=true&$top=1")).await;
    assert_eq!(counted.expect(200)["@odata.count"], 157);
    let after = format!("{ROLES}?$count=true&$top=1&$skiptoken={removed}");
    let page = ada.get(&after).await.expect(200);
    let next = expected.iter().find(|(id, _)| removed < *id);
    let shown = page["value"][0]["id"].as_str();
    assert_eq!(shown, next.map(|(id, _)| id.as_str()));
}
