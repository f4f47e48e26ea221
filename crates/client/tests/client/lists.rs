//! How the client goes through a list.

use pimento_client::paging::{self, Items};
use pimento_client::{Error, Pimento};

use crate::server::{Server, page, refusal, text};

const SECOND: &str = "/beta/privilegedRoles?$top=2&$skiptoken=b";
const THIRD: &str = "/beta/privilegedRoles?$top=2&$skiptoken=d";

/// Five roles on three pages.
async fn five_roles() -> Server {
    let server = Server::start().await;
    server.will_answer(page(&["a", "b"], Some(&format!("{}{SECOND}", server.url))));
    server.will_answer(page(&["c", "d"], Some(&format!("{}{THIRD}", server.url))));
    server.will_answer(page(&["e"], None));
    server
}

async fn ids_of(pimento: &Pimento) -> Result<Vec<String>, Error> {
    let graph = pimento.graph();
    let mut roles = paging::items(graph, graph.list_roles().top(2u32).send());
    let mut ids = Vec::new();
    while let Some(role) = roles.try_next().await? {
        ids.push(role.id);
    }
    Ok(ids)
}

#[tokio::test]
async fn every_page_is_followed_to_the_end() {
    let server = five_roles().await;
    assert_eq!(
        ids_of(&server.client()).await.expect("all pages are there"),
        ["a", "b", "c", "d", "e"]
    );
    let asked: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.uri.to_string())
        .collect();
    assert_eq!(asked, ["/beta/privilegedRoles?%24top=2", SECOND, THIRD]);
}

#[tokio::test]
async fn each_page_is_asked_for_with_the_token_and_an_id_of_its_own() {
    let server = five_roles().await;
    ids_of(&server.client().with_token("t0"))
        .await
        .expect("all pages are there");
    let requests = server.requests();
    let mut ids: Vec<_> = requests
        .iter()
        .map(|request| request.header("client-request-id").expect("it is sent"))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    for request in &requests {
        assert_eq!(request.header("authorization"), Some("Bearer t0"));
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("api-version"), None);
    }
}

#[tokio::test]
async fn a_list_can_be_read_in_a_task_of_its_own() {
    let server = five_roles().await;
    let pimento = server.client();
    let task = tokio::spawn(async move { ids_of(&pimento).await });
    assert_eq!(
        task.await
            .expect("it does not panic")
            .expect("all pages are there")
            .len(),
        5
    );
}

#[tokio::test]
async fn a_page_is_not_asked_for_before_it_is_needed() {
    let server = five_roles().await;
    let pimento = server.client();
    let graph = pimento.graph();
    let mut roles = paging::items(graph, graph.list_roles().send());
    assert_eq!(server.requests().len(), 0);
    for _ in 0..2 {
        roles.try_next().await.expect("the page is there");
    }
    assert_eq!(server.requests().len(), 1);
    roles.try_next().await.expect("the page is there");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_empty_page_with_a_link_is_not_the_end() {
    let server = Server::start().await;
    server.will_answer(page(&[], Some(&format!("{}{SECOND}", server.url))));
    server.will_answer(page(&["a"], None));
    assert_eq!(
        ids_of(&server.client()).await.expect("all pages are there"),
        ["a"]
    );
}

#[tokio::test]
async fn a_link_to_another_origin_is_refused_and_the_token_stays_here() {
    let elsewhere = Server::start().await;
    let server = Server::start().await;
    server.will_answer(page(&["a"], Some(&format!("{}{SECOND}", elsewhere.url))));
    let error = ids_of(&server.client().with_token("t0"))
        .await
        .expect_err("the link leads elsewhere");
    assert!(matches!(error, Error::Protocol(_)), "{error:?}");
    assert!(error.to_string().contains(&elsewhere.url), "{error}");
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_link_that_is_not_a_url_is_refused() {
    let server = Server::start().await;
    server.will_answer(page(&["a"], Some("privilegedRoles?$skiptoken=a")));
    let error = ids_of(&server.client())
        .await
        .expect_err("the link is relative");
    assert!(matches!(error, Error::Protocol(_)), "{error:?}");
}

#[tokio::test]
async fn a_list_ends_after_an_error() {
    let server = Server::start().await;
    let pimento = server.client();
    server.will_answer(page(&["a"], Some(&format!("{}{SECOND}", server.url))));
    server.will_answer(refusal(
        400,
        "Request_UnsupportedQuery",
        serde_json::json!({}),
    ));
    let graph = pimento.graph();
    let mut roles: Items<'_, _> = paging::items(graph, graph.list_roles().send());
    roles.try_next().await.expect("the first page is there");
    let error = roles.try_next().await.expect_err("the second is refused");
    assert_eq!(error.code(), Some("Request_UnsupportedQuery"));
    assert!(roles.try_next().await.expect("it has ended").is_none());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_page_of_a_gateway_is_a_protocol_error_on_any_page() {
    let server = Server::start().await;
    server.will_answer(page(&["a"], Some(&format!("{}{SECOND}", server.url))));
    server.will_answer(text(200, "<html>"));
    let error = ids_of(&server.client()).await.expect_err("it is no page");
    assert!(matches!(error, Error::Protocol(_)), "{error:?}");
}

#[tokio::test]
async fn a_token_that_cannot_be_had_ends_the_list() {
    let server = five_roles().await;
    let asked = std::sync::atomic::AtomicU32::new(0);
    let pimento = server.client().with_token_provider(move || {
        let first = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        async move {
            if first {
                Ok("t0".to_owned())
            } else {
                Err("the session is over")
            }
        }
    });
    let error = ids_of(&pimento)
        .await
        .expect_err("the second page has no token");
    assert!(
        matches!(&error, Error::Token(reason) if reason == "the session is over"),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 1);
}
