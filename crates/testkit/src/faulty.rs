//! A server whose store fails: what no honest request can bring about.

use std::sync::Arc;

use axum::Router;
use futures::FutureExt as _;
use futures::future::{BoxFuture, ready};
use pimento_api::auth::{Authenticator, Issuer};
use pimento_api::{App, Face, Hosts, Origin, router};
use pimento_domain::{
    Holders, Holding, Instant, Policy, PrincipalId, Request, RequestId, Role, RoleId, TenantId,
};
use pimento_engine::{Admission, Engine};
use pimento_store::memory::MemoryStore;
use pimento_store::seal::{Link, Sealed, Tail};
use pimento_store::{
    AssignmentQuery, Changeset, Clock, Committed, DueHolding, Loaded, OperationPage,
    OperationQuery, Page, RecordedEvent, RequestPage, RequestQuery, RolePage, RoleQuery, Store,
    StoreError, Wanted,
};
use serde_json::json;
use tokio::net::TcpListener;

use crate::server::{ANYWHERE, Errors};
use crate::{TestIssuer, TestServer, log};

/// What a store does instead of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be reached.
    Unavailable,
    /// Its disk fails in the middle of a commit.
    InDoubt,
    /// It holds what no Pimento wrote.
    Corrupt,
    /// Somebody else is always faster.
    Conflict,
    /// It panics.
    Panic,
    /// It panics in the middle of a commit.
    PanicOnCommit,
}

/// A server over a store that fails, and the issuer that it trusts with directory roles. What it logs of
/// these faults fails no test. It needs a test with a runtime of one thread.
#[derive(Debug)]
pub struct FaultyServer {
    /// The server.
    pub server: TestServer,
    /// The issuer.
    pub issuer: TestIssuer,
}

impl FaultyServer {
    /// The tenant that its issuer speaks for. It is not registered.
    pub const TENANT: &str = "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25";

    /// A server whose store fails in this way.
    pub async fn failing(fault: Fault) -> Self {
        let log = log::watch();
        let issuer = TestIssuer::start().await;
        let trust: Issuer = serde_json::from_value(json!({
            "issuer": issuer.url(), "audiences": [TestIssuer::AUDIENCE], "tenant": Self::TENANT, "trust_wids": true,
        }))
        .expect("the issuer is configured rightly");
        let store = FaultyStore {
            inner: MemoryStore::new(Clock::process()),
            fault,
        };
        let app = App {
            engine: Engine::new(Arc::new(store), Policy::default(), Admission::Everybody),
            authenticator: Authenticator::new(vec![trust]).expect("one issuer is no contradiction"),
            founders: Arc::default(),
            throttle: None,
        };
        let listener = TcpListener::bind(ANYWHERE)
            .await
            .expect("loopback has a free port");
        let address = listener.local_addr().expect("it listens");
        let face = Face {
            origin: Origin::new(None, address).expect("no public URL is none that is wrong"),
            hosts: Hosts::Listening,
            pages: Router::new(),
        };
        let router = router(app, None, face);
        Self {
            server: TestServer::run_router(listener, router, log, Errors::Provoked),
            issuer,
        }
    }
}

/// The model of a store, with a fault.
#[derive(Debug)]
struct FaultyStore {
    inner: MemoryStore,
    fault: Fault,
}

impl FaultyStore {
    /// Does the work, or fails as told. Some faults are a commit's alone.
    fn or_fail<'a, T: Send + 'a>(
        &self,
        work: impl FnOnce() -> BoxFuture<'a, Result<T, StoreError>>,
    ) -> BoxFuture<'a, Result<T, StoreError>> {
        let error = match self.fault {
            Fault::Conflict | Fault::InDoubt | Fault::PanicOnCommit => return work(),
            Fault::Unavailable => StoreError::Unavailable("the disk is away".to_owned()),
            Fault::Corrupt => StoreError::Corrupt("a row is not ours".to_owned()),
            Fault::Panic => panic!("the store was told to panic"),
        };
        ready(Err(error)).boxed()
    }
}

impl Store for FaultyStore {
    fn clock(&self) -> &Clock {
        self.inner.clock()
    }

    fn load<'a>(
        &'a self,
        tenant: &'a TenantId,
        wanted: &'a Wanted,
    ) -> BoxFuture<'a, Result<Loaded, StoreError>> {
        self.or_fail(|| self.inner.load(tenant, wanted))
    }

    fn holdings_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<(Instant, Vec<Holding>), StoreError>> {
        self.or_fail(|| self.inner.holdings_of(tenant, principal))
    }

    fn list_assignments<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a AssignmentQuery,
    ) -> BoxFuture<'a, Result<Page, StoreError>> {
        self.or_fail(|| self.inner.list_assignments(tenant, query))
    }

    fn holders<'a>(
        &'a self,
        tenant: &'a TenantId,
        role: RoleId,
    ) -> BoxFuture<'a, Result<Holders, StoreError>> {
        self.or_fail(|| self.inner.holders(tenant, role))
    }

    fn list_roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RoleQuery,
    ) -> BoxFuture<'a, Result<RolePage, StoreError>> {
        self.or_fail(|| self.inner.list_roles(tenant, query))
    }

    fn roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        ids: &'a [RoleId],
    ) -> BoxFuture<'a, Result<Vec<Role>, StoreError>> {
        self.or_fail(|| self.inner.roles(tenant, ids))
    }

    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RequestId,
    ) -> BoxFuture<'a, Result<(Instant, Option<Request>), StoreError>> {
        self.or_fail(|| self.inner.request(tenant, id))
    }

    fn list_requests<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RequestQuery,
    ) -> BoxFuture<'a, Result<RequestPage, StoreError>> {
        self.or_fail(|| self.inner.list_requests(tenant, query))
    }

    fn approver_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<Vec<RoleId>, StoreError>> {
        self.or_fail(|| self.inner.approver_of(tenant, principal))
    }

    fn due(&self, limit: usize) -> BoxFuture<'_, Result<Vec<DueHolding>, StoreError>> {
        self.or_fail(|| self.inner.due(limit))
    }

    fn events<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<RecordedEvent>, StoreError>> {
        self.or_fail(|| self.inner.events(tenant, after, limit))
    }

    fn list_operations<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a OperationQuery,
    ) -> BoxFuture<'a, Result<OperationPage, StoreError>> {
        self.or_fail(|| self.inner.list_operations(tenant, query))
    }

    fn unsealed<'a>(
        &'a self,
        after: Option<&'a TenantId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<TenantId>, StoreError>> {
        self.or_fail(|| self.inner.unsealed(after, limit))
    }

    fn tail<'a>(
        &'a self,
        tenant: &'a TenantId,
        limit: usize,
    ) -> BoxFuture<'a, Result<Tail, StoreError>> {
        self.or_fail(|| self.inner.tail(tenant, limit))
    }

    fn links<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Link>, StoreError>> {
        self.or_fail(|| self.inner.links(tenant, after, limit))
    }

    fn seal(&self, sealed: Sealed) -> BoxFuture<'_, Result<(), StoreError>> {
        self.or_fail(|| self.inner.seal(sealed))
    }

    fn commit(&self, changeset: Changeset) -> BoxFuture<'_, Result<Committed, StoreError>> {
        let error = match self.fault {
            Fault::Conflict => StoreError::Conflict,
            Fault::InDoubt => StoreError::InDoubt("the disk is going".to_owned()),
            Fault::PanicOnCommit => panic!("the store was told to panic"),
            _ => return self.or_fail(|| self.inner.commit(changeset)),
        };
        ready(Err(error)).boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.or_fail(|| self.inner.check())
    }
}
