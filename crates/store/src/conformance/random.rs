//! One case: random work, the same for the store and for the model, gets the same answers; after each change from every read.

use pimento_domain::{RequestId, RoleId, SignedDuration, TenantId, Uuid};

use super::dice::{Dice, NAMES, PRINCIPALS, ROLES};
use super::lists::everything;
use super::samples::{clock, principal, role, role_name, tenant};
use crate::memory::MemoryStore;
use crate::seal::SealKey;
use crate::{
    AssignmentQuery, Changeset, Condition, Expected, Loaded, Position, RequestQuery, RoleQuery,
    Store, Total, Value, Wanted,
};

/// How many things are done; enough that each of them meets the others in many states.
const STEPS: usize = 1_500;

/// What both stores said at one moment of a tenant's rows: the same rows, each store's own revisions.
struct Seen {
    tenant: TenantId,
    by_store: Vec<Expected>,
    by_model: Vec<Expected>,
}

struct Pair<'a> {
    store: &'a dyn Store,
    model: MemoryStore,
    key: SealKey,
    seen: Vec<Seen>,
}

impl Pair<'_> {
    async fn load(&mut self, tenant: TenantId, wanted: &Wanted) {
        let (by_store, by_model) = self.compare(&tenant, wanted).await;
        self.seen.push(Seen {
            tenant,
            by_store,
            by_model,
        });
    }

    /// Loads the same from both, and answers each store's own revisions of it.
    async fn compare(&self, tenant: &TenantId, wanted: &Wanted) -> (Vec<Expected>, Vec<Expected>) {
        let without_revisions = |loaded: &Loaded| Loaded {
            expected: Vec::new(),
            ..loaded.clone()
        };
        let by_store = self
            .store
            .load(tenant, wanted)
            .await
            .expect("a store that works");
        let by_model = self
            .model
            .load(tenant, wanted)
            .await
            .expect("a store that works");
        assert_eq!(without_revisions(&by_store), without_revisions(&by_model));
        (by_store.expected, by_model.expected)
    }

    /// Commits on what was seen last, or some time before.
    async fn commit(&mut self, dice: &mut Dice) {
        let Some(last) = self.seen.len().checked_sub(1) else {
            return;
        };
        let seen = &self.seen[last - dice.roll(last.min(3) + 1)];
        let changeset = dice.changeset(&seen.tenant);
        let by_store = self
            .store
            .commit(Changeset {
                expected: seen.by_store.clone(),
                ..changeset.clone()
            })
            .await;
        let by_model = self
            .model
            .commit(Changeset {
                expected: seen.by_model.clone(),
                ..changeset
            })
            .await;
        assert_eq!(by_store, by_model);
        let tenant = seen.tenant.clone();
        let before = by_store.map_or(0, |committed| committed.sequence.saturating_sub(3));
        self.read_roles(&tenant).await;
        super::seals::tails_are_equal(self.store, &self.model, &tenant).await;
        self.read_everything(tenant, before).await;
    }

    /// Every read, of everybody and every role, and of the log after this number.
    async fn read_everything(&mut self, tenant: TenantId, after: u64) {
        let of_roles = ROLES.map(|number| Condition::of_role(role(number)));
        for filter in of_roles.into_iter().chain([Condition::EVERYTHING]) {
            let query = AssignmentQuery {
                filter,
                ..everything()
            };
            assert_eq!(
                self.store.list_assignments(&tenant, &query).await,
                self.model.list_assignments(&tenant, &query).await
            );
        }
        for filter in [Condition::EVERYTHING, Condition::with_approval()] {
            let query = RequestQuery {
                filter,
                total: Total::Count,
                ..RequestQuery::everything()
            };
            assert_eq!(
                self.store.list_requests(&tenant, &query).await,
                self.model.list_requests(&tenant, &query).await
            );
        }
        assert_eq!(self.store.due(1_000).await, self.model.due(1_000).await);
        for (number, id) in PRINCIPALS.into_iter().enumerate() {
            let of = principal(id);
            assert_eq!(
                self.store.holdings_of(&tenant, &of).await,
                self.model.holdings_of(&tenant, &of).await
            );
            assert_eq!(
                self.store.approver_of(&tenant, &of).await,
                self.model.approver_of(&tenant, &of).await
            );
            let role = role(ROLES[number % ROLES.len()]);
            let wanted = Wanted {
                holding: Some((of, role)),
                request: Some(RequestId::new(Uuid::from_u128(number as u128))),
                settings: Some(role),
                administrators: Some(role),
                role: Some(role),
                role_name: Some(role_name(NAMES[number % NAMES.len()])),
                uses: Some(role),
            };
            self.compare(&tenant, &wanted).await;
        }
        assert_eq!(
            self.store.events(&tenant, after, usize::MAX).await,
            self.model.events(&tenant, after, usize::MAX).await
        );
    }

    async fn read_roles(&mut self, tenant: &TenantId) {
        let ids = ROLES.map(role);
        for id in ids {
            assert_eq!(
                self.store.holders(tenant, id).await,
                self.model.holders(tenant, id).await
            );
        }
        for (after, limit) in [(None, 1), (None, 3), (Some(ids[0]), 1), (Some(ids[2]), 1)] {
            let query = RoleQuery {
                after: after.map(|id: RoleId| Position(vec![Value::Text(id.to_string())])),
                limit,
                total: Total::Count,
                ..RoleQuery::everything()
            };
            assert_eq!(
                self.store.list_roles(tenant, &query).await,
                self.model.list_roles(tenant, &query).await
            );
        }
        assert_eq!(
            self.store.roles(tenant, &ids).await,
            self.model.roles(tenant, &ids).await
        );
    }

    async fn step(&mut self, dice: &mut Dice) {
        let (store, model) = (self.store, &self.model);
        let tenant = dice.tenant();
        match dice.roll(12) {
            8 => {
                let query = dice.requests();
                assert_eq!(
                    store.list_requests(&tenant, &query).await,
                    model.list_requests(&tenant, &query).await
                );
            }
            9 => {
                let id = RequestId::new(Uuid::from_u128(dice.roll(30) as u128));
                assert_eq!(
                    store.request(&tenant, id).await,
                    model.request(&tenant, id).await
                );
            }
            11 => {
                let (limit, slip) = (dice.roll(9), dice.pick(&[0, 0, 0, 1]));
                let pair: (&dyn Store, &dyn Store) = (store, model);
                super::seals::seal_both(pair, &tenant, &self.key, limit, slip).await;
            }
            10 => assert_eq!(store.due(100).await, model.due(100).await),
            0 | 1 => self.load(tenant, &dice.wanted()).await,
            2..=4 => self.commit(dice).await,
            5 => {
                let query = dice.query();
                assert_eq!(
                    store.list_assignments(&tenant, &query).await,
                    model.list_assignments(&tenant, &query).await
                );
            }
            6 => {
                let of = dice.principal();
                assert_eq!(
                    store.holdings_of(&tenant, &of).await,
                    model.holdings_of(&tenant, &of).await
                );
            }
            _ => {
                let (after, limit) = (dice.roll(9) as u64, dice.roll(9));
                assert_eq!(
                    store.events(&tenant, after, limit).await,
                    model.events(&tenant, after, limit).await
                );
            }
        }
    }
}

pub async fn random_work_gets_the_answers_that_the_model_gives(store: &dyn Store) {
    let mut dice = Dice::new(2017);
    let mut pair = Pair {
        store,
        model: MemoryStore::new(clock()),
        key: SealKey::generate().expect("random numbers"),
        seen: Vec::new(),
    };
    for step in 0..STEPS {
        pair.step(&mut dice).await;
        if step % (STEPS / 6) == 0 {
            for clock in [store.clock(), pair.model.clock()] {
                clock
                    .change(SignedDuration::from_hours(1), None)
                    .expect("the cases run on a virtual clock");
            }
        }
    }
    for tenant in ["acme", "Acme"].map(tenant) {
        let whole = store.events(&tenant, 0, usize::MAX).await;
        assert_eq!(whole, pair.model.events(&tenant, 0, usize::MAX).await);
        assert!(
            whole.is_ok_and(|events| events.len() > STEPS / 10),
            "most of the work was written"
        );
    }
}
