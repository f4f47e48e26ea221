//! How the client takes refusals and failures.

use std::time::Duration;

use pimento_client::graph_beta::types::PrivilegedRole;
use pimento_client::reqwest::StatusCode;
use pimento_client::{Error, Pimento, Refused};
use serde_json::json;
use tokio::net::TcpListener;

use crate::server::{self, REQUEST_ID, Server, refusal, text, with_header};

async fn get_role(pimento: &Pimento) -> Result<PrivilegedRole, Error> {
    Ok(pimento
        .graph()
        .get_role()
        .id("r")
        .send()
        .await?
        .into_inner())
}

/// The error of one call that is answered so.
async fn error_of(answer: axum::http::Response<String>) -> Error {
    let server = Server::start().await;
    server.will_answer(answer);
    get_role(&server.client()).await.expect_err("it is no role")
}

fn refused(error: Error) -> Refused {
    match error {
        Error::Refused(refused) => *refused,
        other => panic!("not a refusal: {other:?}"),
    }
}

#[tokio::test]
async fn a_refusal_comes_with_everything_that_the_server_says() {
    let failed = json!({ "code": "ExpirationRule", "message": "Too long.", "target": "duration", "limit": "PT8H", "sent": "PT9H" });
    let refused = refused(
        error_of(refusal(
            400,
            "InvalidDuration",
            json!({ "target": "duration", "details": [failed] }),
        ))
        .await,
    );
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.code, "InvalidDuration");
    assert_eq!(refused.message, "It cannot be.");
    assert_eq!(refused.target.as_deref(), Some("duration"));
    assert_eq!(refused.request_id.to_string(), REQUEST_ID);
    assert_eq!(refused.client_request_id, "from the test");
    assert_eq!(refused.details.len(), 1);
    assert_eq!(refused.details[0].code, "ExpirationRule");
    assert_eq!(refused.details[0].limit.as_deref(), Some("PT8H"));
    assert_eq!(refused.details[0].sent.as_deref(), Some("PT9H"));
    assert_eq!(refused.details[0].remedy, None);
}

#[tokio::test]
async fn a_refusal_of_many_rules_is_read_whole() {
    let failed = json!({ "code": "ExpirationRule", "message": "x".repeat(1_000) });
    let details = vec![failed; 200];
    let refused = refused(
        error_of(refusal(
            400,
            "InvalidDuration",
            json!({ "details": details }),
        ))
        .await,
    );
    assert_eq!(refused.details.len(), 200);
}

#[tokio::test]
async fn a_refusal_has_its_inner_code() {
    let inner = json!({
        "code": "TenantNotRegistered",
        "date": "2026-03-02T09:30:00",
        "request-id": REQUEST_ID,
        "client-request-id": "from the test",
    });
    let error = error_of(refusal(
        403,
        "UnauthorizedAccessException",
        json!({ "innerError": inner }),
    ))
    .await;
    assert_eq!(error.code(), Some("UnauthorizedAccessException"));
    assert_eq!(
        refused(error).inner_code.as_deref(),
        Some("TenantNotRegistered")
    );
}

#[tokio::test]
async fn a_refusal_with_a_status_that_the_operation_does_not_list_is_one_all_the_same() {
    let error = error_of(refusal(418, "Teapot", json!({}))).await;
    assert_eq!(error.status(), Some(StatusCode::IM_A_TEAPOT));
    assert_eq!(error.code(), Some("Teapot"));
    assert_eq!(
        error.request_id().map(|id| id.to_string()).as_deref(),
        Some(REQUEST_ID)
    );
}

#[tokio::test]
async fn a_call_that_is_throttled_is_worth_another_try_when_the_server_says() {
    let throttled = refusal(429, "TooManyRequests", json!({}));
    let error = error_of(with_header(throttled, "retry-after", "17")).await;
    assert_eq!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(error.code(), Some("TooManyRequests"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_missing_second_factor_comes_with_every_challenge_of_the_server_in_order() {
    let standard = "Bearer error=\"insufficient_user_authentication\", acr_values=\"2\"";
    let claims = "Bearer error=\"insufficient_claims\", claims=\"e30=\"";
    let mut answer = with_header(
        refusal(403, "MfaRequired", json!({})),
        "www-authenticate",
        standard,
    );
    let headers = answer.headers_mut();
    headers.append("www-authenticate", claims.parse().expect("a header"));
    let error = error_of(answer).await;
    assert_eq!(error.challenges(), [standard, claims]);
    assert!(!error.is_retryable());
    assert_eq!(refused(error).challenges, [standard, claims]);
}

#[tokio::test]
async fn other_failures_have_no_challenge() {
    let refusal = error_of(refusal(400, "x", json!({}))).await;
    let page = error_of(with_header(text(502, "x"), "www-authenticate", "Basic")).await;
    for error in [refusal, page] {
        assert_eq!(error.challenges(), [""; 0]);
    }
}

#[tokio::test]
async fn refusals_of_the_other_families_are_the_same() {
    let server = Server::start().await;
    server.will_answer(with_header(
        refusal(503, "serviceNotAvailable", json!({})),
        "retry-after",
        "2",
    ));
    let error = server
        .client()
        .admin()
        .get_readyz()
        .send()
        .await
        .expect_err("it is not ready");
    let error = Error::from(error);
    assert_eq!(error.code(), Some("serviceNotAvailable"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn only_what_passes_by_itself_is_worth_another_try() {
    for (status, retryable) in [
        (400, false),
        (401, false),
        (403, false),
        (404, false),
        (500, false),
        (502, true),
        (503, true),
        (504, true),
    ] {
        assert_eq!(
            error_of(refusal(status, "x", json!({})))
                .await
                .is_retryable(),
            retryable,
            "{status}"
        );
        assert_eq!(
            error_of(text(status, "<html>")).await.is_retryable(),
            retryable,
            "{status} of a gateway"
        );
    }
}

#[tokio::test]
async fn the_page_of_a_gateway_keeps_its_status_and_is_shown() {
    let error = error_of(with_header(
        text(503, "<h1>upstream is away</h1>"),
        "retry-after",
        "30",
    ))
    .await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    let Error::Protocol(protocol) = error else {
        panic!("not a protocol error: {error:?}")
    };
    assert_eq!(protocol.status, Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(protocol.body, "<h1>upstream is away</h1>");
    assert_eq!(
        protocol.request_id.map(|id| id.to_string()).as_deref(),
        Some(REQUEST_ID)
    );
}

#[tokio::test]
async fn an_endless_page_of_a_gateway_is_cut() {
    let error = error_of(text(502, &"ä".repeat(1_000_000))).await;
    let Error::Protocol(protocol) = error else {
        panic!("not a protocol error: {error:?}")
    };
    assert_eq!(protocol.body, "ä".repeat(512));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start().await;
    let server = Server::start().await;
    let location = format!("{}/beta/privilegedRoles/r", elsewhere.url);
    server.will_answer(with_header(text(307, ""), "location", &location));
    let error = get_role(&server.client().with_token("t0"))
        .await
        .expect_err("it is a redirect");
    assert_eq!(error.status(), Some(StatusCode::TEMPORARY_REDIRECT));
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_success_that_is_not_what_was_promised_is_a_protocol_error() {
    let error = error_of(server::json(
        200,
        &json!({ "name": "a role without an id" }),
    ))
    .await;
    let Error::Protocol(protocol) = error else {
        panic!("not a protocol error: {error:?}")
    };
    assert!(
        protocol.reason.contains("missing field `id`"),
        "{}",
        protocol.reason
    );
    assert!(protocol.body.contains("a role without an id"));
}

#[tokio::test]
async fn a_success_that_the_operation_does_not_have_is_a_protocol_error() {
    let error = error_of(text(202, "")).await;
    assert!(matches!(error, Error::Protocol(_)), "{error:?}");
    assert_eq!(error.status(), Some(StatusCode::ACCEPTED));
}

#[tokio::test]
async fn no_answer_is_a_transport_error_and_worth_another_try() {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let error = get_role(&Pimento::new(&url).expect("the URL is good"))
        .await
        .expect_err("nobody listens");
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_failing_token_provider_says_why_and_nothing_is_sent() {
    let server = Server::start().await;
    let pimento = server.client().with_token_provider(async || {
        Err::<String, _>(std::io::Error::other("the vault is sealed"))
    });
    let error = get_role(&pimento).await.expect_err("there is no token");
    assert_eq!(error.to_string(), "no token: the vault is sealed");
    assert!(matches!(error, Error::Token(_)), "{error:?}");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_stand_in_a_header_is_not_sent() {
    let server = Server::start().await;
    let error = get_role(&server.client().with_token("two\nlines"))
        .await
        .expect_err("it is no token");
    assert!(
        matches!(&error, Error::Token(reason) if !reason.contains("lines")),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_call_without_its_id_is_invalid_and_not_sent() {
    let server = Server::start().await;
    let error = server
        .client()
        .graph()
        .get_role()
        .send()
        .await
        .map_err(Error::from)
        .expect_err("it has no id");
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    assert_eq!(server.requests().len(), 0);
}
