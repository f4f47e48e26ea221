//! Sign-up: how a tenant is registered, and what waits until it is.

use pimento_testkit::role::{
    GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR, USER_ADMINISTRATOR,
};
use pimento_testkit::{Contract, DEMO_TENANT, Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, ROLES, SIGN_UP_STATUS, State, about_ben, assignment};

/// A tenant that nobody registered.
const TENANT: &str = "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25";

/// Fay, who registered her tenant.
pub(crate) async fn founder(server: &TestServer) -> Person<'_> {
    let fay = server
        .signed_in(&claims("fay", &[GLOBAL_ADMINISTRATOR]))
        .await;
    fay.post(&format!("{SIGN_UP_STATUS}/signUp"))
        .await
        .expect(200);
    fay
}

fn claims(user: &str, wids: &[&str]) -> Value {
    json!({"oid": user, "tid": TENANT, "wids": wids})
}

/// What canSignUp, isSignedUp and the status tell somebody.
async fn told(person: &Person<'_>) -> (bool, bool, String) {
    let says = async |function: &str| {
        let answer = person.get(&format!("{SIGN_UP_STATUS}/{function}")).await;
        answer.expect(200)["value"].as_bool().unwrap()
    };
    let listed = person.get(SIGN_UP_STATUS).await.expect(200);
    let [status] = listed["value"].as_array().unwrap().as_slice() else {
        panic!("not one status: {listed}");
    };
    assert_eq!(status["isRegistered"], says("isSignedUp").await);
    let word = status["status"].as_str().unwrap().to_owned();
    (says("canSignUp").await, says("isSignedUp").await, word)
}

fn word(text: &str) -> String {
    text.to_owned()
}

#[tokio::test]
async fn a_global_administrator_registers_the_tenant_and_becomes_its_first_administrator() {
    let server = TestServer::dev().await;
    let fay = server
        .signed_in(&claims("fay", &[GLOBAL_ADMINISTRATOR]))
        .await;
    assert_eq!(told(&fay).await, (true, false, word("notRegisteredYet")));
    let status = fay
        .post(&format!("{SIGN_UP_STATUS}/signUp"))
        .await
        .expect(200);
    assert_eq!(
        (&status["id"], &status["isRegistered"]),
        (&json!(TENANT), &json!(true))
    );
    assert_eq!(
        told(&fay).await,
        (false, true, word("registeredSetupNotStarted"))
    );

    // From now on she needs no role of her token's.
    let fay = server.signed_in(&claims("fay", &[])).await;
    let held = fay.get(ASSIGNMENTS).await.expect(200);
    assert_eq!(held["value"].as_array().unwrap().len(), 2);
    for role in [PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR] {
        assert_eq!(State::seen_by(&fay, "fay", role).await, State::Permanent);
    }
    let roles = fay
        .get(&format!("{ROLES}?$top=1&$count=true"))
        .await
        .expect(200);
    assert_eq!(roles["@odata.count"], 145);
}

#[tokio::test]
async fn a_second_sign_up_answers_the_status_and_grants_nothing() {
    let server = TestServer::dev().await;
    let fay = founder(&server).await;
    let again = fay
        .post(&format!("{SIGN_UP_STATUS}/signUp"))
        .await
        .expect(200);
    assert_eq!(again["status"], "registeredSetupNotStarted");
    let gus = server
        .signed_in(&claims("gus", &[GLOBAL_ADMINISTRATOR]))
        .await;
    gus.post(&format!("{SIGN_UP_STATUS}/signUp"))
        .await
        .expect(200);
    let held = fay.get(ASSIGNMENTS).await.expect(200);
    let holders: Vec<&Value> = held["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["userId"])
        .collect();
    assert_eq!(holders, ["fay", "fay"]);
}

#[tokio::test]
async fn nobody_but_a_global_administrator_registers_a_tenant() {
    let server = TestServer::dev().await;
    for wids in [
        &[][..],
        &[PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR],
    ] {
        let hal = server.signed_in(&claims("hal", wids)).await;
        assert_eq!(told(&hal).await, (false, false, word("notRegisteredYet")));
        let answer = hal.post(&format!("{SIGN_UP_STATUS}/signUp")).await;
        answer.refused(403, "Authorization_RequestDenied");
        assert_eq!(told(&hal).await, (false, false, word("notRegisteredYet")));
    }
}

#[tokio::test]
async fn until_the_tenant_is_registered_everything_else_says_so() {
    let server = TestServer::dev().await;
    let fay = server
        .signed_in(&claims(
            "fay",
            &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR],
        ))
        .await;
    let contract = Contract::of_dev();
    let mut refused = 0;
    for (operation, statuses) in contract.documented() {
        let (method, path) = contract.route(operation);
        // Of a batch each part says so.
        let answers = path.starts_with(SIGN_UP_STATUS) || operation == "batch";
        if !statuses.contains(&403) || answers {
            continue;
        }
        let answer = fay.send(method, &about_ben(path), &json!({})).await;
        let error = answer.refused(403, "UnauthorizedAccessException");
        assert_eq!(
            error["innerError"]["code"], "TenantNotRegistered",
            "{operation}"
        );
        refused += 1;
    }
    assert_eq!(refused, 58);
}

#[tokio::test]
async fn tenants_never_mix() {
    let server = TestServer::dev().await;
    let fay = founder(&server).await;
    let ada = server.person("ada").await;
    assert!(told(&ada).await.1);
    let ben = assignment("ben", USER_ADMINISTRATOR);
    fay.get(&ben).await.refused(404, "ResourceNotFound");
    fay.delete(&ben).await.refused(404, "ResourceNotFound");
    fay.post(&format!("{ben}/makePermanent"))
        .await
        .refused(404, "ResourceNotFound");
    let new = json!({"userId": "ben", "roleId": USER_ADMINISTRATOR, "isElevated": true});
    fay.send("POST", ASSIGNMENTS, &new).await.expect(201);
    assert_eq!(
        State::seen_by(&ada, "ben", USER_ADMINISTRATOR).await,
        State::Eligible
    );
    let listed = ada.get(SIGN_UP_STATUS).await.expect(200);
    assert_eq!(listed["value"][0]["id"], DEMO_TENANT);
    // The same name in another tenant is another person.
    let other_ada = server.signed_in(&claims("ada", &[])).await;
    other_ada
        .get(ASSIGNMENTS)
        .await
        .refused(403, "Authorization_RequestDenied");
}
