//! The headers of answers. (That each answer has those that its operation declares is checked of every answer.)

use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{Answer, TestServer};
use serde_json::json;

use crate::paths::{ASSIGNMENTS, ROLES, assignment};

fn ids(answer: &Answer) -> (String, String) {
    let id = |name| answer.header(name).unwrap().to_owned();
    (id("request-id"), id("client-request-id"))
}

#[tokio::test]
async fn each_request_has_an_id_of_its_own_and_repeats_the_callers() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let (first, client) = ids(&ada.get(ROLES).await);
    assert_eq!(
        first, client,
        "without an id of the caller's the two are one"
    );
    let (second, _) = ids(&ada.get(ROLES).await);
    assert_ne!(first, second);
    for own in [
        "7d0c6f6e-2b57-4b0a-8f0e-5f1f2f8f6c11",
        "job/17:retry#2",
        &"x".repeat(128),
    ] {
        for path in [ROLES, "/livez", "/nowhere", ASSIGNMENTS] {
            let answer = ada
                .call("GET", path)
                .header("client-request-id", own)
                .send()
                .await;
            let (request, client) = ids(&answer);
            assert_eq!(client, own);
            assert_ne!(request, own);
        }
    }
}

#[tokio::test]
async fn an_id_of_the_callers_that_could_do_harm_is_not_repeated() {
    let server = TestServer::dev().await;
    for hostile in [
        &b""[..],
        b"a b",
        b"a\tb",
        b"\xff\xfe",
        "\u{e4}".as_bytes(),
        "x".repeat(129).as_bytes(),
    ] {
        for path in ["/livez", "/nowhere"] {
            let call = server
                .call("GET", path)
                .header("client-request-id", hostile);
            let (request, client) = ids(&call.send().await);
            assert_eq!(client, request, "{hostile:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_has_its_ids_in_the_body_as_well() {
    let server = TestServer::dev().await;
    let call = server
        .call("GET", ROLES)
        .header("client-request-id", "mine-7");
    let answer = call.send().await;
    let error = answer.refused(401, "InvalidAuthenticationToken");
    let inner = &error["innerError"];
    assert_eq!(
        (
            inner["request-id"].as_str(),
            inner["client-request-id"].as_str()
        ),
        (answer.header("request-id"), Some("mine-7"))
    );
    let date = inner["date"].as_str().unwrap();
    assert_eq!(date.len(), "2021-01-01T08:00:13".len());
    assert!(date.parse::<jiff::civil::DateTime>().is_ok(), "{date}");
}

#[tokio::test]
async fn the_family_speaks_odata_4_and_the_other_documents_do_not() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for path in [
        ROLES,
        "/beta/privilegedRoleAssignments/nothing",
        "/beta/nowhere",
        "/BETA/privilegedRoles",
    ] {
        assert_eq!(
            ada.get(path).await.header("odata-version"),
            Some("4.0"),
            "{path}"
        );
    }
    assert_eq!(ada.get("/livez").await.header("odata-version"), None);
}

#[tokio::test]
async fn what_was_created_is_where_the_location_says() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let new = json!({"userId": "dana", "roleId": USER_ADMINISTRATOR, "isElevated": false});
    let created = ada.send("POST", ASSIGNMENTS, &new).await;
    created.expect(201);
    let expected = format!("{}{}", server.url(), assignment("dana", USER_ADMINISTRATOR));
    assert_eq!(created.header("location"), Some(&*expected));
}

#[tokio::test]
async fn absolute_urls_begin_with_the_host_that_was_called() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let port = server.address().port();
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}")] {
        let page = ada
            .call("GET", &format!("{ROLES}?$top=1"))
            .header("Host", &host)
            .send()
            .await
            .expect(200);
        for url in ["@odata.context", "@odata.nextLink"] {
            let url = page[url].as_str().unwrap();
            assert!(url.starts_with(&format!("http://{host}/beta/")), "{url}");
        }
    }
}

#[tokio::test]
async fn no_answer_may_be_read_by_a_page_from_elsewhere() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (method, path) in [
        ("GET", ROLES),
        ("OPTIONS", ROLES),
        ("OPTIONS", "/dev/token"),
        ("GET", "/openapi/dev.json"),
    ] {
        let call = ada
            .call(method, path)
            .header("Origin", "https://elsewhere.example");
        let call = call.header("Access-Control-Request-Method", "POST");
        let answer = call.send().await;
        let cors = answer
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control"));
        assert!(!cors, "{method} {path}");
    }
}
