//! What the client sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pimento_client::uuid::Uuid;
use pimento_client::{Error, Pimento, client_request_id, request_id};
use serde_json::{Map, json};

use crate::server::{REQUEST_ID, Server, role, with_header};

#[tokio::test]
async fn a_fixed_token_is_sent_as_a_bearer_token() {
    let server = Server::start().await;
    server.will_answer(crate::server::json(200, &role("r")));
    server
        .client()
        .with_token("t0")
        .graph()
        .get_role()
        .id("r")
        .send()
        .await
        .expect("it answers");
    assert_eq!(
        server.requests()[0].header("authorization"),
        Some("Bearer t0")
    );
}

#[tokio::test]
async fn without_a_token_there_is_no_authorization_header() {
    let server = Server::start().await;
    server.will_answer(crate::server::json(200, &role("r")));
    server
        .client()
        .graph()
        .get_role()
        .id("r")
        .send()
        .await
        .expect("it answers");
    assert_eq!(server.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn the_provider_is_asked_for_a_token_before_each_request() {
    let server = Server::start().await;
    let asked = Arc::new(AtomicU32::new(0));
    let pimento = server.client().with_token_provider(move || {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        async move { Ok::<_, Error>(format!("t{number}")) }
    });
    for _ in 0..2 {
        server.will_answer(crate::server::json(200, &role("r")));
        pimento
            .graph()
            .get_role()
            .id("r")
            .send()
            .await
            .expect("it answers");
    }
    let tokens: Vec<_> = server
        .requests()
        .iter()
        .filter_map(|r| r.header("authorization").map(str::to_owned))
        .collect();
    assert_eq!(tokens, ["Bearer t0", "Bearer t1"]);
}

#[tokio::test]
async fn public_families_get_no_token() {
    let server = Server::start().await;
    let pimento = server.client().with_token("t0");
    server.will_answer(crate::server::json(200, &json!({ "status": "alive" })));
    pimento
        .admin()
        .get_livez()
        .send()
        .await
        .expect("it answers");
    server.will_answer(crate::server::json(
        200,
        &json!({ "access_token": "t", "token_type": "Bearer", "expires_in": 1 }),
    ));
    pimento
        .dev()
        .issue_token()
        .body(Map::new())
        .send()
        .await
        .expect("it answers");
    for request in server.requests() {
        assert_eq!(request.header("authorization"), None, "{}", request.uri);
    }
}

#[tokio::test]
async fn each_family_is_called_where_it_lies() {
    let server = Server::start().await;
    let pimento = Pimento::new(&format!("{}/beta/", server.url)).expect("the URL is good");
    server.will_answer(crate::server::json(200, &role("r")));
    pimento
        .graph()
        .get_role()
        .id("r")
        .send()
        .await
        .expect("it answers");
    server.will_answer(crate::server::json(200, &json!({ "status": "alive" })));
    pimento
        .admin()
        .get_livez()
        .send()
        .await
        .expect("it answers");
    server.will_answer(crate::server::json(200, &json!({ "keys": [] })));
    pimento
        .dev()
        .get_issuer_keys()
        .send()
        .await
        .expect("it answers");
    let paths: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.uri.to_string())
        .collect();
    assert_eq!(paths, ["/beta/privilegedRoles/r", "/livez", "/dev/keys"]);
}

#[tokio::test]
async fn the_version_of_the_document_is_not_sent() {
    let server = Server::start().await;
    server.will_answer(crate::server::json(200, &role("r")));
    server
        .client()
        .graph()
        .get_role()
        .id("r")
        .send()
        .await
        .expect("it answers");
    let request = &server.requests()[0];
    assert_eq!(request.header("api-version"), None);
    assert_eq!(request.uri.query(), None);
}

#[tokio::test]
async fn a_count_is_asked_for_as_text_and_is_a_number() {
    let server = Server::start().await;
    server.will_answer(crate::server::text(200, "145"));
    let pimento = server.client();
    let count = pimento.graph().count_roles().send().await;
    assert_eq!(*count.expect("it answers"), 145);
    let request = &server.requests()[0];
    assert_eq!(request.header("accept"), Some("text/plain"));
    assert_eq!(request.uri.path(), "/beta/privilegedRoles/$count");
}

#[tokio::test]
async fn the_metadata_is_read_whole() {
    let server = Server::start().await;
    server.will_answer(crate::server::text(200, "<edmx:Edmx/>"));
    let model = server.client().graph().get_metadata().send().await;
    let model = pimento_client::text(model.expect("it answers")).await;
    assert_eq!(model.expect("it is a text"), "<edmx:Edmx/>");
}

#[tokio::test]
async fn each_request_has_a_fresh_id() {
    let server = Server::start().await;
    let pimento = server.client();
    for _ in 0..2 {
        server.will_answer(crate::server::json(200, &role("r")));
        pimento
            .graph()
            .get_role()
            .id("r")
            .send()
            .await
            .expect("it answers");
    }
    let ids: Vec<Uuid> = server
        .requests()
        .iter()
        .map(|request| {
            request
                .header("client-request-id")
                .expect("it is sent")
                .parse()
                .expect("it is a GUID")
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn the_caller_may_choose_the_request_id() {
    let server = Server::start().await;
    server.will_answer(crate::server::json(200, &role("r")));
    let mine = Uuid::from_u128(7);
    let pimento = server.client().with_request_ids(move || mine);
    pimento
        .graph()
        .get_role()
        .id("r")
        .send()
        .await
        .expect("it answers");
    assert_eq!(
        server.requests()[0].header("client-request-id"),
        Some(mine.to_string().as_str())
    );
}

#[tokio::test]
async fn the_ids_of_an_answer_can_be_read() {
    let server = Server::start().await;
    server.will_answer(with_header(
        crate::server::json(200, &role("r")),
        "client-request-id",
        "mine",
    ));
    let answer = server
        .client()
        .graph()
        .get_role()
        .id("r")
        .send()
        .await
        .expect("it answers");
    assert_eq!(request_id(&answer), REQUEST_ID.parse().ok());
    assert_eq!(client_request_id(&answer), Some("mine"));
}

#[tokio::test]
async fn a_clone_may_speak_for_somebody_else() {
    let server = Server::start().await;
    let ada = server.client().with_token("ada");
    let ben = ada.clone().with_token("ben");
    for pimento in [&ada, &ben] {
        server.will_answer(crate::server::json(200, &role("r")));
        pimento
            .graph()
            .get_role()
            .id("r")
            .send()
            .await
            .expect("it answers");
    }
    let requests = server.requests();
    assert_eq!(requests[0].header("authorization"), Some("Bearer ada"));
    assert_eq!(requests[1].header("authorization"), Some("Bearer ben"));
}

#[test]
fn the_token_is_not_in_the_debug_output() {
    let pimento = Pimento::new("http://127.0.0.1")
        .expect("the URL is good")
        .with_token("tell-nobody");
    assert!(!format!("{pimento:?}").contains("tell-nobody"));
}
