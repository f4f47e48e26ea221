//! One sequence, done step by step by the model and by what is tested, and compared after each step.

use std::collections::BTreeMap;
use std::sync::Arc;

use pimento_store::{Change, Store};

use crate::answer::{Answer, Shown};
use crate::face::{EngineFace, Face, Now, Tenants};
use crate::model::{After, Entry, Model, Row, State};
use crate::properties::{self, requests};
use crate::steps::{
    Ask, Caller, Gift, Jump, MINUTE, Micros, Role, Sequence, Step, Tenant, Token, Who,
};
use crate::stored::{given, stored};
use crate::words;

/// When every sequence begins.
const START: Micros = 1_800_000_000_123_456;

/// How closely the reads are looked at after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Every read of every pair by everybody.
    Closely,
    /// Only the lists, until the end.
    Glance,
}

/// The model and what is tested, side by side.
pub(crate) struct World<'a> {
    face: &'a Face,
    store: Arc<dyn Store>,
    tenants: Tenants,
    model: Model,
    look: Look,
    stored: BTreeMap<Tenant, State>,
}

impl<'a> World<'a> {
    /// Fay has signed up the first tenant.
    pub(crate) async fn new(
        face: &'a Face,
        store: Arc<dyn Store>,
        tenants: Tenants,
        look: Look,
    ) -> Self {
        let mut world = Self {
            face,
            store,
            tenants,
            model: Model::new(START, face.self_grants()),
            look,
            stored: Tenant::ALL.map(|tenant| (tenant, State::default())).into(),
        };
        world.set_clock(START);
        let fay = Caller {
            who: Who::Fay,
            of: Tenant::North,
            token: Token::With(Role::GlobalAdministrator),
        };
        world.asks(fay, &Ask::SignUp).await;
        let own = Role::NightWatch;
        let entry = world.model.make_role();
        let change = Change::Role(words::role_id(own), words::night_watch());
        world.record(Tenant::North, own, change, &entry).await;
        world
    }

    /// Does the whole sequence.
    pub(crate) async fn run(mut self, sequence: &Sequence) {
        for (role, approvers) in &sequence.approval {
            let entry = self.model.demand(*role, approvers);
            let After::Rules(rules) = &entry.after else {
                panic!("settings were given");
            };
            let change = Change::Settings(words::role_id(*role), words::settings(rules));
            self.record(Tenant::North, *role, change, &entry).await;
        }
        for step in &sequence.steps {
            match step {
                Step::Asks(caller, ask) => Box::pin(self.asks(*caller, ask)).await,
                Step::Clock(jump) => Box::pin(self.jump(*jump)).await,
                Step::Given(gift) => Box::pin(self.give(gift)).await,
                Step::Recorded => Box::pin(self.record_due()).await,
            }
            if keeps_to_commands(sequence) {
                self.stored
                    .values()
                    .for_each(properties::somebody_will_administer);
            }
        }
        self.look_around_every_bound().await;
    }

    async fn asks(&mut self, caller: Caller, ask: &Ask) {
        let before = self.stored[&caller.of].clone();
        let ask = &ask.clone().counted_back(before.requests.len());
        let expected = self.face.as_seen(self.model.ask(caller, ask));
        let now = self.model.now;
        let answer = self.see(caller, ask).await;
        let after = self.look_up(caller.of).await;
        properties::every_change_has_an_event_and_nothing_else_has_any(&before, &after, &answer);
        properties::a_registered_tenant_keeps_an_administrator(&before, &after, now);
        requests::no_request_is_in_two_final_states(&before, &after, now);
        requests::nobody_is_active_without_the_approvals_demanded_but_by_an_act_that_says_so(
            &before, &after,
        );
        self.compare(caller.of).await;
        assert_eq!(answer, expected, "{caller:?} asks {ask:?} at {now}");
    }

    /// What is answered now.
    async fn see(&self, caller: Caller, ask: &Ask) -> Answer {
        let now = Now {
            at: self.model.now,
            next: self.stored[&caller.of].requests.len(),
        };
        Box::pin(self.face.ask(&self.tenants, now, caller, ask)).await
    }

    /// The recording job runs: the log is told, and no read shows anything else than before.
    async fn record_due(&mut self) {
        let before = self.stored.clone();
        let clerk = EngineFace::new(Arc::clone(&self.store), self.face.self_grants());
        clerk.record_due().await.unwrap();
        self.model.record_due();
        for of in Tenant::ALL {
            let after = self.look_up(of).await;
            requests::no_request_is_in_two_final_states(&before[&of], &after, self.model.now);
            requests::recording_changes_nothing_that_is_so(&before[&of], &after, self.model.now);
            self.compare(of).await;
        }
    }

    async fn jump(&mut self, jump: Jump) {
        let bounds = self.model.bounds();
        let now = match jump {
            Jump::Forward(minutes) => self.model.now + minutes * MINUTE,
            Jump::Back(minutes) => self.model.now - minutes * MINUTE,
            Jump::ToBound(nth, off) => bounds[nth % bounds.len()] + off,
        };
        self.set_clock(now);
        for tenant in Tenant::ALL {
            self.compare(tenant).await;
        }
    }

    async fn give(&mut self, gift: &Gift) {
        let state = self.model.state(gift.of);
        if !state.registered || !state.has(gift.role) {
            return;
        }
        let entry = self.model.give(gift);
        let rows = self.model.state(gift.of).rows_of(gift.to, gift.role);
        let change = Change::Holding(
            words::principal(gift.to),
            words::role_id(gift.role),
            rows.iter()
                .map(|row| words::grant(row, &self.tenants.numbers(gift.of)))
                .collect(),
        );
        self.record(gift.of, gift.role, change, &entry).await;
        self.compare(gift.of).await;
    }

    /// Writes what no command writes, with its event.
    async fn record(&mut self, of: Tenant, role: Role, change: Change, entry: &Entry) {
        let administrators = (role == Role::PrivilegedRoleAdministrator)
            .then(|| Change::Administrators(words::role_id(role)));
        let changes = std::iter::once(change).chain(administrators).collect();
        let tenant = self.tenants.id(of);
        let changeset = given(tenant, changes, entry);
        self.store.commit(changeset).await.unwrap();
        self.look_up(of).await;
    }

    fn set_clock(&mut self, now: Micros) {
        let shown = self.store.clock().correct(words::instant(now)).unwrap();
        assert!(shown.frozen);
        self.model.now = now;
    }

    /// What the store keeps of a tenant from now on: all rows, settings and the log.
    async fn look_up(&mut self, of: Tenant) -> State {
        let log = self.stored[&of].log.clone();
        let state = stored(&*self.store, &self.tenants, of, log).await;
        self.stored.insert(of, state.clone());
        state
    }

    /// Holds everything that can be seen of a tenant against the properties and against the model.
    async fn compare(&mut self, of: Tenant) {
        let stored = &self.stored[&of];
        requests::the_log_says_of_each_request_once_what_became_of_it(stored, self.model.now);
        requests::every_approval_is_decided_at_most_once_and_by_somebody_else(stored);
        properties::the_last_event_of_each_pair_carries_the_state_of_its_row(stored);
        properties::the_last_event_of_each_pair_still_tells_its_state(stored, self.model.now);
        if stored.registered {
            self.look_at_lists(of).await;
        }
        if self.look == Look::Closely {
            self.look_at_everything(of).await;
        }
        assert_eq!(self.stored[&of].log, self.model.state(of).log, "the log");
        assert_eq!(self.stored[&of], *self.model.state(of), "what is stored");
    }

    async fn look_at_lists(&self, of: Tenant) {
        let reader = reader(of);
        for size in [2, 100] {
            self.look_at(reader, &Ask::List(size), Of::Everything).await;
            self.look_at(reader, &Ask::ListRequests(size), Of::Nothing)
                .await;
            self.look_at(reader, &Ask::ListApprovals(size), Of::Nothing)
                .await;
        }
        for who in Who::ALL {
            let token = Token::Plain;
            let person = Caller { who, of, token };
            self.look_at(person, &Ask::ListMine(1), Of::Person(who))
                .await;
            self.look_at(person, &Ask::ListRequests(2), Of::Nothing)
                .await;
            self.look_at(person, &Ask::ListApprovals(1), Of::Nothing)
                .await;
            // Refused to whom no role lets see anything.
            self.look_at(person, &Ask::ListRoles, Of::Nothing).await;
        }
    }

    async fn look_at_everything(&self, of: Tenant) {
        let reader = reader(of);
        self.look_at(reader, &Ask::List(1), Of::Everything).await;
        self.look_at(reader, &Ask::IsSignedUp, Of::Nothing).await;
        self.look_at(reader, &Ask::CanSignUp, Of::Nothing).await;
        for role in Role::ALL {
            // What a role was is seen nowhere by its id once it is removed, also where the clock is set back.
            let part = match self.stored[&of].has(role) {
                true => Of::Role(role),
                false => Of::Nothing,
            };
            self.look_at(reader, &Ask::ListOfRole(role, 2), part).await;
            self.look_at(reader, &Ask::GetSettings(role), Of::Nothing)
                .await;
            for who in Who::ALL {
                let one = Of::Pair(who, role);
                self.look_at(reader, &Ask::Get(who, role), one).await;
                let person = Caller {
                    who,
                    of,
                    token: Token::Mfa,
                };
                self.look_at(person, &Ask::GetRole(role), Of::Nothing).await;
            }
        }
        for who in Who::ALL {
            let token = Token::Plain;
            let person = Caller { who, of, token };
            for number in self.stored[&of].requests.keys() {
                self.look_at(person, &Ask::GetRequest(*number), Of::Nothing)
                    .await;
                self.look_at(person, &Ask::GetApproval(*number), Of::Nothing)
                    .await;
            }
            for mine in [Ask::ListMyRequests(1), Ask::ListMyApprovals(1)] {
                self.look_at(person, &mine, Of::Nothing).await;
            }
            // Refused with 403 to who is no administrator, else with 404, and does nothing either way.
            let nothing = Ask::Delete(who, Role::Nothing);
            self.look_at(Caller { who, of, token }, &nothing, Of::Nothing)
                .await;
        }
    }

    /// One read, which shows all assignments of this part of the tenant.
    async fn look_at(&self, caller: Caller, ask: &Ask, part: Of) {
        let now = self.model.now;
        let answer = self.see(caller, ask).await;
        let read = format!("{ask:?} by {caller:?}");
        let shown = match &answer {
            Answer::Many(shown, total) => {
                assert_eq!(shown.len(), *total, "{read} at {now}: the count");
                shown.clone()
            }
            Answer::One(who, role, Some(shape), _) => vec![Shown {
                who: *who,
                role: *role,
                shape: *shape,
            }],
            Answer::Requests(shown, total) => {
                assert_eq!(shown.len(), *total, "{read} at {now}: the count");
                let stored = &self.stored[&caller.of];
                requests::a_granted_request_is_seen_to_begin_at_its_start(stored, now, shown);
                Vec::new()
            }
            Answer::Approvals(shown, total) => {
                assert_eq!(shown.len(), *total, "{read} at {now}: the count");
                Vec::new()
            }
            _ => Vec::new(),
        };
        let all = &self.stored[&caller.of].rows;
        properties::no_activation_is_visible_outside_its_interval(all, now, &read, &shown);
        let part = part.of(all);
        properties::an_activation_is_visible_in_all_of_its_interval(&part, now, &read, &shown);
        properties::no_pair_has_two_assignments(&read, &shown);
        properties::overlapping_activations_are_a_union(all, now, &read, &shown);
        let looked = self.model.look(caller, ask);
        let expected = looked.unwrap_or_else(|| self.model.clone().ask(caller, ask));
        assert_eq!(answer, self.face.as_seen(expected), "{read} at {now}");
    }

    /// Every instant at which anything begins or ends, and one microsecond to either side.
    async fn look_around_every_bound(&mut self) {
        for bound in self.model.bounds() {
            for now in [bound - 1, bound, bound + 1] {
                self.set_clock(now);
                for of in Tenant::ALL {
                    if self.stored[&of].registered {
                        self.look_at_lists(of).await;
                    }
                }
            }
        }
    }
}

/// Which part of a tenant a read shows.
#[derive(Clone, Copy)]
enum Of {
    Everything,
    Person(Who),
    Role(Role),
    Pair(Who, Role),
    Nothing,
}

impl Of {
    fn of(self, rows: &BTreeMap<(Who, Role), Vec<Row>>) -> BTreeMap<(Who, Role), Vec<Row>> {
        let is_in = |who, role| match self {
            Self::Everything => true,
            Self::Person(of) => who == of,
            Self::Role(of) => role == of,
            Self::Pair(one, of) => (who, role) == (one, of),
            Self::Nothing => false,
        };
        let mut part = rows.clone();
        part.retain(|(who, role), _| is_in(*who, *role));
        part
    }
}

/// Somebody who sees everything, by a token.
fn reader(of: Tenant) -> Caller {
    Caller {
        who: Who::Ivy,
        of,
        token: Token::With(Role::SecurityReader),
    }
}

/// Whether nothing but commands touches the administrators: then no clock, however it jumps, makes a lock-out that lasts.
fn keeps_to_commands(sequence: &Sequence) -> bool {
    let given = |step: &Step| matches!(step, Step::Given(gift) if gift.role == Role::PrivilegedRoleAdministrator);
    !sequence.steps.iter().any(given)
}
