//! Reads of requests, and of what has come due.

use std::collections::{BTreeMap, BTreeSet};

use pimento_domain::{Instant, PrincipalId, Request, RequestId, RoleId, TenantId};
use pimento_store::{Among, DueHolding, Needing, RequestPage, RequestQuery, Total};
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

    /// What [`pimento_store::Store::list_requests`] answers: as much as the page needs of each part, put together.
    pub(crate) fn list_requests(
        &self,
        tenant: &TenantId,
        query: &RequestQuery,
    ) -> Result<RequestPage, Fault> {
        let after = query.after.map(|id| id.to_string()).unwrap_or_default();
        let mut found = BTreeMap::new();
        for among in &query.among {
            let part = self.part(tenant, query.needing, among, &after, query.limit + 1)?;
            found.extend(part.into_iter().map(|request| (request.id, request)));
        }
        let mut requests: Vec<Request> = found.into_values().collect();
        let more = query.limit < requests.len();
        requests.truncate(query.limit);
        let total = match query.total {
            Total::Skip => None,
            Total::Count => Some(self.count_requests(tenant, query)?),
        };
        Ok(RequestPage {
            now: self.now,
            requests,
            more,
            total,
        })
    }

    fn part(
        &self,
        tenant: &TenantId,
        needing: Needing,
        among: &Among,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Request>, Fault> {
        let approvals = needing == Needing::Approval;
        let (all, with_approval, of) = match among {
            Among::Everybody => (sql::REQUESTS, sql::APPROVALS, None),
            Among::Requestor(of) => (
                sql::REQUESTS_OF_REQUESTOR,
                sql::APPROVALS_OF_REQUESTOR,
                Some(of.to_string()),
            ),
            Among::Principal(of) => (
                sql::REQUESTS_OF_PRINCIPAL,
                sql::APPROVALS_OF_PRINCIPAL,
                Some(of.to_string()),
            ),
            Among::Role(of) => (
                sql::REQUESTS_OF_ROLE,
                sql::APPROVALS_OF_ROLE,
                Some(of.to_string()),
            ),
        };
        let sql = if approvals { with_approval } else { all };
        let tenant = tenant.as_str();
        match of {
            None => self.requests(sql, params![tenant, after], limit),
            Some(of) => self.requests(sql, params![tenant, after, of], limit),
        }
    }

    /// Parts overlap, so all but the whole are counted by their ids.
    fn count_requests(&self, tenant: &TenantId, query: &RequestQuery) -> Result<u64, Fault> {
        if query.among.contains(&Among::Everybody) {
            let mut statement = self.rows.prepare_cached(match query.needing {
                Needing::Anything => sql::COUNT_OF_REQUESTS,
                Needing::Approval => sql::COUNT_OF_APPROVALS,
            })?;
            return Ok(statement.query_row([tenant.as_str()], |row| row.get(0))?);
        }
        let mut ids = BTreeSet::new();
        for among in &query.among {
            let part = self.part(tenant, query.needing, among, "", usize::MAX)?;
            ids.extend(part.into_iter().map(|request| request.id));
        }
        Ok(ids.len() as u64)
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
