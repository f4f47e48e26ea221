//! What a difference within a schema does to the values that the schema allows.

use serde_json::{Value, json};

use super::effect::{Effect, Place};
use crate::metadata;

/// Keywords that a reader sees and no value depends on.
const PROSE: [&str; 7] = [
    "$comment",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
    "x-closed-enum",
];
const UNCOMPARABLE: &str = "which values are allowed cannot be compared with before";
const RENAMED: &str = "another schema, and so another type in generated clients";

/// The effect of a difference at these parts of a pointer below a schema.
pub(super) fn effect(parts: &[&str], place: Place<'_>) -> Effect {
    match parts {
        [] => subschema(place),
        ["properties"] | ["properties", _] => place.either(
            Effect::Harmless("a new member that may be left out or ignored"),
            Effect::Harmful("the member is gone"),
        ),
        ["properties", _, rest @ ..] => effect(rest, place),
        [
            "items" | "additionalProperties" | "propertyNames",
            rest @ ..,
        ] => effect(rest, place),
        ["allOf", _, rest @ ..] | ["anyOf" | "oneOf", _, rest @ ..] if !rest.is_empty() => {
            effect(rest, place)
        }
        ["anyOf" | "oneOf", _] => place.either(Effect::Wider, Effect::Narrower),
        ["allOf", ..] | ["anyOf" | "oneOf"] => place.either(Effect::Narrower, Effect::Wider),
        ["required"] => place.either(Effect::Narrower, Effect::Wider),
        ["required", name] => required(name, place),
        ["enum"] => place.either(Effect::Narrower, Effect::Wider),
        ["enum", _] => place.either(Effect::Wider, Effect::Narrower),
        ["x-known-values", ..] => place.either(
            Effect::Harmless("values may be added at any time"),
            Effect::Narrower,
        ),
        [metadata::ENUM] => place.either(
            Effect::Harmless("the values that are known have a type in the metadata"),
            Effect::Harmful("generated clients lose the type"),
        ),
        ["$ref"] => Effect::Harmful(RENAMED),
        [keyword, ..] if PROSE.contains(keyword) => Effect::Prose,
        ["default", ..] => default(place),
        [keyword] => value(keyword, place),
        _ => Effect::Harmful(UNCOMPARABLE),
    }
}

/// A whole schema where there was none, or the other way round. A missing one allows everything, and so does `{}`.
fn subschema(place: Place<'_>) -> Effect {
    let allows_all = |side: &Option<Value>| side.as_ref().is_none_or(|side| *side == json!({}));
    let allows_none = |side: &Option<Value>| *side == Some(Value::Bool(false));
    let (old, new) = (&place.difference.one, &place.difference.other);
    if allows_all(old) && allows_all(new) {
        Effect::Harmless("everything is allowed, as before")
    } else if allows_all(old) || allows_none(new) {
        Effect::Narrower
    } else if allows_all(new) || allows_none(old) {
        Effect::Wider
    } else {
        Effect::Harmful(UNCOMPARABLE)
    }
}

/// A member that only answers have is not asked of callers.
fn required(name: &str, place: Place<'_>) -> Effect {
    let schema = place.difference.pointer.trim_start_matches('#');
    let schema = schema.strip_suffix(&format!("/required/{name}"));
    let is_read_only = schema.is_some_and(|schema| {
        let pointer = format!("{schema}/properties/{name}/readOnly");
        place.new.pointer(&pointer) == Some(&Value::Bool(true))
    });
    let added = match is_read_only {
        true => Effect::Harmless("callers do not send it"),
        false => Effect::Narrower,
    };
    place.either(added, Effect::Wider)
}

/// What answers alone had is now sent too: a member that is required must be. Of a schema that is no member it is not
/// known who requires it.
fn writable(place: Place<'_>) -> Effect {
    let pointer = place.difference.pointer.trim_start_matches('#');
    let member = pointer.strip_suffix("/readOnly");
    let member = member.and_then(|at| at.rsplit_once("/properties/"));
    let member = member.filter(|(_, name)| !name.contains('/'));
    let is_optional = member.is_some_and(|(schema, name)| {
        let required = format!("{schema}/required/{name}");
        place.new.pointer(&required).is_none()
    });
    match is_optional {
        true => Effect::Harmless("callers may send it"),
        false => Effect::Narrower,
    }
}

/// Who leaves a member out gets something else than before; in answers a default says nothing.
fn default(place: Place<'_>) -> Effect {
    place.either(
        Effect::Harmless("it says what leaving it out means"),
        Effect::Narrower,
    )
}

fn value(keyword: &str, place: Place<'_>) -> Effect {
    match keyword {
        "nullable" => place.flag(Effect::Wider, Effect::Narrower),
        "uniqueItems" => place.flag(Effect::Narrower, Effect::Wider),
        "deprecated" => Effect::Harmless("it is understood as before"),
        // Callers can no longer send it, or they now may or must; in answers it is there either way.
        "readOnly" => place.flag(Effect::Narrower, writable(place)),
        // Callers no longer get it, or they now do.
        "writeOnly" => place.flag(Effect::Wider, Effect::Harmless("answers have it now")),
        "type" => kind(place, &[("integer", "number")]),
        "format" => kind(place, &[("int32", "int64"), ("float", "double")]),
        "pattern" | "multipleOf" => kind(place, &[]),
        "minimum" | "exclusiveMinimum" => bound(place, ["minimum", "exclusiveMinimum"], 1.0),
        "maximum" | "exclusiveMaximum" => bound(place, ["maximum", "exclusiveMaximum"], -1.0),
        "minLength" | "minItems" | "minProperties" => bound(place, [keyword, ""], 1.0),
        "maxLength" | "maxItems" | "maxProperties" => bound(place, [keyword, ""], -1.0),
        _ => Effect::Harmful("nobody has said yet what a change of this keyword means to callers"),
    }
}

/// A keyword that excludes values, whose own values are equal, in one of these pairs of (narrow, wide), or strangers.
fn kind(place: Place<'_>, pairs: &[(&str, &str)]) -> Effect {
    let (Some(old), Some(new)) = (&place.difference.one, &place.difference.other) else {
        return place.either(Effect::Narrower, Effect::Wider);
    };
    let is_pair =
        |(narrow, wide): &(&str, &str), one: &Value, other: &Value| one == narrow && other == wide;
    if pairs.iter().any(|pair| is_pair(pair, old, new)) {
        Effect::Wider
    } else if pairs.iter().any(|pair| is_pair(pair, new, old)) {
        Effect::Narrower
    } else {
        Effect::Harmful(UNCOMPARABLE)
    }
}

/// A bound is one number, whichever keyword says it: the value in the direction in which it narrows, and then whether
/// the value itself is excluded.
fn bound(place: Place<'_>, [inclusive, exclusive]: [&str; 2], sign: f64) -> Effect {
    let parent = place.difference.pointer.trim_start_matches('#');
    let parent = parent.rsplit_once('/').map_or("", |(parent, _)| parent);
    let tightness = |document: &Value| {
        let schema = document.pointer(parent);
        let number = |keyword| schema.and_then(|schema| schema.get(keyword)?.as_f64());
        let tight = |number: Option<f64>| number.map_or(f64::NEG_INFINITY, |n| sign * n);
        let (closed, open) = (tight(number(inclusive)), tight(number(exclusive)));
        match closed <= open && open.is_finite() {
            true => (open, true),
            false => (closed, false),
        }
    };
    let (old, new) = (tightness(place.old), tightness(place.new));
    if old < new {
        Effect::Narrower
    } else if new < old {
        Effect::Wider
    } else {
        Effect::Harmless("the same bound in other words")
    }
}
