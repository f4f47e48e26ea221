//! The roles of a tenant, over the in-memory model: the built-in ones and its own in one list.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use futures::executor::block_on;
use pimento_domain::{Caller, Cause, Policy, Role, RoleId, RoleName, Uuid, role};
use pimento_engine::{Admission, Engine, Total};
use pimento_store::memory::MemoryStore;
use pimento_store::{
    Clock, Comparison, Condition, Direction, Function, Order, Position, RoleField, RoleQuery, Term,
    Value,
};

fn caller() -> Caller {
    Caller {
        tenant: "acme".parse().unwrap(),
        principal: "root".parse().unwrap(),
        roles: [role::PRIVILEGED_ROLE_ADMINISTRATOR].into(),
        mfa: true,
        cause: Cause {
            operation: "create_role".into(),
            request: Uuid::nil(),
            client_request: None,
        },
    }
}

/// An engine whose tenant has roles of its own before, between and after the built-in ones; and all its roles by id.
fn with_own_roles() -> (Engine, Vec<Role>) {
    let store = Arc::new(MemoryStore::new(Clock::starting_at(None)));
    let engine = Engine::new(store, Policy::default(), Admission::Everybody);
    let mut all = role::catalogue().to_vec();
    for number in [0, 1, 1 << 127, u128::MAX - 2, u128::MAX - 1, u128::MAX] {
        let name = RoleName::parse(&format!("Role {number}")).unwrap();
        let id = RoleId::from_u128(number);
        all.push(block_on(engine.create_role(&caller(), id, &name)).unwrap());
    }
    all.sort_by_key(|role| role.id);
    (engine, all)
}

#[test]
fn pages_of_built_in_and_own_roles_have_no_gaps_and_no_doubles() {
    let (engine, all) = with_own_roles();
    for limit in [1, 2, 3, 147, 148, 150, 151, 152, usize::MAX] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let caller = caller();
            let query = RoleQuery {
                after,
                limit,
                total: Total::Count,
                ..RoleQuery::everything()
            };
            let page = block_on(engine.list_roles(&caller, &query)).unwrap();
            assert_eq!(page.total, Some(151));
            assert!(page.roles.len() <= limit);
            found.extend(page.roles);
            after = page.next;
            if after.is_none() {
                break;
            }
            let last = Value::Text(found.last().unwrap().id.to_string());
            assert_eq!(after, Some(Position(vec![last])));
        }
        assert_eq!(found, all, "pages of {limit}");
    }
}

/// Conditions that pick both kinds of roles, one of them, or none.
fn conditions() -> Vec<Condition<RoleField>> {
    use RoleField::{Id, Name};
    let text = |text: &str| Value::Text(text.to_owned());
    let part = |part: &str| Term::Text(Function::Contains, part.to_owned());
    let from = |id: &str| Term::Compare(Comparison::GreaterOrEqual, text(id));
    vec![
        Condition::EVERYTHING,
        Condition::Field(Name, part("r")),
        Condition::Field(Name, part("role")),
        Condition::Field(Name, part("security")),
        Condition::Field(Name, part("role 1")),
        Condition::Not(Box::new(Condition::Field(Name, part("admin")))),
        Condition::Field(Id, from("80000000-0000-0000-0000-000000000000")),
        Condition::equal(Name, text("security reader")),
        Condition::Constant(Some(false)),
    ]
}

fn orders() -> Vec<Order<RoleField>> {
    use Direction::{Ascending, Descending};
    use RoleField::{Id, Name};
    vec![
        Order::by_key(),
        Order::by(&[(Id, Descending)]),
        Order::by(&[(Name, Ascending)]),
        Order::by(&[(Name, Descending), (Id, Ascending)]),
    ]
}

#[test]
fn whatever_is_asked_of_both_kinds_together_is_answered_as_of_one_list() {
    let (engine, all) = with_own_roles();
    let text = |text: &str| Value::Text(text.to_owned());
    for filter in conditions() {
        for order in orders() {
            for skip in [0, 1, 3, 50, 144, 145, 150, 151, 500] {
                for limit in [0, 1, 2, 100, usize::MAX] {
                    for is_later in [false, true] {
                        let values = |(field, _): &(RoleField, _)| match field {
                            RoleField::Id => text("7fffffff-0000-0000-0000-000000000000"),
                            RoleField::Name => text("identity"),
                        };
                        let place = Position(order.fields().iter().map(values).collect());
                        let query = RoleQuery {
                            filter: filter.clone(),
                            after: is_later.then_some(place),
                            order: order.clone(),
                            skip,
                            limit,
                            total: Total::Count,
                        };
                        let rows = all.iter().cloned();
                        let expected = query.select(rows, |role, field| field.value(role));
                        let page = block_on(engine.list_roles(&caller(), &query)).unwrap();
                        assert_eq!(page.roles, expected.rows, "{query:?}");
                        assert_eq!(page.total, expected.total, "{query:?}");
                        let goes_on = expected.more && 0 < limit;
                        assert_eq!(page.next.is_some(), goes_on, "{query:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_role_can_be_named_by_its_id_also_a_removed_one_and_no_other() {
    let (engine, all) = with_own_roles();
    let removed = RoleId::from_u128(1);
    block_on(engine.delete_role(&caller(), removed)).unwrap();
    let unknown = RoleId::from_u128(2);
    let ids = all.iter().map(|role| role.id).chain([unknown]);
    let named = block_on(engine.named_roles(&caller(), ids)).unwrap();
    for role in all {
        let name = named.get(role.id).map(|role| role.name.clone());
        assert_eq!(name, Some(role.name));
    }
    assert_eq!(named.get(unknown), None);
    assert!(!named.get(removed).unwrap().is_there());
    let mut other = caller();
    other.tenant = "other".parse().unwrap();
    let named = block_on(engine.named_roles(&other, [removed])).unwrap();
    assert_eq!(named.get(removed), None);
}
