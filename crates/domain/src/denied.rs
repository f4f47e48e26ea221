//! Why a command does not happen.

use crate::{Instant, RoleId, SignedDuration};

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
    /// Approval cannot be demanded: there are no approval requests yet.
    #[error("approval unavailable")]
    ApprovalUnavailable,
    /// The change would leave the tenant without an administrator who lasts.
    #[error("last administrator")]
    LastAdministrator,
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

    /// The failures in the order of the rules: duration, ticket, MFA.
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
