//! Rules about schemas.

use serde_json::Value;

use super::places::{self, members};
use crate::Finding;

/// The keywords of the profile. The comparer carries any other, but the check of the examples does not know it, and
/// `anyOf` and `oneOf` become structs without meaning in the generated client.
const KEYWORDS: [&str; 26] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "default",
    "deprecated",
    "description",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "nullable",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
];

pub(super) fn lint(document: &Value) -> Vec<Finding> {
    let schemas = places::schemas(document).into_iter();
    schemas
        .flat_map(|(at, schema)| rules(&at, schema))
        .collect()
}

fn rules(at: &str, schema: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut refuse = |rule, message: &str| found.push(Finding::new(rule, at, message));
    for (key, _) in members(schema) {
        if !KEYWORDS.contains(&key.as_str()) && !key.starts_with("x-") {
            refuse("keyword", &format!("`{key}` is not in the profile"));
        }
    }
    if schema["nullable"] == true && !schema["type"].is_string() {
        refuse(
            "nullable-type",
            "`nullable` means nothing without a `type` beside it",
        );
    }
    if schema.get("enum").is_some() && !is_reason(&schema["x-closed-enum"]) {
        let message = "a closed enum breaks clients when it grows: write `x-known-values`, \
                       or say in `x-closed-enum` why it never will";
        refuse("closed-enum", message);
    }
    if schema["additionalProperties"].is_boolean() {
        let message = "must be `{}` or a schema: `true` loses unknown members in the client, \
                       `false` refuses those of a newer server";
        refuse("additional-properties", message);
    }
    let properties = &schema["properties"];
    for name in places::elements(&schema["required"]) {
        if properties.get(name.as_str().unwrap_or_default()).is_none() {
            refuse(
                "required-property",
                &format!("{name} is required but not declared"),
            );
        }
    }
    found
}

fn is_reason(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|reason| !reason.trim().is_empty())
}
