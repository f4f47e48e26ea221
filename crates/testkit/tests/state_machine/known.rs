//! Sequences that chance meets too seldom, each for one rule, done and looked at like those that are drawn.

use std::sync::Arc;

use futures::executor::block_on;
use pimento_domain::SignedDuration;
use pimento_store::memory::MemoryStore;
use pimento_store::{Clock, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};

use crate::face::{EngineFace, Face, Tenants};
use crate::model::SelfGrants;
use crate::steps::{
    Ask, Caller, Ending, Jump, MINUTE, Manner, Micros, Role, Sequence, Step, Tenant, Token, Update,
    Verdict, Who, Why, Wish,
};
use crate::words;
use crate::world::{Look, World};

const READERS: Role = Role::DirectoryReaders;
const PRA: Role = Role::PrivilegedRoleAdministrator;

/// On both kinds of store.
fn does(approval: Vec<(Role, Vec<Who>)>, steps: Vec<Step>) {
    let sequence = Sequence { approval, steps };
    let model = MemoryStore::new(Clock::standing_at(words::instant(0)));
    run(Arc::new(model), &sequence);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pimento.db");
    let sqlite = SqliteStore::open(&path, Purpose::Dev).unwrap();
    sqlite.clock().change(SignedDuration::ZERO, Some(true));
    run(Arc::new(sqlite), &sequence);
}

fn run(store: Arc<dyn Store>, sequence: &Sequence) {
    let face = Face::Engine(EngineFace::new(Arc::clone(&store), SelfGrants::Allowed));
    let world = World::new(&face, Arc::clone(&store), Tenants::new(0), Look::Closely);
    block_on(async { world.await.run(sequence).await });
}

fn asks(who: Who, token: Token, ask: Ask) -> Step {
    let of = Tenant::North;
    Step::Asks(Caller { who, of, token }, ask)
}

fn root(ask: Ask) -> Step {
    asks(Who::Fay, Token::With(PRA), ask)
}

fn wish(manner: Manner, who: Who, start: Option<Micros>, ending: Ending) -> Wish {
    Wish {
        manner,
        who,
        role: READERS,
        active: manner == Manner::UserAdd,
        start,
        ending,
        why: Why::Reason,
    }
}

fn is_eligible(start: Option<Micros>, ending: Ending) -> Step {
    root(Ask::CreateRequest(wish(
        Manner::AdminAdd,
        Who::Gus,
        start,
        ending,
    )))
}

/// Gus asks to be active.
fn activates(start: Option<Micros>, ending: Ending) -> Step {
    let ask = Ask::CreateRequest(wish(Manner::UserAdd, Who::Gus, start, ending));
    asks(Who::Gus, Token::Mfa, ask)
}

fn decides(who: Who, token: Token) -> Step {
    asks(who, token, Ask::Decide(0, Verdict::Approve, Why::Unsaid))
}

fn minutes(minutes: i64) -> Option<Micros> {
    Some(minutes * MINUTE)
}

fn until(minutes: i64) -> Ending {
    Ending::At(minutes * MINUTE)
}

#[test]
fn taking_an_eligibility_back_that_has_not_begun_takes_what_rests_on_it() {
    let steps = vec![
        is_eligible(minutes(30), Ending::Unsaid),
        activates(minutes(60), Ending::Unsaid),
        root(Ask::Cancel(1)),
        Step::Clock(Jump::Forward(70)),
        Step::Recorded,
    ];
    does(Vec::new(), steps);
}

#[test]
fn of_what_ends_and_begins_at_one_instant_the_ends_are_told_first_and_eligibility_last_of_them() {
    let steps = vec![
        is_eligible(None, until(60)),
        activates(None, until(60)),
        is_eligible(minutes(60), Ending::Unsaid),
        activates(minutes(60), Ending::Unsaid),
        Step::Clock(Jump::Forward(60)),
        Step::Recorded,
        Step::Recorded,
    ];
    does(Vec::new(), steps);
}

/// Of one holding, and of two that wait in one line, three at a time.
#[test]
fn what_came_due_while_nobody_looked_is_told_in_the_order_of_its_instants() {
    let active = |who, role, end: i64| {
        let end = Some(end * MINUTE);
        root(Ask::Create(who, role, Some(true), end))
    };
    for end_of_ivys in [72, 50] {
        let steps = vec![
            is_eligible(None, until(60)),
            activates(None, until(40)),
            active(Who::Hal, READERS, 61),
            active(Who::Gus, PRA, 70),
            active(Who::Hal, PRA, 71),
            active(Who::Ivy, READERS, end_of_ivys),
            Step::Clock(Jump::Forward(100)),
            Step::Recorded,
        ];
        does(Vec::new(), steps);
    }
}

#[test]
fn nobody_decides_for_themselves_by_any_role_or_name() {
    for approvers in [vec![], vec![Who::Gus], vec![Who::Gus, Who::Ivy]] {
        let steps = vec![
            is_eligible(None, Ending::Unsaid),
            activates(None, Ending::Unsaid),
            decides(Who::Gus, Token::With(PRA)),
            decides(Who::Hal, Token::Mfa),
            decides(Who::Ivy, Token::With(PRA)),
            decides(Who::Ivy, Token::With(PRA)),
        ];
        does(vec![(READERS, approvers)], steps);
    }
}

#[test]
fn eligibility_that_ended_meanwhile_cannot_be_activated_by_an_approval() {
    let steps = vec![
        is_eligible(None, until(60)),
        activates(None, Ending::Unsaid),
        Step::Clock(Jump::Forward(60)),
        decides(Who::Ivy, Token::With(PRA)),
        Step::Recorded,
        decides(Who::Ivy, Token::With(PRA)),
    ];
    does(vec![(READERS, vec![])], steps);
}

#[test]
fn what_lapsed_or_began_and_was_told_stays_so_where_the_clock_is_set_back() {
    let back = || Step::Clock(Jump::Back(1));
    let steps = vec![
        is_eligible(None, Ending::Unsaid),
        activates(None, until(60)),
        Step::Clock(Jump::Forward(60)),
        back(),
        Step::Recorded,
        Step::Clock(Jump::Forward(1)),
        Step::Recorded,
        back(),
        decides(Who::Ivy, Token::With(PRA)),
        asks(Who::Gus, Token::Mfa, Ask::Cancel(0)),
        root(Ask::Configure(
            READERS,
            Update {
                approval: Some(false),
                ..Update::default()
            },
        )),
        activates(minutes(10), Ending::Unsaid),
        Step::Clock(Jump::Forward(10)),
        Step::Recorded,
        back(),
        asks(Who::Gus, Token::Mfa, Ask::Cancel(0)),
    ];
    does(vec![(READERS, vec![])], steps);
}

#[test]
fn a_clock_that_is_set_back_lets_nobody_lock_the_tenant_out() {
    let update = |approval, approvers| Update {
        approval: Some(approval),
        approvers: Some(approvers),
        ..Update::default()
    };
    let demand = |approvers| root(Ask::Configure(PRA, update(true, approvers)));
    let later = |who| Wish {
        role: PRA,
        active: true,
        ..wish(Manner::AdminAdd, who, minutes(90), Ending::Unsaid)
    };
    let steps = vec![
        root(Ask::MakeEligible(Who::Fay, PRA)),
        demand(vec![Who::Ivy]),
        Step::Clock(Jump::Back(60)),
        demand(vec![]),
        demand(vec![Who::Fay]),
        asks(
            Who::Ivy,
            Token::With(PRA),
            Ask::CreateRequest(later(Who::Hal)),
        ),
        demand(vec![]),
        asks(Who::Ivy, Token::With(PRA), Ask::Cancel(0)),
        Step::Clock(Jump::Forward(200)),
        Step::Recorded,
    ];
    does(Vec::new(), steps);
}
