//! Issuers of many tenants, whose name holds the tenant.

use pimento_api::auth::{Fault, Issuer, Refused};
use serde_json::{Value, json};

use crate::provider::{Answer, Provider, pass, present, refetch};
use crate::signer::Signer;

const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The configuration of a template at this provider, with these changes.
fn template(provider: &Provider, changes: Value) -> Issuer {
    let mut table =
        json!({"tenant": null, "issuer": format!("{}/{{tenant}}/v2.0", provider.origin())});
    for (name, value) in changes.as_object().unwrap() {
        table[name] = value.clone();
    }
    provider.configuration(table)
}

/// A token that the provider signs for this tenant, with these changes.
fn token(provider: &Provider, signer: &Signer, tenant: &str, changes: Value) -> String {
    let mut claims = provider.claims(changes);
    claims["iss"] = json!(format!("{}/{tenant}/v2.0", provider.origin()));
    signer.sign(&claims)
}

#[tokio::test]
async fn a_template_speaks_for_the_tenant_of_its_name() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let authenticator =
        pimento_api::auth::Authenticator::new(vec![template(&provider, json!({}))]).unwrap();
    for tenant in ["contoso", "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25"] {
        for changes in [json!({}), json!({ "tid": tenant })] {
            let identity = present(&authenticator, &token(&provider, &signer, tenant, changes))
                .await
                .unwrap();
            assert_eq!(identity.tenant.as_str(), tenant);
        }
    }
    assert_eq!(
        provider.asked("/contoso/v2.0/.well-known/openid-configuration"),
        1
    );
    assert_eq!(provider.fetches(), 2, "each tenant has keys of its own");
    let foreign = token(&provider, &signer, "contoso", json!({"tid": "fabrikam"}));
    assert_eq!(
        present(&authenticator, &foreign).await,
        Err(Fault::ForeignTenant.into())
    );
}

#[tokio::test]
async fn a_template_with_a_list_speaks_for_those_only() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let issuer = template(&provider, json!({"tenants": ["contoso"]}));
    let authenticator = pimento_api::auth::Authenticator::new(vec![issuer]).unwrap();
    let other = token(&provider, &signer, "fabrikam", json!({}));
    assert_eq!(
        present(&authenticator, &other).await,
        Err(Fault::ForeignTenant.into())
    );
    let personal = token(&provider, &signer, CONSUMERS, json!({ "tid": CONSUMERS }));
    assert_eq!(
        present(&authenticator, &personal).await,
        Err(Refused::PersonalAccount)
    );
    assert_eq!(
        provider.fetches(),
        0,
        "nobody was asked about tenants that would be refused anyway"
    );
    let good = token(&provider, &signer, "contoso", json!({}));
    assert_eq!(
        present(&authenticator, &good)
            .await
            .unwrap()
            .tenant
            .as_str(),
        "contoso"
    );
}

#[tokio::test]
async fn a_discovery_document_may_name_the_template() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let named = format!("{}/{{tenantid}}/v2.0", provider.origin());
    let keys = format!("{}/common/keys", provider.origin());
    provider.answer_discovery(Answer::Text(
        json!({"issuer": named, "jwks_uri": keys}).to_string(),
    ));
    let authenticator =
        pimento_api::auth::Authenticator::new(vec![template(&provider, json!({}))]).unwrap();
    let good = token(&provider, &signer, "contoso", json!({}));
    present(&authenticator, &good).await.unwrap();
}

#[tokio::test]
async fn tenants_that_are_made_up_are_not_all_asked_for() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let authenticator =
        pimento_api::auth::Authenticator::new(vec![template(&provider, json!({}))]).unwrap();
    let known = token(&provider, &signer, "contoso", json!({}));
    present(&authenticator, &known).await.unwrap();
    let mut refused = 0;
    for number in 0..100 {
        let made_up = token(&provider, &signer, &format!("tenant-{number}"), json!({}));
        let verdict = present(&authenticator, &made_up).await;
        refused += usize::from(matches!(verdict, Err(Refused::KeysUnavailable { .. })));
    }
    assert_eq!(
        (provider.fetches(), refused),
        (10, 91),
        "ten in thirty seconds, the first tenant among them"
    );
    present(&authenticator, &known)
        .await
        .expect("whoever is known is not kept waiting");
    pass(refetch()).await;
    let new = token(&provider, &signer, "northwind", json!({}));
    present(&authenticator, &new).await.unwrap();
}

#[tokio::test]
async fn an_issuer_with_an_entry_of_its_own_goes_before_a_template() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let name = format!("{}/contoso/v2.0", provider.origin());
    let own = provider.configuration(json!({"issuer": name, "tenant": "special"}));
    let issuers = vec![template(&provider, json!({})), own];
    let authenticator = pimento_api::auth::Authenticator::new(issuers).unwrap();
    let good = token(&provider, &signer, "contoso", json!({}));
    assert_eq!(
        present(&authenticator, &good)
            .await
            .unwrap()
            .tenant
            .as_str(),
        "special"
    );
}
