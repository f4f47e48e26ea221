//! Requests that several people decide about, take back, make and take away at once, while the job records what is due.

use super::cases::{PRA, READERS, by, registered, row};
use super::{Command, NOW, Tried, pairs};
use crate::answer::Rules;
use crate::model::{NEVER, Request, Row, State};
use crate::steps::{
    Ask, Ending, Length, MINUTE, Manner, Micros, Role, Update, Verdict, Who, Why, Wish,
};

const READER: Role = Role::SecurityReader;

/// Of Gus, who waits; of Ivy, who waited until this very instant; of Hal, who begins at this very instant; and of Gus, who
/// begins soon.
const WAITS: usize = 0;
const LAPSES: usize = 1;
const BEGINS: usize = 2;
const SOON: usize = 3;

fn activation(who: Who, role: Role, from: Micros) -> Request {
    Request {
        manner: Manner::UserAdd,
        who,
        role,
        active: true,
        by: who,
        at: NOW - 30 * MINUTE,
        from,
        to: from + 60 * MINUTE,
        length: Some(60),
        why: Why::Reason,
        lapses: None,
        decided: None,
        closed: None,
        told: false,
    }
}

/// Fay administers and decides, beside Ivy, about who reads the directory; nobody has to about security readers.
pub(super) fn some_requests() -> State {
    let waits = |who, from, lapses| Request {
        lapses: Some(lapses),
        ..activation(who, READERS, from)
    };
    let requests = [
        (WAITS, waits(Who::Gus, NOW - 30 * MINUTE, NOW + 1)),
        (LAPSES, waits(Who::Ivy, NOW - 30 * MINUTE, NOW)),
        (BEGINS, activation(Who::Hal, READER, NOW)),
        (SOON, activation(Who::Gus, READER, NOW + 90 * MINUTE)),
    ];
    let granted = |number: usize| {
        let (_, request) = &requests[number];
        Row {
            active: true,
            from: request.from,
            to: request.to,
            asked: Some(number),
        }
    };
    let eligible = row(false, NEVER);
    let rows = [
        ((Who::Fay, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, READERS), vec![eligible]),
        ((Who::Ivy, READERS), vec![eligible]),
        ((Who::Hal, READERS), vec![eligible]),
        ((Who::Hal, READER), vec![eligible, granted(BEGINS)]),
        ((Who::Gus, READER), vec![eligible, granted(SOON)]),
    ];
    let rules = Rules {
        approval: true,
        approvers: vec![Who::Fay, Who::Gus, Who::Ivy],
        ..State::default().rules_of(READERS)
    };
    State {
        requests: requests.into(),
        ..registered(rows.into(), [(READERS, rules)].into())
    }
}

fn decide(who: Who, number: usize, verdict: Verdict) -> Command {
    (by(who, READER), Ask::Decide(number, verdict, Why::Reason))
}

fn ask(who: Who, role: Role, start: Option<Micros>) -> Command {
    let wish = Wish {
        manner: Manner::UserAdd,
        who,
        role,
        active: true,
        start,
        ending: Ending::After(Length::Unsaid),
        why: Why::Reason,
    };
    (by(who, READER), Ask::CreateRequest(wish))
}

fn configure(update: Update) -> Command {
    (by(Who::Ivy, PRA), Ask::Configure(READERS, update))
}

pub(super) fn commands() -> Vec<Command> {
    let root = by(Who::Ivy, PRA);
    vec![
        decide(Who::Ivy, WAITS, Verdict::Approve),
        decide(Who::Fay, WAITS, Verdict::Deny),
        (by(Who::Gus, READER), Ask::Cancel(WAITS)),
        (root, Ask::Delete(Who::Gus, READERS)),
        (root, Ask::MakePermanent(Who::Gus, READERS, Why::Unsaid)),
        (root, Ask::RecordDue),
        decide(Who::Fay, LAPSES, Verdict::Approve),
        decide(Who::Gus, WAITS, Verdict::Approve),
        ask(Who::Gus, READERS, None),
        ask(Who::Ivy, READERS, None),
        ask(Who::Hal, READERS, None),
        ask(Who::Hal, READERS, Some(200 * MINUTE)),
        ask(Who::Gus, READER, Some(30 * MINUTE)),
        ask(Who::Gus, READER, Some(60 * MINUTE)),
        (by(Who::Gus, READER), Ask::Cancel(SOON)),
        (by(Who::Hal, READER), Ask::Cancel(BEGINS)),
        (by(Who::Hal, READER), Ask::SelfDeactivate(READER)),
        (root, Ask::Delete(Who::Hal, READER)),
        (root, Ask::Delete(Who::Gus, READER)),
        configure(Update {
            approvers: Some(vec![Who::Fay]),
            ..Update::default()
        }),
        configure(Update {
            approval: Some(false),
            ..Update::default()
        }),
    ]
}

/// Each command with itself and each other.
#[test]
fn two_commands_about_requests_at_once_are_as_good_as_one_after_the_other() {
    for pair in pairs(&commands()) {
        Tried::model().in_every_order(&some_requests(), &pair);
    }
}

/// Those that decide about one request, make the same one, and record it.
#[test]
fn two_commands_about_requests_over_sqlite_at_once_are_as_good_as_one_after_the_other() {
    let all = commands();
    for (first, second) in [(0, 1), (0, 2), (0, 3), (0, 4), (2, 5), (10, 10)] {
        let folder = tempfile::tempdir().unwrap();
        let pair = [all[first].clone(), all[second].clone()];
        Tried::sqlite(&folder).in_every_order(&some_requests(), &pair);
    }
}

#[test]
fn three_commands_about_a_request_at_once_are_as_good_as_one_after_the_other() {
    let all = commands();
    for three in [[2, 3, 4], [8, 2, 3], [14, 12, 18], [15, 16, 17]] {
        let three = three.map(|number| all[number].clone());
        Tried::model().in_every_order(&some_requests(), &three);
    }
}
