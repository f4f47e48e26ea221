//! What keeps a page that somebody happens to visit from using a dev server on their machine.

use pimento_testkit::{Contract, TestServer};
use serde_json::json;

/// What a dev server shows besides the operations of its documents.
const PAGES: [&str; 8] = [
    "/",
    "/nothing/has/this/path",
    "/beta",
    "/openapi/graph-beta.json",
    "/openapi/dev.json",
    "/swagger-ui",
    "/swagger-ui/",
    "/swagger-ui/swagger-initializer.js",
];

#[tokio::test]
async fn every_path_refuses_a_host_that_the_server_does_not_listen_on() {
    let server = TestServer::dev().await;
    let host = format!("rebound.example:{}", server.address().port());
    let contract = Contract::of_dev();
    let operations = contract.documented();
    let routes = operations.keys().map(|id| contract.route(id));
    for (method, path) in routes.chain(PAGES.map(|page| ("GET", page))) {
        let path = path.replace("{id}", "ben");
        let call = server.call(method, &path).header("Host", &host);
        let error = call.send().await.refused(421, "invalidRequest");
        assert_eq!(error["target"], "Host", "{method} {path}");
    }
}

#[tokio::test]
async fn a_good_token_does_not_help_a_host_that_is_foreign() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let port = server.address().port();
    for host in [
        "rebound.example".to_owned(),
        format!("127.0.0.1.rebound.example:{port}"),
        format!("localhost.rebound.example:{port}"),
        format!("127.0.0.2:{port}"),
        format!("[::1]:{port}"),
        format!("127.0.0.1:{port}@rebound.example"),
        format!("127.0.0.1:{}", port ^ 1),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
        String::new(),
    ] {
        let call = ada
            .call("GET", "/beta/privilegedRoles")
            .header("Host", &host);
        assert_eq!(call.send().await.status, 421, "{host:?}");
    }
}

#[tokio::test]
async fn the_hosts_that_the_server_listens_on_are_answered() {
    let server = TestServer::dev().await;
    let port = server.address().port();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("LocalHost:{port}"),
    ] {
        let call = server.call("GET", "/livez").header("Host", &host);
        assert_eq!(call.send().await.status, 200, "{host}");
    }
}

// That no answer at all has a header of CORS is judged with every answer of every test.
#[tokio::test]
async fn a_preflight_is_not_let_through() {
    let server = TestServer::dev().await;
    let before = server.freeze().await;
    for (path, method) in [
        ("/dev/token", "POST"),
        ("/dev/clock", "POST"),
        ("/beta/privilegedRoles", "GET"),
        ("/beta/privilegedRoleAssignments", "POST"),
        ("/openapi/dev.json", "GET"),
    ] {
        let preflight = server
            .call("OPTIONS", path)
            .header("Origin", "https://elsewhere.example")
            .header("Access-Control-Request-Method", method)
            .header(
                "Access-Control-Request-Headers",
                "authorization, content-type",
            );
        preflight.send().await.refused(405, "Request_BadRequest");
    }
    assert_eq!(server.advance("PT0S").await, before);
}

#[tokio::test]
async fn an_answer_to_a_page_from_elsewhere_does_not_let_it_read() {
    let server = TestServer::dev().await;
    let call = server
        .call("POST", "/dev/token")
        .header("Origin", "https://elsewhere.example");
    let answer = call.json(&json!({"oid": "ada"})).send().await;
    let cors = answer
        .headers
        .keys()
        .find(|name| name.as_str().starts_with("access-control-"));
    assert_eq!(
        cors, None,
        "without such a header no browser shows the token to the page"
    );
}

#[tokio::test]
async fn the_endpoints_of_dev_mode_take_only_what_needs_a_preflight() {
    let server = TestServer::dev().await;
    let before = server.freeze().await;
    let body = r#"{"advance": "PT8H"}"#;
    for path in ["/dev/token", "/dev/clock"] {
        let bare = server.call("POST", path).bytes(body).send().await;
        assert_eq!(bare.refused(415, "BadRequest")["target"], "content-type");
        for media_type in [
            "text/plain",
            "text/plain;application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=application/json",
            "application/jsonp",
            "text/json",
            "*/*",
            "",
        ] {
            let call = server.call("POST", path).header("Content-Type", media_type);
            let answer = call.bytes(body).send().await;
            assert_eq!(answer.status, 415, "{path} {media_type:?}");
            answer.refused(415, "BadRequest");
        }
    }
    assert_eq!(
        server.advance("PT0S").await,
        before,
        "nothing moved the clock"
    );
}

#[tokio::test]
async fn json_may_be_spelled_in_any_case_and_with_parameters() {
    let server = TestServer::dev().await;
    for media_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
    ] {
        let call = server
            .call("POST", "/dev/token")
            .header("Content-Type", media_type);
        call.bytes("{}").send().await.expect(200);
    }
}

#[tokio::test]
async fn get_does_not_change_anything() {
    let server = TestServer::dev().await;
    for path in ["/dev/token", "/dev/clock"] {
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let answer = server.call(method, path).send().await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some("POST"), "{method} {path}");
        }
    }
}
