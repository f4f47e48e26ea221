//! Reading a log to check it or to pass it on: a copy, or beside a server that writes; nothing is ever changed.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use pimento_domain::{After, EventKind, TenantId};
use pimento_store::StoreError;
use pimento_store::seal::{
    Broken, Content, Entry, Fault as BrokenBy, Head, PublicKey, Summary, Verification,
};
use rusqlite::{Connection, Row, Transaction, params};

use crate::fault::Fault;
use crate::open::{self, OpenError, beside};
use crate::{rows, schema, seals, sql};

/// How many rows of each table are in memory at once.
const PAGE: i64 = 256;

/// The log of all tenants in a database file.
#[derive(Debug)]
pub struct Log {
    connection: Connection,
    path: PathBuf,
    is_resting: bool,
}

impl Log {
    /// Opens the log of a database of any purpose.
    ///
    /// # Errors
    /// [`OpenError`]: it is not there, is not a database of Pimento, or has no seals yet.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        fs::metadata(path).map_err(|source| OpenError::file(path, source))?;
        let path = open::real_path(path)?;
        let is_resting = !beside(&path, "-wal").exists();
        let observed = schema::observe(&path, None)?;
        if observed.version < schema::VERSION {
            return Err(OpenError::Unsealed { path });
        }
        Ok(Self {
            connection: observed.connection,
            path,
            is_resting,
        })
    }

    /// Whether a server has begun to write while this reads a file that nobody had open, as it believes. What was read since
    /// may be half of this and half of that.
    pub fn is_disturbed(&self) -> bool {
        self.is_resting && beside(&self.path, "-wal").exists()
    }

    /// The first tenant after this one, in the order of their ids, that is registered, or of whose log there is anything.
    ///
    /// # Errors
    /// The store's.
    pub fn next_tenant(
        &mut self,
        after: Option<&TenantId>,
    ) -> Result<Option<TenantId>, StoreError> {
        let after = after.map_or("", TenantId::as_str);
        let read = || -> Result<Option<TenantId>, Fault> {
            let mut statement = self.connection.prepare_cached(sql::NEXT_LOG)?;
            let mut found = statement.query([after])?;
            match found.next()? {
                Some(row) => rows::optional_tenant(row, 0),
                None => Ok(None),
            }
        };
        read().map_err(|fault| fault.within("events").into())
    }

    /// The newest heads of a tenant's log, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn heads(&mut self, tenant: &TenantId, limit: usize) -> Result<Vec<Head>, StoreError> {
        let transaction = self.connection.transaction().map_err(Fault::from)?;
        Ok(seals::heads(&transaction, tenant, limit)?)
    }

    /// Checks the log of this tenant: [`Verification`], with heads that are signed with one of these keys.
    ///
    /// # Errors
    /// The first place where it is not what was sealed, within the store's own errors.
    pub fn verify(
        &mut self,
        tenant: &TenantId,
        keys: &[PublicKey],
        written: &[Head],
    ) -> Result<Result<Summary, Broken>, StoreError> {
        let mut verification = Verification::new(tenant, keys, written);
        let end = self.read(tenant, None, |entry| match verification.check(&entry) {
            Ok(()) => ControlFlow::Continue(()),
            Err(broken) => ControlFlow::Break(broken),
        })?;
        Ok(match end {
            ControlFlow::Break(broken) => Err(broken),
            ControlFlow::Continue(()) => match verification.finish() {
                Ok(nothing) if nothing == Summary::default() && self.is_registered(tenant)? => {
                    Err(Broken {
                        tenant: tenant.clone(),
                        sequence: 1,
                        fault: BrokenBy::Gone,
                        holds_until: None,
                    })
                }
                found => found,
            },
        })
    }

    /// Whether the tenant is registered, whatever is left of its log.
    fn is_registered(&self, tenant: &TenantId) -> Result<bool, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(sql::REGISTRATION_REVISION)
            .map_err(Fault::from)?;
        Ok(statement.exists([tenant.as_str()]).map_err(Fault::from)?)
    }

    /// Whether there is a log of this tenant, or should be one.
    ///
    /// # Errors
    /// The store's.
    pub fn has(&mut self, tenant: &TenantId) -> Result<bool, StoreError> {
        let is_there = self.read(tenant, None, |_| ControlFlow::Break(()))?;
        Ok(is_there.is_break() || self.is_registered(tenant)?)
    }

    /// How many events have no seal, at the end of a tenant's log.
    ///
    /// # Errors
    /// The store's.
    pub fn unsealed(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let count = || -> Result<u64, Fault> {
            let mut statement = self.connection.prepare_cached(sql::COUNT_UNSEALED)?;
            Ok(statement.query_row([tenant.as_str()], |row| row.get(0))?)
        };
        Ok(count()?)
    }

    /// Shows everything that the log of this tenant holds after a sequence number, in order, as it was at one moment;
    /// `None` begins before whatever there is. Ends early where `visit` breaks.
    ///
    /// # Errors
    /// The store's.
    pub fn read<B>(
        &mut self,
        tenant: &TenantId,
        after: Option<u64>,
        mut visit: impl FnMut(Entry) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, StoreError> {
        let snapshot = self.connection.transaction().map_err(Fault::from)?;
        let mut after = after.map_or(i64::MIN, |after| i64::try_from(after).unwrap_or(i64::MAX));
        loop {
            let page = Page::read(&snapshot, tenant, after)?;
            for (sequence, mut entry) in page.entries {
                if entry.content == Content::Missing && entry.link.is_some() {
                    entry.content = erased(&snapshot, tenant, sequence)?;
                }
                if let ControlFlow::Break(end) = visit(entry) {
                    return Ok(ControlFlow::Break(end));
                }
            }
            match page.ends_at {
                Some(last) => after = last,
                None => return Ok(ControlFlow::Continue(())),
            }
        }
    }
}

/// What is left of an event that is not there.
fn erased(
    snapshot: &Transaction<'_>,
    tenant: &TenantId,
    sequence: i64,
) -> Result<Content, StoreError> {
    let key = params![tenant.as_str(), sequence];
    let found = seals::gather(snapshot, sql::ERASURE, key, rows::event);
    // One that cannot be read says nothing.
    let found = match found {
        Err(Fault::Corrupt(_)) => Vec::new(),
        found => found.map_err(StoreError::from)?,
    };
    let says_so = found.first().is_some_and(|recorded| {
        let after = &recorded.event.after;
        let is_it =
            matches!(after, After::Erased(erased) if i64::try_from(*erased) == Ok(sequence));
        recorded.event.kind == EventKind::Erase && is_it
    });
    match says_so {
        true => Ok(Content::Erased),
        false => Ok(Content::Missing),
    }
}

/// Some entries that follow on each other.
struct Page {
    entries: BTreeMap<i64, Entry>,
    /// The last sequence number that is surely in it, with all that there is of it; `None` where it is the last page.
    ends_at: Option<i64>,
}

impl Page {
    fn read(snapshot: &Transaction<'_>, tenant: &TenantId, after: i64) -> Result<Self, StoreError> {
        let mut page = Self {
            entries: BTreeMap::new(),
            ends_at: None,
        };
        let key = |sql: &'static str| (sql, tenant.as_str(), after);
        page.add(snapshot, key(sql::EVENTS), |row, entry| {
            entry.content = Content::There(Box::new(rows::salted(row)?));
            Ok(())
        })?;
        page.add(snapshot, key(sql::SEALS), |row, entry| {
            let link = rows::link(row).map_err(|fault| fault.within("seals"))?;
            entry.link = Some((link.digest, link.seal));
            Ok(())
        })?;
        page.add(snapshot, key(sql::HEADS), |row, entry| {
            let head = rows::head(row).map_err(|fault| fault.within("heads"))?;
            entry.head = Some(head);
            Ok(())
        })?;
        if let Some(last) = page.ends_at {
            page.entries.retain(|sequence, _| *sequence <= last);
        }
        Ok(page)
    }

    /// Adds what one table says. A row that cannot be read is kept as what it is.
    fn add(
        &mut self,
        snapshot: &Transaction<'_>,
        (sql, tenant, after): (&str, &str, i64),
        read: impl Fn(&Row<'_>, &mut Entry) -> Result<(), Fault>,
    ) -> Result<(), StoreError> {
        let mut add = || -> Result<(), Fault> {
            let mut statement = snapshot.prepare_cached(sql)?;
            let mut found = statement.query(params![tenant, after, PAGE])?;
            let (mut count, mut last) = (0, after);
            while let Some(row) = found.next()? {
                last = row.get("sequence")?;
                count += 1;
                let number = || Fault::Corrupt(format!("there is an event with the number {last}"));
                let sequence = u64::try_from(last).map_err(|_| number())?;
                let entry = self.entries.entry(last).or_insert_with(|| Entry {
                    sequence,
                    content: Content::Missing,
                    link: None,
                    head: None,
                });
                match read(row, entry).map_err(|fault| fault.within("events")) {
                    Err(Fault::Corrupt(what)) => entry.content = Content::Unreadable(what),
                    other => other?,
                }
            }
            if count == PAGE {
                self.ends_at = Some(self.ends_at.map_or(last, |ends_at| ends_at.min(last)));
            }
            Ok(())
        };
        Ok(add()?)
    }
}
