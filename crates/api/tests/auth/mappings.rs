//! Tokens as the well-known issuers write them, and what they mean here.

use pimento_api::auth::Identity;
use serde_json::{Value, json};

use crate::provider::{Provider, present};
use crate::signer::Signer;

const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

/// Who a token with these changes speaks of, where the issuer is configured with those.
async fn identify(configuration: Value, claims: Value) -> Identity {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let token = signer.sign(&provider.claims(claims));
    present(&provider.authenticator(configuration), &token)
        .await
        .unwrap()
}

fn scopes(identity: &Identity) -> Vec<&str> {
    identity.scopes.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn each_algorithm_verifies() {
    for signer in [Signer::rs256("r"), Signer::es256("e"), Signer::eddsa("d")] {
        let provider = Provider::start(&[&signer]).await;
        let token = signer.sign(&provider.claims(json!({})));
        let identity = present(&provider.authenticator(json!({})), &token).await;
        assert_eq!(
            identity.unwrap().principal.as_str(),
            "ada",
            "{}",
            signer.alg()
        );
    }
}

#[tokio::test]
async fn an_algorithm_that_is_configured_is_accepted() {
    let signer = Signer::rs256("one");
    let provider = Provider::start(&[&signer]).await;
    let mut key = signer.jwk();
    key.as_object_mut().unwrap().remove("alg");
    provider.publish_keys(vec![key]);
    let header = json!({"alg": "RS512", "kid": "one"});
    let token = signer.sign_with(&header, &provider.claims(json!({})));
    assert!(
        present(
            &provider.authenticator(json!({"algorithms": ["RS512"]})),
            &token
        )
        .await
        .is_ok()
    );
    assert!(
        present(&provider.authenticator(json!({})), &token)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_token_of_entra_is_understood() {
    let tenant = "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25";
    let identity = identify(
        json!({"tenant": null, "tenants": [tenant, "other"], "trust_wids": true, "mfa": {"acrs": ["c1"]}}),
        json!({
            "tid": tenant.to_uppercase(),
            "oid": "0F693614-C255-4CF5-92FA-74E770C656D8",
            "sub": "pairwise-and-not-used",
            "scp": "Directory.AccessAsUser.All PrivilegedAccess.ReadWrite.AzureAD",
            "amr": ["pwd"],
            "acrs": ["p1", "c1"],
            "idtyp": "user",
            "wids": [GLOBAL_ADMINISTRATOR, "B79FBF4D-3EF9-4689-8143-76B194E85509"],
        }),
    )
    .await;
    assert_eq!(identity.tenant.as_str(), tenant);
    assert_eq!(
        identity.principal.as_str(),
        "0f693614-c255-4cf5-92fa-74e770c656d8"
    );
    assert_eq!(
        scopes(&identity),
        [
            "Directory.AccessAsUser.All",
            "PrivilegedAccess.ReadWrite.AzureAD"
        ]
    );
    let wids: Vec<String> = identity.wids.iter().map(ToString::to_string).collect();
    assert_eq!(
        wids,
        [GLOBAL_ADMINISTRATOR, "b79fbf4d-3ef9-4689-8143-76b194e85509"]
    );
    assert!(identity.mfa);
}

#[tokio::test]
async fn a_token_of_keycloak_is_understood() {
    let identity = identify(
        json!({
            "user_claim": "preferred_username",
            "scopes": {"pimento": ["Directory.AccessAsUser.All", "PrivilegedAccess.ReadWrite.AzureAD"]},
            "mfa": {"acr": ["2"]},
        }),
        json!({
            "aud": ["account", "pimento"],
            "sub": "f7c3a2de-5c4b-4b6e-9d5e-0b1a6a0f6f10",
            "preferred_username": "ada@contoso.example",
            "scp": null,
            "scope": "openid pimento email",
            "acr": "2",
            "realm_access": {"roles": ["admin"]},
        }),
    )
    .await;
    assert_eq!(identity.tenant.as_str(), "contoso");
    assert_eq!(identity.principal.as_str(), "ada@contoso.example");
    assert_eq!(
        scopes(&identity),
        [
            "Directory.AccessAsUser.All",
            "PrivilegedAccess.ReadWrite.AzureAD",
            "email",
            "openid"
        ]
    );
    assert!(identity.mfa);
}

#[tokio::test]
async fn a_token_of_okta_is_understood() {
    let identity = identify(
        json!({"tenant": null, "tenants": ["contoso"], "tenant_claim": "org", "user_claim": "uid",
            "scopes": {"pim.use": ["Directory.AccessAsUser.All"]}}),
        json!({
            "org": "contoso",
            "uid": "00u1abcd2EFGH3ijkl4",
            "sub": "ada@contoso.example",
            "scp": ["openid", "pim.use"],
            "groups": ["Everyone"],
            "amr": ["mfa", "otp", "pwd"],
        }),
    )
    .await;
    assert_eq!(identity.tenant.as_str(), "contoso");
    assert_eq!(identity.principal.as_str(), "00u1abcd2EFGH3ijkl4");
    assert_eq!(scopes(&identity), ["Directory.AccessAsUser.All", "openid"]);
    assert!(identity.mfa);
}

#[tokio::test]
async fn a_token_of_dex_is_understood() {
    let identity = identify(
        json!({"scope_claim": "groups", "scopes": {"admins": ["Directory.AccessAsUser.All"]}}),
        json!({
            "sub": "CgNhZGESBWxvY2Fs",
            "scp": null,
            "groups": ["admins"],
            "email": "ada@contoso.example",
        }),
    )
    .await;
    assert_eq!(identity.tenant.as_str(), "contoso");
    assert_eq!(identity.principal.as_str(), "CgNhZGESBWxvY2Fs");
    assert_eq!(scopes(&identity), ["Directory.AccessAsUser.All"]);
    assert!(!identity.mfa);
}

#[tokio::test]
async fn directory_roles_of_an_issuer_that_is_not_trusted_with_them_are_ignored() {
    for wids in [
        json!([GLOBAL_ADMINISTRATOR]),
        json!(["no role"]),
        json!("no list"),
    ] {
        let identity = identify(json!({}), json!({ "wids": wids })).await;
        assert!(identity.wids.is_empty(), "{wids}");
    }
}

#[tokio::test]
async fn without_a_claim_there_are_no_directory_roles() {
    let trusting = json!({"trust_wids": true});
    assert!(identify(trusting.clone(), json!({})).await.wids.is_empty());
    assert!(
        identify(trusting, json!({"wids": []}))
            .await
            .wids
            .is_empty()
    );
}

#[tokio::test]
async fn a_second_factor_is_what_the_configuration_says() {
    let strict = json!({"mfa": {"amr": ["hwk"], "acr": ["phr"], "acrs": []}});
    for (configuration, claims, mfa) in [
        (json!({}), json!({"amr": ["pwd", "mfa"]}), true),
        (json!({}), json!({"amr": "mfa"}), true),
        (json!({}), json!({"amr": ["pwd"]}), false),
        (json!({}), json!({"amr": ["MFA"]}), false),
        (json!({}), json!({"amr": {"mfa": true}}), false),
        (json!({}), json!({"acr": "mfa", "acrs": ["mfa"]}), false),
        (strict.clone(), json!({"amr": ["mfa"]}), false),
        (strict.clone(), json!({"amr": ["hwk"]}), true),
        (strict.clone(), json!({"acr": "phr"}), true),
        (strict, json!({"acr": 1, "acrs": ["phr"]}), false),
    ] {
        let identity = identify(configuration.clone(), claims.clone()).await;
        assert_eq!(identity.mfa, mfa, "{configuration} {claims}");
    }
}

#[tokio::test]
async fn scp_goes_before_scope_and_oid_before_sub() {
    let identity = identify(
        json!({}),
        json!({"scp": "a", "scope": "b", "oid": "x", "sub": "y"}),
    )
    .await;
    assert_eq!(scopes(&identity), ["a"]);
    assert_eq!(identity.principal.as_str(), "x");
}

#[tokio::test]
async fn a_fixed_tenant_may_be_named_by_the_token_too() {
    assert_eq!(
        identify(json!({}), json!({"tid": "contoso"}))
            .await
            .tenant
            .as_str(),
        "contoso"
    );
}

#[tokio::test]
async fn clones_share_the_keys() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let token = signer.sign(&provider.claims(json!({})));
    let authenticator = provider.authenticator(json!({}));
    for _ in 0..3 {
        present(&authenticator.clone(), &token).await.unwrap();
    }
    assert_eq!(provider.fetches(), 1);
}
