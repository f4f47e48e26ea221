//! What holds after any sequence of commands, by anybody, while the time goes on.

mod world;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::rules::{
    CreateAssignment, Length, create_assignment, delete_assignment, make_eligible, make_permanent,
    self_activate, self_deactivate,
};
use world::World;

const PEOPLE: [&str; 3] = ["fay", "gus", "hal"];
const ROLES: [RoleId; 2] = [PRIVILEGED_ROLE_ADMINISTRATOR, ORDINARY];

/// One principal in one role.
type Pair = (&'static str, RoleId);

#[derive(Clone, Debug)]
enum Command {
    Create(CreateMinutes),
    MakePermanent,
    MakeEligible,
    Delete,
    SelfActivate(Length, Justification),
    SelfDeactivate,
}

/// A create command whose end is so many minutes from when it is given.
#[derive(Clone, Copy, Debug)]
struct CreateMinutes {
    elevated: Option<bool>,
    until: Option<i64>,
}

#[derive(Clone, Debug)]
enum Step {
    /// The time goes on by so many minutes.
    Wait(i64),
    /// A command about a pair; what is for oneself is asked by that principal, the rest by the one named first.
    Ask(&'static str, Pair, Command),
    /// An update of a role's settings.
    Configure(RoleId, SettingsUpdate),
    /// Grants that later commands will be able to give, to a pair that has none: active without being eligible, and
    /// eligible until an end.
    Give(Pair, Kind, i64),
}

fn pair() -> impl Strategy<Value = Pair> {
    (select(&PEOPLE[..]), select(&ROLES[..]))
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        Just(Length::Minimum),
        Just(Length::Default),
        (-10i64..700).prop_map(|sent| Length::Exactly(minutes(sent))),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let create = (any::<Option<bool>>(), prop::option::of(-20i64..400))
        .prop_map(|(elevated, until)| Command::Create(CreateMinutes { elevated, until }));
    let justification = select(vec![Justification::default(), ticket()]);
    prop_oneof![
        2 => create,
        1 => Just(Command::MakePermanent),
        2 => Just(Command::MakeEligible),
        1 => Just(Command::Delete),
        4 => (length(), justification).prop_map(|(length, why)| Command::SelfActivate(length, why)),
        2 => Just(Command::SelfDeactivate),
    ]
}

fn update() -> impl Strategy<Value = SettingsUpdate> {
    let length = || prop::option::of((-10i64..100).prop_map(|tens| minutes(tens * 10)));
    let flag = any::<Option<bool>>;
    let approvers = prop::option::of(subsequence(&PEOPLE[..], 0..=PEOPLE.len()));
    (
        length(),
        length(),
        length(),
        flag(),
        flag(),
        flag(),
        approvers,
    )
        .prop_map(
            |(minimum, maximum, default, ticket, mfa, approval, approvers)| SettingsUpdate {
                minimum,
                maximum,
                default,
                ticket,
                mfa,
                approval,
                approvers: approvers.map(|names| names.into_iter().map(principal).collect()),
                notification: None,
            },
        )
}

fn step() -> impl Strategy<Value = Step> {
    let kind = select(vec![Kind::Active, Kind::Eligible]);
    let person = select(&PEOPLE[..]);
    let role = select(&ROLES[..]);
    prop_oneof![
        3 => (0i64..200).prop_map(Step::Wait),
        8 => (person, pair(), command()).prop_map(|(by, of, what)| Step::Ask(by, of, what)),
        1 => (role, update()).prop_map(|(role, update)| Step::Configure(role, update)),
        1 => (pair(), kind, 1i64..300).prop_map(|(of, kind, length)| Step::Give(of, kind, length)),
    ]
}

/// Whether activating an administrator's eligibility needs an approval from the start, and by whom.
fn approval() -> impl Strategy<Value = Option<Vec<&'static str>>> {
    prop::option::of(subsequence(&PEOPLE[..], 0..=PEOPLE.len()))
}

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
        Row::SelfActivate => self_activate(facts, &tess(), Length::Default, &why),
        Row::SelfDeactivate => self_deactivate(facts, &tess()),
        Row::Delete => delete_assignment(facts, &ada()),
    }
}

/// The table once more, as the states that follow: `Ok(None)` where the assignment is gone.
fn table(row: Row, role: RoleId, state: Option<State>) -> Result<Option<State>, Denied> {
    let default = eligible_and_active(60);
    let kept = KEPT.contains(&role);
    match (row, state) {
        (Row::Create, None) => Ok(default),
        (Row::Create, Some(_)) => Err(Denied::AssignmentExists),
        (Row::SelfActivate | Row::SelfDeactivate, None) => Err(Denied::AssignmentDoesNotExist),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn grants_and_log_agree_and_somebody_lasts_whatever_is_asked(
        approval in approval(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut world = World::new(approval);
        world.check();
        for step in steps {
            world.take(step);
            world.check();
        }
    }

    #[test]
    fn the_table_holds_whatever_grants_make_up_a_state(
        row in select(&ROWS[..]),
        role in select(vec![ORDINARY, SECURITY_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR]),
        grants in grants(),
    ) {
        let facts = facts(role, grants);
        let before = facts.holding.state(at(0));
        let after = match decide(row, &facts) {
            Ok(Outcome::Changed { grants, events }) => {
                world::check_changed(&facts, &grants, &events);
                Ok(holding("tess", role, grants).state(at(0)))
            }
            Ok(Outcome::Unchanged(_)) => Ok(before),
            Err(denied) => Err(denied),
        };
        prop_assert_eq!(after, table(row, role, before));
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
