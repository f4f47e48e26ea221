//! Where sequences come from. Everything that is drawn can be done in every state, so any step can be left out again when
//! a failure is made shorter.

mod requests;

use std::ops::Range;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::{select, subsequence};

use crate::steps::{
    Ask, Caller, Gift, Jump, Length, MINUTE, Micros, Role, Sequence, Step, Tenant, Token, Update,
    Who, Why,
};

/// What sequences are about.
#[derive(Clone, Debug)]
pub(crate) struct Mix {
    /// The roles; one that is named twice is asked about twice as often.
    pub(crate) roles: Vec<Role>,
    /// The people; of few, the same pairs are met more often.
    pub(crate) people: Vec<Who>,
    /// How often commands, reads, jumps and gifts come, in relation to each other.
    pub(crate) commands: u32,
    pub(crate) reads: u32,
    pub(crate) jumps: u32,
    pub(crate) gifts: u32,
    /// The same of commands and reads about requests, and of runs of the job that records.
    pub(crate) requests: u32,
    pub(crate) records: u32,
    /// How often settings demand an approval from the beginning.
    pub(crate) demands: f64,
    /// How many people at the least are made eligible for the first role before anything else happens; none for nobody.
    pub(crate) eligible: usize,
    /// How long they are.
    pub(crate) length: Range<usize>,
}

impl Mix {
    /// Everything.
    pub(crate) fn all() -> Self {
        let mut roles = Role::ALL.to_vec();
        roles.extend([
            Role::PrivilegedRoleAdministrator,
            Role::PrivilegedRoleAdministrator,
            Role::SecurityAdministrator,
            Role::Nothing,
        ]);
        Self {
            roles,
            people: Who::ALL.to_vec(),
            commands: 12,
            reads: 3,
            jumps: 4,
            gifts: 1,
            requests: 8,
            records: 1,
            demands: 0.2,
            eligible: 0,
            length: 1..40,
        }
    }

    /// Requests and approvals of one role, and some of one of the tenant's own, with few other commands.
    pub(crate) fn of_requests() -> Self {
        Self {
            roles: vec![
                Role::DirectoryReaders,
                Role::DirectoryReaders,
                Role::NightWatch,
            ],
            commands: 6,
            reads: 0,
            jumps: 6,
            gifts: 1,
            requests: 16,
            records: 2,
            demands: 0.8,
            eligible: 2,
            ..Self::all()
        }
    }

    /// Commands about who administers, and the clock.
    pub(crate) fn of_administrators() -> Self {
        Self {
            roles: vec![Role::PrivilegedRoleAdministrator],
            reads: 0,
            gifts: 0,
            requests: 5,
            ..Self::all()
        }
    }
}

fn tenant() -> impl Strategy<Value = Tenant> {
    prop_oneof![4 => Just(Tenant::North), 1 => Just(Tenant::South)]
}

fn caller(people: Vec<Who>) -> impl Strategy<Value = Caller> {
    let token = prop_oneof![
        2 => Just(Token::Plain),
        3 => Just(Token::Mfa),
        4 => Just(Token::With(Role::PrivilegedRoleAdministrator)),
        1 => Just(Token::With(Role::GlobalAdministrator)),
        1 => Just(Token::With(Role::SecurityReader)),
    ];
    (select(people), tenant(), token).prop_map(|(who, of, token)| Caller { who, of, token })
}

fn why() -> impl Strategy<Value = Why> {
    select(vec![Why::Unsaid, Why::Reason, Why::Ticket])
}

/// The end of a new assignment, from now: around now to the microsecond, and up to some hours away.
fn end() -> impl Strategy<Value = Micros> {
    prop_oneof![1 => -1i64..=1, 4 => (-5i64..400).prop_map(|minutes| minutes * MINUTE)]
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        Just(Length::Unsaid),
        Just(Length::Minimum),
        (1i64..600).prop_map(Length::Minutes),
        select(vec![0, 29, 30, 31, 479, 480, 481]).prop_map(Length::Minutes),
    ]
}

fn update() -> impl Strategy<Value = Update> {
    let limits = vec![0, 29, 30, 31, 45, 60, 90, 480, 4320, 4321];
    let length = move || option::weighted(0.3, select(limits.clone()));
    let flag = || option::weighted(0.3, any::<bool>());
    let approvers = option::weighted(0.3, subsequence(Who::ALL.to_vec(), 0..=2));
    let fields = (
        length(),
        length(),
        length(),
        flag(),
        flag(),
        flag(),
        approvers,
    );
    fields.prop_map(
        |(minimum, maximum, default, ticket, mfa, approval, approvers)| Update {
            minimum,
            maximum,
            default,
            ticket,
            mfa,
            approval,
            approvers,
        },
    )
}

fn command(mix: &Mix) -> impl Strategy<Value = Ask> + use<> {
    let (who, role) = (select(mix.people.clone()), select(mix.roles.clone()));
    let (who, role) = (move || who.clone(), move || role.clone());
    prop_oneof![
        4 => (who(), role(), any::<Option<bool>>(), option::of(end()))
            .prop_map(|(who, role, elevated, end)| Ask::Create(who, role, elevated, end)),
        2 => (who(), role(), why()).prop_map(|(who, role, why)| Ask::MakePermanent(who, role, why)),
        4 => (who(), role()).prop_map(|(who, role)| Ask::MakeEligible(who, role)),
        2 => (who(), role()).prop_map(|(who, role)| Ask::Delete(who, role)),
        4 => (role(), length(), why()).prop_map(|(role, length, why)| Ask::SelfActivate(role, length, why)),
        2 => role().prop_map(Ask::SelfDeactivate),
        2 => (role(), update()).prop_map(|(role, update)| Ask::Configure(role, update)),
        1 => role().prop_map(Ask::RemoveRole),
        1 => Just(Ask::SignUp),
    ]
}

fn read(mix: &Mix) -> impl Strategy<Value = Ask> + use<> {
    let (who, role) = (select(mix.people.clone()), select(mix.roles.clone()));
    let (who, role) = (move || who.clone(), move || role.clone());
    let size = || select(vec![1, 2, 100]);
    prop_oneof![
        size().prop_map(Ask::List),
        (role(), size()).prop_map(|(role, size)| Ask::ListOfRole(role, size)),
        size().prop_map(Ask::ListMine),
        (who(), role()).prop_map(|(who, role)| Ask::Get(who, role)),
        (who(), role()).prop_map(|(who, role)| Ask::GetRoleOf(who, role)),
        role().prop_map(Ask::GetRole),
        Just(Ask::ListRoles),
        role().prop_map(Ask::GetSettings),
        Just(Ask::IsSignedUp),
        Just(Ask::CanSignUp),
    ]
}

fn jump() -> impl Strategy<Value = Jump> {
    prop_oneof![
        2 => (0i64..200).prop_map(Jump::Forward),
        1 => (1i64..200).prop_map(Jump::Back),
        4 => (0usize..16, -1i64..=1).prop_map(|(nth, off)| Jump::ToBound(nth, off)),
    ]
}

fn gift(mix: &Mix) -> impl Strategy<Value = Gift> + use<> {
    let mut roles = mix.roles.clone();
    roles.retain(|role| *role != Role::Nothing);
    let who = select(mix.people.clone());
    let times = (-60i64..120, 1i64..200);
    (who, tenant(), select(roles), any::<bool>(), times).prop_map(
        |(to, of, role, active, (starts_in, length))| Gift {
            to,
            of,
            role,
            active,
            starts_in,
            length,
        },
    )
}

pub(crate) fn sequences(mix: Mix) -> impl Strategy<Value = Sequence> {
    let asks = |ask: BoxedStrategy<Ask>| {
        (caller(mix.people.clone()), ask).prop_map(|(caller, ask)| Step::Asks(caller, ask))
    };
    let step = prop_oneof![
        mix.commands => asks(command(&mix).boxed()),
        mix.reads => asks(read(&mix).boxed()),
        mix.jumps => jump().prop_map(Step::Clock),
        mix.gifts => gift(&mix).prop_map(Step::Given),
        mix.requests => requests::step(&mix).boxed(),
        mix.records => Just(Step::Recorded),
    ];
    let demands = mix.demands;
    let approvers = move || option::weighted(demands, subsequence(Who::ALL.to_vec(), 0..=2));
    let before = requests::eligible(&mix).boxed();
    (approvers(), approvers(), before, vec(step, mix.length)).prop_map(
        |(administrators, readers, before, steps)| {
            let of =
                |role, approvers: Option<Vec<Who>>| approvers.map(|approvers| (role, approvers));
            let approval = [
                of(Role::PrivilegedRoleAdministrator, administrators),
                of(Role::DirectoryReaders, readers),
            ];
            Sequence {
                approval: approval.into_iter().flatten().collect(),
                steps: before.into_iter().chain(steps).collect(),
            }
        },
    )
}
