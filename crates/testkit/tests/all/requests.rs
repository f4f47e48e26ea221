//! The edge: methods, HEAD, long URLs, and requests that are none.

use std::collections::{BTreeMap, BTreeSet};

use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{Contract, Person, TestServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::paths::{ASSIGNMENTS, ROLES, about_ben, assignment};

/// Every path of the documents, with ids in it, and the methods that it has.
fn paths(contract: &Contract) -> BTreeMap<String, BTreeSet<String>> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in contract.documented().into_keys() {
        let (method, path) = contract.route(operation);
        let methods = paths.entry(about_ben(path)).or_default();
        methods.insert(method.to_owned());
    }
    paths
}

/// What a path answers to a method that it has not: 405 with exactly those that it has.
async fn refuses(person: &Person<'_>, path: &str, method: &str, has: &[&str]) {
    let answer = person.call(method, path).send().await;
    assert_eq!(answer.status, 405, "{method} {path}");
    let allow: BTreeSet<&str> = answer.header("allow").unwrap().split(',').collect();
    assert_eq!(allow, has.iter().copied().collect(), "{method} {path}");
    if method == "HEAD" {
        assert!(answer.body.is_empty(), "{path}");
    } else {
        answer.refused(405, "Request_BadRequest");
    }
}

#[tokio::test]
async fn every_path_refuses_the_methods_that_it_has_not_and_says_which_it_has() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (path, methods) in paths(&Contract::of_dev()) {
        let mut has: Vec<&str> = methods.iter().map(String::as_str).collect();
        if has.contains(&"GET") {
            has.push("HEAD");
        }
        for method in [
            "GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND",
        ] {
            if !has.contains(&method) {
                refuses(&ada, &path, method, &has).await;
            }
        }
    }
}

#[tokio::test]
async fn my_is_no_assignment_that_could_be_deleted() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for spelling in ["/my", "/my()", "/microsoft.graph.my", "/MY/"] {
        refuses(
            &ada,
            &format!("{ASSIGNMENTS}{spelling}"),
            "DELETE",
            &["GET", "HEAD"],
        )
        .await;
    }
    refuses(&ada, &format!("{ASSIGNMENTS}/my"), "POST", &["GET", "HEAD"]).await;
}

#[tokio::test]
async fn a_wrong_method_is_one_whoever_sends_it() {
    let server = TestServer::dev().await;
    let answer = server.call("DELETE", ROLES).send().await;
    answer.refused(405, "Request_BadRequest");
    let answer = server
        .call("POST", "/livez")
        .json(&serde_json::json!({}))
        .send()
        .await;
    answer.refused(405, "Request_BadRequest");
}

#[tokio::test]
async fn head_answers_what_get_answers_without_the_body() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for path in [
        ROLES.to_owned(),
        assignment("ben", USER_ADMINISTRATOR),
        format!("{ASSIGNMENTS}/nothing"),
        "/livez".to_owned(),
    ] {
        let get = ada.get(&path).await;
        let head = ada.call("HEAD", &path).send().await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert_eq!(
            head.header("content-length"),
            get.header("content-length"),
            "{path}"
        );
    }
    let unauthorised = server.call("HEAD", ROLES).send().await;
    assert_eq!(unauthorised.status, 401);
    let denied = server.person("ben").await.call("HEAD", ROLES).send().await;
    assert_eq!(denied.status, 403);
}

#[tokio::test]
async fn a_url_of_16_kib_is_taken_and_a_longer_one_is_not() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let filled = |length: usize| {
        let start = format!("{ROLES}?ignored=");
        format!("{start}{}", "x".repeat(length - start.len()))
    };
    ada.get(&filled(16 * 1024)).await.expect(200);
    ada.get(&filled(16 * 1024 + 1))
        .await
        .refused(414, "invalidRequest");
}

#[tokio::test]
async fn an_absolute_request_target_is_taken_as_its_path() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let answer = ada.get(&format!("{}{ROLES}?$top=1", server.url())).await;
    assert_eq!(answer.expect(200)["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_accept_header_of_whatever_kind_gets_json() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for accept in [
        "application/json",
        "application/json;odata.metadata=none",
        "*/*",
        "text/plain;q=0.9",
        "nonsense",
    ] {
        ada.call("GET", ROLES)
            .header("Accept", accept)
            .send()
            .await
            .expect(200);
    }
}

/// Reads until what is there ends as the text says.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = String::new();
    while !read.contains(end) {
        let mut part = [0; 1024];
        let length = stream.read(&mut part).await.unwrap();
        assert_ne!(length, 0, "the connection ended after {read:?}");
        read.push_str(std::str::from_utf8(&part[..length]).unwrap());
    }
    read
}

#[tokio::test]
async fn a_body_that_comes_after_its_refusal_ends_no_connection() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let signed_in = format!("Authorization: Bearer {}\r\n", ada.token());
    let eligible = format!("{}/makeEligible", assignment("ben", USER_ADMINISTRATOR));
    for (method, path, token, status) in [
        ("POST", "/beta/nowhere", &*signed_in, 404),
        ("DELETE", ROLES, &signed_in, 405),
        ("POST", ROLES, "", 401),
        ("POST", &eligible, &signed_in, 200),
    ] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let host = format!("Host: {}\r\n", server.address());
        let head = format!("{method} {path} HTTP/1.1\r\n{host}{token}Content-Length: 2\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = read_until(&mut stream, "}").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );

        let next = format!("{{}}GET /livez HTTP/1.1\r\n{host}\r\n");
        stream.write_all(next.as_bytes()).await.unwrap();
        let answer = read_until(&mut stream, "alive").await;
        assert!(answer.contains("HTTP/1.1 200 "), "{answer}");
    }
}
