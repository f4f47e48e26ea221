//! One change of a pair: what it is decided on, and what comes of it beside what the command says.

use std::collections::BTreeMap;

use super::requests::{Closed, Request, still_stands};
use super::{After, Entry, Kind, Model, Row, SelfGrants, State, shape};
use crate::answer::{Answer, Asked, Done, Rules, Shape, Status};
use crate::steps::{Ask, Caller, Micros, Role, Who};

/// What a command leads to.
pub(super) enum Outcome {
    Change(Box<Change>),
    /// Nothing happens.
    Nothing,
    Refused(u16, &'static str),
}

/// What there is of the pair from now on, and what the log says of it.
pub(super) struct Change {
    pub(super) rows: Vec<Row>,
    /// The request that the command makes or changes.
    pub(super) request: Option<(usize, Request)>,
    pub(super) before: Option<Entry>,
    pub(super) entry: Entry,
}

impl Change {
    pub(super) fn of(rows: Vec<Row>, entry: Entry) -> Self {
        Self {
            rows,
            request: None,
            before: None,
            entry,
        }
    }
}

impl Outcome {
    pub(super) fn change(change: Change) -> Self {
        Self::Change(Box::new(change))
    }

    pub(super) fn rows(rows: Vec<Row>, entry: Entry) -> Self {
        Self::change(Change::of(rows, entry))
    }
}

/// What a command is decided on.
pub(super) struct Case<'a> {
    pub(super) now: Micros,
    pub(super) by: Caller,
    pub(super) roles: Vec<Role>,
    pub(super) is_approver: bool,
    pub(super) who: Who,
    pub(super) role: Role,
    pub(super) rows: Vec<Row>,
    /// Those about the pair.
    pub(super) requests: BTreeMap<usize, Request>,
    /// Of the next request.
    pub(super) number: usize,
    pub(super) rules: Rules,
    self_grants: SelfGrants,
    pub(super) ask: &'a Ask,
}

impl Model {
    fn case<'a>(&self, by: Caller, who: Who, role: Role, ask: &'a Ask) -> Case<'a> {
        let state = self.state(by.of);
        let roles = self.roles(by);
        Case {
            now: self.now,
            by,
            is_approver: state.decides(by, &roles, role),
            roles,
            who,
            role,
            rows: state.rows_of(who, role),
            requests: state.requests_of(who, role),
            number: self.next(by.of),
            rules: state.rules_of(role),
            self_grants: self.self_grants,
            ask,
        }
    }

    pub(super) fn change(&mut self, by: Caller, who: Who, role: Role, ask: &Ask) -> Answer {
        let now = self.now;
        let case = self.case(by, who, role, ask);
        let mut change = match case.decide() {
            Outcome::Refused(status, code) => return Answer::refused(status, code),
            // A clock that is set back opens what was closed when the role was removed; nothing comes of it.
            _ if !self.state(by.of).has(role) => return Answer::refused(404, "ResourceNotFound"),
            Outcome::Nothing => {
                let shape = shape(&case.rows, now);
                return Answer::One(who, role, shape, Done::Nothing);
            }
            Outcome::Change(change) => *change,
        };
        let state = self.state(by.of);
        let mut next = state.clone();
        next.tell(&case.rows, (who, role), now, ask.operation());
        let mut entries = case.revoke(&mut change, &mut next);
        let after = shape(&change.rows, now);
        next.rows.insert((who, role), change.rows);
        next.rows.retain(|_, rows| !rows.is_empty());
        if next.administration(now) < state.administration(now) {
            return Answer::refused(400, "LastAdministrator");
        }
        entries.extend(change.before);
        entries.push(change.entry);
        next.log.extend(entries.into_iter().map(|entry| Entry {
            after: After::Assignment(after),
            ..entry
        }));
        let answer = answer(ask, (who, role, after), change.request.as_ref(), now);
        next.requests.extend(change.request);
        if !matches!(ask, Ask::Evaluate(_)) {
            *self.state_mut(by.of) = next;
        }
        answer
    }
}

/// What is answered to a command that did something: with the pair as it is then, or with the request that it is about.
fn answer(
    ask: &Ask,
    (who, role, after): (Who, Role, Option<Shape>),
    request: Option<&(usize, Request)>,
    now: Micros,
) -> Answer {
    match (ask, request) {
        (Ask::Delete(..) | Ask::Decide(..), _) => Answer::Empty,
        (Ask::Evaluate(_), Some((_, request))) => Answer::Request(request.shown(None, now)),
        (Ask::CreateApproval(_), Some((number, request))) => {
            Answer::Approval(request.approval(*number, now).expect("it waits for one"))
        }
        (Ask::Cancel(_), Some((number, request))) => Answer::Request(Asked {
            status: Status::Cancelling,
            ..request.shown(Some(*number), now)
        }),
        (Ask::CreateRequest(_), Some((number, request))) => {
            Answer::Request(request.shown(Some(*number), now))
        }
        (_, Some(_)) => Answer::One(who, role, after, Done::Asked),
        (_, None) => Answer::One(who, role, after, Done::Something),
    }
}

impl Case<'_> {
    pub(super) fn is_own(&self) -> bool {
        self.by.who == self.who
    }

    pub(super) fn is_forbidden(&self) -> bool {
        self.self_grants == SelfGrants::Forbidden && self.is_own()
    }

    /// The rows whose end has not come.
    pub(super) fn standing(&self) -> Vec<Row> {
        let standing = |row: &&Row| self.now < row.to;
        self.rows.iter().filter(standing).copied().collect()
    }

    /// Those but what is active now; what begins later stays.
    pub(super) fn deactivated(&self) -> Vec<Row> {
        let mut rows = self.standing();
        rows.retain(|row| !row.active || self.now < row.from);
        rows
    }

    /// Open requests that have nothing to rest on any more are closed, and their rows go.
    fn revoke(&self, change: &mut Change, next: &mut State) -> Vec<Entry> {
        let concerned = change.request.as_ref().map(|(number, _)| *number);
        let rows = change.rows.clone();
        let mut entries = Vec::new();
        for (number, request) in &self.requests {
            let is_open = Some(*number) != concerned && request.is_open(self.now);
            if !is_open || still_stands(*number, request, &rows, self.now) {
                continue;
            }
            let revoked = Request {
                closed: Some((self.now, Closed::Revoked)),
                told: true,
                ..request.clone()
            };
            next.requests.insert(*number, revoked);
            change.rows.retain(|row| row.asked != Some(*number));
            entries.push(Entry {
                request: Some(*number),
                ..self.entry(Kind::Revoke)
            });
        }
        entries
    }

    pub(super) fn entry(&self, kind: Kind) -> Entry {
        Entry {
            who: Some(self.who),
            role: Some(self.role),
            ..Entry::new(
                self.now,
                kind,
                Some(self.by.who),
                self.ask.operation(),
                After::Assignment(None),
            )
        }
    }
}
