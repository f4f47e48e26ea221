//! The issuer of dev mode, served over HTTP and verified like any other.

use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use pimento_api::auth::issuer::DevIssuer;
use pimento_api::auth::{Authenticator, Fault, Identity, Refused};
use serde_json::{Map, Value, json};

use crate::provider::present;

/// Starts a dev issuer, and an authenticator that trusts it and asks it over HTTP.
async fn start() -> (DevIssuer, Authenticator) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/dev", listener.local_addr().unwrap());
    let issuer = DevIssuer::new(&url, "pimento", "demo".parse().unwrap()).unwrap();
    let configuration = serde_json::to_value(issuer.configuration()).unwrap();
    let keys = json!({ "keys": issuer.keys() });
    let router = Router::new()
        .route(
            "/dev/.well-known/openid-configuration",
            get(async || Json(configuration)),
        )
        .route("/dev/keys", get(async || Json(keys)));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let authenticator = Authenticator::new(vec![issuer.trust()]).unwrap();
    (issuer, authenticator)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// What a token with these claims proves.
async fn prove(claims: Value) -> Result<Identity, Refused> {
    let (issuer, authenticator) = start().await;
    let issued = issuer.issue(object(claims), Timestamp::now());
    present(&authenticator, &issued.access_token).await
}

/// The claims of a token.
fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let part = token.split('.').nth(1).unwrap();
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .unwrap();
    serde_json::from_slice(&json).unwrap()
}

#[tokio::test]
async fn a_token_for_somebody_is_good_for_the_demo_tenant() {
    let identity = prove(json!({"oid": "ada"})).await.unwrap();
    assert_eq!(
        (identity.tenant.as_str(), identity.principal.as_str()),
        ("demo", "ada")
    );
    let scopes: Vec<&str> = identity.scopes.iter().map(String::as_str).collect();
    assert_eq!(
        scopes,
        [
            "Directory.AccessAsUser.All",
            "PrivilegedAccess.ReadWrite.AzureAD"
        ]
    );
    assert!(identity.wids.is_empty() && !identity.mfa);
}

#[tokio::test]
async fn a_token_for_nobody_in_particular_is_anonymous() {
    assert_eq!(
        prove(json!({})).await.unwrap().principal.as_str(),
        "anonymous"
    );
    assert_eq!(
        prove(json!({"sub": "ben"}))
            .await
            .unwrap()
            .principal
            .as_str(),
        "ben"
    );
    let missing = Fault::MissingClaim {
        claim: "oid' or 'sub".to_owned(),
    };
    assert_eq!(prove(json!({"oid": null})).await, Err(missing.into()));
}

#[tokio::test]
async fn any_tenant_directory_roles_and_second_factor_can_be_claimed() {
    let role = "62e90394-69f5-4237-9190-012177145e10";
    let claims = json!({"oid": "fay", "tid": "fabrikam", "wids": [role], "amr": ["pwd", "mfa"]});
    let identity = prove(claims).await.unwrap();
    assert_eq!(identity.tenant.as_str(), "fabrikam");
    assert!(identity.wids.contains(&role.parse().unwrap()) && identity.mfa);
}

#[tokio::test]
async fn tokens_that_must_be_refused_can_be_made_and_are_refused() {
    let now = Timestamp::now().as_second();
    for (claims, application) in [
        (json!({"idtyp": "app"}), true),
        (json!({"scp": ""}), true),
        (json!({"scp": []}), true),
        (json!({"scp": null}), true),
        (json!({"exp": now - 3_600}), false),
        (json!({"exp": "soon"}), false),
        (json!({"exp": null}), false),
        (json!({"nbf": now + 3_600}), false),
        (json!({"aud": "other"}), false),
        (json!({"aud": []}), false),
        (json!({"tid": ""}), false),
        (json!({"oid": ""}), false),
        (json!({"iss": "https://id.example"}), false),
        (json!({"wids": "x"}), false),
    ] {
        let refused = prove(claims.clone()).await.expect_err(&claims.to_string());
        assert_eq!(
            refused == Refused::Application,
            application,
            "{claims}: {refused:?}"
        );
        assert_eq!(
            matches!(refused, Refused::Token(_)),
            !application,
            "{claims}: {refused:?}"
        );
    }
    let personal = json!({"tid": "9188040d-6c67-4c5b-b112-36a304b66dad"});
    assert_eq!(prove(personal).await, Err(Refused::PersonalAccount));
}

#[tokio::test]
async fn claims_are_copied_as_given_and_only_absent_ones_are_filled_in() {
    let (issuer, _) = start().await;
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let filled = claims(&issuer.issue(Map::new(), now).access_token);
    let expected = json!({
        "iss": issuer.configuration().issuer, "aud": "pimento", "tid": "demo", "sub": "anonymous",
        "iat": 1_800_000_000, "nbf": 1_800_000_000, "exp": 1_800_003_600,
        "scp": "Directory.AccessAsUser.All PrivilegedAccess.ReadWrite.AzureAD",
    });
    assert_eq!(filled, expected);
    let given = json!({
        "iss": "", "aud": [], "tid": null, "iat": -1, "nbf": "x", "exp": 1, "scp": [], "sub": {}, "oid": 7,
        "mood": ["", {"deep": null}],
    });
    assert_eq!(
        claims(&issuer.issue(object(given.clone()), now).access_token),
        given
    );
    let application = claims(
        &issuer
            .issue(object(json!({"idtyp": "app"})), now)
            .access_token,
    );
    assert_eq!(application.get("scp"), None);
    let with_scope = json!({"idtyp": "app", "scp": "x"});
    assert_eq!(
        claims(&issuer.issue(object(with_scope), now).access_token)["scp"],
        "x"
    );
}

#[tokio::test]
async fn what_is_left_of_a_token_is_never_below_zero() {
    let (issuer, _) = start().await;
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    for (given, expires_in) in [
        (json!({}), 3_600),
        (json!({"exp": 1_800_000_060}), 60),
        (json!({"exp": 1_800_000_000}), 0),
        (json!({"exp": 0}), 0),
        (json!({"exp": -1e300}), 0),
        (json!({"exp": 1e300}), i64::MAX - 1_800_000_000),
        (json!({"exp": "soon"}), 0),
        (json!({"exp": null}), 0),
    ] {
        assert_eq!(
            issuer.issue(object(given.clone()), now).expires_in,
            expires_in,
            "{given}"
        );
    }
}

#[tokio::test]
async fn each_dev_issuer_has_a_key_of_its_own() {
    let (first, _) = start().await;
    let (second, authenticator) = start().await;
    assert_ne!(first.keys()[0]["kid"], second.keys()[0]["kid"]);
    let claims = json!({"iss": second.configuration().issuer, "oid": "ada"});
    let stolen = first.issue(object(claims), Timestamp::now()).access_token;
    assert_eq!(
        present(&authenticator, &stolen).await,
        Err(Fault::UnknownKey.into())
    );
}

#[tokio::test]
async fn a_dev_issuer_has_a_url_on_this_machine() {
    for url in ["http://pimento.example/dev", "dev", ""] {
        assert!(
            DevIssuer::new(url, "pimento", "demo".parse().unwrap()).is_err(),
            "{url}"
        );
    }
}
