//! Cases: the roles of a tenant's own.

use pimento_domain::{Closing, Grant, MAX_ROLE_NAME_LENGTH, Request, Role, RoleId, Uses, Verdict};

use super::requests::{decided, pending, request};
use super::samples::{
    acme, changeset, eligible, hold, hour, load, now, permanent, role, role_name, settings, tenant,
    write,
};
use crate::{
    Change, Expected, Loaded, Position, Revision, RoleQuery, Store, StoreError, Total, Value,
    Wanted,
};

fn make(id: u128, name: &str) -> Change {
    Change::Role(role(id), role_name(name))
}

fn own(id: u128, name: &str) -> Role {
    Role::own(role(id), role_name(name))
}

/// Everything that concerns a role but who holds it; with a look for a name.
async fn look(store: &dyn Store, id: u128, name: &str) -> Loaded {
    let wanted = Wanted {
        settings: Some(role(id)),
        role: Some(role(id)),
        role_name: Some(role_name(name)),
        uses: Some(role(id)),
        ..Wanted::default()
    };
    load(store, &acme(), &wanted).await
}

async fn list(store: &dyn Store, after: Option<RoleId>, limit: usize) -> (Vec<Role>, bool, u64) {
    let query = RoleQuery {
        after: after.map(|id| Position(vec![Value::Text(id.to_string())])),
        limit,
        total: Total::Count,
        ..RoleQuery::everything()
    };
    let page = store.list_roles(&acme(), &query).await;
    let page = page.expect("a store that works");
    (page.roles, page.more, page.total.expect("it was asked for"))
}

async fn named(store: &dyn Store, ids: &[u128]) -> Vec<Role> {
    let ids: Vec<RoleId> = ids.iter().copied().map(role).collect();
    let found = store.roles(&acme(), &ids).await;
    found.expect("a store that works")
}

pub async fn a_role_is_read_back_equal_by_its_id_and_listed_with_any_name(store: &dyn Store) {
    let longest = "ß".repeat(MAX_ROLE_NAME_LENGTH);
    let drop_table = "'; DROP TABLE roles; --";
    for name in [
        "x",
        "a  b",
        "日本語 🌶 e\u{301}",
        drop_table,
        &longest,
        "%_*?",
    ] {
        write(store, &acme(), vec![make(1, name)]).await;
        assert_eq!(look(store, 1, name).await.role, Some(own(1, name)));
        assert_eq!(list(store, None, 9).await, (vec![own(1, name)], false, 1));
        assert_eq!(named(store, &[1]).await, [own(1, name)]);
    }
}

pub async fn a_role_is_found_by_its_name_in_any_letter_case(store: &dyn Store) {
    write(
        store,
        &acme(),
        vec![make(1, "Ärzte im Dienst"), make(2, "B")],
    )
    .await;
    write(store, &acme(), vec![make(3, "Επί της οδού")]).await;
    let found = look(store, 2, "ΕΠΊ ΤΗΣ ΟΔΟΎ").await.named;
    assert_eq!(found, Some(own(3, "Επί της οδού")));
    for name in ["Ärzte im Dienst", "ÄRZTE IM DIENST", "ärzte im dienst"] {
        let found = look(store, 2, name).await.named;
        assert_eq!(found, Some(own(1, "Ärzte im Dienst")), "{name}");
    }
    for name in ["Arzte im Dienst", "Ärzte  im Dienst", "Ärzte", "%", "_"] {
        assert_eq!(look(store, 2, name).await.named, None, "{name}");
    }
    write(store, &acme(), vec![make(1, "C")]).await;
    assert_eq!(look(store, 1, "Ärzte im Dienst").await.named, None);
    assert_eq!(look(store, 1, "c").await.named, Some(own(1, "C")));
}

pub async fn a_removed_role_is_only_found_by_its_id_and_leaves_its_name_free(store: &dyn Store) {
    let settings = Change::Settings(role(1), settings());
    write(store, &acme(), vec![make(1, "Ops"), make(2, "B"), settings]).await;
    write(store, &acme(), vec![Change::RemoveRole(role(1))]).await;
    let loaded = look(store, 1, "ops").await;
    assert_eq!(loaded.role, Some(own(1, "Ops").removed()));
    assert_eq!((loaded.named, loaded.settings), (None, None));
    assert!(
        loaded
            .expected
            .contains(&Expected::Settings(role(1), Revision::ABSENT))
    );
    assert_eq!(list(store, None, 9).await, (vec![own(2, "B")], false, 1));
    write(store, &acme(), vec![make(3, "OPS")]).await;
    assert_eq!(look(store, 1, "ops").await.named, Some(own(3, "OPS")));
    let expected = [own(3, "OPS"), own(1, "Ops").removed()];
    assert_eq!(named(store, &[3, 4, 1]).await, expected);
}

pub async fn a_role_that_never_was_is_not_made_by_removing_it(store: &dyn Store) {
    write(store, &acme(), vec![Change::RemoveRole(role(1))]).await;
    assert_eq!(look(store, 1, "x").await.role, None);
    assert_eq!(named(store, &[1]).await, []);
}

pub async fn pages_of_roles_have_no_gaps_and_no_doubles(store: &dyn Store) {
    let ids = [0, 1, 9, 10, 255, u128::MAX];
    let names: Vec<String> = ids.iter().map(|id| format!("Role {id}")).collect();
    let roles: Vec<(u128, &String)> = ids.into_iter().zip(&names).collect();
    let mut changes: Vec<Change> = roles.iter().map(|(id, name)| make(*id, name)).collect();
    changes.reverse();
    changes.push(make(5, "Gone"));
    changes.push(Change::RemoveRole(role(5)));
    write(store, &acme(), changes).await;
    let all: Vec<Role> = roles.iter().map(|(id, name)| own(*id, name)).collect();
    for limit in 1..=7 {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let (page, more, total) = list(store, after, limit).await;
            assert_eq!(total, 6);
            after = page.last().map(|role| role.id);
            found.extend(page);
            if !more {
                break;
            }
        }
        assert_eq!(found, all, "limit {limit}");
    }
    assert_eq!(list(store, Some(role(5)), 1).await.0, [own(9, "Role 9")]);
}

pub async fn roles_of_another_tenant_are_not_there(store: &dyn Store) {
    let other = tenant("Acme");
    write(
        store,
        &other,
        vec![make(1, "Ops"), hold("ada", 1, &[permanent()])],
    )
    .await;
    let loaded = look(store, 1, "Ops").await;
    assert_eq!((loaded.role, loaded.named), (None, None));
    assert!(loaded.uses.is_none());
    assert_eq!(list(store, None, 9).await, (vec![], false, 0));
    assert_eq!(named(store, &[1]).await, []);
    write(
        store,
        &acme(),
        vec![make(1, "Mine"), Change::RemoveRole(role(1))],
    )
    .await;
    let theirs = store.roles(&other, &[role(1)]).await;
    assert_eq!(theirs, Ok(vec![own(1, "Ops")]));
}

fn grant(grant: Grant, start: i64, end: Option<i64>) -> Grant {
    Grant {
        start: hour(start),
        end: end.map(hour),
        ..grant
    }
}

/// Grants and requests of role 1, and by how much each of them counts among its uses.
fn each_use() -> Vec<(Change, Uses)> {
    let uses = |holders, requests| Uses { holders, requests };
    let ask = |request| Change::Request(Box::new(request));
    let scheduled = Request {
        start: hour(1),
        ..request(2, "eve", role(1))
    };
    let begun = Request {
        start: now(),
        ..request(3, "eve", role(1))
    };
    let closed = Request {
        closed: Some((now(), Closing::Cancelled)),
        ..pending(4, "eve", role(1))
    };
    let recorded = Request {
        recorded: true,
        ..pending(5, "eve", role(1))
    };
    let of_verdict = |id, verdict| Request {
        approval: decided(verdict),
        ..request(id, "eve", role(1))
    };
    vec![
        (ask(of_verdict(7, Verdict::Approved)), uses(0, 1)),
        (ask(of_verdict(8, Verdict::Denied)), uses(0, 0)),
        (hold("ada", 1, &[permanent(), eligible()]), uses(1, 0)),
        (
            hold("bob", 1, &[grant(eligible(), -2, Some(1))]),
            uses(1, 0),
        ),
        (hold("cid", 1, &[grant(permanent(), 5, None)]), uses(1, 0)),
        (
            hold("dan", 1, &[grant(permanent(), -2, Some(0))]),
            uses(0, 0),
        ),
        (hold("eve", 2, &[permanent()]), uses(0, 0)),
        (ask(pending(1, "eve", role(1))), uses(0, 1)),
        (ask(scheduled), uses(0, 1)),
        (ask(begun), uses(0, 0)),
        (ask(closed), uses(0, 0)),
        (ask(recorded), uses(0, 0)),
        (ask(pending(6, "eve", role(2))), uses(0, 0)),
    ]
}

pub async fn whoever_has_a_role_or_asks_for_it_is_counted_and_keeps_it(store: &dyn Store) {
    write(store, &acme(), vec![make(1, "Ops")]).await;
    let unused = || Expected::Unused(role(1), now());
    let mut all = Uses::default();
    for (change, uses) in each_use() {
        let before = store.events(&acme(), 0, 99).await.map(|log| log.len());
        write(store, &acme(), vec![change.clone()]).await;
        all.holders += uses.holders;
        all.requests += uses.requests;
        let loaded = look(store, 1, "Ops").await;
        assert_eq!(loaded.uses, all, "{change:?}");
        assert_eq!(loaded.expected.last(), Some(&unused()));
        let removal = changeset(&acme(), vec![unused()], vec![]);
        assert_eq!(store.commit(removal).await, Err(StoreError::Conflict));
        let after = store.events(&acme(), 0, 99).await.map(|log| log.len());
        assert_eq!(after, before.map(|count| count + 1));
    }
}

pub async fn a_role_is_unused_where_all_that_was_has_ended_by_then(store: &dyn Store) {
    for (change, uses) in each_use() {
        write(store, &acme(), vec![change.clone()]).await;
        let expected = vec![Expected::Unused(role(1), now())];
        let removal = store.commit(changeset(&acme(), expected, vec![]));
        assert_eq!(removal.await.is_ok(), uses.is_none(), "{change:?}");
        let gone = match change {
            Change::Holding(principal, role, _) => Change::Holding(principal, role, vec![]),
            Change::Request(request) => Change::Request(Box::new(Request {
                recorded: true,
                ..*request
            })),
            other => other,
        };
        write(store, &acme(), vec![gone]).await;
    }
    let ends = hold("ada", 1, &[grant(permanent(), -2, Some(1))]);
    write(store, &acme(), vec![ends]).await;
    for (at, passes) in [(now(), false), (hour(1), true)] {
        let expected = vec![Expected::Unused(role(1), at)];
        let removal = store.commit(changeset(&acme(), expected, vec![]));
        assert_eq!(removal.await.is_ok(), passes);
    }
}

pub async fn whoever_expects_a_role_conflicts_with_its_change_and_with_nobody_else(
    store: &dyn Store,
) {
    write(store, &acme(), vec![make(1, "Ops")]).await;
    let changes = [make(1, "Ops"), make(1, "B"), Change::RemoveRole(role(1))];
    for change in changes {
        let wanted = Wanted {
            role: Some(role(1)),
            ..Wanted::default()
        };
        let expected = load(store, &acme(), &wanted).await.expected;
        for who in ["ada", "bob"] {
            let given = vec![hold(who, 1, &[permanent()]), make(2, who)];
            let given = store.commit(changeset(&acme(), expected.clone(), given));
            assert!(given.await.is_ok(), "people do not wait for each other");
        }
        write(store, &acme(), vec![change]).await;
        let given = store.commit(changeset(&acme(), expected, vec![]));
        assert_eq!(given.await, Err(StoreError::Conflict));
    }
}

pub async fn of_two_who_take_a_free_name_the_second_conflicts(store: &dyn Store) {
    let free = look(store, 1, "Ops").await.expected;
    let of_name = |expected: &[Expected]| -> Vec<Expected> {
        let is_name = |one: &&Expected| matches!(one, Expected::RoleName(..));
        expected.iter().filter(is_name).cloned().collect()
    };
    let free = of_name(&free);
    let absent = Expected::RoleName(role_name("Ops"), Revision::ABSENT);
    assert_eq!(free, [absent]);
    let first = store.commit(changeset(&acme(), free.clone(), vec![make(1, "OPS")]));
    assert!(first.await.is_ok());
    let second = store.commit(changeset(&acme(), free.clone(), vec![make(2, "ops")]));
    assert_eq!(second.await, Err(StoreError::Conflict));
    let taken = of_name(&look(store, 1, "Ops").await.expected);
    assert!(
        store
            .commit(changeset(&acme(), taken, vec![]))
            .await
            .is_ok()
    );
    write(store, &acme(), vec![Change::RemoveRole(role(1))]).await;
    let third = store.commit(changeset(&acme(), free, vec![make(3, "Ops")]));
    assert!(third.await.is_ok(), "the name of a removed role is free");
}
