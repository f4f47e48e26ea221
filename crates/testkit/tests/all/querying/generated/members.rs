//! What the elements of each list have, from the document; and what its chapter *Lists* says of them in words.

use std::fmt;

use pimento_testkit::TestServer;
use serde_json::Value;

/// What a member holds, as far as it matters how it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Moment,
    Length,
    Text,
    /// A text in which letter case does not count.
    Name,
    /// The id of a person, which may have the form of a GUID.
    Person,
    /// The id of a role or a request, which always has.
    Guid,
    /// The ids of a person and of a role, with an underscore between them.
    Assignment,
}

impl Kind {
    pub(super) fn is_text(self) -> bool {
        !matches!(self, Self::Boolean | Self::Moment | Self::Length)
    }
}

/// A member by which lists are filtered.
#[derive(Clone)]
pub(super) struct Member {
    /// What is in a member of its own has its path.
    pub(super) path: String,
    pub(super) kind: Kind,
    /// What it may hold, where that is known.
    pub(super) words: Vec<String>,
    /// The type of those words, where the model has one.
    pub(super) enumeration: Option<String>,
    pub(super) ordered: bool,
}

/// A list as the document describes it.
#[derive(Debug)]
pub(super) struct List {
    pub(super) members: Vec<Member>,
    /// The members of its elements, which can be selected.
    pub(super) selectable: Vec<String>,
    pub(super) searched: bool,
}

/// The members that order nothing, by the schema of what has them.
const UNORDERED: &[(&str, &[&str])] = &[
    ("PrivilegedRoleAssignment", &["resultMessage"]),
    (
        "PrivilegedOperationEvent",
        &[
            "userName",
            "userMail",
            "requestorId",
            "requestorName",
            "additionalInformation",
            "referenceKey",
            "referenceSystem",
        ],
    ),
    (
        "PrivilegedRoleAssignmentRequest",
        &[
            "duration",
            "schedule/type",
            "reason",
            "ticketNumber",
            "ticketSystem",
            "evaluateOnly",
        ],
    ),
    (
        "PrivilegedApproval",
        &["approvalType", "requestorReason", "approverReason"],
    ),
];

/// The members by which nothing is filtered.
const UNFILTERED: [&str; 2] = ["roleName", "tenantId"];

impl List {
    /// What the document says of the list with this path, whose ids stand in braces.
    pub(super) async fn documented(server: &TestServer, path: &str) -> Self {
        let document = server.call("GET", "/openapi/graph-beta.json").send().await;
        let document = document.expect(200);
        let operation = &document["paths"][path.strip_prefix("/beta").unwrap()]["get"];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let elements = &resolved(&document, schema)["properties"]["value"]["items"];
        let name = last_segment(elements);
        let mut list = Self {
            members: Vec::new(),
            selectable: Vec::new(),
            searched: takes(operation, "Search"),
        };
        list.add(&document, name, elements, "");
        list
    }

    fn add(&mut self, document: &Value, of: &str, schema: &Value, prefix: &str) {
        for (name, member) in resolved(document, schema)["properties"]
            .as_object()
            .unwrap()
        {
            let path = format!("{prefix}{name}");
            if name.contains('@') || member["allOf"].is_array() || member["type"] == "array" {
                continue;
            }
            self.selectable.push(path.clone());
            if member["$ref"].is_string() {
                self.add(document, of, member, &format!("{path}/"));
            } else if !UNFILTERED.contains(&name.as_str()) {
                self.members.push(Member::documented(of, path, member));
            }
        }
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

impl Member {
    fn documented(of: &str, path: String, schema: &Value) -> Self {
        let words = schema["x-known-values"].as_array();
        let word = |word: &Value| word.as_str().unwrap().to_owned();
        let unordered = UNORDERED.iter().filter(|(schema, _)| *schema == of);
        Self {
            kind: kind(of, &path, schema),
            words: words.into_iter().flatten().map(word).collect(),
            enumeration: schema["x-pimento-enum"].as_str().map(str::to_owned),
            ordered: !unordered
                .flat_map(|(_, paths)| *paths)
                .any(|known| *known == path),
            path,
        }
    }
}

fn kind(of: &str, path: &str, schema: &Value) -> Kind {
    match (of, path, schema["format"].as_str()) {
        _ if schema["type"] == "boolean" => Kind::Boolean,
        (_, _, Some("date-time")) => Kind::Moment,
        (_, _, Some("duration")) => Kind::Length,
        ("PrivilegedRoleAssignment", "id", _) => Kind::Assignment,
        ("PrivilegedRole", "name", _) => Kind::Name,
        ("PrivilegedSignupStatus" | "PrivilegedOperationEvent", "id", _) => Kind::Text,
        (_, "id" | "roleId", _) => Kind::Guid,
        (_, "userId" | "requestorId", _) => Kind::Person,
        _ => Kind::Text,
    }
}

fn last_segment(schema: &Value) -> &str {
    let reference = schema["$ref"].as_str().unwrap();
    reference.rsplit('/').next().unwrap()
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(_) => &document["components"]["schemas"][last_segment(schema)],
        None => schema,
    }
}

/// Whether an operation takes this parameter, which is one of the shared ones.
fn takes(operation: &Value, parameter: &str) -> bool {
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.any(|taken| {
        taken["$ref"]
            .as_str()
            .is_some_and(|_| last_segment(taken) == parameter)
    })
}

/// The paths of all lists that take a filter, ids in braces.
pub(super) async fn filtered_lists(server: &TestServer) -> Vec<String> {
    let document = server.call("GET", "/openapi/graph-beta.json").send().await;
    let document = document.expect(200);
    let paths = document["paths"].as_object().unwrap().iter();
    let lists =
        paths.filter(|(path, of)| takes(&of["get"], "Filter") && !path.ends_with("/$count"));
    lists.map(|(path, _)| format!("/beta{path}")).collect()
}
