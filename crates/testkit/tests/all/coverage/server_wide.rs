//! The refusals that the server answers whatever the operation, brought about for every operation that can meet them.

use std::num::NonZeroU32;

use pimento_testkit::role::{GLOBAL_ADMINISTRATOR, SECURITY_READER};
use pimento_testkit::{Contract, Fault, FaultyServer, TestServer};
use serde_json::json;

use super::furniture::Requests;
use super::refusals::{Caller, Slip};
use crate::paths::{ASSIGNMENTS, ROLES};

use super::{documented, everything, ideal, ideal_body, token, with_body};

#[tokio::test]
async fn every_secured_operation_refuses_a_request_without_a_token() {
    let server = TestServer::dev().await;
    let contract = Contract::of_dev();
    for (operation, status) in documented(&contract, &[401]) {
        let call = ideal(
            &server,
            &contract,
            &Requests::none(),
            &operation,
            &Slip::NONE,
        );
        let answer = with_body(call, ideal_body(&contract, &operation))
            .send()
            .await;
        answer.refused(status, "InvalidAuthenticationToken");
    }
}

#[tokio::test]
async fn every_operation_with_a_body_refuses_one_that_is_too_large_or_no_json() {
    let server = TestServer::dev().await;
    let contract = Contract::of_dev();
    let before = everything(&server).await;
    let ada = token(&server, Caller::Ada).await;
    for (operation, status) in documented(&contract, &[413]) {
        let call = ideal(
            &server,
            &contract,
            &Requests::none(),
            &operation,
            &Slip::NONE,
        )
        .bearer(&ada);
        call.text(vec![b' '; 1024 * 1024 + 1])
            .send()
            .await
            .refused(status, "BadRequest");
    }
    for (operation, status) in documented(&contract, &[415]) {
        let call = ideal(
            &server,
            &contract,
            &Requests::none(),
            &operation,
            &Slip::NONE,
        )
        .bearer(&ada);
        let call = call.header("Content-Type", "text/plain").bytes("{}");
        call.send().await.refused(status, "BadRequest");
    }
    assert_eq!(everything(&server).await, before);
}

#[tokio::test]
async fn every_secured_operation_is_throttled_and_changes_nothing_then() {
    let server = TestServer::dev_throttled(NonZeroU32::MIN).await;
    let contract = Contract::of_dev();
    let seen = server
        .person("cleo")
        .await
        .get(ASSIGNMENTS)
        .await
        .expect(200);
    let ada = token(&server, Caller::Ada).await;
    server.bearer_of(&ada).get(ROLES).await.expect(200);
    let throttled = documented(&contract, &[429]);
    // All that are secured but batches: of one each part counts by itself.
    assert_eq!(throttled.len(), documented(&contract, &[401]).len() - 1);
    assert!(!throttled.contains(&("batch".to_owned(), 429)));
    for (operation, status) in throttled {
        let call = ideal(
            &server,
            &contract,
            &Requests::none(),
            &operation,
            &Slip::NONE,
        )
        .bearer(&ada);
        let answer = with_body(call, ideal_body(&contract, &operation))
            .send()
            .await;
        answer.refused(status, "TooManyRequests");
        assert!(answer.header("retry-after").is_some());
    }
    // Another reader than cleo, who has had her one request.
    let reader = json!({"oid": "reader", "wids": [SECURITY_READER]});
    let reader = server.signed_in(&reader).await;
    assert_eq!(reader.get(ASSIGNMENTS).await.expect(200), seen);
}

/// The operations that reach the store: all but those that only answer what they know.
fn reaches_store(operation: &str) -> bool {
    !matches!(
        operation,
        "get_livez" | "get_version" | "get_service_document" | "get_metadata"
    )
}

async fn fails_as(fault: Fault, status: u16, code: &str) {
    let FaultyServer { server, issuer, .. } = &FaultyServer::failing(fault).await;
    let contract = Contract::of_serve();
    let token = issuer.token(&json!({"oid": "ada"}));
    let operations = documented(&contract, &[status]);
    for (operation, _) in operations
        .iter()
        .filter(|(operation, _)| reaches_store(operation))
    {
        let call =
            ideal(server, &contract, &Requests::none(), operation, &Slip::NONE).bearer(&token);
        let answer = with_body(call, ideal_body(&contract, operation))
            .send()
            .await;
        let error = answer.refused(status, code);
        assert!(
            !error["message"].to_string().contains("told"),
            "the caller learns too much: {error}"
        );
    }
}

#[tokio::test]
async fn every_operation_that_needs_the_store_says_so_while_it_is_away() {
    fails_as(Fault::Unavailable, 503, "serviceNotAvailable").await;
}

#[tokio::test]
async fn every_operation_answers_a_fault_where_the_store_is_corrupt() {
    fails_as(Fault::Corrupt, 500, "generalException").await;
}

#[tokio::test]
async fn every_operation_answers_a_fault_where_its_handler_panics() {
    fails_as(Fault::Panic, 500, "generalException").await;
}

#[tokio::test]
async fn the_server_lives_on_after_a_panic_and_has_it_in_its_log() {
    let faulty = FaultyServer::failing(Fault::Panic).await;
    faulty
        .server
        .call("GET", "/readyz")
        .send()
        .await
        .refused(500, "generalException");
    faulty.server.call("GET", "/livez").send().await.expect(200);
    let errors = faulty.server.logged_errors();
    assert!(
        errors
            .iter()
            .any(|error| error.contains("a handler panicked")),
        "{errors:?}"
    );
}

#[tokio::test]
async fn a_change_that_others_always_overtake_is_refused_and_can_be_tried_again() {
    let faulty = FaultyServer::failing(Fault::Conflict).await;
    let fay = faulty
        .issuer
        .token(&json!({"oid": "fay", "wids": [GLOBAL_ADMINISTRATOR]}));
    let fay = faulty.server.bearer_of(&fay);
    let answer = fay.post("/beta/privilegedSignupStatus/signUp").await;
    answer.refused(503, "serviceNotAvailable");
    assert_eq!(answer.header("retry-after"), Some("1"));
    let status = fay.get("/beta/privilegedSignupStatus/isSignedUp").await;
    assert_eq!(status.expect(200)["value"], false);
}

#[tokio::test]
async fn a_change_that_is_in_doubt_is_answered_with_what_to_do_before_it_is_tried_again() {
    let faulty = FaultyServer::failing(Fault::InDoubt).await;
    let fay = faulty
        .issuer
        .token(&json!({"oid": "fay", "wids": [GLOBAL_ADMINISTRATOR]}));
    let fay = faulty.server.bearer_of(&fay);
    let answer = fay.post("/beta/privilegedSignupStatus/signUp").await;
    let error = answer.refused(503, "serviceNotAvailable");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("look before you try again"), "{message}");
    assert!(!message.contains("nothing was changed"), "{message}");
    assert_eq!(answer.header("retry-after"), Some("1"));
}
