//! The role of the first tenant's own: whether it is there, and its removal.

use super::{After, Entry, Kind, Model, State};
use crate::answer::Answer;
use crate::steps::{Ask, Caller, Micros, Role, Tenant};

impl State {
    /// Whether there is such a role.
    pub(crate) fn has(&self, role: Role) -> bool {
        match role {
            Role::Nothing => false,
            Role::NightWatch => self.roles.contains(&role),
            _ => true,
        }
    }

    fn is_used(&self, role: Role, now: Micros) -> bool {
        let of_role = self.rows.iter().filter(|((_, of), _)| *of == role);
        let asked = self.requests.values().filter(|asked| asked.role == role);
        of_role.flat_map(|(_, rows)| rows).any(|row| now < row.to)
            || asked.into_iter().any(|asked| asked.is_open(now))
    }
}

impl Model {
    /// The first tenant has the role from now on.
    pub(crate) fn make_role(&mut self) -> Entry {
        let entry = Entry {
            role: Some(Role::NightWatch),
            ..Entry::new(self.now, Kind::CreateRole, None, "given", After::Role)
        };
        let state = self.state_mut(Tenant::North);
        state.roles.insert(Role::NightWatch);
        state.log.push(entry.clone());
        entry
    }

    /// What a command about a role is refused with that is not there.
    pub(super) fn misses_role(&self, caller: Caller, ask: &Ask) -> Option<Answer> {
        let absent = |role: &Role| !self.state(caller.of).has(*role);
        match ask {
            Ask::Create(_, role, ..) if absent(role) => Some(Answer::refused(400, "RoleNotFound")),
            Ask::CreateRequest(wish) | Ask::Evaluate(wish) | Ask::CreateApproval(wish)
                if absent(&wish.role) =>
            {
                Some(Answer::refused(400, "RoleNotFound"))
            }
            Ask::MakePermanent(_, role, _)
            | Ask::MakeEligible(_, role)
            | Ask::Delete(_, role)
            | Ask::SelfActivate(role, ..)
            | Ask::SelfDeactivate(role)
            | Ask::Configure(role, _)
            | Ask::RemoveRole(role)
                if absent(role) =>
            {
                Some(Answer::refused(404, "ResourceNotFound"))
            }
            _ => None,
        }
    }

    pub(super) fn remove_role(&mut self, caller: Caller, role: Role) -> Answer {
        let now = self.now;
        let state = self.state_mut(caller.of);
        if role != Role::NightWatch {
            return Answer::refused(400, "RoleIsBuiltIn");
        }
        if state.is_used(role, now) {
            return Answer::refused(400, "RoleInUse");
        }
        state.roles.remove(&role);
        state.rules.remove(&role);
        let (by, after) = (Some(caller.who), After::RoleRemoved);
        state.log.push(Entry {
            role: Some(role),
            ..Entry::new(now, Kind::RemoveRole, by, "delete_role", after)
        });
        Answer::Empty
    }
}
