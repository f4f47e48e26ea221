//! The roles of `x-pimento-roles`: the generated table names each by a constant, and a misspelt one would not compile.

use std::collections::BTreeSet;

use heck::ToTitleCase;
use serde_json::Value;

use super::places::elements;
use crate::canon::escape;
use crate::document::operations;
use crate::{Finding, table};

/// A finding for each role that none of these constants stands for; `path` stands in front of each place.
pub fn unknown_roles(path: &str, document: &Value, constants: &BTreeSet<String>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (template, method, operation) in operations(document) {
        let roles = elements(&operation["x-pimento-roles"]).filter_map(Value::as_str);
        let unknown = roles
            .filter(|role| *role != table::OWN && !constants.contains(&table::role_constant(role)));
        for role in unknown {
            let known: Vec<_> = constants.iter().map(|name| name.to_title_case()).collect();
            let message = format!(
                "`{role}` is no role that the operation table can name; it can name {}, {}, the constants of {}",
                table::OWN,
                known.join(", "),
                table::ROLES
            );
            let at = format!(
                "{path}#/paths/{}/{method}/x-pimento-roles",
                escape(template)
            );
            found.push(Finding::new("role-name", at, message));
        }
    }
    found
}
