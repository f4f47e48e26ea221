//! Which operations a place of a canonical document concerns: its own, or those that reach the shared schema or the
//! security scheme that it is in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::canon::{escape, security};
use crate::document::operations;

/// Which way the values of a schema travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// The caller sends them: parameters and request bodies.
    Request,
    /// The caller gets them: response bodies and headers.
    Response,
}

/// The users of each operation, schema and security scheme, over one or several canonical documents.
#[derive(Debug, Default)]
pub struct Uses {
    /// By the pointer of an operation or a component; operationId and the directions in which it is used.
    users: BTreeMap<String, BTreeMap<String, BTreeSet<Direction>>>,
}

const SCHEMAS: &str = "#/components/schemas/";

impl Uses {
    /// The uses in all of these documents together. An operation whose identifier differs has that of the first.
    pub fn of(documents: &[&Value]) -> Self {
        let mut uses = Self::default();
        for document in documents {
            for (path, method, operation) in operations(document) {
                let at = format!("#/paths/{}/{method}", escape(path));
                let pointer = format!("{}/operationId", at.trim_start_matches('#'));
                let mut ids = documents.iter().filter_map(|one| one.pointer(&pointer));
                let id = ids.next().and_then(Value::as_str).unwrap_or(method);
                uses.operation(document, operation, at, id);
            }
        }
        uses
    }

    fn operation(&mut self, document: &Value, operation: &Value, at: String, id: &str) {
        self.add(at, id, Direction::Request);
        for scheme in security::schemes(&operation["security"]) {
            let at = format!("#/components/securitySchemes/{scheme}");
            self.add(at, id, Direction::Request);
        }
        for (part, direction) in [
            ("parameters", Direction::Request),
            ("requestBody", Direction::Request),
            ("responses", Direction::Response),
        ] {
            let mut reached = BTreeSet::new();
            reach(document, &operation[part], &mut reached);
            for schema in reached {
                self.add(format!("{SCHEMAS}{schema}"), id, direction);
            }
        }
    }

    fn add(&mut self, at: String, id: &str, direction: Direction) {
        let users = self.users.entry(at).or_default();
        users.entry(id.to_owned()).or_default().insert(direction);
    }

    /// The identifiers of the operations that a place concerns.
    pub fn operations(&self, pointer: &str) -> BTreeSet<String> {
        let place = component(pointer);
        if let Some(users) = self.users.get(place) {
            return users.keys().cloned().collect();
        }
        let path = place.rsplit_once('/').map_or("", |(path, _)| path);
        if !path.starts_with("#/paths/") {
            return BTreeSet::new();
        }
        // A member of the path that is no operation concerns them all.
        let own = self.users.iter().filter(|(at, _)| {
            let rest = at.strip_prefix(path);
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        own.flat_map(|(_, users)| users.keys().cloned()).collect()
    }

    /// The ways in which the values of the schema at this place travel; both where nothing uses it.
    pub fn directions(&self, pointer: &str) -> BTreeSet<Direction> {
        if pointer.starts_with("#/paths/") {
            let part = pointer.split('/').nth(4);
            return BTreeSet::from([match part {
                Some("responses") => Direction::Response,
                _ => Direction::Request,
            }]);
        }
        let users = self.users.get(component(pointer)).into_iter().flatten();
        let found: BTreeSet<_> = users.flat_map(|(_, ways)| ways.iter().copied()).collect();
        match found.is_empty() {
            true => BTreeSet::from([Direction::Request, Direction::Response]),
            false => found,
        }
    }
}

/// The pointer of the operation or the component that a place belongs to: its first four parts.
pub fn component(pointer: &str) -> &str {
    match pointer.match_indices('/').nth(3) {
        Some((end, _)) => &pointer[..end],
        None => pointer,
    }
}

/// Adds the names of all schemas that a value refers to, directly or by way of others.
fn reach<'a>(document: &'a Value, value: &'a Value, reached: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            let name = target.and_then(|target| target.strip_prefix(SCHEMAS));
            if let Some(name) = name.filter(|name| reached.insert(name)) {
                reach(document, &document["components"]["schemas"][name], reached);
            }
            for member in members.values() {
                reach(document, member, reached);
            }
        }
        Value::Array(items) => {
            for item in items {
                reach(document, item, reached);
            }
        }
        _ => {}
    }
}
