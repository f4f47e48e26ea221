//! The loop of every change, over the in-memory model: what happens where rows change between decision and commit.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "decide/setup.rs"]
mod setup;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::{BoxFuture, FutureExt, join_all};
use pimento_domain::rules::CreateAssignment;
use pimento_domain::{
    AssignmentId, Caller, Cause, Denied, Holders, Holding, Instant, Justification, Policy,
    PrincipalId, Request, RequestId, Role, RoleId, SignedDuration, TenantId, Uuid, role,
};
use pimento_engine::{Admission, Engine, Error, NewAssignment};
use pimento_store::memory::MemoryStore;
use pimento_store::seal::{Link, Sealed, Tail};
use pimento_store::{
    AssignmentQuery, Changeset, Clock, Committed, DueHolding, Loaded, OperationPage,
    OperationQuery, Page, RecordedEvent, RequestPage, RequestQuery, RolePage, RoleQuery, Store,
    StoreError, Wanted,
};

const ROLE: RoleId = role::SECURITY_READER;

/// The model, whose first commits conflict although nobody changed anything, and which lets others go first at each call.
struct Contended {
    model: MemoryStore,
    conflicts: AtomicUsize,
    commits: AtomicUsize,
}

impl Contended {
    fn new(conflicts: usize) -> Arc<Self> {
        let model = MemoryStore::new(Clock::starting_at(None));
        Arc::new(Self {
            model,
            conflicts: conflicts.into(),
            commits: 0.into(),
        })
    }
}

impl Store for Contended {
    fn clock(&self) -> &Clock {
        self.model.clock()
    }

    fn load<'a>(
        &'a self,
        tenant: &'a TenantId,
        wanted: &'a Wanted,
    ) -> BoxFuture<'a, Result<Loaded, StoreError>> {
        async move {
            tokio::task::yield_now().await;
            self.model.load(tenant, wanted).await
        }
        .boxed()
    }

    fn holdings_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<(Instant, Vec<Holding>), StoreError>> {
        self.model.holdings_of(tenant, principal)
    }

    fn list_assignments<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a AssignmentQuery,
    ) -> BoxFuture<'a, Result<Page, StoreError>> {
        self.model.list_assignments(tenant, query)
    }

    fn holders<'a>(
        &'a self,
        tenant: &'a TenantId,
        role: RoleId,
    ) -> BoxFuture<'a, Result<Holders, StoreError>> {
        self.model.holders(tenant, role)
    }

    fn list_roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RoleQuery,
    ) -> BoxFuture<'a, Result<RolePage, StoreError>> {
        self.model.list_roles(tenant, query)
    }

    fn roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        ids: &'a [RoleId],
    ) -> BoxFuture<'a, Result<Vec<Role>, StoreError>> {
        self.model.roles(tenant, ids)
    }

    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RequestId,
    ) -> BoxFuture<'a, Result<(Instant, Option<Request>), StoreError>> {
        self.model.request(tenant, id)
    }

    fn list_requests<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RequestQuery,
    ) -> BoxFuture<'a, Result<RequestPage, StoreError>> {
        self.model.list_requests(tenant, query)
    }

    fn approver_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<Vec<RoleId>, StoreError>> {
        self.model.approver_of(tenant, principal)
    }

    fn due(&self, limit: usize) -> BoxFuture<'_, Result<Vec<DueHolding>, StoreError>> {
        self.model.due(limit)
    }

    fn events<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<RecordedEvent>, StoreError>> {
        self.model.events(tenant, after, limit)
    }

    fn list_operations<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a OperationQuery,
    ) -> BoxFuture<'a, Result<OperationPage, StoreError>> {
        self.model.list_operations(tenant, query)
    }

    fn unsealed<'a>(
        &'a self,
        after: Option<&'a TenantId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<TenantId>, StoreError>> {
        self.model.unsealed(after, limit)
    }

    fn tail<'a>(
        &'a self,
        tenant: &'a TenantId,
        limit: usize,
    ) -> BoxFuture<'a, Result<Tail, StoreError>> {
        self.model.tail(tenant, limit)
    }

    fn links<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Link>, StoreError>> {
        self.model.links(tenant, after, limit)
    }

    fn seal(&self, sealed: Sealed) -> BoxFuture<'_, Result<(), StoreError>> {
        self.model.seal(sealed)
    }

    fn commit(&self, changeset: Changeset) -> BoxFuture<'_, Result<Committed, StoreError>> {
        self.commits.fetch_add(1, Ordering::Relaxed);
        let left = self
            .conflicts
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        match left {
            Ok(_) => async { Err(StoreError::Conflict) }.boxed(),
            Err(_) => async move {
                tokio::task::yield_now().await;
                self.model.commit(changeset).await
            }
            .boxed(),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.model.check()
    }
}

fn tenant() -> TenantId {
    "t".parse().unwrap()
}

fn caller(name: &str) -> Caller {
    Caller {
        tenant: tenant(),
        principal: name.parse().unwrap(),
        roles: [role::GLOBAL_ADMINISTRATOR].into(),
        mfa: true,
        cause: Cause {
            operation: "test".into(),
            request: Uuid::nil(),
            client_request: None,
        },
    }
}

fn engine(store: Arc<Contended>) -> Engine {
    Engine::new(store, Policy::default(), Admission::Everybody)
}

fn new(name: &str, role: RoleId, elevated: bool) -> NewAssignment {
    let command = CreateAssignment {
        elevated: Some(elevated),
        until: None,
    };
    NewAssignment {
        principal: name.parse().unwrap(),
        role,
        command,
    }
}

fn id(name: &str, role: RoleId) -> AssignmentId {
    AssignmentId {
        principal: name.parse().unwrap(),
        role,
    }
}

async fn events(store: &Contended) -> Vec<RecordedEvent> {
    store.events(&tenant(), 0, 100).await.unwrap()
}

#[tokio::test]
async fn a_change_that_conflicts_is_decided_again_and_recorded_once() {
    let store = Contended::new(15);
    let created = engine(store.clone())
        .create_assignment(&caller("ada"), &new("ben", ROLE, true))
        .await;
    assert!(created.is_ok());
    assert_eq!(store.commits.load(Ordering::Relaxed), 16);
    assert_eq!(events(&store).await.len(), 1);
}

#[tokio::test]
async fn what_came_due_is_recorded_once_although_it_conflicts() {
    let store = Contended::new(0);
    let engine = engine(store.clone());
    let mut new = new("ben", ROLE, true);
    let now = store.clock().now();
    new.command.until = Some(now.plus(SignedDuration::from_mins(30)));
    engine
        .create_assignment(&caller("ada"), &new)
        .await
        .unwrap();
    store
        .clock()
        .change(SignedDuration::from_mins(30), None)
        .unwrap();
    store.conflicts.store(3, Ordering::SeqCst);
    let before = events(&store).await.len();
    assert_eq!(engine.record_due(10).await, Ok(1));
    assert_eq!(engine.record_due(10).await, Ok(0));
    assert_eq!(events(&store).await.len(), before + 1);
}

#[tokio::test]
async fn a_change_that_conflicts_too_often_is_unavailable_and_changes_nothing() {
    let store = Contended::new(16);
    let created = engine(store.clone())
        .create_assignment(&caller("ada"), &new("ben", ROLE, true))
        .await;
    assert!(
        matches!(created, Err(Error::Store(StoreError::Unavailable(_)))),
        "{created:?}"
    );
    assert!(events(&store).await.is_empty());
    let found = engine(store)
        .get_assignment(&caller("ada"), &id("ben", ROLE))
        .await;
    assert_eq!(found, Err(Denied::NotFound.into()));
}

#[tokio::test]
async fn what_changes_nothing_is_not_committed() {
    let store = Contended::new(0);
    let engine = engine(store.clone());
    engine
        .create_assignment(&caller("ada"), &new("ben", ROLE, false))
        .await
        .unwrap();
    let answer = engine
        .make_eligible(&caller("ada"), &id("ben", ROLE))
        .await
        .unwrap();
    assert!(answer.message.is_some());
    assert_eq!(store.commits.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn of_two_administrators_who_remove_each_other_one_stays() {
    let store = Contended::new(0);
    let engine = engine(store.clone());
    let administrator = role::PRIVILEGED_ROLE_ADMINISTRATOR;
    engine.sign_up(&caller("ada")).await.unwrap();
    engine
        .create_assignment(&caller("ada"), &new("ben", administrator, true))
        .await
        .unwrap();
    let removals = [("ada", "ben"), ("ben", "ada")].map(|(by, whom)| {
        let engine = engine.clone();
        async move {
            engine
                .delete_assignment(&caller(by), &id(whom, administrator))
                .await
        }
    });
    let mut outcomes = join_all(removals).await;
    outcomes.sort_by_key(Result::is_err);
    assert_eq!(outcomes, [Ok(()), Err(Denied::LastAdministrator.into())]);
}

#[tokio::test]
async fn of_many_who_change_one_assignment_at_once_everybody_comes_through_and_nobody_decides_twice()
 {
    let store = Contended::new(0);
    let engine = engine(store.clone());
    engine
        .create_assignment(&caller("ada"), &new("ben", ROLE, true))
        .await
        .unwrap();
    let changes = (0..100).map(|number| {
        let engine = engine.clone();
        async move {
            let (ada, ben) = (caller("ada"), id("ben", ROLE));
            if number % 2 == 0 {
                engine.make_eligible(&ada, &ben).await
            } else {
                let why = Justification::default();
                engine.make_permanent(&ada, &ben, &why).await
            }
        }
    });
    let outcomes = join_all(changes).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(store.commits.load(Ordering::Relaxed), 101);
    assert_eq!(store.events(&tenant(), 0, 1000).await.unwrap().len(), 101);
}

#[tokio::test]
async fn the_events_of_a_change_name_the_request_behind_it() {
    let store = Contended::new(0);
    let engine = engine(store.clone());
    engine
        .create_assignment(&caller("ada"), &new("ben", ROLE, false))
        .await
        .unwrap();
    engine
        .make_permanent(&caller("ada"), &id("ben", ROLE), &Justification::default())
        .await
        .unwrap();
    let recorded = events(&store).await;
    assert_eq!(
        recorded
            .iter()
            .map(|event| event.sequence)
            .collect::<Vec<_>>(),
        [1, 2]
    );
    assert!(
        recorded
            .iter()
            .all(|event| event.cause == caller("ada").cause)
    );
}

#[tokio::test]
async fn a_tenant_that_is_not_admitted_does_not_sign_up() {
    let store = Contended::new(0);
    let others = Admission::Only(vec!["other".parse().unwrap()]);
    let engine = Engine::new(store.clone(), Policy::default(), others);
    assert!(!engine.can_sign_up(&caller("ada")).await.unwrap());
    assert_eq!(
        engine.sign_up(&caller("ada")).await,
        Err(Denied::TenantNotAdmitted.into())
    );
    assert!(events(&store).await.is_empty());
}
