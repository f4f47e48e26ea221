//! Cases: what a commit expects, changes, and leaves alone.

use pimento_domain::{Role, RoleId, Setup};

use super::lists::{everything, list};
use super::requests::request;
use super::samples::{
    acme, all_of, changeset, eligible, hold, holding, hour, load, now, permanent, principal, role,
    role_name, settings, write,
};
use crate::{Change, Committed, Expected, Revision, Store, StoreError, Wanted};

/// One row of each kind, of role 1 or 2.
fn one_of_each(of: RoleId) -> Vec<Change> {
    let id = if of == role(1) { 1 } else { 2 };
    vec![
        Change::Register(now()),
        Change::Holding(principal("ada"), of, vec![permanent()]),
        Change::Request(Box::new(request(id, "ada", of))),
        Change::Settings(of, settings()),
        Change::Administrators(of),
        Change::Role(of, role_name(&format!("Night watch {id}"))),
    ]
}

/// The revisions of the rows of [`one_of_each`] of role 1, in that order.
async fn expected(store: &dyn Store) -> Vec<Expected> {
    load(store, &acme(), &all_of("ada", 1)).await.expected
}

async fn commit(
    store: &dyn Store,
    expected: Vec<Expected>,
    changes: Vec<Change>,
) -> Result<Committed, StoreError> {
    store.commit(changeset(&acme(), expected, changes)).await
}

pub async fn a_revision_that_is_still_so_passes(store: &dyn Store) {
    for round in 1..=3 {
        let expected = expected(store).await;
        let committed = commit(store, expected, one_of_each(role(1))).await;
        assert_eq!(committed, Ok(Committed { sequence: round }));
    }
}

pub async fn a_stale_revision_of_each_kind_conflicts_and_writes_nothing(store: &dyn Store) {
    let absent = expected(store).await;
    write(store, &acme(), one_of_each(role(1))).await;
    let first = expected(store).await;
    write(store, &acme(), one_of_each(role(1))).await;
    let before = (
        load(store, &acme(), &all_of("ada", 1)).await,
        store.events(&acme(), 0, 99).await,
    );
    let others = vec![
        hold("ada", 1, &[]),
        hold("bob", 1, &[eligible()]),
        Change::Register(hour(1)),
    ];
    for stale in absent.into_iter().chain(first) {
        let mut expected = before.0.expected.clone();
        expected.push(stale.clone());
        assert_eq!(
            commit(store, expected, others.clone()).await,
            Err(StoreError::Conflict),
            "{stale:?}"
        );
    }
    let after = (
        load(store, &acme(), &all_of("ada", 1)).await,
        store.events(&acme(), 0, 99).await,
    );
    assert_eq!(after, before);
    assert_eq!(list(store, &everything()).await.total, Some(1));
}

pub async fn of_two_who_change_the_set_up_the_second_conflicts(store: &dyn Store) {
    write(store, &acme(), vec![Change::Register(now())]).await;
    for far in [Setup::InProgress, Setup::Completed, Setup::Completed] {
        let seen = load(store, &acme(), &Wanted::default()).await.expected;
        let change = || vec![Change::Setup(far)];
        assert!(commit(store, seen.clone(), change()).await.is_ok());
        let second = commit(store, seen.clone(), change()).await;
        assert_eq!(second, Err(StoreError::Conflict), "{far:?}");
        let beside = vec![hold("bob", 1, &[eligible()])];
        assert_eq!(
            commit(store, seen, beside).await,
            Err(StoreError::Conflict),
            "{far:?}"
        );
    }
    let loaded = load(store, &acme(), &all_of("bob", 1)).await;
    assert_eq!(loaded.holding, Some(holding("bob", 1, &[])));
}

pub async fn a_revision_that_never_was_conflicts(store: &dyn Store) {
    write(store, &acme(), one_of_each(role(1))).await;
    for never in [
        Revision(u64::MAX),
        Revision(i64::MAX as u64 + 1),
        Revision(1_000_000),
    ] {
        for of in [role(1), role(2)] {
            let each = [
                Expected::Registration(never),
                Expected::Holding(principal("ada"), of, never),
                Expected::Requests(principal("ada"), of, never),
                Expected::Settings(of, never),
                Expected::Administrators(of, never),
                Expected::Role(of, never),
                Expected::RoleName(role_name("Night watch 1"), never),
            ];
            for expected in each {
                assert_eq!(
                    commit(store, vec![expected.clone()], vec![]).await,
                    Err(StoreError::Conflict),
                    "{expected:?}"
                );
            }
        }
    }
}

pub async fn a_change_gives_a_new_revision_to_its_row_and_to_no_other(store: &dyn Store) {
    write(store, &acme(), one_of_each(role(1))).await;
    let rows = one_of_each(role(1)).len();
    for changed in 0..rows {
        let before = expected(store).await;
        write(
            store,
            &acme(),
            vec![one_of_each(role(1)).swap_remove(changed)],
        )
        .await;
        let after = expected(store).await;
        for row in 0..rows {
            assert_eq!(
                before[row] == after[row],
                row != changed,
                "row {row} after a change of row {changed}"
            );
        }
        write(store, &acme(), one_of_each(role(2))[1..].to_vec()).await;
        write(store, &acme(), vec![hold("bob", 1, &[permanent()])]).await;
        assert_eq!(expected(store).await, after, "changes of other rows");
    }
}

pub async fn a_holding_that_goes_and_comes_back_does_not_bring_back_a_revision(store: &dyn Store) {
    let absent = expected(store).await;
    let mut seen: Vec<Vec<Expected>> = Vec::new();
    for _ in 0..3 {
        write(store, &acme(), vec![hold("ada", 1, &[permanent()])]).await;
        let present = expected(store).await;
        assert!(!seen.contains(&present));
        seen.push(present);
        write(store, &acme(), vec![hold("ada", 1, &[])]).await;
        assert_eq!(
            expected(store).await,
            absent,
            "an absent row has one revision"
        );
        for old in &seen {
            assert_eq!(
                commit(store, old.clone(), vec![]).await,
                Err(StoreError::Conflict)
            );
        }
    }
}

pub async fn a_changeset_that_conflicts_leaves_nothing_behind_for_the_next(store: &dyn Store) {
    write(store, &acme(), vec![hold("ada", 1, &[permanent()])]).await;
    let stale = vec![Expected::Holding(
        principal("ada"),
        role(1),
        Revision::ABSENT,
    )];
    let refused = store.commit(changeset(
        &acme(),
        stale,
        vec![hold("bob", 1, &[permanent()])],
    ));
    let taken = store.commit(changeset(
        &acme(),
        vec![],
        vec![hold("cid", 1, &[permanent()])],
    ));
    let answers = futures::future::join(refused, taken).await;
    assert_eq!(
        answers,
        (Err(StoreError::Conflict), Ok(Committed { sequence: 2 }))
    );
    let listed = list(store, &everything()).await.holdings;
    assert_eq!(
        listed,
        [
            holding("ada", 1, &[permanent()]),
            holding("cid", 1, &[permanent()])
        ]
    );
}

pub async fn a_commit_without_changes_records_its_event(store: &dyn Store) {
    let before = load(store, &acme(), &all_of("ada", 1)).await;
    assert_eq!(
        write(store, &acme(), vec![]).await,
        Committed { sequence: 1 }
    );
    assert_eq!(load(store, &acme(), &all_of("ada", 1)).await, before);
    assert_eq!(
        store.events(&acme(), 0, 9).await.map(|events| events.len()),
        Ok(1)
    );
}

pub async fn the_last_change_of_a_row_in_a_changeset_wins(store: &dyn Store) {
    let mut other = settings();
    other.ticket = !other.ticket;
    let changes = vec![
        Change::Register(hour(1)),
        hold("ada", 1, &[permanent(), eligible()]),
        Change::Settings(role(1), settings()),
        Change::Administrators(role(1)),
        Change::Role(role(1), role_name("Days")),
        Change::Register(hour(2)),
        hold("ada", 1, &[eligible()]),
        Change::Settings(role(1), other.clone()),
        Change::Administrators(role(1)),
        Change::Role(role(1), role_name("Nights")),
    ];
    write(store, &acme(), changes).await;
    let loaded = load(store, &acme(), &all_of("ada", 1)).await;
    assert_eq!(
        (loaded.registered, loaded.settings),
        (Some(hour(2)), Some(other))
    );
    assert_eq!(loaded.holding, Some(holding("ada", 1, &[eligible()])));
    assert_eq!(loaded.role, Some(Role::own(role(1), role_name("Nights"))));
}

pub async fn what_is_acknowledged_is_seen_by_the_next_read(store: &dyn Store) {
    for round in 1..=50 {
        let grants = [pimento_domain::Grant {
            end: Some(hour(round)),
            ..permanent()
        }];
        write(store, &acme(), vec![hold("ada", 1, &grants)]).await;
        assert_eq!(
            list(store, &everything()).await.holdings,
            [holding("ada", 1, &grants)]
        );
    }
}
