//! Administrators' requests: they give a role to somebody, now or later, eligible or active.

use super::*;
use crate::rules::{due, make_eligible};

fn assigned(grants: Kind, start: Option<i64>, ending: Ending) -> NewRequest {
    NewRequest {
        kind: RequestKind::Assignment,
        grants,
        start: start.map(at),
        ending,
        ..asked()
    }
}

#[test]
fn what_has_no_end_lasts() {
    for (kind, state) in [
        (Kind::Eligible, State::Eligible),
        (Kind::Active, State::Permanent),
    ] {
        let facts = facts(ORDINARY, Vec::new());
        let new = assigned(kind, None, Ending::Unsaid);
        let (grants, requests, events) = change(create_request(&facts, &ada(), &new));
        assert_eq!(grants, [grant(kind, 0, None, Origin::Request(REQUEST))]);
        assert_eq!(requests[0].status(at(0)), Status::Completed);
        assert_eq!(kinds(&events), [EventKind::Assign]);
        assert_eq!(events[0].after, After::Assignment(Some(state)));
    }
}

#[test]
fn an_active_assignment_with_an_end_is_gone_at_its_end() {
    let ending = Ending::After(Length::Exactly(minutes(6000)));
    let new = assigned(Kind::Active, None, ending);
    let (grants, ..) = change(create_request(&facts(ORDINARY, Vec::new()), &ada(), &new));
    let state = |minute| holding("tess", ORDINARY, grants.clone()).state(at(minute));
    assert_eq!(state(5999), Some(State::Active { until: at(6000) }));
    assert_eq!(state(6000), None);
}

#[test]
fn an_assignment_for_later_begins_later() {
    let new = assigned(Kind::Eligible, Some(60), Ending::At(at(600)));
    let (grants, requests, events) =
        change(create_request(&facts(ORDINARY, Vec::new()), &ada(), &new));
    assert_eq!(requests[0].status(at(59)), Status::Scheduled);
    assert_eq!(kinds(&events), [EventKind::Schedule]);
    assert_eq!(events[0].after, After::Assignment(None));
    let state = |minute| holding("tess", ORDINARY, grants.clone()).state(at(minute));
    assert_eq!(state(59), None);
    assert_eq!(state(60), Some(State::Eligible));
    assert_eq!(state(600), None);
}

#[test]
fn an_active_assignment_says_that_it_goes_without_the_approval_that_is_demanded() {
    for (kind, without) in [(Kind::Active, true), (Kind::Eligible, false)] {
        let facts = with_approval(facts(ORDINARY, Vec::new()), &[]);
        let new = assigned(kind, None, Ending::Unsaid);
        let (_, _, events) = change(create_request(&facts, &ada(), &new));
        assert_eq!(events[0].without_approval, without);
    }
}

#[test]
fn a_self_grant_is_flagged_and_can_be_forbidden() {
    let own = caller("tess", &[PRIVILEGED_ROLE_ADMINISTRATOR]);
    let facts = facts(ORDINARY, Vec::new());
    let new = assigned(Kind::Eligible, None, Ending::Unsaid);
    let (_, _, events) = change(create_request(&facts, &own, &new));
    assert!(events[0].self_grant);
    assert_eq!(
        create_request(&forbidding_self_grants(facts), &own, &new),
        Err(Denied::SelfGrantForbidden)
    );
}

#[test]
fn only_administrators_give_roles_to_others() {
    let others = [
        SECURITY_ADMINISTRATOR,
        GLOBAL_ADMINISTRATOR,
        SECURITY_READER,
    ];
    let new = assigned(Kind::Eligible, None, Ending::Unsaid);
    for by in [caller("sam", &others), tess()] {
        assert_eq!(
            create_request(&facts(ORDINARY, Vec::new()), &by, &new),
            Err(Denied::RoleMissing(&[PRIVILEGED_ROLE_ADMINISTRATOR]))
        );
    }
}

#[test]
fn a_reason_is_needed() {
    let new = NewRequest {
        justification: Justification::default(),
        ..assigned(Kind::Eligible, None, Ending::Unsaid)
    };
    assert_eq!(
        create_request(&facts(ORDINARY, Vec::new()), &ada(), &new),
        policy(&[Failure::ReasonMissing])
    );
}

#[test]
fn a_length_lasts_some_time_and_is_refused_together_with_a_missing_reason() {
    let facts = facts(ORDINARY, Vec::new());
    for sent in [0, -60].map(minutes) {
        let ending = Ending::After(Length::Exactly(sent));
        let new = assigned(Kind::Active, None, ending);
        let empty = Failure::Empty { sent };
        assert_eq!(create_request(&facts, &ada(), &new), policy(&[empty]));
        let new = NewRequest {
            justification: Justification::default(),
            ..new
        };
        assert_eq!(
            create_request(&facts, &ada(), &new),
            policy(&[empty, Failure::ReasonMissing])
        );
    }
}

#[test]
fn nobody_is_given_twice_what_they_have() {
    let eligible = assigned(Kind::Eligible, None, Ending::Unsaid);
    let active = assigned(Kind::Active, None, Ending::Unsaid);
    let give = |grants, new| create_request(&facts(ORDINARY, grants), &ada(), new);
    assert_eq!(give(e(), &eligible), Err(Denied::AssignmentExists));
    assert_eq!(give(ea(), &eligible), Err(Denied::AssignmentExists));
    assert_eq!(give(p(), &active), Err(Denied::AlreadyActive(None)));
    assert_eq!(
        give(ea(), &active),
        Err(Denied::AlreadyActive(Some(at(90))))
    );
    assert!(give(e(), &active).is_ok());
    assert!(give(a(), &eligible).is_ok());
}

#[test]
fn who_waits_for_an_approval_is_not_made_active_beside_it() {
    let facts = waiting(60, 120, 30);
    let new = |kind| NewRequest {
        id: RequestId::new(Uuid::from_u128(8)),
        ..assigned(kind, None, Ending::Unsaid)
    };
    assert_eq!(
        create_request(&facts, &ada(), &new(Kind::Active)),
        Err(Denied::PendingRequestExists(REQUEST))
    );
    assert_eq!(
        create_request(&facts, &ada(), &new(Kind::Eligible)),
        Err(Denied::AssignmentExists)
    );
}

#[test]
fn whoever_is_permanent_can_be_made_eligible_besides_and_falls_back_to_that() {
    for (end, left) in [(None, Some(State::Eligible)), (Some(600), None)] {
        let ending = end.map_or(Ending::Unsaid, |end| Ending::At(at(end)));
        let permanent = facts(ORDINARY, p());
        let new = assigned(Kind::Eligible, None, ending);
        let (grants, _, events) = change(create_request(&permanent, &ada(), &new));
        assert_eq!(events[0].after, After::Assignment(Some(State::Permanent)));
        assert_eq!(events[0].until, end.map(at));

        // What is taken from them is the permanent grant alone: they stay eligible as long as they were to be.
        let both = facts(ORDINARY, grants);
        let (grants, _, events) = change(make_eligible(&both, &ada()));
        assert_eq!(events[0].after, After::Assignment(Some(State::Eligible)));
        let state = |minute| holding("tess", ORDINARY, grants.clone()).state(at(minute));
        assert_eq!(state(599), Some(State::Eligible));
        assert_eq!(state(600), left);
    }
}

#[test]
fn what_is_given_for_later_says_where_it_is_given_that_it_goes_without_approval() {
    let demanding = with_approval(facts(ORDINARY, Vec::new()), &[]);
    let new = assigned(Kind::Active, Some(60), Ending::Unsaid);
    let (grants, requests, events) = change(create_request(&demanding, &ada(), &new));
    assert_eq!(kinds(&events), [EventKind::Schedule]);
    assert!(events[0].without_approval);
    let begun = Facts {
        now: at(60),
        holding: holding("tess", ORDINARY, grants),
        requests,
        ..demanding
    };
    let begin = &due(&begun).events[0];
    assert_eq!(
        (begin.kind, begin.without_approval),
        (EventKind::Assign, false)
    );
}
