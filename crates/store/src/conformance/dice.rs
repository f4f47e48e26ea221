//! Dice: random changes and queries, the same on every run with the same seed.

use pimento_domain::{
    Events, Grant, Instant, Kind, Origin, PrincipalId, Request, RequestId, RoleId, RoleName,
    Settings, Setup, TenantId, Uuid,
};

use super::requests::{pending, request};
use super::samples::{changeset, event, hour, principal, role, role_name, settings, tenant};
use crate::{
    AssignmentQuery, Change, Changeset, Condition, Position, RequestField, RequestQuery, Total,
    Value, Wanted,
};

/// Who and what it is about.
pub(super) const PRINCIPALS: [&str; 6] = ["Z", "_", "a", "aa", "b_", "~"];
pub(super) const ROLES: [u128; 3] = [1, 2, u128::MAX];
pub(super) const NAMES: [&str; 4] = ["Ops", "OPS", "Ärzte", "ärzte"];

/// What to set to a number to have other dice: `PIMENTO_SEED=7 cargo test`. Without it they fall the same on every run.
const SEED: &str = "PIMENTO_SEED";

/// SplitMix64. Whoever's test fails while it has dice is told how to have them fall the same way again.
#[derive(Debug)]
pub struct Dice {
    state: u64,
    seed: u64,
}

impl Dice {
    /// Those of this number, each of which falls otherwise.
    ///
    /// # Panics
    /// Where the seed in the environment is no number.
    pub fn new(number: u64) -> Self {
        let seed = std::env::var(SEED).map_or(0, |seed| {
            let seed = seed.parse();
            seed.unwrap_or_else(|error| panic!("{SEED}: {error}"))
        });
        Self {
            state: mixed(seed) ^ number,
            seed,
        }
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let rolled = mixed(self.state) % sides as u64;
        usize::try_from(rolled).expect("below sides")
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())].clone()
    }

    /// It or nothing.
    pub fn maybe<T>(&mut self, value: T) -> Option<T> {
        if self.roll(2) == 0 { None } else { Some(value) }
    }
}

/// The number's bits, each of which all of them decide; 0 stays 0.
fn mixed(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Drop for Dice {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "these dice fall the same way again with {SEED}={}",
                self.seed
            );
        }
    }
}

impl Dice {
    pub(super) fn tenant(&mut self) -> TenantId {
        tenant(self.pick(&["acme", "Acme"]))
    }

    pub(super) fn principal(&mut self) -> PrincipalId {
        principal(self.pick(&PRINCIPALS))
    }

    pub(super) fn role(&mut self) -> RoleId {
        role(self.pick(&ROLES))
    }

    pub(super) fn role_name(&mut self) -> RoleName {
        role_name(self.pick(&NAMES))
    }

    pub(super) fn instant(&mut self) -> Instant {
        hour(self.pick(&[-1, 0, 1, 2, 3, 4, 5, 6]))
    }

    pub(super) fn grant(&mut self) -> Grant {
        let end = self.instant();
        Grant {
            kind: self.pick(&[Kind::Eligible, Kind::Active]),
            start: self.instant(),
            end: self.maybe(end),
            origin: self.pick(&[Origin::Administrator, Origin::Activation, Origin::SignUp]),
        }
    }

    pub(super) fn change(&mut self) -> Change {
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

    pub(super) fn request(&mut self) -> Request {
        let (id, of, role) = (self.roll(30) as u128, self.principal(), self.role());
        let shape = self.pick(&[request, pending]);
        Request {
            requestor: self.principal(),
            start: self.instant(),
            recorded: self.roll(2) == 0,
            ..shape(id, of.as_str(), role)
        }
    }

    /// Some of the requests in a few parts, by their ids.
    pub(super) fn requests(&mut self) -> RequestQuery {
        let filter = self.part_of_requests();
        let after = RequestId::new(Uuid::from_u128(self.roll(30) as u128));
        let after = Position(vec![Value::Text(after.to_string())]);
        RequestQuery {
            filter,
            after: self.maybe(after),
            limit: self.pick(&[1, 2, 3, 100]),
            total: self.pick(&[Total::Skip, Total::Count]),
            ..RequestQuery::everything()
        }
    }

    /// Those that somebody may see, or all.
    pub(super) fn part_of_requests(&mut self) -> Condition<RequestField> {
        let mut parts: Vec<_> = (0..self.roll(4))
            .map(|_| match self.roll(7) {
                0 => Condition::EVERYTHING,
                1 | 2 => Condition::about_role(self.role()),
                3 | 4 => Condition::about(&self.principal()),
                _ => Condition::made_by(&self.principal()),
            })
            .collect();
        let parts = match parts.len() {
            1 => parts.remove(0),
            _ => Condition::Any(parts),
        };
        self.pick(&[parts.clone(), parts.and(Condition::with_approval())])
    }

    pub(super) fn wanted(&mut self) -> Wanted {
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

    pub(super) fn query(&mut self) -> AssignmentQuery {
        let of = Condition::of_role(self.role());
        let after = Position(vec![
            Value::Text(self.principal().to_string()),
            Value::Text(self.role().to_string()),
        ]);
        AssignmentQuery {
            filter: self.maybe(of).unwrap_or(Condition::EVERYTHING),
            after: self.maybe(after),
            limit: self.pick(&[1, 2, 3, 100]),
            total: self.pick(&[Total::Skip, Total::Count]),
            ..AssignmentQuery::everything()
        }
    }

    pub(super) fn changeset(&mut self, tenant: &TenantId) -> Changeset {
        let (changes, events) = (self.roll(4), self.roll(3));
        Changeset {
            changes: (0..changes).map(|_| self.change()).collect(),
            events: Events::new(vec![event(); events], event()),
            ..changeset(tenant, vec![], vec![])
        }
    }
}
