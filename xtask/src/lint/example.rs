//! Every example and every default must be a value of its schema, for the schemas that the profile allows.

use std::fmt::Display;

use regress::Regex;
use serde_json::Value;

use super::places::{self, elements, members};
use crate::Finding;
use crate::canon::escape;

/// What the strings of a format look like. A format that is not listed promises nothing that could be checked.
const FORMATS: [(&str, &str); 5] = [
    (
        "date-time",
        r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$",
    ),
    ("date", r"^\d{4}-\d{2}-\d{2}$"),
    (
        "duration",
        r"^P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)$",
    ),
    ("uri", r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"),
    (
        "uuid",
        r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    ),
];

pub(super) fn lint(document: &Value) -> Vec<Finding> {
    let mut check = Check {
        document,
        found: Vec::new(),
    };
    for (at, carrier) in places::carriers(document) {
        let schema = &carrier["schema"];
        if let Some(example) = carrier.get("example") {
            check.value(schema, example, &format!("{at}/example"));
        }
        for (name, example) in members(&carrier["examples"]) {
            let at = format!("{at}/examples/{}", escape(name));
            check.value(schema, &example["value"], &format!("{at}/value"));
        }
    }
    for (at, schema) in places::schemas(document) {
        for key in ["example", "default"] {
            if let Some(value) = schema.get(key) {
                check.value(schema, value, &format!("{at}/{key}"));
            }
        }
    }
    check.found
}

struct Check<'a> {
    document: &'a Value,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn value(&mut self, schema: &Value, value: &Value, at: &str) {
        if let Some(pointer) = schema["$ref"].as_str().and_then(|at| at.strip_prefix('#')) {
            if let Some(target) = self.document.pointer(pointer) {
                self.value(target, value, at);
            }
            return;
        }
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        for part in elements(&schema["allOf"]) {
            self.value(part, value, at);
        }
        let allowed = schema.get("enum").and_then(Value::as_array);
        if allowed.is_some_and(|allowed| !allowed.contains(value)) {
            self.refuse(at, "is not one of the enum's values");
        }
        let kind = schema["type"].as_str();
        match (kind, value) {
            (None, _) | (Some("boolean"), Value::Bool(_)) => {}
            (Some("object"), Value::Object(_)) => self.object(schema, value, at),
            (Some("array"), Value::Array(items)) => self.array(schema, items, at),
            (Some("string"), Value::String(text)) => self.string(schema, text, at),
            (Some("integer"), Value::Number(number)) if number.is_i64() => {
                self.number(schema, value, at);
            }
            (Some("number"), Value::Number(_)) => self.number(schema, value, at),
            (Some(kind), _) => self.refuse(at, format!("is not of type {kind}")),
        }
    }

    fn object(&mut self, schema: &Value, value: &Value, at: &str) {
        for name in elements(&schema["required"]).filter_map(Value::as_str) {
            if value.get(name).is_none() {
                self.refuse(at, format!("lacks the required {name}"));
            }
        }
        for (name, member) in members(value) {
            let property = schema["properties"].get(name);
            let property = property.unwrap_or(&schema["additionalProperties"]);
            self.value(property, member, &format!("{at}/{}", escape(name)));
        }
    }

    fn array(&mut self, schema: &Value, items: &[Value], at: &str) {
        self.size(schema, ["minItems", "maxItems"], items.len(), at);
        for (n, item) in items.iter().enumerate() {
            self.value(&schema["items"], item, &format!("{at}/{n}"));
        }
        let is_twice = |(n, item)| items[..n].contains(item);
        if schema["uniqueItems"] == true && items.iter().enumerate().any(is_twice) {
            self.refuse(at, "has an element twice");
        }
    }

    fn string(&mut self, schema: &Value, text: &str, at: &str) {
        self.size(schema, ["minLength", "maxLength"], text.chars().count(), at);
        if let Some(pattern) = schema["pattern"].as_str() {
            self.pattern(pattern, text, at);
        }
        let format = schema["format"].as_str();
        let known = FORMATS.iter().find(|(name, _)| Some(*name) == format);
        if let Some((_, pattern)) = known {
            self.pattern(pattern, text, at);
        }
    }

    fn pattern(&mut self, pattern: &str, text: &str, at: &str) {
        match Regex::new(pattern) {
            Ok(regex) if regex.find(text).is_some() => {}
            Ok(_) => self.refuse(at, format!("does not match {pattern}")),
            Err(reason) => self.refuse(at, format!("{pattern} is no pattern: {reason}")),
        }
    }

    fn number(&mut self, schema: &Value, value: &Value, at: &str) {
        let number = value.as_f64().unwrap_or(f64::NAN);
        let minimum = schema["minimum"].as_f64().unwrap_or(f64::NEG_INFINITY);
        let maximum = schema["maximum"].as_f64().unwrap_or(f64::INFINITY);
        let below = number < minimum || (schema["exclusiveMinimum"] == true && number <= minimum);
        let above = maximum < number || (schema["exclusiveMaximum"] == true && maximum <= number);
        if below || above {
            self.refuse(at, "is out of bounds");
        }
        if schema["format"] == "int32" && value.as_i64().is_some_and(|n| i32::try_from(n).is_err())
        {
            self.refuse(at, "is no int32");
        }
    }

    fn size(&mut self, schema: &Value, [least, most]: [&str; 2], size: usize, at: &str) {
        let size = size as u64;
        let too_small = schema[least].as_u64().is_some_and(|least| size < least);
        let too_large = schema[most].as_u64().is_some_and(|most| most < size);
        if too_small || too_large {
            self.refuse(at, format!("has a size of {size}"));
        }
    }

    fn refuse(&mut self, at: &str, message: impl Display) {
        self.found.push(Finding::new("example", at, message));
    }
}
