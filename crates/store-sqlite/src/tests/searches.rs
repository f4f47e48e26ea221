//! Searches that take long hold up neither other reads nor, once nobody waits for them, other searches.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::executor::block_on;
use pimento_store::{AssignmentQuery, Store, StoreError, Wanted};

use super::samples::{Place, acme};
use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::searches::{Limits, Searches};
use crate::{Purpose, SqliteStore};

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

/// Searches with these limits, in nanoseconds, beside those of the store.
fn searches(store: &SqliteStore, search: u64, wait: u64) -> Searches {
    let limits = Limits {
        search: Duration::from_nanos(search),
        wait: Duration::from_nanos(wait),
    };
    Searches::start(Arc::clone(&store.readers), limits).unwrap()
}

const LONG: u64 = u64::MAX;

#[test]
fn a_search_that_takes_too_long_is_broken_off_and_its_thread_does_the_next() {
    let place = Place::new();
    let store = place.serve();
    let searches = searches(&store, 1, LONG);
    for _ in 0..20 {
        let refused = block_on(searches.run(&store.clock, endless)).unwrap_err();
        assert_eq!(refused, StoreError::TookTooLong(Duration::from_nanos(1)));
        // What is found before anybody looks at the time is answered.
        let search = |snapshot: &Snapshot<'_>| Ok(snapshot.now);
        block_on(searches.run(&store.clock, search)).unwrap();
    }
}

#[test]
fn what_else_goes_wrong_with_a_search_is_not_taken_for_its_length() {
    let place = Place::new();
    let store = place.serve();
    let searches = searches(&store, 1, LONG);
    let search = |_: &Snapshot<'_>| Err::<(), _>(Fault::Corrupt("a row".to_owned()));
    let refused = block_on(searches.run(&store.clock, search)).unwrap_err();
    assert_eq!(refused, StoreError::Corrupt("a row".to_owned()));
}

#[test]
fn searches_that_have_waited_too_long_are_told_so_by_the_first_thread_that_is_free() {
    let place = Place::new();
    let store = place.serve();
    let searches = searches(&store, LONG, 0);
    let search = |snapshot: &Snapshot<'_>| Ok(snapshot.now);
    for _ in 0..20 {
        let refused = block_on(searches.run(&store.clock, search)).unwrap_err();
        assert!(refused.to_string().contains("has waited"), "{refused}");
        assert!(matches!(refused, StoreError::Unavailable(_)));
    }
}

#[test]
fn a_store_has_the_limit_that_it_was_opened_with() {
    let place = Place::new();
    drop(place.serve());
    let limit = Duration::from_nanos(1);
    let store = SqliteStore::open_limited(&place.path(), Purpose::Serve, limit).unwrap();
    let refused = block_on(store.searches.run(&store.clock, endless)).unwrap_err();
    assert_eq!(refused, StoreError::TookTooLong(limit));
    block_on(store.load(&acme(), &Wanted::default())).unwrap();
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
