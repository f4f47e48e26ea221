//! What two canonical documents say differently: one line per difference.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::canon::escape;
use crate::uses::Uses;

/// Longer values are cut in messages, and of longer objects only the members are named.
const SHOWN: usize = 160;
/// More operations than this are counted after the first ones.
const NAMED: usize = 4;

/// One place where two documents differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// A JSON pointer into the canonical form.
    pub pointer: String,
    /// What the one document says there; none where it says nothing.
    pub one: Option<Value>,
    /// What the other document says there.
    pub other: Option<Value>,
    /// The operation that the place belongs to, or all that use the component it belongs to.
    pub operations: BTreeSet<String>,
}

/// The differences between two canonical documents, in the order of their pointers.
pub fn differences(one: &Value, other: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(Some(one), Some(other), "#", &mut found);
    if !found.is_empty() {
        let uses = Uses::of(&[one, other]);
        for difference in &mut found {
            difference.operations = uses.operations(&difference.pointer);
        }
    }
    found
}

fn collect(one: Option<&Value>, other: Option<&Value>, at: &str, found: &mut Vec<Difference>) {
    if one == other {
        return;
    }
    // A path that is missing is told by its operations, whose names are what people look for.
    let none = Value::Object(Map::new());
    let is_path = at.starts_with("#/paths/") && at.matches('/').count() == 2;
    let or_none = |side: Option<_>| side.or(is_path.then_some(&none));
    match (or_none(one), or_none(other)) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let at = format!("{at}/{}", escape(key));
                collect(one.get(key), other.get(key), &at, found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            for n in 0..one.len().max(other.len()) {
                collect(one.get(n), other.get(n), &format!("{at}/{n}"), found);
            }
        }
        _ => found.push(Difference {
            pointer: at.to_owned(),
            one: one.cloned(),
            other: other.cloned(),
            operations: BTreeSet::new(),
        }),
    }
}

impl Difference {
    /// The line that is printed: the pointer, what each document says under its name, and the operations.
    pub fn line(&self, names: [&str; 2]) -> String {
        let [one, other] = names;
        format!(
            "{}  {one}: {}  {other}: {}{}",
            self.pointer,
            shown(self.one.as_ref()),
            shown(self.other.as_ref()),
            self.concerned(),
        )
    }

    fn concerned(&self) -> String {
        let ids: Vec<_> = self.operations.iter().map(String::as_str).collect();
        let names = match ids.as_slice() {
            [] => return String::new(),
            [first, second, third, rest @ ..] if NAMED < ids.len() => {
                format!("{first}, {second}, {third} and {} more", rest.len())
            }
            all => all.join(", "),
        };
        match self.pointer.starts_with("#/components/") {
            true => format!("  (used by {names})"),
            false => format!("  ({names})"),
        }
    }
}

fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return String::from("(absent)");
    };
    let text = value.to_string();
    let Some((end, _)) = text.char_indices().nth(SHOWN) else {
        return text;
    };
    match value {
        Value::Object(members) => {
            let names: Vec<_> = members.keys().map(String::as_str).collect();
            format!("{{{}}}", names.join(", "))
        }
        _ => format!("{}…", &text[..end]),
    }
}
