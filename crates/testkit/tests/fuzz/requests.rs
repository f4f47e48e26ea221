//! Requests: a line with method and target, lines with headers, an empty line and the body.

use std::cell::Cell;
use std::collections::BTreeSet;

use pimento_api::generated;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Answer, Call, Person, TestServer};
use serde_json::{Value, json};

use crate::corpus;
use crate::engine::{fuzz, fuzz_from};
use crate::options;
use crate::shapes::{self, Shaped};

/// A server, and what its tenant looks like.
pub(crate) struct House {
    server: TestServer,
    judge: Judge,
    ada: String,
    /// What is in place of something else in seeds: the ids of a request that waits, of an event, and of a role of the tenant's
    /// own, where the server is, tokens, and a place in each list.
    fills: Vec<(String, String)>,
    seen: Vec<Value>,
}

const ASSIGNMENTS: &str = "/beta/privilegedRoleAssignments";
const DIRECTORY_READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";

impl House {
    pub(crate) async fn start() -> Self {
        let server = TestServer::dev().await;
        let ada = json!({"oid": "ada", "amr": ["mfa"], "wids": [GLOBAL_ADMINISTRATOR]});
        let ada = server.token(&ada).await;
        let ben = server.token(&json!({"oid": "ben", "amr": ["mfa"]})).await;
        let (administrator, person) = (server.bearer_of(&ada), server.bearer_of(&ben));
        lay_out(&administrator, &person).await;
        let asked = json!({
            "roleId": DIRECTORY_READERS, "requestorReason": "Help", "approvalDuration": "PT2H",
        });
        let waiting = person
            .send("POST", "/beta/privilegedApproval", &asked)
            .await;
        let events = administrator
            .get("/beta/privilegedOperationEvents?$top=1")
            .await;
        let new = json!({"name": "Night watch"});
        let role = administrator
            .send("POST", "/beta/privilegedRoles", &new)
            .await;
        let text = |id: &Value| id.as_str().unwrap().to_owned();
        let fills = [
            (
                "0199a5c2-5d3e-7c41-9b0a-3f6c1f0c9a11",
                text(&waiting.expect(201)["id"]),
            ),
            (
                "202603020000000002",
                text(&events.expect(200)["value"][0]["id"]),
            ),
            (
                "3b6f1f0e-58c7-4a43-9a51-7c1d2f6e9b10",
                text(&role.expect(201)["id"]),
            ),
            ("HERE", server.url()),
            ("Bearer ada", format!("Bearer {ada}")),
            ("Bearer ben", format!("Bearer {ben}")),
        ];
        let fills = fills.map(|(stands, fill)| (stands.to_owned(), fill)).into();
        let seen = look(&administrator).await;
        let mut house = Self {
            server,
            judge: Judge::default(),
            ada,
            fills,
            seen,
        };
        house.find_positions().await;
        house
    }

    /// Has the server give out a place in each list that has more than one element.
    async fn find_positions(&mut self) {
        for first in options::first_pages() {
            let page = self.call(&first.request).send().await.expect(200);
            let link = page["@odata.nextLink"].as_str().unwrap_or_default();
            if let Some((_, position)) = link.split_once("$skiptoken=") {
                let position = position.split('&').next().unwrap_or_default();
                self.fills
                    .push((options::position(&first.operation), position.to_owned()));
            }
        }
    }

    /// The request that a seed stands for, where it is text.
    fn filled(&self, seed: &[u8]) -> Vec<u8> {
        match str::from_utf8(seed) {
            Ok(text) => {
                let fill =
                    |text: String, (stands, fill): &(String, String)| text.replace(stands, fill);
                self.fills.iter().fold(text.to_owned(), fill).into_bytes()
            }
            Err(_) => seed.to_vec(),
        }
    }

    /// Somebody who may do everything.
    pub(crate) fn ada(&self) -> Person<'_> {
        self.server.bearer_of(&self.ada)
    }

    /// Whether an answer of its server is no fault, and keeps to the documents.
    pub(crate) fn accept(&self, answer: &Answer) -> Result<(), String> {
        self.judge.accept(&self.server, answer)
    }

    /// Sends a request, and says what is wrong with the answer or its effect.
    pub(crate) async fn judge(&mut self, request: &[u8]) -> Result<(), String> {
        let answer = self.call(request).send().await;
        self.accept(&answer)?;
        if request.starts_with(b"GET ") {
            return Ok(());
        }
        let now = look(&self.ada()).await;
        if 400 <= answer.status && now != self.seen {
            return Err(format!(
                "a request that was refused with {} changed something",
                answer.status
            ));
        }
        self.seen = now;
        Ok(())
    }

    fn call(&self, request: &[u8]) -> Call {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let request = self.filled(request);
        let mut lines = request.split(|byte| *byte == b'\n');
        let first = text(lines.next().unwrap_or_default());
        let (method, target) = first.split_once(' ').unwrap_or(("GET", &first));
        // Neither may have what ends them; those are other requests.
        let target: String = target
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control())
            .collect();
        let target = if target.starts_with('/') {
            target
        } else {
            format!("/{target}")
        };
        let mut call = self.server.call(method, &target);
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            let Some(colon) = line.iter().position(|byte| *byte == b':') else {
                continue;
            };
            let (name, value) = (text(&line[..colon]), &line[colon + 1..]);
            // What frames the message is the HTTP library's.
            let is_token = name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !is_token
                || ["content-length", "transfer-encoding", "connection"]
                    .contains(&name.to_lowercase().as_str())
            {
                continue;
            }
            let value: Vec<u8> = value
                .trim_ascii()
                .iter()
                .copied()
                .filter(|byte| *byte != b'\r')
                .collect();
            call = call.header(&name, value);
        }
        let body: Vec<&[u8]> = lines.collect();
        if body.is_empty() {
            call
        } else {
            call.bytes(body.join(&b'\n'))
        }
    }
}

/// Two of each, so that each list has a second page; and one more request waits than seeds are about.
async fn lay_out(administrator: &Person<'_>, person: &Person<'_>) {
    for (user, role) in [
        ("ben", DIRECTORY_READERS),
        ("ben", APPLICATION_ADMINISTRATOR),
        ("gus", DIRECTORY_READERS),
        ("gus", USER_ADMINISTRATOR),
    ] {
        let new = json!({"userId": user, "roleId": role, "isElevated": false});
        let made = administrator.send("POST", ASSIGNMENTS, &new).await;
        made.expect(201);
    }
    let other = json!({"roleId": APPLICATION_ADMINISTRATOR, "requestorReason": "Help"});
    let other = person
        .send("POST", "/beta/privilegedApproval", &other)
        .await;
    other.expect(201);
}

/// What changes can be seen in.
async fn look(ada: &Person<'_>) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in [
        "/beta/privilegedRoleAssignments?$top=1000".to_owned(),
        format!("/beta/privilegedRoles/{USER_ADMINISTRATOR}/settings"),
        format!("/beta/privilegedRoles/{APPLICATION_ADMINISTRATOR}/settings"),
        "/beta/privilegedSignupStatus".to_owned(),
        "/beta/privilegedRoles?$top=1000".to_owned(),
        "/beta/privilegedRoleAssignmentRequests?$top=1000".to_owned(),
        "/beta/privilegedOperationEvents?$top=1000".to_owned(),
    ] {
        seen.push(ada.get(&path).await.expect(200));
    }
    seen
}

/// Judges the answers of one server.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    /// How much was wrong before, which is not this answer's fault.
    known: Cell<usize>,
}

impl Judge {
    /// Whether an answer is no fault, and keeps to the documents.
    pub(crate) fn accept(&self, server: &TestServer, answer: &Answer) -> Result<(), String> {
        // HTTP itself refuses what is no request; that never reaches the server's own code, nor its documents.
        let is_no_http = matches!(answer.status, 400 | 414 | 431)
            && answer.body.is_empty()
            && answer.header("request-id").is_none();
        if is_no_http {
            return Ok(());
        }
        let found = [server.violations(), server.logged_errors()].concat();
        let new = &found[self.known.replace(found.len())..];
        if 500 <= answer.status || !new.is_empty() {
            let body = answer.body.escape_ascii();
            return Err(format!(
                "{} {body}\n{}",
                answer.status,
                new.first().map_or("", String::as_str)
            ));
        }
        Ok(())
    }
}

#[test]
fn requests_of_every_operation() {
    fuzz("requests", House::start, async |house, request| {
        house.judge(request).await
    });
}

#[test]
fn spellings_of_paths() {
    fuzz_shaped("paths", shapes::paths());
}

#[test]
fn query_options_and_positions_in_lists() {
    let options = options::taken()
        .into_iter()
        .flat_map(|taken| taken.requests);
    let kept = corpus::read("queries").into_iter().map(|(_, seed)| seed);
    let seeds = kept.chain(options).collect();
    fuzz_from("queries", seeds, House::start, async |house, request| {
        house.judge(request).await
    });
}

/// The list that is never longer than a page, and its option.
const ONLY_PAGE: (&str, &str) = ("list_signup_status", "$skiptoken");

#[tokio::test]
async fn each_option_of_each_operation_can_be_used() {
    let house = House::start().await;
    let mut unused = Vec::new();
    for taken in options::taken() {
        let mut is_used = false;
        for request in &taken.requests {
            is_used |= house.call(request).send().await.status < 300;
        }
        // There is one registration in each tenant, and so no second page of that list.
        if !is_used && (taken.operation.as_str(), taken.option.as_str()) != ONLY_PAGE {
            unused.push((taken.operation, taken.option));
        }
    }
    assert_eq!(unused, []);
}

#[test]
fn headers() {
    fuzz("headers", House::start, async |house, request| {
        house.judge(request).await
    });
}

#[test]
fn batches() {
    fuzz_shaped("batches", shapes::batches());
}

/// From the target's seeds and these.
fn fuzz_shaped(target: &'static str, shaped: Vec<Shaped>) {
    let kept = corpus::read(target).into_iter().map(|(_, seed)| seed);
    let seeds = kept.chain(shaped.into_iter().map(|shaped| shaped.request));
    fuzz_from(
        target,
        seeds.collect(),
        House::start,
        async |house, request| house.judge(request).await,
    );
}

#[test]
fn every_operation_has_a_seed() {
    let seeds: BTreeSet<String> = corpus::read("requests")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let mut operations = BTreeSet::new();
    for document in [generated::GRAPH_BETA, generated::ADMIN, generated::DEV] {
        let document: Value = serde_json::from_str(document).unwrap();
        let items = document["paths"].as_object().unwrap().values();
        let ids = items.flat_map(|item| item.as_object().unwrap().values());
        operations.extend(
            ids.filter_map(|operation| operation["operationId"].as_str())
                .map(str::to_owned),
        );
    }
    assert!(
        operations.is_subset(&seeds),
        "without a seed: {:?}",
        operations.difference(&seeds)
    );
}

/// The good ones that do not succeed, with the statuses of what they are answered.
async fn refused(shaped: Vec<Shaped>) -> Vec<(String, Vec<u64>)> {
    let mut refused = Vec::new();
    let mut house = House::start().await;
    for shaped in shaped.into_iter().filter(|shaped| shaped.is_good) {
        let answer = house.call(&shaped.request).send().await;
        let status = u64::from(answer.status);
        let parts = if shaped.is_batch && status == 200 {
            answer.expect(200)["responses"].take()
        } else {
            Value::Null
        };
        let parts = parts.as_array().into_iter().flatten();
        let parts = parts.map(|part| part["status"].as_u64().unwrap());
        let wrong: Vec<_> = parts
            .chain([status])
            .filter(|status| 300 <= *status)
            .collect();
        if !wrong.is_empty() {
            refused.push((shaped.name, wrong));
        }
        if shaped.changes {
            house = House::start().await;
        }
    }
    refused
}

#[tokio::test]
async fn each_form_of_the_path_of_each_operation_is_served() {
    assert_eq!(refused(shapes::paths()).await, []);
}

#[tokio::test]
async fn each_operation_is_served_as_a_part_and_so_is_each_good_shape_of_a_batch() {
    assert_eq!(refused(shapes::batches()).await, []);
}

#[tokio::test]
async fn seeds_of_operations_are_good_requests() {
    let seeds = corpus::read("requests").into_iter();
    for (name, seed) in seeds.filter(|(name, _)| !name.contains('-')) {
        let answer = House::start().await.call(&seed).send().await;
        assert!(
            answer.status < 300,
            "{name}: {} {}",
            answer.status,
            answer.body.escape_ascii()
        );
    }
}
