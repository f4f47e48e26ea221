//! The canonical form of a schema: 3.0's vocabulary, whichever version the document is in.

use serde_json::{Map, Value, json};

use super::{Canon, Keep, Version, carry, listed, members, rules, set};

/// What a schema says when it says nothing about it.
const SILENT: [(&str, Value); 5] = [
    ("nullable", Value::Bool(false)),
    ("readOnly", Value::Bool(false)),
    ("writeOnly", Value::Bool(false)),
    ("deprecated", Value::Bool(false)),
    ("uniqueItems", Value::Bool(false)),
];

const PROSE: [&str; 6] = [
    "title",
    "description",
    "example",
    "examples",
    "externalDocs",
    "$comment",
];

impl Canon<'_> {
    /// The canonical form of a schema that stands at `at`.
    pub(super) fn schema(&mut self, schema: &Value, at: &str) -> Value {
        if schema == &Value::Bool(true) {
            return json!({});
        }
        if !schema.is_object() {
            return schema.clone();
        }
        let mut out = Map::new();
        for (key, value) in members(schema) {
            let key = key.as_str();
            let left_out = PROSE.contains(&key) || rules::is_own_extension(key);
            if self.keep == Keep::Everything || !left_out {
                out.insert(key.to_owned(), self.keyword(key, value, at));
            }
        }
        self.reference(&out, at);
        match self.version {
            Version::V30 => self.lower_30(&mut out, at),
            Version::V31 => self.lower_31(&mut out, at),
        }
        self.collapse_all_of(&mut out);
        drop_silent(&mut out);
        if let (Keep::Everything, Some(values)) = (self.keep, out.get_mut("enum")) {
            *values = set(values);
        }
        Value::Object(out)
    }

    fn keyword(&mut self, key: &str, value: &Value, at: &str) -> Value {
        let at = format!("{at}/{key}");
        match key {
            "properties" | "patternProperties" => {
                let each = members(value).map(|(name, schema)| {
                    let at = format!("{at}/{}", super::escape(name));
                    (name.clone(), self.schema(schema, &at))
                });
                Value::Object(each.collect())
            }
            "items" | "not" | "additionalProperties" | "propertyNames" => self.schema(value, &at),
            "allOf" | "anyOf" | "oneOf" => {
                let schemas = value.as_array().into_iter().flatten().enumerate();
                let each = schemas.map(|(n, schema)| self.schema(schema, &format!("{at}/{n}")));
                Value::Array(each.collect())
            }
            "required" => set(value),
            key if rules::is_own_extension(key) => listed(value),
            _ => carry(value),
        }
    }

    /// Refuses a reference that leads nowhere, and in 3.0 one that has neighbours, which readers of 3.0 ignore.
    fn reference(&mut self, out: &Map<String, Value>, at: &str) {
        let Some(pointer) = out.get("$ref") else {
            return;
        };
        if self.target(pointer).is_none() {
            self.refuse(at, format!("{pointer} names no schema"));
        }
        if self.version == Version::V30 && 1 < out.len() {
            self.refuse(at, "members beside $ref are lost in OpenAPI 3.0");
        }
    }

    fn target(&self, pointer: &Value) -> Option<&Value> {
        let name = pointer.as_str()?.strip_prefix("#/components/schemas/")?;
        self.document["components"]["schemas"].get(name)
    }

    fn lower_30(&mut self, out: &mut Map<String, Value>, at: &str) {
        if out
            .get("type")
            .is_some_and(|name| !name.is_string() || name == "null")
        {
            self.refuse(
                at,
                "OpenAPI 3.0 knows one type per schema, and no type null",
            );
        }
        for (exclusive, bound) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            match out.get(exclusive) {
                None => {}
                Some(Value::Bool(false)) => {
                    out.remove(exclusive);
                }
                Some(Value::Bool(true)) => match out.remove(bound) {
                    Some(number) => {
                        out.insert(exclusive.to_owned(), number);
                    }
                    None => self.refuse(at, format!("{exclusive} without {bound}")),
                },
                Some(_) => self.refuse(at, format!("{exclusive} is a boolean in OpenAPI 3.0")),
            }
        }
        drop_null_of_enum(out);
    }

    fn lower_31(&mut self, out: &mut Map<String, Value>, at: &str) {
        if out.contains_key("nullable") {
            self.refuse(at, "nullable means nothing in OpenAPI 3.1");
        }
        for exclusive in ["exclusiveMinimum", "exclusiveMaximum"] {
            if out.get(exclusive).is_some_and(Value::is_boolean) {
                self.refuse(at, format!("{exclusive} is a number in OpenAPI 3.1"));
            }
        }
        if let Some(value) = out.remove("const") {
            out.insert(String::from("enum"), json!([value]));
        }
        if out.get("propertyNames") == Some(&json!({"type": "string"})) {
            out.remove("propertyNames");
        }
        lower_type_list(out);
        for alternatives in ["oneOf", "anyOf"] {
            lower_null_alternative(out, alternatives);
        }
        drop_null_of_enum(out);
    }

    fn collapse_all_of(&self, out: &mut Map<String, Value>) {
        let Some([only]) = out
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        else {
            return;
        };
        let only = only.clone();
        let target = only.get("$ref").and_then(|pointer| self.target(pointer));
        let same_type = target.is_some_and(|target| out.get("type") == target.get("type"));
        let mut beside = out.clone();
        beside.remove("allOf");
        if same_type {
            beside.remove("type");
        }
        if let Some(merged) = merged(beside, &only) {
            *out = merged;
        }
    }
}

/// `type: [string, null]` becomes `type: string` and `nullable: true`.
fn lower_type_list(out: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = out.get("type").cloned() else {
        return;
    };
    let (nulls, mut others): (Vec<_>, Vec<_>) = types.into_iter().partition(|name| name == "null");
    if !nulls.is_empty() {
        out.insert(String::from("nullable"), json!(true));
    }
    others.sort_by_key(Value::to_string);
    let types = match others.as_slice() {
        [only] => only.clone(),
        _ => Value::Array(others),
    };
    out.insert(String::from("type"), types);
}

/// `oneOf: [{type: null}, X]` becomes X and `nullable: true`.
fn lower_null_alternative(out: &mut Map<String, Value>, key: &str) {
    let Some(Value::Array(alternatives)) = out.get(key) else {
        return;
    };
    let null = json!({"type": "null"});
    let others: Vec<_> = alternatives
        .iter()
        .filter(|schema| **schema != null)
        .cloned()
        .collect();
    if others.len() == alternatives.len() {
        return;
    }
    out.insert(String::from("nullable"), json!(true));
    let mut beside = out.clone();
    beside.remove(key);
    let collapsed = match others.as_slice() {
        [only] => merged(beside, only),
        _ => None,
    };
    match collapsed {
        Some(schema) => *out = schema,
        None => {
            out.insert(key.to_owned(), Value::Array(others));
        }
    }
}

/// Both schemas in one, unless a member of one contradicts the other.
fn merged(mut schema: Map<String, Value>, other: &Value) -> Option<Map<String, Value>> {
    for (key, value) in members(other) {
        if schema.get(key).is_some_and(|old| old != value) {
            return None;
        }
        schema.insert(key.clone(), value.clone());
    }
    other.is_object().then_some(schema)
}

fn drop_null_of_enum(out: &mut Map<String, Value>) {
    if out.get("nullable") != Some(&Value::Bool(true)) {
        return;
    }
    if let Some(Value::Array(values)) = out.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
}

fn drop_silent(out: &mut Map<String, Value>) {
    for (key, value) in SILENT {
        if out.get(key) == Some(&value) {
            out.remove(key);
        }
    }
    for key in ["minItems", "minLength", "minProperties"] {
        if out.get(key) == Some(&json!(0)) {
            out.remove(key);
        }
    }
    if out.get("required") == Some(&json!({})) {
        out.remove("required");
    }
}
