//! The canonical form of what an operation asks of a caller: a set of alternatives, each written as one text.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{members, set};

/// Alternatives as a set; each is the set of schemes that go together, each with its set of scopes.
pub(super) fn alternatives(alternatives: &Value) -> Value {
    let mut out = Map::new();
    if *alternatives == json!([{}]) {
        return Value::Object(out);
    }
    for alternative in alternatives.as_array().into_iter().flatten() {
        let mut schemes: Vec<_> = members(alternative)
            .map(|(scheme, scopes)| {
                let scopes = set(scopes);
                let scopes: Vec<_> = members(&scopes).map(|(scope, _)| scope.as_str()).collect();
                format!("{scheme}({})", scopes.join(" "))
            })
            .collect();
        schemes.sort();
        out.insert(schemes.join(" and "), Value::Bool(true));
    }
    Value::Object(out)
}

/// The names of the schemes in the canonical form.
pub(crate) fn schemes(canonical: &Value) -> BTreeSet<&str> {
    let requirements = members(canonical).flat_map(|(text, _)| parts(text));
    requirements.map(|(scheme, _)| scheme).collect()
}

/// What each alternative of the canonical form requires: its schemes, and their scopes each with its scheme. Where
/// there is no alternative at all nothing is required, which is one alternative without requirements.
pub(crate) fn requirements(canonical: &Value) -> Vec<BTreeSet<String>> {
    let all: Vec<BTreeSet<_>> = members(canonical)
        .map(|(text, _)| {
            let each = parts(text).flat_map(|(scheme, scopes)| {
                let scopes = scopes.split_whitespace();
                let scopes = scopes.map(move |scope| format!("{scheme}({scope})"));
                scopes.chain([scheme.to_owned()])
            });
            each.collect()
        })
        .collect();
    match all.is_empty() {
        true => vec![BTreeSet::new()],
        false => all,
    }
}

fn parts(alternative: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = alternative.split(" and ");
    parts.filter_map(|part| part.trim_end_matches(')').split_once('('))
}
