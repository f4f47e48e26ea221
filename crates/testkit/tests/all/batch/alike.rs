//! Whatever requests: parts that depend on nothing are answered as they are by themselves.

use std::collections::BTreeMap;

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, SECURITY_READER, USER_ADMINISTRATOR};
use pimento_testkit::{Call, DEMO_TENANT, TestServer};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use super::BATCH;

/// Methods, URLs and bodies; `{user}` and `{role}` stand for what varies too.
const ASKED: &[(&str, &str, Option<&str>)] = &[
    ("GET", "/privilegedRoles?$top=2&$count=true", None),
    ("GET", "/privilegedRoles/{role}", None),
    ("GET", "/privilegedRoles('{role}')/settings", None),
    ("GET", "/privilegedRoles/{role}/summary", None),
    ("GET", "/privilegedRoles/{role}/assignments?$top=0", None),
    (
        "PATCH",
        "/privilegedRoles/{role}/settings",
        Some(r#"{"elevationDuration": "PT2H", "elevationDuration": "PT3H"}"#),
    ),
    (
        "PUT",
        "/privilegedRoles/{role}/settings",
        Some(r#"{"maxElavationDuration": 1e400}"#),
    ),
    (
        "PUT",
        "/privilegedRoles/{role}/settings",
        Some(r#"{"minElevationDuration": "PT100H"}"#),
    ),
    ("POST", "/privilegedRoles/{role}/selfActivate", None),
    (
        "POST",
        "/privilegedRoles/{role}/selfActivate",
        Some(r#"{"reason": "\u00e4", "duration": "2"}"#),
    ),
    ("POST", "/privilegedRoles/{role}/selfDeactivate", None),
    ("GET", "/privilegedRoleAssignments", None),
    (
        "GET",
        "/privilegedRoleAssignments?%24TOP=1&count=TRUE",
        None,
    ),
    (
        "GET",
        "/privilegedRoleAssignments?$skiptoken=nonsense",
        None,
    ),
    (
        "POST",
        "/privilegedRoleAssignments",
        Some(r#"{"userId": "{user}", "roleId": "{role}"}"#),
    ),
    (
        "POST",
        "/privilegedRoleAssignments",
        Some(r#"{"userId": "{user}", "roleId": "{role}", "isElevated": false}"#),
    ),
    ("POST", "/privilegedRoleAssignments", Some("[]")),
    ("GET", "/privilegedRoleAssignments/my()", None),
    ("HEAD", "/privilegedRoleAssignments/my", None),
    ("GET", "/privilegedRoleAssignments/{user}_{role}", None),
    (
        "GET",
        "/privilegedRoleAssignments/{user}_{role}/roleInfo",
        None,
    ),
    ("DELETE", "/privilegedRoleAssignments/{user}_{role}", None),
    (
        "POST",
        "/privilegedRoleAssignments/{user}_{role}/makePermanent",
        Some(r#"{"reason": "Help"}"#),
    ),
    (
        "POST",
        "/privilegedRoleAssignments/{user}_{role}/makeEligible",
        None,
    ),
    ("GET", "/privilegedOperationEvents?$top=3", None),
    ("GET", "/privilegedApproval", None),
    ("GET", "/privilegedSignupStatus/isSignedUp", None),
    ("GET", "/nothing", None),
    ("DELETE", "/privilegedRoles", None),
];

/// An index into what is asked, and who and what it is about.
type Ask = (usize, &'static str, &'static str, bool);

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let user = prop_oneof![Just("ada"), Just("ben"), Just("dana"), Just("d%20a")];
    let roles = [
        APPLICATION_ADMINISTRATOR,
        SECURITY_READER,
        USER_ADMINISTRATOR,
    ];
    let role = proptest::sample::select(roles.to_vec());
    proptest::collection::vec((0..ASKED.len(), user, role, any::<bool>()), 1..=20)
}

/// Two servers that have seen the same: to one requests come by themselves, to the other in batches.
struct Pair {
    runtime: Runtime,
    alone: (TestServer, [String; 2]),
    batched: (TestServer, [String; 2]),
}

impl Pair {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = async || {
            let server = TestServer::dev().await;
            server.freeze().await;
            let ben = json!({"oid": "ben", "amr": ["mfa"]});
            let tokens = [
                server.token(&json!({"oid": "ada"})).await,
                server.token(&ben).await,
            ];
            (server, tokens)
        };
        let (alone, batched) = runtime.block_on(async { (server().await, server().await) });
        Self {
            runtime,
            alone,
            batched,
        }
    }

    async fn alone(&self, ask: &Ask) -> Value {
        let (server, tokens) = &self.alone;
        let (method, url, body) = filled(ask);
        let url = url.replace(' ', "%20");
        let call: Call = server.call(method, &format!("/beta{url}"));
        let call = call.bearer(&tokens[usize::from(ask.3)]);
        let answer = match body {
            Some(body) => call.text(body).send().await,
            None => call.send().await,
        };
        let mut headers: Map<String, Value> = Map::new();
        for (name, value) in &answer.headers {
            let values = headers.entry(name.as_str()).or_insert_with(|| json!(""));
            let sep = if *values == "" { "" } else { ", " };
            *values = json!(format!(
                "{}{sep}{}",
                values.as_str().unwrap(),
                value.to_str().unwrap()
            ));
        }
        // Those are of the connection and not of the answer.
        for name in ["connection", "content-length", "date"] {
            headers.remove(name);
        }
        let body = if answer.body.is_empty() {
            Value::Null
        } else {
            answer.json()
        };
        json!({"status": answer.status, "headers": headers, "body": body})
    }

    async fn batched(&self, asks: &[Ask]) -> Vec<Value> {
        let (server, tokens) = &self.batched;
        let part = |(id, ask): (usize, &Ask)| {
            let (method, url, body) = filled(ask);
            let token = &tokens[usize::from(ask.3)];
            // By hand, so that the body is what was written and not what a parser makes of it.
            let body = body.map_or("null".to_owned(), |body| body);
            format!(
                r#"{{"id": "{id}", "method": "{method}", "url": "{url}", "body": {body},
                "headers": {{"Content-Type": "application/json", "Authorization": "Bearer {token}"}}}}"#
            )
        };
        let parts: Vec<String> = asks.iter().enumerate().map(part).collect();
        let batch = format!(r#"{{"requests": [{}]}}"#, parts.join(","));
        let answer = server
            .call("POST", BATCH)
            .bearer(&tokens[0])
            .text(batch)
            .send()
            .await;
        let body = answer.expect(200);
        let lower = |mut answer: Value| {
            let headers = answer["headers"].take();
            let headers = headers.as_object().unwrap().iter();
            let lower = headers.map(|(name, value)| (name.to_lowercase(), value.clone()));
            let headers: Map<String, Value> = lower.collect();
            json!({"status": answer["status"], "headers": headers, "body": answer["body"]})
        };
        body["responses"]
            .as_array()
            .unwrap()
            .iter()
            .cloned()
            .map(lower)
            .collect()
    }
}

fn filled((index, user, role, _): &Ask) -> (&'static str, String, Option<String>) {
    let (method, url, body) = ASKED[*index];
    let fill = |text: &str| text.replace("{user}", user).replace("{role}", role);
    (method, fill(url), body.map(fill))
}

/// With what may differ between the servers named by its place: addresses, instants and ids that were drawn.
fn named(answers: &[Value], server: &TestServer) -> Vec<String> {
    let mut names = BTreeMap::new();
    let fixed = [
        APPLICATION_ADMINISTRATOR,
        SECURITY_READER,
        USER_ADMINISTRATOR,
        DEMO_TENANT,
    ];
    let mut rename = |word: &str| {
        let year = word.split_once('-').map_or("", |(year, _)| year);
        if year.len() == 4 && year.parse::<u16>().is_ok() && word.contains('T') {
            return "an instant".to_owned();
        }
        if fixed.contains(&word) || word.parse::<uuid::Uuid>().is_err() {
            return word.to_owned();
        }
        let next = names.len();
        format!("id {}", names.entry(word.to_owned()).or_insert(next))
    };
    let address = server.address().to_string();
    let is_in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.');
    let one = |answer: &Value| {
        let text = answer.to_string().replace(&address, "here");
        let words = text.split_inclusive(|c| !is_in_word(c));
        let renamed = words.map(|word| {
            let end = word.trim_end_matches(|c| !is_in_word(c)).len();
            let (word, after) = word.split_at(end);
            format!("{}{after}", rename(word))
        });
        renamed.collect()
    };
    answers.iter().map(one).collect()
}

#[test]
fn parts_that_depend_on_nothing_are_answered_as_the_same_requests_one_by_one_are() {
    let pair = Pair::start();
    let told = std::env::var("PROPTEST_CASES").ok();
    let config = Config {
        cases: told.and_then(|cases| cases.parse().ok()).unwrap_or(48),
        failure_persistence: None,
        ..Config::default()
    };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let checked = runner.run(&asks(), |asks| {
        let (alone, batched) = pair.runtime.block_on(async {
            let mut alone = Vec::new();
            for ask in &asks {
                alone.push(pair.alone(ask).await);
            }
            (alone, pair.batched(&asks).await)
        });
        let (alone, batched) = (
            named(&alone, &pair.alone.0),
            named(&batched, &pair.batched.0),
        );
        for (index, (alone, batched)) in alone.iter().zip(&batched).enumerate() {
            prop_assert_eq!(alone, batched, "{:?}", filled(&asks[index]));
        }
        Ok(())
    });
    checked.unwrap();
}
