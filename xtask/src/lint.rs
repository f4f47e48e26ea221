//! The profile of the hand-written documents: what keeps them readable for the client's generator, for other
//! languages' generators and for people. `openapi/README.md` lists it for writers.

mod collisions;
mod components;
mod example;
mod info;
mod metadata;
mod operations;
mod places;
mod roles;
mod schemas;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::document::{Document, operations};
use crate::{Finding, canon};

pub(crate) use places::{elements, members};
pub use roles::unknown_roles;

/// Everything that the lint has to say about the documents; `roles` are the constants that the table can name.
pub fn findings(documents: &[Document], roles: &BTreeSet<String>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut named = Vec::new();
    for document in documents {
        found.append(&mut lint(&document.path(), &document.value));
        found.append(&mut unknown_roles(&document.path(), &document.value, roles));
        named.push((document.path(), &document.value));
    }
    found.append(&mut shared_operation_ids(&named));
    found
}

/// What the lint has to say about one document; `path` stands in front of each place.
pub fn lint(path: &str, document: &Value) -> Vec<Finding> {
    let mut found = root(document);
    found.append(&mut info::lint(document));
    found.append(&mut operations::lint(document));
    found.append(&mut schemas::lint(document));
    found.append(&mut components::lint(document));
    found.append(&mut collisions::lint(document));
    found.append(&mut example::lint(document));
    found.append(&mut metadata::lint(document));
    found.append(&mut canon::canonical(document).err().unwrap_or_default());
    for finding in &mut found {
        finding.place.insert_str(0, path);
    }
    found
}

/// An operationId names one thing in the whole program, so no two documents may use the same.
pub fn shared_operation_ids(documents: &[(String, &Value)]) -> Vec<Finding> {
    let mut first_uses = BTreeMap::new();
    let mut found = Vec::new();
    for (document, value) in documents {
        for (path, method, operation) in operations(value) {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let place = format!(
                "{document}#/paths/{}/{method}/operationId",
                canon::escape(path)
            );
            if let Some(first) = first_uses.insert(id, place.clone()) {
                let message = format!("{id} is also at {first}");
                found.push(Finding::new("unique-operation-id", place, message));
            }
        }
    }
    found
}

fn root(document: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let url = document["servers"][0]["url"].as_str().unwrap_or_default();
    for path in document["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(path, _)| path)
    {
        if url != "/" && path.starts_with(url) {
            let message = "must not repeat the server's path";
            found.push(Finding::new(
                "servers",
                format!("#/paths/{}", canon::escape(path)),
                message,
            ));
        }
    }
    if document["paths"].as_object().is_none_or(Map::is_empty) {
        let message = "must be there, and have the operations: nothing else would be checked";
        found.push(Finding::new("paths", "#/paths", message));
    }
    if document["openapi"] != "3.0.3" {
        let message = "must be 3.0.3, the one version that every reader of it understands";
        found.push(Finding::new("version", "#/openapi", message));
    }
    let servers = document["servers"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let is_path = |server: &Value| {
        server["url"]
            .as_str()
            .is_some_and(|url| url.starts_with('/'))
    };
    if !matches!(servers, [only] if is_path(only)) {
        let message =
            "must be one server whose url is a path, as every deployment has another host";
        found.push(Finding::new("servers", "#/servers", message));
    }
    found
}
