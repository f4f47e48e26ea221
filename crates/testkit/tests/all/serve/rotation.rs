//! Issuers change their keys, and one name may stand for the issuers of many tenants.

use std::time::Duration;

use pimento_testkit::{Algorithm, ServeServer};
use serde_json::json;

use super::publisher::Publisher;
use super::{MY, SIGN_UP};

/// The least time between two looks at an issuer's keys that unknown keys ask for.
const REFETCH: Duration = Duration::from_secs(30);
/// The age at which keys are looked at anew, so that one that was withdrawn is accepted for no longer.
const LIFETIME: Duration = Duration::from_secs(3_600);

/// A server that trusts the publisher, in this configuration.
async fn trusting(publisher: &Publisher, name: &str, members: &str) -> ServeServer {
    let url = publisher.url();
    let founder = "[[founders]]\ntenant = \"contoso\"\nuser = \"fay\"";
    let issuer =
        format!("[[issuers]]\nissuer = \"{url}{name}\"\naudiences = [\"pimento\"]\n{members}");
    let configure = |_: &_| format!("tenants = [\"contoso\"]\n{founder}\n{issuer}");
    ServeServer::start(configure)
        .await
        .expect("the server starts")
}

/// What the server says to fay with a token of this algorithm.
async fn status(house: &ServeServer, publisher: &Publisher, algorithm: Algorithm) -> u16 {
    let token = publisher.token("/staff", algorithm, &json!({"oid": "fay"}));
    let answer = house
        .server
        .bearer_of(&token)
        .get("/beta/privilegedSignupStatus")
        .await;
    answer.status
}

/// Lets time pass without waiting for it. Nothing is under way meanwhile.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_new_key_is_taken_up_without_a_restart_but_not_asked_for_all_the_time() {
    let publisher = Publisher::start().await;
    publisher.publish(&["ES256"]);
    let house = trusting(&publisher, "/staff", "tenant = \"contoso\"").await;
    assert_eq!(status(&house, &publisher, Algorithm::Es256).await, 200);
    publisher.publish(&["ES256", "EdDSA"]);
    assert_eq!(
        status(&house, &publisher, Algorithm::EdDsa).await,
        401,
        "the last look was just now"
    );
    pass(REFETCH).await;
    assert_eq!(status(&house, &publisher, Algorithm::EdDsa).await, 200);
    assert_eq!(
        status(&house, &publisher, Algorithm::Es256).await,
        200,
        "both keys are good for a while"
    );
}

#[tokio::test]
async fn a_key_that_was_withdrawn_is_refused_when_the_keys_have_had_their_time() {
    let publisher = Publisher::start().await;
    publisher.publish(&["ES256", "EdDSA"]);
    let house = trusting(&publisher, "/staff", "tenant = \"contoso\"").await;
    assert_eq!(status(&house, &publisher, Algorithm::Es256).await, 200);
    publisher.publish(&["EdDSA"]);
    pass(LIFETIME).await;
    assert_eq!(status(&house, &publisher, Algorithm::Es256).await, 401);
    assert_eq!(status(&house, &publisher, Algorithm::EdDsa).await, 200);
}

#[tokio::test]
async fn a_template_trusts_the_issuer_of_each_tenant_for_that_tenant_alone() {
    let publisher = Publisher::start().await;
    publisher.publish(&["EdDSA"]);
    let house = trusting(&publisher, "/{tenant}/v2.0", "").await;
    let token = |path: &str, tid: &str| {
        publisher.token(path, Algorithm::EdDsa, &json!({"oid": "fay", "tid": tid}))
    };
    let fay = house
        .server
        .bearer_of(&token("/contoso/v2.0", "contoso"))
        .post(SIGN_UP)
        .await;
    fay.expect(200);
    for (path, tid, status) in [
        ("/contoso/v2.0", "contoso", 200),
        // Another tenant's issuer is that tenant's word, and that tenant is not registered.
        ("/fabrikam/v2.0", "fabrikam", 403),
        ("/fabrikam/v2.0", "contoso", 401),
        ("/contoso/v2.0", "fabrikam", 401),
        ("/contoso/v1.0", "contoso", 401),
        ("/contoso/x/v2.0", "contoso", 401),
        ("/../contoso/v2.0", "contoso", 401),
        ("", "contoso", 401),
    ] {
        let answer = house.server.bearer_of(&token(path, tid)).get(MY).await;
        assert_eq!(answer.status, status, "{path} {tid}");
    }
}
