//! Whether a JSON value is one of a schema, as OpenAPI 3.0 has schemas, within the profile of the documents.
//!
//! Stricter than the standard in three ways, since this judges the very server whose documents these are: members that
//! are not declared are violations, so are values outside of `x-known-values`, and formats bind. A keyword that is not
//! known here stops everything, so that none is passed over in silence.

use serde_json::{Map, Value};

use super::format;

/// Keywords that say nothing of the value.
const PROSE: [&str; 6] = [
    "default",
    "deprecated",
    "description",
    "example",
    "title",
    "x-pimento-enum",
];
/// Keywords that are looked at.
const RULES: [&str; 18] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "nullable",
    "properties",
    "required",
    "type",
    "x-known-values",
    "x-pimento-whole",
];
/// How the violation ends that a member is not there which `$select` may leave out, and nothing else.
const UNSELECTED: &str = ", and was not left out by $select";

/// Whether a violation is none where the request selected members.
pub(super) fn is_selected(violation: &str) -> bool {
    violation.ends_with(UNSELECTED)
}

/// A document, as the place where its schemas are.
#[derive(Debug)]
pub(super) struct Schemas(Value);

impl Schemas {
    /// # Panics
    /// Where a schema has a keyword that would be passed over.
    pub(super) fn new(document: Value) -> Self {
        for kind in ["schemas", "headers"] {
            for component in members(&document["components"][kind]) {
                understand(component.1.get("schema").unwrap_or(component.1));
            }
        }
        Self(document)
    }

    pub(super) fn document(&self) -> &Value {
        &self.0
    }

    /// What a reference names, also one that can be null and so stands alone in an `allOf`; or the value itself where it is
    /// none.
    ///
    /// # Panics
    /// Where a reference names nothing.
    pub(super) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let reference = value.get("$ref").or(value.pointer("/allOf/0/$ref"));
        let Some(reference) = reference.and_then(Value::as_str) else {
            return value;
        };
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| self.0.pointer(pointer));
        self.resolve(target.unwrap_or_else(|| panic!("{reference} names nothing")))
    }

    /// What is wrong with a value, each with the place where it is.
    pub(super) fn violations(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let declared = schema;
        let schema = self.resolve(schema);
        if value.is_null() && (declared["nullable"] == true || schema["nullable"] == true) {
            return Vec::new();
        }
        let mut found = Vec::from_iter(listed(schema, value, at));
        match (schema["type"].as_str(), value) {
            (None, _) | (Some("boolean"), Value::Bool(_)) => {}
            (Some("object"), Value::Object(object)) => {
                found.extend(self.object(schema, object, at))
            }
            (Some("array"), Value::Array(items)) => {
                found.extend(size(schema, ["minItems", "maxItems"], items.len(), at));
                for (index, item) in items.iter().enumerate() {
                    found.extend(self.violations(&schema["items"], item, &format!("{at}/{index}")));
                }
            }
            (Some("string"), Value::String(text)) => {
                let length = text.chars().count();
                found.extend(size(schema, ["minLength", "maxLength"], length, at));
                found.extend(of_format(schema, text, at));
            }
            (Some("integer"), Value::Number(number)) if number.is_i64() => {
                found.extend(bounds(schema, number.as_f64(), at));
                found.extend(of_format(schema, &number.to_string(), at));
            }
            (Some("number"), Value::Number(number)) => {
                found.extend(bounds(schema, number.as_f64(), at));
            }
            (Some(kind), _) => found.push(format!("{at} is {value}, not of type {kind}")),
        }
        found
    }

    fn object(&self, schema: &Value, object: &Map<String, Value>, at: &str) -> Vec<String> {
        let missing = |keyword: &str, how: &str| {
            let names = elements(&schema[keyword]).filter_map(Value::as_str);
            let missing = names.filter(|name| !object.contains_key(*name));
            missing
                .map(|name| format!("{at} lacks the required member {name}{how}"))
                .collect::<Vec<_>>()
        };
        let mut found = missing("required", "");
        found.extend(missing("x-pimento-whole", UNSELECTED));
        for (name, member) in object {
            let at = format!("{at}/{name}");
            match schema["properties"]
                .get(name)
                .or(schema.get("additionalProperties"))
            {
                Some(declared) => found.extend(self.violations(declared, member, &at)),
                None => found.push(format!("{at} is not declared")),
            }
        }
        found
    }
}

/// Sets of values, closed ones and those that the protocol may extend, but this server does not.
fn listed(schema: &Value, value: &Value, at: &str) -> Option<String> {
    let list = schema.get("enum").or(schema.get("x-known-values"))?;
    let known = elements(list).any(|known| known == value);
    (!known).then(|| format!("{at} is {value}, which is not among the known values"))
}

fn of_format(schema: &Value, text: &str, at: &str) -> Option<String> {
    let name = schema["format"].as_str()?;
    (!format::is_of(name, text)).then(|| format!("{at} is {text:?}, which is no {name}"))
}

fn bounds(schema: &Value, number: Option<f64>, at: &str) -> Option<String> {
    let number = number?;
    let least = schema["minimum"].as_f64().unwrap_or(f64::NEG_INFINITY);
    let most = schema["maximum"].as_f64().unwrap_or(f64::INFINITY);
    (!(least..=most).contains(&number)).then(|| format!("{at} is {number}, out of bounds"))
}

fn size(schema: &Value, [least, most]: [&str; 2], size: usize, at: &str) -> Option<String> {
    let least = schema[least].as_u64().unwrap_or(0);
    let most = schema[most].as_u64().unwrap_or(u64::MAX);
    (!(least..=most).contains(&(size as u64))).then(|| format!("{at} has a size of {size}"))
}

/// Stops at a schema that says something which is not looked at.
fn understand(schema: &Value) {
    for (keyword, value) in members(schema) {
        let known = PROSE.contains(&keyword.as_str()) || RULES.contains(&keyword.as_str());
        assert!(known, "the keyword {keyword} of a schema is not understood");
        match keyword.as_str() {
            "properties" => members(value).for_each(|(_, schema)| understand(schema)),
            "items" | "additionalProperties" => understand(value),
            "allOf" => assert!(
                value
                    .as_array()
                    .is_some_and(|all| matches!(&all[..], [one] if one["$ref"].is_string())),
                "an allOf of more than one reference is not understood"
            ),
            "format" => assert!(
                value.as_str().is_some_and(format::is_known),
                "the format {value} is not understood"
            ),
            _ => {}
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
