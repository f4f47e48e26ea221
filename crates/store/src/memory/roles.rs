//! The roles of one tenant's own.

use pimento_domain::{Holding, Instant, Role, RoleId, RoleName, Uses};

use super::tenant::Tenant;
use crate::{Revision, RolePage, RoleQuery};

impl Tenant {
    /// The role of this id, also where it was removed.
    pub(super) fn role(&self, id: RoleId) -> Option<Role> {
        self.roles.get(&id).map(|(role, _)| role.clone())
    }

    /// The first role that has this name, in whatever letter case.
    pub(super) fn named(&self, name: &RoleName) -> Option<(&Role, Revision)> {
        let has_name = |role: &Role| role.is_there() && role.name.folded() == name.folded();
        let found = self.roles.values().find(|(role, _)| has_name(role));
        found.map(|(role, revision)| (role, *revision))
    }

    /// Who has the role or asks for it at `now`.
    pub(super) fn uses(&self, role: RoleId, now: Instant) -> Uses {
        let has_it = |holding: &Holding| {
            let mut grants = holding.grants.iter();
            holding.role == role && grants.any(|grant| !grant.has_ended(now))
        };
        let requests = self
            .requests
            .values()
            .filter(|(request, _)| request.role == role && request.status(now).is_open());
        Uses {
            holders: self.holdings().filter(has_it).count() as u64,
            requests: requests.count() as u64,
        }
    }

    pub(super) fn list_roles(&self, query: &RoleQuery) -> RolePage {
        let roles = self.roles.values().map(|(role, _)| role);
        let there = roles.filter(|role| role.is_there()).cloned();
        let found = query.select(there, |role, field| field.value(role));
        RolePage {
            roles: found.rows,
            more: found.more,
            total: found.total,
        }
    }

    /// Removes a role that is there, and its settings.
    pub(super) fn remove_role(&mut self, id: RoleId, revision: Revision) {
        if let Some((role, _)) = self.roles.remove(&id) {
            self.roles.insert(id, (role.removed(), revision));
        }
        self.settings.remove(&id);
    }
}
