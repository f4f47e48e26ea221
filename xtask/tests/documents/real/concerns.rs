//! Which operations a place of a document concerns, found by following the references of its text.

use std::collections::BTreeSet;

use serde_json::Value;
use xtask::document::operations;

use super::mutants::METHODS;

/// The pointers of all components that a value refers to, directly or by way of others, schemes of security too.
fn closure(document: &Value, value: &Value, reached: &mut BTreeSet<String>) {
    if let Some(target) = value["$ref"].as_str() {
        let target = target.trim_start_matches('#').to_owned();
        if reached.insert(target.clone()) {
            let component = document
                .pointer(&target)
                .expect("references lead somewhere");
            closure(document, component, reached);
        }
    }
    for alternative in value["security"].as_array().into_iter().flatten() {
        let schemes = alternative.as_object().into_iter().flatten();
        let pointers = schemes.map(|(name, _)| format!("/components/securitySchemes/{name}"));
        reached.extend(pointers);
    }
    let members = value.as_object().into_iter().flatten().map(|(_, v)| v);
    for part in members.chain(value.as_array().into_iter().flatten()) {
        closure(document, part, reached);
    }
}

/// An operation with the pointers that concern it.
pub(super) struct Concern {
    pub(super) id: String,
    /// The pointer of its path.
    path: String,
    /// Its own pointer.
    own: String,
    /// Those of the components that it reaches.
    reached: BTreeSet<String>,
}

impl Concern {
    pub(super) fn all(document: &Value) -> Vec<Self> {
        let all = operations(document).into_iter();
        let concern = |(path, method, operation): (&str, &str, &Value)| {
            let path = format!("/paths/{}", path.replace('/', "~1"));
            let item = document.pointer(&path).expect("the path is there");
            let mut reached = BTreeSet::new();
            closure(document, operation, &mut reached);
            closure(document, &item["parameters"], &mut reached);
            Self {
                id: operation["operationId"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                own: format!("{path}/{method}"),
                path,
                reached,
            }
        };
        all.map(concern).collect()
    }

    pub(super) fn is_about(&self, at: &str) -> bool {
        let is_in = |place: &str| at == place || at.starts_with(&format!("{place}/"));
        let is_shared = || {
            METHODS
                .iter()
                .all(|m| !is_in(&format!("{}/{m}", self.path)))
        };
        match is_in(&self.path) {
            true => is_in(&self.own) || is_shared(),
            false => self.reached.iter().any(|at| is_in(at)) || at.starts_with("/servers"),
        }
    }
}
