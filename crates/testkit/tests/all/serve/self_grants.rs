//! `forbid_self_grant`: whether an administrator may give themselves a role.

use pimento_testkit::role;
use serde_json::json;

use super::{ASSIGNMENTS, plain, registered, with};

#[tokio::test]
async fn administrators_may_grant_to_themselves_where_nobody_forbids_it() {
    let house = plain().await;
    let fay = with(&house, &json!({"oid": "fay"}));
    let new = json!({"userId": "fay", "roleId": role::USER_ADMINISTRATOR});
    fay.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let path = format!(
        "{ASSIGNMENTS}/fay_{}/makePermanent",
        role::USER_ADMINISTRATOR
    );
    assert_eq!(fay.post(&path).await.expect(200)["isElevated"], true);
}

#[tokio::test]
async fn a_server_that_forbids_it_refuses_and_changes_nothing() {
    let house = registered(
        "forbid_self_grant = true",
        "tenant = \"contoso\"",
        &json!({"oid": "fay"}),
    )
    .await;
    let fay = with(&house, &json!({"oid": "fay"}));
    let before = fay.get(ASSIGNMENTS).await.expect(200);
    for (user, elevated) in [
        ("fay", json!(null)),
        ("fay", json!(true)),
        ("fay", json!(false)),
        ("Self", json!(true)),
    ] {
        let new =
            json!({"userId": user, "roleId": role::USER_ADMINISTRATOR, "isElevated": elevated});
        let error = fay
            .send("POST", ASSIGNMENTS, &new)
            .await
            .refused(403, "Authorization_RequestDenied");
        assert_eq!(
            error["innerError"]["code"], "SelfGrantForbidden",
            "{elevated}"
        );
    }
    assert_eq!(fay.get(ASSIGNMENTS).await.expect(200), before);
}

#[tokio::test]
async fn a_server_that_forbids_it_lets_them_grant_to_others_and_others_to_them() {
    let house = registered(
        "forbid_self_grant = true",
        "tenant = \"contoso\"",
        &json!({"oid": "fay"}),
    )
    .await;
    let fay = with(&house, &json!({"oid": "fay"}));
    let gil = with(&house, &json!({"oid": "gil"}));
    let administrator = role::PRIVILEGED_ROLE_ADMINISTRATOR;
    let new = json!({"userId": "gil", "roleId": administrator, "isElevated": true});
    fay.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let new = json!({"userId": "fay", "roleId": role::USER_ADMINISTRATOR, "isElevated": false});
    gil.send("POST", ASSIGNMENTS, &new).await.expect(201);
    // Making permanent what one is eligible for would be a grant to oneself as well.
    let path = format!(
        "{ASSIGNMENTS}/fay_{}/makePermanent",
        role::USER_ADMINISTRATOR
    );
    let error = fay
        .post(&path)
        .await
        .refused(403, "Authorization_RequestDenied");
    assert_eq!(error["innerError"]["code"], "SelfGrantForbidden");
    assert_eq!(gil.post(&path).await.expect(200)["isElevated"], true);
}
