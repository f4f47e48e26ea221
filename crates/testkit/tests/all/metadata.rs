//! The service document and the entity model: for everybody, and about what is served.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pimento_api::generated::METADATA;
use pimento_testkit::{Answer, TestServer};

use crate::batch::{carried_out, read};
use crate::paths::{ASSIGNMENTS, SIGN_UP_STATUS};

async fn get(server: &TestServer, path: &str) -> Answer {
    server.call("GET", path).send().await
}

#[tokio::test]
async fn the_model_is_there_for_everybody_in_every_spelling() {
    let server = TestServer::dev().await;
    for path in [
        "/beta/$metadata",
        "/beta/$metadata/",
        "/beta/%24metadata",
        "/beta/$METADATA",
        "/BETA/%24MetaData",
        "/beta/$metadata?view=short",
    ] {
        let answer = get(&server, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/xml"));
        assert_eq!(answer.header("odata-version"), Some("4.0"));
        assert_eq!(answer.body, METADATA.as_bytes(), "{path}");
    }
    let head = server.call("HEAD", "/beta/$metadata").send().await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    let with_a_token = server.person("stranger").await.get("/beta/$metadata").await;
    assert_eq!(with_a_token.body, METADATA.as_bytes());
}

#[tokio::test]
async fn the_service_document_is_there_for_everybody_in_every_spelling() {
    let server = TestServer::dev().await;
    let plain = get(&server, "/beta/").await.expect(200);
    for path in ["/beta", "/BETA/", "/%62eta"] {
        assert_eq!(get(&server, path).await.expect(200), plain, "{path}");
    }
}

#[tokio::test]
async fn every_entity_set_is_a_list_whose_context_is_in_the_metadata() {
    let server = TestServer::dev().await;
    let service = get(&server, "/beta").await.expect(200);
    let metadata = service["@odata.context"].as_str().unwrap();
    assert!(metadata.ends_with("/beta/$metadata"), "{metadata}");
    let ada = server.person("ada").await;
    let sets = service["value"].as_array().unwrap();
    assert_eq!(sets.len(), 6);
    for set in sets {
        assert_eq!(set["kind"], "EntitySet");
        let (name, url) = (set["name"].as_str().unwrap(), set["url"].as_str().unwrap());
        let list = ada.get(&format!("/beta/{url}")).await.expect(200);
        assert_eq!(list["@odata.context"], format!("{metadata}#{name}"));
        assert!(METADATA.contains(&format!("<EntitySet Name=\"{name}\"")));
    }
}

#[tokio::test]
async fn nobody_may_do_anything_else_with_them() {
    let server = TestServer::dev().await;
    for path in ["/beta", "/beta/$metadata"] {
        let answer = get(&server, &format!("{path}?$format=json")).await;
        let error = answer.refused(400, "Request_UnsupportedQuery");
        assert_eq!(error["target"], "$format");
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = server.call(method, path).send().await;
            answer.refused(405, "Request_BadRequest");
        }
    }
    for path in [ASSIGNMENTS, SIGN_UP_STATUS] {
        let answer = get(&server, path).await;
        answer.refused(401, "InvalidAuthenticationToken");
    }
}

#[tokio::test]
async fn both_are_read_in_a_batch_too() {
    let server = TestServer::dev().await;
    let stranger = server.person("stranger").await;
    let parts = [
        read("model", "/$metadata"),
        read("service", "/"),
        read("options", "?$top=1"),
    ];
    let answers = carried_out(&stranger, &parts).await;
    assert_eq!(answers[0]["headers"]["Content-Type"], "application/xml");
    let model = answers[0]["body"].as_str().unwrap();
    assert_eq!(URL_SAFE_NO_PAD.decode(model).unwrap(), METADATA.as_bytes());
    assert_eq!(answers[1]["body"], get(&server, "/beta/").await.expect(200));
    let code = &answers[2]["body"]["error"]["code"];
    assert_eq!(code, "Request_UnsupportedQuery");
}
