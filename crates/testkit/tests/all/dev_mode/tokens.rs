//! `POST /dev/token`: what is copied, what is filled in, and what the tokens are good for.

use pimento_testkit::{DEMO_TENANT, TestServer, role};
use serde_json::{Value, json};

use super::dev::claims;

const MY: &str = "/beta/privilegedRoleAssignments/my";
const ROLES: &str = "/beta/privilegedRoles";

/// The answer to these claims.
async fn minted(server: &TestServer, claims: &Value) -> Value {
    server
        .call("POST", "/dev/token")
        .json(claims)
        .send()
        .await
        .expect(200)
}

/// The claims of the token that is minted of these.
async fn minted_claims(server: &TestServer, given: &Value) -> Value {
    claims(
        minted(server, given).await["access_token"]
            .as_str()
            .expect("a token"),
    )
}

#[tokio::test]
async fn claims_are_copied_as_they_are() {
    let server = TestServer::dev().await;
    let given = json!({
        "oid": "", "sub": null, "tid": [], "wids": {}, "scp": "", "aud": 7, "iss": "https://elsewhere.example",
        "exp": 1_500_000_000, "nbf": "later", "iat": -1.5, "idtyp": "user", "amr": [],
        "nobody knows this": {"deep": [1, null, "Grüße", {"": false}]}, "": "no name",
    });
    assert_eq!(minted_claims(&server, &given).await, given);
}

#[tokio::test]
async fn claims_that_are_left_out_are_filled_in() {
    let server = TestServer::dev().await;
    let answer = minted(&server, &json!({"oid": "ada"})).await;
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 3600);
    let all = claims(answer["access_token"].as_str().expect("a token"));
    let issued = all["iat"].as_i64().expect("seconds");
    assert_eq!(
        all,
        json!({
            "oid": "ada",
            "iss": format!("{}/dev", server.url()),
            "aud": "pimento-dev",
            "tid": DEMO_TENANT,
            "iat": issued, "nbf": issued, "exp": issued + 3600,
            "scp": "Directory.AccessAsUser.All PrivilegedAccess.ReadWrite.AzureAD",
        }),
        "no directory roles, and nothing else"
    );
}

#[tokio::test]
async fn an_empty_object_makes_a_token_of_somebody_unknown() {
    let server = TestServer::dev().await;
    let nobody = server.signed_in(&json!({})).await;
    assert_eq!(nobody.get(MY).await.expect(200)["value"], json!([]));
    nobody
        .get(ROLES)
        .await
        .refused(403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn scopes_are_filled_in_only_where_the_token_is_not_an_applications() {
    let server = TestServer::dev().await;
    let of_an_application = minted_claims(&server, &json!({"oid": "robot", "idtyp": "app"})).await;
    assert_eq!(of_an_application.get("scp"), None);
    let given = json!({"oid": "robot", "idtyp": "app", "scp": "read"});
    assert_eq!(minted_claims(&server, &given).await["scp"], "read");
    let of_a_user = minted_claims(&server, &json!({"oid": "ada", "idtyp": "user"})).await;
    assert!(of_a_user["scp"].is_string());
    let robot = server
        .signed_in(&json!({"oid": "robot", "idtyp": "app"}))
        .await;
    robot.get(MY).await.refused(403, "ApplicationNotSupported");
}

#[tokio::test]
async fn expires_in_is_what_is_left_and_never_below_zero() {
    let server = TestServer::dev().await;
    let now = minted_claims(&server, &json!({})).await["iat"]
        .as_i64()
        .expect("seconds");
    for (exp, least, most) in [
        (json!(1_500_000_000), 0, 0),
        (json!(-1), 0, 0),
        (json!(i64::MIN), 0, 0),
        (json!(-1e300), 0, 0),
        (json!("tomorrow"), 0, 0),
        (json!(null), 0, 0),
        (json!([]), 0, 0),
        // As slow as the machine may be, a minute is enough.
        (json!(now + 600), 540, 600),
        (json!(now + 86_400), 86_340, 86_400),
        (json!(u64::MAX), i64::MAX / 2, i64::MAX),
        (json!(1e300), i64::MAX / 2, i64::MAX),
    ] {
        let answer = minted(&server, &json!({ "exp": exp })).await;
        let left = answer["expires_in"].as_i64().expect("a number of seconds");
        assert!((least..=most).contains(&left), "{exp}: {left}");
    }
}

#[tokio::test]
async fn tokens_that_prove_nothing_can_be_minted_and_are_refused() {
    let server = TestServer::dev().await;
    for wrong in [
        json!({"exp": 1_500_000_000}),
        json!({"exp": null}),
        json!({"nbf": 95_000_000_000_u64}),
        json!({"aud": "another"}),
        json!({"aud": []}),
        json!({"iss": "https://elsewhere.example"}),
        json!({"oid": ""}),
        json!({"oid": "a b"}),
        json!({"oid": 7}),
        json!({"tid": ""}),
        json!({"wids": ["Owner"]}),
    ] {
        let mut claims = wrong.clone();
        if claims.get("oid").is_none() {
            claims["oid"] = json!("ada");
        }
        let answer = server.signed_in(&claims).await.get(ROLES).await;
        assert_eq!(answer.status, 401, "{wrong}");
        answer.refused(401, "InvalidAuthenticationToken");
    }
    server.person("ada").await.get(ROLES).await.expect(200);
}

#[tokio::test]
async fn tokens_that_do_not_suffice_can_be_minted_and_are_refused() {
    let server = TestServer::dev().await;
    let personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
    for (claims, code) in [
        (json!({"oid": "ada", "scp": ""}), "ApplicationNotSupported"),
        (json!({"oid": "ada", "scp": []}), "ApplicationNotSupported"),
        (
            json!({"oid": "ada", "scp": "User.Read"}),
            "PermissionScopeNotGranted",
        ),
        (
            json!({"oid": "ada", "tid": "another"}),
            "UnauthorizedAccessException",
        ),
        (
            json!({"oid": "ada", "tid": personal}),
            "PersonalAccountNotSupported",
        ),
        (json!({"oid": "ben"}), "Authorization_RequestDenied"),
        (
            json!({"oid": "ben", "wids": []}),
            "Authorization_RequestDenied",
        ),
    ] {
        let answer = server.signed_in(&claims).await.get(ROLES).await;
        assert_eq!(answer.status, 403, "{claims}");
        answer.refused(403, code);
    }
}

#[tokio::test]
async fn the_dev_issuer_speaks_for_any_tenant_and_any_may_sign_up() {
    let server = TestServer::dev().await;
    let founder = json!({"oid": "fay", "tid": "elsewhere", "wids": [role::GLOBAL_ADMINISTRATOR]});
    let fay = server.signed_in(&founder).await;
    fay.post("/beta/privilegedSignupStatus/signUp")
        .await
        .expect(200);
    let list = fay.get(MY).await.expect(200);
    assert_eq!(list["value"].as_array().map(Vec::len), Some(2), "{list}");
    let ada = server.person("ada").await;
    let of_demo = ada
        .get("/beta/privilegedRoleAssignments?$count=true")
        .await
        .expect(200);
    assert_eq!(
        of_demo["@odata.count"], 4,
        "the tenants know nothing of each other"
    );
}

#[tokio::test]
async fn bodies_that_are_no_json_object_are_refused() {
    let server = TestServer::dev().await;
    for body in ["[]", "\"ada\"", "7", "null", "true", "[{}]"] {
        let answer = server.call("POST", "/dev/token").text(body).send().await;
        assert_eq!(answer.status, 400, "{body}");
        answer.refused(400, "BadRequest");
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let server = TestServer::dev().await;
    let deep = format!("{{\"a\":{}", "[".repeat(10_000));
    for body in [
        "",
        " ",
        "{",
        "{}{}",
        "{} x",
        "{'oid': 'ada'}",
        "oid=ada",
        &deep,
    ] {
        let answer = server.call("POST", "/dev/token").text(body).send().await;
        assert_eq!(answer.status, 400, "{body:.20}");
        answer.refused(400, "BadRequest");
    }
    let answer = server
        .call("POST", "/dev/token")
        .text(b"{\"oid\": \"\xff\"}")
        .send()
        .await;
    answer.refused(400, "BadRequest");
    server
        .call("POST", "/dev/token")
        .text("{}")
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn the_issuer_publishes_what_a_verifier_needs() {
    let server = TestServer::dev().await;
    let configuration = server
        .call("GET", "/dev/.well-known/openid-configuration")
        .send()
        .await
        .expect(200);
    assert_eq!(configuration["issuer"], format!("{}/dev", server.url()));
    assert_eq!(
        configuration["jwks_uri"],
        format!("{}/dev/keys", server.url())
    );
    assert_eq!(
        configuration["id_token_signing_alg_values_supported"],
        json!(["EdDSA"])
    );
    let keys = server.call("GET", "/dev/keys").send().await.expect(200);
    let key = &keys["keys"][0];
    assert_eq!(
        (&key["kty"], &key["crv"], &key["use"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("sig"))
    );
    assert_eq!(key.get("d"), None, "the private half stays inside");
}
