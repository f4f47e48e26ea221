//! Cases: commits from many threads at once.

use std::thread;

use futures::executor::block_on;
use pimento_domain::MAX_ID_LENGTH;

use super::lists::{everything, list};
use super::samples::{
    acme, all_of, changeset, eligible, hold, holding, load, permanent, role, write,
};
use crate::{Change, Changeset, Committed, Store, StoreError, Wanted};

/// How many commit at once.
const WRITERS: usize = 32;

/// Commits all of these at once, each from a thread of its own.
fn commit_at_once(
    store: &dyn Store,
    changesets: Vec<Changeset>,
) -> Vec<Result<Committed, StoreError>> {
    thread::scope(|scope| {
        let commit = |changeset| scope.spawn(move || block_on(store.commit(changeset)));
        let threads: Vec<_> = changesets.into_iter().map(commit).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no commit panics"))
            .collect()
    })
}

/// Exactly one was written, and all others conflict.
fn assert_one_won(answers: &[Result<Committed, StoreError>]) {
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    let conflicts = answers
        .iter()
        .filter(|answer| **answer == Err(StoreError::Conflict))
        .count();
    assert_eq!((won, conflicts), (1, WRITERS - 1), "{answers:?}");
}

pub async fn of_concurrent_commits_on_one_row_exactly_one_wins(store: &dyn Store) {
    let wanted = Wanted {
        holding: all_of("ada", 1).holding,
        ..Wanted::default()
    };
    for grants in [vec![eligible()], vec![permanent()], vec![]] {
        let expected = load(store, &acme(), &wanted).await.expected;
        let change = |_| changeset(&acme(), expected.clone(), vec![hold("ada", 1, &grants)]);
        assert_one_won(&commit_at_once(store, (0..WRITERS).map(change).collect()));
        assert_eq!(
            load(store, &acme(), &wanted).await.holding,
            Some(holding("ada", 1, &grants))
        );
    }
    assert_eq!(
        store
            .events(&acme(), 0, usize::MAX)
            .await
            .map(|events| events.len()),
        Ok(3)
    );
}

/// Each removes another administrator of whom all could see that others remain.
pub async fn of_concurrent_commits_that_expect_the_same_administrators_exactly_one_wins(
    store: &dyn Store,
) {
    let people: Vec<String> = (0..WRITERS).map(|number| format!("p{number}")).collect();
    for id in &people {
        write(
            store,
            &acme(),
            vec![hold(id, 1, &[permanent()]), Change::Administrators(role(1))],
        )
        .await;
    }
    let mut removals = Vec::new();
    for id in &people {
        let wanted = all_of(id, 1);
        let expected = load(store, &acme(), &wanted).await.expected;
        removals.push(changeset(
            &acme(),
            expected,
            vec![hold(id, 1, &[]), Change::Administrators(role(1))],
        ));
    }
    assert_one_won(&commit_at_once(store, removals));
    assert_eq!(
        list(store, &everything()).await.total,
        Some(WRITERS as u64 - 1)
    );
}

pub async fn concurrent_commits_on_different_rows_are_all_written(store: &dyn Store) {
    let longest = "x".repeat(MAX_ID_LENGTH - 2);
    let mut commits = Vec::new();
    for number in 0..WRITERS {
        let id = format!("{number:02}{longest}");
        let wanted = Wanted {
            holding: all_of(&id, 1).holding,
            ..Wanted::default()
        };
        let expected = load(store, &acme(), &wanted).await.expected;
        commits.push(changeset(
            &acme(),
            expected,
            vec![hold(&id, 1, &[permanent()])],
        ));
    }
    let mut sequences: Vec<u64> = commit_at_once(store, commits)
        .into_iter()
        .map(|answer| answer.expect("no conflict").sequence)
        .collect();
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=WRITERS as u64).collect::<Vec<_>>());
    assert_eq!(list(store, &everything()).await.total, Some(WRITERS as u64));
}
