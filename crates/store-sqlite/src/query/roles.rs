//! The roles of a tenant's own that are there.

use pimento_domain::TenantId;
use pimento_store::{Comparison, RoleField, RolePage, RoleQuery, Total};
use rusqlite::params_from_iter;

use super::{Columns, Nullable, Statement, compares};
use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::{rows, sql};

impl Columns for RoleField {
    fn column(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "folded",
        }
    }

    fn nullable(self) -> Nullable {
        Nullable::No
    }
}

/// The index to search along: that of what is asked for, or else that in whose order nothing is to be sorted.
fn index(query: &RoleQuery) -> &'static str {
    let is = |field| compares(&query.filter, field, |how| how == Comparison::Equal);
    let is_by_name = query.order.fields()[0].0 == RoleField::Name;
    if !is(RoleField::Id) && (is(RoleField::Name) || is_by_name) {
        "roles_by_name"
    } else {
        "roles_that_are_there"
    }
}

/// The roles of the page.
pub(crate) fn page(query: &RoleQuery, tenant: &TenantId) -> Statement {
    Statement::new(&sql::roles_along(index(query)), tenant).page_of(query)
}

/// How many there are on all pages.
pub(crate) fn count(query: &RoleQuery, tenant: &TenantId) -> Statement {
    Statement::new(&sql::roles_along(index(query)), tenant).count_of(query)
}

impl Snapshot<'_> {
    /// What [`pimento_store::Store::list_roles`] answers.
    pub(crate) fn list_roles(
        &self,
        tenant: &TenantId,
        query: &RoleQuery,
    ) -> Result<RolePage, Fault> {
        let page = page(query, tenant);
        let mut roles = Vec::new();
        {
            let mut statement = self.rows.prepare(&page.text)?;
            let mut found = statement.query(params_from_iter(page.values))?;
            while let Some(row) = found.next()? {
                let (role, _) = rows::own_role(row).map_err(|fault| fault.within("roles"))?;
                roles.push(role);
            }
        }
        let more = query.limit < roles.len();
        roles.truncate(query.limit);
        let total = match query.total {
            Total::Skip => None,
            Total::Count => {
                let count = count(query, tenant);
                let mut statement = self.rows.prepare(&count.text)?;
                Some(statement.query_row(params_from_iter(count.values), |row| row.get(0))?)
            }
        };
        Ok(RolePage { roles, more, total })
    }
}
