//! The summary of a role counts who has it, by the clock of the rules.

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, SECURITY_READER, UNKNOWN};
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

/// A role as this query shows it.
fn role(query: &str) -> String {
    format!("{ROLES}/{APPLICATION_ADMINISTRATOR}?{query}")
}

#[tokio::test]
async fn a_role_comes_with_its_summary_where_that_is_asked_for_in_any_spelling() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    give(&ada, "dana", json!({"isElevated": false})).await;
    let mut summary = ada
        .get(&summary(APPLICATION_ADMINISTRATOR))
        .await
        .expect(200);
    let context = summary.as_object_mut().unwrap().remove("@odata.context");
    for query in ["$expand=summary", "expand=summary", "%24EXPAND=summary&a=b"] {
        let seen = ada.get(&role(query)).await.expect(200);
        assert_eq!(seen["summary"], summary, "{query}");
        assert_eq!(seen.get("summary@odata.context"), context.as_ref());
        assert_eq!(seen["name"], "Application Administrator");
        let of = seen["@odata.context"].as_str().unwrap();
        assert!(of.ends_with("$metadata#privilegedRoles(summary())/$entity"));
    }
    let plain = ada.get(&role("")).await.expect(200);
    assert_eq!(plain.get("summary"), None);
    assert_eq!(plain.get("summary@odata.context"), None);
}

#[tokio::test]
async fn a_role_comes_with_nothing_that_it_does_not_have() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (query, option) in [
        ("$expand=setting", "$expand"),
        ("expand=", "$expand"),
        ("$expand=summary,assignment", "$expand"),
        ("$expand=summary&expand=summary", "$expand"),
        ("$expand=summary($filter=id)", "$expand"),
        ("$top=1", "$top"),
    ] {
        let error = ada.get(&role(query)).await;
        let error = error.refused(400, "Request_UnsupportedQuery");
        assert_eq!(error["target"], option, "{query}");
    }
    // Of a role that does not exist there is no summary either.
    let path = format!("{ROLES}/{UNKNOWN}?$expand=summary");
    ada.get(&path).await.refused(404, "ResourceNotFound");
}

#[tokio::test]
async fn who_may_read_a_role_for_an_assignment_of_their_own_may_not_read_its_summary_by_it() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    give(&ada, "dana", json!({"isElevated": false})).await;
    let dana = server.person("dana").await;
    dana.get(&role("")).await.expect(200);
    let error = dana.get(&role("$expand=summary")).await;
    let error = error.refused(403, "Authorization_RequestDenied");
    assert_eq!(error["innerError"]["code"], "DirectoryRoleRequired");
    let reader = json!({"oid": "rae", "wids": [SECURITY_READER]});
    let reader = server.signed_in(&reader).await;
    reader.get(&role("$expand=summary")).await.expect(200);
}
