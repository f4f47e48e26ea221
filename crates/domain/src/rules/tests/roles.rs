//! Roles of a tenant's own.

use super::super::{create_role, delete_role, update_role};
use super::*;
use crate::{Role, RoleName, Uses};

const OWN: RoleId = RoleId::from_u128(7);
const OTHER: RoleId = RoleId::from_u128(8);

fn name(text: &str) -> RoleName {
    RoleName::parse(text).unwrap()
}

fn own(id: RoleId, text: &str) -> Role {
    Role::own(id, name(text))
}

fn events(kind: EventKind, after: After) -> Events {
    let event = Event {
        at: at(0),
        kind,
        actor: Actor::Principal(principal("ada")),
        principal: None,
        role: Some(OWN),
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after,
    };
    Events::new(Vec::new(), event)
}

#[test]
fn a_new_role_has_its_name_and_the_log_says_so() {
    let expected = events(EventKind::CreateRole, After::Role(name("Night watch")));
    assert_eq!(
        create_role(at(0), OWN, &name("Night watch"), None, &ada()),
        Ok((own(OWN, "Night watch"), expected))
    );
}

#[test]
fn a_name_of_another_role_is_taken_whatever_its_letter_case() {
    let taken = own(OTHER, "NIGHT watch");
    let (role, watch) = (own(OWN, "Ops"), name("Night Watch"));
    let refused = Denied::RoleNameTaken(OTHER);
    let created = create_role(at(0), OWN, &watch, Some(&taken), &ada());
    assert_eq!(created, Err(refused.clone()));
    let renamed = update_role(at(0), &role, &watch, Some(&taken), &ada());
    assert_eq!(renamed, Err(refused));
    let built_in = name("security READER");
    let refused = Denied::RoleNameTaken(SECURITY_READER);
    let created = create_role(at(0), OWN, &built_in, None, &ada());
    assert_eq!(created, Err(refused.clone()));
    let renamed = update_role(at(0), &role, &built_in, None, &ada());
    assert_eq!(renamed, Err(refused));
}

#[test]
fn a_role_is_renamed_also_to_its_own_name_in_another_case_and_to_the_same_nothing_happens() {
    let role = own(OWN, "Ops");
    for (new, named) in [("Operations", None), ("OPS", Some(&role))] {
        let expected = events(EventKind::RenameRole, After::Role(name(new)));
        assert_eq!(
            update_role(at(0), &role, &name(new), named, &ada()),
            Ok(Some((own(OWN, new), expected)))
        );
    }
    let same = update_role(at(0), &role, &name("Ops"), Some(&role), &ada());
    assert_eq!(same, Ok(None));
}

#[test]
fn a_role_is_removed_only_where_nobody_has_it_or_asks_for_it() {
    let role = own(OWN, "Ops");
    let expected = events(EventKind::RemoveRole, After::RoleRemoved);
    let none = Uses::default();
    assert_eq!(delete_role(at(0), &role, none, &ada()), Ok(expected));
    for (holders, requests) in [(1, 0), (0, 1), (3, 2)] {
        let uses = Uses { holders, requests };
        let refused = Err(Denied::RoleInUse(uses));
        assert_eq!(delete_role(at(0), &role, uses, &ada()), refused);
    }
}

#[test]
fn a_built_in_role_stays_as_it_is_and_a_removed_one_is_not_found() {
    let built_in = role::find(SECURITY_READER).unwrap();
    let removed = own(OWN, "Ops").removed();
    let none = Uses::default();
    for (role, refused) in [
        (built_in, Denied::RoleIsBuiltIn),
        (&removed, Denied::NotFound),
    ] {
        for new in [name("Ops"), role.name.clone()] {
            let renamed = update_role(at(0), role, &new, None, &ada());
            assert_eq!(renamed, Err(refused.clone()));
        }
        let deleted = delete_role(at(0), role, none, &ada());
        assert_eq!(deleted, Err(refused));
    }
}
