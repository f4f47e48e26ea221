//! The sequences, on every kind of store and face.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::executor::block_on;
use pimento_domain::Policy;
use pimento_engine::{Admission, Engine};
use pimento_store::memory::MemoryStore;
use pimento_store::{Clock, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};
use pimento_testkit::TestServer;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

use crate::face::{EngineFace, Face, HttpFace, Tenants};
use crate::model::SelfGrants;
use crate::steps::{Role, Sequence};
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
    let policy = Policy {
        forbid_self_grant: self_grants == SelfGrants::Forbidden,
    };
    let engine = Engine::new(Arc::clone(store), policy, Admission::Everybody);
    Face::Engine(EngineFace { engine })
}

async fn run(face: &Face, store: &Arc<dyn Store>, self_grants: SelfGrants, sequence: &Sequence) {
    let tenants = Tenants::new(number());
    let world = World::new(face, Arc::clone(store), tenants, self_grants, Look::Closely);
    world.await.run(sequence).await;
}

fn on_the_model_store(cases: u32, mix: Mix, self_grants: SelfGrants) {
    draw(cases, &sequences(mix), |sequence| {
        let clock = Clock::standing_at(crate::words::instant(0));
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock));
        let face = engine(&store, self_grants);
        block_on(run(&face, &store, self_grants, &sequence));
        Ok(())
    });
}

#[test]
fn the_engine_answers_as_the_tables_say_whatever_is_asked() {
    on_the_model_store(150, Mix::all(), SelfGrants::Allowed);
}

#[test]
fn the_engine_answers_as_the_tables_say_where_nobody_may_grant_to_themselves() {
    on_the_model_store(60, Mix::all(), SelfGrants::Forbidden);
}

#[test]
fn activations_are_seen_from_their_start_until_right_before_their_end_whatever_the_clock_does() {
    let mix = Mix {
        roles: vec![Role::SecurityReader, Role::PrivilegedRoleAdministrator],
        jumps: 10,
        ..Mix::all()
    };
    on_the_model_store(80, mix, SelfGrants::Allowed);
}

#[test]
fn overlapping_activations_are_a_union_whatever_is_asked_of_them() {
    let mix = Mix {
        roles: vec![Role::DirectoryReaders],
        gifts: 10,
        ..Mix::all()
    };
    on_the_model_store(80, mix, SelfGrants::Allowed);
}

#[test]
fn a_tenant_keeps_an_administrator_whatever_is_asked_of_the_last_ones() {
    let mix = Mix {
        roles: vec![Role::PrivilegedRoleAdministrator],
        reads: 0,
        gifts: 0,
        ..Mix::all()
    };
    on_the_model_store(100, mix, SelfGrants::Allowed);
}

#[test]
fn the_engine_over_sqlite_answers_as_the_tables_say_whatever_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pimento.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path, Purpose::Dev).unwrap());
    store
        .clock()
        .change(pimento_domain::SignedDuration::ZERO, Some(true));
    let face = engine(&store, SelfGrants::Allowed);
    draw(25, &sequences(Mix::all()), |sequence| {
        block_on(run(&face, &store, SelfGrants::Allowed, &sequence));
        Ok(())
    });
}

#[test]
fn a_server_answers_over_http_as_the_tables_say_whatever_is_asked() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, store) = runtime.block_on(TestServer::dev_with_store());
    store
        .clock()
        .change(pimento_domain::SignedDuration::ZERO, Some(true));
    let face = Face::Http(Box::new(HttpFace::new(server)));
    draw(8, &sequences(Mix::all()), |sequence| {
        let world = World::new(
            &face,
            Arc::clone(&store),
            Tenants::new(number()),
            SelfGrants::Allowed,
            Look::Glance,
        );
        runtime.block_on(async { world.await.run(&sequence).await });
        Ok(())
    });
}
