//! What commands answer and do: the table of actions by state, creation, settings, sign-up, and the lock-out guard.

use super::{After, Entry, Kind, Model, NEVER, Note, Row, SelfGrants, State, is_mfa_pinned, shape};
use crate::answer::{Answer, Done, Rules, Shape};
use crate::steps::{Ask, Caller, Length, MINUTE, Micros, Role, Token, Update, Who, Why};

/// What a command leads to.
enum Outcome {
    /// The pair has these rows from now on, and the log this entry.
    Rows(Vec<Row>, Entry),
    /// Nothing happens.
    Nothing,
    Refused(u16, &'static str),
}

/// What a command is decided on.
struct Case<'a> {
    now: Micros,
    by: Caller,
    who: Who,
    role: Role,
    rows: Vec<Row>,
    rules: Rules,
    self_grants: SelfGrants,
    ask: &'a Ask,
}

impl Model {
    pub(super) fn command(&mut self, caller: Caller, ask: &Ask) -> Answer {
        match ask {
            Ask::Create(_, Role::Nothing, ..) => Answer::refused(400, "RoleNotFound"),
            Ask::MakePermanent(_, Role::Nothing, _)
            | Ask::MakeEligible(_, Role::Nothing)
            | Ask::Delete(_, Role::Nothing)
            | Ask::SelfActivate(Role::Nothing, ..)
            | Ask::SelfDeactivate(Role::Nothing)
            | Ask::Configure(Role::Nothing, _) => Answer::refused(404, "ResourceNotFound"),
            Ask::Create(who, role, ..)
            | Ask::MakePermanent(who, role, _)
            | Ask::MakeEligible(who, role)
            | Ask::Delete(who, role) => self.change(caller, *who, *role, ask),
            Ask::SelfActivate(role, ..) | Ask::SelfDeactivate(role) => {
                self.change(caller, caller.who, *role, ask)
            }
            Ask::Configure(role, update) => self.configure(caller, *role, update),
            Ask::SignUp => self.sign_up(caller),
            read => panic!("{read:?} is answered by the reads"),
        }
    }

    fn change(&mut self, by: Caller, who: Who, role: Role, ask: &Ask) -> Answer {
        let now = self.now;
        let state = self.state(by.of);
        let case = Case {
            now,
            by,
            who,
            role,
            rows: state.rows_of(who, role),
            rules: state.rules_of(role),
            self_grants: self.self_grants,
            ask,
        };
        let ended = case.ended();
        let (rows, entry) = match case.decide() {
            Outcome::Refused(status, code) => return Answer::refused(status, code),
            Outcome::Nothing => {
                let shape = shape(&case.rows, now);
                return Answer::One(who, role, shape, Done::Nothing);
            }
            Outcome::Rows(rows, entry) => (rows, entry),
        };
        let after = shape(&rows, now);
        let mut next = state.clone();
        next.rows.insert((who, role), rows);
        next.rows.retain(|_, rows| !rows.is_empty());
        if locks_out(state, &next, now) {
            return Answer::refused(400, "LastAdministrator");
        }
        next.log.extend(ended);
        next.log.push(Entry {
            after: After::Assignment(after),
            ..entry
        });
        *self.state_mut(by.of) = next;
        if matches!(ask, Ask::Delete(..)) {
            Answer::Empty
        } else {
            Answer::One(who, role, after, Done::Something)
        }
    }

    fn configure(&mut self, caller: Caller, role: Role, update: &Update) -> Answer {
        let now = self.now;
        let state = self.state(caller.of);
        let old = state.rules_of(role);
        let or_limit = |sent: i64, limit| if sent == 0 { limit } else { sent };
        let new = Rules {
            minimum: update
                .minimum
                .map_or(old.minimum, |sent| or_limit(sent, 30)),
            maximum: update
                .maximum
                .map_or(old.maximum, |sent| or_limit(sent, 72 * 60)),
            default: update.default.unwrap_or(old.default),
            ticket: update.ticket.unwrap_or(old.ticket),
            mfa: is_mfa_pinned(role) || update.mfa.unwrap_or(old.mfa),
            approval: update.approval.unwrap_or(old.approval),
            approvers: update.approvers.clone().unwrap_or(old.approvers.clone()),
        };
        let ordered =
            [30, new.minimum, new.default, new.maximum, 72 * 60].is_sorted_by(|a, b| a <= b);
        if !ordered {
            return Answer::refused(400, "invalidRequest");
        }
        if new.approval && !old.approval {
            return Answer::refused(400, "notSupported");
        }
        if new == old {
            return Answer::Empty;
        }
        let mut next = state.clone();
        next.rules.insert(role, new.clone());
        if locks_out(state, &next, now) {
            return Answer::refused(400, "LastAdministrator");
        }
        next.log.push(Entry {
            role: Some(role),
            ..Entry::new(
                now,
                Kind::ChangeSettings,
                Some(caller.who),
                "update_role_settings",
                After::Rules(new),
            )
        });
        *self.state_mut(caller.of) = next;
        Answer::Empty
    }

    fn sign_up(&mut self, caller: Caller) -> Answer {
        let now = self.now;
        let state = self.state_mut(caller.of);
        if state.registered {
            return Answer::Is(true);
        }
        state.registered = true;
        let entry = |kind, role, after| Entry {
            who: Some(caller.who),
            role,
            ..Entry::new(now, kind, Some(caller.who), "sign_up", after)
        };
        for role in [
            Role::PrivilegedRoleAdministrator,
            Role::SecurityAdministrator,
        ] {
            state
                .rows
                .insert((caller.who, role), vec![active(now, NEVER)]);
            let after = After::Assignment(Some(Shape::Permanent));
            state.log.push(entry(Kind::Assign, Some(role), after));
        }
        state.log.push(entry(Kind::SignUp, None, After::Registered));
        Answer::Is(true)
    }
}

/// The guard: where somebody administers, nothing is done after which nobody does.
fn locks_out(before: &State, after: &State, now: Micros) -> bool {
    before.somebody_administers(now) && !after.somebody_administers(now)
}

fn active(from: Micros, to: Micros) -> Row {
    Row {
        active: true,
        from,
        to,
    }
}

fn eligible(from: Micros) -> Row {
    Row {
        active: false,
        from,
        to: NEVER,
    }
}

impl Case<'_> {
    fn decide(&self) -> Outcome {
        let state = shape(&self.rows, self.now);
        match self.ask {
            Ask::Create(_, _, elevated, end) => self.create(state, *elevated, *end),
            Ask::MakePermanent(_, _, why) => self.make_permanent(state, *why),
            Ask::MakeEligible(..) => self.make_eligible(state),
            Ask::Delete(..) => match state {
                None => Outcome::Refused(404, "ResourceNotFound"),
                Some(_) => Outcome::Rows(Vec::new(), self.entry(Kind::Unassign)),
            },
            Ask::SelfActivate(_, length, why) => self.self_activate(state, *length, *why),
            Ask::SelfDeactivate(_) => match state {
                None => Outcome::Refused(400, "RoleAssignmentDoesNotExist"),
                Some(Shape::Permanent) => Outcome::Refused(400, "RoleIsPermanent"),
                Some(Shape::Eligible) => Outcome::Nothing,
                Some(_) => Outcome::Rows(self.eligible_rows(), self.entry(Kind::Deactivate)),
            },
            other => panic!("{other:?} is about no pair"),
        }
    }

    fn create(&self, state: Option<Shape>, elevated: Option<bool>, end: Option<Micros>) -> Outcome {
        let now = self.now;
        if self.is_forbidden() {
            return Outcome::Refused(403, "Authorization_RequestDenied");
        }
        if end.is_some_and(|end| elevated == Some(false) || end <= 0) {
            return Outcome::Refused(400, "invalidRequest");
        }
        if state.is_some() {
            return Outcome::Refused(400, "RoleAssignmentExists");
        }
        let (rows, until) = match (elevated, end) {
            (Some(true), None) => (vec![active(now, NEVER)], None),
            (Some(false), _) => (vec![eligible(now)], None),
            (_, end) => {
                let end = now + end.unwrap_or(self.rules.default * MINUTE);
                (vec![eligible(now), active(now, end)], Some(end))
            }
        };
        let entry = Entry {
            until,
            self_grant: self.is_own(),
            without_approval: self.rules.approval && elevated != Some(false),
            ..self.entry(Kind::Assign)
        };
        Outcome::Rows(rows, entry)
    }

    fn make_permanent(&self, state: Option<Shape>, why: Why) -> Outcome {
        if self.is_forbidden() {
            return Outcome::Refused(403, "Authorization_RequestDenied");
        }
        let rows = match state {
            None => return Outcome::Refused(404, "ResourceNotFound"),
            Some(Shape::Permanent) => self.standing(),
            Some(_) => vec![active(self.now, NEVER)],
        };
        let entry = Entry {
            note: Some(Note::MadePermanent),
            self_grant: self.is_own(),
            without_approval: self.rules.approval,
            ..self.entry(Kind::Activate).because(why)
        };
        Outcome::Rows(rows, entry)
    }

    fn make_eligible(&self, state: Option<Shape>) -> Outcome {
        let keeps = self.is_own()
            && matches!(
                self.role,
                Role::PrivilegedRoleAdministrator | Role::SecurityAdministrator
            );
        let until = match state {
            None => return Outcome::Refused(404, "ResourceNotFound"),
            Some(Shape::Eligible | Shape::EligibleActive(_)) => return Outcome::Nothing,
            Some(Shape::Permanent) => keeps.then_some(self.now + self.rules.default * MINUTE),
            Some(Shape::Active(_)) if self.is_forbidden() => {
                return Outcome::Refused(403, "Authorization_RequestDenied");
            }
            Some(Shape::Active(until)) => keeps.then_some(until),
        };
        let mut rows = self.eligible_rows();
        if shape(&rows, self.now).is_none() {
            rows.push(eligible(self.now));
        }
        rows.extend(until.map(|until| active(self.now, until)));
        let kind = match until {
            Some(_) => Kind::Activate,
            None => Kind::Deactivate,
        };
        let entry = Entry {
            note: Some(Note::MadeEligible),
            until,
            // Who was permanent is given nothing by it.
            self_grant: self.is_own() && state != Some(Shape::Permanent),
            without_approval: self.rules.approval && until.is_some(),
            ..self.entry(kind)
        };
        Outcome::Rows(rows, entry)
    }

    fn self_activate(&self, state: Option<Shape>, length: Length, why: Why) -> Outcome {
        match state {
            None => return Outcome::Refused(400, "RoleAssignmentDoesNotExist"),
            Some(Shape::Eligible) => {}
            Some(_) => return Outcome::Refused(400, "RoleAlreadyActivated"),
        }
        let minutes = match length {
            Length::Unsaid => self.rules.default,
            Length::Minimum => self.rules.minimum,
            Length::Minutes(sent) => sent,
        };
        let too = minutes < self.rules.minimum || self.rules.maximum < minutes;
        let ticket = self.rules.ticket && why == Why::Unsaid;
        let mfa = self.rules.mfa && self.by.token == Token::Plain;
        match (mfa, too, ticket) {
            (true, ..) => return Outcome::Refused(403, "MfaRequired"),
            (_, true, true) => {
                return Outcome::Refused(400, "RoleAssignmentRequestPolicyValidationFailed");
            }
            (_, true, false) => return Outcome::Refused(400, "InvalidDuration"),
            (_, false, true) => return Outcome::Refused(400, "TicketingInfoRequired"),
            (false, false, false) => {}
        }
        if self.rules.approval {
            return Outcome::Refused(400, "notSupported");
        }
        let end = self.now + minutes * MINUTE;
        let mut rows = self.standing();
        rows.push(active(self.now, end));
        let entry = Entry {
            until: Some(end),
            ..self.entry(Kind::Activate).because(why)
        };
        Outcome::Rows(rows, entry)
    }

    fn is_own(&self) -> bool {
        self.by.who == self.who
    }

    fn is_forbidden(&self) -> bool {
        self.self_grants == SelfGrants::Forbidden && self.is_own()
    }

    /// The rows whose end has not come.
    fn standing(&self) -> Vec<Row> {
        let standing = |row: &&Row| self.now < row.to;
        self.rows.iter().filter(standing).copied().collect()
    }

    fn eligible_rows(&self) -> Vec<Row> {
        let standing = self.standing().into_iter();
        standing.filter(|row| !row.active).collect()
    }

    /// The ends that came and that no entry tells of yet: with the time at which they came, and what was so then.
    fn ended(&self) -> Vec<Entry> {
        let ended = |row: &&Row| row.active && row.to <= self.now;
        let mut ends: Vec<Micros> = self.rows.iter().filter(ended).map(|row| row.to).collect();
        ends.sort_unstable();
        let entry = |end: Micros| Entry {
            who: Some(self.who),
            role: Some(self.role),
            note: Some(Note::Expired),
            ..Entry::new(
                end,
                Kind::Deactivate,
                None,
                self.ask.operation(),
                After::Assignment(shape(&self.rows, end)),
            )
        };
        ends.into_iter().map(entry).collect()
    }

    fn entry(&self, kind: Kind) -> Entry {
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

impl Entry {
    fn because(self, why: Why) -> Self {
        match why {
            Why::Unsaid => self,
            Why::Ticket => Self {
                reason: Some("the mail server is down".to_owned()),
                ticket: Some("INC-4711".to_owned()),
                ..self
            },
        }
    }
}
