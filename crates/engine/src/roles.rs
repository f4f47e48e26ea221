//! Roles: the catalogue as a tenant sees it.

use pimento_domain::{
    AssignmentId, Caller, Denied, Holders, Role, RoleId, SummaryVerdict, role, rules,
};

use crate::{Engine, Error};

/// One page of roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// In the order of their ids.
    pub roles: Vec<Role>,
    /// Where the next page starts.
    pub next: Option<RoleId>,
    /// How many there are on all pages.
    pub total: u64,
}

/// What a role amounts to at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The role.
    pub role: RoleId,
    /// Who holds it.
    pub holders: Holders,
    /// Whether that is as it should be.
    pub verdict: SummaryVerdict,
    /// Whether activating it needs MFA.
    pub mfa: bool,
}

impl Engine {
    /// The roles of the caller's tenant, a page of them.
    pub fn list_roles(&self, _caller: &Caller, after: Option<RoleId>, limit: usize) -> Roles {
        let all = role::catalogue();
        let start = after.map_or(0, |after| all.partition_point(|role| role.id <= after));
        let end = all.len().min(start.saturating_add(limit));
        let roles = all[start..end].to_vec();
        let next = if end < all.len() {
            roles.last().map(|role| role.id)
        } else {
            None
        };
        Roles {
            roles,
            next,
            total: all.len() as u64,
        }
    }

    /// How many hold a role and how many of them hold it now, with its settings.
    ///
    /// # Errors
    /// [`Denied::NotFound`] for an unknown role, and the store's own.
    pub async fn get_role_summary(&self, caller: &Caller, role: RoleId) -> Result<Summary, Error> {
        let (role, settings) = self.get_role_settings(caller, role).await?;
        let holders = self.store.holders(&caller.tenant, role.id).await?;
        Ok(Summary {
            role: role.id,
            holders,
            verdict: holders.verdict(self.policy.summary_threshold),
            mfa: settings.mfa,
        })
    }

    /// One role.
    ///
    /// # Errors
    /// [`Denied::RoleMissing`] where it is not the caller's to see, [`Denied::NotFound`], and the store's own.
    pub async fn get_role(&self, caller: &Caller, role: RoleId) -> Result<&'static Role, Error> {
        if !caller.is_reader() {
            let own = AssignmentId {
                principal: caller.principal.clone(),
                role,
            };
            let (holding, now) = self.holding(caller, &own).await?;
            rules::see_role(caller, &holding, now)?;
        }
        Ok(self.role(&caller.tenant, role).ok_or(Denied::NotFound)?)
    }
}
