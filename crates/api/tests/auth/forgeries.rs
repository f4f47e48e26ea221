//! Tokens made to get around the verification.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pimento_api::auth::{Fault, Refused};
use serde_json::{Value, json};

use crate::provider::{Provider, present};
use crate::signer::{Signer, message};

/// What is said to this token by somebody who trusts the signer.
async fn refuse_token(signer: &Signer, token: impl FnOnce(&Value) -> String) -> Refused {
    let provider = Provider::start(&[signer]).await;
    let token = token(&provider.claims(json!({})));
    let verdict = present(&provider.authenticator(json!({})), &token).await;
    verdict.expect_err("the token should be refused")
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let signer = Signer::rs256("one");
    for alg in ["none", "None", "NONE", "nOnE", "none ", ""] {
        let header = json!({"alg": alg, "kid": "one"});
        for signature in ["", "e30"] {
            let refused = refuse_token(&signer, |claims| {
                format!("{}.{signature}", message(&header, claims))
            })
            .await;
            assert!(
                matches!(refused, Refused::Token(Fault::Algorithm { .. })),
                "{alg}: {refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    for signer in [
        Signer::rs256("one"),
        Signer::es256("one"),
        Signer::eddsa("one"),
    ] {
        let header = json!({"alg": "HS256", "kid": "one"});
        let refused = refuse_token(&signer, |claims| {
            let signed = message(&header, claims);
            let key = hmac::Key::new(hmac::HMAC_SHA256, &signer.public_bytes());
            let tag = hmac::sign(&key, signed.as_bytes());
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
        })
        .await;
        let accepted = "RS256, ES256, EdDSA".to_owned();
        assert_eq!(refused, Fault::Algorithm { accepted }.into());
    }
}

#[tokio::test]
async fn an_algorithm_that_does_not_fit_the_key_is_refused() {
    for (signer, alg) in [
        (Signer::rs256("one"), "ES256"),
        (Signer::es256("one"), "EdDSA"),
        (Signer::eddsa("one"), "RS256"),
    ] {
        let header = json!({"alg": alg, "kid": "one"});
        let refused = refuse_token(&signer, |claims| signer.sign_with(&header, claims)).await;
        assert_eq!(refused, Fault::KeyMismatch.into(), "{alg}");
    }
}

#[tokio::test]
async fn an_algorithm_other_than_the_one_of_the_key_is_refused() {
    let signer = Signer::rs256("one");
    let provider = Provider::start(&[&signer]).await;
    let header = json!({"alg": "RS512", "kid": "one"});
    let token = signer.sign_with(&header, &provider.claims(json!({})));
    let authenticator = provider.authenticator(json!({"algorithms": ["RS256", "RS512"]}));
    assert_eq!(
        present(&authenticator, &token).await,
        Err(Fault::KeyMismatch.into())
    );
}

#[tokio::test]
async fn a_signature_that_does_not_verify_is_refused() {
    for signer in [
        Signer::rs256("one"),
        Signer::es256("one"),
        Signer::eddsa("one"),
    ] {
        let other = Signer::eddsa("one");
        let forged = |claims: &Value| {
            let signed = message(&signer.header(), claims);
            let stolen = other.sign(claims);
            format!("{signed}.{}", stolen.rsplit_once('.').unwrap().1)
        };
        let swapped = |claims: &Value| {
            let mut more = claims.clone();
            more["scp"] = json!("Everything.All");
            let token = signer.sign(claims);
            format!(
                "{}.{}",
                message(&signer.header(), &more),
                token.rsplit_once('.').unwrap().1
            )
        };
        let bare = |claims: &Value| format!("{}.", message(&signer.header(), claims));
        let padded = |claims: &Value| format!("{}==", signer.sign(claims));
        assert_eq!(
            refuse_token(&signer, forged).await,
            Fault::BadSignature.into()
        );
        assert_eq!(
            refuse_token(&signer, swapped).await,
            Fault::BadSignature.into()
        );
        assert_eq!(
            refuse_token(&signer, bare).await,
            Fault::BadSignature.into()
        );
        assert_eq!(
            refuse_token(&signer, padded).await,
            Fault::BadSignature.into()
        );
    }
}

#[tokio::test]
async fn an_odd_key_id_names_no_key_and_nothing_else() {
    let signer = Signer::eddsa("one");
    for kid in [
        "",
        "ONE",
        "one\0",
        "../../../../dev/null",
        "' or 1=1 --",
        "http://127.0.0.1:1/keys",
        "*",
    ] {
        let header = json!({"alg": "EdDSA", "kid": kid});
        let refused = refuse_token(&signer, |claims| signer.sign_with(&header, claims)).await;
        assert_eq!(refused, Fault::UnknownKey.into(), "{kid:?}");
    }
}

#[tokio::test]
async fn keys_that_the_token_brings_along_are_not_used() {
    let (signer, stranger) = (Signer::eddsa("one"), Signer::eddsa("one"));
    let mut header = stranger.header();
    header["jwk"] = stranger.jwk();
    header["jku"] = json!("https://evil.example/keys");
    header["x5u"] = json!("https://evil.example/chain");
    let refused = refuse_token(&signer, |claims| stranger.sign_with(&header, claims)).await;
    assert_eq!(refused, Fault::BadSignature.into());
}

#[tokio::test]
async fn a_critical_header_and_an_over_long_token_are_refused() {
    let signer = Signer::eddsa("one");
    let header = json!({"alg": "EdDSA", "kid": "one", "crit": ["b64"], "b64": false});
    let refused = refuse_token(&signer, |claims| signer.sign_with(&header, claims)).await;
    assert!(
        matches!(refused, Refused::Token(Fault::Malformed(_))),
        "{refused:?}"
    );
    let refused = refuse_token(&signer, |claims| {
        let mut long = claims.clone();
        long["groups"] = json!("x".repeat(20_000));
        signer.sign(&long)
    })
    .await;
    assert!(
        matches!(refused, Refused::Token(Fault::TooLong { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_keys_of_one_issuer_do_not_verify_for_another() {
    let (ours, theirs) = (Signer::eddsa("one"), Signer::eddsa("two"));
    let (first, second) = (
        Provider::start(&[&ours]).await,
        Provider::start(&[&theirs]).await,
    );
    let issuers = vec![
        first.configuration(json!({})),
        second.configuration(json!({"tenant": "fabrikam"})),
    ];
    let authenticator = pimento_api::auth::Authenticator::new(issuers).unwrap();
    let token = theirs.sign(&first.claims(json!({})));
    assert_eq!(
        present(&authenticator, &token).await,
        Err(Fault::UnknownKey.into())
    );
    let token = theirs.sign(&second.claims(json!({"tid": "contoso"})));
    assert_eq!(
        present(&authenticator, &token).await,
        Err(Fault::ForeignTenant.into())
    );
    let token = theirs.sign(&second.claims(json!({})));
    assert_eq!(
        present(&authenticator, &token)
            .await
            .unwrap()
            .tenant
            .as_str(),
        "fabrikam"
    );
}

#[tokio::test]
async fn a_token_that_says_a_thing_twice_is_refused_though_it_is_signed() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let authenticator = provider.authenticator(json!({}));
    let claims = provider.claims(json!({"tid": "contoso", "oid": "ada"}));
    let (header, claims) = (signer.header().to_string(), claims.to_string());
    let good = signer.sign_text(&header, &claims);
    present(&authenticator, &good).await.unwrap();
    let twice = |object: &str, member: &str| format!("{{{member},{}", &object[1..]);
    for member in ["iss", "tid", "oid", "sub", "exp", "aud", "scp", "iat"] {
        for value in ["null", "1", "\"contoso\"", "[]"] {
            // The same name, plainly and with an escape in it.
            for name in [
                member.to_owned(),
                format!("\\u{:04x}{}", member.as_bytes()[0], &member[1..]),
            ] {
                let claims = twice(&claims, &format!("\"{name}\":{value}"));
                let token = signer.sign_text(&header, &claims);
                let refused = present(&authenticator, &token).await.unwrap_err();
                assert!(
                    matches!(refused, Refused::Token(Fault::Malformed(_))),
                    "{claims}"
                );
            }
        }
    }
    for member in [
        r#""alg":"EdDSA""#,
        r#""alg":"none""#,
        r#""kid":"one""#,
        r#""typ":"JWT""#,
    ] {
        let header = twice(&header, member);
        let refused = present(&authenticator, &signer.sign_text(&header, &claims))
            .await
            .unwrap_err();
        assert!(
            matches!(refused, Refused::Token(Fault::Malformed(_))),
            "{header}"
        );
    }
}

#[tokio::test]
async fn an_issuer_that_only_looks_like_ours_is_refused() {
    let signer = Signer::eddsa("one");
    let provider = Provider::start(&[&signer]).await;
    let authenticator = provider.authenticator(json!({}));
    let (ours, host) = (
        provider.issuer(),
        provider.origin()["http://".len()..].to_owned(),
    );
    let port = host.rsplit_once(':').unwrap().1;
    for iss in [
        format!("{ours}/"),
        format!("{ours}//"),
        format!("{ours}/more"),
        format!("{ours}?"),
        format!("{ours}#"),
        format!("{ours} "),
        format!(" {ours}"),
        format!("{ours}\0"),
        format!("{ours}\n"),
        ours.replace("/issuer", "/Issuer"),
        ours.replace("/issuer", "/./issuer"),
        ours.replace("/issuer", "/%69ssuer"),
        // A dotless i, and a full-width one.
        ours.replace("/issuer", "/\u{131}ssuer"),
        ours.replace("/issuer", "/\u{ff49}ssuer"),
        ours.replace("/issuer", "/i\u{200b}ssuer"),
        ours.replace("http:", "https:"),
        ours.replace("http:", "HTTP:"),
        ours.replace("127.0.0.1", "localhost"),
        ours.replace("127.0.0.1", "127.1"),
        ours.replace("127.0.0.1", "127.0.0.1."),
        ours.replace("http://", "http://me@"),
        ours.replace("http://", "http://evil.example@"),
        ours.replace(&format!(":{port}"), ""),
        ours.replace(&format!(":{port}"), &format!(":0{port}")),
        format!("http://evil.example/{ours}"),
        format!("http://{host}.evil.example/issuer"),
    ] {
        let token = signer.sign(&provider.claims(json!({ "iss": iss })));
        let refused = present(&authenticator, &token).await.unwrap_err();
        let is_unknown = matches!(refused, Refused::Token(Fault::UnknownIssuer { .. }));
        assert!(is_unknown, "{iss:?}: {refused:?}");
    }
    assert_eq!(
        provider.fetches(),
        0,
        "nobody is asked for an issuer that is not ours"
    );
    let token = signer.sign(&provider.claims(json!({})));
    present(&authenticator, &token).await.unwrap();
}
