//! Sign-up: who may, which tenants, and what it gives.

use super::*;
use crate::rules::{SignUpFacts, can_sign_up, sign_up};

/// A tenant that may register and has not.
fn admitted() -> SignUpFacts {
    SignUpFacts {
        now: at(0),
        registered: false,
        admitted: true,
    }
}

fn not_admitted() -> SignUpFacts {
    SignUpFacts {
        admitted: false,
        ..admitted()
    }
}

fn registered() -> SignUpFacts {
    SignUpFacts {
        registered: true,
        ..admitted()
    }
}

/// Registered once, and since taken out of the configuration.
fn registered_and_no_longer_admitted() -> SignUpFacts {
    SignUpFacts {
        registered: true,
        ..not_admitted()
    }
}

fn founder() -> Caller {
    caller("fay", &[GLOBAL_ADMINISTRATOR])
}

/// Everybody who is no Global Administrator, up to an administrator of everything else.
fn others() -> [Caller; 3] {
    let all_but_one = [
        PRIVILEGED_ROLE_ADMINISTRATOR,
        SECURITY_ADMINISTRATOR,
        SECURITY_READER,
        ORDINARY,
    ];
    [tess(), ada(), caller("sam", &all_but_one)]
}

#[test]
fn a_global_administrator_registers_the_tenant_and_becomes_its_first_administrator() {
    let permanent = grant(Kind::Active, 0, None, Origin::SignUp);
    let holdings = KEPT.map(|role| holding("fay", role, vec![permanent]));
    let done = |kind, role, after| Event {
        at: at(0),
        kind,
        actor: Actor::Principal(principal("fay")),
        principal: Some(principal("fay")),
        role,
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after,
    };
    let assigned = KEPT.map(|role| {
        let after = After::Assignment(Some(State::Permanent));
        done(EventKind::Assign, Some(role), after)
    });
    let signed_up = done(EventKind::SignUp, None, After::Registered);
    assert_eq!(
        sign_up(&admitted(), &founder()),
        Ok(Some((
            holdings.into(),
            Events::new(assigned.into(), signed_up)
        )))
    );
}

#[test]
fn a_registered_tenant_gets_nothing_by_another_sign_up() {
    for facts in [registered(), registered_and_no_longer_admitted()] {
        assert_eq!(sign_up(&facts, &founder()), Ok(None));
    }
}

#[test]
fn a_tenant_that_is_not_admitted_cannot_register() {
    assert_eq!(
        sign_up(&not_admitted(), &founder()),
        Err(Denied::TenantNotAdmitted)
    );
}

#[test]
fn nobody_but_a_global_administrator_signs_a_tenant_up() {
    for facts in [
        admitted(),
        not_admitted(),
        registered(),
        registered_and_no_longer_admitted(),
    ] {
        for caller in others() {
            assert_eq!(
                sign_up(&facts, &caller),
                Err(Denied::RoleMissing(&[GLOBAL_ADMINISTRATOR]))
            );
        }
    }
}

#[test]
fn can_sign_up_is_true_only_where_a_sign_up_would_register_the_tenant() {
    assert!(can_sign_up(&admitted(), &founder()));
    for facts in [
        not_admitted(),
        registered(),
        registered_and_no_longer_admitted(),
    ] {
        assert!(!can_sign_up(&facts, &founder()));
    }
    for caller in others() {
        assert!(!can_sign_up(&admitted(), &caller));
    }
}
