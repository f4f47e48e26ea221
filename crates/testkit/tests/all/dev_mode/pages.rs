//! The documents and the Swagger UI: public, offline, and in dev mode signed in already.

use pimento_testkit::TestServer;
use serde_json::Value;

const INITIALIZER: &str = "/swagger-ui/swagger-initializer.js";

#[tokio::test]
async fn the_documents_are_served_as_they_were_generated_without_a_token() {
    let server = TestServer::dev().await;
    for (path, generated) in [
        (
            "/openapi/graph-beta.json",
            include_str!("../../../../api/src/generated/graph-beta.json"),
        ),
        (
            "/openapi/admin.json",
            include_str!("../../../../api/src/generated/admin.json"),
        ),
        (
            "/openapi/dev.json",
            include_str!("../../../../api/src/generated/dev.json"),
        ),
    ] {
        let answer = server.call("GET", path).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/json"),
            "{path}"
        );
        assert!(
            answer.body == generated.as_bytes(),
            "{path} is not the generated file"
        );
    }
}

#[tokio::test]
async fn the_page_loads_all_that_it_names_from_the_server_itself() {
    let server = TestServer::dev().await;
    let page = text(&server, "/swagger-ui/").await;
    let named = attributes(&page);
    assert!(
        named
            .iter()
            .any(|name| name.ends_with("swagger-initializer.js")),
        "{named:?}"
    );
    assert!(
        named
            .iter()
            .any(|name| name.ends_with("swagger-ui-bundle.js")),
        "{named:?}"
    );
    for name in named {
        assert!(
            !name.contains("//") && !name.starts_with('/'),
            "{name} is from elsewhere"
        );
        let path = format!("/swagger-ui/{}", name.trim_start_matches("./"));
        let answer = server.call("GET", &path).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_load_nothing_from_elsewhere() {
    let server = TestServer::dev().await;
    for path in ["/swagger-ui/", INITIALIZER] {
        let answer = server.call("GET", path).send().await;
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("http"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn the_page_is_found_without_its_last_slash_too() {
    let server = TestServer::dev().await;
    let answer = server.call("GET", "/swagger-ui").send().await;
    assert_eq!(answer.status, 308);
    assert_eq!(answer.header("location"), Some("/swagger-ui/"));
}

#[tokio::test]
async fn a_file_that_the_page_does_not_have_is_not_found() {
    let server = TestServer::dev().await;
    for path in [
        "/swagger-ui/nothing.js",
        "/swagger-ui/../Cargo.toml",
        "/swagger-ui/%2e%2e/Cargo.toml",
    ] {
        server
            .call("GET", path)
            .send()
            .await
            .refused(404, "ResourceNotFound");
    }
}

#[tokio::test]
async fn the_page_shows_the_three_documents() {
    let server = TestServer::dev().await;
    let script = text(&server, INITIALIZER).await;
    assert!(
        !script.contains("http://") && !script.contains("https://"),
        "{script}"
    );
    for document in [
        "/openapi/graph-beta.json",
        "/openapi/admin.json",
        "/openapi/dev.json",
    ] {
        assert!(script.contains(document), "{document}: {script}");
        let served = server.call("GET", document).send().await.expect(200);
        assert_eq!(served["openapi"], "3.0.3");
    }
}

#[tokio::test]
async fn the_page_signs_in_by_a_request_that_the_server_answers() {
    let server = TestServer::dev().await;
    let script = text(&server, INITIALIZER).await;
    assert!(script.contains("fetch('/dev/token'"), "{script}");
    assert!(
        script.contains("'Content-Type': 'application/json'"),
        "{script}"
    );
    assert!(script.contains("authActions.authorize"), "{script}");
    // Its literal, in the spelling of JSON, for ada.
    let (_, literal) = script.split_once("JSON.stringify(").expect("a body");
    let (literal, _) = literal.split_once("),").expect("the end of the body");
    let json = ["oid", "amr"].iter().fold(
        literal.replace('\'', "\"").replace("person", "\"ada\""),
        |text, name| text.replace(&format!("{name}:"), &format!("\"{name}\":")),
    );
    let claims: Value = serde_json::from_str(&json).expect("JSON");
    let ada = server.signed_in(&claims).await;
    let path = format!(
        "/beta/privilegedRoleAssignments/ben_{}/makePermanent",
        pimento_testkit::role::USER_ADMINISTRATOR
    );
    ada.post(&path).await.expect(200);
}

/// A page, as text.
async fn text(server: &TestServer, path: &str) -> String {
    let answer = server.call("GET", path).send().await;
    assert_eq!(answer.status, 200, "{path}");
    String::from_utf8(answer.body).expect("UTF-8")
}

/// What a page loads: the values of `src` and `href`.
fn attributes(page: &str) -> Vec<String> {
    ["src=\"", "href=\""]
        .iter()
        .flat_map(|attribute| page.split(attribute).skip(1))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(value, _)| value.to_owned())
        .collect()
}
