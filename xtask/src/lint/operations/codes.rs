//! Rules about `x-pimento-codes`: the error codes of each refusal, by what all operations that answer with a component
//! share, and by the rules of one operation.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::places::{elements, members};
use super::{Operation, is_broken};
use crate::Finding;

const KEY: &str = "x-pimento-codes";

pub(super) fn lint(operation: &Operation<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let own = &operation.value[KEY];
    for (status, codes) in members(own) {
        let at = format!("{KEY}/{status}");
        if refusal(operation, status).is_none() {
            let message = "must be the status of a refusal that the operation documents";
            found.push(operation.finding("codes", &at, message));
        }
        found.extend(form(codes).map(|message| operation.finding("codes", &at, message)));
    }
    if operation
        .value
        .get(KEY)
        .is_some_and(|own| members(own).next().is_none())
    {
        let message = "must list codes by status, or not be there";
        found.push(operation.finding("codes", KEY, message));
    }
    for (status, _) in members(&operation.value["responses"]) {
        let Some(response) = refusal(operation, status).filter(|found| !is_broken(found)) else {
            continue;
        };
        let at = format!("responses/{status}");
        if let Some(shared) = response.get(KEY) {
            found.extend(form(shared).map(|message| operation.finding("codes", &at, message)));
        }
        let mut seen = BTreeSet::new();
        let all: Vec<&Value> = elements(&response[KEY])
            .chain(elements(&own[status]))
            .collect();
        if all.is_empty() {
            let message = format!("must have its codes, in `{KEY}` here or at the operation");
            found.push(operation.finding("codes", &at, message));
        }
        for code in all.into_iter().filter_map(Value::as_str) {
            if !seen.insert(code) {
                let message =
                    format!("has the code {code} twice; once, here or at the operation, is enough");
                found.push(operation.finding("codes", &at, message));
            }
        }
    }
    found
}

/// The response of this status, where it is a refusal.
fn refusal<'a>(operation: &Operation<'a>, status: &str) -> Option<&'a Value> {
    let response = operation.value["responses"].get(status)?;
    let number: u16 = status.parse().ok()?;
    (400..600)
        .contains(&number)
        .then(|| operation.resolved(response))
}

/// What is wrong with a list of codes.
fn form(codes: &Value) -> Option<&'static str> {
    let is_code = |code: &Value| {
        let text = code.as_str().unwrap_or_default();
        let plain = |character: char| character.is_ascii_alphabetic() || character == '_';
        text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(plain)
    };
    let is_list = codes
        .as_array()
        .is_some_and(|codes| !codes.is_empty() && codes.iter().all(is_code));
    (!is_list).then_some("must be a list of codes, each of letters and underscores")
}
