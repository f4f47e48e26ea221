//! Requests are read back equal, listed by the parts that they are in, and due until they are recorded.

use pimento_domain::{
    Approval, AssignmentId, Closing, Decision, Instant, Justification, Kind, Origin, Request,
    RequestId, RequestKind, RoleId, Settings, SignedDuration, Uuid, Verdict,
};

use super::samples::{
    acme, all_of, changeset, eligible, grant, hold, hour, load, principal, remark, role, settings,
    tenant, write,
};
use crate::{
    Change, Condition, DueHolding, Expected, Position, RequestField, RequestQuery, Revision, Store,
    StoreError, Total, Value, Wanted,
};

/// A scheduled activation by this principal, which begins in an hour.
pub(super) fn request(id: u128, of: &str, in_role: RoleId) -> Request {
    Request {
        id: RequestId::new(Uuid::from_u128(id)),
        kind: RequestKind::Activation,
        principal: principal(of),
        role: in_role,
        grants: Kind::Active,
        requestor: principal(of),
        requested: hour(0),
        start: hour(1),
        end: Some(hour(2)),
        length: Some(SignedDuration::from_hours(1)),
        justification: Justification {
            reason: remark("on call"),
            ticket_number: remark("INC-1"),
            ticket_system: remark("desk"),
        },
        approval: None,
        closed: None,
        recorded: false,
    }
}

/// The same, waiting for an approval that lapses in three hours.
pub(super) fn pending(id: u128, of: &str, in_role: RoleId) -> Request {
    Request {
        approval: Some(Approval {
            lapses: hour(3),
            decision: None,
        }),
        ..request(id, of, in_role)
    }
}

pub(super) fn decided(verdict: Verdict) -> Option<Approval> {
    Some(Approval {
        lapses: hour(3),
        decision: Some(Decision {
            by: principal("zoe"),
            at: hour(1),
            verdict,
            reason: remark("as agreed").filter(|_| verdict == Verdict::Approved),
        }),
    })
}

async fn keep(store: &dyn Store, requests: &[Request]) {
    let changes = requests
        .iter()
        .map(|request| Change::Request(Box::new(request.clone())));
    write(store, &acme(), changes.collect()).await;
}

async fn read(store: &dyn Store, id: u128) -> Option<Request> {
    let id = RequestId::new(Uuid::from_u128(id));
    let found = store.request(&acme(), id).await;
    found.expect("a store that works").1
}

async fn list(store: &dyn Store, query: &RequestQuery) -> (Vec<Request>, bool, Option<u64>) {
    let page = store.list_requests(&acme(), query).await;
    let page = page.expect("a store that works");
    (page.requests, page.more, page.total)
}

fn everybody() -> RequestQuery {
    RequestQuery {
        limit: 100,
        ..RequestQuery::everything()
    }
}

fn every_shape() -> Vec<Request> {
    let mut shapes = vec![request(1, "ada", role(1)), pending(2, "ada", role(1))];
    for verdict in [Verdict::Approved, Verdict::Denied] {
        shapes.push(Request {
            approval: decided(verdict),
            recorded: true,
            ..pending(3 + shapes.len() as u128, "ada", role(2))
        });
    }
    for closing in [Closing::Cancelled, Closing::Revoked] {
        shapes.push(Request {
            closed: Some((hour(1), closing)),
            recorded: true,
            ..request(20 + shapes.len() as u128, "bob", role(1))
        });
    }
    shapes.push(Request {
        kind: RequestKind::Assignment,
        grants: Kind::Eligible,
        requestor: principal("root"),
        end: None,
        length: None,
        justification: Justification::default(),
        ..request(40, "bob", role(u128::MAX))
    });
    shapes
}

pub async fn requests_of_every_shape_are_read_back_equal(store: &dyn Store) {
    let shapes = every_shape();
    keep(store, &shapes).await;
    assert_eq!(list(store, &everybody()).await.0, shapes);
    for request in &shapes {
        let found = store.request(&acme(), request.id).await;
        assert_eq!(found.expect("a store that works").1.as_ref(), Some(request));
    }
}

pub async fn a_request_that_is_written_again_is_changed(store: &dyn Store) {
    let first = pending(1, "ada", role(1));
    keep(store, std::slice::from_ref(&first)).await;
    let second = Request {
        approval: decided(Verdict::Denied),
        recorded: true,
        ..first
    };
    keep(store, std::slice::from_ref(&second)).await;
    assert_eq!(list(store, &everybody()).await.0, [second]);
}

pub async fn a_request_of_another_tenant_is_not_there(store: &dyn Store) {
    keep(store, &[request(1, "ada", role(1))]).await;
    let other = tenant("Acme");
    let id = RequestId::new(Uuid::from_u128(1));
    assert_eq!(
        store.request(&other, id).await.map(|(_, found)| found),
        Ok(None)
    );
    let page = store.list_requests(&other, &everybody()).await;
    assert_eq!(page.map(|page| page.requests), Ok(Vec::new()));
    assert_eq!(read(store, 2).await, None);
}

pub async fn a_holding_is_loaded_with_its_requests_that_are_not_recorded(store: &dyn Store) {
    let recorded = Request {
        recorded: true,
        ..request(3, "ada", role(1))
    };
    let open = [pending(1, "ada", role(1)), request(2, "ada", role(1))];
    let others = [
        request(4, "ada", role(2)),
        request(5, "bob", role(1)),
        recorded,
    ];
    keep(store, &open).await;
    keep(store, &others).await;
    let loaded = load(store, &acme(), &all_of("ada", 1)).await;
    assert_eq!(loaded.requests, open);
    assert_eq!(loaded.request.as_ref(), Some(&open[0]));
    let recorded = Wanted {
        request: Some(RequestId::new(Uuid::from_u128(3))),
        ..Wanted::default()
    };
    let loaded = load(store, &acme(), &recorded).await;
    assert_eq!(
        (loaded.requests, loaded.request),
        (Vec::new(), Some(others[2].clone()))
    );
}

pub async fn a_change_of_any_request_about_a_holding_conflicts_with_what_was_decided_before(
    store: &dyn Store,
) {
    let requests = [request(1, "ada", role(1)), request(2, "ada", role(1))];
    let stale = async || {
        let loaded = load(store, &acme(), &all_of("ada", 1)).await;
        let about = |expected: &Expected| matches!(expected, Expected::Requests(..));
        loaded
            .expected
            .into_iter()
            .filter(about)
            .collect::<Vec<_>>()
    };
    let mut before = stale().await;
    let absent = Expected::Requests(principal("ada"), role(1), Revision::ABSENT);
    assert_eq!(before, [absent]);
    for request in &requests {
        keep(store, std::slice::from_ref(request)).await;
        let commit = store.commit(changeset(&acme(), before.clone(), Vec::new()));
        assert_eq!(commit.await, Err(StoreError::Conflict));
        before = stale().await;
        let commit = store.commit(changeset(&acme(), before.clone(), Vec::new()));
        assert!(commit.await.is_ok());
    }
    let elsewhere = [request(3, "ada", role(2)), request(4, "bob", role(1))];
    keep(store, &elsewhere).await;
    let commit = store.commit(changeset(&acme(), before, Vec::new()));
    assert!(commit.await.is_ok());
}

pub async fn requests_are_listed_once_from_all_the_parts_that_are_asked_for(store: &dyn Store) {
    let shapes = every_shape();
    keep(store, &shapes).await;
    type Part = (Condition<RequestField>, fn(&Request) -> bool);
    let parts: [Part; 3] = [
        (Condition::made_by(&principal("root")), |request| {
            request.requestor == principal("root")
        }),
        (Condition::about(&principal("bob")), |request| {
            request.principal == principal("bob")
        }),
        (Condition::about_role(role(2)), |request| {
            request.role == role(2)
        }),
    ];
    for mask in 0..8_usize {
        let of_mask: Vec<&Part> = parts
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask & (1 << bit) != 0)
            .map(|(_, part)| part)
            .collect();
        let any = Condition::Any(of_mask.iter().map(|(part, _)| part.clone()).collect());
        for (filter, needs_approval) in [
            (any.clone(), false),
            (any.and(Condition::with_approval()), true),
        ] {
            let query = RequestQuery {
                filter,
                total: Total::Count,
                ..everybody()
            };
            let wanted = |request: &&Request| {
                of_mask.iter().any(|(_, is_in)| is_in(request))
                    && (!needs_approval || request.approval.is_some())
            };
            let expected: Vec<Request> = shapes.iter().filter(wanted).cloned().collect();
            let count = Some(expected.len() as u64);
            assert_eq!(list(store, &query).await, (expected, false, count));
        }
    }
}

pub async fn pages_of_requests_have_no_gaps_and_no_doubles(store: &dyn Store) {
    let shapes = every_shape();
    keep(store, &shapes).await;
    let filter = Condition::Any(vec![
        Condition::about(&principal("ada")),
        Condition::about(&principal("bob")),
        Condition::about_role(role(1)),
    ]);
    for limit in 1..=shapes.len() + 1 {
        let mut query = RequestQuery {
            filter: filter.clone(),
            limit,
            total: Total::Count,
            ..everybody()
        };
        let mut walked = Vec::new();
        loop {
            let (page, more, total) = list(store, &query).await;
            assert_eq!(total, Some(shapes.len() as u64));
            assert!(page.len() <= limit);
            let id = |request: &Request| Position(vec![Value::Text(request.id.to_string())]);
            query.after = page.last().map(id);
            walked.extend(page);
            if !more {
                break;
            }
        }
        assert_eq!(walked, shapes);
    }
}

pub async fn an_approver_is_found_for_the_roles_whose_settings_name_them(store: &dyn Store) {
    let naming = |names: &[&str]| Settings {
        approvers: names.iter().map(|name| principal(name)).collect(),
        ..settings()
    };
    let changes = vec![
        Change::Settings(role(3), naming(&["zoe", "ada"])),
        Change::Settings(role(1), naming(&["ada"])),
        Change::Settings(role(2), naming(&["zo", "zoeh", "Zoe"])),
        Change::Settings(role(4), naming(&[])),
    ];
    write(store, &acme(), changes).await;
    write(
        store,
        &tenant("Acme"),
        vec![Change::Settings(role(5), naming(&["zoe"]))],
    )
    .await;
    let roles = async |name| store.approver_of(&acme(), &principal(name)).await;
    assert_eq!(roles("zoe").await, Ok(vec![role(3)]));
    assert_eq!(roles("ada").await, Ok(vec![role(1), role(3)]));
    assert_eq!(roles("nobody").await, Ok(Vec::new()));
}

async fn due(store: &dyn Store, limit: usize) -> Vec<AssignmentId> {
    let due = store.due(limit).await.expect("a store that works");
    let id = |due: DueHolding| AssignmentId {
        principal: due.principal,
        role: due.role,
    };
    due.into_iter().map(id).collect()
}

fn at(store: &dyn Store, time: Instant) {
    let ahead = time.since(store.clock().now());
    store
        .clock()
        .change(ahead, None)
        .expect("the cases run on a virtual clock");
}

pub async fn what_has_an_end_or_an_open_request_is_due_from_its_time_on(store: &dyn Store) {
    let id = |of: &str| AssignmentId {
        principal: principal(of),
        role: role(1),
    };
    let ends = |hours| grant(Kind::Active, hour(-1), Some(hour(hours)));
    write(
        store,
        &acme(),
        vec![
            hold("ada", 1, &[eligible(), ends(2)]),
            hold("bob", 1, &[eligible()]),
        ],
    )
    .await;
    keep(
        store,
        &[request(1, "cleo", role(1)), pending(2, "dana", role(1))],
    )
    .await;
    assert_eq!(due(store, 9).await, []);
    at(store, hour(1));
    assert_eq!(due(store, 9).await, [id("cleo")]);
    at(store, hour(2));
    assert_eq!(due(store, 9).await, [id("cleo"), id("ada")]);
    at(store, hour(3));
    assert_eq!(due(store, 9).await, [id("cleo"), id("ada"), id("dana")]);
    assert_eq!(due(store, 2).await, [id("cleo"), id("ada")]);
    write(store, &acme(), vec![hold("ada", 1, &[eligible()])]).await;
    let recorded = Request {
        recorded: true,
        ..request(1, "cleo", role(1))
    };
    keep(store, &[recorded]).await;
    assert_eq!(due(store, 9).await, [id("dana")]);
}

pub async fn a_holding_is_due_once_for_each_instant_in_the_order_of_these(store: &dyn Store) {
    let ends = |hours| grant(Kind::Active, hour(-9), Some(hour(hours)));
    let several = [ends(-3), ends(1), ends(1), ends(-1)];
    write(store, &acme(), vec![hold("bob", 1, &several)]).await;
    write(store, &acme(), vec![hold("ada", 1, &[ends(-1)])]).await;
    write(store, &acme(), vec![hold("cleo", 1, &[ends(-2)])]).await;
    at(store, hour(1));
    keep(store, &[request(1, "bob", role(1))]).await;
    let expected = [
        (-3, "bob"),
        (-2, "cleo"),
        (-1, "ada"),
        (-1, "bob"),
        (1, "bob"),
    ];
    let expected = expected.map(|(hours, who)| (hour(hours), principal(who)));
    for limit in 1..=9 {
        let found = store.due(limit).await.expect("a store that works");
        let found: Vec<_> = found
            .into_iter()
            .map(|due| (due.at, due.principal))
            .collect();
        assert_eq!(found, expected[..limit.min(5)]);
    }
}

pub async fn a_grant_that_a_request_asked_for_is_read_back_with_it(store: &dyn Store) {
    let origin = Origin::Request(RequestId::new(Uuid::from_u128(9)));
    let grants = [pimento_domain::Grant {
        origin,
        ..eligible()
    }];
    write(store, &acme(), vec![hold("ada", 1, &grants)]).await;
    let loaded = load(store, &acme(), &all_of("ada", 1)).await;
    assert_eq!(
        loaded.holding.map(|holding| holding.grants),
        Some(grants.to_vec())
    );
}
