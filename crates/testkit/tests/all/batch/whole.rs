//! What is wrong with a batch as a whole, or with a part before any is begun: then nothing is done.

use pimento_testkit::TestServer;
use pimento_testkit::role::USER_ADMINISTRATOR;
use serde_json::{Value, json};

use super::{BATCH, MY, part, read, send, statuses, with};
use crate::paths::State;

/// Each is sent behind a part that would remove ben's assignment: the parts, the member that the refusal names, and words of
/// its message.
#[rustfmt::skip]
const MALFORMED: &[(&str, &str, &str)] = &[
    (r#"{"method": "GET", "url": "x"}"#, "requests[1].id", "requests[1] has no id"),
    (r#"["a", "GET", "/privilegedRoles", {}, null, []]"#, "requests[1]", "must be an object; "),
    ("null", "requests[1]", "must be an object; null was sent"),
    (r#"{"id": "", "method": "GET", "url": "x"}"#, "requests[1].id", "has no id"),
    (r#"{"id": null, "method": "GET", "url": "x"}"#, "requests[1].id", "has no id"),
    (r#"{"id": 7, "method": "GET", "url": "x"}"#, "requests[1].id", "must be a text; the number 7 was sent"),
    (r#"{"id": "REMOVE", "method": "GET", "url": "x"}"#, "requests[1].id", r#""REMOVE", and so has requests[0]"#),
    (r#"{"id": "ä", "method": "GET", "url": "x"}, {"id": "Ä", "method": "GET", "url": "x"}"#, "requests[2].id", "and so has requests[1]"),
    (r#"{"id": "a", "url": "x"}"#, "requests[1].method", r#""a": method is missing"#),
    (r#"{"id": "a", "method": "G T", "url": "x"}"#, "requests[1].method", "no HTTP method"),
    (r#"{"id": "a", "method": "GET"}"#, "requests[1].url", r#""a": url is missing"#),
    (r#"{"id": "a", "method": "GET", "url": ""}"#, "requests[1].url", "url is missing"),
    (r#"{"id": "a", "method": "GET", "url": "/$batch"}"#, "requests[1].url", "cannot be a part of a batch"),
    (r#"{"id": "a", "method": "POST", "url": "%24BATCH/?$top=1"}"#, "requests[1].url", "cannot be a part of a batch"),
    (r#"{"id": "a", "method": "GET", "url": "http://elsewhere.example/beta/privilegedRoles"}"#, "requests[1].url", "begin with http://127.0.0.1:"),
    (r#"{"id": "a", "method": "GET", "url": "ftp://127.0.0.1/beta/privilegedRoles"}"#, "requests[1].url", "send it relative"),
    (r#"{"id": "a", "method": "GET", "url": "x", "headers": []}"#, "requests[1].headers", "must be an object; a list was sent"),
    (r#"{"id": "a", "method": "GET", "url": "x", "headers": {"Prefer": "a\nb"}}"#, "requests[1].headers", r#""Prefer" has a name or a value"#),
    (r#"{"id": "a", "method": "GET", "url": "x", "headers": {"no name": "x"}}"#, "requests[1].headers", r#""no name" has a name or a value"#),
    (r#"{"id": "a", "method": "POST", "url": "x", "body": {}}"#, "requests[1].headers", "no Content-Type"),
    (r#"{"id": "a", "method": "POST", "url": "x", "body": "{}"}"#, "requests[1].body", "not in Base64"),
    (r#"{"id": "a", "method": "GET", "url": "x", "dependsOn": "remove"}"#, "requests[1].dependsOn", "must be a list; the text"),
    (r#"{"id": "a", "method": "GET", "url": "x", "dependsOn": ["b"]}"#, "requests[1].dependsOn", r#"depends on "b", but no request"#),
    (r#"{"id": "a", "method": "GET", "url": "x", "dependsOn": ["A"]}"#, "requests[1].dependsOn", r#""a" depends on "a""#),
    (
        r#"{"id": "a", "method": "GET", "url": "x", "dependsOn": ["c"]}, {"id": "b", "method": "GET", "url": "x", "dependsOn": ["a"]},
            {"id": "c", "method": "GET", "url": "x", "dependsOn": ["b", "remove"]}"#,
        "requests[1].dependsOn",
        r#""a" depends on "c", which depends on "b", which depends on "a""#,
    ),
    (r#""a""#, "requests[1]", "must be an object; the text"),
];

#[tokio::test]
async fn a_batch_with_anything_malformed_is_refused_whole_and_names_which_part() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let with_url = |url: &str| read("a", url).to_string();
    let own = with_url(&format!("http://{}/livez", server.address()));
    let long = with_url(&format!("/{}", "a".repeat(70_000)));
    let made = [
        (&*own, "requests[1].url", "not of this family"),
        (&*long, "requests[1].url", "url cannot be one"),
    ];
    for (rest, target, words) in MALFORMED.iter().copied().chain(made) {
        let url = format!("/privilegedRoleAssignments/ben_{USER_ADMINISTRATOR}");
        let rest: Vec<Value> = serde_json::from_str(&format!("[{rest}]")).unwrap();
        let requests = [&[part("remove", "DELETE", &url)], &rest[..]].concat();
        let error = send(&ada, &requests).await.refused(400, "invalidRequest");
        assert_eq!(error["target"], target, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(words), "{words}: {message}");
    }
    let state = State::seen_by(&ada, "ben", USER_ADMINISTRATOR).await;
    assert_eq!(state, State::Eligible);
}

#[tokio::test]
async fn a_batch_has_one_to_twenty_parts() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    for body in [
        json!({}),
        json!({"requests": null}),
        json!({"requests": []}),
    ] {
        let error = ben.send("POST", BATCH, &body).await;
        let error = error.refused(400, "invalidRequest");
        assert_eq!(error["target"], "requests");
        assert_eq!(
            error["message"],
            "requests has no request; a batch has 1 to 20."
        );
    }
    let reads = |count: usize| Vec::from_iter((0..count).map(|id| read(&id.to_string(), MY)));
    assert_eq!(statuses(&ben, &reads(1)).await, [200; 1]);
    assert_eq!(statuses(&ben, &reads(20)).await, [200; 20]);
    let error = send(&ben, &reads(21)).await.refused(400, "invalidRequest");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("requests has 21 requests; a batch has 20 at the most."),
        "{message}"
    );
}

#[tokio::test]
async fn a_batch_is_sent_by_post_to_any_spelling_of_its_path() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let batch = json!({"requests": [read("1", MY)]});
    for path in [BATCH, "/beta/%24batch", "/BETA/$Batch", "/beta/$batch/"] {
        ben.send("POST", path, &batch).await.expect(200);
    }
    for method in ["GET", "PUT", "DELETE"] {
        let answer = ben.send(method, BATCH, &batch).await;
        answer.refused(405, "Request_BadRequest");
        assert_eq!(answer.header("allow"), Some("POST"));
    }
    let elsewhere = ben.send("POST", "/$batch", &batch).await;
    elsewhere.refused(404, "ResourceNotFound");
}

#[tokio::test]
async fn a_batch_needs_a_token_of_a_person_with_any_scope_of_the_family() {
    let server = TestServer::dev().await;
    let batch = json!({"requests": [read("1", MY)]});
    let nobody = server.call("POST", BATCH).json(&batch).send().await;
    nobody.refused(401, "InvalidAuthenticationToken");
    for (scope, status) in [
        ("Directory.AccessAsUser.All", 200),
        ("PrivilegedAccess.ReadWrite.AzureAD", 403),
        ("Directory.Read.All", 403),
    ] {
        let ben = json!({"oid": "ben", "scp": scope});
        let ben = server.signed_in(&ben).await;
        // The batch passes; the part is of an operation that asks for the first of them.
        assert_eq!(statuses(&ben, &[read("1", MY)]).await, [status], "{scope}");
    }
    let ben = json!({"oid": "ben", "scp": "User.Read"});
    let ben = server.signed_in(&ben).await;
    let answer = ben.send("POST", BATCH, &batch).await;
    answer.refused(403, "PermissionScopeNotGranted");
}

#[tokio::test]
async fn members_that_are_null_or_unknown_are_as_good_as_not_there() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let requests = [
        json!({"id": "1", "method": "get", "url": MY, "headers": null, "body": null, "dependsOn": null}),
        json!({"id": "2", "method": "Get", "url": MY, "atomicityGroup": "g", "colour": [1], "dependsOn": []}),
        with(read("3", MY), "Prefer", "respond-async"),
        json!({"id": "4", "method": "GET", "url": MY, "body": ""}),
    ];
    assert_eq!(statuses(&ben, &requests).await, [200; 4]);
}
