//! What two canonical documents say differently: one line per difference.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::canon::escape;

/// Longer values are cut in messages; the pointer names the place.
const SHOWN: usize = 160;

/// One place where the documents differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// A JSON pointer into the canonical form.
    pub pointer: String,
    /// What the hand-written document says there; none where it says nothing.
    pub spec: Option<Value>,
    /// What the server's document says there.
    pub server: Option<Value>,
    /// The operation that the place belongs to.
    pub operation: Option<String>,
}

/// The differences between two canonical documents, in the order of their pointers.
pub fn differences(spec: &Value, server: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(Some(spec), Some(server), "#", &mut found);
    for difference in &mut found {
        let pointer = &difference.pointer;
        difference.operation = operation(spec, pointer).or_else(|| operation(server, pointer));
    }
    found
}

fn collect(spec: Option<&Value>, server: Option<&Value>, at: &str, found: &mut Vec<Difference>) {
    match (spec, server) {
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
        _ if spec == server => {}
        _ => found.push(Difference {
            pointer: at.to_owned(),
            spec: spec.cloned(),
            server: server.cloned(),
            operation: None,
        }),
    }
}

/// The operationId that applies at a pointer `#/paths/<path>/<method>/...`.
fn operation(document: &Value, pointer: &str) -> Option<String> {
    let rest = pointer.strip_prefix("#/paths/")?;
    let (path, rest) = rest.split_once('/')?;
    let method = rest.split('/').next()?;
    let id = document.pointer(&format!("/paths/{path}/{method}/operationId"))?;
    Some(id.as_str()?.to_owned())
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer,
            spec,
            server,
            operation,
        } = self;
        write!(
            f,
            "{pointer}  spec: {}  server: {}",
            shown(spec),
            shown(server)
        )?;
        match operation {
            Some(id) => write!(f, "  ({id})"),
            None => Ok(()),
        }
    }
}

fn shown(value: &Option<Value>) -> String {
    let Some(value) = value else {
        return String::from("(absent)");
    };
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
