//! Sends a documented example, and compares what comes back with what the document shows.

use jiff::Timestamp;
use pimento_testkit::{Answer, Person, TestServer};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::deviations::{Change, Deviation};
use super::transcription::{Answered, Sent, Transcription};

/// What the documents leave open: who it is about, and in which role.
#[derive(Clone, Debug)]
pub(crate) struct Filling {
    pub(crate) user: String,
    pub(crate) role: String,
}

impl Filling {
    /// The id of the assignment.
    pub(crate) fn id(&self) -> String {
        format!("{}_{}", self.user, self.role)
    }

    /// The text with the ids in the places that the documents leave for them.
    fn fill(&self, text: &str) -> String {
        text.replace("{id}", &self.id())
            .replace("{privilegedRoleAssignmentsId}", &self.id())
            .replace("userId-value", &self.user)
            .replace("roleId-value", &self.role)
    }
}

/// Sends the request as documented. Host, token, ids and length are filled in, and the deviations kept.
pub(crate) async fn send(
    document: &Transcription,
    deviations: &[Deviation],
    server: &TestServer,
    caller: &Person<'_>,
    filling: &Filling,
) -> Answer {
    let Sent {
        method,
        url,
        blank_line_before_headers,
        headers,
        ..
    } = &document.request;
    let printed = url
        .strip_prefix("https://graph.microsoft.com")
        .expect("the documents call one host");
    let target = deviations
        .iter()
        .fold(printed.to_owned(), |target, one| match one.change {
            Change::Path { printed, sent } => target.replace(printed, sent),
            _ => target,
        });
    let target = filling.fill(&target);
    let head_is_whole = deviations.iter().any(|one| one.change == Change::WholeHead);
    if *blank_line_before_headers && !head_is_whole {
        // The head ends where the blank line is, so this is what the server would see.
        return server.call(method, &target).send().await;
    }
    let mut call = caller.call(method, &target);
    for (name, value) in headers {
        if !name.eq_ignore_ascii_case("content-length") {
            call = call.header(name, value);
        }
    }
    if let Some(body) = document.request.body() {
        call = call.bytes(filling.fill(body));
    }
    call.send().await
}

/// In what an answer is not the documented one, once the deviations are kept.
pub(crate) fn failures(
    documented: &Answered,
    deviations: &[Deviation],
    answer: &Answer,
) -> Vec<String> {
    let mut failures = Vec::new();
    if answer.status != documented.status {
        failures.push(format!("the status is {}", answer.status));
    }
    for (name, value) in &documented.headers {
        let counted = answer.body.len().to_string();
        let is_counted = deviations
            .iter()
            .any(|one| matches!(one.change, Change::Counted(counted) if counted == name));
        let expected = if is_counted { &counted } else { value };
        let sent = answer.header(name);
        if sent != Some(expected) {
            failures.push(format!("{name} is {sent:?}, not {expected}"));
        }
    }
    match serde_json::from_slice(&answer.body) {
        Ok(body) => failures.extend(body_failures(documented, deviations, &body)),
        Err(error) => failures.push(format!("the body is not JSON: {error}")),
    }
    failures
}

/// In what a body is not the documented one.
pub(crate) fn body_failures(
    documented: &Answered,
    deviations: &[Deviation],
    body: &Value,
) -> Vec<String> {
    let bare = deviations.iter().find_map(|one| match one.change {
        Change::Bare(wrapper) => Some(wrapper),
        _ => None,
    });
    let (types, shown) = (&documented.types, documented.value());
    match bare {
        Some(wrapper) => compare(&types[wrapper], &shown[wrapper], deviations, body),
        None => compare(types, &shown, deviations, body),
    }
}

fn compare(types: &Value, shown: &Value, deviations: &[Deviation], answer: &Value) -> Vec<String> {
    let (Some(types), Some(answer)) = (types.as_object(), answer.as_object()) else {
        return vec![format!("{answer} is no object")];
    };
    let mut failures = unexpected(types, answer);
    for (name, kind) in types {
        let sent = answer.get(name);
        if let (true, Some(inner)) = (kind.is_object(), sent) {
            failures.extend(compare(kind, &shown[name], deviations, inner));
        } else if !is_as_expected(name, kind, &shown[name], deviations, sent) {
            failures.push(format!("{name} should be {kind}, but is {sent:?}"));
        }
    }
    failures
}

/// Members that no document shows. Annotations, whose names begin with `@`, may always be there.
fn unexpected(types: &Map<String, Value>, answer: &Map<String, Value>) -> Vec<String> {
    answer
        .keys()
        .filter(|name| !name.starts_with('@') && !types.contains_key(*name))
        .map(|name| format!("{name} is in no document"))
        .collect()
}

fn is_as_expected(
    name: &str,
    kind: &Value,
    shown: &Value,
    deviations: &[Deviation],
    sent: Option<&Value>,
) -> bool {
    let mut changes = deviations.iter().map(|one| one.change);
    let change = changes.find(|change| change.member() == Some(name));
    match (change, sent) {
        (Some(Change::Absent(_)), sent) => sent.is_none(),
        (Some(Change::Null(_)), Some(sent)) => sent.is_null(),
        (Some(Change::Text(_)), Some(sent)) => sent.is_string() && !is("guid", sent),
        // Only yes and no are meant as they are printed; all else that is printed is a filler.
        (_, Some(sent)) => {
            is(kind.as_str().unwrap_or_default(), sent) && (!shown.is_boolean() || sent == shown)
        }
        (_, None) => false,
    }
}

fn is(kind: &str, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        "boolean" => value.is_boolean(),
        "string" => text.is_some(),
        "guid" => text.is_some_and(|text| Uuid::try_parse(text).is_ok()),
        "date-time" => text.is_some_and(|text| text.parse::<Timestamp>().is_ok()),
        kind => panic!("{kind:?} is no type of the transcriptions"),
    }
}
