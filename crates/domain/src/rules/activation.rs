//! The one policy of every activation, by whichever operation it is asked for.

use super::Facts;
use crate::{
    Caller, Denied, Failure, Failures, Grant, Instant, Justification, Kind, SignedDuration,
};

/// How long an activation is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// The role's minimum.
    Minimum,
    /// The role's default.
    #[default]
    Default,
    /// So long.
    Exactly(SignedDuration),
}

/// Whether an activation needs a reason although no approver will read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Needed,
    Optional,
}

/// An activation that somebody asks for.
pub(super) struct Activation<'a> {
    pub(super) start: Instant,
    pub(super) length: SignedDuration,
    pub(super) justification: &'a Justification,
    pub(super) reason: Reason,
}

impl Facts {
    pub(super) fn length(&self, length: Length) -> SignedDuration {
        match length {
            Length::Minimum => self.settings.minimum,
            Length::Default => self.settings.default,
            Length::Exactly(length) => length,
        }
    }

    /// Every rule that fails, not only the first: people fix all of them at once.
    pub(super) fn allow_activation(
        &self,
        caller: &Caller,
        asked: &Activation<'_>,
    ) -> Result<(), Denied> {
        let (minimum, maximum) = (self.settings.minimum, self.settings.maximum);
        let sent = asked.length;
        let why = asked.justification;
        let failures = [
            (
                !is_eligible(&self.holding.grants, asked.start),
                self.not_eligible(asked.start),
            ),
            (sent < minimum, Failure::TooShort { sent, minimum }),
            (maximum < sent, Failure::TooLong { sent, maximum }),
            (
                (asked.reason == Reason::Needed || self.settings.approval) && why.reason.is_none(),
                Failure::ReasonMissing,
            ),
            (
                self.settings.ticket && why.ticket_number.is_none(),
                Failure::TicketMissing,
            ),
            (
                (self.settings.mfa || self.role.mfa_pinned) && !caller.mfa,
                Failure::MfaMissing,
            ),
        ];
        let failed = failures
            .into_iter()
            .filter_map(|(failed, failure)| failed.then_some(failure));
        Failures::new(failed.collect()).map_or(Ok(()), |failures| Err(Denied::Policy(failures)))
    }

    /// What is said to whom an activation at `start` finds not eligible: when they would be.
    pub(super) fn not_eligible(&self, start: Instant) -> Failure {
        let grants = self.holding.grants.iter();
        let standing =
            grants.filter(|grant| grant.kind == Kind::Eligible && !grant.has_ended(self.now));
        let first = standing.min_by_key(|grant| grant.start);
        Failure::NotEligible {
            sent: (start != self.now).then_some(start),
            eligible: first.map(|grant| (grant.start, grant.end)),
        }
    }
}

/// Whether these grants make eligible at an instant.
pub(super) fn is_eligible(grants: &[Grant], at: Instant) -> bool {
    grants
        .iter()
        .any(|grant| grant.kind == Kind::Eligible && grant.is_live(at))
}
