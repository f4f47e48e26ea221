//! Sign-up outside dev mode: for tenants that the configuration admits, by those whom it, or a trusted token, names.

use pimento_testkit::{Answer, Person, ServeServer, TestIssuer, role};
use serde_json::{Value, json};

use super::{ASSIGNMENTS, CONTOSO, FAY, MY, ROLES, SIGN_UP, plain, start, with};

const STATUS: &str = "/beta/privilegedSignupStatus";

/// An issuer for any of three tenants, whose `wids` count.
const TRUSTED: &str = "tenants = [\"contoso\", \"fabrikam\", \"tailspin\"]\ntrust_wids = true";
/// The same, but they do not count.
const UNTRUSTED: &str = "tenants = [\"contoso\", \"fabrikam\", \"tailspin\"]";

fn somebody(tenant: &str, user: &str) -> Value {
    json!({"tid": tenant, "oid": user})
}

fn global_administrator(tenant: &str, user: &str) -> Value {
    json!({"tid": tenant, "oid": user, "wids": [role::GLOBAL_ADMINISTRATOR]})
}

async fn says(person: &Person<'_>, function: &str) -> bool {
    let answer = person
        .get(&format!("{STATUS}/{function}"))
        .await
        .expect(200);
    answer["value"].as_bool().expect("yes or no")
}

/// Sign-up was refused for this closer reason, and changed nothing.
async fn assert_refused(person: &Person<'_>, answer: Answer, code: &str, reason: &str) {
    let error = answer.refused(403, code);
    assert_eq!(error["innerError"]["code"], reason, "{error}");
    assert!(!says(person, "isSignedUp").await);
    assert!(!says(person, "canSignUp").await);
    person
        .get(MY)
        .await
        .refused(403, "UnauthorizedAccessException");
}

async fn my_roles(person: &Person<'_>) -> Vec<String> {
    let list = person.get(MY).await.expect(200);
    let mut roles: Vec<_> = list["value"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|assignment| {
            assert_eq!(assignment["isElevated"], true, "{assignment}");
            assert_eq!(
                assignment["expirationDateTime"],
                Value::Null,
                "{assignment}"
            );
            assignment["roleId"].as_str().expect("an id").to_owned()
        })
        .collect();
    roles.sort();
    roles
}

fn administrators_roles() -> Vec<String> {
    let mut roles = vec![
        role::PRIVILEGED_ROLE_ADMINISTRATOR.to_owned(),
        role::SECURITY_ADMINISTRATOR.to_owned(),
    ];
    roles.sort();
    roles
}

#[tokio::test]
async fn a_founder_registers_the_tenant_and_becomes_its_administrator() {
    let house = start("", UNTRUSTED).await;
    let fay = with(&house, &somebody(CONTOSO, "fay"));
    assert!(!says(&fay, "isSignedUp").await);
    assert!(says(&fay, "canSignUp").await);
    let before = fay.get(STATUS).await.expect(200)["value"][0].take();
    assert_eq!(
        (&before["isRegistered"], &before["status"]),
        (&json!(false), &json!("notRegisteredYet"))
    );
    let status = fay.post(SIGN_UP).await.expect(200);
    assert_eq!(status["id"], CONTOSO);
    assert_eq!(status["isRegistered"], true);
    assert_eq!(status["status"], "registeredSetupNotStarted");
    assert!(says(&fay, "isSignedUp").await);
    assert!(!says(&fay, "canSignUp").await);
    assert_eq!(my_roles(&fay).await, administrators_roles());
    fay.get(ROLES).await.expect(200);
}

#[tokio::test]
async fn a_founder_sets_the_tenant_up_as_well_and_is_no_global_administrator_elsewhere() {
    let house = start("", UNTRUSTED).await;
    let fay = with(&house, &somebody(CONTOSO, "fay"));
    fay.post(SIGN_UP).await.expect(200);
    let set_up = format!("{STATUS}/completeSetup");
    let body = json!({"tenantSetupInfo": {
        "userRolesActions": format!("gus|{}|Permanent", role::GLOBAL_ADMINISTRATOR),
    }});
    // What a token says of roles does not count here, and to be an administrator is not enough.
    let hal = with(&house, &global_administrator(CONTOSO, "hal"));
    let error = hal.send("POST", &set_up, &body).await;
    let error = error.refused(403, "Authorization_RequestDenied");
    assert_eq!(error["innerError"]["code"], "DirectoryRoleRequired");
    fay.send("POST", &set_up, &body).await.expect(200);
    let status = fay.get(STATUS).await.expect(200)["value"][0]["status"].take();
    assert_eq!(status, "registrationAndSetupCompleted");

    // Without her roles she is let in nowhere else.
    let gus = with(&house, &somebody(CONTOSO, "gus"));
    gus.get(ROLES).await.expect(200);
    let new =
        json!({"userId": "ivy", "roleId": role::PRIVILEGED_ROLE_ADMINISTRATOR, "isElevated": true});
    fay.send("POST", ASSIGNMENTS, &new).await.expect(201);
    for held in administrators_roles() {
        let path = format!("{ASSIGNMENTS}/fay_{held}");
        fay_is_removed(&house, &path).await;
    }
    for path in [ROLES, ASSIGNMENTS] {
        let answer = fay.get(path).await;
        answer.refused(403, "Authorization_RequestDenied");
    }
    let again = fay.send("POST", &set_up, &body).await;
    again.refused(400, "SetupAlreadyCompleted");
}

async fn fay_is_removed(house: &ServeServer, path: &str) {
    let ivy = with(house, &somebody(CONTOSO, "ivy"));
    ivy.delete(path).await.expect(204);
}

#[tokio::test]
async fn a_global_administrator_by_a_trusted_token_registers_the_tenant() {
    let house = start("", TRUSTED).await;
    let gus = with(&house, &global_administrator(CONTOSO, "gus"));
    assert!(says(&gus, "canSignUp").await);
    gus.post(SIGN_UP).await.expect(200);
    let gus = with(&house, &somebody(CONTOSO, "gus"));
    assert_eq!(
        my_roles(&gus).await,
        administrators_roles(),
        "the roles are Pimento's own now"
    );
}

#[tokio::test]
async fn a_global_administrator_by_a_token_that_is_not_trusted_is_nobody() {
    let house = start("", UNTRUSTED).await;
    let gus = with(&house, &global_administrator(CONTOSO, "gus"));
    let answer = gus.post(SIGN_UP).await;
    assert_refused(
        &gus,
        answer,
        "Authorization_RequestDenied",
        "DirectoryRoleRequired",
    )
    .await;
}

#[tokio::test]
async fn others_than_global_administrators_and_founders_are_refused() {
    let house = start("", TRUSTED).await;
    for claims in [
        somebody(CONTOSO, "gus"),
        json!({"tid": CONTOSO, "oid": "gus", "wids": [role::PRIVILEGED_ROLE_ADMINISTRATOR]}),
        json!({"tid": CONTOSO, "oid": "Fay"}),
    ] {
        let person = with(&house, &claims);
        let answer = person.post(SIGN_UP).await;
        assert_refused(
            &person,
            answer,
            "Authorization_RequestDenied",
            "DirectoryRoleRequired",
        )
        .await;
    }
}

#[tokio::test]
async fn a_tenant_that_the_configuration_does_not_admit_is_refused() {
    let house = start("", TRUSTED).await;
    let gus = with(&house, &global_administrator("fabrikam", "gus"));
    let answer = gus.post(SIGN_UP).await;
    assert_refused(
        &gus,
        answer,
        "UnauthorizedAccessException",
        "TenantNotAdmitted",
    )
    .await;
}

#[tokio::test]
async fn a_founder_founds_no_other_tenant() {
    let configure = |issuer: &TestIssuer| {
        format!(
            "tenants = [\"contoso\", \"fabrikam\"]\n{FAY}\n{}",
            issuer.table(UNTRUSTED)
        )
    };
    let house = ServeServer::start(configure)
        .await
        .expect("the server starts");
    let stranger = with(&house, &somebody("fabrikam", "fay"));
    let answer = stranger.post(SIGN_UP).await;
    assert_refused(
        &stranger,
        answer,
        "Authorization_RequestDenied",
        "DirectoryRoleRequired",
    )
    .await;
    with(&house, &somebody(CONTOSO, "fay"))
        .post(SIGN_UP)
        .await
        .expect(200);
    assert!(
        !says(&stranger, "isSignedUp").await,
        "the one tenant's registration is not the other's"
    );
}

#[tokio::test]
async fn a_second_sign_up_answers_the_status_and_grants_nothing() {
    let house = start("", TRUSTED).await;
    let fay = with(&house, &somebody(CONTOSO, "fay"));
    fay.post(SIGN_UP).await.expect(200);
    let gus = with(&house, &global_administrator(CONTOSO, "gus"));
    assert_eq!(gus.post(SIGN_UP).await.expect(200)["isRegistered"], true);
    assert_eq!(gus.get(MY).await.expect(200)["value"], json!([]));
    let list = fay.get(ASSIGNMENTS).await.expect(200);
    assert_eq!(list["value"].as_array().map(Vec::len), Some(2), "{list}");
}

#[tokio::test]
async fn a_founder_who_was_not_the_first_has_no_role() {
    let two = "[[founders]]\ntenant = \"contoso\"\nuser = \"flo\"";
    let configure = |issuer: &TestIssuer| {
        format!(
            "tenants = [\"contoso\"]\n{FAY}\n{two}\n{}",
            issuer.table("tenant = \"contoso\"")
        )
    };
    let house = ServeServer::start(configure)
        .await
        .expect("the server starts");
    with(&house, &json!({"oid": "fay"}))
        .post(SIGN_UP)
        .await
        .expect(200);
    let flo = with(&house, &json!({"oid": "flo"}));
    flo.get(ROLES)
        .await
        .refused(403, "Authorization_RequestDenied");
    flo.post(SIGN_UP).await.expect(200);
    flo.get(ROLES)
        .await
        .refused(403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn before_sign_up_everything_else_is_refused() {
    let house = start("", TRUSTED).await;
    let fay = with(&house, &global_administrator(CONTOSO, "fay"));
    for (method, path) in [
        ("GET", ROLES.to_owned()),
        ("GET", ASSIGNMENTS.to_owned()),
        ("GET", MY.to_owned()),
        (
            "POST",
            format!("{ASSIGNMENTS}/fay_{}/makePermanent", role::SECURITY_READER),
        ),
        (
            "POST",
            format!("{ROLES}/{}/selfActivate", role::SECURITY_READER),
        ),
    ] {
        let error = fay
            .call(method, &path)
            .send()
            .await
            .refused(403, "UnauthorizedAccessException");
        assert_eq!(
            error["innerError"]["code"], "TenantNotRegistered",
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_registration_outlives_the_server() {
    let house = plain()
        .await
        .restart()
        .await
        .expect("the server starts again");
    let fay = with(&house, &json!({"oid": "fay"}));
    assert!(says(&fay, "isSignedUp").await);
    assert_eq!(my_roles(&fay).await, administrators_roles());
}
