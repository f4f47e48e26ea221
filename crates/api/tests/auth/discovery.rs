//! Issuers that do not say what they should, or do not say anything.

use http::StatusCode;
use pimento_api::auth::{Authenticator, Refused};
use serde_json::json;

use crate::provider::{Answer, Provider, present};
use crate::signer::Signer;

/// Whether a good token of this issuer is accepted.
async fn is_accepted(provider: &Provider, signer: &Signer) -> bool {
    match present(
        &provider.authenticator(json!({})),
        &signer.sign(&provider.claims(json!({}))),
    )
    .await
    {
        Ok(_) => true,
        Err(Refused::KeysUnavailable { .. }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

/// A discovery document with these members.
fn document(issuer: &str, jwks_uri: &str) -> Answer {
    Answer::Text(json!({"issuer": issuer, "jwks_uri": jwks_uri}).to_string())
}

#[tokio::test]
async fn keys_may_stand_anywhere_on_this_machine() {
    let signer = Signer::eddsa("one");
    let (provider, elsewhere) = (
        Provider::start(&[]).await,
        Provider::start(&[&signer]).await,
    );
    let keys = format!("{}/some/other/place?v=1", elsewhere.origin());
    provider.answer_discovery(document(&provider.issuer(), &keys));
    assert!(is_accepted(&provider, &signer).await);
}

#[tokio::test]
async fn discovery_documents_that_do_not_hold_are_not_believed() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let (issuer, origin) = (provider.issuer(), provider.origin());
    let keys = format!("{issuer}/keys");
    for lie in [
        document("https://evil.example", &keys),
        document(&format!("{issuer}/"), &keys),
        document(&format!("{origin}/{{tenant}}"), &keys),
        document(&issuer, "http://keys.example/keys"),
        document(&issuer, "/keys"),
        document(&issuer, "file:///etc/passwd"),
        document(&issuer, &keys.replace("http://", "http://me:secret@")),
        Answer::Text(json!({ "issuer": issuer }).to_string()),
        Answer::Text(json!({ "jwks_uri": keys }).to_string()),
        Answer::Text(json!({"issuer": [issuer], "jwks_uri": keys}).to_string()),
        Answer::Text("<html>sign in</html>".to_owned()),
        Answer::Text(String::new()),
        Answer::Status(StatusCode::NOT_FOUND),
        Answer::Status(StatusCode::NO_CONTENT),
    ] {
        provider.answer_discovery(lie.clone());
        assert!(!is_accepted(&provider, &signer).await, "{lie:?}");
    }
    assert_eq!(provider.asked("/keys"), 0, "no lie led to the keys");
    provider.answer_discovery(Answer::Honest);
    assert!(is_accepted(&provider, &signer).await);
}

#[tokio::test]
async fn key_sets_that_cannot_be_read_are_no_key_sets() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let good = json!({"keys": [signer.jwk()]}).to_string();
    for bad in [
        Answer::Text("keys".to_owned()),
        Answer::Text("{}".to_owned()),
        Answer::Text(format!("{}{good}", " ".repeat(1024 * 1024))),
        Answer::Status(StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        provider.answer_keys(bad.clone());
        let short = format!("{bad:?}").chars().take(60).collect::<String>();
        assert!(!is_accepted(&provider, &signer).await, "{short}");
    }
    provider.answer_keys(Answer::Text(format!("{}{good}", " ".repeat(900 * 1024))));
    assert!(is_accepted(&provider, &signer).await);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    // Whoever followed one would find there what the issuer should say.
    let elsewhere = Provider::start(&[&signer]).await;
    let keys = format!("{}/keys", provider.issuer());
    elsewhere.answer_discovery(document(&provider.issuer(), &keys));
    let place = elsewhere.issuer();
    for status in [301, 302, 303, 307, 308] {
        let status = StatusCode::from_u16(status).unwrap();
        let to = format!("{place}/.well-known/openid-configuration");
        provider.answer_discovery(Answer::Redirect(status, to));
        assert!(!is_accepted(&provider, &signer).await, "{status}");
        provider.answer_discovery(Answer::Honest);
        provider.answer_keys(Answer::Redirect(status, format!("{place}/keys")));
        assert!(!is_accepted(&provider, &signer).await, "{status}");
        provider.answer_keys(Answer::Honest);
    }
    assert_eq!(elsewhere.asked(""), 0);
    assert!(is_accepted(&provider, &signer).await);
}

#[tokio::test]
async fn what_never_ends_is_not_read_to_its_end_and_nothing_is_unpacked() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    // A gzip file of a good key set, as deflate blocks that are stored and not compressed.
    let keys = json!({"keys": [signer.jwk()]}).to_string();
    for bad in [
        Answer::Endless,
        Answer::Encoded("gzip", stored_gzip(keys.as_bytes())),
    ] {
        provider.answer_keys(bad.clone());
        assert!(!is_accepted(&provider, &signer).await, "{bad:?}");
        provider.answer_keys(Answer::Honest);
        provider.answer_discovery(bad.clone());
        assert!(!is_accepted(&provider, &signer).await, "{bad:?}");
        provider.answer_discovery(Answer::Honest);
    }
    assert!(is_accepted(&provider, &signer).await);
}

/// A gzip file (RFC 1952) of one stored block (RFC 1951 §3.2.4).
fn stored_gzip(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let mut checksum = u32::MAX;
    for byte in bytes {
        checksum ^= u32::from(*byte);
        for _ in 0..8 {
            checksum = (checksum >> 1) ^ (0xedb8_8320 * (checksum & 1));
        }
    }
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend(bytes);
    file.extend((!checksum).to_le_bytes());
    file.extend(u32::from(length).to_le_bytes());
    file
}

#[tokio::test]
async fn keys_of_unknown_kinds_do_not_spoil_a_key_set() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[]).await;
    provider.publish_keys(vec![
        json!({"kty": "AKP", "alg": "ML-DSA-44"}),
        json!(7),
        signer.jwk(),
    ]);
    assert!(is_accepted(&provider, &signer).await);
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_never_answers_is_given_up() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    provider.answer_discovery(Answer::Silence);
    assert!(!is_accepted(&provider, &signer).await);
    provider.answer_discovery(Answer::Honest);
    provider.answer_keys(Answer::Silence);
    assert!(!is_accepted(&provider, &signer).await);
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_answers_a_byte_a_second_is_given_up() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let keys = json!({"keys": [signer.jwk()]}).to_string();
    provider.answer_keys(Answer::Drip(keys));
    assert!(!is_accepted(&provider, &signer).await);
    let good =
        json!({"issuer": provider.issuer(), "jwks_uri": format!("{}/keys", provider.issuer())});
    provider.answer_keys(Answer::Honest);
    provider.answer_discovery(Answer::Drip(good.to_string()));
    assert!(!is_accepted(&provider, &signer).await);
}

#[tokio::test]
async fn an_issuer_that_nobody_listens_for_is_unavailable() {
    let signer = Signer::eddsa("one");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}/issuer", listener.local_addr().unwrap());
    drop(listener);
    let table = json!({"issuer": issuer, "audiences": ["pimento"], "tenant": "contoso"});
    let authenticator = Authenticator::new(vec![serde_json::from_value(table).unwrap()]).unwrap();
    let verdict = present(&authenticator, &signer.sign(&json!({ "iss": issuer }))).await;
    assert!(
        matches!(verdict, Err(Refused::KeysUnavailable { .. })),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn a_name_that_ends_with_a_slash_is_asked_without_a_second_one() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let issuer = format!("{}/", provider.issuer());
    provider.answer_discovery(document(&issuer, &format!("{issuer}keys")));
    let authenticator = provider.authenticator(json!({ "issuer": issuer }));
    present(
        &authenticator,
        &signer.sign(&provider.claims(json!({ "iss": issuer }))),
    )
    .await
    .unwrap();
    assert_eq!(
        provider.asked("/issuer/.well-known/openid-configuration"),
        1
    );
}
