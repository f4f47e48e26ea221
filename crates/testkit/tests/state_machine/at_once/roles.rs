//! A role of the tenant's own that is removed while others are given it, ask for it and change what it demands.

use super::cases::{PRA, by, registered, row};
use super::{Command, Tried, pairs};
use crate::answer::Rules;
use crate::model::{NEVER, State};
use crate::steps::{Ask, Ending, Length, MINUTE, Manner, Role, Update, Who, Why, Wish};

use super::NOW;

const WATCH: Role = Role::NightWatch;

/// Nobody has the role: Hal's is over, which nobody has recorded.
fn nobody_has_it() -> State {
    let rows = [
        ((Who::Fay, PRA), vec![row(true, NEVER)]),
        ((Who::Hal, WATCH), vec![row(true, NOW)]),
    ];
    with_the_role(registered(rows.into(), [].into()))
}

/// Gus is eligible, and activating it needs Ivy's approval.
fn gus_may_ask_for_it() -> State {
    let rows = [
        ((Who::Fay, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, WATCH), vec![row(false, NEVER)]),
    ];
    let rules = Rules {
        approval: true,
        approvers: vec![Who::Ivy],
        ..State::default().rules_of(WATCH)
    };
    with_the_role(registered(rows.into(), [(WATCH, rules)].into()))
}

fn with_the_role(state: State) -> State {
    State {
        roles: [WATCH].into(),
        ..state
    }
}

fn root(ask: Ask) -> Command {
    (by(Who::Fay, PRA), ask)
}

fn wish(manner: Manner, who: Who, start: Option<i64>) -> Wish {
    Wish {
        manner,
        who,
        role: WATCH,
        active: true,
        start,
        ending: Ending::After(Length::Minutes(60)),
        why: Why::Reason,
    }
}

fn commands() -> Vec<Command> {
    let later = wish(Manner::AdminAdd, Who::Ivy, Some(30 * MINUTE));
    let asks = wish(Manner::UserAdd, Who::Gus, None);
    let ticket = Update {
        ticket: Some(true),
        ..Update::default()
    };
    vec![
        root(Ask::RemoveRole(WATCH)),
        root(Ask::RemoveRole(WATCH)),
        root(Ask::Create(Who::Gus, WATCH, Some(false), None)),
        root(Ask::Create(Who::Hal, WATCH, Some(true), None)),
        root(Ask::CreateRequest(later)),
        root(Ask::Configure(WATCH, ticket)),
        root(Ask::Delete(Who::Gus, WATCH)),
        root(Ask::RecordDue),
        (by(Who::Gus, PRA), Ask::CreateRequest(asks)),
        (by(Who::Gus, PRA), Ask::SelfDeactivate(WATCH)),
    ]
}

#[test]
fn a_role_that_is_removed_while_it_is_given_is_gone_or_given_and_never_both() {
    for before in [nobody_has_it(), gus_may_ask_for_it()] {
        for pair in pairs(&commands()) {
            Tried::model().in_every_order(&before, &pair);
        }
    }
}

/// Those with the removal.
#[test]
fn a_role_that_is_removed_over_sqlite_while_it_is_given_is_gone_or_given_and_never_both() {
    let all = commands();
    for before in [nobody_has_it(), gus_may_ask_for_it()] {
        for other in &all[1..] {
            let folder = tempfile::tempdir().unwrap();
            let pair = [all[0].clone(), other.clone()];
            Tried::sqlite(&folder).in_every_order(&before, &pair);
        }
    }
}

#[test]
fn three_who_meet_at_a_role_that_is_removed_are_as_good_as_one_after_the_other() {
    let all = commands();
    for three in [[0, 2, 6], [0, 2, 3], [0, 4, 7], [0, 1, 2], [0, 6, 8]] {
        let three = three.map(|number| all[number].clone());
        Tried::model().in_every_order(&nobody_has_it(), &three);
        Tried::model().in_every_order(&gus_may_ask_for_it(), &three);
    }
}
