//! Rules about operations: names, statuses, media types, parameters, security.

mod codes;

use std::collections::BTreeSet;

use serde_json::Value;

use super::places::{elements, members};
use crate::canon::escape;
use crate::document::{operations, resolve};
use crate::{Finding, names};

/// The one component that every error answers with.
const ERROR: &str = "#/components/schemas/ODataError";
const JSON: &str = "application/json";

pub(super) fn lint(document: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, method, value) in operations(document) {
        let at = format!("#/paths/{}/{method}", escape(path));
        let operation = Operation {
            document,
            path,
            value,
            at,
        };
        found.append(&mut operation.identifier());
        found.append(&mut operation.prose());
        found.append(&mut operation.responses());
        found.append(&mut operation.body());
        found.append(&mut operation.parameters());
        found.append(&mut operation.access());
        found.append(&mut codes::lint(&operation));
    }
    found
}

struct Operation<'a> {
    document: &'a Value,
    path: &'a str,
    value: &'a Value,
    at: String,
}

impl<'a> Operation<'a> {
    fn identifier(&self) -> Vec<Finding> {
        let id = self.value["operationId"].as_str().unwrap_or_default();
        if !id.is_empty() && names::value_name(id) == id {
            return Vec::new();
        }
        let message = "must be there, in snake_case: it names the handler and the client's method";
        vec![self.finding("operation-id", "operationId", message)]
    }

    fn prose(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for key in ["summary", "description"] {
            if is_empty(&self.value[key]) {
                found.push(self.finding("prose", key, "must be there: it is the reference manual"));
            }
        }
        let mut declared = elements(&self.document["tags"]).map(|tag| &tag["name"]);
        let tags: Vec<_> = elements(&self.value["tags"]).collect();
        if !matches!(tags.as_slice(), [only] if declared.any(|tag| tag == *only)) {
            found.push(self.finding(
                "prose",
                "tags",
                "must be one tag that the document declares",
            ));
        }
        found
    }

    fn responses(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut successes = Vec::new();
        for (status, response) in members(&self.value["responses"]) {
            let at = format!("responses/{status}");
            let response = self.resolved(response);
            if is_broken(response) {
                continue;
            }
            if is_empty(&response["description"]) {
                let message = "must be there: OpenAPI demands it, and it is the reference manual";
                let at = format!("{at}/description");
                found.push(self.finding("response-description", &at, message));
            }
            found.append(&mut self.media_types(&response["content"], &at));
            let schema = &response["content"][JSON]["schema"];
            match status.parse::<u16>() {
                Ok(200..300) => successes.push(schema.clone()),
                Ok(400..600) if schema["$ref"] != ERROR => {
                    let message = format!("must answer with {ERROR} as every error does");
                    found.push(self.finding("error-schema", &at, message));
                }
                Ok(300..600) => {}
                _ => {
                    let message = "must be one status code; ranges and default break generators";
                    found.push(self.finding("status-code", &at, message));
                }
            }
        }
        successes.dedup();
        if successes.len() != 1 {
            let count = successes.len();
            let message = format!("must have one schema of success, has {count}");
            found.push(self.finding("one-success", "responses", message));
        }
        found
    }

    fn body(&self) -> Vec<Finding> {
        let Some(body) = self.value.get("requestBody") else {
            return Vec::new();
        };
        let content = &self.resolved(body)["content"];
        let mut found = self.media_types(content, "requestBody");
        let schema = self.resolved(&content[JSON]["schema"]);
        found.append(&mut self.nullable_body(schema));
        found
    }

    /// Null means absent in request bodies, so a client may send it wherever it may send nothing.
    fn nullable_body(&self, schema: &Value) -> Vec<Finding> {
        let required: Vec<_> = elements(&schema["required"])
            .filter_map(Value::as_str)
            .collect();
        let mut found = Vec::new();
        for (name, property) in members(&schema["properties"]) {
            if property["nullable"] != true && !required.contains(&name.as_str()) {
                let at = format!("requestBody/{name}");
                let message = "is optional in a request body and so must be nullable";
                found.push(self.finding("nullable-body", &at, message));
            }
        }
        found
    }

    fn media_types(&self, content: &Value, at: &str) -> Vec<Finding> {
        let is_text = self.path.ends_with("/$count") || self.path.ends_with("/$metadata");
        let mut found = Vec::new();
        for (name, media_type) in members(content) {
            let at = format!("{at}/content/{}", escape(name));
            if name != JSON && !is_text {
                let message = "must be application/json, the one type that the client reads";
                found.push(self.finding("media-type", &at, message));
            }
            if media_type.get("schema").is_none() {
                found.push(self.finding("media-type", &at, "must have a schema"));
            }
        }
        found
    }

    fn parameters(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for parameter in self.all_parameters() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let at = format!("parameters/{name}");
            let place = parameter["in"].as_str().unwrap_or_default();
            if !matches!(place, "path" | "query" | "header") || parameter.get("schema").is_none() {
                let message = "must have a schema and be in path, query or header";
                found.push(self.finding("parameter-form", &at, message));
            }
            if matches!(
                parameter["schema"]["type"].as_str(),
                Some("array" | "object")
            ) {
                let message =
                    "must be a plain string: the client explodes arrays whatever the document says";
                found.push(self.finding("parameter-form", &at, message));
            }
        }
        found.append(&mut self.colliding_parameters());
        found
    }

    fn colliding_parameters(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for parameter in self.all_parameters() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if !seen.insert(names::value_name(name)) {
                let message = "has the same Rust name as another parameter of this operation";
                let at = format!("parameters/{name}");
                found.push(self.finding("name-collision", &at, message));
            }
        }
        found
    }

    /// The path's own parameters and the operation's; an operation does not restate one of its path. Of a reference
    /// that leads nowhere there is nothing more to say than that.
    fn all_parameters(&self) -> impl Iterator<Item = &'a Value> {
        let shared = elements(&self.document["paths"][self.path]["parameters"]);
        let all = shared.chain(elements(&self.value["parameters"]));
        let resolved = all.map(|parameter| self.resolved(parameter));
        resolved.filter(|parameter| !is_broken(parameter))
    }

    fn access(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let Some(security) = self.value["security"].as_array() else {
            let message = "must stand at each operation, [] where it is public";
            return vec![self.finding("security", "security", message)];
        };
        if !security
            .iter()
            .all(|alternative| self.asks_for_a_scope(alternative))
        {
            let message = "each alternative must name a scope of an oauth2 scheme of this document";
            found.push(self.finding("security", "security", message));
        }
        let roles = self.value["x-pimento-roles"].as_array();
        let is_text = |roles: &Vec<Value>| roles.iter().all(Value::is_string);
        if !roles.is_some_and(is_text) {
            let message = "must list the roles that may call, [] for everybody who is signed in";
            found.push(self.finding("roles", "x-pimento-roles", message));
        }
        if security.is_empty() && roles.is_some_and(|roles| !roles.is_empty()) {
            let message = "must be [] where the operation is public";
            found.push(self.finding("roles", "x-pimento-roles", message));
        }
        found
    }

    /// Whether every scheme is declared, and one of them asks for a declared scope.
    fn asks_for_a_scope(&self, alternative: &Value) -> bool {
        let schemes = &self.document["components"]["securitySchemes"];
        let declared = |scheme: &str, scope: &Value| {
            let flows = members(&schemes[scheme]["flows"]);
            let mut scopes = flows.map(|(_, flow)| &flow["scopes"]);
            scopes.any(|scopes| scopes.get(scope.as_str().unwrap_or_default()).is_some())
        };
        let mut asked = members(alternative).flat_map(|(scheme, scopes)| {
            elements(scopes).map(move |scope| declared(scheme, scope))
        });
        let known = members(alternative).all(|(scheme, _)| schemes.get(scheme).is_some());
        // An empty list has no scope at all, so `all` alone would not do.
        known && asked.next() == Some(true) && asked.all(|declared| declared)
    }

    fn resolved(&self, value: &'a Value) -> &'a Value {
        resolve(self.document, value)
    }

    fn finding(&self, rule: &'static str, at: &str, message: impl std::fmt::Display) -> Finding {
        Finding::new(rule, format!("{}/{at}", self.at), message)
    }
}

/// Whether what is left after resolving is a reference still: it leads nowhere, which the comparer's form refuses.
fn is_broken(resolved: &Value) -> bool {
    resolved.get("$ref").is_some()
}

fn is_empty(text: &Value) -> bool {
    text.as_str().is_none_or(|text| text.trim().is_empty())
}
