//! Cases: which holdings are listed, and in which order.

use pimento_domain::{Grant, Holders, Holding, Kind, SignedDuration};

use super::samples::{
    acme, eligible, grant, hold, holding, hour, now, permanent, principal, role, tenant, write,
};
use crate::{AssignmentQuery, Condition, Page, Store, Total};

/// A query for everything.
pub(super) fn everything() -> AssignmentQuery {
    AssignmentQuery {
        total: Total::Count,
        ..AssignmentQuery::everything()
    }
}

pub(super) async fn list(store: &dyn Store, query: &AssignmentQuery) -> Page {
    store
        .list_assignments(&acme(), query)
        .await
        .expect("a store that works")
}

async fn listed(store: &dyn Store) -> Vec<Holding> {
    list(store, &everything()).await.holdings
}

pub async fn an_empty_tenant_lists_nothing(store: &dyn Store) {
    let nothing = Page {
        now: now(),
        holdings: vec![],
        more: false,
        total: Some(0),
    };
    assert_eq!(list(store, &everything()).await, nothing);
    assert_eq!(
        list(
            store,
            &AssignmentQuery {
                filter: Condition::of_role(role(1)),
                ..everything()
            }
        )
        .await,
        nothing
    );
}

pub async fn principals_order_by_their_bytes_then_roles_by_their_text(store: &dyn Store) {
    let ids = [
        "!", "-", "1", "10", "2", "B", "Z", "_", "a", "aB", "a_", "ab", "b", "~",
    ];
    let roles = [0x1, 0xa, 0x10, u128::MAX / 2, u128::MAX / 2 + 1, u128::MAX];
    for id in ids.iter().rev() {
        let changes = roles
            .iter()
            .rev()
            .map(|of| hold(id, *of, &[eligible()]))
            .collect();
        write(store, &acme(), changes).await;
    }
    let order: Vec<Holding> = ids
        .iter()
        .flat_map(|id| roles.iter().map(|of| holding(id, *of, &[eligible()])))
        .collect();
    assert_eq!(listed(store).await, order);
    let (_, of_one) = store
        .holdings_of(&acme(), &principal("Z"))
        .await
        .expect("a store that works");
    assert_eq!(
        of_one,
        order
            .into_iter()
            .filter(|holding| holding.principal.as_str() == "Z")
            .collect::<Vec<_>>()
    );
}

pub async fn a_list_of_one_role_has_only_that_role(store: &dyn Store) {
    let changes = vec![
        hold("b", 1, &[eligible()]),
        hold("a", 2, &[eligible()]),
        hold("a", 1, &[permanent()]),
        hold("c", 2, &[eligible()]),
    ];
    write(store, &acme(), changes).await;
    let page = list(
        store,
        &AssignmentQuery {
            filter: Condition::of_role(role(1)),
            ..everything()
        },
    )
    .await;
    assert_eq!(
        page.holdings,
        [
            holding("a", 1, &[permanent()]),
            holding("b", 1, &[eligible()])
        ]
    );
    assert_eq!((page.more, page.total), (false, Some(2)));
}

pub async fn a_grant_lists_from_its_start_until_right_before_its_end(store: &dyn Store) {
    let cases = [
        ("ended", hour(-2), Some(hour(-1)), false),
        ("ends_now", hour(-2), Some(now()), false),
        (
            "ends_next",
            hour(-2),
            Some(now().plus(SignedDuration::from_micros(1))),
            true,
        ),
        ("endless", hour(-2), None, true),
        ("starts_now", now(), Some(hour(1)), true),
        (
            "starts_next",
            now().plus(SignedDuration::from_micros(1)),
            None,
            false,
        ),
        ("never", hour(1), Some(hour(-1)), false),
    ];
    for kind in [Kind::Active, Kind::Eligible] {
        for (id, start, end, is_listed) in cases {
            write(
                store,
                &acme(),
                vec![hold("ada", 1, &[grant(kind, start, end)])],
            )
            .await;
            let page = list(store, &everything()).await;
            assert_eq!(page.holdings.len(), usize::from(is_listed), "{id}");
            assert_eq!(page.total, Some(u64::from(is_listed)), "{id}");
            let of_role = list(
                store,
                &AssignmentQuery {
                    filter: Condition::of_role(role(1)),
                    ..everything()
                },
            )
            .await;
            assert_eq!(of_role, page, "{id}");
            let (_, held) = store
                .holdings_of(&acme(), &principal("ada"))
                .await
                .expect("a store that works");
            assert_eq!(held, page.holdings, "{id}");
        }
    }
}

pub async fn a_list_follows_the_clock(store: &dyn Store) {
    write(
        store,
        &acme(),
        vec![hold(
            "ada",
            1,
            &[grant(Kind::Active, hour(1), Some(hour(2)))],
        )],
    )
    .await;
    for expected in [0, 1, 0] {
        assert_eq!(listed(store).await.len(), expected);
        store
            .clock()
            .change(SignedDuration::from_hours(1), None)
            .expect("the cases run on a virtual clock");
    }
}

pub async fn a_listed_holding_brings_the_grants_that_hold_and_that_of_a_principal_all_of_them(
    store: &dyn Store,
) {
    let ended = grant(Kind::Active, hour(-3), Some(hour(-2)));
    let future = Grant {
        start: hour(2),
        ..eligible()
    };
    let grants = [ended, permanent(), future, ended];
    write(
        store,
        &acme(),
        vec![hold("ada", 1, &grants), hold("bob", 1, &[ended, future])],
    )
    .await;
    assert_eq!(listed(store).await, [holding("ada", 1, &[permanent()])]);
    let (_, held) = store
        .holdings_of(&acme(), &principal("ada"))
        .await
        .expect("a store that works");
    assert_eq!(held, [holding("ada", 1, &grants)]);
}

pub async fn holders_are_counted_by_whether_their_role_is_active_now(store: &dyn Store) {
    let active = |end| grant(Kind::Active, hour(-1), Some(hour(end)));
    let changes = vec![
        hold("ada", 1, &[permanent()]),
        hold("bob", 1, &[eligible()]),
        hold("cleo", 1, &[eligible(), active(1), active(2)]),
        hold("dana", 1, &[active(1)]),
        hold("eve", 1, &[grant(Kind::Eligible, hour(1), None)]),
        hold("ada", 2, &[permanent()]),
    ];
    write(store, &acme(), changes).await;
    write(store, &tenant("Acme"), vec![hold("ada", 1, &[permanent()])]).await;
    let counted = async || {
        let holders = store.holders(&acme(), role(1)).await;
        let holders = holders.expect("a store that works");
        (holders.all, holders.active)
    };
    assert_eq!(counted().await, (4, 3));
    let hour = SignedDuration::from_hours(1);
    store.clock().change(hour, None).expect("virtual");
    assert_eq!(counted().await, (4, 2));
    store.clock().change(hour, None).expect("virtual");
    assert_eq!(counted().await, (4, 1));
    let nobody = store.holders(&acme(), role(9)).await;
    assert_eq!(nobody, Ok(Holders::default()));
}

pub async fn a_holding_without_grants_is_gone(store: &dyn Store) {
    write(
        store,
        &acme(),
        vec![
            hold("ada", 1, &[permanent(), eligible()]),
            hold("ada", 2, &[eligible()]),
        ],
    )
    .await;
    write(
        store,
        &acme(),
        vec![hold("ada", 1, &[]), hold("bob", 1, &[])],
    )
    .await;
    assert_eq!(listed(store).await, [holding("ada", 2, &[eligible()])]);
    write(store, &acme(), vec![hold("ada", 2, &[permanent()])]).await;
    assert_eq!(listed(store).await, [holding("ada", 2, &[permanent()])]);
}
