//! What holds of requests and approvals whatever happened.

use crate::answer::{Asked, Status};
use crate::model::{Entry, Kind, Request, Row, State};
use crate::steps::{Manner, Micros, Role, Verdict, Who};

/// Nothing becomes of a request after something has; but a clock that was set back undoes what the log was not told.
pub(crate) fn no_request_is_in_two_final_states(before: &State, after: &State, now: Micros) {
    for (number, request) in &before.requests {
        let (was, is) = (request.status(now), after.requests[number].status(now));
        assert!(
            !was.is_final() || is == was,
            "request {number} was {was:?} and is {is:?}"
        );
    }
}

/// The log has one last word on each request, and it is what reads say; where there is none, the request is open, or
/// became what it is by itself.
pub(crate) fn the_log_says_of_each_request_once_what_became_of_it(state: &State, now: Micros) {
    for (number, request) in &state.requests {
        let of_request = |one: &&Entry| one.request == Some(*number);
        let says = |entry: &Entry| match entry.kind {
            Kind::Assign | Kind::Activate => Some(vec![Status::Completed]),
            Kind::Deny => Some(vec![Status::ApprovalDenied]),
            Kind::Cancel => Some(vec![Status::Cancelled]),
            Kind::Revoke => Some(vec![Status::Revoked, Status::ApprovalAborted]),
            Kind::Lapse => Some(vec![Status::RequestExpired]),
            _ => None,
        };
        let words: Vec<_> = state
            .log
            .iter()
            .filter(of_request)
            .filter_map(says)
            .collect();
        let status = request.status(now);
        match words.as_slice() {
            [] => assert!(
                !request.told && (!status.is_final() || request.due().is_some_and(|at| at <= now)),
                "the log does not say that request {number} is {status:?}"
            ),
            [word] => assert!(
                request.told && word.contains(&status),
                "the log says {word:?} of request {number}, and it is {status:?}"
            ),
            several => panic!("the log says {several:?} of request {number}"),
        }
    }
}

pub(crate) fn every_approval_is_decided_at_most_once_and_by_somebody_else(state: &State) {
    for (number, request) in &state.requests {
        let decides = |one: &&Entry| {
            one.request == Some(*number) && matches!(one.kind, Kind::Approve | Kind::Deny)
        };
        let decisions: Vec<&Entry> = state.log.iter().filter(decides).collect();
        let by: Vec<Option<Who>> = decisions.iter().map(|one| one.by).collect();
        let decided = request.decided.map(|decision| Some(decision.by));
        assert_eq!(
            by,
            Vec::from_iter(decided),
            "request {number} is decided once"
        );
        for who in by.into_iter().flatten() {
            let is_concerned = [request.by, request.who].contains(&who);
            assert!(
                !is_concerned,
                "{who:?} decided about their own request {number}"
            );
        }
    }
}

/// A grant without the approval that the settings demanded is an administrator's, and an event says so.
pub(crate) fn nobody_is_active_without_the_approvals_demanded_but_by_an_act_that_says_so(
    before: &State,
    after: &State,
) {
    let added = &after.log[before.log.len()..];
    for ((who, role), rows) in &after.rows {
        let had = before.rows_of(*who, *role);
        let demanded = before.rules_of(*role).approval;
        let is_new = |row: &&Row| row.active && !had.contains(row);
        for row in rows.iter().filter(is_new) {
            let request = row.asked.map(|number| &after.requests[&number]);
            if is_approved(request) || waits_for_nobody(request, demanded) {
                continue;
            }
            let says = |one: &Entry| {
                (one.who, one.role, one.without_approval) == (Some(*who), Some(*role), demanded)
                    && one.by.is_some()
                    && is_an_administrators(one, request)
            };
            assert!(
                added.iter().any(says),
                "{who:?} has {role:?} by {row:?}, which nobody approved, and the log says only {added:?}"
            );
        }
    }
}

fn is_approved(request: Option<&Request>) -> bool {
    let decision = request.and_then(|request| request.decided);
    decision.is_some_and(|decision| decision.verdict == Verdict::Approve)
}

/// A request that needed none, because the settings demanded none.
fn waits_for_nobody(request: Option<&Request>, demanded: bool) -> bool {
    let own = request.is_some_and(|one| one.manner == Manner::UserAdd && one.lapses.is_none());
    own && !demanded
}

/// Where the settings demand an approval, only these operations give without one.
fn is_an_administrators(entry: &Entry, request: Option<&Request>) -> bool {
    let operations = [
        "create_assignment",
        "make_permanent",
        "make_eligible",
        "sign_up",
    ];
    let own = !entry.without_approval && entry.operation == "self_activate";
    own || operations.contains(&entry.operation.as_str())
        || request.is_some_and(|request| request.manner == Manner::AdminAdd)
}

/// The job only writes down: whoever looks at the rows sees the same before and after it.
pub(crate) fn recording_changes_nothing_that_is_so(before: &State, after: &State, now: Micros) {
    for who in Who::ALL {
        for role in Role::ALL {
            assert_eq!(
                before.shape_of(who, role, now),
                after.shape_of(who, role, now),
                "recording changed what {who:?} is in {role:?}"
            );
        }
    }
    let statuses = |state: &State| -> Vec<Status> {
        let requests = state.requests.values();
        requests.map(|request| request.status(now)).collect()
    };
    assert_eq!(
        statuses(before),
        statuses(after),
        "recording changed requests"
    );
    assert_eq!(before.rules, after.rules);
    let left = after.rows.values().flatten().filter(|row| row.to <= now);
    assert_eq!(left.count(), 0, "an end is not recorded");
    let left = after.requests.values().filter_map(Request::due);
    assert!(
        left.min().is_none_or(|at| now < at),
        "something due is not recorded"
    );
}

/// From the start on it has begun, and before it has not, whether or not the job has run; but what the log was told once
/// stays, also where the clock is set back.
pub(crate) fn a_granted_request_is_seen_to_begin_at_its_start(
    state: &State,
    now: Micros,
    shown: &[Asked],
) {
    for one in shown {
        let Some(request) = one.number.map(|number| &state.requests[&number]) else {
            continue;
        };
        match one.status {
            Status::Scheduled => assert!(now < one.from, "{one:?} has not begun at {now}"),
            Status::Completed => assert!(
                one.from <= now || request.told,
                "{one:?} has begun at {now} already"
            ),
            Status::RequestedApproval => assert!(
                request.lapses.is_some_and(|lapses| now < lapses),
                "{one:?} waits at {now}"
            ),
            _ => {}
        }
    }
}
