//! What holds whatever happened, each said of what the store keeps and the reads show, without asking the model.

pub(crate) mod requests;

use std::collections::BTreeMap;

use crate::answer::{Answer, Asked, Done, Shape, Shown};
use crate::model::{Administration, After, Entry, NEVER, Row, State, shape};
use crate::steps::{Micros, Role, Who};

/// The rows of one tenant.
type Rows = BTreeMap<(Who, Role), Vec<Row>>;

fn active_now(rows: &Rows, who: Who, role: Role, now: Micros) -> Vec<Row> {
    let holds = |row: &&Row| row.active && row.from <= now && now < row.to;
    let all = rows.get(&(who, role)).into_iter().flatten();
    all.filter(holds).copied().collect()
}

pub(crate) fn no_activation_is_visible_outside_its_interval(
    rows: &Rows,
    now: Micros,
    read: &str,
    shown: &[Shown],
) {
    for one in shown.iter().filter(|one| one.shape.is_active()) {
        let holds = !active_now(rows, one.who, one.role, now).is_empty();
        assert!(
            holds,
            "{read} at {now} shows an activation outside its interval: {one:?}"
        );
    }
}

pub(crate) fn an_activation_is_visible_in_all_of_its_interval(
    rows: &Rows,
    now: Micros,
    read: &str,
    shown: &[Shown],
) {
    for (who, role) in rows.keys().copied() {
        let is_shown = |one: &Shown| (one.who, one.role) == (who, role) && one.shape.is_active();
        let holds = !active_now(rows, who, role, now).is_empty();
        assert!(
            !holds || shown.iter().any(is_shown),
            "{read} at {now} does not show that {who:?} is {role:?}"
        );
    }
}

pub(crate) fn no_pair_has_two_assignments(read: &str, shown: &[Shown]) {
    let mut pairs: Vec<_> = shown.iter().map(|one| (one.who, one.role)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    assert_eq!(
        pairs.len(),
        shown.len(),
        "{read} shows a pair twice: {shown:?}"
    );
}

pub(crate) fn overlapping_activations_are_a_union(
    rows: &Rows,
    now: Micros,
    read: &str,
    shown: &[Shown],
) {
    for one in shown {
        let until = match one.shape {
            Shape::Permanent => NEVER,
            Shape::EligibleActive(until) | Shape::Active(until) => until,
            Shape::Eligible => continue,
        };
        let active = active_now(rows, one.who, one.role, now);
        let latest = active.iter().map(|row| row.to).max();
        assert_eq!(
            latest,
            Some(until),
            "{read} at {now}: the end of one activation takes away another: {one:?}"
        );
    }
}

pub(crate) fn a_registered_tenant_keeps_an_administrator(
    before: &State,
    after: &State,
    now: Micros,
) {
    assert!(
        before.administration(now) <= after.administration(now),
        "the tenant had an administrator at {now} and has none: {:?}",
        after.rows
    );
}

/// Whatever the clock says: somebody has a row without end, and needs nobody's approval who would first need one.
pub(crate) fn somebody_will_administer(state: &State) {
    assert!(
        !state.registered || state.administration(NEVER) == Administration::Now,
        "the tenant is locked out for ever: {:?}",
        state.rows
    );
}

pub(crate) fn the_last_event_of_each_pair_carries_the_state_of_its_row(state: &State) {
    for who in Who::ALL {
        for role in Role::ALL {
            let of_pair = |one: &&Entry| (one.who, one.role) == (Some(who), Some(role));
            let rows = state.rows_of(who, role);
            match state.log.iter().rev().find(of_pair) {
                None => assert_eq!(rows, [], "no event tells of what {who:?} has in {role:?}"),
                Some(last) => assert_eq!(
                    last.after,
                    After::Assignment(shape(&rows, last.at)),
                    "the last event of {who:?} in {role:?} does not carry the state of the row"
                ),
            }
        }
    }
}

pub(crate) fn every_change_has_an_event_and_nothing_else_has_any(
    before: &State,
    after: &State,
    answer: &Answer,
) {
    let changed = before.rows != after.rows
        || before.requests != after.requests
        || before.rules != after.rules
        || before.roles != after.roles
        || before.registered != after.registered;
    let events = after.log.len() - before.log.len();
    assert!(!changed || 0 < events, "a change has no event");
    let idle = matches!(
        answer,
        Answer::Refused(..)
            | Answer::One(.., Done::Nothing)
            | Answer::Request(Asked { number: None, .. })
    );
    assert!(
        !idle || !changed && events == 0,
        "what was answered with {answer:?} left a trace"
    );
}

/// The log alone, read at any later time, tells what is so: whatever an event says has not ended yet is so still.
pub(crate) fn the_last_event_of_each_pair_still_tells_its_state(state: &State, now: Micros) {
    for (of, rows) in &state.rows {
        let of_pair = |one: &&Entry| (one.who, one.role) == (Some(of.0), Some(of.1));
        let Some(last) = state.log.iter().rev().find(of_pair) else {
            continue;
        };
        // A clock that was set back, rows that begin later, and eligibility that ends are more than one event can tell.
        let tellable = |row: &Row| row.from <= last.at && (row.active || row.to == NEVER);
        if now < last.at || !rows.iter().all(tellable) {
            continue;
        }
        let After::Assignment(said) = last.after else {
            panic!("{last:?} is about a pair");
        };
        let told = match said {
            Some(Shape::EligibleActive(until)) if until <= now => Some(Shape::Eligible),
            Some(Shape::Active(until)) if until <= now => None,
            said => said,
        };
        assert_eq!(
            shape(rows, now),
            told,
            "the log does not tell at {now} what {of:?} is: {last:?}"
        );
    }
}
