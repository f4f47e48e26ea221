//! Rules about the entity model: the document has one that can be written, and a count beside each list.

use serde_json::{Value, json};

use super::places::members;
use crate::canon::escape;
use crate::metadata::{COUNT, derive};
use crate::{Finding, metadata};

/// What a list and its count have in common: whoever sees the one sees the other.
const ACCESS: [&str; 3] = ["security", "x-pimento-roles", "x-pimento-unregistered"];

pub(super) fn lint(document: &Value) -> Vec<Finding> {
    match derive(document) {
        Err(found) => found,
        Ok(None) => Vec::new(),
        Ok(Some(model)) => counts(document, &model),
    }
}

fn counts(document: &Value, model: &metadata::Model) -> Vec<Finding> {
    let paths = &document["paths"];
    let mut found = Vec::new();
    let mut refuse = |path: &str, message: &str| {
        let at = format!("#/paths/{}", escape(path));
        found.push(Finding::new("count", at, message));
    };
    for list in &model.lists {
        let path = format!("{list}{COUNT}");
        let count = &paths[&path]["get"];
        if count.is_null() {
            refuse(list, "is a list, and so has a `/$count` below it");
            continue;
        }
        let of_list = &paths[list]["get"];
        if ACCESS.iter().any(|key| count[key] != of_list[key]) {
            refuse(
                &path,
                "is for whoever may read the list, and so has its security and roles",
            );
        }
        let number = json!({"type": "integer", "format": "int64"});
        let content = &count["responses"]["200"]["content"];
        if *content
            != json!({"text/plain": {"schema": number, "example": content["text/plain"]["example"]}})
        {
            refuse(
                &path,
                "answers `text/plain` with an int64, and an `example` of it",
            );
        }
    }
    for (path, _) in members(paths) {
        let list = path.strip_suffix(COUNT);
        if list.is_some_and(|list| !model.lists.contains(list)) {
            refuse(path, "counts what is no list of entities");
        }
    }
    found
}
