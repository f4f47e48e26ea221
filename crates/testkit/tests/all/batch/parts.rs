//! What a part may be, and how it is answered.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pimento_testkit::TestServer;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use serde_json::{Value, json};

use super::{MY, carried_out, code, part, read, statuses, with, write};
use crate::paths::{ROLES, State};

fn bens(action: &str) -> String {
    format!("/privilegedRoleAssignments/ben_{USER_ADMINISTRATOR}{action}")
}

#[tokio::test]
async fn urls_are_relative_to_the_family_or_absolute_of_this_server() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let port = server.address().port();
    let own = "privilegedRoles?$top=1&$count=true";
    let requests = [
        read("1", &format!("/{own}")),
        read("2", own),
        read("3", &format!("http://127.0.0.1:{port}/beta/{own}")),
        read("4", &format!("HTTP://LocalHost:{port}/BETA/{own}")),
        read(
            "5",
            "/PrivilegedRoles/?%24top=1&count=true&note=a \"b\" {c}",
        ),
    ];
    for answer in carried_out(&ada, &requests).await {
        assert_eq!(answer["body"]["@odata.count"], 145, "{answer}");
    }
}

#[tokio::test]
async fn nothing_but_the_family_is_reached() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let urls = [
        "/../livez",
        "../dev/token",
        "/%2e%2e/livez",
        "/livez",
        "/beta/privilegedRoles",
    ];
    let requests: Vec<Value> = (0..)
        .zip(urls)
        .map(|(id, url): (usize, _)| read(&id.to_string(), url))
        .collect();
    assert_eq!(statuses(&ada, &requests).await, vec![404; requests.len()]);
    for elsewhere in [
        "x://",
        "//127.0.0.1/livez",
        "//pim.example.org/beta/privilegedRoles",
    ] {
        super::send(&ada, &[read("1", elsewhere)])
            .await
            .refused(400, "invalidRequest");
    }
}

#[tokio::test]
async fn bodies_are_json_or_base64_by_either_alphabet() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let url = format!("/privilegedRoles/{APPLICATION_ADMINISTRATOR}/settings");
    let body = r#"{"elevationDuration": "PT2H", "?": "ÿ>~ü?"}"#;
    let requests = [
        write("json", "PATCH", &url, &json!({"elevationDuration": "PT2H"})),
        write("url", "PATCH", &url, &json!(URL_SAFE_NO_PAD.encode(body))),
        write("standard", "PATCH", &url, &json!(STANDARD.encode(body))),
        write(
            "no JSON",
            "PATCH",
            &url,
            &json!(URL_SAFE_NO_PAD.encode("{")),
        ),
        write("list", "PATCH", &url, &json!([])),
        write("number", "PATCH", &url, &json!(1)),
        with(
            write("text", "PATCH", &url, &json!({})),
            "content-type",
            "text/plain",
        ),
        part("none", "PATCH", &url),
    ];
    let expected = [204, 204, 204, 400, 400, 400, 415, 400];
    assert_eq!(statuses(&ada, &requests).await, expected);
    let settings = ada.get(&format!("/beta{url}")).await.expect(200);
    assert_eq!(settings["elevationDuration"], "PT2H");
}

#[tokio::test]
async fn names_of_headers_are_read_in_any_case_and_answered_in_the_usual_one() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR});
    let mut create = write("create", "POST", "/privilegedRoleAssignments", &new);
    create["headers"] = json!({"CONTENT-TYPE": "application/json", "Client-Request-ID": "mine"});
    let requests = [
        create,
        part("remove", "DELETE", &bens("")),
        part("method", "PUT", MY),
        with(read("token", MY), "AUTHORIZATION", "Bearer nonsense"),
    ];
    let answers = carried_out(&ada, &requests).await;
    let names = |index: usize| {
        let headers = answers[index]["headers"].as_object().unwrap();
        headers.keys().map(String::as_str).collect::<Vec<_>>()
    };
    let ids = ["OData-Version", "client-request-id", "request-id"];
    assert_eq!(names(0), [&["Content-Type", "Location"], &ids[..]].concat());
    let id = format!("dana_{APPLICATION_ADMINISTRATOR}");
    let headers = &answers[0]["headers"];
    assert_eq!(
        headers["Location"],
        format!("{}/beta/privilegedRoleAssignments/{id}", server.url())
    );
    assert_eq!(
        (&headers["client-request-id"], &answers[0]["body"]["id"]),
        (&json!("mine"), &json!(id))
    );
    assert_eq!(
        (&answers[1]["status"], &answers[1]["body"]),
        (&json!(204), &Value::Null)
    );
    assert!(answers[1].as_object().unwrap().contains_key("body"));
    assert_eq!(names(1), ids);
    assert_eq!(names(2), [&["Allow", "Content-Type"], &ids[..]].concat());
    assert_eq!(answers[2]["headers"]["Allow"], "GET,HEAD");
    assert_eq!(
        names(3),
        [&["Content-Type", ids[0], "WWW-Authenticate"], &ids[1..]].concat()
    );
}

#[tokio::test]
async fn several_headers_of_one_name_are_one_with_commas() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let url = format!("/privilegedRoles/{USER_ADMINISTRATOR}/selfActivate");
    let by_itself = ben.post(&format!("/beta{url}")).await;
    by_itself.refused(403, "MfaRequired");
    let challenges = by_itself.headers.get_all("www-authenticate").iter();
    let challenges: Vec<&str> = challenges.map(|one| one.to_str().unwrap()).collect();
    let answers = carried_out(&ben, &[part("1", "POST", &url)]).await;
    assert_eq!(code(&answers[0]), "MfaRequired");
    assert_eq!(
        answers[0]["headers"]["WWW-Authenticate"],
        challenges.join(", ")
    );
    assert_eq!(challenges.len(), 2);
}

#[tokio::test]
async fn each_part_is_refused_by_itself() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let requests = [
        read("role", "/privilegedRoles"),
        read("gone", "/privilegedRoleAssignments/ben_none"),
        read("path", "/nothing"),
        part("method", "DELETE", MY),
        part("made up", "Frobnicate", MY),
        read("option", &format!("{MY}?$filter=idd eq 'x'")),
        read("long", &format!("{MY}?x={}", "x".repeat(17_000))),
        part("head", "HEAD", MY),
        read("well", MY),
    ];
    let expected = [403, 404, 404, 405, 405, 400, 414, 200, 200];
    assert_eq!(statuses(&ben, &requests).await, expected);
}

#[tokio::test]
async fn the_page_size_of_a_part_is_its_own_and_its_next_page_is_absolute() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let requests = [
        with(
            read("small", "/privilegedRoles?$count=true"),
            "prefer",
            "odata.maxpagesize=3",
        ),
        read("usual", "/privilegedRoles"),
    ];
    let answers = carried_out(&ada, &requests).await;
    let size = |answer: &Value| answer["body"]["value"].as_array().unwrap().len();
    assert_eq!((size(&answers[0]), size(&answers[1])), (3, 100));
    let next = answers[0]["body"]["@odata.nextLink"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        next.starts_with(&format!("{}{ROLES}?", server.url())),
        "{next}"
    );
    let by_itself = ada.get(next.strip_prefix(&server.url()).unwrap()).await;
    let next = carried_out(&ada, &[read("next", &next)]).await;
    assert_eq!(next[0]["body"], by_itself.expect(200));
    // What the batch itself prefers is for none of its parts.
    let batch = json!({"requests": [read("usual", "/privilegedRoles")]});
    let sent = ada
        .call("POST", super::BATCH)
        .header("Prefer", "odata.maxpagesize=3");
    let answer = sent.json(&batch).send().await.expect(200);
    assert_eq!(size(&answer["responses"][0]), 100);
}

#[tokio::test]
async fn an_action_by_a_part_is_done() {
    let server = TestServer::dev().await;
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let url = format!("/privilegedRoles/{USER_ADMINISTRATOR}/selfActivate");
    let why = json!({"reason": "Help", "duration": "2"});
    assert_eq!(
        statuses(&ben, &[write("1", "POST", &url, &why)]).await,
        [200]
    );
    let ada = server.person("ada").await;
    let state = State::seen_by(&ada, "ben", USER_ADMINISTRATOR).await;
    assert!(matches!(state, State::Until(_)), "{state:?}");
}
