//! Seals of the log: what waits for one, and writing them.

use pimento_domain::TenantId;
use pimento_store::seal::{Head, Link, Salted, Sealed, Tail};
use rusqlite::{Params, Transaction, params};

use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::{rows, sql};

impl Snapshot<'_> {
    /// What [`pimento_store::Store::unsealed`] answers.
    pub(crate) fn unsealed(
        &self,
        after: Option<&TenantId>,
        limit: usize,
    ) -> Result<Vec<TenantId>, Fault> {
        // No tenant's id is empty.
        let after = after.map_or("", TenantId::as_str);
        let key = params![after, i64::try_from(limit).unwrap_or(i64::MAX)];
        gather(&self.rows, sql::UNSEALED, key, |row| rows::tenant(row, 0))
            .map_err(|fault| fault.within("unsealed"))
    }

    /// What [`pimento_store::Store::tail`] answers.
    pub(crate) fn tail(&self, tenant: &TenantId, limit: usize) -> Result<Tail, Fault> {
        tail(&self.rows, tenant, limit)
    }

    /// What [`pimento_store::Store::links`] answers.
    pub(crate) fn links(
        &self,
        tenant: &TenantId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Link>, Fault> {
        links(&self.rows, tenant, after, limit)
    }
}

/// The newest head and at most so many events after it.
pub(crate) fn tail(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    limit: usize,
) -> Result<Tail, Fault> {
    let head = heads(transaction, tenant, 1)?.pop();
    let after = head.as_ref().map_or(0, |head| head.sequence);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let key = params![tenant.as_str(), after, limit];
    let events: Vec<Salted> = gather(transaction, sql::EVENTS, key, rows::salted)
        .map_err(|fault| fault.within("events"))?;
    Ok(Tail { head, events })
}

/// The newest heads of a log, the newest first.
pub(crate) fn heads(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    limit: usize,
) -> Result<Vec<Head>, Fault> {
    let key = params![tenant.as_str(), i64::try_from(limit).unwrap_or(i64::MAX)];
    gather(transaction, sql::NEWEST_HEADS, key, rows::head).map_err(|fault| fault.within("heads"))
}

/// The links after an event, oldest first.
pub(crate) fn links(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    after: u64,
    limit: usize,
) -> Result<Vec<Link>, Fault> {
    let [after, limit] =
        [after, limit as u64].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let key = params![tenant.as_str(), after, limit];
    gather(transaction, sql::SEALS, key, rows::link).map_err(|fault| fault.within("seals"))
}

/// All that a statement finds.
pub(crate) fn gather<T>(
    transaction: &Transaction<'_>,
    sql: &str,
    key: impl Params,
    read: impl Fn(&rusqlite::Row<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut statement = transaction.prepare_cached(sql)?;
    let mut found = statement.query(key)?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// Writes links and their head.
pub(crate) fn write(transaction: &Transaction<'_>, sealed: &Sealed) -> Result<(), Fault> {
    let tenant = sealed.head.tenant.as_str();
    let newest = |sql| -> Result<u64, Fault> {
        let mut statement = transaction.prepare_cached(sql)?;
        let newest: Option<u64> = statement.query_row([tenant], |row| row.get(0))?;
        Ok(newest.unwrap_or(0))
    };
    if newest(sql::LAST_HEAD)? != sealed.after {
        return Err(Fault::Conflict);
    }
    let mut add = transaction.prepare_cached(sql::ADD_SEAL)?;
    for link in &sealed.links {
        add.execute(params![tenant, link.sequence, link.digest, link.seal])?;
    }
    let head = &sealed.head;
    transaction.prepare_cached(sql::ADD_HEAD)?.execute(params![
        tenant,
        head.sequence,
        head.seal,
        head.at.as_micros(),
        head.signature,
        head.key.as_bytes(),
    ])?;
    if newest(sql::LAST_SEQUENCE)? <= head.sequence {
        transaction
            .prepare_cached(sql::REMOVE_UNSEALED)?
            .execute([tenant])?;
    }
    Ok(())
}
