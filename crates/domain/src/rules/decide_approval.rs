//! An approver decides about a request: once, and never about their own.

use super::activation::is_eligible;
use super::{Facts, Outcome};
use crate::{
    Approval, ApprovalState, Caller, Decision, Denied, Event, EventKind, Failures, Justification,
    Remark, Request, RequestKind, Settings, Verdict, role,
};

/// Whether the caller is an approver of a role with these settings: one whom they name, or, where they name nobody, a
/// Privileged Role Administrator.
pub fn is_approver(settings: &Settings, caller: &Caller) -> bool {
    if settings.approvers.is_empty() {
        caller.holds_one_of(&[role::PRIVILEGED_ROLE_ADMINISTRATOR])
    } else {
        settings.approvers.contains(&caller.principal)
    }
}

/// Whether the caller may decide about a request for a role with these settings.
///
/// # Errors
/// [`Denied::OwnRequest`], [`Denied::NotApprover`].
pub fn may_decide(caller: &Caller, settings: &Settings, request: &Request) -> Result<(), Denied> {
    if caller.principal == request.requestor || caller.principal == request.principal {
        return Err(Denied::OwnRequest);
    }
    if !is_approver(settings, caller) {
        return Err(Denied::NotApprover);
    }
    Ok(())
}

/// Records the verdict. An approved activation begins when it was to begin, or now if that is past.
pub fn decide_approval(
    facts: &Facts,
    caller: &Caller,
    request: &Request,
    verdict: Verdict,
    reason: Option<&Remark>,
) -> Result<Outcome, Denied> {
    let Some((approval, state)) = request
        .approval
        .as_ref()
        .zip(request.approval_state(facts.now))
    else {
        return Err(Denied::NotFound);
    };
    may_decide(caller, &facts.settings, request)?;
    if state != ApprovalState::Pending {
        return Err(Denied::ApprovalClosed(state));
    }
    let decided = Request {
        approval: Some(Approval {
            decision: Some(Decision {
                by: caller.principal.clone(),
                at: facts.now,
                verdict,
                reason: reason.cloned(),
            }),
            ..approval.clone()
        }),
        ..request.clone()
    };
    let event = |kind| Event {
        request: Some(request.id),
        justification: Justification {
            reason: reason.cloned(),
            ..Justification::default()
        },
        ..facts.event(kind, &caller.principal)
    };
    match verdict {
        Verdict::Denied => {
            let denied = Request {
                recorded: true,
                ..decided
            };
            let event = event(EventKind::Deny);
            Ok(facts.changed_with(facts.standing(), denied, Vec::new(), event))
        }
        Verdict::Approved => approved(facts, decided, event(EventKind::Approve)),
    }
}

fn approved(facts: &Facts, request: Request, event: Event) -> Result<Outcome, Denied> {
    let start = request.start.max(facts.now);
    let moved = Request {
        start,
        end: request
            .length
            .map(|length| start.plus(length))
            .or(request.end),
        ..request
    };
    let needs = moved.kind == RequestKind::Activation;
    if needs && !is_eligible(&facts.holding.grants, start) {
        return Err(Denied::Policy(Failures::only(facts.not_eligible(start))));
    }
    Ok(facts.granted(moved, Some(event)))
}
