//! The pair of documents in `tests/data`, and edits of them.

use serde_json::Value;
use xtask::spec::SIDES;
use xtask::{Finding, canon, diff};

/// The two sides of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The hand-written 3.0 text.
    Spec,
    /// The 3.1 text as utoipa derives it.
    Server,
}

/// One change of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Edit {
    /// The value at this pointer becomes this YAML text; where there was none it is added.
    Set(&'static str, &'static str),
    /// The value at this pointer goes away.
    Remove(&'static str),
    /// The member at this pointer gets another name.
    Rename(&'static str, &'static str),
}

/// Both documents.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    pub(crate) spec: Value,
    pub(crate) server: Value,
}

impl Pair {
    pub(crate) fn read() -> Self {
        Self {
            spec: yaml(include_str!("../data/things.yaml")),
            server: yaml(include_str!("../data/things.json")),
        }
    }

    /// The pair after the edits of one side.
    pub(crate) fn edited(&self, side: Side, edits: &[Edit]) -> Self {
        let mut pair = self.clone();
        let document = match side {
            Side::Spec => &mut pair.spec,
            Side::Server => &mut pair.server,
        };
        for edit in edits {
            apply(document, *edit);
        }
        pair
    }

    /// What a check would print about this pair.
    pub(crate) fn report(&self) -> Vec<String> {
        let lines = |findings: Vec<Finding>| findings.iter().map(Finding::to_string).collect();
        match (canon::canonical(&self.spec), canon::canonical(&self.server)) {
            (Ok(spec), Ok(server)) => {
                let differences = diff::differences(&spec, &server);
                differences
                    .iter()
                    .map(|difference| difference.line(SIDES))
                    .collect()
            }
            (Err(findings), _) | (_, Err(findings)) => lines(findings),
        }
    }
}

/// JSON is YAML, so this reads both.
pub(crate) fn yaml(text: &str) -> Value {
    yaml_serde::from_str(text).expect("the test's own text is YAML")
}

fn apply(document: &mut Value, edit: Edit) {
    match edit {
        Edit::Set(at, text) => set(document, at, yaml(text)),
        Edit::Remove(at) => {
            take(document, at);
        }
        Edit::Rename(at, name) => {
            let value = take(document, at);
            let (parent, _) = split(at);
            set(document, &format!("{parent}/{name}"), value);
        }
    }
}

/// Puts a value at a pointer whose parent is there.
pub(crate) fn set(document: &mut Value, at: &str, value: Value) {
    let (parent, key) = split(at);
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(key, value);
        }
        Some(Value::Array(items)) => match key.parse::<usize>() {
            Ok(n) if n < items.len() => items[n] = value,
            _ => items.push(value),
        },
        _ => panic!("{at} has no parent"),
    }
}

/// Takes the value at a pointer away.
pub(crate) fn take(document: &mut Value, at: &str) -> Value {
    let (parent, key) = split(at);
    let taken = match document.pointer_mut(parent) {
        Some(Value::Object(members)) => members.remove(&key),
        Some(Value::Array(items)) => key.parse().ok().map(|n| items.remove(n)),
        _ => None,
    };
    taken.unwrap_or_else(|| panic!("{at} is not there"))
}

fn split(at: &str) -> (&str, String) {
    let (parent, key) = at.rsplit_once('/').expect("a pointer has a slash");
    (parent, key.replace("~1", "/").replace("~0", "~"))
}
