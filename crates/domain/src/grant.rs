//! Grants, and what the grants of one principal in one role amount to at a time.

use crate::{Instant, PrincipalId, RequestId, RoleId};

/// What a grant gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The right to activate the role.
    Eligible,
    /// The role itself.
    Active,
}

/// Where a grant came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An administrator gave it.
    Administrator,
    /// The principal activated their own eligibility.
    Activation,
    /// The tenant's sign-up gave it to its first administrator.
    SignUp,
    /// It was asked for by this request.
    Request(RequestId),
}

/// One row of truth. It holds from `start` on and, if there is an `end`, before it: the interval is half open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Eligible or active.
    pub kind: Kind,
    /// The first instant at which it holds.
    pub start: Instant,
    /// The first instant at which it holds no more; `None` for ever.
    pub end: Option<Instant>,
    /// Who or what made it.
    pub origin: Origin,
}

impl Grant {
    /// Whether it holds at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        self.start <= now && !self.has_ended(now)
    }

    /// Whether its end has come.
    pub fn has_ended(&self, now: Instant) -> bool {
        self.end.is_some_and(|end| end <= now)
    }
}

/// All grants of one principal in one role; empty when there is no assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Who holds.
    pub principal: PrincipalId,
    /// What is held.
    pub role: RoleId,
    /// The rows; overlapping ones are a union.
    pub grants: Vec<Grant>,
}

/// What a holding amounts to. The wire shows it as `isElevated` and `expirationDateTime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Active without end.
    Permanent,
    /// May be activated, is not active.
    Eligible,
    /// May be activated, and is active until the latest end.
    EligibleAndActive {
        /// The latest end.
        until: Instant,
    },
    /// Active until the latest end, then the assignment is gone.
    Active {
        /// The latest end.
        until: Instant,
    },
}

impl State {
    /// Whether the role is held now.
    pub fn is_active(self) -> bool {
        !matches!(self, Self::Eligible)
    }

    /// When the activation ends; `None` for a permanent or an inactive one.
    pub fn until(self) -> Option<Instant> {
        match self {
            Self::Permanent | Self::Eligible => None,
            Self::EligibleAndActive { until } | Self::Active { until } => Some(until),
        }
    }
}

/// What these grants amount to at `now`; `None` if none of them holds. The one place that says so: backends mirror it.
pub(crate) fn state(grants: &[Grant], now: Instant) -> Option<State> {
    let live = |kind| {
        grants
            .iter()
            .filter(move |grant| grant.kind == kind && grant.is_live(now))
    };
    let eligible = live(Kind::Eligible).next().is_some();
    if live(Kind::Active).any(|grant| grant.end.is_none()) {
        return Some(State::Permanent);
    }
    match (
        eligible,
        live(Kind::Active).filter_map(|grant| grant.end).max(),
    ) {
        (true, None) => Some(State::Eligible),
        (true, Some(until)) => Some(State::EligibleAndActive { until }),
        (false, Some(until)) => Some(State::Active { until }),
        (false, None) => None,
    }
}

impl Holding {
    /// What the holding amounts to at `now`; `None` when there is no assignment.
    pub fn state(&self, now: Instant) -> Option<State> {
        state(&self.grants, now)
    }

    /// The grants of this kind that have not ended.
    pub fn standing(&self, kind: Kind, now: Instant) -> impl Iterator<Item = Grant> + '_ {
        self.grants
            .iter()
            .copied()
            .filter(move |grant| grant.kind == kind && !grant.has_ended(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000).unwrap()
    }

    fn grant(kind: Kind, start: i64, end: Option<i64>) -> Grant {
        Grant {
            kind,
            start: at(start),
            end: end.map(at),
            origin: Origin::Administrator,
        }
    }

    #[test]
    fn each_state_follows_from_its_grants() {
        let eligible = grant(Kind::Eligible, 0, None);
        let active = grant(Kind::Active, 0, Some(10));
        assert_eq!(state(&[], at(5)), None);
        assert_eq!(
            state(&[grant(Kind::Active, 0, None)], at(5)),
            Some(State::Permanent)
        );
        assert_eq!(state(&[eligible], at(5)), Some(State::Eligible));
        assert_eq!(
            state(&[eligible, active], at(5)),
            Some(State::EligibleAndActive { until: at(10) })
        );
        assert_eq!(
            state(&[active], at(5)),
            Some(State::Active { until: at(10) })
        );
    }

    #[test]
    fn a_grant_holds_from_its_start_and_no_more_at_its_end() {
        let grants = [grant(Kind::Active, 2, Some(4))];
        assert_eq!(state(&grants, at(1)), None);
        assert_eq!(state(&grants, at(2)), Some(State::Active { until: at(4) }));
        assert_eq!(state(&grants, at(4)), None);
    }

    #[test]
    fn the_end_of_one_activation_never_takes_away_another() {
        let grants = [
            grant(Kind::Active, 0, Some(10)),
            grant(Kind::Active, 5, Some(20)),
        ];
        assert_eq!(state(&grants, at(9)), Some(State::Active { until: at(20) }));
        assert_eq!(
            state(&grants, at(10)),
            Some(State::Active { until: at(20) })
        );
        assert_eq!(state(&grants, at(20)), None);
    }
}
