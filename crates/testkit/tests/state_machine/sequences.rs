//! The sequences, on every kind of store and face.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::executor::block_on;
use pimento_domain::SignedDuration;
use pimento_store::memory::MemoryStore;
use pimento_store::{Clock, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};
use pimento_testkit::TestServer;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};
use tokio::runtime::Runtime;

use crate::face::{EngineFace, Face, HttpFace, Tenants};
use crate::model::SelfGrants;
use crate::steps::{Role, Sequence, Who};
use crate::strategies::{Mix, sequences};
use crate::world::{Look, World};

/// Draws so many cases, or as many as `PROPTEST_CASES` says. A failure is made shorter for half a minute.
pub(crate) fn draw<T: std::fmt::Debug>(
    cases: u32,
    strategy: &impl Strategy<Value = T>,
    test: impl Fn(T) -> TestCaseResult,
) {
    let told = std::env::var("PROPTEST_CASES").ok();
    let cases = told.map_or(cases, |told| told.parse().unwrap());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        max_shrink_time: 30_000,
        ..Config::default()
    };
    if let Err(found) = TestRunner::new(config).run(strategy, test) {
        panic!("{found}");
    }
}

/// A number that no other sequence has.
fn number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn engine(store: &Arc<dyn Store>, self_grants: SelfGrants) -> Face {
    Face::Engine(EngineFace::new(Arc::clone(store), self_grants))
}

async fn run(face: &Face, store: &Arc<dyn Store>, look: Look, sequence: &Sequence) {
    let tenants = Tenants::new(number());
    let world = World::new(face, Arc::clone(store), tenants, look);
    world.await.run(sequence).await;
}

fn on_the_model_store(cases: u32, mix: Mix, self_grants: SelfGrants) {
    draw(cases, &sequences(mix), |sequence| {
        let clock = Clock::standing_at(crate::words::instant(0));
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock));
        let face = engine(&store, self_grants);
        block_on(run(&face, &store, Look::Closely, &sequence));
        Ok(())
    });
}

#[test]
fn the_engine_answers_as_the_tables_say_whatever_is_asked() {
    on_the_model_store(100, Mix::all(), SelfGrants::Allowed);
}

#[test]
fn the_engine_answers_as_the_tables_say_where_nobody_may_grant_to_themselves() {
    let mix = Mix {
        roles: vec![Role::DirectoryReaders, Role::SecurityAdministrator],
        people: vec![Who::Fay, Who::Gus],
        gifts: 6,
        ..Mix::all()
    };
    on_the_model_store(80, mix, SelfGrants::Forbidden);
}

#[test]
fn no_pair_ever_has_two_assignments_in_any_list() {
    let mix = Mix {
        reads: 12,
        gifts: 3,
        ..Mix::all()
    };
    on_the_model_store(60, mix, SelfGrants::Allowed);
}

#[test]
fn the_log_tells_of_every_change_and_its_last_event_of_a_pair_carries_the_state_of_the_row() {
    let mix = Mix {
        roles: vec![Role::DirectoryReaders, Role::SecurityAdministrator],
        people: vec![Who::Fay, Who::Gus],
        reads: 0,
        gifts: 4,
        ..Mix::all()
    };
    on_the_model_store(80, mix, SelfGrants::Allowed);
}

#[test]
fn activations_are_seen_from_their_start_until_right_before_their_end_whatever_the_clock_does() {
    let mix = Mix {
        roles: vec![Role::SecurityReader, Role::PrivilegedRoleAdministrator],
        jumps: 10,
        ..Mix::all()
    };
    on_the_model_store(60, mix, SelfGrants::Allowed);
}

#[test]
fn overlapping_activations_are_a_union_whatever_is_asked_of_them() {
    let mix = Mix {
        roles: vec![Role::DirectoryReaders],
        people: vec![Who::Fay, Who::Gus],
        gifts: 10,
        ..Mix::all()
    };
    on_the_model_store(80, mix, SelfGrants::Allowed);
}

#[test]
fn a_tenant_keeps_an_administrator_whatever_is_asked_of_the_last_ones() {
    on_the_model_store(100, Mix::of_administrators(), SelfGrants::Allowed);
}

#[test]
fn requests_and_approvals_come_to_what_the_settings_say_whoever_asks_and_decides() {
    on_the_model_store(100, Mix::of_requests(), SelfGrants::Allowed);
}

#[test]
fn no_request_is_in_two_final_states_whatever_the_clock_does() {
    let mix = Mix {
        people: vec![Who::Gus, Who::Hal],
        jumps: 10,
        records: 4,
        ..Mix::of_requests()
    };
    on_the_model_store(80, mix, SelfGrants::Allowed);
}

#[test]
fn nobody_is_active_without_the_approvals_that_the_settings_demanded_but_by_an_act_that_says_so() {
    let mix = Mix {
        commands: 12,
        demands: 0.6,
        ..Mix::of_requests()
    };
    on_the_model_store(60, mix, SelfGrants::Allowed);
}

#[test]
fn every_approval_is_decided_at_most_once_and_by_somebody_else() {
    let mix = Mix {
        people: vec![Who::Fay, Who::Gus, Who::Ivy],
        commands: 2,
        demands: 0.95,
        ..Mix::of_requests()
    };
    on_the_model_store(60, mix, SelfGrants::Allowed);
}

#[test]
fn approvals_of_administrators_lock_nobody_out_whatever_the_clock_does() {
    let mix = Mix {
        roles: vec![Role::PrivilegedRoleAdministrator],
        gifts: 0,
        jumps: 8,
        commands: 10,
        ..Mix::of_requests()
    };
    on_the_model_store(80, mix, SelfGrants::Allowed);
}

fn on_sqlite(cases: u32, mix: Mix, look: Look) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pimento.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path, Purpose::Dev).unwrap());
    store.clock().change(SignedDuration::ZERO, Some(true));
    let face = engine(&store, SelfGrants::Allowed);
    draw(cases, &sequences(mix), |sequence| {
        block_on(run(&face, &store, look, &sequence));
        Ok(())
    });
}

#[test]
fn the_engine_over_sqlite_answers_as_the_tables_say_whatever_is_asked() {
    on_sqlite(25, Mix::all(), Look::Closely);
}

#[test]
fn a_tenant_over_sqlite_keeps_an_administrator_whatever_is_asked_of_the_last_ones() {
    on_sqlite(50, Mix::of_administrators(), Look::Glance);
}

#[test]
fn requests_over_sqlite_come_to_what_the_settings_say_whoever_asks_and_decides() {
    on_sqlite(30, Mix::of_requests(), Look::Glance);
}

fn over_http(cases: u32, mix: Mix) {
    let runtime = Runtime::new().unwrap();
    let (server, store) = runtime.block_on(TestServer::dev_with_store());
    store.clock().change(SignedDuration::ZERO, Some(true));
    let face = Face::Http(Box::new(HttpFace::new(server)));
    draw(cases, &sequences(mix), |sequence| {
        runtime.block_on(Box::pin(run(&face, &store, Look::Glance, &sequence)));
        Ok(())
    });
}

#[test]
fn requests_over_http_come_to_what_the_settings_say_whoever_asks_and_decides() {
    over_http(6, Mix::of_requests());
}

#[test]
fn a_server_answers_over_http_as_the_tables_say_whatever_is_asked() {
    over_http(6, Mix::all());
}
