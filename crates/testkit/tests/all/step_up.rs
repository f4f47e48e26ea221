//! Who lacks a second factor is told which sign-in would prove one, by what the issuer's configuration says of it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{Answer, Person, ServeServer, TestServer};
use serde_json::{Value, json};

use crate::paths::{APPROVALS, ASSIGNMENTS, REQUESTS, SIGN_UP_STATUS, own};

const PLAIN: &str = r#"Bearer realm="pimento", error="insufficient_user_authentication", error_description="A second factor is needed""#;

/// Both challenges, the second with its claims decoded.
fn challenges(answer: &Answer) -> (String, Value) {
    let sent = answer.headers.get_all("www-authenticate").iter();
    let sent: Vec<&str> = sent.map(|value| value.to_str().unwrap()).collect();
    let [standard, of_graph] = sent[..] else {
        panic!("two challenges, not {sent:?}");
    };
    let claims = of_graph
        .strip_prefix(r#"Bearer realm="pimento", error="insufficient_claims", claims=""#)
        .and_then(|rest| rest.strip_suffix('"'));
    let claims = BASE64_STANDARD.decode(claims.unwrap()).unwrap();
    (
        standard.to_owned(),
        serde_json::from_slice(&claims).unwrap(),
    )
}

/// Each way to activate a role.
async fn activations(person: &Person<'_>) -> [Answer; 3] {
    let request = json!({
        "roleId": USER_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": "Help",
    });
    let approval = json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"});
    [
        person.post(&own(USER_ADMINISTRATOR, "selfActivate")).await,
        person.send("POST", REQUESTS, &request).await,
        person.send("POST", APPROVALS, &approval).await,
    ]
}

#[tokio::test]
async fn every_way_to_activate_challenges_who_lacks_a_second_factor() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let claims = json!({"access_token": {"amr": {"essential": true, "value": "mfa"}}});
    for answer in activations(&ben).await {
        answer.refused(403, "MfaRequired");
        assert_eq!(challenges(&answer), (PLAIN.to_owned(), claims.clone()));
    }
}

#[tokio::test]
async fn the_rust_client_has_the_challenges() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let pimento = ben.client();
    let activate = pimento.graph().self_activate().id(USER_ADMINISTRATOR);
    let refused = activate.send().await;
    let error = pimento_client::Error::from(refused.unwrap_err());
    assert_eq!(error.code(), Some("MfaRequired"));
    let [standard, of_graph] = error.challenges() else {
        panic!("two challenges: {error:?}");
    };
    assert_eq!(standard, PLAIN);
    assert!(of_graph.contains("insufficient_claims"));
}

#[tokio::test]
async fn a_sign_in_as_the_challenge_asks_for_passes() {
    let server = TestServer::dev().await;
    let refused = server
        .person("ben")
        .await
        .post(&own(USER_ADMINISTRATOR, "selfActivate"))
        .await;
    let (_, asked) = challenges(&refused);
    let method = &asked["access_token"]["amr"]["value"];
    let ben = json!({"oid": "ben", "amr": ["pwd", method]});
    let ben = server.signed_in(&ben).await;
    ben.post(&own(USER_ADMINISTRATOR, "selfActivate"))
        .await
        .expect(200);
}

#[tokio::test]
async fn several_failures_with_a_missing_factor_among_them_are_challenged_too() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let long = json!({"duration": "9"});
    let answer = ben
        .send("POST", &own(USER_ADMINISTRATOR, "selfActivate"), &long)
        .await;
    let error = answer.refused(403, "MfaRequired");
    assert_eq!(error["details"].as_array().unwrap().len(), 2);
    assert_eq!(challenges(&answer).0, PLAIN);
}

#[tokio::test]
async fn other_refusals_and_successes_are_not_challenged() {
    let server = TestServer::dev().await;
    let with_mfa = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&with_mfa).await;
    let stranger = server.person("stranger").await;
    let activate = own(USER_ADMINISTRATOR, "selfActivate");
    for answer in [
        ben.send("POST", &activate, &json!({"duration": "9"})).await,
        ben.get(ASSIGNMENTS).await,
        ben.post(&activate).await,
        stranger.get(ASSIGNMENTS).await,
    ] {
        assert_eq!(answer.header("www-authenticate"), None);
    }
}

/// What is said to somebody whose issuer is configured so.
async fn challenges_under(mfa: &str) -> (String, Value) {
    let founder = "[[founders]]\ntenant = \"contoso\"\nuser = \"fay\"";
    let house = ServeServer::start(|issuer| {
        let issuer = issuer.table(&format!("tenant = \"contoso\"\nmfa = {mfa}"));
        format!("tenants = [\"contoso\"]\n{founder}\n{issuer}")
    });
    let house = house.await.unwrap();
    let fay = house.issuer.token(&json!({"oid": "fay"}));
    let fay = house.server.bearer_of(&fay);
    fay.post(&format!("{SIGN_UP_STATUS}/signUp"))
        .await
        .expect(200);
    let new = json!({"userId": "ben", "roleId": USER_ADMINISTRATOR, "isElevated": false});
    fay.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let ben = house.issuer.token(&json!({"oid": "ben"}));
    let ben = house.server.bearer_of(&ben);
    let answer = ben.post(&own(USER_ADMINISTRATOR, "selfActivate")).await;
    answer.refused(403, "MfaRequired");
    challenges(&answer)
}

#[tokio::test]
async fn the_challenge_is_what_the_configuration_of_the_issuer_accepts() {
    for (mfa, acr_values, claims) in [
        (
            r#"{ acr = ["2", "urn:gold"] }"#,
            Some("2 urn:gold"),
            json!({"acr": {"essential": true, "values": ["2", "urn:gold"]}}),
        ),
        (
            r#"{ acrs = ["c1"], acr = ["2"] }"#,
            Some("2"),
            json!({"acrs": {"essential": true, "value": "c1"}}),
        ),
        (
            r#"{ amr = ["otp", "hwk"] }"#,
            None,
            json!({"amr": {"essential": true, "values": ["otp", "hwk"]}}),
        ),
    ] {
        let standard = match acr_values {
            Some(values) => format!(r#"{PLAIN}, acr_values="{values}""#),
            None => PLAIN.to_owned(),
        };
        let expected = (standard, json!({ "access_token": claims }));
        assert_eq!(challenges_under(mfa).await, expected, "{mfa}");
    }
}
