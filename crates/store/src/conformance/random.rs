//! One case: random work, the same for the store and for the model, gets the same answers; after each change from every read.

use pimento_domain::{
    AssignmentId, Events, Grant, Instant, Kind, Origin, PrincipalId, Request, RequestId, RoleId,
    RoleName, Settings, Setup, SignedDuration, TenantId, Uuid,
};

use super::requests::{pending, request};
use super::samples::{clock, event, hour, principal, role, role_name, settings, tenant};
use crate::memory::MemoryStore;
use crate::{
    Among, AssignmentQuery, Change, Changeset, Expected, Loaded, Needing, RequestQuery, RoleQuery,
    Store, Total, Wanted,
};

/// How many things are done; enough that each of them meets the others in many states.
const STEPS: usize = 1_500;

/// Who and what it is about.
const PRINCIPALS: [&str; 6] = ["Z", "_", "a", "aa", "b_", "~"];
const ROLES: [u128; 3] = [1, 2, u128::MAX];
const NAMES: [&str; 4] = ["Ops", "OPS", "Ärzte", "ärzte"];

/// SplitMix64, with a fixed seed: a failure comes back on every run.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("below sides")
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())].clone()
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        if self.roll(2) == 0 { None } else { Some(value) }
    }

    fn tenant(&mut self) -> TenantId {
        tenant(self.pick(&["acme", "Acme"]))
    }

    fn principal(&mut self) -> PrincipalId {
        principal(self.pick(&PRINCIPALS))
    }

    fn role(&mut self) -> RoleId {
        role(self.pick(&ROLES))
    }

    fn role_name(&mut self) -> RoleName {
        role_name(self.pick(&NAMES))
    }

    fn instant(&mut self) -> Instant {
        hour(self.pick(&[-1, 0, 1, 2, 3, 4, 5, 6]))
    }

    fn grant(&mut self) -> Grant {
        let end = self.instant();
        Grant {
            kind: self.pick(&[Kind::Eligible, Kind::Active]),
            start: self.instant(),
            end: self.maybe(end),
            origin: self.pick(&[Origin::Administrator, Origin::Activation, Origin::SignUp]),
        }
    }

    fn change(&mut self) -> Change {
        match self.roll(12) {
            10 => Change::Role(self.role(), self.role_name()),
            11 => Change::RemoveRole(self.role()),
            8 | 9 => Change::Request(Box::new(self.request())),
            0 => Change::Register(self.instant()),
            1 => Change::Settings(
                self.role(),
                Settings {
                    ticket: self.roll(2) == 0,
                    ..settings()
                },
            ),
            2 => Change::Administrators(self.role()),
            3 => Change::Setup(self.pick(&[Setup::InProgress, Setup::Completed])),
            _ => {
                let count = self.roll(4);
                Change::Holding(
                    self.principal(),
                    self.role(),
                    (0..count).map(|_| self.grant()).collect(),
                )
            }
        }
    }

    fn request(&mut self) -> Request {
        let (id, of, role) = (self.roll(30) as u128, self.principal(), self.role());
        let shape = self.pick(&[request, pending]);
        Request {
            requestor: self.principal(),
            start: self.instant(),
            recorded: self.roll(2) == 0,
            ..shape(id, of.as_str(), role)
        }
    }

    fn requests(&mut self) -> RequestQuery {
        let parts = (0..self.roll(4))
            .map(|_| match self.roll(8) {
                0 => Among::Everybody,
                1 | 2 => Among::Role(self.role()),
                3 | 4 => Among::Principal(self.principal()),
                _ => Among::Requestor(self.principal()),
            })
            .collect();
        let after = RequestId::new(Uuid::from_u128(self.roll(30) as u128));
        RequestQuery {
            among: parts,
            needing: self.pick(&[Needing::Anything, Needing::Approval]),
            after: self.maybe(after),
            limit: self.pick(&[1, 2, 3, 100]),
            total: self.pick(&[Total::Skip, Total::Count]),
        }
    }

    fn wanted(&mut self) -> Wanted {
        let (holding, settings, administrators) =
            ((self.principal(), self.role()), self.role(), self.role());
        let request = RequestId::new(Uuid::from_u128(self.roll(30) as u128));
        let (own, name) = (self.role(), self.role_name());
        // Most of what is decided would find the role in use.
        let uses = (self.roll(8) == 0).then_some(own);
        Wanted {
            holding: self.maybe(holding),
            request: self.maybe(request),
            settings: self.maybe(settings),
            administrators: self.maybe(administrators),
            role: self.maybe(own),
            role_name: self.maybe(name),
            uses,
        }
    }

    fn query(&mut self) -> AssignmentQuery {
        let (of, after) = (
            self.role(),
            AssignmentId {
                principal: self.principal(),
                role: self.role(),
            },
        );
        AssignmentQuery {
            role: self.maybe(of),
            after: self.maybe(after),
            limit: self.pick(&[1, 2, 3, 100]),
            total: self.pick(&[Total::Skip, Total::Count]),
        }
    }

    fn changeset(&mut self, tenant: &TenantId) -> Changeset {
        let (changes, events) = (self.roll(4), self.roll(3));
        Changeset {
            changes: (0..changes).map(|_| self.change()).collect(),
            events: Events::new(vec![event(); events], event()),
            ..super::samples::changeset(tenant, vec![], vec![])
        }
    }
}

/// What both stores said at one moment of a tenant's rows: the same rows, each store's own revisions.
struct Seen {
    tenant: TenantId,
    by_store: Vec<Expected>,
    by_model: Vec<Expected>,
}

struct Pair<'a> {
    store: &'a dyn Store,
    model: MemoryStore,
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
        self.read_everything(tenant, before).await;
    }

    /// Every read, of everybody and every role, and of the log after this number.
    async fn read_everything(&mut self, tenant: TenantId, after: u64) {
        for role in [None, Some(ROLES[0]), Some(ROLES[1]), Some(ROLES[2])] {
            let query = AssignmentQuery {
                role: role.map(super::samples::role),
                after: None,
                limit: usize::MAX,
                total: Total::Count,
            };
            assert_eq!(
                self.store.list_assignments(&tenant, &query).await,
                self.model.list_assignments(&tenant, &query).await
            );
        }
        for needing in [Needing::Anything, Needing::Approval] {
            let query = RequestQuery {
                among: vec![Among::Everybody],
                needing,
                after: None,
                limit: 1_000,
                total: Total::Count,
            };
            assert_eq!(
                self.store.list_requests(&tenant, &query).await,
                self.model.list_requests(&tenant, &query).await
            );
        }
        self.read_roles(&tenant).await;
        assert_eq!(self.store.due(1_000).await, self.model.due(1_000).await);
        for number in ROLES {
            assert_eq!(
                self.store.holders(&tenant, role(number)).await,
                self.model.holders(&tenant, role(number)).await
            );
        }
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
        for (after, limit) in [(None, 1), (None, 3), (Some(ids[0]), 1), (Some(ids[2]), 1)] {
            let query = RoleQuery {
                after,
                limit,
                total: Total::Count,
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
        match dice.roll(11) {
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
    let mut dice = Dice(2017);
    let mut pair = Pair {
        store,
        model: MemoryStore::new(clock()),
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
