//! The writer: what fails, what does not fail with it, and that nobody waits for ever.

use futures::executor::block_on;
use futures::future::{join, join_all};
use futures::poll;
use pimento_store::{Changeset, Clock, Store, StoreError};
use rusqlite::Connection;

use super::samples::{Place, acme, change, commit};
use crate::writer::{Job, LONGEST_QUEUE, Writer, write_batch};
use crate::{Purpose, schema};

/// The principals with grants in the file, and how many events there are.
fn written(place: &Place) -> (Vec<String>, u64) {
    let connection = place.sqlite();
    let mut statement = connection
        .prepare("SELECT principal FROM grants ORDER BY principal")
        .unwrap();
    let principals = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    (
        principals,
        connection
            .query_row("SELECT count(*) FROM events", [], |row| row.get(0))
            .unwrap(),
    )
}

/// The writing connection to a new database in which a changeset that grants to `bad` fails like this, at its event.
fn failing(place: &Place, how: &str) -> Connection {
    drop(place.serve());
    let trigger = format!(
        "CREATE TRIGGER refuse AFTER INSERT ON events
         WHEN EXISTS (SELECT * FROM grants WHERE principal = 'bad')
         BEGIN SELECT RAISE({how}, 'refused by a test'); END"
    );
    place.sqlite().execute_batch(&trigger).unwrap();
    schema::prepare(&place.path(), Purpose::Serve).unwrap()
}

fn batch(principals: [&str; 3]) -> [Box<Changeset>; 3] {
    principals.map(|principal| Box::new(change(principal)))
}

#[test]
fn a_changeset_that_fails_does_not_take_its_batch_with_it() {
    let place = Place::new();
    let mut connection = failing(&place, "ABORT");
    let written_batch = write_batch(&mut connection, &batch(["ann", "bad", "cid"])).unwrap();
    assert!(
        matches!(&written_batch.answers[..], [Ok(first), Err(StoreError::Corrupt(_)), Ok(last)] if first.sequence == 1 && last.sequence == 2)
    );
    assert_eq!(
        written(&place),
        (vec!["ann".to_owned(), "cid".to_owned()], 2)
    );
}

#[test]
fn where_sqlite_gives_up_a_transaction_nothing_of_the_batch_is_acknowledged() {
    let place = Place::new();
    let mut connection = failing(&place, "ROLLBACK");
    let refused = write_batch(&mut connection, &batch(["ann", "bad", "cid"])).unwrap_err();
    assert!(
        refused.to_string().contains("refused by a test"),
        "{refused}"
    );
    assert_eq!(written(&place), (vec![], 0));
    assert!(write_batch(&mut connection, &batch(["ann", "bob", "cid"])).is_ok());
}

#[test]
fn where_the_commit_fails_nothing_of_the_batch_is_acknowledged() {
    let place = Place::new();
    drop(place.serve());
    // A foreign key that is checked at the commit only, and never holds.
    let trap = "CREATE TABLE trap (parent INTEGER REFERENCES meta (only_row) DEFERRABLE INITIALLY DEFERRED);
                CREATE TRIGGER spring AFTER INSERT ON grants BEGIN INSERT INTO trap (parent) VALUES (2); END";
    place.sqlite().execute_batch(trap).unwrap();
    let store = place.serve();
    let answers = block_on(join_all(
        ["ann", "bob"].map(|principal| store.commit(change(principal))),
    ));
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Err(StoreError::Unavailable(_)))),
        "{answers:?}"
    );
    assert_eq!(written(&place), (vec![], 0));
    place.sqlite().execute_batch("DROP TRIGGER spring").unwrap();
    assert_eq!(
        commit(&store, change("ann")).map(|committed| committed.sequence),
        Ok(1)
    );
}

#[test]
fn where_the_writer_has_panicked_callers_are_told() {
    let writer = Writer::run(|jobs| {
        let _unanswered = jobs.recv();
        panic!("a test ends the writer");
    })
    .unwrap();
    for _ in 0..2 {
        let answer = block_on(writer.submit(Job::Check));
        assert!(
            matches!(&answer, Err(StoreError::InDoubt(why) | StoreError::Unavailable(why)) if why.contains("writer has stopped")),
            "{answer:?}"
        );
    }
}

#[test]
fn a_full_queue_refuses_and_names_its_limit_and_loses_nothing() {
    let place = Place::new();
    let store = place.serve();
    let blocker = place.sqlite();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Some of them leave the queue before the lock stops the writer, but no more than fit into a batch.
    let commits = (0..2 * LONGEST_QUEUE).map(|_| store.commit(change("ada")));
    let release = async { blocker.execute_batch("COMMIT").unwrap() };
    let (answers, ()) = block_on(join(join_all(commits), release));
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(LONGEST_QUEUE <= taken.len() && !refused.is_empty());
    let limit = LONGEST_QUEUE.to_string();
    let names_limit =
        |error: &StoreError| matches!(error, StoreError::Unavailable(why) if why.contains(&limit));
    assert!(
        refused
            .iter()
            .all(|answer| answer.as_ref().is_err_and(names_limit)),
        "{:?}",
        refused[0]
    );
    assert_eq!(written(&place).1, taken.len() as u64);
}

#[test]
fn reads_do_not_wait_for_writers() {
    let place = Place::new();
    let store = place.serve();
    commit(&store, change("ada")).unwrap();
    let blocker = place.sqlite();
    blocker
        .execute_batch("BEGIN IMMEDIATE; DELETE FROM grants")
        .unwrap();
    block_on(async {
        let mut stuck = store.commit(change("bob"));
        assert!(poll!(&mut stuck).is_pending());
        let (_, held) = store
            .holdings_of(&acme(), &"ada".parse().unwrap())
            .await
            .unwrap();
        assert_eq!(held.len(), 1);
        assert!(poll!(&mut stuck).is_pending());
        blocker.execute_batch("ROLLBACK").unwrap();
        assert_eq!(stuck.await.map(|committed| committed.sequence), Ok(2));
    });
}

#[test]
fn what_was_handed_over_is_written_though_nobody_waits_and_the_store_closes() {
    let place = Place::new();
    let store = place.serve();
    block_on(async {
        for number in 0..100 {
            let mut commit = store.commit(change(&format!("p{number}")));
            let _ = poll!(&mut commit);
        }
    });
    drop(store);
    assert_eq!(written(&place).1, 100);
}

#[test]
fn a_check_finds_a_database_that_cannot_be_written() {
    let place = Place::new();
    let store = place.serve();
    assert_eq!(block_on(store.check()), Ok(()));
    place
        .sqlite()
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'no'); END",
        )
        .unwrap();
    assert!(block_on(store.check()).is_err());
    place.sqlite().execute_batch("DROP TRIGGER refuse").unwrap();
    assert_eq!(block_on(store.check()), Ok(()));
}

#[test]
fn a_commit_is_seen_by_readers_that_were_open_before() {
    let place = Place::new();
    let store = place.serve();
    assert!(store.clock().now() <= Clock::process().now());
    for number in 1..=20 {
        commit(&store, change("ada")).unwrap();
        assert_eq!(
            block_on(store.events(&acme(), 0, 99)).unwrap().len(),
            number
        );
    }
}
