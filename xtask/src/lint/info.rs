//! Rules about what stands above the paths: who reads the document learns what it is and whose.

use std::collections::BTreeSet;

use serde_json::Value;

use super::places::elements;
use crate::Finding;

/// What linters of other languages ask of every document.
const TEXTS: [&str; 6] = [
    "/info/title",
    "/info/version",
    "/info/description",
    "/info/contact/name",
    "/info/license/name",
    "/info/license/url",
];

pub(super) fn lint(document: &Value) -> Vec<Finding> {
    let is_text = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str);
        text.is_some_and(|text| !text.trim().is_empty())
    };
    let mut found = Vec::new();
    for pointer in TEXTS {
        if !is_text(document.pointer(pointer)) {
            let message = "must be there: linters of OpenAPI ask for it";
            found.push(Finding::new("info", format!("#{pointer}"), message));
        }
    }
    let mut names = BTreeSet::new();
    for (place, tag) in elements(&document["tags"]).enumerate() {
        if !names.insert(tag["name"].as_str()) {
            let message = "must stand once: generators make a module or a class of each";
            found.push(Finding::new(
                "tags",
                format!("#/tags/{place}/name"),
                message,
            ));
        }
        if !is_text(tag.get("description")) {
            let message = "must be there: readers see it above the tag's operations";
            found.push(Finding::new(
                "tags",
                format!("#/tags/{place}/description"),
                message,
            ));
        }
    }
    found
}
