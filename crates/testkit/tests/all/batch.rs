//! Batches: what one is refused as a whole for, and that each of its parts is a request of its own.

mod alike;
mod order;
mod parts;
mod themselves;
mod whole;

use pimento_testkit::{Answer, Person};
use serde_json::{Value, json};

/// Where batches are sent to.
pub(crate) const BATCH: &str = "/beta/$batch";
const MY: &str = "/privilegedRoleAssignments/my";

/// A part without a body.
pub(crate) fn part(id: &str, method: &str, url: &str) -> Value {
    json!({"id": id, "method": method, "url": url})
}

/// A part that reads.
pub(crate) fn read(id: &str, url: &str) -> Value {
    part(id, "GET", url)
}

/// A part with a JSON body.
fn write(id: &str, method: &str, url: &str, body: &Value) -> Value {
    let headers = json!({"content-type": "application/json"});
    json!({"id": id, "method": method, "url": url, "headers": headers, "body": body})
}

/// A part, once others have succeeded.
fn after(mut part: Value, ids: &[&str]) -> Value {
    part["dependsOn"] = json!(ids);
    part
}

/// A part with a header.
fn with(mut part: Value, header: &str, value: &str) -> Value {
    part["headers"][header] = json!(value);
    part
}

async fn send(person: &Person<'_>, requests: &[Value]) -> Answer {
    let batch = json!({ "requests": requests });
    person.send("POST", BATCH, &batch).await
}

/// The answers of a batch that is carried out, in the order in which they are.
pub(crate) async fn carried_out(person: &Person<'_>, requests: &[Value]) -> Vec<Value> {
    let answer = send(person, requests).await.expect(200)["responses"].take();
    let answers = answer.as_array().unwrap().clone();
    assert_eq!(answers.len(), requests.len());
    answers
}

/// The statuses of a batch that is carried out, in the order of its parts.
async fn statuses(person: &Person<'_>, requests: &[Value]) -> Vec<u64> {
    let answers = carried_out(person, requests).await;
    let of = |part: &Value| {
        let mut answers = answers.iter();
        let own = answers.find(|answer| answer["id"] == part["id"]).unwrap();
        own["status"].as_u64().unwrap()
    };
    requests.iter().map(of).collect()
}

/// The code of a part that was refused.
fn code(answer: &Value) -> &str {
    answer["body"]["error"]["code"].as_str().unwrap_or_default()
}
