//! The summary of a role counts who has it, by the clock of the rules.

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, UNKNOWN};
use pimento_testkit::{Person, ServeServer, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, ROLES, settings};

fn summary(role: &str) -> String {
    format!("{ROLES}/{role}/summary")
}

async fn give(ada: &Person<'_>, user: &str, rest: Value) {
    let mut new = json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR});
    new.as_object_mut()
        .unwrap()
        .extend(rest.as_object().unwrap().clone());
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
}

async fn counted(ada: &Person<'_>) -> [Value; 3] {
    let seen = ada
        .get(&summary(APPLICATION_ADMINISTRATOR))
        .await
        .expect(200);
    assert_eq!(seen["id"], APPLICATION_ADMINISTRATOR);
    ["usersCount", "managedCount", "elevatedCount"].map(|member| seen[member].clone())
}

#[tokio::test]
async fn a_summary_counts_who_has_a_role_and_for_whom_it_is_active() {
    let server = TestServer::dev().await;
    server.freeze().await;
    let ada = server.person("ada").await;
    assert_eq!(counted(&ada).await, [0, 0, 0]);
    give(&ada, "dana", json!({"isElevated": false})).await;
    give(&ada, "eve", json!({"isElevated": true})).await;
    give(&ada, "fay", json!({})).await;
    assert_eq!(counted(&ada).await, [3, 1, 2]);
    server.advance("PT59M59.999999S").await;
    assert_eq!(counted(&ada).await, [3, 1, 2]);
    server.advance("PT0.000001S").await;
    assert_eq!(counted(&ada).await, [3, 2, 1]);
}

#[tokio::test]
async fn a_summary_says_whether_activating_needs_a_second_factor() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for mfa in [true, false] {
        let update = json!({"mfaOnElevation": mfa});
        ada.send("PATCH", &settings(APPLICATION_ADMINISTRATOR), &update)
            .await
            .expect(204);
        let seen = ada
            .get(&summary(APPLICATION_ADMINISTRATOR))
            .await
            .expect(200);
        assert_eq!(seen["mfaEnabled"], mfa);
    }
}

#[tokio::test]
async fn a_summary_is_bad_from_the_configured_share_of_inactive_holders_on() {
    for (threshold, expected) in [
        ("", "ok"),
        ("summary_threshold = 51", "ok"),
        ("summary_threshold = 50", "bad"),
    ] {
        let serve = ServeServer::start(|issuer| {
            let founder = "[[founders]]\ntenant = \"t\"\nuser = \"ada\"\n";
            let issuer = issuer.table("tenant = \"t\"\nmfa = { amr = [\"mfa\"] }");
            format!("tenants = [\"t\"]\n{threshold}\n{founder}{issuer}")
        })
        .await
        .unwrap();
        let claims = json!({"sub": "ada", "amr": ["mfa"]});
        let token = serve.issuer.token(&claims);
        let ada = serve.server.bearer_of(&token);
        ada.post("/beta/privilegedSignupStatus/signUp")
            .await
            .expect(200);
        give(&ada, "dana", json!({"isElevated": false})).await;
        give(&ada, "eve", json!({"isElevated": true})).await;
        let seen = ada
            .get(&summary(APPLICATION_ADMINISTRATOR))
            .await
            .expect(200);
        assert_eq!(seen["status"], expected, "{threshold}");
    }
}

#[tokio::test]
async fn a_role_that_is_unknown_has_no_summary() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    ada.get(&summary(UNKNOWN))
        .await
        .refused(404, "ResourceNotFound");
}
