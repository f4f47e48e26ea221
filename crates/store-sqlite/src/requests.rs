//! Reads of requests, and of what has come due.

use std::collections::BTreeSet;

use pimento_domain::{Instant, PrincipalId, Request, RequestId, RoleId, TenantId};
use pimento_store::DueHolding;
use rusqlite::{Params, params};

use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::{rows, sql};

impl Snapshot<'_> {
    /// The requests about a holding that are not recorded yet.
    pub(crate) fn unrecorded(
        &self,
        tenant: &TenantId,
        principal: &PrincipalId,
        role: RoleId,
    ) -> Result<Vec<Request>, Fault> {
        let key = params![tenant.as_str(), principal.as_str(), role.to_string()];
        self.requests(sql::UNRECORDED, key, usize::MAX)
    }

    /// What [`pimento_store::Store::request`] answers.
    pub(crate) fn request(
        &self,
        tenant: &TenantId,
        id: RequestId,
    ) -> Result<(Instant, Option<Request>), Fault> {
        let key = params![tenant.as_str(), id.to_string()];
        Ok((self.now, self.requests(sql::REQUEST, key, 1)?.pop()))
    }

    fn requests(&self, sql: &str, key: impl Params, limit: usize) -> Result<Vec<Request>, Fault> {
        let mut statement = self.rows.prepare_cached(sql)?;
        let mut found = statement.query(key)?;
        let mut requests = Vec::new();
        while requests.len() < limit
            && let Some(row) = found.next()?
        {
            requests.push(rows::request(row).map_err(|fault| fault.within("requests"))?);
        }
        Ok(requests)
    }

    /// What [`pimento_store::Store::approver_of`] answers. A tenant has changed the settings of a few roles, if any.
    pub(crate) fn approver_of(
        &self,
        tenant: &TenantId,
        principal: &PrincipalId,
    ) -> Result<Vec<RoleId>, Fault> {
        let mut statement = self.rows.prepare_cached(sql::APPROVERS)?;
        let mut found = statement.query([tenant.as_str()])?;
        let mut roles = Vec::new();
        while let Some(row) = found.next()? {
            let within = |fault: Fault| fault.within("settings");
            if rows::approvers_in(row, 1)
                .map_err(within)?
                .contains(principal)
            {
                roles.push(rows::role(row, 0).map_err(within)?);
            }
        }
        Ok(roles)
    }

    /// What [`pimento_store::Store::due`] answers.
    pub(crate) fn due(&self, limit: usize) -> Result<Vec<DueHolding>, Fault> {
        let mut due = self.first_due(sql::DUE_GRANTS, "grants", limit)?;
        due.append(&mut self.first_due(sql::DUE_REQUESTS, "requests", limit)?);
        Ok(due.into_iter().take(limit).collect())
    }

    /// The first `limit` that the statement finds.
    fn first_due(
        &self,
        sql: &str,
        table: &str,
        limit: usize,
    ) -> Result<BTreeSet<DueHolding>, Fault> {
        let mut statement = self.rows.prepare_cached(sql)?;
        let mut found = statement.query([self.now.as_micros()])?;
        let mut due = BTreeSet::new();
        while due.len() < limit
            && let Some(row) = found.next()?
        {
            due.insert(rows::due(row).map_err(|fault| fault.within(table))?);
        }
        Ok(due)
    }
}
