//! Requests, in the words of the program and in those of the tests.

use pimento_domain::rules::{Demand, Ending as DomainEnding, NewRequest};
use pimento_domain::{
    Approval as DomainApproval, ApprovalState, Closing, Decision as DomainDecision, Instant,
    Justification, Kind as GrantKind, Request as DomainRequest, RequestId, RequestKind,
    Status as DomainStatus, Verdict as DomainVerdict,
};
use pimento_engine::Seen;

use super::{instant, justification, length, minutes, principal, role, role_id, who};
use crate::answer::{Approval, Asked, Opinion, Status};
use crate::face::Numbers;
use crate::model::{Closed, Decision, NEVER, Request};
use crate::steps::{Ending, Manner, Micros, Verdict, Why, Wish};

fn why(justification: &Justification) -> Why {
    match (&justification.reason, &justification.ticket_number) {
        (None, None) => Why::Unsaid,
        (Some(_), None) => Why::Reason,
        (Some(_), Some(_)) => Why::Ticket,
        (None, Some(_)) => panic!("nobody names a ticket without a reason"),
    }
}

fn manner(kind: RequestKind) -> Manner {
    match kind {
        RequestKind::Assignment => Manner::AdminAdd,
        RequestKind::Activation => Manner::UserAdd,
    }
}

pub(crate) fn verdict(verdict: Verdict) -> DomainVerdict {
    match verdict {
        Verdict::Approve => DomainVerdict::Approved,
        Verdict::Deny => DomainVerdict::Denied,
    }
}

/// What is asked for at `now`.
pub(crate) fn new_request(id: RequestId, now: Micros, wish: &Wish, approval: Demand) -> NewRequest {
    NewRequest {
        id,
        kind: match wish.manner {
            Manner::AdminAdd => RequestKind::Assignment,
            Manner::UserAdd => RequestKind::Activation,
        },
        grants: if wish.active {
            GrantKind::Active
        } else {
            GrantKind::Eligible
        },
        start: wish.start.map(|start| instant(now + start)),
        ending: match wish.ending {
            Ending::Unsaid => DomainEnding::Unsaid,
            Ending::After(asked) => DomainEnding::After(length(asked)),
            Ending::At(end) => DomainEnding::At(instant(now + end)),
        },
        justification: justification(wish.why),
        approval,
    }
}

/// A request as the store keeps it.
pub(crate) fn request(request: &DomainRequest, numbers: &Numbers<'_>) -> (usize, Request) {
    let decided = request
        .approval
        .as_ref()
        .and_then(|it| it.decision.as_ref());
    let found = Request {
        manner: manner(request.kind),
        who: who(&request.principal),
        role: role(request.role),
        active: request.grants == GrantKind::Active,
        by: who(&request.requestor),
        at: request.requested.as_micros(),
        from: request.start.as_micros(),
        to: request.end.map_or(NEVER, Instant::as_micros),
        length: request.length.map(|length| length.as_mins()),
        why: why(&request.justification),
        lapses: request.approval.as_ref().map(|it| it.lapses.as_micros()),
        decided: decided.map(|decision| Decision {
            by: who(&decision.by),
            at: decision.at.as_micros(),
            verdict: match decision.verdict {
                DomainVerdict::Approved => Verdict::Approve,
                DomainVerdict::Denied => Verdict::Deny,
            },
            says_why: decision.reason.is_some(),
        }),
        closed: request.closed.map(|(at, closing)| {
            let closed = match closing {
                Closing::Cancelled => Closed::Cancelled,
                Closing::Revoked => Closed::Revoked,
            };
            (at.as_micros(), closed)
        }),
        told: request.recorded,
    };
    (numbers.number(request.id), found)
}

/// The same, for a store in which it is to be from the beginning.
pub(crate) fn domain_request(
    number: usize,
    request: &Request,
    numbers: &Numbers<'_>,
) -> DomainRequest {
    let decided = request.decided.map(|decision| DomainDecision {
        by: principal(decision.by),
        at: instant(decision.at),
        verdict: verdict(decision.verdict),
        reason: None,
    });
    assert_eq!(request.closed, None, "nothing begins with a closed one");
    DomainRequest {
        id: numbers.id(number),
        kind: match request.manner {
            Manner::AdminAdd => RequestKind::Assignment,
            Manner::UserAdd => RequestKind::Activation,
        },
        principal: principal(request.who),
        role: role_id(request.role),
        grants: if request.active {
            GrantKind::Active
        } else {
            GrantKind::Eligible
        },
        requestor: principal(request.by),
        requested: instant(request.at),
        start: instant(request.from),
        end: (request.to != NEVER).then(|| instant(request.to)),
        length: request.length.map(minutes),
        justification: justification(request.why),
        approval: request.lapses.map(|lapses| DomainApproval {
            lapses: instant(lapses),
            decision: decided,
        }),
        closed: None,
        recorded: request.told,
    }
}

/// A request as it is shown.
pub(crate) fn asked(seen: &DomainRequest, now: Instant, number: Option<usize>) -> Asked {
    Asked {
        number,
        manner: manner(seen.kind),
        who: who(&seen.principal),
        role: role(seen.role),
        active: seen.grants == GrantKind::Active,
        status: match seen.status(now) {
            DomainStatus::RequestedApproval => Status::RequestedApproval,
            DomainStatus::Scheduled => Status::Scheduled,
            DomainStatus::Completed => Status::Completed,
            DomainStatus::ApprovalDenied => Status::ApprovalDenied,
            DomainStatus::ApprovalAborted => Status::ApprovalAborted,
            DomainStatus::Cancelled => Status::Cancelled,
            DomainStatus::Revoked => Status::Revoked,
            DomainStatus::RequestExpired => Status::RequestExpired,
        },
        at: seen.requested.as_micros(),
        from: seen.start.as_micros(),
        to: seen.end.map_or(NEVER, Instant::as_micros),
        length: seen.length.map(|length| length.as_mins()),
        why: why(&seen.justification),
    }
}

/// An approval as it is shown.
pub(crate) fn approval(seen: &Seen<DomainRequest>, numbers: &Numbers<'_>) -> Approval {
    let request = &seen.value;
    let decided = request
        .approval
        .as_ref()
        .and_then(|it| it.decision.as_ref());
    let state = request.approval_state(seen.now).expect("an approval");
    Approval {
        number: numbers.number(request.id),
        who: who(&request.principal),
        role: role(request.role),
        state: match state {
            ApprovalState::Pending => Opinion::Pending,
            ApprovalState::Approved => Opinion::Approved,
            ApprovalState::Denied => Opinion::Denied,
            ApprovalState::Aborted => Opinion::Aborted,
            ApprovalState::Canceled => Opinion::Canceled,
        },
        from: request.start.as_micros(),
        to: request.end.map_or(NEVER, Instant::as_micros),
        reasons: [
            request.justification.reason.is_some(),
            decided.is_some_and(|decision| decision.reason.is_some()),
        ],
    }
}
