//! The canonical form of an OpenAPI document, in which the hand-written 3.0 text and the server's derived 3.1 text
//! can be compared member by member.
//!
//! Works on plain JSON values, so a keyword that nobody thought of is carried over and compared. What is rewritten
//! or left out stands in [`RULES`], with the reason. Sets become objects whose members are `true`, so that a
//! difference names the one element that differs.

mod codes;
mod rules;
mod schema;
pub(crate) mod security;

use serde_json::{Map, Value, json};

use crate::Finding;
use crate::document::METHODS;

pub use rules::{RULES, Rule};

/// The two versions of OpenAPI that are understood; they write null and exclusive bounds differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V30,
    V31,
}

/// How much of a document its canonical form keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// What both the hand-written document and the server's own can say.
    Contract,
    /// Prose and the project's extensions too; values whose order says nothing to a caller as sets.
    Everything,
}

/// The canonical form of a document, for the comparison with the server's own.
///
/// # Errors
/// One finding for each place that cannot be given a canonical form: an unknown version, a reference that leads
/// nowhere, a keyword of the other version.
pub fn canonical(document: &Value) -> Result<Value, Vec<Finding>> {
    form(document, Keep::Contract)
}

/// The canonical form of a hand-written document with its prose and its extensions, for the comparison with an older
/// one. The values of `enum` and of the extensions' lists are sets there, and all codes of a refusal stand at its
/// response, wherever the text has them.
///
/// # Errors
/// As [`canonical`].
pub fn whole(document: &Value) -> Result<Value, Vec<Finding>> {
    form(document, Keep::Everything)
}

fn form(document: &Value, keep: Keep) -> Result<Value, Vec<Finding>> {
    let version = match document["openapi"].as_str() {
        Some(text) if text.starts_with("3.0.") => Version::V30,
        Some(text) if text.starts_with("3.1.") => Version::V31,
        _ => {
            let message = format!("OpenAPI {} is not understood", document["openapi"]);
            return Err(vec![Finding::new("canon", "#/openapi", message)]);
        }
    };
    let mut canon = Canon {
        document,
        version,
        keep,
        refusals: Vec::new(),
    };
    let value = canon.document();
    match canon.refusals.is_empty() {
        true => Ok(value),
        false => Err(canon.refusals),
    }
}

struct Canon<'a> {
    document: &'a Value,
    version: Version,
    keep: Keep,
    refusals: Vec<Finding>,
}

impl<'a> Canon<'a> {
    fn document(&mut self) -> Value {
        let document = self.document;
        let handled = ["openapi", "servers", "paths", "components", "security"];
        let mut out = self.carried(document, &handled, &["info", "tags", "externalDocs"]);
        let (base, servers) = servers(&document["servers"]);
        if let Some(servers) = servers {
            out.insert(String::from("servers"), servers);
        }
        let mut paths = Map::new();
        for (path, item) in members(&document["paths"]) {
            let item = self.path_item(item, &format!("#/paths/{}", escape(path)));
            paths.insert(format!("{base}{path}"), item);
        }
        out.insert(String::from("paths"), Value::Object(paths));
        out.insert(String::from("components"), self.components());
        Value::Object(out)
    }

    fn components(&mut self) -> Value {
        let components = &self.document["components"];
        let inlined = [
            "parameters",
            "responses",
            "headers",
            "requestBodies",
            "examples",
        ];
        let mut out = self.carried(components, &inlined, &[]);
        out.remove("schemas");
        out.remove("securitySchemes");
        let mut schemas = Map::new();
        for (name, schema) in members(&components["schemas"]) {
            let at = format!("#/components/schemas/{name}");
            schemas.insert(name.clone(), self.schema(schema, &at));
        }
        let schemes = members(&components["securitySchemes"]);
        let schemes: Map<_, _> = schemes
            .map(|(name, scheme)| (name.clone(), self.security_scheme(scheme)))
            .collect();
        insert_unless_empty(&mut out, "schemas", schemas);
        insert_unless_empty(&mut out, "securitySchemes", schemes);
        Value::Object(out)
    }

    fn path_item(&mut self, item: &'a Value, at: &str) -> Value {
        let mut out = self.carried(item, &["parameters"], &["summary", "description"]);
        for (method, operation) in members(item) {
            if METHODS.contains(&method.as_str()) {
                let at = format!("{at}/{method}");
                let operation = self.operation(operation, &item["parameters"], &at);
                out.insert(method.clone(), operation);
            }
        }
        Value::Object(out)
    }

    fn operation(&mut self, operation: &'a Value, shared: &'a Value, at: &str) -> Value {
        let prose = ["tags", "summary", "description", "externalDocs"];
        let mut out = self.carried(operation, &[], &prose);
        default(&mut out, "deprecated", json!(false));
        let mut parameters = self.parameters(shared, at);
        parameters.append(&mut self.parameters(&operation["parameters"], at));
        out.insert(String::from("parameters"), Value::Object(parameters));
        if let Some(body) = operation.get("requestBody") {
            let at = format!("{at}/requestBody");
            let body = self.body(body, &at);
            out.insert(String::from("requestBody"), body);
        }
        let mut responses = Map::new();
        for (status, response) in members(&operation["responses"]) {
            let at = format!("{at}/responses/{status}");
            responses.insert(status.clone(), self.response(response, &at));
        }
        codes::gather(&mut out, &mut responses);
        out.insert(String::from("responses"), Value::Object(responses));
        let root = &self.document["security"];
        out.insert(
            String::from("security"),
            security::alternatives(operation.get("security").unwrap_or(root)),
        );
        Value::Object(out)
    }

    fn parameters(&mut self, list: &'a Value, at: &str) -> Map<String, Value> {
        let mut out = Map::new();
        for (n, parameter) in list.as_array().into_iter().flatten().enumerate() {
            let parameter = self.resolve(parameter, "parameters", &format!("{at}/parameters/{n}"));
            if parameter.get("$ref").is_some() {
                // It leads nowhere, which is told; so it has no name that could be.
                continue;
            }
            let place = parameter["in"].as_str().unwrap_or_default();
            let key = format!("{place}:{}", parameter["name"].as_str().unwrap_or_default());
            let style = match place {
                "query" | "cookie" => "form",
                _ => "simple",
            };
            let at = format!("{at}/parameters/{key}");
            let mut value = self.carrier(parameter, style, &at);
            value.remove("name");
            value.remove("in");
            if out.insert(key, Value::Object(value)).is_some() {
                self.refuse(&at, "declared twice");
            }
        }
        out
    }

    /// What parameters and headers have in common: a schema and how a value of it is written.
    fn carrier(&mut self, carrier: &'a Value, style: &str, at: &str) -> Map<String, Value> {
        let mut out = self.carried(carrier, &[], &["description", "example", "examples"]);
        for absent in ["required", "deprecated", "allowReserved", "allowEmptyValue"] {
            default(&mut out, absent, json!(false));
        }
        default(&mut out, "style", json!(style));
        let explode = out["style"] == "form";
        default(&mut out, "explode", json!(explode));
        if let Some(schema) = carrier.get("schema") {
            let schema = self.schema(schema, &format!("{at}/schema"));
            out.insert(String::from("schema"), schema);
        }
        self.content(carrier, &mut out, at);
        out
    }

    fn body(&mut self, body: &'a Value, at: &str) -> Value {
        let body = self.resolve(body, "requestBodies", at);
        let mut out = self.carried(body, &[], &["description"]);
        default(&mut out, "required", json!(false));
        self.content(body, &mut out, at);
        Value::Object(out)
    }

    fn response(&mut self, response: &'a Value, at: &str) -> Value {
        let response = self.resolve(response, "responses", at);
        let mut out = self.carried(response, &["headers"], &["description"]);
        let mut headers = Map::new();
        for (name, header) in members(&response["headers"]) {
            let at = format!("{at}/headers/{name}");
            let header = self.resolve(header, "headers", &at);
            let header = self.carrier(header, "simple", &at);
            headers.insert(name.clone(), Value::Object(header));
        }
        insert_unless_empty(&mut out, "headers", headers);
        self.content(response, &mut out, at);
        Value::Object(out)
    }

    fn content(&mut self, holder: &'a Value, out: &mut Map<String, Value>, at: &str) {
        out.remove("content");
        let mut content = Map::new();
        for (name, media_type) in members(&holder["content"]) {
            let mut value = self.carried(media_type, &[], &["example", "examples"]);
            if let Some(schema) = media_type.get("schema") {
                let at = format!("{at}/content/{}/schema", escape(name));
                value.insert(String::from("schema"), self.schema(schema, &at));
            }
            content.insert(name.clone(), Value::Object(value));
        }
        insert_unless_empty(out, "content", content);
    }

    /// The object itself, or the component of this kind that it refers to.
    fn resolve(&mut self, value: &'a Value, kind: &str, at: &str) -> &'a Value {
        let Some(pointer) = value["$ref"].as_str() else {
            return value;
        };
        let prose = ["$ref", "summary", "description"];
        if members(value).any(|(key, _)| !prose.contains(&key.as_str())) {
            self.refuse(at, "members beside $ref are lost");
        }
        let name = pointer.strip_prefix("#/components/").unwrap_or_default();
        let name = name
            .strip_prefix(kind)
            .and_then(|rest| rest.strip_prefix('/'));
        let found = name.and_then(|name| self.document["components"][kind].get(name));
        match found {
            Some(component) if component.get("$ref").is_none() => component,
            _ => {
                self.refuse(at, format!("{pointer} names no component of {kind}"));
                value
            }
        }
    }

    fn security_scheme(&self, scheme: &Value) -> Value {
        let mut out = self.carried(scheme, &[], &["description"]);
        if let Some(flows) = out.get_mut("flows").and_then(Value::as_object_mut) {
            for flow in flows.values_mut() {
                let names: Vec<_> = members(&flow["scopes"])
                    .map(|(name, _)| json!(name))
                    .collect();
                flow["scopes"] = set(&Value::Array(names));
            }
        }
        Value::Object(out)
    }

    /// The members that are not handled by name, as they are but for what is not compared.
    fn carried(&self, object: &Value, handled: &[&str], prose: &[&str]) -> Map<String, Value> {
        let everything = self.keep == Keep::Everything;
        let kept = members(object).filter(|(key, _)| {
            let key = key.as_str();
            let left_out = prose.contains(&key) || rules::is_own_extension(key);
            !handled.contains(&key) && (everything || !left_out)
        });
        let value = |key: &str, value| match rules::is_own_extension(key) {
            true => listed(value),
            false => carry(value),
        };
        kept.map(|(key, member)| (key.clone(), value(key, member)))
            .collect()
    }

    fn refuse(&mut self, at: &str, message: impl std::fmt::Display) {
        self.refusals.push(Finding::new("canon", at, message));
    }
}

/// One server that is only a path goes in front of every path; anything more is carried and compared.
fn servers(servers: &Value) -> (&str, Option<Value>) {
    let list = servers.as_array().map(Vec::as_slice).unwrap_or_default();
    let [only] = list else {
        let several = (!list.is_empty()).then(|| carry(servers));
        return ("", several);
    };
    match only["url"].as_str() {
        Some(url) if url.starts_with('/') && only.get("variables").is_none() => {
            (url.trim_end_matches('/'), None)
        }
        _ => ("", Some(carry(servers))),
    }
}

/// An array whose order says nothing, as an object whose members are `true`; its members are sorted.
fn set(array: &Value) -> Value {
    let mut words: Vec<_> = array.as_array().into_iter().flatten().map(word).collect();
    words.sort();
    Value::Object(
        words
            .into_iter()
            .map(|word| (word, Value::Bool(true)))
            .collect(),
    )
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A list as a set, and anything else as it is.
fn listed(value: &Value) -> Value {
    match value.is_array() {
        true => set(value),
        false => carry(value),
    }
}

/// A value as it is, with each whole number written as an integer: 1 and 1.0 are the same number of JSON.
fn carry(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(carry).collect()),
        Value::Object(object) => {
            let members = object
                .iter()
                .map(|(key, value)| (key.clone(), carry(value)));
            Value::Object(members.collect())
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                json!(float as i64)
            }
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn default(out: &mut Map<String, Value>, key: &str, value: Value) {
    out.entry(key).or_insert(value);
}

fn insert_unless_empty(out: &mut Map<String, Value>, key: &str, members: Map<String, Value>) {
    if !members.is_empty() {
        out.insert(key.to_owned(), Value::Object(members));
    }
}

/// A name as one part of a JSON pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
