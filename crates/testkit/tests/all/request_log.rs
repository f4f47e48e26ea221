//! The request log: a line for each answer, with who asked and what became of it.

use pimento_testkit::Answer;
use pimento_testkit::role::USER_ADMINISTRATOR;
use serde_json::{Value, json};

use crate::batch::{BATCH, read};
use crate::dev_mode::dev::Dev;
use crate::paths::{REQUESTS, ROLES};

/// A dev server that logs what happens, limited to so many requests a minute.
async fn start(per_minute: &str) -> Dev {
    Dev::telling_all(&["--requests-per-minute", per_minute]).await
}

/// What ben's request is answered, which may be without a body.
async fn as_ben(dev: &Dev, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let token = dev.token(json!({"oid": "ben", "amr": ["mfa"]})).await;
    let call = dev.call(method, path).bearer(&token);
    match body {
        Some(body) => call.json(body).send().await,
        None => call.send().await,
    }
}

/// The line of an answer.
fn line<'a>(log: &'a str, answer: &Answer) -> &'a str {
    line_of(log, answer.header("request-id").unwrap())
}

/// The one line of the answer with this request id.
fn line_of<'a>(log: &'a str, id: &str) -> &'a str {
    let own = format!("request_id={id}");
    let mut lines = log.lines().filter(|line| line.contains(&own));
    let line = lines.next().expect("a line of its own");
    assert_eq!(lines.next(), None);
    line
}

#[tokio::test]
async fn an_evaluation_is_in_the_request_log_with_who_asked_whatever_its_verdict() {
    let dev = start("100").await;
    let request = |reason: Option<&str>, evaluate_only: bool| {
        json!({
            "roleId": USER_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": reason,
            "evaluateOnly": evaluate_only,
        })
    };
    let ask = async |body: Value| as_ben(&dev, "POST", REQUESTS, Some(&body)).await;
    let passed = ask(request(Some("Help"), true)).await;
    passed.expect(200);
    let failed = ask(request(None, true)).await;
    failed.refused(400, "RequestorReasonMissing");
    let real = ask(request(Some("Help"), false)).await;
    real.expect(201);
    let log = dev.stop().await.log;
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
async fn each_part_of_a_batch_has_a_line_of_its_own_and_so_has_the_batch() {
    let dev = start("100").await;
    let cleo = format!("Bearer {}", dev.token(json!({"oid": "cleo"})).await);
    let activate = format!("/privilegedRoles/{USER_ADMINISTRATOR}/selfActivate");
    let requests = json!([
        read("1", "/privilegedRoles"),
        json!({"id": "2", "method": "GET", "url": "/privilegedRoleAssignments/my", "dependsOn": ["1"]}),
        json!({"id": "3", "method": "GET", "url": "/privilegedRoleAssignments/my"}),
        json!({"id": "4", "method": "GET", "url": "/privilegedRoleAssignments/my", "headers": {"Authorization": "Bearer eyJhbGciOiJub25lIn0"}}),
        json!({"id": "5", "method": "post", "url": activate, "headers": {"Authorization": cleo}}),
    ]);
    let batch = json!({ "requests": requests });
    let answer = as_ben(&dev, "POST", BATCH, Some(&batch)).await;
    let body = answer.expect(200);
    let log = dev.stop().await.log;
    let own = line(&log, &answer);
    for expected in [
        "method=\"POST\" path=\"/beta/$batch\" status=200",
        "principal=ben",
    ] {
        assert!(own.contains(expected), "{expected}: {own}");
    }
    let mine = "path=\"/beta/privilegedRoleAssignments/my\"";
    let parts = body["responses"].as_array().unwrap();
    assert_eq!(parts.len(), 5);
    for (part, expected) in parts.iter().zip([
        [
            "status=403 code=\"Authorization_RequestDenied\"",
            "principal=ben",
            "path=\"/beta/privilegedRoles\"",
        ],
        [
            "status=424 code=\"FailedDependency\"",
            "method=\"GET\"",
            mine,
        ],
        ["status=200", "principal=ben", mine],
        [
            "status=401 code=\"InvalidAuthenticationToken\"",
            "method=\"GET\"",
            mine,
        ],
        // Whose token a part brings is who asked.
        [
            "status=403 code=\"MfaRequired\"",
            "principal=cleo",
            &format!("method=\"POST\" path=\"/beta{activate}\""),
        ],
    ]) {
        let id = part["headers"]["request-id"].as_str().unwrap();
        let line = line_of(&log, id);
        for expected in expected {
            assert!(line.contains(expected), "{expected}: {line}");
        }
    }
    assert!(!log.contains("eyJ"));
}

#[tokio::test]
async fn who_is_refused_or_throttled_is_in_the_request_log_and_nobody_without_a_good_token() {
    let dev = start("1").await;
    let refused = as_ben(&dev, "GET", ROLES, None).await;
    refused.refused(403, "Authorization_RequestDenied");
    let throttled = as_ben(&dev, "GET", ROLES, None).await;
    throttled.refused(429, "TooManyRequests");
    let nobody = dev.call("GET", ROLES).bearer("x").send().await;
    nobody.refused(401, "InvalidAuthenticationToken");
    let log = dev.stop().await.log;
    assert!(line(&log, &refused).contains("code=\"Authorization_RequestDenied\""));
    assert!(line(&log, &refused).contains("principal=ben"));
    assert!(line(&log, &throttled).contains("code=\"TooManyRequests\""));
    assert!(line(&log, &throttled).contains("principal=ben"));
    assert!(!line(&log, &nobody).contains("principal"));
}
