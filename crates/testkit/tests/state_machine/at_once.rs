//! Several commands at once: whatever the order of their reads and writes, what comes of it is what would have come of
//! them one after another, in one of the orders that there are; and somebody still administers.

use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};
use std::thread;

use futures::executor::block_on;
use futures::future::FutureExt;
use pimento_domain::SignedDuration;
use pimento_store::memory::MemoryStore;
use pimento_store::{Change, Clock, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};

use crate::answer::{Answer, Rules};
use crate::face::{EngineFace, Tenants, engine_caller};
use crate::model::{After, Entry, Kind, Model, NEVER, Row, SelfGrants, State};
use crate::steps::{Ask, Caller, Length, MINUTE, Micros, Role, Tenant, Token, Update, Who, Why};
use crate::stored::{given, stored};
use crate::turns::{Orders, Turns, play};
use crate::words;

const NOW: Micros = 1_800_000_000_123_456;

/// A command and who gives it.
type Command = (Caller, Ask);

/// What came of commands: their answers, and both tenants after them.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    answers: Vec<Answer>,
    after: Vec<State>,
}

const PRA: Role = Role::PrivilegedRoleAdministrator;
const READERS: Role = Role::DirectoryReaders;

fn row(active: bool, to: Micros) -> Row {
    Row {
        active,
        from: NOW - 60 * MINUTE,
        to,
    }
}

/// Fay and Gus are permanent administrators; Gus may activate a role, Ivy has activated it, and Hal's activation of it
/// has run out without anybody having recorded it.
fn two_administrators() -> State {
    let (eligible, over) = (row(false, NEVER), row(true, NOW));
    let rows = [
        ((Who::Fay, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, READERS), vec![eligible]),
        ((Who::Hal, READERS), vec![eligible, over]),
        ((Who::Ivy, READERS), vec![eligible, row(true, NOW + MINUTE)]),
    ];
    registered(rows.into(), BTreeMap::new())
}

/// Fay is permanent administrator; Gus and Hal are eligible, and each can activate that only because Ivy may approve.
fn administrators_by_approval() -> State {
    let rows = [
        ((Who::Fay, PRA), vec![row(true, NEVER)]),
        ((Who::Gus, PRA), vec![row(false, NEVER)]),
        ((Who::Hal, PRA), vec![row(false, NEVER)]),
    ];
    let rules = Rules {
        approval: true,
        approvers: vec![Who::Ivy],
        ..State::default().rules_of(PRA)
    };
    registered(rows.into(), [(PRA, rules)].into())
}

fn registered(rows: BTreeMap<(Who, Role), Vec<Row>>, rules: BTreeMap<Role, Rules>) -> State {
    State {
        registered: true,
        rows,
        rules,
        log: vec![Entry::new(
            NOW,
            Kind::SignUp,
            None,
            "given",
            After::Registered,
        )],
    }
}

fn by(who: Who, role: Role) -> Caller {
    let (of, token) = (Tenant::North, Token::With(role));
    Caller { who, of, token }
}

/// Commands that meet each other on a pair, on settings, on who administers, or on a registration; and some that do not.
fn commands() -> Vec<Command> {
    let root = by(Who::Ivy, PRA);
    let update = |update: Update| Ask::Configure(READERS, update);
    let activate = |minutes| Ask::SelfActivate(READERS, Length::Minutes(minutes), Why::Unsaid);
    let south = |who| Caller {
        of: Tenant::South,
        ..by(who, Role::GlobalAdministrator)
    };
    let default = Update {
        default: Some(45),
        ..Update::default()
    };
    let ticket = Update {
        ticket: Some(true),
        ..Update::default()
    };
    vec![
        (root, Ask::Delete(Who::Fay, PRA)),
        (root, Ask::Delete(Who::Gus, PRA)),
        (root, Ask::MakeEligible(Who::Fay, PRA)),
        (by(Who::Gus, PRA), Ask::MakeEligible(Who::Gus, PRA)),
        (root, Ask::MakePermanent(Who::Gus, PRA, Why::Ticket)),
        (root, Ask::Create(Who::Hal, PRA, Some(false), None)),
        (root, Ask::Configure(PRA, default.clone())),
        (root, Ask::Create(Who::Fay, READERS, None, None)),
        (root, Ask::Create(Who::Fay, READERS, Some(true), None)),
        (by(Who::Gus, PRA), activate(30)),
        (by(Who::Gus, PRA), activate(90)),
        (by(Who::Ivy, PRA), Ask::SelfDeactivate(READERS)),
        (by(Who::Hal, PRA), activate(60)),
        (root, Ask::Delete(Who::Gus, READERS)),
        (root, Ask::MakePermanent(Who::Ivy, READERS, Why::Unsaid)),
        (root, Ask::MakeEligible(Who::Ivy, READERS)),
        (root, update(default)),
        (root, update(ticket)),
        (south(Who::Fay), Ask::SignUp),
        (south(Who::Gus), Ask::SignUp),
    ]
}

/// Commands after which, one after another, somebody would have to be refused.
fn commands_under_approval() -> Vec<Command> {
    let root = by(Who::Ivy, PRA);
    let approvers = |approvers: &[Who]| Update {
        approvers: Some(approvers.to_vec()),
        ..Update::default()
    };
    vec![
        (root, Ask::Delete(Who::Fay, PRA)),
        (by(Who::Fay, PRA), Ask::MakeEligible(Who::Fay, PRA)),
        (root, Ask::Delete(Who::Gus, PRA)),
        (root, Ask::Delete(Who::Hal, PRA)),
        (root, Ask::MakePermanent(Who::Hal, PRA, Why::Unsaid)),
        (root, Ask::Configure(PRA, approvers(&[]))),
        (root, Ask::Configure(PRA, approvers(&[Who::Gus]))),
    ]
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
        let rows = state.rows.iter().map(|((who, role), rows)| {
            let grants = rows.iter().map(words::grant).collect();
            Change::Holding(words::principal(*who), words::role_id(*role), grants)
        });
        let rules = state
            .rules
            .iter()
            .map(|(role, rules)| Change::Settings(words::role_id(*role), words::settings(rules)));
        let tenant = [
            Change::Register(words::instant(NOW)),
            Change::Administrators(words::role_id(PRA)),
        ];
        let changes = tenant.into_iter().chain(rows).chain(rules).collect();
        let changeset = given(tenants.id(Tenant::North), changes, &state.log[0]);
        block_on(self.store.commit(changeset)).unwrap();
        tenants
    }

    fn after(&self, tenants: &Tenants, answers: Vec<Answer>) -> Outcome {
        let state = |of: Tenant| block_on(stored(&*self.store, &tenants.id(of), Vec::new()));
        let after = Tenant::ALL.map(state).to_vec();
        Outcome { answers, after }
    }

    /// Every order of the reads and writes of these commands, each by a server of its own.
    fn in_every_order(&mut self, before: &State, commands: &[Command]) {
        let expected = one_after_another(before, commands);
        let mut orders = Orders::default();
        while let Some(order) = orders.next() {
            let tenants = self.begin(before);
            let server = || server(Arc::new(Turns(Arc::clone(&self.store))));
            let servers: Vec<EngineFace> = commands.iter().map(|_| server()).collect();
            let players = servers
                .iter()
                .zip(commands)
                .map(|(server, command)| give(server, &tenants, command).boxed())
                .collect();
            let (answers, turns) = play(players, &order);
            let outcome = self.after(&tenants, answers);
            judge(before, commands, &outcome, &expected, &format!("{turns:?}"));
            orders.played(turns);
        }
    }
}

fn server(store: Arc<dyn Store>) -> EngineFace {
    EngineFace::new(store, SelfGrants::Allowed)
}

async fn give(server: &EngineFace, tenants: &Tenants, (caller, ask): &Command) -> Answer {
    let caller = engine_caller(tenants, *caller, [].into(), ask.operation());
    server.answer(&caller, NOW, ask).await
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
            .map(|number| (number, model.ask(commands[number].0, &commands[number].1)))
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
        !before.somebody_administers(NOW) || north.somebody_administers(NOW),
        "{commands:#?} at once, in the turns {how}, lock everybody out: {:?}",
        north.rows
    );
    assert!(
        expected.contains(found),
        "{commands:#?} at once, in the turns {how}, lead to {found:#?}, and one after another only to {expected:#?}"
    );
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
    ] {
        for pair in pairs(&commands) {
            let expected = one_after_another(&before, &pair);
            let tenants = tried.begin(&before);
            let barrier = Barrier::new(pair.len());
            let store = &tried.store;
            let answers = thread::scope(|scope| {
                let (barrier, tenants) = (&barrier, &tenants);
                let writer = |command| {
                    move || {
                        let server = server(Arc::clone(store));
                        barrier.wait();
                        block_on(give(&server, tenants, command))
                    }
                };
                let threads: Vec<_> = pair.iter().map(|one| scope.spawn(writer(one))).collect();
                let answer = |thread: thread::ScopedJoinHandle<'_, Answer>| thread.join().unwrap();
                threads.into_iter().map(answer).collect()
            });
            let outcome = tried.after(&tenants, answers);
            judge(&before, &pair, &outcome, &expected, "of threads");
        }
    }
}
