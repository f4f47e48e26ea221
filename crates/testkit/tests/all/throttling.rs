//! Who makes more requests than the configuration allows is told when one passes; nobody else notices.

use std::num::NonZeroU32;
use std::time::Duration;

use pimento_client::Error;
use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{Answer, Person, ServeServer, TestServer};
use serde_json::json;

use crate::dev_mode::dev::Dev;
use crate::paths::{REQUESTS, ROLES, SIGN_UP_STATUS, State, own};

const MY: &str = "/beta/privilegedRoleAssignments/my";

async fn throttled(per_minute: u32) -> TestServer {
    TestServer::dev_throttled(NonZeroU32::new(per_minute).unwrap()).await
}

/// Makes requests until one is refused, which it answers.
async fn exhaust(person: &Person<'_>) -> Answer {
    loop {
        let answer = person.get(MY).await;
        if answer.status != 200 {
            answer.refused(429, "TooManyRequests");
            return answer;
        }
    }
}

fn retry_after(answer: &Answer) -> u64 {
    let seconds = answer.header("retry-after").expect("it says when");
    seconds.parse().expect("whole seconds")
}

#[tokio::test]
async fn one_request_too_many_is_refused_with_the_limit_and_when_one_passes() {
    let server = throttled(2).await;
    let ben = server.person("ben").await;
    ben.get(MY).await.expect(200);
    ben.get(MY).await.expect(200);
    let answer = ben.get(MY).await;
    let message = answer.refused(429, "TooManyRequests")["message"].take();
    let seconds = retry_after(&answer);
    assert!((1..=30).contains(&seconds), "{seconds}");
    assert_eq!(
        message,
        format!(
            "The limit of each caller is 2 a minute, and this is one too many. \
             Try again after {seconds} s; one every 30 s always passes."
        )
    );
}

#[tokio::test]
async fn who_waits_for_as_long_as_they_are_told_passes() {
    let server = throttled(60).await;
    let ben = server.person("ben").await;
    for _ in 0..2 {
        let seconds = retry_after(&exhaust(&ben).await);
        assert_eq!(seconds, 1);
        // What obeys the answer: there is no event to wait for.
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        ben.get(MY).await.expect(200);
    }
}

#[tokio::test]
async fn other_callers_are_not_affected() {
    let server = throttled(2).await;
    exhaust(&server.person("ben").await).await;
    server.person("cleo").await.get(MY).await.expect(200);
    let namesake = json!({"oid": "ben", "tid": "b7f1e8c0-52e7-4a39-8d64-1f7a90c3be25"});
    let namesake = server.signed_in(&namesake).await;
    let status = namesake.get(SIGN_UP_STATUS).await;
    status.expect(200);
}

#[tokio::test]
async fn all_tokens_of_one_person_count_together() {
    let server = throttled(2).await;
    exhaust(&server.person("ben").await).await;
    let again = json!({"oid": "ben", "amr": ["mfa"]});
    let again = server.signed_in(&again).await;
    again.get(MY).await.refused(429, "TooManyRequests");
}

#[tokio::test]
async fn an_evaluation_counts_and_is_throttled_like_any_other_request() {
    let server = throttled(2).await;
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let evaluation = json!({
        "roleId": USER_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": "Help",
        "evaluateOnly": true,
    });
    let evaluate = || ben.send("POST", REQUESTS, &evaluation);
    evaluate().await.expect(200);
    evaluate().await.expect(200);
    evaluate().await.refused(429, "TooManyRequests");
    ben.get(MY).await.refused(429, "TooManyRequests");
}

#[tokio::test]
async fn what_is_throttled_changes_nothing() {
    let server = throttled(2).await;
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    exhaust(&ben).await;
    let activate = own(USER_ADMINISTRATOR, "selfActivate");
    ben.post(&activate).await.refused(429, "TooManyRequests");
    let ada = server.person("ada").await;
    let state = State::seen_by(&ada, "ben", USER_ADMINISTRATOR).await;
    assert_eq!(state, State::Eligible);
}

#[tokio::test]
async fn what_is_refused_for_any_other_reason_counts_and_what_has_no_good_token_does_not() {
    let server = throttled(2).await;
    let ben = server.person("ben").await;
    let forbidden = ben.get(ROLES).await;
    forbidden.refused(403, "Authorization_RequestDenied");
    let malformed = ben.call("POST", REQUESTS).text("{").send().await;
    malformed.refused(400, "BadRequest");
    ben.get(MY).await.refused(429, "TooManyRequests");
    for _ in 0..3 {
        let nobody = server.call("GET", MY).bearer("nonsense").send().await;
        nobody.refused(401, "InvalidAuthenticationToken");
    }
}

#[tokio::test]
async fn the_clock_of_the_rules_does_not_move_the_limit() {
    let server = throttled(1).await;
    let ben = server.person("ben").await;
    exhaust(&ben).await;
    server.advance("PT8H").await;
    ben.get(MY).await.refused(429, "TooManyRequests");
    server.freeze().await;
    let cleo = server.person("cleo").await;
    cleo.get(MY).await.expect(200);
    cleo.get(MY).await.refused(429, "TooManyRequests");
}

#[tokio::test]
async fn the_rust_client_says_that_it_is_worth_another_try_and_when() {
    let server = throttled(1).await;
    let ben = server.person("ben").await;
    exhaust(&ben).await;
    let refused = ben.client().graph().list_my_assignments().send().await;
    let error = Error::from(refused.unwrap_err());
    assert_eq!(error.code(), Some("TooManyRequests"));
    assert!(error.is_retryable());
    let wait = error.retry_after().unwrap();
    assert!(wait <= Duration::from_secs(60) && !wait.is_zero());
}

/// What two requests of fay's are answered where the configuration says this.
async fn two_requests_under(configuration: &str) -> [u16; 2] {
    let founder = "[[founders]]\ntenant = \"contoso\"\nuser = \"fay\"";
    let house = ServeServer::start(|issuer| {
        let issuer = issuer.table("tenant = \"contoso\"");
        format!("tenants = [\"contoso\"]\n{configuration}\n{founder}\n{issuer}")
    });
    let house = house.await.unwrap();
    let fay = house.issuer.token(&json!({"oid": "fay"}));
    let fay = house.server.bearer_of(&fay);
    let first = fay.get(SIGN_UP_STATUS).await.status;
    [first, fay.get(SIGN_UP_STATUS).await.status]
}

#[tokio::test]
async fn the_configuration_of_serve_names_the_limit_and_zero_is_none() {
    assert_eq!(
        two_requests_under("requests_per_minute = 1").await,
        [200, 429]
    );
    assert_eq!(
        two_requests_under("requests_per_minute = 0").await,
        [200, 200]
    );
    assert_eq!(two_requests_under("").await, [200, 200]);
}

#[tokio::test]
async fn zero_is_no_limit_in_dev_mode_either() {
    for (per_minute, expected) in [("1", [200, 429]), ("0", [200, 200])] {
        let dev = Dev::telling_all(&["--requests-per-minute", per_minute]).await;
        let token = dev.token(json!({"oid": "ada"})).await;
        let mut answered = Vec::new();
        for _ in 0..2 {
            let call = dev.call("GET", ROLES).bearer(&token);
            answered.push(call.send().await.status);
        }
        assert_eq!(answered, expected, "{per_minute}");
        dev.stop().await;
    }
}
