//! The check of batches: each wrong answer of a part is caught, and right ones are not.

use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

use super::{ASSIGNMENT, Contract, Exchange, ID, assignment, refusal};

/// What is wrong with a batch of these parts and their answers.
fn violations(requests: &Value, responses: &Value) -> Vec<String> {
    let id = HeaderValue::from_static(ID);
    let headers = [
        ("request-id", id.clone()),
        ("client-request-id", id),
        ("odata-version", HeaderValue::from_static("4.0")),
        ("content-type", HeaderValue::from_static("application/json")),
    ];
    let headers = headers.map(|(name, value)| (name.parse().unwrap(), value));
    let sent = json!({ "requests": requests }).to_string();
    let body = json!({ "responses": responses }).to_string();
    let exchange = Exchange {
        query: "",
        method: &Method::POST,
        path: "/beta/$batch",
        sent: sent.as_bytes(),
        status: 200,
        headers: &HeaderMap::from_iter(headers),
        body: body.as_bytes(),
    };
    Contract::of_dev().judge(&exchange).violations
}

fn part(id: &str, method: &str, url: &str) -> Value {
    json!({"id": id, "method": method, "url": url})
}

fn answer(id: &str, status: u16, body: Value) -> Value {
    let mut headers =
        json!({"request-id": ID, "client-request-id": "mine", "OData-Version": "4.0"});
    if !body.is_null() {
        headers["Content-Type"] = json!("application/json");
    }
    json!({"id": id, "status": status, "headers": headers, "body": body})
}

/// Two parts, and right answers to them.
fn two() -> (Value, Value) {
    let url = ASSIGNMENT.strip_prefix("/beta").unwrap();
    let requests = json!([
        part("1", "get", url),
        part("2", "DELETE", &format!("http://here{ASSIGNMENT}"))
    ]);
    let responses = json!([
        answer("2", 204, Value::Null),
        answer("1", 200, assignment())
    ]);
    (requests, responses)
}

#[test]
fn right_answers_of_parts_are_let_pass() {
    let (requests, mut responses) = two();
    assert_eq!(violations(&requests, &responses), [""; 0]);
    for (status, code) in [
        (404, "ResourceNotFound"),
        (424, "FailedDependency"),
        (414, "invalidRequest"),
    ] {
        responses[1] = answer("1", status, refusal(code));
        assert_eq!(violations(&requests, &responses), [""; 0], "{status}");
    }
}

#[test]
fn a_wrong_answer_of_a_part_is_caught() {
    let lower = |mut answer: Value| {
        let headers = answer["headers"].as_object_mut().unwrap();
        let value = headers.remove("Content-Type").unwrap();
        headers.insert("content-type".to_owned(), value);
        answer
    };
    let mut extra = assignment();
    extra["extra"] = json!(1);
    let mut without_ids = answer("1", 200, assignment());
    without_ids["headers"]
        .as_object_mut()
        .unwrap()
        .remove("request-id");
    for (wrong, expected) in [
        (answer("1", 200, extra), "/extra is not declared"),
        (answer("1", 200, Value::Null), "its Content-Type is none"),
        (answer("1", 200, json!("text")), "but its body"),
        (
            answer("1", 418, assignment()),
            "does not document this status",
        ),
        (
            answer("1", 404, refusal("RoleNotFound")),
            "does not document the code",
        ),
        (
            answer("1", 424, refusal("RoleNotFound")),
            "does not document this status",
        ),
        (
            lower(answer("1", 200, assignment())),
            "its Content-Type is spelled content-type",
        ),
        (without_ids, "it has not one request-id"),
        (answer("3", 200, assignment()), "it answers {\"2\", \"3\"}"),
        (
            json!({"id": "1", "status": 200, "headers": {}}),
            "it answers 200 to what is no batch",
        ),
    ] {
        let (requests, mut responses) = two();
        responses[1] = wrong;
        let found = violations(&requests, &responses).join("\n");
        assert!(found.contains(expected), "{expected}: {found}");
    }
    let (requests, responses) = two();
    let one = json!([responses[1]]);
    assert!(violations(&requests, &one)[0].contains("it answers {\"1\"}"));
}
