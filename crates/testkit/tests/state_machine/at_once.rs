//! Several commands at once: whatever the order of their reads and writes, what comes of it is what would have come of
//! them one after another, in one of the orders that there are; and somebody still administers.

mod cases;
mod requests;
mod roles;

use std::sync::{Arc, Barrier};
use std::thread;

use futures::executor::block_on;
use futures::future::FutureExt;
use pimento_domain::SignedDuration;
use pimento_store::memory::MemoryStore;
use pimento_store::{Change, Clock, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};

use crate::answer::Answer;
use crate::at_once::cases::{
    administrators_by_approval, commands, commands_under_approval, two_administrators,
};
use crate::face::{EngineFace, Now, Tenants, engine_caller};
use crate::model::{Model, SelfGrants, State, by_pair};
use crate::steps::{Ask, Caller, Micros, Role, Tenant};
use crate::stored::{given, stored};
use crate::turns::{Orders, Turns, play};
use crate::words;

pub(crate) const NOW: Micros = 1_800_000_000_123_456;

/// A command and who gives it.
pub(crate) type Command = (Caller, Ask);

/// What came of commands: their answers, and both tenants after them.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    answers: Vec<Answer>,
    after: Vec<State>,
}

/// A store that is tested, with a fresh pair of tenants for each time that something is tried.
struct Tried {
    store: Arc<dyn Store>,
    times: usize,
}

impl Tried {
    fn model() -> Self {
        let clock = Clock::standing_at(words::instant(NOW));
        Self {
            store: Arc::new(MemoryStore::new(clock)),
            times: 0,
        }
    }

    fn sqlite(folder: &tempfile::TempDir) -> Self {
        let path = folder.path().join("pimento.db");
        let store = SqliteStore::open(&path, Purpose::Dev).unwrap();
        store.clock().change(SignedDuration::ZERO, Some(true));
        store.clock().correct(words::instant(NOW));
        Self {
            store: Arc::new(store),
            times: 0,
        }
    }

    /// A tenant in which this is so, and one that is not registered.
    fn begin(&mut self, state: &State) -> Tenants {
        self.times += 1;
        let tenants = Tenants::new(self.times);
        let numbers = tenants.numbers(Tenant::North);
        let rows = state.rows.iter().map(|((who, role), rows)| {
            let grants = rows.iter().map(|row| words::grant(row, &numbers));
            let grants = grants.collect();
            Change::Holding(words::principal(*who), words::role_id(*role), grants)
        });
        let rules = state
            .rules
            .iter()
            .map(|(role, rules)| Change::Settings(words::role_id(*role), words::settings(rules)));
        let requests = state.requests.iter().map(|(number, request)| {
            let request = words::domain_request(*number, request, &numbers);
            Change::Request(Box::new(request))
        });
        let administered = words::role_id(Role::PrivilegedRoleAdministrator);
        let tenant = [
            Change::Register(words::instant(NOW)),
            Change::Administrators(administered),
        ];
        let own = state
            .roles
            .iter()
            .map(|role| Change::Role(words::role_id(*role), words::night_watch()));
        let pairs = rows.chain(requests).chain(rules).chain(own);
        let changes = tenant.into_iter().chain(pairs).collect();
        let changeset = given(tenants.id(Tenant::North), changes, &state.log[0]);
        block_on(self.store.commit(changeset)).unwrap();
        tenants
    }

    fn after(&self, tenants: &Tenants, answers: Vec<Answer>) -> Outcome {
        let state = |of: Tenant| block_on(stored(&*self.store, tenants, of, Vec::new()));
        let after = Tenant::ALL.map(state).to_vec();
        Outcome { answers, after }
    }

    /// Every order of the reads and writes of these commands, each by a server of its own.
    fn in_every_order(&mut self, before: &State, commands: &[Command]) {
        let expected = one_after_another(before, commands);
        let mut orders = Orders::default();
        while let Some(order) = orders.next() {
            let tenants = self.begin(before);
            let in_turns = || server(Arc::new(Turns(Arc::clone(&self.store))));
            let servers: Vec<EngineFace> = commands.iter().map(|_| in_turns()).collect();
            let players = servers
                .iter()
                .zip(commands)
                .enumerate()
                .map(|(nth, (server, command))| give(server, &tenants, nth, command).boxed())
                .collect();
            let (answers, turns) = play(players, &order);
            let outcome = self.after(&tenants, answers);
            if commands.iter().any(records) {
                // What is due here is not to be recorded when something else is tried.
                block_on(server(Arc::clone(&self.store)).record_due()).unwrap();
            }
            judge(before, commands, &outcome, &expected, &format!("{turns:?}"));
            orders.played(turns);
        }
    }
}

fn server(store: Arc<dyn Store>) -> EngineFace {
    EngineFace::new(store, SelfGrants::Allowed)
}

/// Requests that are made get numbers by the place of their command, not by the order in which they are written.
fn number(nth: usize) -> usize {
    100 + nth
}

async fn give(
    server: &EngineFace,
    tenants: &Tenants,
    nth: usize,
    (caller, ask): &Command,
) -> Answer {
    let now = Now {
        at: NOW,
        next: number(nth),
    };
    let numbers = tenants.numbers(caller.of);
    let caller = engine_caller(tenants, *caller, [].into(), ask.operation());
    server.answer(&caller, &numbers, now, ask).await
}

/// What comes of the commands in each order that they can be given in, by the model.
fn one_after_another(before: &State, commands: &[Command]) -> Vec<Outcome> {
    let numbers: Vec<usize> = (0..commands.len()).collect();
    let outcome = |order: Vec<usize>| {
        let tenants = [
            (Tenant::North, before.clone()),
            (Tenant::South, State::default()),
        ];
        let mut model = Model::of(NOW, tenants.into());
        let mut answers: Vec<(usize, Answer)> = order
            .into_iter()
            .map(|nth| {
                let (caller, ask) = &commands[nth];
                model.next = Some(number(nth));
                (nth, model.ask(*caller, ask))
            })
            .collect();
        answers.sort_by_key(|(number, _)| *number);
        Outcome {
            answers: answers.into_iter().map(|(_, answer)| answer).collect(),
            after: Tenant::ALL.map(|of| model.state(of).clone()).to_vec(),
        }
    };
    permutations(&numbers).into_iter().map(outcome).collect()
}

fn permutations(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let beginning_with = |first: usize| {
        let rest: Vec<usize> = of.iter().copied().filter(|one| *one != first).collect();
        let with = move |rest: Vec<usize>| std::iter::once(first).chain(rest).collect();
        permutations(&rest).into_iter().map(with)
    };
    of.iter().copied().flat_map(beginning_with).collect()
}

fn judge(before: &State, commands: &[Command], found: &Outcome, expected: &[Outcome], how: &str) {
    let north = &found.after[0];
    assert!(
        before.administration(NOW) <= north.administration(NOW),
        "{commands:#?} at once, in the turns {how}, lock everybody out: {:?}",
        north.rows
    );
    // The job takes one pair after the other: of what comes in between, only the order within a pair is told.
    let alike = |one: &Outcome| {
        let logs = |of: &Outcome| -> Vec<_> {
            let states = of.after.iter();
            states.map(|state| by_pair(&state.log)).collect()
        };
        let bare = |of: &Outcome| {
            let mut of = of.clone();
            of.after.iter_mut().for_each(|state| state.log.clear());
            of
        };
        bare(one) == bare(found) && logs(one) == logs(found)
    };
    let is_expected = if commands.iter().any(records) {
        expected.iter().any(alike)
    } else {
        expected.contains(found)
    };
    assert!(
        is_expected,
        "{commands:#?} at once, in the turns {how}, lead to {found:#?}, and one after another only to {expected:#?}"
    );
}

/// Whether it is about all tenants: what is tried with it needs a store of its own.
fn records(command: &Command) -> bool {
    command.1 == Ask::RecordDue
}

fn pairs(commands: &[Command]) -> Vec<Vec<Command>> {
    let number = commands.len();
    let with = |first: usize| (first..number).map(move |second| (first, second));
    let pair =
        |(first, second): (usize, usize)| vec![commands[first].clone(), commands[second].clone()];
    (0..number).flat_map(with).map(pair).collect()
}

fn all_pairs(mut tried: Tried) {
    for pair in pairs(&commands()) {
        tried.in_every_order(&two_administrators(), &pair);
    }
    for pair in pairs(&commands_under_approval()) {
        tried.in_every_order(&administrators_by_approval(), &pair);
    }
}

#[test]
fn two_commands_at_once_are_as_good_as_one_after_the_other() {
    all_pairs(Tried::model());
}

#[test]
fn two_commands_at_once_over_sqlite_are_as_good_as_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    all_pairs(Tried::sqlite(&folder));
}

#[test]
fn three_commands_at_once_are_as_good_as_one_after_the_other() {
    let mut tried = Tried::model();
    let all = commands();
    for three in [
        [0, 1, 2],
        [0, 1, 5],
        [2, 3, 6],
        [9, 10, 13],
        [9, 16, 17],
        [7, 8, 7],
        [18, 19, 18],
    ] {
        let three = three.map(|number| all[number].clone());
        tried.in_every_order(&two_administrators(), &three);
    }
    let all = commands_under_approval();
    for three in [[0, 2, 3], [0, 5, 4], [1, 5, 6]] {
        let three = three.map(|number| all[number].clone());
        tried.in_every_order(&administrators_by_approval(), &three);
    }
}

#[test]
fn threads_that_write_at_once_leave_what_one_after_another_would_have_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut tried = Tried::sqlite(&folder);
    for (before, commands) in [
        (two_administrators(), commands()),
        (administrators_by_approval(), commands_under_approval()),
        (requests::some_requests(), requests::commands()),
    ] {
        for pair in pairs(&commands) {
            if pair.iter().any(records) {
                continue;
            }
            let expected = one_after_another(&before, &pair);
            let tenants = tried.begin(&before);
            let barrier = Barrier::new(pair.len());
            let store = &tried.store;
            let answers = thread::scope(|scope| {
                let (barrier, tenants) = (&barrier, &tenants);
                let writer = |(nth, command)| {
                    move || {
                        let server = server(Arc::clone(store));
                        barrier.wait();
                        block_on(give(&server, tenants, nth, command))
                    }
                };
                let all = pair.iter().enumerate();
                let threads: Vec<_> = all.map(|one| scope.spawn(writer(one))).collect();
                let answer = |thread: thread::ScopedJoinHandle<'_, Answer>| thread.join().unwrap();
                threads.into_iter().map(answer).collect()
            });
            let outcome = tried.after(&tenants, answers);
            judge(&before, &pair, &outcome, &expected, "of threads");
        }
    }
}
