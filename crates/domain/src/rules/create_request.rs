//! Somebody asks for a grant: to activate their own eligibility, or, as an administrator, to give a role to somebody.

use super::activation::{Activation, Length, Reason};
use super::due::begun;
use super::{Facts, Outcome};
use crate::{
    Approval, Caller, Denied, Event, EventKind, Failure, Failures, Grant, Instant, Justification,
    Kind, Origin, Request, RequestId, RequestKind, RoleId, SignedDuration, Status, role,
};

/// A start may lie so far back: clocks differ, and requests travel.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// Who gives roles to others.
const ADMINISTRATORS: [RoleId; 1] = [role::PRIVILEGED_ROLE_ADMINISTRATOR];

/// When a grant that is asked for is to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// Nothing was said: an activation has the role's default length, an assignment no end.
    #[default]
    Unsaid,
    /// So long after its start.
    After(Length),
    /// At this instant.
    At(Instant),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    /// The id that the request is to have.
    pub id: RequestId,
    /// An activation of one's own, or an assignment.
    pub kind: RequestKind,
    /// Eligible or active.
    pub grants: Kind,
    /// When it is to begin; `None` for now.
    pub start: Option<Instant>,
    /// When it is to end.
    pub ending: Ending,
    /// Why.
    pub justification: Justification,
    /// Whether it is to wait for an approval.
    pub approval: Demand,
}

/// Whether a request is to wait for an approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demand {
    /// Where the role's settings say so.
    #[default]
    BySettings,
    /// Whatever they say: its requestor asks for one.
    Always,
}

/// Grants what is asked for, now or later, or has it wait for an approval. The request comes first in the outcome.
pub fn create_request(facts: &Facts, caller: &Caller, new: &NewRequest) -> Result<Outcome, Denied> {
    let start = start(facts, new.start)?;
    let (end, length) = ending(facts, new, start)?;
    let request = Request {
        id: new.id,
        kind: new.kind,
        principal: facts.holding.principal.clone(),
        role: facts.role.id,
        grants: new.grants,
        requestor: caller.principal.clone(),
        requested: facts.now,
        start,
        end,
        length,
        justification: new.justification.clone(),
        approval: None,
        closed: None,
        recorded: false,
    };
    match new.kind {
        RequestKind::Activation => activation(facts, caller, request, new.approval),
        RequestKind::Assignment => assignment(facts, caller, request),
    }
}

fn start(facts: &Facts, sent: Option<Instant>) -> Result<Instant, Denied> {
    let now = facts.now;
    match sent {
        Some(sent) if sent.plus(TOLERANCE) < now => Err(Denied::StartInPast { sent, now }),
        sent => Ok(sent.map_or(now, |sent| sent.max(now))),
    }
}

fn ending(
    facts: &Facts,
    new: &NewRequest,
    start: Instant,
) -> Result<(Option<Instant>, Option<SignedDuration>), Denied> {
    let length = match (new.ending, new.kind) {
        (Ending::At(sent), _) if sent <= start => {
            return Err(Denied::EndBeforeStart { sent, start });
        }
        (Ending::At(end), _) => return Ok((Some(end), None)),
        (Ending::Unsaid, RequestKind::Assignment) => return Ok((None, None)),
        (Ending::Unsaid, RequestKind::Activation) => facts.length(Length::Default),
        (Ending::After(length), _) => facts.length(length),
    };
    Ok((Some(start.plus(length)), Some(length)))
}

fn activation(
    facts: &Facts,
    caller: &Caller,
    request: Request,
    demand: Demand,
) -> Result<Outcome, Denied> {
    if !facts.is_own(caller) {
        return Err(Denied::OnBehalfOf);
    }
    if request.grants == Kind::Eligible {
        return Err(Denied::ActivationIsActive);
    }
    allow_beside_others(facts, &request)?;
    let end = request.end.unwrap_or(Instant::MAX);
    facts.allow_activation(
        caller,
        &Activation {
            start: request.start,
            length: request.length.unwrap_or(end.since(request.start)),
            justification: &request.justification,
            reason: Reason::Needed,
        },
    )?;
    if facts.settings.approval || demand == Demand::Always {
        Ok(facts.waiting(request))
    } else {
        Ok(facts.granted(request, None))
    }
}

fn assignment(facts: &Facts, caller: &Caller, request: Request) -> Result<Outcome, Denied> {
    if !caller.holds_one_of(&ADMINISTRATORS) {
        return Err(Denied::RoleMissing(&ADMINISTRATORS));
    }
    facts.allow_grant_by(caller)?;
    allow_by_policy(&request)?;
    allow_beside_others(facts, &request)?;
    Ok(facts.granted(request, None))
}

/// The rules of every assignment. The role's limits are about activations; a length has to be one all the same.
fn allow_by_policy(request: &Request) -> Result<(), Denied> {
    let nothing = request.end.is_some_and(|end| end <= request.start);
    let empty = request.length.filter(|_| nothing);
    let failures = [
        empty.map(|sent| Failure::Empty { sent }),
        (request.justification.reason.is_none()).then_some(Failure::ReasonMissing),
    ];
    Failures::new(failures.into_iter().flatten().collect())
        .map_or(Ok(()), |failures| Err(Denied::Policy(failures)))
}

/// One person can have one thing of a kind at a time, and one question open.
fn allow_beside_others(facts: &Facts, request: &Request) -> Result<(), Denied> {
    let active = request.grants == Kind::Active;
    let state = facts.holding.state(facts.now);
    if let Some(state) = state.filter(|state| active && state.is_active())
        && request.start == facts.now
    {
        return Err(Denied::AlreadyActive(state.until()));
    }
    for open in facts
        .open_requests()
        .filter(|open| open.grants == request.grants)
    {
        if open.status(facts.now) == Status::RequestedApproval {
            return Err(if open.kind == request.kind {
                Denied::PendingApprovalExists(open.id)
            } else {
                Denied::PendingRequestExists(open.id)
            });
        }
        if open.start == request.start {
            return Err(Denied::ScheduleExists(open.id));
        }
    }
    let overlaps = |grant: &Grant| {
        grant.kind == request.grants
            && !grant.has_ended(facts.now)
            && request.end.is_none_or(|end| grant.start < end)
            && grant.end.is_none_or(|end| request.start < end)
    };
    match facts.holding.grants.iter().copied().find(overlaps) {
        Some(grant) if !active && grant.is_live(facts.now) => Err(Denied::AssignmentExists),
        Some(Grant { start, end, .. }) => Err(Denied::ScheduleOverlaps { start, end }),
        None => Ok(()),
    }
}

impl Facts {
    /// The request waits for an approver, at most until its own end.
    pub(super) fn waiting(&self, request: Request) -> Outcome {
        let lapses = self.now.plus(self.policy.approval_period);
        let fixed_end = request.end.filter(|_| request.length.is_none());
        let request = Request {
            approval: Some(Approval {
                lapses: fixed_end.map_or(lapses, |end| end.min(lapses)),
                decision: None,
            }),
            ..request
        };
        let event = Event {
            request: Some(request.id),
            justification: request.justification.clone(),
            ..self.event(EventKind::Request, &request.requestor)
        };
        self.changed_with(self.standing(), request, Vec::new(), event)
    }

    /// The request is granted: from now on, or as a grant that begins later. What led to it is recorded before.
    pub(super) fn granted(&self, request: Request, before: Option<Event>) -> Outcome {
        let begins = request.start == self.now;
        let mut grants = self.standing();
        grants.push(Grant {
            kind: request.grants,
            start: request.start,
            end: request.end,
            origin: Origin::Request(request.id),
        });
        let administrators_act =
            request.kind == RequestKind::Assignment && request.grants == Kind::Active;
        let kind = if begins {
            begun(&request)
        } else {
            EventKind::Schedule
        };
        let event = Event {
            request: Some(request.id),
            justification: request.justification.clone(),
            until: request.end,
            self_grant: self.is_self_grant(&request),
            without_approval: self.settings.approval && administrators_act,
            ..self.event(kind, &request.requestor)
        };
        let request = Request {
            recorded: begins,
            ..request
        };
        self.changed_with(grants, request, before.into_iter().collect(), event)
    }

    pub(super) fn is_self_grant(&self, request: &Request) -> bool {
        request.kind == RequestKind::Assignment && request.requestor == self.holding.principal
    }
}
