//! What holds whatever rows there are. What holds after any sequence of commands stands with the tests of the whole
//! program, which hold sequences against a reference model.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::rules::{
    CreateAssignment, Length, create_assignment, delete_assignment, make_eligible, make_permanent,
    self_deactivate,
};

/// Any rows at all: over, standing or to come, overlapping or not.
fn grants() -> impl Strategy<Value = Vec<Grant>> {
    let kind = select(vec![Kind::Active, Kind::Eligible]);
    let origin = select(vec![Origin::Administrator, Origin::Activation]);
    let length = prop::option::weighted(0.8, 1i64..200);
    let row = (kind, -200i64..100, length, origin).prop_map(|(kind, start, length, origin)| {
        grant(kind, start, length.map(|length| start + length), origin)
    });
    prop::collection::vec(row, 0..6)
}

/// The rows of the table of actions by state. Every one concerns Tess; only makeEligible tells by whom.
#[derive(Clone, Copy, Debug)]
enum Row {
    Create,
    MakePermanent,
    MakeOtherEligible,
    MakeOwnEligible,
    SelfActivate,
    SelfDeactivate,
    Delete,
}

const ROWS: [Row; 7] = [
    Row::Create,
    Row::MakePermanent,
    Row::MakeOtherEligible,
    Row::MakeOwnEligible,
    Row::SelfActivate,
    Row::SelfDeactivate,
    Row::Delete,
];

fn decide(row: Row, facts: &Facts) -> Result<Outcome, Denied> {
    let why = Justification::default();
    match row {
        Row::Create => create_assignment(facts, &ada(), &CreateAssignment::default()),
        Row::MakePermanent => make_permanent(facts, &ada(), &why),
        Row::MakeOtherEligible => make_eligible(facts, &ada()),
        Row::MakeOwnEligible => make_eligible(facts, &tess()),
        Row::SelfActivate => activate_for(facts, &tess(), Length::Default, &why),
        Row::SelfDeactivate => self_deactivate(facts, &tess()),
        Row::Delete => delete_assignment(facts, &ada()),
    }
}

/// The table once more, as the states that follow: `Ok(None)` where the assignment is gone.
fn table(row: Row, facts: &Facts, state: Option<State>) -> Result<Option<State>, Denied> {
    let default = eligible_and_active(60);
    let kept = KEPT.contains(&facts.role.id);
    match (row, state) {
        (Row::Create, None) => Ok(default),
        (Row::Create, Some(_)) => Err(Denied::AssignmentExists),
        (Row::SelfActivate, None) => {
            let to_come = |grant: &&Grant| grant.kind == Kind::Eligible && at(0) < grant.start;
            let grants = facts.holding.grants.iter().filter(to_come);
            let eligible = grants.min_by_key(|grant| grant.start);
            Err(Denied::Policy(Failures::only(Failure::NotEligible {
                sent: None,
                eligible: eligible.map(|grant| (grant.start, grant.end)),
            })))
        }
        (Row::SelfDeactivate, None) => Err(Denied::AssignmentDoesNotExist),
        (_, None) => Err(Denied::NotFound),
        (Row::MakePermanent, Some(_)) => Ok(Some(State::Permanent)),
        (Row::Delete, Some(_)) => Ok(None),
        (Row::MakeOwnEligible, Some(State::Permanent)) if kept => Ok(default),
        (Row::MakeOwnEligible, Some(State::Active { until })) if kept => {
            Ok(Some(State::EligibleAndActive { until }))
        }
        (
            Row::MakeOtherEligible | Row::MakeOwnEligible,
            Some(State::Permanent | State::Active { .. }),
        ) => Ok(Some(State::Eligible)),
        (Row::MakeOtherEligible | Row::MakeOwnEligible, unchanged) => Ok(unchanged),
        (Row::SelfActivate, Some(State::Eligible)) => Ok(default),
        (Row::SelfActivate, Some(active)) => Err(Denied::AlreadyActive(active.until())),
        (Row::SelfDeactivate, Some(State::Permanent)) => Err(Denied::Permanent),
        (Row::SelfDeactivate, Some(State::Active { .. })) => Ok(None),
        (Row::SelfDeactivate, Some(_)) => Ok(Some(State::Eligible)),
    }
}

/// The log says what the grants come to, in order, and no grant that has ended is carried on.
fn check_changed(facts: &Facts, grants: &[Grant], events: &Events) {
    let state = holding("anybody", facts.role.id, grants.to_vec()).state(facts.now);
    let last = events.iter().last().unwrap();
    assert_eq!(last.after, After::Assignment(state));
    assert_eq!(last.at, facts.now);
    assert!(events.iter().is_sorted_by_key(|event| event.at));
    assert!(
        grants
            .iter()
            .all(|grant| grant.end.is_none_or(|end| facts.now < end))
    );
    if matches!(last.kind, EventKind::Assign | EventKind::Activate) {
        assert_eq!(last.until, state.and_then(State::until));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn the_table_holds_whatever_grants_make_up_a_state(
        row in select(&ROWS[..]),
        role in select(vec![ORDINARY, SECURITY_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR]),
        grants in grants(),
    ) {
        let facts = facts(role, grants);
        let before = facts.holding.state(at(0));
        // What is only to begin is there to be deleted, and for nothing else.
        let stands = !facts.standing().is_empty();
        let after = match decide(row, &facts) {
            Ok(Outcome::Changed { grants, events, .. }) => {
                check_changed(&facts, &grants, &events);
                Ok(holding("tess", role, grants).state(at(0)))
            }
            Ok(Outcome::Unchanged(_)) => Ok(before),
            Err(denied) => Err(denied),
        };
        let expected = if matches!(row, Row::Delete) && stands {
            Ok(None)
        } else {
            table(row, &facts, before)
        };
        prop_assert_eq!(after, expected);
    }

    #[test]
    fn a_role_is_active_exactly_while_one_of_its_active_grants_holds(
        grants in grants(),
        moment in -250i64..350,
    ) {
        let holds = |grant: &&Grant| {
            grant.start <= at(moment) && grant.end.is_none_or(|end| at(moment) < end)
        };
        let live: Vec<&Grant> = grants.iter().filter(holds).collect();
        let active: Vec<&&Grant> = live.iter().filter(|grant| grant.kind == Kind::Active).collect();
        let state = holding("tess", ORDINARY, grants.clone()).state(at(moment));
        prop_assert_eq!(state.is_some(), !live.is_empty());
        prop_assert_eq!(state.is_some_and(State::is_active), !active.is_empty());
        if let Some(until) = state.and_then(State::until) {
            prop_assert!(active.iter().all(|grant| grant.end.is_some_and(|end| end <= until)));
            prop_assert!(active.iter().any(|grant| grant.end == Some(until)));
        }
    }
}
