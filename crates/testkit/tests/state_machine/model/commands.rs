//! What commands answer and do: the table of actions by state, creation, settings, sign-up, and the lock-out guard.

use super::change::{Case, Outcome};
use super::requests::is_eligible;
use super::{After, Entry, Kind, Model, NEVER, Note, Row, is_mfa_pinned, shape};
use crate::answer::{Answer, Rules, Shape};
use crate::steps::{Ask, Caller, Ending, Length, MINUTE, Manner, Micros, Role, Update, Why, Wish};

impl Model {
    pub(super) fn command(&mut self, caller: Caller, ask: &Ask) -> Answer {
        if let Some(refused) = self.misses_role(caller, ask) {
            return refused;
        }
        match ask {
            Ask::Create(who, role, ..)
            | Ask::MakePermanent(who, role, _)
            | Ask::MakeEligible(who, role)
            | Ask::Delete(who, role) => self.change(caller, *who, *role, ask),
            Ask::SelfActivate(role, ..) | Ask::SelfDeactivate(role) => {
                self.change(caller, caller.who, *role, ask)
            }
            Ask::Configure(role, update) => self.configure(caller, *role, update),
            Ask::RemoveRole(role) => self.remove_role(caller, *role),
            Ask::SignUp => self.sign_up(caller),
            Ask::CreateRequest(wish) | Ask::Evaluate(wish) | Ask::CreateApproval(wish) => {
                self.change(caller, wish.who, wish.role, ask)
            }
            Ask::Cancel(number) => self.cancel(caller, *number, ask),
            Ask::Decide(number, ..) => self.decide(caller, *number, ask),
            Ask::RecordDue => {
                self.record_due();
                Answer::Empty
            }
            read => panic!("{read:?} is answered by the reads"),
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
        if new == old {
            return Answer::Empty;
        }
        let mut next = state.clone();
        next.rules.insert(role, new.clone());
        if next.administration(now) < state.administration(now) {
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

fn active(from: Micros, to: Micros) -> Row {
    Row {
        active: true,
        from,
        to,
        asked: None,
    }
}

fn eligible(from: Micros) -> Row {
    Row {
        active: false,
        from,
        to: NEVER,
        asked: None,
    }
}

impl Case<'_> {
    pub(super) fn decide(&self) -> Outcome {
        let state = shape(&self.rows, self.now);
        match self.ask {
            Ask::Create(_, _, elevated, end) => self.create(state, *elevated, *end),
            Ask::MakePermanent(_, _, why) => self.make_permanent(state, *why),
            Ask::MakeEligible(..) => self.make_eligible(state),
            Ask::Delete(..) if self.standing().is_empty() => {
                Outcome::Refused(404, "ResourceNotFound")
            }
            Ask::Delete(..) => Outcome::rows(Vec::new(), self.entry(Kind::Unassign)),
            Ask::SelfActivate(_, length, why) => self.self_activate(state, *length, *why),
            Ask::SelfDeactivate(_) => match state {
                None => Outcome::Refused(400, "RoleAssignmentDoesNotExist"),
                Some(Shape::Permanent) => Outcome::Refused(400, "RoleIsPermanent"),
                Some(Shape::Eligible) => Outcome::Nothing,
                Some(_) => Outcome::rows(self.deactivated(), self.entry(Kind::Deactivate)),
            },
            Ask::CreateRequest(wish) | Ask::Evaluate(wish) => self.asks_for(wish, false),
            Ask::CreateApproval(wish) => self.asks_for(&wish.for_approval(), true),
            Ask::Cancel(number) => self.takes_back(*number),
            Ask::Decide(number, verdict, why) => self.decides(*number, *verdict, *why),
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
        let (new, until) = match (elevated, end) {
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
        let mut rows = self.standing();
        rows.extend(new);
        Outcome::rows(rows, entry)
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
        Outcome::rows(rows, entry)
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
        let mut rows = self.deactivated();
        if !is_eligible(&rows, self.now) {
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
        Outcome::rows(rows, entry)
    }

    fn self_activate(&self, state: Option<Shape>, length: Length, why: Why) -> Outcome {
        if state.is_some_and(Shape::is_active) {
            return Outcome::Refused(400, "RoleAlreadyActivated");
        }
        let minutes = self.minutes(length);
        let refused = self.refuses_by_settings(self.now, minutes * MINUTE, why, false);
        if let Some((status, code)) = refused {
            return Outcome::Refused(status, code);
        }
        if self.rules.approval {
            return self.asks_for(
                &Wish {
                    manner: Manner::UserAdd,
                    who: self.who,
                    role: self.role,
                    active: true,
                    start: None,
                    ending: Ending::After(length),
                    why,
                },
                false,
            );
        }
        let end = self.now + minutes * MINUTE;
        let mut rows = self.standing();
        rows.push(active(self.now, end));
        let entry = Entry {
            until: Some(end),
            ..self.entry(Kind::Activate).because(why)
        };
        Outcome::rows(rows, entry)
    }
}

impl Entry {
    pub(super) fn because(self, why: Why) -> Self {
        match why {
            Why::Unsaid => self,
            Why::Reason => Self {
                reason: Some("the mail server is down".to_owned()),
                ..self
            },
            Why::Ticket => Self {
                reason: Some("the mail server is down".to_owned()),
                ticket: Some("INC-4711".to_owned()),
                ..self
            },
        }
    }
}
