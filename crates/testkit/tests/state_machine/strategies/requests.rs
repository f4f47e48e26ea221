//! Commands and reads about requests.

use proptest::option;
use proptest::prelude::{Just, Strategy};
use proptest::prop_oneof;
use proptest::sample::{select, subsequence};

use super::{Mix, caller, end, length, why};
use crate::steps::{
    Ask, Caller, Ending, MINUTE, Manner, Micros, Role, Step, Tenant, Token, Verdict, Who, Why, Wish,
};

/// Some people are made eligible, without end or for some hours.
pub(super) fn eligible(mix: &Mix) -> impl Strategy<Value = Vec<Step>> + use<> {
    let role = mix.roles[0];
    let least = mix.eligible;
    let most = if least == 0 { 0 } else { mix.people.len() };
    let end = || option::weighted(0.3, 30i64..300);
    let ends = [end(), end(), end(), end()];
    (subsequence(mix.people.clone(), least..=most), ends).prop_map(move |(people, ends)| {
        let fay = Caller {
            who: Who::Fay,
            of: Tenant::North,
            token: Token::With(Role::PrivilegedRoleAdministrator),
        };
        let wish = |(who, end): (Who, Option<i64>)| Wish {
            manner: Manner::AdminAdd,
            who,
            role,
            active: false,
            start: None,
            ending: end.map_or(Ending::Unsaid, |end| Ending::At(end * MINUTE)),
            why: Why::Reason,
        };
        let each = people.into_iter().zip(ends).map(wish);
        each.map(|wish| Step::Asks(fay, Ask::CreateRequest(wish)))
            .collect()
    })
}

/// A start, from now: around what still counts as now, soon, and far away.
fn start() -> impl Strategy<Value = Micros> {
    prop_oneof![
        1 => (-1i64..=1).prop_map(|off| off - 5 * MINUTE),
        1 => -1i64..=1,
        4 => (-8i64..120).prop_map(|minutes| minutes * MINUTE),
        1 => (120i64..2000).prop_map(|minutes| minutes * MINUTE),
    ]
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        2 => Just(Ending::Unsaid),
        3 => length().prop_map(Ending::After),
        2 => end().prop_map(Ending::At),
    ]
}

/// Mostly with a reason: without one little can be asked for.
fn mostly_why() -> impl Strategy<Value = Why> {
    prop_oneof![1 => Just(Why::Unsaid), 4 => Just(Why::Reason), 4 => why()]
}

fn wish(mix: &Mix, manner: Manner) -> impl Strategy<Value = Wish> + use<> {
    let whom = (select(mix.people.clone()), select(mix.roles.clone()));
    let active = if manner == Manner::UserAdd { 0.95 } else { 0.5 };
    let active = proptest::bool::weighted(active);
    let times = (option::weighted(0.6, start()), ending()).boxed();
    (whom, active, times, mostly_why()).prop_map(
        move |((who, role), active, (start, ending), why)| Wish {
            manner,
            who,
            role,
            active,
            start,
            ending,
            why,
        },
    )
}

/// One of the newest requests, or sometimes none.
fn number() -> impl Strategy<Value = usize> {
    prop_oneof![6 => Just(0usize), 2 => Just(1), 1 => 2usize..4]
}

/// Who asks for an activation means their own, but for one in ten.
pub(super) fn step(mix: &Mix) -> impl Strategy<Value = Step> + use<> {
    let own = proptest::bool::weighted(0.9);
    (caller(mix.people.clone()).boxed(), ask(mix).boxed(), own).prop_map(
        |(caller, mut ask, own)| {
            if let Ask::CreateRequest(wish) | Ask::Evaluate(wish) | Ask::CreateApproval(wish) =
                &mut ask
                && own
                && wish.manner == Manner::UserAdd
            {
                wish.who = caller.who;
            }
            Step::Asks(caller, ask)
        },
    )
}

fn ask(mix: &Mix) -> impl Strategy<Value = Ask> + use<> {
    let verdict = || prop_oneof![2 => Just(Verdict::Approve), 1 => Just(Verdict::Deny)];
    let size = || select(vec![1usize, 2, 100]);
    let wish = |manner| wish(mix, manner).boxed();
    let read = prop_oneof![
        size().prop_map(Ask::ListRequests),
        size().prop_map(Ask::ListMyRequests),
        size().prop_map(Ask::ListApprovals),
        size().prop_map(Ask::ListMyApprovals),
        number().prop_map(Ask::GetRequest),
        number().prop_map(Ask::GetRequestRole),
        number().prop_map(Ask::GetApproval),
        number().prop_map(Ask::GetApprovalRequest),
        number().prop_map(Ask::GetApprovalRole),
    ];
    prop_oneof![
        6 => wish(Manner::UserAdd).prop_map(Ask::CreateRequest),
        4 => wish(Manner::AdminAdd).prop_map(Ask::CreateRequest),
        1 => wish(Manner::UserAdd).prop_map(Ask::Evaluate),
        1 => wish(Manner::AdminAdd).prop_map(Ask::Evaluate),
        2 => wish(Manner::UserAdd).prop_map(Ask::CreateApproval),
        2 => number().prop_map(Ask::Cancel),
        8 => (number(), verdict(), why()).prop_map(|(number, verdict, why)| Ask::Decide(number, verdict, why)),
        2 => read.boxed(),
    ]
}
