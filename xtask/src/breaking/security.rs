//! Whether a change lets more callers through, or fewer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::effect::{Place, Shift};
use crate::canon::security::requirements;
use crate::uses::component;

/// What the change of an operation's schemes and scopes does. An alternative admits all who fulfil it, so a document
/// admits whoever another one admits if each of that one's alternatives asks for at least as much as one of its own.
pub(super) fn schemes(place: Place<'_>) -> Shift {
    let [old, new] = sides(place, "security").map(|security| requirements(&security));
    let admits = |wide: &[BTreeSet<String>], tight: &[BTreeSet<String>]| {
        let is_enough = |tight| wide.iter().any(|wide| wide.is_subset(tight));
        tight.iter().all(is_enough)
    };
    shift(admits(&new, &old), admits(&old, &new))
}

/// What the change of an operation's roles does. One of them is enough, and an empty list asks for none.
pub(super) fn roles(place: Place<'_>) -> Shift {
    let [old, new] = sides(place, "x-pimento-roles");
    let names = |roles: &Value| -> BTreeSet<String> {
        let roles = roles.as_object().into_iter().flatten();
        roles.map(|(role, _)| role.clone()).collect()
    };
    let (old, new) = (names(&old), names(&new));
    let admits = |wide: &BTreeSet<String>, tight: &BTreeSet<String>| {
        wide.is_empty() || (!tight.is_empty() && tight.is_subset(wide))
    };
    shift(admits(&new, &old), admits(&old, &new))
}

fn shift(new_admits_old: bool, old_admits_new: bool) -> Shift {
    match (new_admits_old, old_admits_new) {
        (true, false) => Shift::Looser,
        (false, true) => Shift::Stricter,
        _ => Shift::Other,
    }
}

fn sides(place: Place<'_>, keyword: &str) -> [Value; 2] {
    let operation = component(&place.difference.pointer).trim_start_matches('#');
    let pointer = format!("{operation}/{keyword}");
    [place.old, place.new].map(|document| document.pointer(&pointer).cloned().unwrap_or_default())
}
