//! The model that backends are compared with: the whole contract, and nothing for speed.

mod roles;
mod tenant;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::future::{BoxFuture, FutureExt};
use pimento_domain::{
    Holders, Holding, Instant, PrincipalId, Request, RequestId, Role, RoleId, State, TenantId,
};

use self::tenant::Tenant;
use crate::seal::{Link, Sealed, Tail};
use crate::{
    AssignmentQuery, Changeset, Clock, Committed, DueHolding, Loaded, OperationField,
    OperationPage, OperationQuery, Page, RecordedEvent, RequestPage, RequestQuery, Revision,
    RolePage, RoleQuery, Store, StoreError, Wanted,
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

    fn holders<'a>(
        &'a self,
        tenant: &'a TenantId,
        role: RoleId,
    ) -> BoxFuture<'a, Result<Holders, StoreError>> {
        async move {
            let (now, tenant) = self.tenant(tenant);
            let states: Vec<State> = tenant
                .holdings()
                .filter(|holding| holding.role == role)
                .filter_map(|holding| holding.state(now))
                .collect();
            let active = states.iter().filter(|state| state.is_active()).count();
            Ok(Holders {
                all: states.len() as u64,
                active: active as u64,
            })
        }
        .boxed()
    }

    fn list_roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RoleQuery,
    ) -> BoxFuture<'a, Result<RolePage, StoreError>> {
        async move { Ok(self.tenant(tenant).1.list_roles(query)) }.boxed()
    }

    fn roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        ids: &'a [RoleId],
    ) -> BoxFuture<'a, Result<Vec<Role>, StoreError>> {
        async move {
            let (_, tenant) = self.tenant(tenant);
            Ok(ids.iter().filter_map(|id| tenant.role(*id)).collect())
        }
        .boxed()
    }

    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RequestId,
    ) -> BoxFuture<'a, Result<(Instant, Option<Request>), StoreError>> {
        async move {
            let (now, mut tenant) = self.tenant(tenant);
            Ok((now, tenant.requests.remove(&id).map(|(request, _)| request)))
        }
        .boxed()
    }

    fn list_requests<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RequestQuery,
    ) -> BoxFuture<'a, Result<RequestPage, StoreError>> {
        async move {
            let (now, tenant) = self.tenant(tenant);
            Ok(tenant.list_requests(query, now))
        }
        .boxed()
    }

    fn approver_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<Vec<RoleId>, StoreError>> {
        async move {
            let (_, tenant) = self.tenant(tenant);
            let named = tenant
                .settings
                .into_iter()
                .filter(|(_, (settings, _))| settings.approvers.contains(principal));
            Ok(named.map(|(role, _)| role).collect())
        }
        .boxed()
    }

    fn due(&self, limit: usize) -> BoxFuture<'_, Result<Vec<DueHolding>, StoreError>> {
        async move {
            let rows = self.lock();
            let now = self.clock.now();
            let mut due = BTreeSet::new();
            for (id, tenant) in &rows.tenants {
                due.extend(tenant.due(now).map(|(at, of)| DueHolding {
                    at,
                    tenant: id.clone(),
                    principal: of.principal,
                    role: of.role,
                }));
            }
            Ok(due.into_iter().take(limit).collect())
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

    fn list_operations<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a OperationQuery,
    ) -> BoxFuture<'a, Result<OperationPage, StoreError>> {
        async move {
            let (_, tenant) = self.tenant(tenant);
            let events = tenant.events.into_iter();
            let operations = events.filter(|recorded| recorded.event.kind.is_operation());
            let value = |recorded: &RecordedEvent, field: OperationField| field.value(recorded);
            let found = query.select(operations, value);
            Ok(OperationPage {
                events: found.rows,
                more: found.more,
                total: found.total,
            })
        }
        .boxed()
    }

    fn unsealed<'a>(
        &'a self,
        after: Option<&'a TenantId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<TenantId>, StoreError>> {
        async move {
            let rows = self.lock();
            let waiting = rows
                .tenants
                .iter()
                .filter(|(id, tenant)| {
                    after.is_none_or(|after| after < *id) && tenant.is_unsealed()
                })
                .map(|(id, _)| id.clone());
            Ok(waiting.take(limit).collect())
        }
        .boxed()
    }

    fn tail<'a>(
        &'a self,
        tenant: &'a TenantId,
        limit: usize,
    ) -> BoxFuture<'a, Result<Tail, StoreError>> {
        async move { Ok(self.tenant(tenant).1.tail(limit)) }.boxed()
    }

    fn links<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Link>, StoreError>> {
        async move { Ok(self.tenant(tenant).1.links(after, limit)) }.boxed()
    }

    fn seal(&self, sealed: Sealed) -> BoxFuture<'_, Result<(), StoreError>> {
        async move {
            let mut rows = self.lock();
            let tenant = rows.tenants.entry(sealed.head.tenant.clone()).or_default();
            tenant.seal(sealed)
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
