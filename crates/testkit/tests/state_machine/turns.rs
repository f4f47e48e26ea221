//! Commands at the same time, one step of one of them at a time: every order of their reads and writes, one after another.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::executor::block_on;
use futures::future::{BoxFuture, FutureExt};
use pimento_domain::{
    Holders, Holding, Instant, PrincipalId, Request, RequestId, Role, RoleId, TenantId,
};
use pimento_store::seal::{Link, Sealed, Tail};
use pimento_store::{
    AssignmentQuery, Changeset, Clock, Committed, DueHolding, Loaded, OperationPage,
    OperationQuery, Page, RecordedEvent, RequestPage, RequestQuery, RolePage, RoleQuery, Store,
    StoreError, Wanted,
};

/// A store at which everybody waits for their turn before each call, and then gets the answer at once.
pub(crate) struct Turns(pub(crate) Arc<dyn Store>);

/// Waits until it is polled again.
async fn turn() {
    let mut waited = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut waited, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Does the call when its turn has come.
fn in_turn<'a, T: Send + 'a>(
    call: impl FnOnce() -> BoxFuture<'a, T> + Send + 'a,
) -> BoxFuture<'a, T> {
    turn().map(|()| block_on(call())).boxed()
}

impl Store for Turns {
    fn clock(&self) -> &Clock {
        self.0.clock()
    }

    fn load<'a>(
        &'a self,
        tenant: &'a TenantId,
        wanted: &'a Wanted,
    ) -> BoxFuture<'a, Result<Loaded, StoreError>> {
        in_turn(|| self.0.load(tenant, wanted))
    }

    fn holdings_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<(Instant, Vec<Holding>), StoreError>> {
        in_turn(|| self.0.holdings_of(tenant, principal))
    }

    fn list_assignments<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a AssignmentQuery,
    ) -> BoxFuture<'a, Result<Page, StoreError>> {
        in_turn(|| self.0.list_assignments(tenant, query))
    }

    fn holders<'a>(
        &'a self,
        tenant: &'a TenantId,
        role: RoleId,
    ) -> BoxFuture<'a, Result<Holders, StoreError>> {
        in_turn(move || self.0.holders(tenant, role))
    }

    fn list_roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RoleQuery,
    ) -> BoxFuture<'a, Result<RolePage, StoreError>> {
        in_turn(|| self.0.list_roles(tenant, query))
    }

    fn roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        ids: &'a [RoleId],
    ) -> BoxFuture<'a, Result<Vec<Role>, StoreError>> {
        in_turn(|| self.0.roles(tenant, ids))
    }

    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RequestId,
    ) -> BoxFuture<'a, Result<(Instant, Option<Request>), StoreError>> {
        in_turn(move || self.0.request(tenant, id))
    }

    fn list_requests<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RequestQuery,
    ) -> BoxFuture<'a, Result<RequestPage, StoreError>> {
        in_turn(move || self.0.list_requests(tenant, query))
    }

    fn approver_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<Vec<RoleId>, StoreError>> {
        in_turn(move || self.0.approver_of(tenant, principal))
    }

    fn due(&self, limit: usize) -> BoxFuture<'_, Result<Vec<DueHolding>, StoreError>> {
        in_turn(move || self.0.due(limit))
    }

    fn events<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<RecordedEvent>, StoreError>> {
        in_turn(move || self.0.events(tenant, after, limit))
    }

    fn list_operations<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a OperationQuery,
    ) -> BoxFuture<'a, Result<OperationPage, StoreError>> {
        in_turn(move || self.0.list_operations(tenant, query))
    }

    fn unsealed<'a>(
        &'a self,
        after: Option<&'a TenantId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<TenantId>, StoreError>> {
        in_turn(move || self.0.unsealed(after, limit))
    }

    fn tail<'a>(
        &'a self,
        tenant: &'a TenantId,
        limit: usize,
    ) -> BoxFuture<'a, Result<Tail, StoreError>> {
        in_turn(move || self.0.tail(tenant, limit))
    }

    fn links<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Link>, StoreError>> {
        in_turn(move || self.0.links(tenant, after, limit))
    }

    fn seal(&self, sealed: Sealed) -> BoxFuture<'_, Result<(), StoreError>> {
        in_turn(|| self.0.seal(sealed))
    }

    fn commit(&self, changeset: Changeset) -> BoxFuture<'_, Result<Committed, StoreError>> {
        in_turn(|| self.0.commit(changeset))
    }

    fn check(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        in_turn(|| self.0.check())
    }
}

/// Which of those who were not done yet had each turn, and how many they were.
type Turn = (usize, usize);

/// Every order in which turns can be given, each once.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    next: Option<Vec<usize>>,
    begun: bool,
}

impl Orders {
    /// The turns to give first in the next order; `None` after the last.
    pub(crate) fn next(&mut self) -> Option<Vec<usize>> {
        if self.begun {
            self.next.take()
        } else {
            self.begun = true;
            Some(Vec::new())
        }
    }

    /// What came of it: the last turn that could have been another's is another's next.
    pub(crate) fn played(&mut self, mut turns: Vec<Turn>) {
        while let Some((chosen, of)) = turns.pop() {
            if chosen + 1 < of {
                let mut next: Vec<usize> = turns.iter().map(|(chosen, _)| *chosen).collect();
                next.push(chosen + 1);
                self.next = Some(next);
                return;
            }
        }
    }
}

/// Plays what is to be done at once, giving the turns in this order, and the rest to whoever comes first.
pub(crate) fn play<T>(players: Vec<BoxFuture<'_, T>>, order: &[usize]) -> (Vec<T>, Vec<Turn>) {
    let mut done: Vec<Option<T>> = players.iter().map(|_| None).collect();
    let mut players: Vec<(usize, BoxFuture<'_, T>)> = players.into_iter().enumerate().collect();
    // Up to where each of them waits for their first turn.
    players.retain_mut(|(number, player)| {
        done[*number] = step(player);
        done[*number].is_none()
    });
    let mut turns: Vec<Turn> = Vec::new();
    while !players.is_empty() {
        let chosen = order.get(turns.len()).copied().unwrap_or(0);
        turns.push((chosen, players.len()));
        let (number, player) = &mut players[chosen];
        let answer = step(player);
        if answer.is_some() {
            done[*number] = answer;
            drop(players.remove(chosen));
        }
        assert!(turns.len() < 1000, "they never come to an end: {turns:?}");
    }
    (done.into_iter().flatten().collect(), turns)
}

fn step<T>(player: &mut BoxFuture<'_, T>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    match Pin::new(player).poll(&mut context) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}

#[test]
fn every_order_of_two_with_two_steps_each_is_played_once() {
    let player = |name: char| {
        async move {
            turn().await;
            turn().await;
            name
        }
        .boxed()
    };
    let (mut orders, mut seen) = (Orders::default(), Vec::new());
    while let Some(order) = orders.next() {
        let (done, turns) = play(vec![player('a'), player('b')], &order);
        assert_eq!(done, ['a', 'b']);
        seen.push(turns.clone());
        orders.played(turns);
    }
    let played = seen.len();
    seen.dedup();
    assert_eq!((played, seen.len()), (6, 6));
}
