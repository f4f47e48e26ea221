//! What `serve` does not have.

use pimento_testkit::Contract;
use serde_json::json;

use super::{ROLES, plain, shown};

#[tokio::test]
async fn none_of_dev_modes_endpoints_exists() {
    let house = plain().await;
    let (dev, serve) = (Contract::of_dev(), Contract::of_serve());
    let known = serve.documented();
    let operations = dev.documented();
    let only_dev: Vec<_> = operations
        .keys()
        .filter(|id| !known.contains_key(*id))
        .collect();
    assert_eq!(only_dev.len(), 4, "{only_dev:?}");
    for (method, path) in only_dev.into_iter().map(|id| dev.route(id)) {
        for method in [method, "GET", "POST", "OPTIONS"] {
            let call = house.server.call(method, path).json(&json!({}));
            call.send().await.refused(404, "ResourceNotFound");
        }
    }
    for path in [
        "/dev",
        "/dev/",
        "/DEV/token",
        "/dev/token/",
        "//dev/token",
        "/beta/dev/token",
    ] {
        let call = house.server.call("POST", path).json(&json!({"oid": "fay"}));
        call.send().await.refused(404, "ResourceNotFound");
    }
    house
        .server
        .call("GET", "/openapi/dev.json")
        .send()
        .await
        .refused(404, "ResourceNotFound");
}

#[tokio::test]
async fn an_issuer_of_the_name_that_dev_mode_uses_is_not_trusted() {
    let house = plain().await;
    let claims =
        json!({"iss": format!("{}/dev", house.server.url()), "aud": "pimento-dev", "oid": "fay"});
    shown(&house, &house.issuer.token(&claims))
        .await
        .refused(401, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn the_other_documents_and_the_page_are_there_but_nobody_is_signed_in() {
    let house = plain().await;
    for (path, generated) in [
        (
            "/openapi/graph-beta.json",
            include_str!("../../../../api/src/generated/graph-beta.json"),
        ),
        (
            "/openapi/admin.json",
            include_str!("../../../../api/src/generated/admin.json"),
        ),
    ] {
        let answer = house.server.call("GET", path).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.body == generated.as_bytes(),
            "{path} is not the generated file"
        );
    }
    assert_eq!(
        house.server.call("GET", "/swagger-ui/").send().await.status,
        200
    );
    let script = house
        .server
        .call("GET", "/swagger-ui/swagger-initializer.js")
        .send()
        .await;
    let script = String::from_utf8(script.body).expect("UTF-8");
    assert!(script.contains("/openapi/graph-beta.json"), "{script}");
    assert!(
        !script.contains("/dev/") && !script.contains("dev.json"),
        "{script}"
    );
}

#[tokio::test]
async fn a_proxy_may_call_it_by_any_name() {
    let house = plain().await;
    let call = house
        .server
        .call("GET", "/livez")
        .header("Host", "pim.example.org");
    call.send().await.expect(200);
    let call = house
        .server
        .call("GET", ROLES)
        .header("Host", "pim.example.org");
    call.send().await.refused(401, "InvalidAuthenticationToken");
}
