//! The reference model: the design's tables once more, as naive as they can be said. It shares no code and no types with
//! the program: an interval is two numbers, and every state is made from scratch from all rows, each time.

mod asking;
mod change;
mod commands;
mod due;
mod log;
mod reads;
mod requests;
mod roles;

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{Answer, Rules, Shape};
use crate::steps::{Ask, Caller, Gift, MINUTE, Micros, Role, Tenant, Token, Who};

pub(crate) use due::by_pair;
pub(crate) use log::{After, Entry, Kind, Note};
pub(crate) use requests::{Closed, Decision, Request};

/// The end of what has none.
pub(crate) const NEVER: Micros = Micros::MAX;

/// How a deployment treats administrators who grant to themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SelfGrants {
    Allowed,
    Forbidden,
}

/// From `from` on, and before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) active: bool,
    pub(crate) from: Micros,
    pub(crate) to: Micros,
    /// The request that asked for it.
    pub(crate) asked: Option<usize>,
}

/// How well a tenant is administered: by somebody whom no time locks out, already or from some time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Administration {
    Never,
    Later,
    Now,
}

/// One tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) registered: bool,
    pub(crate) rows: BTreeMap<(Who, Role), Vec<Row>>,
    /// By number, in the order in which they were made.
    pub(crate) requests: BTreeMap<usize, Request>,
    pub(crate) rules: BTreeMap<Role, Rules>,
    /// Those of its own.
    pub(crate) roles: BTreeSet<Role>,
    pub(crate) log: Vec<Entry>,
}

/// All tenants, and the time.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) now: Micros,
    /// The number that the next request gets, where a test says so.
    pub(crate) next: Option<usize>,
    self_grants: SelfGrants,
    tenants: BTreeMap<Tenant, State>,
}

/// What these rows amount to.
pub(crate) fn shape(rows: &[Row], now: Micros) -> Option<Shape> {
    let mut eligible = false;
    let mut end = None;
    for row in rows {
        if row.from <= now && now < row.to {
            if row.active {
                end = end.max(Some(row.to));
            } else {
                eligible = true;
            }
        }
    }
    match (eligible, end) {
        (_, Some(NEVER)) => Some(Shape::Permanent),
        (true, Some(end)) => Some(Shape::EligibleActive(end)),
        (false, Some(end)) => Some(Shape::Active(end)),
        (true, None) => Some(Shape::Eligible),
        (false, None) => None,
    }
}

/// The settings that nobody has changed.
fn untouched(role: Role) -> Rules {
    Rules {
        minimum: 30,
        maximum: 8 * 60,
        default: 60,
        ticket: false,
        mfa: is_mfa_pinned(role),
        approval: false,
        approvers: Vec::new(),
    }
}

fn is_mfa_pinned(role: Role) -> bool {
    matches!(
        role,
        Role::PrivilegedRoleAdministrator | Role::SecurityAdministrator | Role::GlobalAdministrator
    )
}

impl State {
    pub(crate) fn rows_of(&self, who: Who, role: Role) -> Vec<Row> {
        self.rows.get(&(who, role)).cloned().unwrap_or_default()
    }

    pub(crate) fn shape_of(&self, who: Who, role: Role, now: Micros) -> Option<Shape> {
        shape(&self.rows_of(who, role), now)
    }

    pub(crate) fn rules_of(&self, role: Role) -> Rules {
        self.rules
            .get(&role)
            .cloned()
            .unwrap_or_else(|| untouched(role))
    }

    /// The roles that somebody holds at the moment.
    pub(crate) fn held_by(&self, who: Who, now: Micros) -> Vec<Role> {
        let holds = |role: &Role| self.shape_of(who, *role, now).is_some_and(Shape::is_active);
        Role::ALL.into_iter().filter(holds).collect()
    }

    pub(crate) fn requests_of(&self, who: Who, role: Role) -> BTreeMap<usize, Request> {
        let mut requests = self.requests.clone();
        requests.retain(|_, request| (request.who, request.role) == (who, role));
        requests
    }

    /// The design's words: a user who is permanent, or eligible without end where activating needs no approval by
    /// someone who would first have to be administrator.
    pub(crate) fn administration(&self, now: Micros) -> Administration {
        let role = Role::PrivilegedRoleAdministrator;
        let rules = self.rules_of(role);
        let mut best = Administration::Never;
        for who in Who::ALL {
            let others_approve = rules.approvers.iter().any(|approver| *approver != who);
            for row in self.rows_of(who, role) {
                if row.to == NEVER && (row.active || !rules.approval || others_approve) {
                    best = best.max(if row.from <= now {
                        Administration::Now
                    } else {
                        Administration::Later
                    });
                }
            }
        }
        best
    }
}

impl Model {
    pub(crate) fn new(now: Micros, self_grants: SelfGrants) -> Self {
        Self {
            now,
            next: None,
            self_grants,
            tenants: Tenant::ALL.map(|tenant| (tenant, State::default())).into(),
        }
    }

    /// A model in which this is so already.
    pub(crate) fn of(now: Micros, tenants: BTreeMap<Tenant, State>) -> Self {
        Self {
            now,
            next: None,
            self_grants: SelfGrants::Allowed,
            tenants,
        }
    }

    pub(crate) fn state(&self, of: Tenant) -> &State {
        &self.tenants[&of]
    }

    /// The number of the next request: the next one, unless it was said.
    pub(super) fn next(&self, of: Tenant) -> usize {
        self.next.unwrap_or(self.state(of).requests.len())
    }

    /// Every instant at which anything begins, ends or lapses.
    pub(crate) fn bounds(&self) -> Vec<Micros> {
        let rows = self.tenants.values().flat_map(|state| state.rows.values());
        let ends = rows.flatten().flat_map(|row| [row.from, row.to]);
        let requests = self
            .tenants
            .values()
            .flat_map(|state| state.requests.values());
        let dues = requests.flat_map(|asked| [asked.from, asked.lapses.unwrap_or(NEVER)]);
        let all = ends.chain(dues);
        let mut bounds: Vec<Micros> = all.filter(|bound| *bound != NEVER).collect();
        bounds.sort_unstable();
        bounds.dedup();
        bounds
    }

    /// The roles that count for a caller: those that are active in Pimento now, and those that the token names.
    fn roles(&self, caller: Caller) -> Vec<Role> {
        let mut roles = self.state(caller.of).held_by(caller.who, self.now);
        if let Token::With(role) = caller.token {
            roles.push(role);
        }
        roles
    }

    /// What somebody is answered, and what is so from then on.
    pub(crate) fn ask(&mut self, caller: Caller, ask: &Ask) -> Answer {
        self.look(caller, ask)
            .unwrap_or_else(|| self.command(caller, ask))
    }

    /// What somebody is answered who only looks, or may do nothing else; `None` where it is a command that they may give.
    pub(crate) fn look(&self, caller: Caller, ask: &Ask) -> Option<Answer> {
        let roles = self.roles(caller);
        let registered = self.state(caller.of).registered || *ask == Ask::RecordDue;
        if !registered && !matches!(ask, Ask::SignUp | Ask::IsSignedUp | Ask::CanSignUp) {
            return Some(Answer::refused(403, "UnauthorizedAccessException"));
        }
        if needs(ask).is_some_and(|needed| !needed.iter().any(|role| roles.contains(role))) {
            return Some(Answer::refused(403, "Authorization_RequestDenied"));
        }
        self.read(caller, &roles, ask)
    }

    /// A row that no command gives.
    pub(crate) fn give(&mut self, gift: &Gift) -> Entry {
        let now = self.now;
        let from = now + gift.starts_in * MINUTE;
        let row = Row {
            active: gift.active,
            from,
            to: now.max(from) + gift.length * MINUTE,
            asked: None,
        };
        let state = self.state_mut(gift.of);
        let rows = state.rows.entry((gift.to, gift.role)).or_default();
        rows.push(row);
        let after = After::Assignment(shape(rows, now));
        let entry = Entry {
            who: Some(gift.to),
            role: Some(gift.role),
            ..Entry::new(now, Kind::Assign, None, "given", after)
        };
        state.log.push(entry.clone());
        entry
    }

    /// Settings that demand an approval, as a sequence begins with them.
    pub(crate) fn demand(&mut self, role: Role, approvers: &[Who]) -> Entry {
        let now = self.now;
        let state = self.state_mut(Tenant::North);
        let rules = Rules {
            approval: true,
            approvers: approvers.to_vec(),
            ..state.rules_of(role)
        };
        state.rules.insert(role, rules.clone());
        let entry = Entry {
            role: Some(role),
            ..Entry::new(
                now,
                Kind::ChangeSettings,
                None,
                "given",
                After::Rules(rules),
            )
        };
        state.log.push(entry.clone());
        entry
    }

    fn state_mut(&mut self, of: Tenant) -> &mut State {
        self.tenants.entry(of).or_default()
    }
}

/// The roles of which one is needed, where a role is.
fn needs(ask: &Ask) -> Option<&'static [Role]> {
    match ask {
        Ask::Create(..)
        | Ask::MakePermanent(..)
        | Ask::MakeEligible(..)
        | Ask::Delete(..)
        | Ask::Configure(..)
        | Ask::RemoveRole(_) => Some(&[Role::PrivilegedRoleAdministrator]),
        Ask::SignUp => Some(&[Role::GlobalAdministrator]),
        Ask::List(_) | Ask::ListOfRole(..) | Ask::ListRoles | Ask::GetSettings(_) => Some(&READERS),
        Ask::SelfActivate(..)
        | Ask::SelfDeactivate(_)
        | Ask::ListMine(_)
        | Ask::Get(..)
        | Ask::GetRoleOf(..)
        | Ask::GetRole(_)
        | Ask::IsSignedUp
        | Ask::CanSignUp
        | Ask::CreateRequest(_)
        | Ask::Evaluate(_)
        | Ask::CreateApproval(_)
        | Ask::Cancel(_)
        | Ask::Decide(..)
        | Ask::RecordDue
        | Ask::ListRequests(_)
        | Ask::ListMyRequests(_)
        | Ask::GetRequest(_)
        | Ask::GetRequestRole(_)
        | Ask::ListApprovals(_)
        | Ask::ListMyApprovals(_)
        | Ask::GetApproval(_)
        | Ask::GetApprovalRequest(_)
        | Ask::GetApprovalRole(_) => None,
    }
}

/// Who sees everything.
const READERS: [Role; 4] = [
    Role::PrivilegedRoleAdministrator,
    Role::GlobalAdministrator,
    Role::SecurityAdministrator,
    Role::SecurityReader,
];
