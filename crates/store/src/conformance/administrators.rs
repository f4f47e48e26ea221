//! Cases: those who could administer a tenant.

use pimento_domain::{Grant, Holding, Kind, SignedDuration};

use super::samples::{
    acme, eligible, grant, hold, holding, hour, load, now, permanent, role, write,
};
use crate::{ADMINISTRATORS, Store, Wanted};

async fn administrators(store: &dyn Store) -> Vec<Holding> {
    load(
        store,
        &acme(),
        &Wanted {
            administrators: Some(role(1)),
            ..Wanted::default()
        },
    )
    .await
    .administrators
}

pub async fn administrators_who_are_active_come_before_those_who_are_eligible(store: &dyn Store) {
    let people = vec![
        hold("ann", 1, &[eligible()]),
        hold("bob", 1, &[eligible()]),
        hold("cid", 1, &[permanent()]),
        hold("dan", 2, &[permanent()]),
    ];
    write(store, &acme(), people).await;
    let expected = [
        holding("cid", 1, &[permanent()]),
        holding("ann", 1, &[eligible()]),
        holding("bob", 1, &[eligible()]),
    ];
    assert_eq!(administrators(store).await, expected);
}

pub async fn at_least_three_administrators_are_loaded_where_there_are_so_many(store: &dyn Store) {
    for (count, id) in ["ann", "bob", "cid", "dan", "eve"].into_iter().enumerate() {
        let found = administrators(store).await;
        assert!(
            found.len() >= count.min(ADMINISTRATORS),
            "{count}: {found:?}"
        );
        write(store, &acme(), vec![hold(id, 1, &[permanent()])]).await;
    }
    let found = administrators(store).await;
    let first = ["ann", "bob", "cid"].map(|id| holding(id, 1, &[permanent()]));
    assert_eq!(found[..first.len()], first);
}

pub async fn an_administrator_is_loaded_once_and_with_all_their_grants(store: &dyn Store) {
    let grants = [
        grant(Kind::Active, hour(-9), Some(hour(-8))),
        eligible(),
        permanent(),
        eligible(),
    ];
    write(
        store,
        &acme(),
        vec![hold("ada", 1, &grants), hold("bob", 1, &[permanent()])],
    )
    .await;
    assert_eq!(
        administrators(store).await,
        [
            holding("ada", 1, &grants),
            holding("bob", 1, &[permanent()])
        ]
    );
}

pub async fn whoever_has_no_grant_without_end_is_no_administrator(store: &dyn Store) {
    let people = vec![
        hold("ended", 1, &[grant(Kind::Active, hour(-2), Some(hour(-1)))]),
        hold(
            "ending",
            1,
            &[
                grant(Kind::Active, hour(-2), Some(hour(9))),
                grant(Kind::Eligible, hour(-2), Some(hour(9))),
            ],
        ),
        hold(
            "starting",
            1,
            &[Grant {
                start: now(),
                ..eligible()
            }],
        ),
    ];
    write(store, &acme(), people).await;
    assert_eq!(
        administrators(store).await,
        [holding(
            "starting",
            1,
            &[Grant {
                start: now(),
                ..eligible()
            }]
        )]
    );
}

pub async fn administrators_who_start_later_come_after_those_who_have_started(store: &dyn Store) {
    let later = |kind| grant(kind, hour(1), None);
    let people = vec![
        hold("ann", 1, &[later(Kind::Eligible)]),
        hold("bob", 1, &[later(Kind::Active)]),
        hold("cid", 1, &[eligible(), later(Kind::Active)]),
    ];
    write(store, &acme(), people).await;
    let ann = holding("ann", 1, &[later(Kind::Eligible)]);
    let bob = holding("bob", 1, &[later(Kind::Active)]);
    let cid = holding("cid", 1, &[eligible(), later(Kind::Active)]);
    let expected = [cid.clone(), bob.clone(), ann.clone()];
    assert_eq!(administrators(store).await, expected);
    store
        .clock()
        .change(SignedDuration::from_hours(1), None)
        .expect("the cases run on a virtual clock");
    assert_eq!(administrators(store).await, [bob, cid, ann]);
}

pub async fn so_many_who_have_started_hide_nobody_who_starts_later(store: &dyn Store) {
    let mut people: Vec<_> = ["ann", "bob", "cid", "dan"]
        .map(|id| hold(id, 1, &[eligible()]))
        .into();
    people.push(hold("eve", 1, &[grant(Kind::Active, hour(1), None)]));
    write(store, &acme(), people).await;
    let found = administrators(store).await;
    let eve = holding("eve", 1, &[grant(Kind::Active, hour(1), None)]);
    assert!(found.contains(&eve), "{found:?}");
}
