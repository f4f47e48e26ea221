//! Bearer tokens, as they are and as forgers make them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pimento_testkit::{Algorithm, Answer};
use serde_json::json;

use super::{MY, ROLES, plain, registered, shown, with};

/// A refusal by 401 challenges the caller, and says what would work.
fn assert_unauthorised(answer: Answer) {
    let challenge = answer
        .header("www-authenticate")
        .unwrap_or_default()
        .to_owned();
    assert!(challenge.starts_with("Bearer "), "{challenge:?}");
    let error = answer.refused(401, "InvalidAuthenticationToken");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.len() > 20),
        "{error}"
    );
}

#[tokio::test]
async fn tokens_of_each_algorithm_are_accepted() {
    let house = plain().await;
    for algorithm in Algorithm::ALL {
        let token = house.issuer.token_by(algorithm, &json!({"oid": "fay"}));
        shown(&house, &token).await.expect(200);
    }
}

#[tokio::test]
async fn an_algorithm_that_the_configuration_leaves_out_is_refused() {
    let members = "tenant = \"contoso\"\nalgorithms = [\"EdDSA\"]";
    let house = registered("", members, &json!({"oid": "fay"})).await;
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        assert_unauthorised(
            shown(
                &house,
                &house.issuer.token_by(algorithm, &json!({"oid": "fay"})),
            )
            .await,
        );
    }
}

#[tokio::test]
async fn without_a_token_nobody_gets_in() {
    let house = plain().await;
    let answer = house.server.call("GET", ROLES).send().await;
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer realm=\"pimento\"")
    );
    assert_unauthorised(answer);
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Basic ZmF5OmZheQ==",
        "Bearer nonsense",
        "Bearer a.b.c",
    ] {
        let call = house
            .server
            .call("GET", ROLES)
            .header("Authorization", value);
        assert_unauthorised(call.send().await);
    }
}

#[tokio::test]
async fn two_authorization_headers_are_refused_even_if_both_are_good() {
    let house = plain().await;
    let token = house.issuer.token(&json!({"oid": "fay"}));
    let call = house
        .server
        .call("GET", ROLES)
        .bearer(&token)
        .bearer(&token);
    assert_unauthorised(call.send().await);
    let call = house
        .server
        .call("GET", ROLES)
        .bearer(&token)
        .header("Authorization", "Basic ZmF5OmZheQ==");
    assert_unauthorised(call.send().await);
    let call = house
        .server
        .call("GET", ROLES)
        .header("Authorization", format!("Bearer {token}, Bearer {token}"));
    assert_unauthorised(call.send().await);
}

#[tokio::test]
async fn the_word_bearer_may_be_written_in_any_case() {
    let house = plain().await;
    let token = house.issuer.token(&json!({"oid": "fay"}));
    let call = house
        .server
        .call("GET", ROLES)
        .header("authorization", format!("bearer {token}"));
    call.send().await.expect(200);
}

#[tokio::test]
async fn a_token_in_the_url_is_none() {
    let house = plain().await;
    let token = house.issuer.token(&json!({"oid": "fay"}));
    let answer = house
        .server
        .call("GET", &format!("{ROLES}?access_token={token}"))
        .send()
        .await;
    assert_unauthorised(answer);
}

#[tokio::test]
async fn a_token_that_was_tampered_with_is_refused() {
    let house = plain().await;
    let good = house.issuer.token(&json!({"oid": "gus"}));
    let parts: Vec<&str> = good.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("three parts: {good}");
    };
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims_text = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
    let promoted = String::from_utf8(claims_text)
        .expect("UTF-8")
        .replace("\"gus\"", "\"fay\"");
    let unsigned = encode(r#"{"alg":"none","typ":"JWT"}"#);
    let symmetric = encode(r#"{"alg":"HS256","kid":"RS256","typ":"JWT"}"#);
    let other_key = encode(r#"{"alg":"EdDSA","kid":"ES256","typ":"JWT"}"#);
    let unknown_key = encode(r#"{"alg":"EdDSA","kid":"nobody's","typ":"JWT"}"#);
    for forged in [
        format!("{header}.{}.{signature}", encode(&promoted)),
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{claims}.{}", encode("signature")),
        format!("{unsigned}.{}.", encode(&promoted)),
        format!("{symmetric}.{}.{signature}", encode(&promoted)),
        format!("{other_key}.{claims}.{signature}"),
        format!("{unknown_key}.{claims}.{signature}"),
    ] {
        assert_unauthorised(shown(&house, &forged).await);
    }
    with(&house, &json!({"oid": "gus"}))
        .get(MY)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_token_of_another_issuer_is_refused_though_it_says_it_is_ours() {
    let house = plain().await;
    let other = pimento_testkit::TestIssuer::start().await;
    // Elliptic keys are each issuer's own.
    let forged = other.token_by(
        Algorithm::Es256,
        &json!({"iss": house.issuer.url(), "oid": "fay"}),
    );
    assert_unauthorised(shown(&house, &forged).await);
    assert_unauthorised(shown(&house, &other.token(&json!({"oid": "fay"}))).await);
}

#[tokio::test]
async fn a_refusal_does_not_repeat_the_token() {
    let house = plain().await;
    let expired = house
        .issuer
        .token(&json!({"oid": "fay", "exp": 1_500_000_000}));
    let answer = shown(&house, &expired).await;
    let text = String::from_utf8(answer.body.clone()).expect("UTF-8");
    let (_, signature) = expired.rsplit_once('.').expect("a signature");
    assert!(!text.contains(signature), "{text}");
    assert_unauthorised(answer);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_503_and_worth_another_try() {
    let members = "tenant = \"contoso\"";
    let house = registered("", members, &json!({"oid": "fay"})).await;
    // Port 9 of loopback answers nobody.
    let configure = |_: &pimento_testkit::TestIssuer| {
        "[[issuers]]\nissuer = \"http://127.0.0.1:9/away\"\naudiences = [\"pimento\"]\ntenant = \"contoso\"".to_owned()
    };
    let away = pimento_testkit::ServeServer::start(configure)
        .await
        .expect("the server starts all the same");
    let token = house
        .issuer
        .token(&json!({"iss": "http://127.0.0.1:9/away", "oid": "fay"}));
    let answer = shown(&away, &token).await;
    let pause: u64 = answer
        .header("retry-after")
        .and_then(|text| text.parse().ok())
        .expect("whole seconds");
    assert!((1..=60).contains(&pause), "{pause}");
    answer.refused(503, "serviceNotAvailable");
    away.server.call("GET", "/readyz").send().await.expect(200);
}
