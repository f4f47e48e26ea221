//! What the claims of different issuers mean: users, tenants, scopes, second factors.

use pimento_testkit::{ServeServer, role};
use serde_json::{Value, json};

use super::{ASSIGNMENTS, CONTOSO, MY, ROLES, SIGN_UP, plain, registered, start, with};

/// The user id that a token stands for: fay, who is somebody else, gives a role to this id, and its bearer sees it.
async fn is_user(house: &ServeServer, fay: &Value, user: &str, claims: &Value) -> bool {
    let new = json!({"userId": user, "roleId": role::SECURITY_READER, "isElevated": false});
    with(house, fay)
        .send("POST", ASSIGNMENTS, &new)
        .await
        .expect(201);
    let mine = with(house, claims).get(MY).await.expect(200);
    mine["value"][0]["userId"] == user
}

#[tokio::test]
async fn the_user_is_oid_or_else_sub() {
    let house = plain().await;
    let fay = json!({"oid": "fay"});
    assert!(
        is_user(
            &house,
            &fay,
            "ola",
            &json!({"oid": "ola", "sub": "somebody"})
        )
        .await
    );
    assert!(is_user(&house, &fay, "sue", &json!({"sub": "sue"})).await);
    with(&house, &json!({}))
        .get(MY)
        .await
        .refused(401, "InvalidAuthenticationToken");
    with(&house, &json!({"oid": "", "sub": "sue"}))
        .get(MY)
        .await
        .refused(401, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn the_user_is_the_configured_claim_alone() {
    let fay = json!({"preferred_username": "fay"});
    let members = "tenant = \"contoso\"\nuser_claim = \"preferred_username\"";
    let house = registered("", members, &fay).await;
    let kim = json!({"preferred_username": "kim@contoso.example", "oid": "fay", "sub": "fay"});
    assert!(is_user(&house, &fay, "kim@contoso.example", &kim).await);
    with(&house, &json!({"oid": "fay", "sub": "fay"}))
        .get(MY)
        .await
        .refused(401, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn the_tenant_is_the_configured_claim() {
    let members = "tenants = [\"contoso\"]\ntenant_claim = \"org\"";
    let house = registered("", members, &json!({"oid": "fay", "org": CONTOSO})).await;
    with(&house, &json!({"oid": "fay", "tid": CONTOSO}))
        .get(ROLES)
        .await
        .refused(401, "InvalidAuthenticationToken");
    let claims = json!({"oid": "fay", "org": CONTOSO, "tid": "fabrikam"});
    with(&house, &claims).get(ROLES).await.expect(200);
}

#[tokio::test]
async fn scopes_are_mapped_to_the_names_of_graph() {
    let members = "tenant = \"contoso\"\nscopes = { pimento = [\"Directory.AccessAsUser.All\"] }";
    let house = registered("", members, &json!({"oid": "fay"})).await;
    for (scopes, expected) in [
        (json!("openid pimento"), 200),
        (json!(["openid", "pimento"]), 200),
        (json!("Directory.AccessAsUser.All"), 200),
        (json!("openid profile"), 403),
        (json!("pimento2"), 403),
        (json!("directory.accessasuser.all"), 403),
    ] {
        let claims = json!({"oid": "fay", "scp": scopes});
        let answer = with(&house, &claims).get(ROLES).await;
        assert_eq!(answer.status, expected, "{scopes}");
        if expected == 403 {
            answer.refused(403, "PermissionScopeNotGranted");
        }
    }
}

#[tokio::test]
async fn without_a_mapping_a_scope_of_ones_own_means_nothing() {
    let house = plain().await;
    let claims = json!({"oid": "fay", "scp": "pimento"});
    with(&house, &claims)
        .get(ROLES)
        .await
        .refused(403, "PermissionScopeNotGranted");
}

#[tokio::test]
async fn scopes_come_from_scp_or_scope_or_the_configured_claim() {
    let house = plain().await;
    let good = "Directory.AccessAsUser.All";
    with(&house, &json!({"oid": "fay", "scp": null, "scope": good}))
        .get(ROLES)
        .await
        .expect(200);
    let claims = json!({"oid": "fay", "scp": "User.Read", "scope": good});
    with(&house, &claims)
        .get(ROLES)
        .await
        .refused(403, "PermissionScopeNotGranted");

    let members = "tenant = \"contoso\"\nscope_claim = \"permissions\"";
    let house = registered("", members, &json!({"oid": "fay", "permissions": [good]})).await;
    let claims = json!({"oid": "fay", "scp": good});
    with(&house, &claims)
        .get(ROLES)
        .await
        .refused(403, "ApplicationNotSupported");
}

#[tokio::test]
async fn a_narrow_scope_opens_what_it_is_for_and_nothing_else() {
    let house = plain().await;
    let narrow = json!({"oid": "fay", "scp": "PrivilegedAccess.ReadWrite.AzureAD"});
    let settings = format!("{ROLES}/{}/settings", role::APPLICATION_ADMINISTRATOR);
    let change = json!({"ticketingInfoOnElevation": true});
    with(&house, &narrow)
        .send("PATCH", &settings, &change)
        .await
        .expect(204);
    with(&house, &narrow)
        .get(&settings)
        .await
        .refused(403, "PermissionScopeNotGranted");
}

/// What activating a role that needs a second factor is answered.
async fn activation(house: &ServeServer, claims: &Value) -> u16 {
    let path = format!("{ROLES}/{}/selfActivate", role::USER_ADMINISTRATOR);
    let answer = with(house, claims).post(&path).await;
    let status = answer.status;
    match status {
        403 => drop(answer.refused(403, "MfaRequired")),
        _ => assert_eq!(answer.expect(200)["isElevated"], true),
    }
    status
}

/// A server with ben in it, who is eligible for a role that needs a second factor.
async fn with_ben(members: &str) -> ServeServer {
    let fay = json!({"oid": "fay"});
    let house = registered("", &format!("tenant = \"contoso\"\n{members}"), &fay).await;
    let new = json!({"userId": "ben", "roleId": role::USER_ADMINISTRATOR, "isElevated": false});
    with(&house, &fay)
        .send("POST", ASSIGNMENTS, &new)
        .await
        .expect(201);
    house
}

#[tokio::test]
async fn a_second_factor_is_amr_where_nothing_else_is_configured() {
    let house = with_ben("").await;
    for proof in [
        json!({}),
        json!({"amr": ["pwd"]}),
        json!({"amr": []}),
        json!({"amr": "MFA"}),
        json!({"acr": "mfa"}),
        json!({"acrs": ["mfa"]}),
        json!({"mfa": true}),
    ] {
        let mut claims = proof.clone();
        claims["oid"] = json!("ben");
        assert_eq!(activation(&house, &claims).await, 403, "{proof}");
    }
    assert_eq!(
        activation(&house, &json!({"oid": "ben", "amr": ["pwd", "mfa"]})).await,
        200
    );
}

#[tokio::test]
async fn a_second_factor_is_what_the_configuration_says() {
    for (mfa, wrong, right) in [
        (
            "mfa = { acr = [\"2\"] }",
            json!({"oid": "ben", "acr": "1"}),
            json!({"oid": "ben", "acr": "2"}),
        ),
        (
            "mfa = { acrs = [\"c1\"] }",
            json!({"oid": "ben", "acrs": ["c2"]}),
            json!({"oid": "ben", "acrs": ["c2", "c1"]}),
        ),
        (
            "mfa = { amr = [\"hwk\"] }",
            json!({"oid": "ben", "amr": ["mfa"]}),
            json!({"oid": "ben", "amr": "hwk"}),
        ),
    ] {
        let house = with_ben(mfa).await;
        assert_eq!(activation(&house, &wrong).await, 403, "{mfa}");
        assert_eq!(activation(&house, &right).await, 200, "{mfa}");
    }
}

#[tokio::test]
async fn directory_roles_in_a_token_count_only_where_they_are_trusted() {
    for (trust, expected) in [(false, 403), (true, 200)] {
        let members = format!("tenant = \"contoso\"\ntrust_wids = {trust}");
        let house = registered("", &members, &json!({"oid": "fay"})).await;
        let reader = json!({"oid": "rita", "wids": [role::SECURITY_READER]});
        assert_eq!(
            with(&house, &reader).get(ROLES).await.status,
            expected,
            "{trust}"
        );
        let new = json!({"userId": "rita", "roleId": role::SECURITY_READER});
        let answer = with(&house, &reader).send("POST", ASSIGNMENTS, &new).await;
        answer.refused(403, "Authorization_RequestDenied");
    }
}

#[tokio::test]
async fn a_claim_of_roles_that_is_not_trusted_is_not_even_read() {
    let house = start("", "tenant = \"contoso\"").await;
    let claims = json!({"oid": "fay", "wids": "nonsense"});
    with(&house, &claims).post(SIGN_UP).await.expect(200);
}
