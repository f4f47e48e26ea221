//! Cases: the pages of a list.

use pimento_domain::{AssignmentId, Holding, Kind, RoleId};

use super::lists::{everything, list};
use super::samples::{acme, eligible, grant, hold, hour, permanent, principal, role, write};
use crate::{AssignmentField, AssignmentQuery, Condition, Position, Store, Total, Value};

/// Six people with one or two roles and some grants that do not hold among them.
async fn write_people(store: &dyn Store) {
    let lapsed = grant(Kind::Active, hour(-2), Some(hour(-1)));
    for id in ["Z", "_", "a", "b", "c", "d"] {
        let changes = vec![
            hold(id, 1, &[eligible(), permanent(), lapsed]),
            hold(id, 2, &[lapsed]),
            hold(id, 3, &[eligible()]),
        ];
        write(store, &acme(), changes).await;
    }
    write(
        store,
        &acme(),
        vec![hold("b", 3, &[]), hold("c", 1, &[lapsed])],
    )
    .await;
}

fn position(holding: &Holding) -> AssignmentId {
    AssignmentId {
        principal: holding.principal.clone(),
        role: holding.role,
    }
}

/// The place of an assignment in a list by key.
fn place(id: &AssignmentId) -> Position {
    let AssignmentId { principal, role } = id;
    Position(vec![
        Value::Text(principal.to_string()),
        Value::Text(role.to_string()),
    ])
}

fn of(role: Option<RoleId>) -> Condition<AssignmentField> {
    role.map_or(Condition::EVERYTHING, Condition::of_role)
}

/// All holdings of this role, page by page; checks that only the last page is not full and says that nothing follows.
async fn paged(store: &dyn Store, role: Option<RoleId>, limit: usize) -> Vec<Holding> {
    let mut all: Vec<Holding> = Vec::new();
    loop {
        let after = all.last().map(position);
        let page = list(
            store,
            &AssignmentQuery {
                filter: of(role),
                after: after.as_ref().map(place),
                limit,
                ..AssignmentQuery::everything()
            },
        )
        .await;
        assert!(page.holdings.len() <= limit);
        let next = page.holdings.first().map(position);
        assert!(
            next.is_none() || all.last().map(position) < next,
            "a page goes on where the last one ended"
        );
        all.extend(page.holdings.iter().cloned());
        if !page.more {
            return all;
        }
        assert_eq!(
            page.holdings.len(),
            limit,
            "a page that others follow is full"
        );
    }
}

pub async fn pages_have_no_gaps_and_no_doubles_at_any_limit(store: &dyn Store) {
    write_people(store).await;
    for (role, count) in [
        (None, 10),
        (Some(role(1)), 5),
        (Some(role(2)), 0),
        (Some(role(3)), 5),
    ] {
        let whole = list(
            store,
            &AssignmentQuery {
                filter: of(role),
                ..everything()
            },
        )
        .await;
        assert_eq!((whole.holdings.len(), whole.more), (count, false));
        for limit in 1..=count + 1 {
            assert_eq!(
                paged(store, role, limit).await,
                whole.holdings,
                "limit {limit}"
            );
        }
    }
}

pub async fn a_page_may_start_after_a_position_that_is_not_there(store: &dyn Store) {
    write_people(store).await;
    let positions = [
        ("!", 9),
        ("Z", 0),
        ("Z", 2),
        ("Z", 9),
        ("a", 1),
        ("aa", 1),
        ("c", 2),
        ("d", 3),
        ("~", 1),
    ];
    for role_of in [None, Some(role(1)), Some(role(3))] {
        let whole = list(
            store,
            &AssignmentQuery {
                filter: of(role_of),
                ..everything()
            },
        )
        .await
        .holdings;
        for (id, number) in positions {
            let after = AssignmentId {
                principal: principal(id),
                role: role(number),
            };
            let expected: Vec<Holding> = whole
                .iter()
                .filter(|holding| after < position(holding))
                .cloned()
                .collect();
            let page = list(
                store,
                &AssignmentQuery {
                    filter: of(role_of),
                    after: Some(place(&after)),
                    ..everything()
                },
            )
            .await;
            assert_eq!(
                page.holdings, expected,
                "after {id} and {number}, of {role_of:?}"
            );
        }
    }
}

pub async fn the_count_is_of_all_pages_and_only_where_it_is_asked_for(store: &dyn Store) {
    write_people(store).await;
    let after = Some(AssignmentId {
        principal: principal("b"),
        role: role(1),
    });
    let page = AssignmentQuery {
        after: after.as_ref().map(place),
        limit: 1,
        ..everything()
    };
    assert_eq!(list(store, &page).await.total, Some(10));
    assert_eq!(
        list(
            store,
            &AssignmentQuery {
                filter: of(Some(role(1))),
                ..page.clone()
            }
        )
        .await
        .total,
        Some(5)
    );
    assert_eq!(
        list(
            store,
            &AssignmentQuery {
                total: Total::Skip,
                ..page
            }
        )
        .await
        .total,
        None
    );
}
