//! The request log: a line for each answer, with who asked and what became of it.

use std::net::SocketAddr;
use std::sync::Arc;

use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{Answer, Call, Contract};
use serde_json::{Value, json};

use crate::paths::{REQUESTS, ROLES};
use crate::server_program::{Program, Signal};

/// A dev server that logs what happens, limited to so many requests a minute, and where it listens.
async fn start(per_minute: &str) -> (Program, SocketAddr) {
    let limit = ["--requests-per-minute", per_minute];
    let arguments = [&["dev", "--listen", "127.0.0.1:0"], &limit[..]].concat();
    let mut program = Program::start_telling_all(&arguments);
    let api = program.prints(" http://").await.expect("it starts");
    let (_, address) = api.split_once("http://").unwrap();
    let address = address.split('/').next().unwrap();
    (program, address.parse().unwrap())
}

/// What ben's request is answered, which may be without a body.
async fn as_ben(address: SocketAddr, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let contract = Arc::new(Contract::of_dev());
    let call = |method, path| Call::new(address, method, path).judged_by(&contract);
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let token = call("POST", "/dev/token").json(&ben).send().await;
    let token = token.expect(200)["access_token"].take();
    let call = call(method, path).bearer(token.as_str().unwrap());
    match body {
        Some(body) => call.json(body).send().await,
        None => call.send().await,
    }
}

/// The line of an answer.
fn line<'a>(log: &'a str, answer: &Answer) -> &'a str {
    let id = answer.header("request-id").unwrap();
    let is_its = |line: &&str| line.contains("answered") && line.contains(id);
    log.lines().find(is_its).expect("a line of its own")
}

#[tokio::test]
async fn an_evaluation_is_in_the_request_log_with_who_asked_whatever_its_verdict() {
    let (program, address) = start("100").await;
    let request = |reason: Option<&str>, evaluate_only: bool| {
        json!({
            "roleId": USER_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": reason,
            "evaluateOnly": evaluate_only,
        })
    };
    let ask = async |body: Value| as_ben(address, "POST", REQUESTS, Some(&body)).await;
    let passed = ask(request(Some("Help"), true)).await;
    passed.expect(200);
    let failed = ask(request(None, true)).await;
    failed.refused(400, "RequestorReasonMissing");
    let real = ask(request(Some("Help"), false)).await;
    real.expect(201);
    let log = program.stop(Signal::Terminate).await.log;
    for (answer, expected) in [
        (&passed, "status=200"),
        (&failed, "status=400 code=\"RequestorReasonMissing\""),
    ] {
        let line = line(&log, answer);
        for expected in [expected, "principal=ben", "evaluate_only=true", REQUESTS] {
            assert!(line.contains(expected), "{expected}: {line}");
        }
    }
    let line = line(&log, &real);
    assert!(line.contains("principal=ben") && !line.contains("evaluate_only"));
}

#[tokio::test]
async fn who_is_refused_or_throttled_is_in_the_request_log_and_nobody_without_a_good_token() {
    let (program, address) = start("1").await;
    let refused = as_ben(address, "GET", ROLES, None).await;
    refused.refused(403, "Authorization_RequestDenied");
    let throttled = as_ben(address, "GET", ROLES, None).await;
    throttled.refused(429, "TooManyRequests");
    let nobody = Call::new(address, "GET", ROLES).bearer("x").send().await;
    nobody.refused(401, "InvalidAuthenticationToken");
    let log = program.stop(Signal::Terminate).await.log;
    assert!(line(&log, &refused).contains("code=\"Authorization_RequestDenied\""));
    assert!(line(&log, &refused).contains("principal=ben"));
    assert!(line(&log, &throttled).contains("code=\"TooManyRequests\""));
    assert!(line(&log, &throttled).contains("principal=ben"));
    assert!(!line(&log, &nobody).contains("principal"));
}
