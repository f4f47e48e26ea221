//! The limits of activating one role.

use crate::{Denied, PrincipalId, Role, SettingsFault, SignedDuration};

/// What activating a role asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The shortest activation.
    pub minimum: SignedDuration,
    /// The longest activation.
    pub maximum: SignedDuration,
    /// The length of an activation that names none.
    pub default: SignedDuration,
    /// Whether people are told of an activation.
    pub notification: bool,
    /// Whether an activation needs a ticket number.
    pub ticket: bool,
    /// Whether an activation needs MFA.
    pub mfa: bool,
    /// Whether an activation needs an approval.
    pub approval: bool,
    /// Who may approve; empty for every Privileged Role Administrator.
    pub approvers: Vec<PrincipalId>,
}

/// What changes of a role's settings; what is absent keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsUpdate {
    /// Zero means [`Settings::LEAST`].
    pub minimum: Option<SignedDuration>,
    /// Zero means [`Settings::MOST`].
    pub maximum: Option<SignedDuration>,
    /// The length of an activation that names none.
    pub default: Option<SignedDuration>,
    /// Whether people are told of an activation.
    pub notification: Option<bool>,
    /// Whether an activation needs a ticket number.
    pub ticket: Option<bool>,
    /// Ignored on a role whose MFA is pinned.
    pub mfa: Option<bool>,
    /// Whether an activation needs an approval.
    pub approval: Option<bool>,
    /// Who may approve.
    pub approvers: Option<Vec<PrincipalId>>,
}

impl Settings {
    /// No minimum may be shorter.
    pub const LEAST: SignedDuration = SignedDuration::from_mins(30);
    /// No maximum may be longer.
    pub const MOST: SignedDuration = SignedDuration::from_hours(72);

    /// The settings of a role that nobody has changed.
    pub fn of(role: &Role) -> Self {
        Self {
            minimum: Self::LEAST,
            maximum: SignedDuration::from_hours(8),
            default: SignedDuration::from_hours(1),
            notification: false,
            ticket: false,
            mfa: role.mfa_pinned,
            approval: false,
            approvers: Vec::new(),
        }
    }

    /// These settings with an update of `role`'s, or why it cannot be.
    pub fn updated(&self, role: &Role, update: &SettingsUpdate) -> Result<Self, Denied> {
        let or_limit = |sent: SignedDuration, limit| if sent.is_zero() { limit } else { sent };
        let new = Self {
            minimum: update
                .minimum
                .map_or(self.minimum, |sent| or_limit(sent, Self::LEAST)),
            maximum: update
                .maximum
                .map_or(self.maximum, |sent| or_limit(sent, Self::MOST)),
            default: update.default.unwrap_or(self.default),
            notification: update.notification.unwrap_or(self.notification),
            ticket: update.ticket.unwrap_or(self.ticket),
            mfa: role.mfa_pinned || update.mfa.unwrap_or(self.mfa),
            approval: update.approval.unwrap_or(self.approval),
            approvers: update
                .approvers
                .clone()
                .unwrap_or_else(|| self.approvers.clone()),
        };
        match new.fault() {
            None => Ok(new),
            Some(fault) => Err(Denied::Settings(fault)),
        }
    }

    fn fault(&self) -> Option<SettingsFault> {
        let Self {
            minimum,
            maximum,
            default,
            ..
        } = *self;
        if minimum < Self::LEAST {
            Some(SettingsFault::MinimumTooShort {
                sent: minimum,
                least: Self::LEAST,
            })
        } else if Self::MOST < maximum {
            Some(SettingsFault::MaximumTooLong {
                sent: maximum,
                most: Self::MOST,
            })
        } else if maximum < minimum {
            Some(SettingsFault::MinimumAboveMaximum { minimum, maximum })
        } else if default < minimum || maximum < default {
            Some(SettingsFault::DefaultOutside {
                sent: default,
                minimum,
                maximum,
            })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role;

    /// Security Reader, on which nothing is pinned.
    fn role() -> &'static Role {
        role::find(role::SECURITY_READER).unwrap()
    }

    /// A role whose MFA cannot be switched off.
    fn pinned() -> &'static Role {
        role::find(role::SECURITY_ADMINISTRATOR).unwrap()
    }

    fn minutes(minutes: i64) -> SignedDuration {
        SignedDuration::from_mins(minutes)
    }

    /// The settings of a new role with minimum, maximum and default, in minutes, as far as they are sent.
    fn limits(
        minimum: Option<i64>,
        maximum: Option<i64>,
        default: Option<i64>,
    ) -> Result<[SignedDuration; 3], Denied> {
        let update = SettingsUpdate {
            minimum: minimum.map(minutes),
            maximum: maximum.map(minutes),
            default: default.map(minutes),
            ..SettingsUpdate::default()
        };
        let new = Settings::of(role()).updated(role(), &update)?;
        Ok([new.minimum, new.maximum, new.default])
    }

    fn refused(fault: SettingsFault) -> Result<[SignedDuration; 3], Denied> {
        Err(Denied::Settings(fault))
    }

    #[test]
    fn a_new_role_allows_half_an_hour_to_eight_and_one_hour_where_nothing_is_said() {
        let expected = Settings {
            minimum: minutes(30),
            maximum: minutes(480),
            default: minutes(60),
            notification: false,
            ticket: false,
            mfa: false,
            approval: false,
            approvers: Vec::new(),
        };
        assert_eq!(Settings::of(role()), expected);
        let with_mfa = Settings {
            mfa: true,
            ..expected
        };
        assert_eq!(Settings::of(pinned()), with_mfa);
    }

    #[test]
    fn an_empty_update_changes_nothing() {
        let settings = Settings {
            approvers: vec!["zoe".parse().unwrap()],
            notification: true,
            ..Settings::of(role())
        };
        let update = SettingsUpdate::default();
        assert_eq!(settings.updated(role(), &update), Ok(settings.clone()));
    }

    #[test]
    fn a_minimum_of_zero_is_the_least_that_there_is() {
        let raised = Settings {
            minimum: minutes(45),
            ..Settings::of(role())
        };
        let update = SettingsUpdate {
            minimum: Some(SignedDuration::ZERO),
            ..SettingsUpdate::default()
        };
        let new = raised.updated(role(), &update).unwrap();
        assert_eq!(new.minimum, minutes(30));
    }

    #[test]
    fn a_maximum_of_zero_is_the_most_that_there_is() {
        assert_eq!(
            limits(None, Some(0), None),
            Ok([minutes(30), minutes(4320), minutes(60)])
        );
    }

    #[test]
    fn the_limits_themselves_are_within_the_limits() {
        for (minimum, maximum, default) in [
            (30, 4320, 30),
            (30, 4320, 4320),
            (30, 30, 30),
            (4320, 4320, 4320),
        ] {
            assert_eq!(
                limits(Some(minimum), Some(maximum), Some(default)),
                Ok([minutes(minimum), minutes(maximum), minutes(default)])
            );
        }
    }

    #[test]
    fn a_minimum_below_half_an_hour_is_refused() {
        for sent in [29, 1, -1, -60] {
            assert_eq!(
                limits(Some(sent), None, None),
                refused(SettingsFault::MinimumTooShort {
                    sent: minutes(sent),
                    least: minutes(30)
                })
            );
        }
    }

    #[test]
    fn a_maximum_above_three_days_is_refused() {
        assert_eq!(
            limits(None, Some(4321), None),
            refused(SettingsFault::MaximumTooLong {
                sent: minutes(4321),
                most: minutes(4320)
            })
        );
    }

    #[test]
    fn a_minimum_above_the_maximum_is_refused_whichever_of_them_is_sent() {
        for (minimum, maximum) in [(Some(481), None), (None, Some(29)), (Some(120), Some(90))] {
            assert_eq!(
                limits(minimum, maximum, None),
                refused(SettingsFault::MinimumAboveMaximum {
                    minimum: minutes(minimum.unwrap_or(30)),
                    maximum: minutes(maximum.unwrap_or(480)),
                })
            );
        }
    }

    #[test]
    fn a_negative_maximum_is_below_every_minimum() {
        assert_eq!(
            limits(None, Some(-60), None),
            refused(SettingsFault::MinimumAboveMaximum {
                minimum: minutes(30),
                maximum: minutes(-60)
            })
        );
    }

    #[test]
    fn a_default_outside_minimum_and_maximum_is_refused() {
        for sent in [29, 481, 0, -60] {
            assert_eq!(
                limits(None, None, Some(sent)),
                refused(SettingsFault::DefaultOutside {
                    sent: minutes(sent),
                    minimum: minutes(30),
                    maximum: minutes(480),
                })
            );
        }
    }

    #[test]
    fn limits_that_leave_the_kept_default_outside_are_refused() {
        for (minimum, maximum) in [(Some(61), None), (None, Some(59))] {
            assert_eq!(
                limits(minimum, maximum, None),
                refused(SettingsFault::DefaultOutside {
                    sent: minutes(60),
                    minimum: minutes(minimum.unwrap_or(30)),
                    maximum: minutes(maximum.unwrap_or(480)),
                })
            );
        }
    }

    #[test]
    fn mfa_is_switched_where_it_is_free_and_stays_on_where_it_is_pinned() {
        let mfa = |role: &Role, mfa| {
            let update = SettingsUpdate {
                mfa,
                ..SettingsUpdate::default()
            };
            Settings::of(role).updated(role, &update).unwrap().mfa
        };
        assert!(mfa(role(), Some(true)));
        assert!(!mfa(role(), Some(false)));
        for sent in [Some(true), Some(false), None] {
            assert!(mfa(pinned(), sent));
        }
    }
}
