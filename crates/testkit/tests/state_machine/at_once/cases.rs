//! What there is at first, and the commands that meet each other there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Command, NOW};
use crate::answer::Rules;
use crate::model::{After, Entry, Kind, NEVER, Row, State};
use crate::steps::{Ask, Caller, Length, MINUTE, Micros, Role, Tenant, Token, Update, Who, Why};

pub(super) const PRA: Role = Role::PrivilegedRoleAdministrator;
pub(super) const READERS: Role = Role::DirectoryReaders;

pub(super) fn row(active: bool, to: Micros) -> Row {
    Row {
        active,
        from: NOW - 60 * MINUTE,
        to,
        asked: None,
    }
}

/// Fay and Gus are permanent administrators; Gus may activate a role, Ivy has activated it, and Hal's activation of it
/// has run out without anybody having recorded it.
pub(super) fn two_administrators() -> State {
    let (eligible, over) = (row(false, NEVER), row(true, NOW));
    let rows = [
        ((Who::Fay, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, READERS), vec![eligible]),
        ((Who::Hal, READERS), vec![eligible, over]),
        ((Who::Ivy, READERS), vec![eligible, row(true, NOW + MINUTE)]),
    ];
    registered(rows.into(), BTreeMap::new())
}

/// Fay is permanent administrator; Gus and Hal are eligible, and each can activate that only because Ivy may approve.
pub(super) fn administrators_by_approval() -> State {
    let rows = [
        ((Who::Fay, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, PRA), vec![row(false, NEVER)]),
        ((Who::Hal, PRA), vec![row(false, NEVER)]),
    ];
    let rules = Rules {
        approval: true,
        approvers: vec![Who::Ivy],
        ..State::default().rules_of(PRA)
    };
    registered(rows.into(), [(PRA, rules)].into())
}

pub(super) fn registered(
    rows: BTreeMap<(Who, Role), Vec<Row>>,
    rules: BTreeMap<Role, Rules>,
) -> State {
    State {
        registered: true,
        rows,
        requests: BTreeMap::new(),
        rules,
        roles: BTreeSet::new(),
        log: vec![Entry::new(
            NOW,
            Kind::SignUp,
            None,
            "given",
            After::Registered,
        )],
    }
}

pub(super) fn by(who: Who, role: Role) -> Caller {
    let (of, token) = (Tenant::North, Token::With(role));
    Caller { who, of, token }
}

/// Commands that meet each other on a pair, on settings, on who administers, or on a registration; and some that do not.
pub(super) fn commands() -> Vec<Command> {
    let root = by(Who::Ivy, PRA);
    let update = |update: Update| Ask::Configure(READERS, update);
    let activate = |minutes| Ask::SelfActivate(READERS, Length::Minutes(minutes), Why::Unsaid);
    let south = |who| Caller {
        of: Tenant::South,
        ..by(who, Role::GlobalAdministrator)
    };
    let default = Update {
        default: Some(45),
        ..Update::default()
    };
    let ticket = Update {
        ticket: Some(true),
        ..Update::default()
    };
    vec![
        (root, Ask::Delete(Who::Fay, PRA)),
        (root, Ask::Delete(Who::Gus, PRA)),
        (root, Ask::MakeEligible(Who::Fay, PRA)),
        (by(Who::Gus, PRA), Ask::MakeEligible(Who::Gus, PRA)),
        (root, Ask::MakePermanent(Who::Gus, PRA, Why::Ticket)),
        (root, Ask::Create(Who::Hal, PRA, Some(false), None)),
        (root, Ask::Configure(PRA, default.clone())),
        (root, Ask::Create(Who::Fay, READERS, None, None)),
        (root, Ask::Create(Who::Fay, READERS, Some(true), None)),
        (by(Who::Gus, PRA), activate(30)),
        (by(Who::Gus, PRA), activate(90)),
        (by(Who::Ivy, PRA), Ask::SelfDeactivate(READERS)),
        (by(Who::Hal, PRA), activate(60)),
        (root, Ask::Delete(Who::Gus, READERS)),
        (root, Ask::MakePermanent(Who::Ivy, READERS, Why::Unsaid)),
        (root, Ask::MakeEligible(Who::Ivy, READERS)),
        (root, update(default)),
        (root, update(ticket)),
        (south(Who::Fay), Ask::SignUp),
        (south(Who::Gus), Ask::SignUp),
    ]
}

/// Commands after which, one after another, somebody would have to be refused.
pub(super) fn commands_under_approval() -> Vec<Command> {
    let root = by(Who::Ivy, PRA);
    let approvers = |approvers: &[Who]| Update {
        approvers: Some(approvers.to_vec()),
        ..Update::default()
    };
    vec![
        (root, Ask::Delete(Who::Fay, PRA)),
        (by(Who::Fay, PRA), Ask::MakeEligible(Who::Fay, PRA)),
        (root, Ask::Delete(Who::Gus, PRA)),
        (root, Ask::Delete(Who::Hal, PRA)),
        (root, Ask::MakePermanent(Who::Hal, PRA, Why::Unsaid)),
        (root, Ask::Configure(PRA, approvers(&[]))),
        (root, Ask::Configure(PRA, approvers(&[Who::Gus]))),
    ]
}
