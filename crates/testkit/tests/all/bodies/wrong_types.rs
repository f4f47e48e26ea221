//! Members of the wrong type, in every body that the documents have: each is refused by name and in words of JSON.

use pimento_api::generated;
use pimento_testkit::role::{GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR};
use pimento_testkit::{Contract, TestServer};
use serde_json::{Map, Value, json};

use crate::paths::about_ben;

/// How deep members of members are tried.
const DEPTH: usize = 4;

/// What the program calls its types, and the library its errors.
const WORDS_OF_THE_PROGRAM: &[&str] = &[
    "struct", "sequence", "map", "field", "enum", "variant", "unit", "newtype", "tuple",
    "borrowed", "byte", "bytes", "Option", "option", "boolean", "bool", "string", "integer",
    "floating", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "f32", "f64",
    "None", "Some", "Vec", "HashMap", "expected", "invalid", "type",
];

/// A body with something wrong in it, and where that is.
struct Wrong {
    path: String,
    body: Value,
}

/// A document, to look up what it refers to.
struct Document(Value);

impl Document {
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let only = schema["allOf"].get(0).unwrap_or(schema);
        match only["$ref"].as_str() {
            None => only,
            Some(place) => self.0.pointer(place.trim_start_matches('#')).unwrap(),
        }
    }

    /// Each wrong value that can stand where this schema is, alone or within.
    fn wrong(&self, schema: &Value, path: &str, depth: usize) -> Vec<Wrong> {
        let schema = self.resolved(schema);
        let here = |body| Wrong {
            path: path.to_owned(),
            body,
        };
        let of_other_types = |own: &str| {
            let all = [
                ("string", json!("a, expected struct X")),
                ("number", json!(7)),
                ("number", json!(-1.5)),
                ("boolean", json!(true)),
                ("array", json!([])),
                ("array", json!([null])),
                ("object", json!({})),
            ];
            let others = all.into_iter().filter(move |(other, _)| *other != own);
            others.map(|(_, value)| here(value)).collect::<Vec<_>>()
        };
        let mut found = match schema["type"].as_str() {
            // Anything may stand there.
            None => return Vec::new(),
            Some("integer") => of_other_types("number"),
            Some(own) => of_other_types(own),
        };
        if depth == 0 {
            return found;
        }
        for (name, of_member) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            let within = self.wrong(of_member, path.trim_start_matches('.'), depth - 1);
            found.extend(within.into_iter().map(|wrong| Wrong {
                body: json!({name: wrong.body}),
                ..wrong
            }));
        }
        if schema["type"] == "array" {
            let within = self.wrong(&schema["items"], &format!("{path}[0]"), depth - 1);
            let null = here(Value::Null);
            let null = Wrong {
                path: format!("{path}[0]"),
                ..null
            };
            found.extend(within.into_iter().chain([null]).map(|wrong| Wrong {
                body: json!([wrong.body]),
                ..wrong
            }));
        }
        found
    }

    /// Every operation that takes a body, with the schema of it.
    fn bodies(&self) -> Vec<(&str, &Value)> {
        let paths = self.0["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|item| item.as_object().unwrap().values());
        operations
            .filter_map(|operation| {
                let body = operation.get("requestBody")?;
                let schema = body.pointer("/content/application~1json/schema")?;
                Some((operation["operationId"].as_str()?, schema))
            })
            .collect()
    }
}

/// Words as they stand in a message, without what was sent.
fn words(message: &str) -> Vec<&str> {
    let unquoted = message.split('"').step_by(2);
    let words = unquoted.flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).collect()
}

#[tokio::test]
async fn what_is_of_the_wrong_type_is_told_in_words_of_json_in_every_body() {
    let server = TestServer::dev().await;
    let claims = json!({"oid": "ada", "amr": ["mfa"], "wids": [PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR]});
    let ada = server.signed_in(&claims).await;
    let contract = Contract::of_dev();
    let mut tried = Map::new();
    for document in [generated::GRAPH_BETA, generated::DEV] {
        let document = Document(serde_json::from_str(document).unwrap());
        for (operation, schema) in document.bodies() {
            let (method, path) = contract.route(operation);
            let members = document.wrong(schema, "", DEPTH);
            let members = members.iter().filter(|wrong| !wrong.path.is_empty());
            for Wrong { path: member, body } in members {
                let answer = ada.send(method, &about_ben(path), body).await;
                assert_eq!(answer.status, 400, "{operation} {body}");
                let error = answer.refused(400, "invalidRequest");
                assert_eq!(error["target"], *member, "{operation} {body}: {error}");
                let message = error["message"].as_str().unwrap();
                let said = message.strip_prefix(member.as_str());
                let said = said.unwrap_or_else(|| panic!("{operation} {body}: {message}"));
                let foreign = words(said)
                    .into_iter()
                    .find(|word| WORDS_OF_THE_PROGRAM.contains(word));
                assert_eq!(foreign, None, "{operation} {body}: {message}");
                tried.insert(operation.to_owned(), json!(message));
            }
        }
    }
    assert!(12 <= tried.len(), "{tried:?}");
}

#[tokio::test]
async fn a_wrong_member_is_told_with_what_was_sent_and_what_would_be_right() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let long = "x".repeat(1000);
    for (method, path, body, message) in [
        (
            "POST",
            "/beta/privilegedRoleAssignments",
            r#"{"isElevated": "x, expected a boolean"}"#.to_owned(),
            r#"isElevated must be true or false; the text "x, expected a boolean" was sent (at line 1, column 38)."#,
        ),
        (
            "POST",
            "/beta/privilegedRoleAssignments",
            "{\n\"userId\": 1.5}".to_owned(),
            "userId must be a text; the number 1.5 was sent (at line 2, column 13).",
        ),
        (
            "POST",
            "/beta/privilegedRoleAssignments",
            r#"{"userId": "a", "userId": "b"}"#.to_owned(),
            "userId is there more than once (at line 1, column 24).",
        ),
        (
            "POST",
            "/beta/$batch",
            r#"{"requests": [{"id": "a", "id": "b"}]}"#.to_owned(),
            "requests[0].id is there more than once (at line 1, column 30).",
        ),
        (
            "POST",
            "/beta/$batch",
            r#"{"requests": [null]}"#.to_owned(),
            "requests[0] must be an object; null was sent (at line 1, column 18).",
        ),
        (
            "POST",
            "/beta/$batch",
            r#"{"requests": {"a": 1}}"#.to_owned(),
            "requests must be a list; an object was sent (at line 1, column 13).",
        ),
    ] {
        let refused = ada.call(method, path).text(&body).send().await;
        let refused = refused.refused(400, "invalidRequest");
        assert_eq!(refused["message"], message, "{body}");
    }
    let body = json!({"userId": [], "reason": 1, "isElevated": long}).to_string();
    let refused = ada
        .call("POST", "/beta/privilegedRoleAssignments")
        .text(body)
        .send()
        .await;
    let message = refused.refused(400, "invalidRequest")["message"].to_string();
    assert!(message.len() < 200, "{message}");
}
