//! Who sees what.

use super::*;
use crate::rules::{see_principal, see_role};

fn refused() -> Result<(), Denied> {
    Err(Denied::RoleMissing(&[
        PRIVILEGED_ROLE_ADMINISTRATOR,
        GLOBAL_ADMINISTRATOR,
        SECURITY_ADMINISTRATOR,
        SECURITY_READER,
    ]))
}

/// The four that see everything, each by one role alone.
fn readers() -> [Caller; 4] {
    [
        PRIVILEGED_ROLE_ADMINISTRATOR,
        GLOBAL_ADMINISTRATOR,
        SECURITY_ADMINISTRATOR,
        SECURITY_READER,
    ]
    .map(|role| caller("rita", &[role]))
}

#[test]
fn a_reader_sees_everybody() {
    for reader in readers() {
        assert_eq!(see_principal(&reader, &principal("tess")), Ok(()));
    }
}

#[test]
fn everybody_sees_themselves() {
    assert_eq!(see_principal(&tess(), &principal("tess")), Ok(()));
}

#[test]
fn nobody_else_sees_others() {
    for caller in [tess(), caller("otto", &[ORDINARY])] {
        assert_eq!(see_principal(&caller, &principal("ada")), refused());
    }
}

#[test]
fn a_reader_sees_every_role() {
    for reader in readers() {
        let own = holding("rita", ORDINARY, Vec::new());
        assert_eq!(see_role(&reader, &own, at(0)), Ok(()));
    }
}

#[test]
fn everybody_sees_the_roles_of_their_own_assignments() {
    for grants in [p(), e(), ea(), a()] {
        let own = holding("tess", ORDINARY, grants);
        assert_eq!(see_role(&tess(), &own, at(0)), Ok(()));
    }
}

#[test]
fn a_role_that_is_not_assigned_now_is_not_seen() {
    for grants in [
        Vec::new(),
        vec![active(-60, Some(0))],
        vec![eligible(-60, Some(0))],
        vec![eligible(1, None)],
    ] {
        let own = holding("tess", ORDINARY, grants);
        assert_eq!(see_role(&tess(), &own, at(0)), refused());
    }
}

#[test]
fn the_assignment_of_somebody_else_shows_nobody_a_role() {
    let of_another = holding("ada", ORDINARY, p());
    assert_eq!(see_role(&tess(), &of_another, at(0)), refused());
}
