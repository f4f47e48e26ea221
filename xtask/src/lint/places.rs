//! The places of a document that rules look at: schemas, what carries a schema, and references.

use serde_json::Value;

use crate::canon::escape;

/// A JSON pointer with the value there.
pub(super) type Place<'a> = (String, &'a Value);

/// Every schema, from the named ones down to the innermost.
pub(super) fn schemas(document: &Value) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    for (name, schema) in members(&document["components"]["schemas"]) {
        nested(schema, format!("#/components/schemas/{name}"), &mut found);
    }
    for (at, carrier) in carriers(document) {
        nested(&carrier["schema"], format!("{at}/schema"), &mut found);
    }
    found
}

/// Everything that has a `schema`: media types, parameters and headers.
pub(super) fn carriers(document: &Value) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    for part in ["paths", "components"] {
        walk(&document[part], format!("#/{part}"), &mut |at, value| {
            if value.get("schema").is_some() {
                found.push((at.to_owned(), value));
            }
        });
    }
    found
}

/// Every object that is a reference.
pub(super) fn references(document: &Value) -> Vec<Place<'_>> {
    let mut found = schemas(document);
    walk(document, String::from("#"), &mut |at, value| {
        found.push((at.to_owned(), value));
    });
    found.retain(|(_, value)| value["$ref"].is_string());
    found
}

/// The members of an object; none of anything else.
pub(crate) fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

/// The elements of an array; none of anything else.
pub(crate) fn elements(array: &Value) -> impl Iterator<Item = &Value> {
    array.as_array().into_iter().flatten()
}

/// Visits the objects outside of schemas and examples.
fn walk<'a>(value: &'a Value, at: String, visit: &mut impl FnMut(&str, &'a Value)) {
    if value.is_object() {
        visit(&at, value);
    }
    for (key, member) in members(value) {
        let is_data = matches!(key.as_str(), "schema" | "schemas" | "example" | "examples");
        if !is_data {
            walk(member, format!("{at}/{}", escape(key)), visit);
        }
    }
    for (n, element) in elements(value).enumerate() {
        walk(element, format!("{at}/{n}"), visit);
    }
}

fn nested<'a>(schema: &'a Value, at: String, found: &mut Vec<Place<'a>>) {
    for (name, property) in members(&schema["properties"]) {
        nested(property, format!("{at}/properties/{}", escape(name)), found);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
            nested(inner, format!("{at}/{key}"), found);
        }
    }
    for (n, inner) in elements(&schema["allOf"]).enumerate() {
        nested(inner, format!("{at}/allOf/{n}"), found);
    }
    found.push((at, schema));
}
