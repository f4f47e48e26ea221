//! Issuers change their keys, and one name may stand for the issuers of many tenants.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::join_all;
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

/// What the server says to so many of fay's tokens at once, of these algorithms in turn.
async fn load(
    house: &ServeServer,
    publisher: &Publisher,
    algorithms: &[Algorithm],
    number: usize,
) -> Vec<u16> {
    let turns = algorithms.iter().cycle().take(number);
    join_all(turns.map(|algorithm| status(house, publisher, *algorithm))).await
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

#[tokio::test]
async fn while_keys_rotate_under_load_no_good_token_is_refused() {
    let publisher = Publisher::start().await;
    let keys = [
        (Algorithm::Es256, "ES256"),
        (Algorithm::EdDsa, "EdDSA"),
        (Algorithm::Rs256, "RS256"),
    ];
    publisher.publish(&[keys[0].1]);
    let house = trusting(&publisher, "/staff", "tenant = \"contoso\"").await;
    assert_eq!(load(&house, &publisher, &[keys[0].0], 40).await, [200; 40]);
    for round in 0..9 {
        let (old, new) = (keys[round % 3], keys[(round + 1) % 3]);
        let keys_of_old = [old.0];
        pass(REFETCH).await;
        // The load of the old key goes on while the new one is published, and tokens of it come at once.
        let rotate = async {
            publisher.publish(&[old.1, new.1]);
            load(&house, &publisher, &[new.0, old.0], 40).await
        };
        let goes_on = load(&house, &publisher, &keys_of_old, 40);
        let (before, after) = tokio::join!(goes_on, rotate);
        assert_eq!([before, after].concat(), [200; 80], "round {round}");
        assert_eq!(publisher.asked(), round + 2, "one look for each new key");
    }
}

#[tokio::test]
async fn a_flood_of_made_up_keys_makes_one_fetch_and_holds_up_nobody_else() {
    let publisher = Publisher::start().await;
    publisher.publish(&["EdDSA"]);
    let house = trusting(&publisher, "/staff", "tenant = \"contoso\"").await;
    let good = [Algorithm::EdDsa];
    assert_eq!(load(&house, &publisher, &good, 1).await, [200]);
    let token = publisher.token("/staff", Algorithm::EdDsa, &json!({"oid": "fay"}));
    let (_, rest) = token.split_once('.').expect("a header");
    let made_up = |number: usize| {
        let header = json!({"alg": "EdDSA", "kid": format!("made up {number}")});
        let token = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
        let call = house.server.call("GET", "/beta/privilegedSignupStatus");
        async move { call.bearer(&token).send().await.status }
    };
    for round in 1..4 {
        pass(REFETCH).await;
        publisher.hold();
        let served_meanwhile = async {
            publisher.asked_after(round).await;
            let served = load(&house, &publisher, &good, 40).await;
            publisher.release();
            served
        };
        let (flood, served) = tokio::join!(join_all((0..100).map(made_up)), served_meanwhile);
        assert_eq!(flood, [401; 100]);
        assert_eq!(served, [200; 40]);
        assert_eq!(join_all((0..100).map(made_up)).await, [401; 100]);
        assert_eq!(publisher.asked(), round + 1);
    }
}
