//! Tokens that are signed well and say what they should not.

use pimento_api::auth::{Fault, Refused};
use serde_json::{Value, json};

use crate::provider::{Provider, present};
use crate::signer::{Signer, now};

const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// What is said to a token with these changes, where the issuer is configured with those.
async fn refuse(configuration: Value, claims: Value) -> Refused {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let token = signer.sign(&provider.claims(claims.clone()));
    let verdict = present(&provider.authenticator(configuration), &token).await;
    verdict.expect_err(&format!("the token should be refused: {claims}"))
}

fn missing(claim: &str) -> Refused {
    Fault::MissingClaim {
        claim: claim.to_owned(),
    }
    .into()
}

fn is_invalid(refused: &Refused, name: &str) -> bool {
    matches!(refused, Refused::Token(Fault::InvalidClaim { claim, .. }) if claim == name)
}

#[tokio::test]
async fn a_request_without_a_token_is_refused() {
    let provider = Provider::start(&[]).await;
    let authenticator = provider.authenticator(json!({}));
    assert_eq!(
        authenticator.authenticate(None).await,
        Err(Fault::Missing.into())
    );
    let basic = http::HeaderValue::from_static("Basic YWRhOnNlY3JldA==");
    assert_eq!(
        authenticator.authenticate(Some(&basic)).await,
        Err(Fault::Scheme.into())
    );
    assert_eq!(
        provider.fetches(),
        0,
        "no token, no reason to ask an issuer"
    );
}

#[tokio::test]
async fn a_token_of_an_unknown_issuer_is_refused_by_the_name_it_came_with() {
    let sent = "https://evil.example/\n\u{1b}[31m".to_owned();
    let refused = refuse(json!({}), json!({ "iss": sent })).await;
    assert_eq!(refused, Fault::UnknownIssuer { sent }.into());
    assert!(!refused.to_string().contains(['\n', '\u{1b}']), "{refused}");
    let long = "x".repeat(5_000);
    assert!(
        refuse(json!({}), json!({ "iss": long }))
            .await
            .to_string()
            .len()
            < 400
    );
    assert_eq!(
        refuse(json!({}), json!({"iss": null})).await,
        missing("iss")
    );
    assert!(is_invalid(
        &refuse(json!({}), json!({"iss": ["https://id.example"]})).await,
        "iss"
    ));
}

#[tokio::test]
async fn an_expired_token_is_refused_and_told_when_it_expired() {
    let refused = refuse(json!({}), json!({"exp": 1_500_000_000})).await;
    assert!(
        matches!(refused, Refused::Token(Fault::Expired { .. })),
        "{refused:?}"
    );
    assert!(
        refused.to_string().contains("2017-07-14T02:40:00Z"),
        "{refused}"
    );
}

#[tokio::test]
async fn the_skew_of_the_configuration_counts() {
    let claims = json!({"exp": now() - 200});
    let refused = refuse(json!({"skew_seconds": 100}), claims.clone()).await;
    assert!(
        matches!(refused, Refused::Token(Fault::Expired { .. })),
        "{refused:?}"
    );
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let token = signer.sign(&provider.claims(claims));
    assert!(
        present(
            &provider.authenticator(json!({"skew_seconds": 300})),
            &token
        )
        .await
        .is_ok()
    );
}

#[tokio::test]
async fn a_token_from_the_future_is_refused() {
    let refused = refuse(json!({}), json!({"nbf": now() + 500})).await;
    assert!(
        matches!(refused, Refused::Token(Fault::NotYetValid { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_token_without_an_expiry_is_refused() {
    assert_eq!(
        refuse(json!({}), json!({"exp": null})).await,
        missing("exp")
    );
}

#[tokio::test]
async fn a_token_for_another_audience_is_refused_and_told_the_right_one() {
    let accepted = "pimento or api://pimento".to_owned();
    for aud in [
        json!("other"),
        json!("Pimento"),
        json!(["other"]),
        json!([]),
        json!(["x", 1]),
        json!({"pimento": 1}),
    ] {
        let configuration = json!({"audiences": ["pimento", "api://pimento"]});
        let refused = refuse(configuration, json!({ "aud": aud })).await;
        let expected = Fault::WrongAudience {
            accepted: accepted.clone(),
        };
        assert_eq!(refused, expected.into(), "{aud}");
    }
    assert_eq!(
        refuse(json!({}), json!({"aud": null})).await,
        missing("aud")
    );
}

#[tokio::test]
async fn a_token_of_a_foreign_tenant_is_refused() {
    let listed = json!({"tenant": null, "tenants": ["contoso", "fabrikam"]});
    let foreign: Refused = Fault::ForeignTenant.into();
    assert_eq!(refuse(json!({}), json!({"tid": "fabrikam"})).await, foreign);
    assert_eq!(
        refuse(listed.clone(), json!({"tid": "northwind"})).await,
        foreign
    );
    assert_eq!(
        refuse(listed.clone(), json!({"tid": "Contoso"})).await,
        foreign
    );
    assert_eq!(refuse(listed.clone(), json!({})).await, missing("tid"));
    for odd in [
        json!(""),
        json!("a b"),
        json!("a/b"),
        json!(7),
        json!(["contoso"]),
    ] {
        assert!(
            is_invalid(&refuse(listed.clone(), json!({ "tid": odd })).await, "tid"),
            "{odd}"
        );
    }
}

#[tokio::test]
async fn a_token_without_a_usable_user_is_refused() {
    assert_eq!(
        refuse(json!({}), json!({"sub": null})).await,
        missing("oid' or 'sub")
    );
    assert_eq!(
        refuse(json!({"user_claim": "upn"}), json!({})).await,
        missing("upn")
    );
    for odd in [
        json!(""),
        json!("a b"),
        json!("é"),
        json!("x".repeat(129)),
        json!(7),
        json!({}),
    ] {
        assert!(
            is_invalid(&refuse(json!({}), json!({ "oid": odd })).await, "oid"),
            "{odd}"
        );
    }
}

#[tokio::test]
async fn an_application_is_refused() {
    for claims in [
        json!({"idtyp": "app"}),
        json!({"idtyp": "App"}),
        json!({"idtyp": "app", "scp": null, "roles": ["RoleManagement.ReadWrite.Directory"]}),
        json!({"scp": null}),
        json!({"scp": ""}),
        json!({"scp": "  "}),
        json!({"scp": []}),
        json!({"scp": [""]}),
        json!({"scp": "", "scope": "Directory.AccessAsUser.All"}),
        json!({"idtyp": "app", "sub": null}),
    ] {
        assert_eq!(
            refuse(json!({}), claims.clone()).await,
            Refused::Application,
            "{claims}"
        );
    }
}

#[tokio::test]
async fn scopes_of_another_form_are_refused() {
    for odd in [json!(7), json!(["a", 7]), json!({"a": 1}), json!(true)] {
        assert!(
            is_invalid(&refuse(json!({}), json!({ "scp": odd })).await, "scp"),
            "{odd}"
        );
    }
}

#[tokio::test]
async fn a_personal_account_is_refused() {
    let claims = json!({ "tid": CONSUMERS });
    let listed = json!({"tenant": null, "tenants": ["contoso"]});
    let personal = json!({ "tenant": CONSUMERS });
    for configuration in [json!({}), listed, personal] {
        let refused = refuse(configuration.clone(), claims.clone()).await;
        assert_eq!(refused, Refused::PersonalAccount, "{configuration}");
    }
}

#[tokio::test]
async fn malformed_directory_roles_are_refused_where_they_would_count() {
    let role = "62e90394-69f5-4237-9190-012177145e10";
    for odd in [
        json!(role),
        json!([role, "x"]),
        json!([role, 7]),
        json!({"0": role}),
        json!([null]),
        json!(""),
    ] {
        let refused = refuse(json!({"trust_wids": true}), json!({ "wids": odd })).await;
        assert!(is_invalid(&refused, "wids"), "{odd}");
    }
}
