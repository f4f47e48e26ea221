//! The roles of a tenant, over the in-memory model: the built-in ones and its own in one list.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use futures::executor::block_on;
use pimento_domain::{Caller, Cause, Policy, Role, RoleId, RoleName, Uuid, role};
use pimento_engine::{Admission, Engine, Total};
use pimento_store::Clock;
use pimento_store::memory::MemoryStore;

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
            let page = engine.list_roles(&caller, after, limit, Total::Count);
            let page = block_on(page).unwrap();
            assert_eq!(page.total, Some(151));
            assert!(page.roles.len() <= limit);
            found.extend(page.roles);
            after = page.next;
            if after.is_none() {
                break;
            }
            assert_eq!(after, found.last().map(|role| role.id));
        }
        assert_eq!(found, all, "pages of {limit}");
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
