//! The roles of a tenant's own, and who has one.

use pimento_domain::{Holders, Instant, Role, RoleId, TenantId, Uses};
use pimento_store::{Expected, Loaded, Revision, Wanted};
use rusqlite::{Params, Transaction, params};

use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::{rows, sql};

impl Snapshot<'_> {
    /// What [`pimento_store::Store::load`] answers of roles.
    pub(crate) fn load_role(
        &self,
        tenant: &TenantId,
        wanted: &Wanted,
        loaded: &mut Loaded,
    ) -> Result<(), Fault> {
        let or_absent = |found: Option<(Role, Revision)>| {
            found.map_or((None, Revision::ABSENT), |(role, revision)| {
                (Some(role), revision)
            })
        };
        if let Some(id) = wanted.role {
            let key = params![tenant.as_str(), id.to_string()];
            let (role, revision) = or_absent(self.own_role(sql::ROLE, key)?);
            loaded.role = role;
            loaded.expected.push(Expected::Role(id, revision));
        }
        if let Some(name) = &wanted.role_name {
            let key = params![tenant.as_str(), name.folded()];
            let (role, revision) = or_absent(self.own_role(sql::ROLE_NAMED, key)?);
            loaded.named = role;
            let expected = Expected::RoleName(name.clone(), revision);
            loaded.expected.push(expected);
        }
        if let Some(id) = wanted.uses {
            loaded.uses = uses(&self.rows, tenant.as_str(), id, self.now)?;
            loaded.expected.push(Expected::Unused(id, self.now));
        }
        Ok(())
    }

    fn own_role(&self, sql: &str, key: impl Params) -> Result<Option<(Role, Revision)>, Fault> {
        let mut statement = self.rows.prepare_cached(sql)?;
        let mut found = statement.query(key)?;
        let Some(row) = found.next()? else {
            return Ok(None);
        };
        let role = rows::own_role(row).map_err(|fault| fault.within("roles"))?;
        Ok(Some(role))
    }

    /// What [`pimento_store::Store::holders`] answers.
    pub(crate) fn holders(&self, tenant: &TenantId, role: RoleId) -> Result<Holders, Fault> {
        let key = params![tenant.as_str(), self.now.as_micros(), role.to_string()];
        let count = |sql| {
            let mut statement = self.rows.prepare_cached(sql)?;
            statement.query_row(key, |row| row.get(0))
        };
        Ok(Holders {
            all: count(sql::COUNT_OF_ROLE)?,
            active: count(sql::COUNT_OF_ACTIVE)?,
        })
    }

    /// What [`pimento_store::Store::roles`] answers.
    pub(crate) fn roles(&self, tenant: &TenantId, ids: &[RoleId]) -> Result<Vec<Role>, Fault> {
        let mut roles = Vec::new();
        for id in ids {
            let key = params![tenant.as_str(), id.to_string()];
            roles.extend(self.own_role(sql::ROLE, key)?.map(|(role, _)| role));
        }
        Ok(roles)
    }
}

/// Who has a role, or asks for it, at this instant.
pub(crate) fn uses(
    rows: &Transaction<'_>,
    tenant: &str,
    role: RoleId,
    at: Instant,
) -> Result<Uses, Fault> {
    let count = |sql| {
        let key = params![tenant, role.to_string(), at.as_micros()];
        let mut statement = rows.prepare_cached(sql)?;
        statement.query_row(key, |row| row.get(0))
    };
    Ok(Uses {
        holders: count(sql::COUNT_OF_STANDING)?,
        requests: count(sql::COUNT_OF_OPEN_REQUESTS)?,
    })
}
