//! Names that differ in the document and are equal in Rust: the generated client would not compile.

use std::collections::BTreeMap;

use serde_json::Value;

use super::places::{self, elements, members};
use crate::{Finding, names};

pub(super) fn lint(document: &Value) -> Vec<Finding> {
    let types = members(&document["components"]["schemas"]).map(|(name, _)| name.as_str());
    let mut found = collisions("#/components/schemas", types, names::type_name);
    for (at, schema) in places::schemas(document) {
        let properties = members(&schema["properties"]).map(|(name, _)| name.as_str());
        found.append(&mut collisions(&at, properties, names::value_name));
        let values = elements(&schema["enum"]).filter_map(Value::as_str);
        found.append(&mut collisions(&at, values, names::type_name));
    }
    found
}

fn collisions<'a>(
    at: &str,
    names: impl Iterator<Item = &'a str>,
    rust: impl Fn(&str) -> String,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = BTreeMap::new();
    for name in names {
        let rust = rust(name);
        if let Some(other) = seen.insert(rust.clone(), name) {
            let message = format!("{other} and {name} are both {rust} in Rust");
            found.push(Finding::new("name-collision", at, message));
        }
    }
    found
}
