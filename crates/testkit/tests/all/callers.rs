//! Who is let in at all: tokens, scopes, kinds of accounts.

use pimento_testkit::role::{PRIVILEGED_ROLE_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, SIGN_UP_STATUS, settings};

const WHOLE: &str = "Directory.AccessAsUser.All";
const SETTINGS_ONLY: &str = "PrivilegedAccess.ReadWrite.AzureAD";

async fn mine(server: &TestServer, authorization: &[&str]) -> Answer {
    let mut call = server.call("GET", &format!("{ASSIGNMENTS}/my"));
    for value in authorization {
        call = call.header("Authorization", value);
    }
    call.send().await
}

async fn mine_with(server: &TestServer, claims: &Value) -> Answer {
    let person = server.signed_in(claims).await;
    person.get(&format!("{ASSIGNMENTS}/my")).await
}

#[tokio::test]
async fn what_is_not_one_bearer_token_is_refused() {
    let server = TestServer::dev().await;
    let good = server.token(&json!({"oid": "ada"})).await;
    let bearer = format!("Bearer {good}");
    mine(&server, &[&bearer]).await.expect(200);
    mine(&server, &[&format!("bearer {good}")])
        .await
        .expect(200);

    let (signed, signature) = good.rsplit_once('.').unwrap();
    let other_end = if signature.ends_with('A') { "Q" } else { "A" };
    let tampered = format!(
        "Bearer {signed}.{}{other_end}",
        &signature[..signature.len() - 1]
    );
    for wrong in [
        &[][..],
        &[""],
        &["Bearer"],
        &["Bearer "],
        &["Bearer x"],
        &["Bearer a.b.c"],
        &["Basic YWRhOmFkYQ=="],
        &[&good],
        &[&format!("{bearer} more")],
        &[&bearer, &bearer],
        &[&format!("Bearer {signed}.")],
        &[&format!("Bearer {signed}")],
        &[&tampered],
        &[&format!("Bearer {}", "x".repeat(12_000))],
    ] {
        let answer = mine(&server, wrong).await;
        answer.refused(401, "InvalidAuthenticationToken");
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer "), "{challenge}");
        let names_error = challenge.contains("error=\"invalid_token\"");
        assert_eq!(names_error, !wrong.is_empty(), "{wrong:?} {challenge}");
    }
}

#[tokio::test]
async fn a_token_out_of_its_time_for_another_audience_or_of_another_issuer_is_refused() {
    let server = TestServer::dev().await;
    for claims in [
        json!({"oid": "ada", "exp": 1_500_000_000}),
        json!({"oid": "ada", "exp": "soon"}),
        json!({"oid": "ada", "exp": null}),
        json!({"oid": "ada", "nbf": 4_070_908_800_u64}),
        json!({"oid": "ada", "aud": "another"}),
        json!({"oid": "ada", "aud": []}),
        json!({"oid": "ada", "iss": "https://elsewhere.example"}),
        json!({"oid": "ada", "tid": ""}),
        json!({"oid": "ada", "tid": null}),
        json!({"oid": ""}),
        json!({"oid": "a da"}),
        json!({"oid": 7}),
        json!({"oid": "ada", "wids": "all"}),
    ] {
        let answer = mine_with(&server, &claims).await;
        assert_eq!(answer.status, 401, "{claims}");
        answer.refused(401, "InvalidAuthenticationToken");
    }
}

#[tokio::test]
async fn a_token_of_another_server_is_refused() {
    let (server, other) = (TestServer::dev().await, TestServer::dev().await);
    let foreign = other.token(&json!({"oid": "ada"})).await;
    let as_if = other
        .token(&json!({"oid": "ada", "iss": format!("{}/dev", server.url())}))
        .await;
    for token in [foreign, as_if] {
        let answer = mine(&server, &[&format!("Bearer {token}")]).await;
        answer.refused(401, "InvalidAuthenticationToken");
    }
}

#[tokio::test]
async fn applications_and_personal_accounts_are_refused() {
    let server = TestServer::dev().await;
    for claims in [
        json!({"oid": "robot", "idtyp": "app"}),
        json!({"oid": "robot", "idtyp": "app", "scp": WHOLE}),
        json!({"oid": "robot", "scp": "", "roles": ["PrivilegedAccess.Read.AzureAD"]}),
        json!({"oid": "robot", "scp": []}),
    ] {
        mine_with(&server, &claims)
            .await
            .refused(403, "ApplicationNotSupported");
    }
    let personal = json!({"oid": "ada", "tid": "9188040d-6c67-4c5b-b112-36a304b66dad"});
    mine_with(&server, &personal)
        .await
        .refused(403, "PersonalAccountNotSupported");
}

#[tokio::test]
async fn a_token_without_the_scope_is_refused_and_told_which_one() {
    let server = TestServer::dev().await;
    for scopes in [
        json!("User.Read"),
        json!("directory.accessasuser.all"),
        json!(SETTINGS_ONLY),
    ] {
        let error = mine_with(&server, &json!({"oid": "ada", "scp": scopes})).await;
        let error = error.refused(403, "PermissionScopeNotGranted");
        assert!(
            error["message"].as_str().unwrap().contains(WHOLE),
            "{error}"
        );
    }
    for scopes in [
        json!(WHOLE),
        json!([WHOLE]),
        json!(format!("User.Read {WHOLE} openid")),
    ] {
        mine_with(&server, &json!({"oid": "ada", "scp": scopes}))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn either_scope_changes_settings_and_only_one_of_them_does_the_rest() {
    let server = TestServer::dev().await;
    for (scope, rest) in [(WHOLE, 200), (SETTINGS_ONLY, 403)] {
        let ada = server.signed_in(&json!({"oid": "ada", "scp": scope})).await;
        for method in ["PUT", "PATCH"] {
            let path = settings(USER_ADMINISTRATOR);
            ada.send(method, &path, &json!({})).await.expect(204);
        }
        for path in [
            settings(USER_ADMINISTRATOR),
            ASSIGNMENTS.to_owned(),
            SIGN_UP_STATUS.to_owned(),
        ] {
            ada.get(&path).await.expect(rest);
        }
    }
}

#[tokio::test]
async fn the_directory_roles_of_a_token_count_in_dev_mode_and_unknown_ones_do_no_harm() {
    let server = TestServer::dev().await;
    let unknown = "11111111-2222-3333-4444-555555555555";
    let root =
        json!({"oid": "root", "wids": [unknown, PRIVILEGED_ROLE_ADMINISTRATOR.to_uppercase()]});
    let root = server.signed_in(&root).await;
    root.get(ASSIGNMENTS).await.expect(200);
    let nobody = server
        .signed_in(&json!({"oid": "root", "wids": [unknown]}))
        .await;
    nobody
        .get(ASSIGNMENTS)
        .await
        .refused(403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn operators_need_no_token_and_a_bad_one_does_no_harm() {
    let server = TestServer::dev().await;
    for path in ["/livez", "/readyz", "/version"] {
        server.call("GET", path).send().await.expect(200);
        server
            .call("GET", path)
            .bearer("x")
            .send()
            .await
            .expect(200);
    }
}
