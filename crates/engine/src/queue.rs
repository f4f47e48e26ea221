//! Who wants to change the same rows waits in line, first come, first served, so that nobody is overtaken again and again.
//!
//! This is a courtesy within one process. That a change was decided on rows that are still so is checked by the store at
//! the commit, and another server over the same database stands in no line of ours.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pimento_domain::{PrincipalId, RoleId, TenantId};
use pimento_store::Wanted;

/// The lines in which somebody waits or is served.
#[derive(Debug, Default)]
pub(crate) struct Queues(Mutex<HashMap<Key, Queue>>);

/// What is changed by one at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// Who administers a tenant by this role, and its registration.
    Administrators(TenantId, RoleId),
    /// What a principal holds in a role.
    Holding(TenantId, PrincipalId, RoleId),
    /// The settings of a role.
    Settings(TenantId, RoleId),
    /// A role of the tenant's own.
    Role(TenantId, RoleId),
    /// The whole set-up of a tenant. Who is served here waits in the other lines, but nobody waits here from there.
    Setup(TenantId),
}

#[derive(Debug, Default)]
struct Queue {
    turn: Arc<tokio::sync::Mutex<()>>,
    people: usize,
}

/// A place in a line. Whoever drops it leaves the line.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    queues: &'a Queues,
    line: Option<(Key, Arc<tokio::sync::Mutex<()>>)>,
}

impl Key {
    /// The narrowest thing that all who change these rows have in common.
    fn of(tenant: &TenantId, wanted: &Wanted) -> Option<Self> {
        let tenant = tenant.clone();
        match (wanted.administrators, &wanted.holding, wanted.settings) {
            (Some(role), ..) => Some(Self::Administrators(tenant, role)),
            (None, Some((principal, role)), _) => {
                Some(Self::Holding(tenant, principal.clone(), *role))
            }
            (None, None, Some(role)) => Some(Self::Settings(tenant, role)),
            (None, None, None) => wanted.role.map(|role| Self::Role(tenant, role)),
        }
    }
}

impl Queues {
    /// A place at the end of the line for changing what is wanted.
    pub(crate) fn place(&self, tenant: &TenantId, wanted: &Wanted) -> Place<'_> {
        self.at(Key::of(tenant, wanted))
    }

    /// A place at the end of the line for setting the tenant up.
    pub(crate) fn place_for_setup(&self, tenant: &TenantId) -> Place<'_> {
        self.at(Some(Key::Setup(tenant.clone())))
    }

    fn at(&self, key: Option<Key>) -> Place<'_> {
        let line = key.map(|key| {
            let mut queues = self.lock();
            let queue = queues.entry(key.clone()).or_default();
            queue.people += 1;
            (key, Arc::clone(&queue.turn))
        });
        Place { queues: self, line }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    /// Waits until everybody before has left. It is this one's turn until what comes back is dropped.
    pub(crate) async fn turn(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        match &self.line {
            Some((_, turn)) => Some(turn.lock().await),
            None => None,
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some((key, _)) = self.line.take() else {
            return;
        };
        if let Entry::Occupied(mut queue) = self.queues.lock().entry(key) {
            queue.get_mut().people -= 1;
            if queue.get().people == 0 {
                queue.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use futures::FutureExt;

    use super::*;

    fn tenant() -> TenantId {
        "t".parse().unwrap()
    }

    fn of(principal: &str) -> Wanted {
        Wanted {
            holding: Some((principal.parse().unwrap(), RoleId::from_u128(1))),
            settings: Some(RoleId::from_u128(1)),
            ..Wanted::default()
        }
    }

    #[test]
    fn one_at_a_time_in_the_order_in_which_they_came_and_others_in_other_lines() {
        let queues = Queues::default();
        let places = ["a", "a", "a", "b"].map(|who| queues.place(&tenant(), &of(who)));
        let [first, second, third, other] = &places;
        let turn = first.turn().now_or_never().unwrap();
        let (mut second, mut third) = (Box::pin(second.turn()), Box::pin(third.turn()));
        assert!((&mut second).now_or_never().is_none());
        assert!((&mut third).now_or_never().is_none());
        assert!(other.turn().now_or_never().is_some());
        drop(turn);
        assert!((&mut third).now_or_never().is_none());
        let turn = second.now_or_never().unwrap();
        drop(turn);
        assert!(third.now_or_never().is_some());
    }

    #[test]
    fn who_gives_up_waiting_holds_nobody_up_and_an_empty_line_is_gone() {
        let queues = Queues::default();
        {
            let places = ["a", "a", "a"].map(|who| queues.place(&tenant(), &of(who)));
            let [first, second, third] = &places;
            let turn = first.turn().now_or_never().unwrap();
            let mut second = Box::pin(second.turn());
            assert!((&mut second).now_or_never().is_none());
            drop(second);
            drop(turn);
            assert!(third.turn().now_or_never().is_some());
        }
        assert!(queues.lock().is_empty());
    }
}
