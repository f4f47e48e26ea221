//! Reads: pooled read-only connections, each read one snapshot, inline on the caller's thread (they take microseconds; what
//! may take longer is a search).

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pimento_domain::{Holding, Instant, PrincipalId, RoleId, Setup, TenantId, Uses};
use pimento_store::{Clock, Expected, Loaded, RecordedEvent, Revision, StoreError, Wanted};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, params};

use crate::fault::Fault;
use crate::{rows, schema, sql};

/// How many steps SQLite takes between looks at whether a read is over; some tenths of a millisecond.
const STEPS: i32 = 10_000;

/// Connections that read the database file and are not in use. A read holds its thread, so there are never more of them
/// than threads.
#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

/// What a read sees: the rows as they are at one moment, and that moment.
pub(crate) struct Snapshot<'a> {
    pub(crate) rows: Transaction<'a>,
    pub(crate) now: Instant,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Mutex::default(),
        }
    }

    /// Reads in one snapshot. A connection on which a read failed is not used again.
    pub(crate) fn read<T>(
        &self,
        clock: &Clock,
        read: impl FnOnce(&Snapshot<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut connection = self.take()?;
        let answer =
            Snapshot::begin(&mut connection, clock).and_then(|snapshot| read(&snapshot))?;
        self.idle().push(connection);
        Ok(answer)
    }

    /// The same, broken off where this says that it is over.
    pub(crate) fn read_until<T>(
        &self,
        is_over: impl FnMut() -> bool + Send + 'static,
        clock: &Clock,
        read: impl FnOnce(&Snapshot<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let mut connection = self.take()?;
        let handled = connection.progress_handler(STEPS, Some(is_over));
        handled.map_err(Fault::from)?;
        let answer =
            Snapshot::begin(&mut connection, clock).and_then(|snapshot| read(&snapshot))?;
        let handled = connection.progress_handler(0, None::<fn() -> bool>);
        handled.map_err(Fault::from)?;
        self.idle().push(connection);
        Ok(answer)
    }

    fn take(&self) -> Result<Connection, Fault> {
        let reused = self.idle().pop();
        Ok(match reused {
            Some(connection) => connection,
            None => schema::open_reader(&self.path)?,
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> Snapshot<'a> {
    /// The first statement fixes which rows are seen. The time is taken after it: what a commit that is seen says of its
    /// own time is never in the future of this read.
    pub(crate) fn begin(connection: &'a mut Connection, clock: &Clock) -> Result<Self, Fault> {
        let rows = connection.transaction()?;
        let _: i64 = rows
            .prepare_cached(sql::NEWEST_REVISION)?
            .query_row([], |row| row.get(0))?;
        Ok(Self {
            rows,
            now: clock.now(),
        })
    }

    /// What [`pimento_store::Store::load`] answers.
    pub(crate) fn load(&self, tenant: &TenantId, wanted: &Wanted) -> Result<Loaded, Fault> {
        let (registered, setup, revision) = self.registration(tenant)?;
        let mut loaded = Loaded {
            now: self.now,
            registered,
            setup,
            holding: None,
            requests: Vec::new(),
            request: None,
            settings: None,
            administrators: Vec::new(),
            role: None,
            named: None,
            uses: Uses::default(),
            expected: vec![Expected::Registration(revision)],
        };
        if let Some((principal, role)) = &wanted.holding {
            let (holding, revision) = self.holding(tenant, principal, *role)?;
            loaded.holding = Some(holding);
            loaded
                .expected
                .push(Expected::Holding(principal.clone(), *role, revision));
            loaded.requests = self.unrecorded(tenant, principal, *role)?;
            let key = params![tenant.as_str(), principal.as_str(), role.to_string()];
            let revision = revision_of(&self.rows, sql::REQUESTS_REVISION, key)?;
            loaded
                .expected
                .push(Expected::Requests(principal.clone(), *role, revision));
        }
        if let Some(id) = wanted.request {
            loaded.request = self.request(tenant, id)?.1;
        }
        if let Some(role) = wanted.settings {
            let found = self.settings(tenant, role)?;
            let (settings, revision) =
                found.map_or((None, Revision::ABSENT), |(found, at)| (Some(found), at));
            loaded.settings = settings;
            loaded.expected.push(Expected::Settings(role, revision));
        }
        if let Some(role) = wanted.administrators {
            loaded.administrators = self.administrators(tenant, role)?;
            let key = params![tenant.as_str(), role.to_string()];
            loaded.expected.push(Expected::Administrators(
                role,
                revision_of(&self.rows, sql::ADMINISTERED_ROLE, key)?,
            ));
        }
        self.load_role(tenant, wanted, &mut loaded)?;
        Ok(loaded)
    }

    fn registration(&self, tenant: &TenantId) -> Result<(Option<Instant>, Setup, Revision), Fault> {
        let mut statement = self.rows.prepare_cached(sql::REGISTRATION)?;
        let mut found = statement.query([tenant.as_str()])?;
        let Some(row) = found.next()? else {
            return Ok((None, Setup::NotStarted, Revision::ABSENT));
        };
        rows::instant(row, 0)
            .and_then(|registered| {
                let setup = rows::setup(row, 2)?;
                Ok((Some(registered), setup, rows::revision(row, 1)?))
            })
            .map_err(|fault| fault.within("tenants"))
    }

    pub(crate) fn holding(
        &self,
        tenant: &TenantId,
        principal: &PrincipalId,
        role: RoleId,
    ) -> Result<(Holding, Revision), Fault> {
        let mut statement = self.rows.prepare_cached(sql::HOLDING)?;
        let mut found = statement.query(params![
            tenant.as_str(),
            principal.as_str(),
            role.to_string()
        ])?;
        let mut holding = Holding {
            principal: principal.clone(),
            role,
            grants: Vec::new(),
        };
        let mut revision = Revision::ABSENT;
        while let Some(row) = found.next()? {
            let (grant, of) = rows::grant(row, 0)
                .and_then(|grant| Ok((grant, rows::revision(row, 5)?)))
                .map_err(|fault| fault.within("grants"))?;
            holding.grants.push(grant);
            revision = of;
        }
        Ok((holding, revision))
    }

    fn settings(
        &self,
        tenant: &TenantId,
        role: RoleId,
    ) -> Result<Option<(pimento_domain::Settings, Revision)>, Fault> {
        let mut statement = self.rows.prepare_cached(sql::SETTINGS)?;
        let mut found = statement.query(params![tenant.as_str(), role.to_string()])?;
        let Some(row) = found.next()? else {
            return Ok(None);
        };
        rows::settings(row)
            .and_then(|settings| Ok(Some((settings, rows::revision(row, "revision")?))))
            .map_err(|fault| fault.within("settings"))
    }

    fn administrators(&self, tenant: &TenantId, role: RoleId) -> Result<Vec<Holding>, Fault> {
        let mut administrators: Vec<Holding> = Vec::new();
        for statement in [sql::ADMINISTRATORS, sql::LATER_ADMINISTRATORS] {
            let mut statement = self.rows.prepare_cached(statement)?;
            let key = params![
                tenant.as_str(),
                role.to_string(),
                self.now.as_micros(),
                pimento_store::ADMINISTRATORS
            ];
            let mut found = statement.query(key)?;
            while let Some(row) = found.next()? {
                let principal = rows::principal(row, 0).map_err(|fault| fault.within("grants"))?;
                let is_it = |holding: &Holding| holding.principal == principal;
                if !administrators.iter().any(is_it) {
                    administrators.push(self.holding(tenant, &principal, role)?.0);
                }
            }
        }
        Ok(administrators)
    }

    /// What [`pimento_store::Store::holdings_of`] answers.
    pub(crate) fn holdings_of(
        &self,
        tenant: &TenantId,
        principal: &PrincipalId,
    ) -> Result<(Instant, Vec<Holding>), Fault> {
        let key = params![tenant.as_str(), principal.as_str()];
        let gathered = self.gather(sql::GRANTS_OF_PRINCIPAL, key, usize::MAX)?;
        Ok((self.now, gathered.holdings))
    }

    /// Steps through grants in the order of a list, no further than the page needs.
    pub(crate) fn gather(
        &self,
        sql: &str,
        key: impl Params,
        limit: usize,
    ) -> Result<Gathered, Fault> {
        let mut statement = self.rows.prepare_cached(sql)?;
        let mut found = statement.query(key)?;
        let mut gathered = Gathered {
            now: self.now,
            limit,
            holdings: Vec::new(),
            more: false,
            open: None,
        };
        while !gathered.more
            && let Some(row) = found.next()?
        {
            gathered.add(row).map_err(|fault| fault.within("grants"))?;
        }
        gathered.close();
        Ok(gathered)
    }

    /// What [`pimento_store::Store::events`] answers.
    pub(crate) fn events(
        &self,
        tenant: &TenantId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<RecordedEvent>, Fault> {
        // Beyond what SQLite can count there are no events, and never more rows than that.
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.rows.prepare_cached(sql::EVENTS)?;
        let mut found = statement.query(params![tenant.as_str(), after, limit])?;
        let mut events = Vec::new();
        while let Some(row) = found.next()? {
            events.push(rows::event(row).map_err(|fault| fault.within("events"))?);
        }
        Ok(events)
    }
}

/// The revision that a statement finds by its key.
pub(crate) fn revision_of(
    rows: &Transaction<'_>,
    sql: &str,
    key: impl Params,
) -> Result<Revision, Fault> {
    let found = rows
        .prepare_cached(sql)?
        .query_row(key, |row| row.get::<_, Option<u64>>(0))
        .optional()?;
    Ok(found.flatten().map_or(Revision::ABSENT, Revision))
}

/// Grants on their way into holdings, of which those are kept that hold now.
pub(crate) struct Gathered {
    now: Instant,
    limit: usize,
    pub(crate) holdings: Vec<Holding>,
    pub(crate) more: bool,
    open: Option<Holding>,
}

impl Gathered {
    fn add(&mut self, row: &rusqlite::Row<'_>) -> Result<(), Fault> {
        let principal = rows::text(row, 0)?;
        let role = rows::role(row, 1)?;
        let grant = rows::grant(row, 2)?;
        match &mut self.open {
            Some(holding) if holding.principal.as_str() == principal && holding.role == role => {
                holding.grants.push(grant);
            }
            _ => {
                self.close();
                self.open = Some(Holding {
                    principal: rows::principal(row, 0)?,
                    role,
                    grants: vec![grant],
                });
            }
        }
        Ok(())
    }

    /// All grants of the open holding are there: keeps it if it holds, or sees that more follow after a full page.
    fn close(&mut self) {
        let Some(holding) = self
            .open
            .take()
            .filter(|holding| holding.state(self.now).is_some())
        else {
            return;
        };
        if self.holdings.len() < self.limit {
            self.holdings.push(holding);
        } else {
            self.more = true;
        }
    }
}
