//! Why a command does not happen.

use crate::{ApprovalState, Instant, RequestId, RoleId, SignedDuration, Status, Uses};

/// Why a command does not happen. Each has one stable code on the wire; the texts are the HTTP face's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The addressed role or assignment does not exist.
    #[error("not found")]
    NotFound,
    /// A role named in a body does not exist.
    #[error("role not found")]
    RoleNotFound,
    /// The caller holds none of the roles that the operation asks for.
    #[error("role missing")]
    RoleMissing(&'static [RoleId]),
    /// The deployment forbids administrators to grant to themselves.
    #[error("self grant forbidden")]
    SelfGrantForbidden,
    /// The configuration does not admit the tenant to sign up.
    #[error("tenant not admitted")]
    TenantNotAdmitted,
    /// The pair has an assignment already.
    #[error("assignment exists")]
    AssignmentExists,
    /// The pair has no assignment.
    #[error("assignment does not exist")]
    AssignmentDoesNotExist,
    /// The role is active already, until then, or without end.
    #[error("already active")]
    AlreadyActive(Option<Instant>),
    /// The assignment is permanent and cannot be deactivated by its holder.
    #[error("permanent")]
    Permanent,
    /// An end that is not after now.
    #[error("end not in the future")]
    EndNotInFuture {
        /// The end that was sent.
        sent: Instant,
        /// The time of the decision.
        now: Instant,
    },
    /// An end together with `isElevated: false`: what is not active has no end.
    #[error("end without activation")]
    EndWithoutActivation,
    /// Rules of the role's settings that an activation fails.
    #[error("policy")]
    Policy(Failures),
    /// Settings that contradict themselves or the limits.
    #[error("settings out of range")]
    Settings(SettingsFault),
    /// Somebody asks to activate a role for somebody else.
    #[error("on behalf of another")]
    OnBehalfOf,
    /// An activation is asked for that would only make eligible.
    #[error("activation of an eligibility")]
    ActivationIsActive,
    /// A start that lies further back than clocks differ.
    #[error("start in the past")]
    StartInPast {
        /// The start that was sent.
        sent: Instant,
        /// The time of the decision.
        now: Instant,
    },
    /// An end that was sent and is not after the start.
    #[error("end before start")]
    EndBeforeStart {
        /// The end that was sent.
        sent: Instant,
        /// When the grant would begin.
        start: Instant,
    },
    /// The pair has a request with this start already.
    #[error("schedule exists")]
    ScheduleExists(RequestId),
    /// The pair has a grant of that kind within the time that was asked for.
    #[error("schedule overlaps")]
    ScheduleOverlaps {
        /// When that one begins.
        start: Instant,
        /// When it ends; `None` for never.
        end: Option<Instant>,
    },
    /// The pair has a request of the same kind that waits for an approval.
    #[error("pending approval exists")]
    PendingApprovalExists(RequestId),
    /// The pair has a request of another kind, for the same, that waits for an approval.
    #[error("pending request exists")]
    PendingRequestExists(RequestId),
    /// There is no such request.
    #[error("request not found")]
    RequestNotFound,
    /// The caller did not make the request.
    #[error("not the requestor")]
    NotRequestor,
    /// Nothing can become of the request any more.
    #[error("request is closed")]
    RequestClosed(Status),
    /// The caller is none of the role's approvers.
    #[error("not an approver")]
    NotApprover,
    /// Nobody approves for themselves.
    #[error("own request")]
    OwnRequest,
    /// The approval has been decided, or has lapsed.
    #[error("approval is closed")]
    ApprovalClosed(ApprovalState),
    /// The tenant's set-up is completed, and happens once.
    #[error("set up already")]
    SetupCompleted,
    /// Set-up cannot be as it was asked for, for what this role would be denied.
    #[error("set-up of the role {0}: {1}")]
    SetupOfRole(RoleId, Box<Denied>),
    /// The change would leave the tenant without an administrator who lasts.
    #[error("last administrator")]
    LastAdministrator,
    /// Another role of the tenant has that name, in this letter case or another: the one of this id.
    #[error("role name taken")]
    RoleNameTaken(RoleId),
    /// A built-in role cannot be renamed or removed.
    #[error("role is built in")]
    RoleIsBuiltIn,
    /// A role cannot be removed while somebody has it or asks for it.
    #[error("role in use")]
    RoleInUse(Uses),
}

/// One rule that an activation fails, with its limit and what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Shorter than the role's minimum.
    TooShort {
        /// What was sent.
        sent: SignedDuration,
        /// The least that passes.
        minimum: SignedDuration,
    },
    /// Longer than the role's maximum.
    TooLong {
        /// What was sent.
        sent: SignedDuration,
        /// The most that passes.
        maximum: SignedDuration,
    },
    /// A length of an assignment, which no limit but this one holds for, that lasts no time at all.
    Empty {
        /// What was sent.
        sent: SignedDuration,
    },
    /// Not eligible for the role when the activation begins.
    NotEligible {
        /// When it would begin; `None` for now.
        sent: Option<Instant>,
        /// The first time, now or later, for which there is an eligibility; its end is `None` for never. `None` where there is none.
        eligible: Option<(Instant, Option<Instant>)>,
    },
    /// Requests, and activations that need an approval, need a reason.
    ReasonMissing,
    /// The role's settings ask for a ticket number.
    TicketMissing,
    /// The role's settings ask for MFA.
    MfaMissing,
}

/// At least one failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures(Vec<Failure>);

impl Failures {
    /// `None` where nothing failed.
    pub fn new(failures: Vec<Failure>) -> Option<Self> {
        if failures.is_empty() {
            None
        } else {
            Some(Self(failures))
        }
    }

    /// This one alone.
    pub fn only(failure: Failure) -> Self {
        Self(vec![failure])
    }

    /// The failures in the order of the rules: eligibility, duration, reason, ticket, MFA.
    pub fn as_slice(&self) -> &[Failure] {
        &self.0
    }
}

/// Why settings are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsFault {
    /// The minimum lies below the least that any role may have.
    MinimumTooShort {
        /// What was sent.
        sent: SignedDuration,
        /// The least that passes.
        least: SignedDuration,
    },
    /// The maximum lies above the most that any role may have.
    MaximumTooLong {
        /// What was sent.
        sent: SignedDuration,
        /// The most that passes.
        most: SignedDuration,
    },
    /// The minimum is longer than the maximum.
    MinimumAboveMaximum {
        /// The minimum that would hold.
        minimum: SignedDuration,
        /// The maximum that would hold.
        maximum: SignedDuration,
    },
    /// The default lies outside minimum and maximum.
    DefaultOutside {
        /// The default that would hold.
        sent: SignedDuration,
        /// The minimum that would hold.
        minimum: SignedDuration,
        /// The maximum that would hold.
        maximum: SignedDuration,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_failure_makes_no_failures() {
        assert_eq!(Failures::new(Vec::new()), None);
    }

    #[test]
    fn failures_keep_their_order() {
        let failures = [Failure::TicketMissing, Failure::MfaMissing];
        assert_eq!(
            Failures::new(failures.to_vec()).unwrap().as_slice(),
            failures
        );
    }
}
