//! One mutation for each place of a document that binds a client, found by walking the text.

use serde_json::{Value, json};
use xtask::document::operations;

use crate::pair::{set, take};

/// What is skipped where it is a keyword: the version, which says how to read the rest, and words for readers. The
/// extensions are skipped too: the server's own document has none of them.
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
pub(super) const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

#[derive(Debug, Clone)]
pub(super) enum Change {
    Set(Value),
    Remove,
    Rename,
}

/// A change of the value at a pointer.
pub(super) type Mutation = (String, Change);

/// What the members of an object are.
#[derive(Clone, Copy, PartialEq)]
enum Members {
    Keywords,
    Names,
    Scopes,
}

fn walk(document: &Value, value: &Value, at: &str, kind: Members, found: &mut Vec<Mutation>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let is_keyword = kind == Members::Keywords;
                if is_keyword && (SILENT.contains(&key.as_str()) || key.starts_with("x-")) {
                    continue;
                }
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                // Beside a reference the type only stands to carry `nullable`: the reference says it.
                let is_said_twice = is_keyword && key == "type" && value.get("allOf").is_some();
                if !is_said_twice {
                    found.push((at.clone(), Change::Remove));
                }
                if !is_keyword || METHODS.contains(&key.as_str()) {
                    found.push((at.clone(), Change::Rename));
                }
                let inner = match key.as_str() {
                    "scopes" if is_keyword => Members::Scopes,
                    name if is_keyword && NAMES.contains(&name) => Members::Names,
                    _ => Members::Keywords,
                };
                if kind != Members::Scopes {
                    walk(document, member, &at, inner, found);
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
                walk(document, item, &at, inner, found);
            }
        }
        scalar => found.push((at.to_owned(), Change::Set(other(document, scalar, at)))),
    }
}

/// A component without words and extensions, which are no difference to the comparer.
fn bare(value: &Value) -> Value {
    let is_bare = |key: &str| !SILENT.contains(&key) && !key.starts_with("x-");
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(key, _)| is_bare(key));
            Value::Object(kept.map(|(key, v)| (key.clone(), bare(v))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        scalar => scalar.clone(),
    }
}

/// Another value of the same kind. A reference leads to the next component of its kind that says something else, or,
/// where there is none, nowhere.
fn other(document: &Value, scalar: &Value, at: &str) -> Value {
    match scalar {
        Value::String(text) if at.ends_with("/$ref") => {
            let (kind, name) = text.rsplit_once('/').expect("a reference is a pointer");
            let components = document.pointer(kind.trim_start_matches('#'));
            let names = || components.and_then(Value::as_object).into_iter().flatten();
            let own = components.map(|all| bare(&all[name]));
            let is_other = |other: &Value| Some(bare(other)) != own;
            let others = || {
                let others = names().filter(|(_, other)| is_other(other));
                others.map(|(other, _)| other)
            };
            let next = others().find(|other| name < other.as_str());
            match next.or_else(|| others().next()) {
                Some(other) => json!(format!("{kind}/{other}")),
                None => json!(format!("{text}x")),
            }
        }
        Value::String(text) => json!(format!("{text}x")),
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 1.0),
        other => panic!("{other} at {at} is no scalar"),
    }
}

/// The mutations of everything that is there, and of what is not.
pub(super) fn all(document: &Value) -> Vec<Mutation> {
    let mut found = Vec::new();
    walk(document, document, "", Members::Keywords, &mut found);
    let mut all = additions(document, &found);
    all.append(&mut found);
    all.retain(|(at, change)| !is_silent(document, at, change));
    all
}

/// Keywords that are added wherever a schema has a type, three to each in turn, and what an operation lacks.
fn additions(document: &Value, found: &[Mutation]) -> Vec<Mutation> {
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

pub(super) fn mutated(document: &Value, (at, change): &Mutation) -> Value {
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
