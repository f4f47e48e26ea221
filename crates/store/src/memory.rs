//! The model that backends are compared with: the whole contract, and nothing for speed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::future::{BoxFuture, FutureExt};
use pimento_domain::{
    AssignmentId, Grant, Holding, Instant, Kind, PrincipalId, RoleId, Settings, TenantId,
};

use crate::{
    ADMINISTRATORS, AssignmentQuery, Change, Changeset, Clock, Committed, Expected, Loaded, Page,
    RecordedEvent, Revision, Store, StoreError, Total, Wanted,
};

/// A store that forgets when it is dropped.
#[derive(Debug)]
pub struct MemoryStore {
    clock: Clock,
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    newest: u64,
    tenants: BTreeMap<TenantId, Tenant>,
}

#[derive(Clone, Debug, Default)]
struct Tenant {
    registered: Option<(Instant, Revision)>,
    holdings: BTreeMap<AssignmentId, (Vec<Grant>, Revision)>,
    settings: BTreeMap<RoleId, (Settings, Revision)>,
    administered: BTreeMap<RoleId, Revision>,
    events: Vec<RecordedEvent>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            rows: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tenant as it is now, and the time of that.
    fn tenant(&self, tenant: &TenantId) -> (Instant, Tenant) {
        let rows = self.lock();
        (
            self.clock.now(),
            rows.tenants.get(tenant).cloned().unwrap_or_default(),
        )
    }
}

impl Store for MemoryStore {
    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn load<'a>(
        &'a self,
        tenant: &'a TenantId,
        wanted: &'a Wanted,
    ) -> BoxFuture<'a, Result<Loaded, StoreError>> {
        async move {
            let (now, tenant) = self.tenant(tenant);
            Ok(tenant.load(wanted, now))
        }
        .boxed()
    }

    fn holdings_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<(Instant, Vec<Holding>), StoreError>> {
        async move {
            let (now, tenant) = self.tenant(tenant);
            Ok((
                now,
                tenant
                    .live(now)
                    .filter(|holding| holding.principal == *principal)
                    .collect(),
            ))
        }
        .boxed()
    }

    fn list_assignments<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a AssignmentQuery,
    ) -> BoxFuture<'a, Result<Page, StoreError>> {
        async move {
            let (now, tenant) = self.tenant(tenant);
            Ok(tenant.list(query, now))
        }
        .boxed()
    }

    fn events<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<RecordedEvent>, StoreError>> {
        async move {
            let (_, tenant) = self.tenant(tenant);
            Ok(tenant
                .events
                .into_iter()
                .filter(|event| after < event.sequence)
                .take(limit)
                .collect())
        }
        .boxed()
    }

    fn commit(&self, changeset: Changeset) -> BoxFuture<'_, Result<Committed, StoreError>> {
        async move {
            let mut rows = self.lock();
            rows.newest += 1;
            let revision = Revision(rows.newest);
            rows.tenants
                .entry(changeset.tenant.clone())
                .or_default()
                .commit(changeset, revision)
        }
        .boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        async { Ok(()) }.boxed()
    }
}

impl Tenant {
    fn revision(&self, expected: &Expected) -> (Revision, Revision) {
        let (found, expected) = match expected {
            Expected::Registration(revision) => (self.registered.map(|(_, found)| found), revision),
            Expected::Holding(principal, role, revision) => {
                let id = AssignmentId {
                    principal: principal.clone(),
                    role: *role,
                };
                (self.holdings.get(&id).map(|(_, found)| *found), revision)
            }
            Expected::Settings(role, revision) => {
                (self.settings.get(role).map(|(_, found)| *found), revision)
            }
            Expected::Administrators(role, revision) => {
                (self.administered.get(role).copied(), revision)
            }
        };
        (found.unwrap_or(Revision::ABSENT), *expected)
    }

    fn load(&self, wanted: &Wanted, now: Instant) -> Loaded {
        let mut expected = vec![Expected::Registration(Revision::ABSENT)];
        let holding = wanted.holding.as_ref().map(|(principal, role)| {
            expected.push(Expected::Holding(
                principal.clone(),
                *role,
                Revision::ABSENT,
            ));
            let id = AssignmentId {
                principal: principal.clone(),
                role: *role,
            };
            let grants = self
                .holdings
                .get(&id)
                .map(|(grants, _)| grants.clone())
                .unwrap_or_default();
            Holding {
                principal: principal.clone(),
                role: *role,
                grants,
            }
        });
        expected.extend(
            wanted
                .settings
                .map(|role| Expected::Settings(role, Revision::ABSENT)),
        );
        expected.extend(
            wanted
                .administrators
                .map(|role| Expected::Administrators(role, Revision::ABSENT)),
        );
        for row in &mut expected {
            let (found, _) = self.revision(row);
            match row {
                Expected::Registration(revision)
                | Expected::Holding(_, _, revision)
                | Expected::Settings(_, revision)
                | Expected::Administrators(_, revision) => *revision = found,
            }
        }
        Loaded {
            now,
            registered: self.registered.map(|(registered, _)| registered),
            holding,
            settings: wanted
                .settings
                .and_then(|role| self.settings.get(&role))
                .map(|(settings, _)| settings.clone()),
            administrators: wanted
                .administrators
                .map(|role| self.administrators(role, now))
                .unwrap_or_default(),
            expected,
        }
    }

    fn administrators(&self, role: RoleId, now: Instant) -> Vec<Holding> {
        let endless = |holding: &Holding, kind| {
            let mut grants = holding.grants.iter();
            grants.any(|grant| grant.kind == kind && grant.end.is_none() && grant.start <= now)
        };
        let all = || self.holdings().filter(|holding| holding.role == role);
        let active = all().filter(|holding| endless(holding, Kind::Active));
        let only_eligible = all()
            .filter(|holding| endless(holding, Kind::Eligible) && !endless(holding, Kind::Active));
        active.chain(only_eligible).take(ADMINISTRATORS).collect()
    }

    fn holdings(&self) -> impl Iterator<Item = Holding> {
        let holding = |(id, (grants, _)): (&AssignmentId, &(Vec<Grant>, Revision))| Holding {
            principal: id.principal.clone(),
            role: id.role,
            grants: grants.clone(),
        };
        self.holdings.iter().map(holding)
    }

    fn live(&self, now: Instant) -> impl Iterator<Item = Holding> {
        self.holdings()
            .filter(move |holding| holding.state(now).is_some())
    }

    fn list(&self, query: &AssignmentQuery, now: Instant) -> Page {
        let all: Vec<Holding> = self
            .live(now)
            .filter(|holding| query.role.is_none_or(|role| holding.role == role))
            .collect();
        let total = match query.total {
            Total::Skip => None,
            Total::Count => Some(all.len() as u64),
        };
        let is_after = |holding: &Holding| {
            let key = (&holding.principal, &holding.role);
            query
                .after
                .as_ref()
                .is_none_or(|after| (&after.principal, &after.role) < key)
        };
        let mut holdings: Vec<Holding> = all.into_iter().filter(is_after).collect();
        let more = query.limit < holdings.len();
        holdings.truncate(query.limit);
        Page {
            now,
            holdings,
            more,
            total,
        }
    }

    fn commit(
        &mut self,
        changeset: Changeset,
        revision: Revision,
    ) -> Result<Committed, StoreError> {
        let is_stale = |expected| {
            let (found, expected) = self.revision(expected);
            found != expected
        };
        if changeset.expected.iter().any(is_stale) {
            return Err(StoreError::Conflict);
        }
        for change in changeset.changes {
            self.change(change, revision);
        }
        for event in changeset.events.iter() {
            let sequence = self.events.len() as u64 + 1;
            self.events.push(RecordedEvent {
                sequence,
                cause: changeset.cause.clone(),
                event: event.clone(),
            });
        }
        Ok(Committed {
            sequence: self.events.len() as u64,
        })
    }

    fn change(&mut self, change: Change, revision: Revision) {
        match change {
            Change::Register(at) => self.registered = Some((at, revision)),
            Change::Holding(principal, role, grants) if grants.is_empty() => {
                self.holdings.remove(&AssignmentId { principal, role });
            }
            Change::Holding(principal, role, grants) => {
                self.holdings
                    .insert(AssignmentId { principal, role }, (grants, revision));
            }
            Change::Settings(role, settings) => {
                self.settings.insert(role, (settings, revision));
            }
            Change::Administrators(role) => {
                self.administered.insert(role, revision);
            }
        }
    }
}
