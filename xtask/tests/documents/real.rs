//! The comparer on the real documents: everything in them that binds a client is mutated, one place after the other,
//! and each mutation must be reported with exactly the operations that it concerns.
//!
//! The mutations are found by walking the text, and the operations by following its references, so that nothing here
//! leans on the code under test.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};
use xtask::canon::canonical;
use xtask::diff::differences;
use xtask::document::{Document, operations};
use xtask::workspace::Workspace;

use crate::pair::{set, take};

/// What is skipped where it is a keyword: prose, and what the server takes from the generated table.
const SILENT: [&str; 9] = [
    "openapi",
    "info",
    "tags",
    "summary",
    "description",
    "title",
    "externalDocs",
    "example",
    "examples",
];
/// Keywords whose members have names of their own.
const NAMES: [&str; 10] = [
    "content",
    "headers",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
];
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// So many mutations are checked by one thread.
const CHUNK: usize = 200;

#[derive(Debug, Clone)]
enum Change {
    Set(Value),
    Remove,
    Rename,
}

/// A change of the value at a pointer.
type Mutation = (String, Change);

/// What the members of an object are.
#[derive(Clone, Copy, PartialEq)]
enum Members {
    Keywords,
    Names,
    Scopes,
}

fn walk(value: &Value, at: &str, kind: Members, found: &mut Vec<Mutation>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let is_keyword = kind == Members::Keywords;
                if is_keyword && (SILENT.contains(&key.as_str()) || key.starts_with("x-")) {
                    continue;
                }
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                found.push((at.clone(), Change::Remove));
                if !is_keyword || METHODS.contains(&key.as_str()) {
                    found.push((at.clone(), Change::Rename));
                }
                let inner = match key.as_str() {
                    "scopes" if is_keyword => Members::Scopes,
                    name if is_keyword && NAMES.contains(&name) => Members::Names,
                    _ => Members::Keywords,
                };
                if kind != Members::Scopes {
                    walk(member, &at, inner, found);
                }
            }
        }
        Value::Array(items) => {
            let is_security = at.ends_with("/security");
            for (n, item) in items.iter().enumerate() {
                let at = format!("{at}/{n}");
                found.push((at.clone(), Change::Remove));
                let inner = match is_security {
                    true => Members::Names,
                    false => Members::Keywords,
                };
                walk(item, &at, inner, found);
            }
        }
        scalar => found.push((at.to_owned(), Change::Set(other(scalar, at)))),
    }
}

/// Another value of the same kind. A reference leads to another component of its kind.
fn other(scalar: &Value, at: &str) -> Value {
    match scalar {
        Value::String(text) if at.ends_with("/$ref") => {
            let (kind, name) = text.rsplit_once('/').unwrap_or_default();
            let others = match kind.rsplit_once('/').unwrap_or_default().1 {
                "schemas" => ["MainError", "InnerError"],
                "responses" => ["Unavailable", "Fault"],
                "headers" => ["request-id", "client-request-id"],
                _ => ["Top", "Count"],
            };
            let other = others.iter().find(|other| **other != name);
            json!(format!("{kind}/{}", other.expect("there are two of them")))
        }
        Value::String(text) => json!(format!("{text}x")),
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 1.0),
        other => panic!("{other} at {at} is no scalar"),
    }
}

/// Keywords that are added wherever a schema has a type, three to each in turn, and what an operation lacks.
fn additions(document: &Value) -> Vec<Mutation> {
    let mut found = Vec::new();
    walk(document, "", Members::Keywords, &mut found);
    let types = found.iter().filter_map(|(at, change)| match change {
        Change::Set(_) => at.strip_suffix("/type"),
        _ => None,
    });
    let schemas = types.filter(|at| !at.contains("/securitySchemes/"));
    let keywords = [
        ("readOnly", json!(true)),
        ("writeOnly", json!(true)),
        ("deprecated", json!(true)),
        ("nullable", json!(true)),
        ("format", json!("new")),
        ("pattern", json!("^new$")),
        ("default", json!("new")),
        ("maxLength", json!(7)),
        ("minimum", json!(7)),
        ("enum", json!(["new"])),
    ];
    let mut added = Vec::new();
    for (n, at) in schemas.enumerate() {
        let schema = document.pointer(at).expect("the walk found it");
        for (keyword, value) in keywords.iter().cycle().skip(3 * n).take(3) {
            if schema.get(keyword).is_none() {
                added.push((format!("{at}/{keyword}"), Change::Set(value.clone())));
            }
        }
    }
    for (path, method, operation) in operations(document) {
        let at = format!("/paths/{}/{method}", path.replace('/', "~1"));
        added.push((format!("{at}/deprecated"), Change::Set(json!(true))));
        let response = json!({"description": "New."});
        added.push((format!("{at}/responses/418"), Change::Set(response)));
        if operation["security"] == json!([]) {
            let security = json!([{"new": []}]);
            added.push((format!("{at}/security"), Change::Set(security)));
        }
    }
    added
}

fn mutated(document: &Value, (at, change): &Mutation) -> Value {
    let mut mutated = document.clone();
    match change {
        Change::Set(value) => set(&mut mutated, at, value.clone()),
        Change::Remove => {
            take(&mut mutated, at);
        }
        Change::Rename if METHODS.iter().any(|m| at.ends_with(&format!("/{m}"))) => {
            let value = take(&mut mutated, at);
            let (parent, _) = at.rsplit_once('/').expect("it has a parent");
            set(&mut mutated, &format!("{parent}/trace"), value);
        }
        Change::Rename => {
            let value = take(&mut mutated, at);
            set(&mut mutated, &format!("{at}x"), value);
        }
    }
    mutated
}

/// The pointers of all components that a value refers to, directly or by way of others, schemes of security too.
fn closure(document: &Value, value: &Value, reached: &mut BTreeSet<String>) {
    if let Some(target) = value["$ref"].as_str() {
        let target = target.trim_start_matches('#').to_owned();
        if reached.insert(target.clone()) {
            let component = document
                .pointer(&target)
                .expect("references lead somewhere");
            closure(document, component, reached);
        }
    }
    for alternative in value["security"].as_array().into_iter().flatten() {
        let schemes = alternative.as_object().into_iter().flatten();
        let pointers = schemes.map(|(name, _)| format!("/components/securitySchemes/{name}"));
        reached.extend(pointers);
    }
    let members = value.as_object().into_iter().flatten().map(|(_, v)| v);
    for part in members.chain(value.as_array().into_iter().flatten()) {
        closure(document, part, reached);
    }
}

/// An operation with the pointers that concern it.
struct Concern {
    id: String,
    /// The pointer of its path.
    path: String,
    /// Its own pointer.
    own: String,
    /// Those of the components that it reaches.
    reached: BTreeSet<String>,
}

impl Concern {
    fn all(document: &Value) -> Vec<Self> {
        let all = operations(document).into_iter();
        let concern = |(path, method, operation): (&str, &str, &Value)| {
            let path = format!("/paths/{}", path.replace('/', "~1"));
            let item = document.pointer(&path).expect("the path is there");
            let mut reached = BTreeSet::new();
            closure(document, operation, &mut reached);
            closure(document, &item["parameters"], &mut reached);
            Self {
                id: operation["operationId"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                own: format!("{path}/{method}"),
                path,
                reached,
            }
        };
        all.map(concern).collect()
    }

    fn is_about(&self, at: &str) -> bool {
        let is_in = |place: &str| at == place || at.starts_with(&format!("{place}/"));
        let is_shared = || {
            METHODS
                .iter()
                .all(|m| !is_in(&format!("{}/{m}", self.path)))
        };
        match is_in(&self.path) {
            true => is_in(&self.own) || is_shared(),
            false => self.reached.iter().any(|at| is_in(at)) || at.starts_with("/servers"),
        }
    }
}

/// What is wrong with the report of a mutation, on either side.
fn complaint(
    document: &Value,
    base: &Value,
    concerns: &[Concern],
    mutation: &Mutation,
) -> Option<String> {
    let mutant = mutated(document, mutation);
    let (at, change) = mutation;
    if mutant == *document {
        return Some(format!("{at} {change:?} changes nothing"));
    }
    // What has no canonical form is refused by its pointer.
    let mutant = canonical(&mutant).ok()?;
    let expected = concerns.iter().filter(|concern| concern.is_about(at));
    let expected: BTreeSet<_> = expected.map(|concern| concern.id.clone()).collect();
    for (one, two) in [(base, &mutant), (&mutant, base)] {
        let found = differences(one, two);
        let mut named: BTreeSet<_> = found.into_iter().flat_map(|d| d.operations).collect();
        if at.ends_with("/operationId") {
            named = named
                .into_iter()
                .map(|id| id.trim_end_matches('x').to_owned())
                .collect();
        }
        if named != expected {
            return Some(format!("{at} {change:?} names {named:?}, not {expected:?}"));
        }
    }
    None
}

fn documents() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workspace = Workspace::at(&root).expect("the test stands in a workspace");
    Document::read_all(&workspace).expect("the documents can be read")
}

/// The mutations of a document, each group with the part of the document that it can touch: the whole one takes ten
/// times as long to compare.
fn groups(document: &Value) -> Vec<(Value, Vec<Mutation>)> {
    let mut rest = additions(document);
    walk(document, "", Members::Keywords, &mut rest);
    rest.retain(|(at, change)| !is_silent(document, at, change));
    let mut groups = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        let at = format!("/paths/{}", path.replace('/', "~1"));
        let is_in = |place: &str| place == at || place.starts_with(&format!("{at}/"));
        let (own, others) = rest.into_iter().partition(|(place, _)| is_in(place));
        rest = others;
        let mut part = document.clone();
        part["paths"] = json!({ path: item });
        groups.push((part, own));
    }
    let (schemas, rest) = rest
        .into_iter()
        .partition(|(at, _)| at.starts_with("/components/schemas/"));
    let mut part = document.clone();
    thin_out(&mut part);
    groups.push((part, schemas));
    groups.push((document.clone(), rest));
    groups
}

/// What the canonical form rightly takes for the same: a default that is left out, and no path at all before the paths.
/// A document without its paths or components is no mutation of one place.
fn is_silent(document: &Value, at: &str, change: &Change) -> bool {
    let old = document.pointer(at);
    let is_default = at.ends_with("/required") && old == Some(&json!(false));
    let is_public = at.ends_with("/security") && old == Some(&json!([]));
    let is_root = at.starts_with("/servers/") && document["servers"][0]["url"] == "/";
    let is_everything = at.matches('/').count() == 1;
    let is_removed = matches!(change, Change::Remove);
    is_removed && (is_default || is_public || is_root || is_everything)
}

/// Leaves one success and one error of each operation, without headers: all errors have the same schema.
fn thin_out(document: &mut Value) {
    let items = document["paths"].as_object_mut().into_iter().flatten();
    let members = items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten());
    let responses =
        members.filter_map(|(_, operation)| operation.get_mut("responses")?.as_object_mut());
    for responses in responses {
        responses.retain(|status, _| status.starts_with('2') || status == "400");
        for response in responses.values_mut().filter_map(Value::as_object_mut) {
            response.remove("headers");
        }
    }
}

fn complaints(document: &Value, mutations: &[Mutation]) -> Vec<String> {
    let base = canonical(document).expect("the document has a canonical form");
    let concerns = Concern::all(document);
    let found = mutations
        .iter()
        .filter_map(|mutation| complaint(document, &base, &concerns, mutation));
    found.collect()
}

#[test]
fn every_place_of_the_real_documents_is_compared_and_names_its_operations() {
    for document in documents() {
        let groups = groups(&document.value);
        let count: usize = groups.iter().map(|(_, mutations)| mutations.len()).sum();
        assert!(300 < count, "{} has {count} mutations", document.path());
        let complaints: Vec<_> = thread::scope(|scope| {
            let chunks = groups.iter().flat_map(|(part, mutations)| {
                let chunks = mutations.chunks(CHUNK);
                chunks.map(move |chunk| (part, chunk))
            });
            let running =
                chunks.map(|(part, mutations)| scope.spawn(move || complaints(part, mutations)));
            let running: Vec<_> = running.collect();
            let done = running.into_iter().map(|thread| thread.join());
            done.flat_map(|found| found.expect("the thread ends"))
                .collect()
        });
        let text = complaints.join("\n");
        assert!(complaints.is_empty(), "{}:\n{text}", document.path());
    }
}

#[test]
fn a_mutation_that_changes_nothing_is_a_complaint_about_the_real_documents_too() {
    for document in documents() {
        let value = &document.value;
        let base = canonical(value).expect("the document has a canonical form");
        let concerns = Concern::all(value);
        let (path, method, operation) = operations(value)[0];
        let at = format!("/paths/{}/{method}", path.replace('/', "~1"));
        let same = (
            format!("{at}/operationId"),
            Change::Set(operation["operationId"].clone()),
        );
        let found = complaint(value, &base, &concerns, &same);
        assert!(found.is_some_and(|found| found.ends_with("changes nothing")));
        let prose = (format!("{at}/summary"), Change::Set(json!("Other words.")));
        let found = complaint(value, &base, &concerns, &prose);
        assert!(found.is_some_and(|found| found.contains("names {}, not")));
    }
}
