//! Bodies: left out in each way that clients do it, and wrong in each way that we thought of.

mod wrong_types;

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Answer, Call, Person, TestServer};
use serde_json::json;

use crate::paths::{ASSIGNMENTS, State, assignment, own, settings};

/// Ben with a second factor, who is Privileged Role Administrator by token as well.
async fn ben(server: &TestServer) -> Person<'_> {
    let wids = [pimento_testkit::role::PRIVILEGED_ROLE_ADMINISTRATOR];
    server
        .signed_in(&json!({"oid": "ben", "amr": ["mfa"], "wids": wids}))
        .await
}

/// The three ways to leave a body out, and two that say nothing either.
fn empty(call: &Call) -> [Call; 5] {
    let json = |call: Call| call.header("Content-Type", "application/json");
    [
        call.clone().bytes(""),
        json(call.clone()),
        call.clone().text("{}"),
        call.clone(),
        json(call.clone()).bytes(""),
    ]
}

#[tokio::test]
async fn an_optional_body_may_be_left_out_in_every_way() {
    let server = TestServer::dev().await;
    let ben = ben(&server).await;
    let path = format!("{}/makePermanent", assignment("ben", USER_ADMINISTRATOR));
    for call in empty(&ben.call("POST", &path)) {
        call.send().await.expect(200);
    }
    ben.post(&format!(
        "{}/makeEligible",
        assignment("ben", USER_ADMINISTRATOR)
    ))
    .await
    .expect(200);
    for call in empty(&ben.call("POST", &own(USER_ADMINISTRATOR, "selfActivate"))) {
        call.send().await.expect(200);
        ben.post(&own(USER_ADMINISTRATOR, "selfDeactivate"))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn a_body_where_none_is_taken_is_ignored_whatever_it_is() {
    let server = TestServer::dev().await;
    let fay = json!({
        "oid": "ben", "wids": [
            pimento_testkit::role::PRIVILEGED_ROLE_ADMINISTRATOR, pimento_testkit::role::GLOBAL_ADMINISTRATOR,
        ],
    });
    let ben = server.signed_in(&fay).await;
    for path in [
        format!("{}/makeEligible", assignment("ben", USER_ADMINISTRATOR)),
        own(USER_ADMINISTRATOR, "selfDeactivate"),
        "/beta/privilegedSignupStatus/signUp".to_owned(),
    ] {
        let call = ben.call("POST", &path);
        for call in empty(&call).into_iter().chain([
            call.clone().text("{"),
            call.clone().text("[1]"),
            call.clone().json(&json!({"reason": 7})),
            call.clone().bytes(b"\xff\x00garbage"),
            call.clone()
                .header("Content-Type", "text/plain")
                .bytes("garbage"),
            call.clone()
                .header("Content-Encoding", "gzip")
                .text("garbage"),
        ]) {
            call.send().await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_body_that_must_be_there_and_is_not_is_refused() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let path = settings(APPLICATION_ADMINISTRATOR);
    for (method, path) in [("POST", ASSIGNMENTS), ("PUT", &path), ("PATCH", &path)] {
        let call = ada.call(method, path);
        call.clone()
            .text("")
            .send()
            .await
            .refused(400, "BadRequest");
        call.send().await.refused(400, "BadRequest");
    }
}

/// Bodies that are no JSON object at all.
const NO_OBJECT: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"[]",
    b"[{}]",
    b"null",
    b"true",
    b"7",
    b"\"text\"",
    b"{'reason': 'x'}",
    b"{\"reason\": }",
    b"{\"reason\" \"x\"}",
    b"{reason: \"x\"}",
    b"{\"reason\": \"x\",}",
    b"{\"reason\": \"\x01\"}",
    b"{\"reason\": \"\xff\xfe\"}",
    b"{\"unknown\": \"\xff\xfe\"}",
    b"{\"reason\": \"\xc0\x80\"}",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf[]",
    b"reason=x",
    b"<reason/>",
    b"{\"reason\": NaN}",
    b"\x00",
    b" ",
];

#[tokio::test]
async fn what_is_no_json_object_is_refused_wherever_a_body_is_taken() {
    let server = TestServer::dev().await;
    let ben = ben(&server).await;
    let path = settings(APPLICATION_ADMINISTRATOR);
    for (method, path) in [
        ("POST", ASSIGNMENTS.to_owned()),
        ("PUT", path.clone()),
        ("PATCH", path),
        ("POST", own(USER_ADMINISTRATOR, "selfActivate")),
        (
            "POST",
            format!("{}/makePermanent", assignment("ben", USER_ADMINISTRATOR)),
        ),
        ("POST", "/dev/token".to_owned()),
        ("POST", "/dev/clock".to_owned()),
    ] {
        for body in NO_OBJECT {
            let answer = ben.call(method, &path).text(body).send().await;
            let shown = String::from_utf8_lossy(body);
            assert_eq!(answer.status, 400, "{path} {shown:?}");
            answer.refused(400, "BadRequest");
        }
    }
    assert_eq!(
        State::seen_by(&ben, "ben", USER_ADMINISTRATOR).await,
        State::Eligible
    );
}

async fn make_permanent(server: &TestServer, body: &[u8]) -> Answer {
    let ada = server.person("ada").await;
    let path = format!("{}/makePermanent", assignment("ben", USER_ADMINISTRATOR));
    ada.call("POST", &path).text(body).send().await
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped_and_a_control_character_refused() {
    let server = TestServer::dev().await;
    let marked = make_permanent(&server, b"\xef\xbb\xbf{}").await;
    marked.expect(200);
    let control = make_permanent(&server, br#"{"reason": "a\u0000b"}"#).await;
    assert_eq!(control.refused(400, "invalidRequest")["target"], "reason");
}

#[tokio::test]
async fn what_follows_the_object_and_half_a_character_are_refused() {
    let server = TestServer::dev().await;
    for body in [
        "{}{}",
        "{} x",
        "{\"reason\": \"x\"},",
        "{}]",
        "{}\0",
        r#"{"reason": "\ud800"}"#,
    ] {
        let answer = make_permanent(&server, body.as_bytes()).await;
        answer.refused(400, "BadRequest");
    }
}

#[tokio::test]
async fn a_body_that_is_nested_without_end_does_no_harm() {
    let server = TestServer::dev().await;
    for depth in [1_000, 100_000] {
        for (open, inner, close) in [("[", "", "]"), ("{\"a\":", "1", "}")] {
            let nested = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            let reason = format!("{{\"reason\": {nested}}}");
            make_permanent(&server, reason.as_bytes())
                .await
                .refused(400, "invalidRequest");
            let unknown = format!("{{\"unknown\": {nested}}}");
            make_permanent(&server, unknown.as_bytes())
                .await
                .expect(200);
            // A claim is kept, so here it counts.
            let claim = server
                .call("POST", "/dev/token")
                .text(&unknown)
                .send()
                .await;
            claim.refused(400, "BadRequest");
            let unclosed = server
                .call("POST", "/dev/token")
                .text(open.repeat(depth))
                .send()
                .await;
            unclosed.refused(400, "BadRequest");
        }
    }
}

#[tokio::test]
async fn a_member_of_the_wrong_type_is_named() {
    let server = TestServer::dev().await;
    for member in ["reason", "ticketNumber", "ticketSystem"] {
        for value in [
            json!(7),
            json!(true),
            json!([]),
            json!({"a": "b"}),
            json!(1.5),
        ] {
            let body = json!({member: value}).to_string();
            let error = make_permanent(&server, body.as_bytes()).await;
            let error = error.refused(400, "invalidRequest");
            assert_eq!(error["target"], member);
            assert!(
                error["message"].as_str().unwrap().contains(member),
                "{error}"
            );
        }
    }
    let ada = server.person("ada").await;
    for (member, value) in [
        ("userId", json!(7)),
        ("roleId", json!([])),
        ("isElevated", json!("yes")),
        ("isElevated", json!(1)),
    ] {
        let mut new = json!({"userId": "dana", "roleId": USER_ADMINISTRATOR});
        new[member] = value;
        let error = ada.send("POST", ASSIGNMENTS, &new).await;
        assert_eq!(error.refused(400, "invalidRequest")["target"], member);
    }
}

#[tokio::test]
async fn a_member_that_is_there_twice_is_refused() {
    let server = TestServer::dev().await;
    let answer = make_permanent(&server, br#"{"reason": "a", "reason": "b"}"#).await;
    answer.refused(400, "invalidRequest");
    let ada = server.person("ada").await;
    let twice =
        format!(r#"{{"userId": "eve", "roleId": "{USER_ADMINISTRATOR}", "userId": "dana"}}"#);
    ada.call("POST", ASSIGNMENTS)
        .text(twice)
        .send()
        .await
        .refused(400, "invalidRequest");
    for user in ["eve", "dana"] {
        assert_eq!(
            State::seen_by(&ada, user, USER_ADMINISTRATOR).await,
            State::Gone
        );
    }
}

#[tokio::test]
async fn null_and_unknown_members_are_let_pass() {
    let server = TestServer::dev().await;
    for body in [
        r#"{"reason": null, "ticketNumber": null, "ticketSystem": null}"#,
        r#"{"Reason": 7, "unknown": {"deep": [1, {"er": null}]}}"#,
        r##"{"@odata.type": "#microsoft.graph.x", "reason": "\u00e4\ud83d\ude00\n"}"##,
        " \r\n\t{\"reason\": \"x\"}\n ",
    ] {
        make_permanent(&server, body.as_bytes()).await.expect(200);
    }
}

#[tokio::test]
async fn the_media_type_has_to_be_json() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let path = format!("{}/makePermanent", assignment("ben", USER_ADMINISTRATOR));
    let send = async |media: &str| {
        let call = ada.call("POST", &path).header("Content-Type", media);
        call.bytes(r#"{"reason": "x"}"#).send().await
    };
    for media in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
        "application/json;odata.metadata=minimal;IEEE754Compatible=true",
        "application/json ; odata.streaming=true",
    ] {
        send(media).await.expect(200);
    }
    for media in [
        "text/plain",
        "text/json",
        "application/xml",
        "application/jsonx",
        "application/x-www-form-urlencoded",
        "json",
        "",
        ",",
    ] {
        let error = send(media).await;
        assert_eq!(error.status, 415, "{media:?}");
        assert_eq!(error.refused(415, "BadRequest")["target"], "content-type");
    }
    let untold = ada
        .call("POST", &path)
        .bytes(r#"{"reason": "x"}"#)
        .send()
        .await;
    untold.refused(415, "BadRequest");
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let path = format!("{}/makePermanent", assignment("ben", USER_ADMINISTRATOR));
    for coding in ["gzip", "br", "gzip, identity"] {
        let call = ada.call("POST", &path).header("Content-Encoding", coding);
        let error = call.text(b"\x1f\x8b\x08\x00").send().await;
        assert_eq!(
            error.refused(415, "BadRequest")["target"],
            "content-encoding"
        );
    }
    let identity = ada
        .call("POST", &path)
        .header("Content-Encoding", "identity");
    identity.text("{}").send().await.expect(200);
}

#[tokio::test]
async fn a_body_of_1_mib_is_taken_and_a_larger_one_is_not() {
    let server = TestServer::dev().await;
    let whole = |length: usize| {
        let (start, end) = (r#"{"unknown": ""#, r#""}"#);
        format!(
            "{start}{}{end}",
            "x".repeat(length - start.len() - end.len())
        )
    };
    let mib = 1024 * 1024;
    make_permanent(&server, whole(mib).as_bytes())
        .await
        .expect(200);
    make_permanent(&server, whole(mib + 1).as_bytes())
        .await
        .refused(413, "BadRequest");
}

#[tokio::test]
async fn a_body_in_chunks_is_taken_and_counted_like_any_other() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let path = format!("{}/makePermanent", assignment("ben", USER_ADMINISTRATOR));
    let chunked = ada
        .call("POST", &path)
        .header("Transfer-Encoding", "chunked");
    chunked
        .clone()
        .text("f\r\n{\"reason\": \"x\"}\r\n0\r\n\r\n")
        .send()
        .await
        .expect(200);
    let broken = chunked
        .text("f\r\n{\"reason\": 7  }\r\n0\r\n\r\n")
        .send()
        .await;
    broken.refused(400, "invalidRequest");
}
