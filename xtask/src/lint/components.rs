//! Rules about components: everything is used, and nothing comes from another file.

use std::collections::BTreeSet;

use serde_json::Value;

use super::places::{self, elements, members};
use crate::Finding;
use crate::document::operations;

pub(super) fn lint(document: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut used = BTreeSet::new();
    for (at, reference) in places::references(document) {
        let pointer = reference["$ref"].as_str().unwrap_or_default();
        used.insert(pointer);
        if !pointer.starts_with("#/components/") {
            let message = format!("{pointer} must name a component of this file");
            found.push(Finding::new("reference", &at, message));
        }
        if 1 < members(reference).count() {
            let message = "what stands beside `$ref` is lost: put the reference into an `allOf`";
            found.push(Finding::new("reference-neighbour", &at, message));
        }
    }
    let schemes = used_schemes(document);
    for (kind, components) in members(&document["components"]) {
        for (name, _) in members(components) {
            let pointer = format!("#/components/{kind}/{name}");
            let is_used = match kind.as_str() {
                "securitySchemes" => schemes.contains(name.as_str()),
                _ => used.contains(pointer.as_str()),
            };
            if !is_used {
                found.push(Finding::new("unused-component", pointer, "nothing uses it"));
            }
        }
    }
    found
}

fn used_schemes(document: &Value) -> BTreeSet<&str> {
    let own = operations(document).into_iter();
    let own = own.flat_map(|(_, _, operation)| elements(&operation["security"]));
    let all = own.chain(elements(&document["security"]));
    all.flat_map(members)
        .map(|(name, _)| name.as_str())
        .collect()
}
