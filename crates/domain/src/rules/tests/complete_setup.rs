//! Set-up: what each action makes of each state, by which rules, and that it ends once.

use super::*;
use crate::rules::{
    CreateAssignment, create_assignment, delete_assignment, make_eligible, make_permanent,
};
use crate::rules::{allow_setup, complete_setup, set_up_assignment};
use crate::{Setup, SetupAction};

const ACTIONS: [SetupAction; 3] = [
    SetupAction::Permanent,
    SetupAction::Temporary,
    SetupAction::Remove,
];

/// A Global Administrator, whom no rule about rows knows.
fn gia() -> Caller {
    caller("gia", &[GLOBAL_ADMINISTRATOR])
}

fn given(facts: &Facts, elevated: bool) -> Result<Outcome, Denied> {
    let new = CreateAssignment {
        elevated: Some(elevated),
        until: None,
    };
    create_assignment(facts, &gia(), &new)
}

#[test]
fn whoever_holds_nothing_is_given_what_the_action_says_and_nothing_can_be_removed() {
    let facts = facts(ORDINARY, Vec::new());
    let expected = [
        given(&facts, true),
        given(&facts, false),
        Err(Denied::NotFound),
    ];
    for (action, expected) in ACTIONS.into_iter().zip(expected) {
        assert_eq!(set_up_assignment(&facts, &gia(), action), expected);
    }
    assert!(given(&facts, true).is_ok() && given(&facts, false).is_ok());
}

#[test]
fn whoever_holds_something_is_changed_as_by_the_command_of_that_effect() {
    for grants in [p(), e(), ea(), a()] {
        let facts = facts(ORDINARY, grants);
        let expected = [
            make_permanent(&facts, &gia(), &Justification::default()),
            make_eligible(&facts, &gia()),
            delete_assignment(&facts, &gia()),
        ];
        for (action, expected) in ACTIONS.into_iter().zip(expected) {
            assert!(expected.is_ok());
            assert_eq!(set_up_assignment(&facts, &gia(), action), expected);
        }
    }
}

#[test]
fn nothing_takes_the_last_administrator_away() {
    let facts = facts_beside(Vec::new(), PRIVILEGED_ROLE_ADMINISTRATOR, p());
    let removed = set_up_assignment(&facts, &gia(), SetupAction::Remove);
    assert_eq!(removed, Err(Denied::LastAdministrator));
    let facts = with_approval(facts, &[]);
    let temporary = set_up_assignment(&facts, &gia(), SetupAction::Temporary);
    assert_eq!(temporary, Err(Denied::LastAdministrator));
}

#[test]
fn where_the_deployment_forbids_it_nobody_gives_themselves_a_role_by_setting_up() {
    let own = |grants| forbidding_self_grants(facts(ORDINARY, grants));
    let tess = caller("tess", &[GLOBAL_ADMINISTRATOR]);
    for grants in [Vec::new(), e()] {
        let permanent = set_up_assignment(&own(grants), &tess, SetupAction::Permanent);
        assert_eq!(permanent, Err(Denied::SelfGrantForbidden));
    }
    let eligible = set_up_assignment(&own(Vec::new()), &tess, SetupAction::Temporary);
    assert_eq!(eligible, Err(Denied::SelfGrantForbidden));
}

#[test]
fn it_is_completed_once_from_wherever_it_was() {
    for setup in [Setup::NotStarted, Setup::InProgress] {
        assert_eq!(allow_setup(setup), Ok(()));
        let events = complete_setup(at(0), setup, &gia()).unwrap();
        let completed = Event {
            principal: None,
            role: None,
            after: After::SetUp,
            ..event(
                &facts(ORDINARY, Vec::new()),
                &gia(),
                EventKind::CompleteSetup,
                None,
            )
        };
        assert_eq!(events, Events::new(Vec::new(), completed));
    }
    assert_eq!(allow_setup(Setup::Completed), Err(Denied::SetupCompleted));
    let again = complete_setup(at(0), Setup::Completed, &gia());
    assert_eq!(again, Err(Denied::SetupCompleted));
}
