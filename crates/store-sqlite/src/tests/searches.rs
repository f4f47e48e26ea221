//! Searches that take long hold up neither other reads nor, once nobody waits for them, other searches.

use futures::FutureExt as _;
use futures::executor::block_on;
use pimento_store::{AssignmentQuery, Store, StoreError, Wanted};

use super::samples::{Place, acme};
use crate::SqliteStore;
use crate::fault::Fault;
use crate::reader::Snapshot;

/// It never ends by itself.
const ENDLESS: &str =
    "WITH RECURSIVE numbers(one) AS (SELECT 1 UNION ALL SELECT one + 1 FROM numbers)
     SELECT count(*) FROM numbers";

fn endless(snapshot: &Snapshot<'_>) -> Result<i64, Fault> {
    Ok(snapshot.rows.query_row(ENDLESS, [], |row| row.get(0))?)
}

fn list(store: &SqliteStore) -> usize {
    let everything = AssignmentQuery::everything();
    let page = block_on(store.list_assignments(&acme(), &everything));
    page.unwrap().holdings.len()
}

#[test]
fn other_reads_go_on_while_searches_take_long_and_what_nobody_waits_for_is_broken_off() {
    let place = Place::new();
    let store = place.serve();
    let mut waiting = Vec::new();
    for _ in 0..100 {
        let mut search = store.searches.run(&store.clock, endless).boxed();
        assert!((&mut search).now_or_never().is_none());
        waiting.push(search);
    }
    block_on(store.load(&acme(), &Wanted::default())).unwrap();
    drop(waiting);
    assert_eq!(list(&store), 0);
}

#[test]
fn a_store_can_be_closed_while_a_search_of_somebody_who_went_away_ends() {
    let place = Place::new();
    let store = place.serve();
    let search = store.searches.run(&store.clock, endless);
    assert!(search.now_or_never().is_none());
    drop(store);
    assert_eq!(list(&place.serve()), 0);
}

#[test]
fn a_search_too_many_is_refused_until_others_are_over() {
    let place = Place::new();
    let store = place.serve();
    let mut waiting = Vec::new();
    let refused = loop {
        let mut search = store.searches.run(&store.clock, endless).boxed();
        match (&mut search).now_or_never() {
            None => waiting.push(search),
            Some(answer) => break answer.unwrap_err(),
        }
    };
    assert!(refused.to_string().contains("1024 searches wait already"));
    drop(waiting);
    // What nobody waits for leaves the queue as fast as threads can look at it.
    while block_on(store.list_assignments(&acme(), &AssignmentQuery::everything())).is_err() {}
}

#[test]
fn searches_that_panic_take_no_thread_with_them() {
    let place = Place::new();
    let store = place.serve();
    for _ in 0..20 {
        let search = |_: &Snapshot<'_>| -> Result<(), Fault> { panic!("on purpose") };
        let answer = block_on(store.searches.run(&store.clock, search));
        assert!(matches!(answer, Err(StoreError::Unavailable(_))));
    }
    assert_eq!(list(&store), 0);
}
