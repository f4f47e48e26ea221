//! The lock-out guard: a registered tenant keeps at least one administrator who lasts.

use super::Facts;
use crate::{Denied, Grant, Holding, Instant, Kind, PrincipalId, Settings, State, role};

/// Who could still administer the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrators {
    /// Holdings of Privileged Role Administrator with a grant that has no end; enough of them to decide by.
    pub holdings: Vec<Holding>,
    /// The settings of Privileged Role Administrator.
    pub settings: Settings,
}

impl Administrators {
    /// Whether somebody lasts under these settings, where `principal` has `grants` instead of what they had.
    fn someone_lasts(
        &self,
        settings: &Settings,
        changed: Option<(&PrincipalId, &[Grant])>,
        now: Instant,
    ) -> bool {
        let unchanged = |holding: &&Holding| {
            changed.is_none_or(|(principal, _)| holding.principal != *principal)
        };
        let of_others = self
            .holdings
            .iter()
            .filter(unchanged)
            .map(|holding| (&holding.principal, &holding.grants[..]));
        of_others
            .chain(changed)
            .any(|(principal, grants)| lasts(principal, grants, settings, now))
    }
}

/// Permanent, or eligible without end where activating needs no approval by somebody who would first have to be an
/// administrator. An approver named in the settings need not be one; nobody approves for themselves.
fn lasts(principal: &PrincipalId, grants: &[Grant], settings: &Settings, now: Instant) -> bool {
    let endless =
        |grant: &Grant| grant.kind == Kind::Eligible && grant.end.is_none() && grant.is_live(now);
    let can_activate = !settings.approval
        || settings
            .approvers
            .iter()
            .any(|approver| approver != principal);
    crate::grant::state(grants, now) == Some(State::Permanent)
        || can_activate && grants.iter().any(endless)
}

/// Refuses grants that would leave no administrator who lasts.
pub(super) fn keep_an_administrator(facts: &Facts, grants: &[Grant]) -> Result<(), Denied> {
    if facts.role.id != role::PRIVILEGED_ROLE_ADMINISTRATOR {
        return Ok(());
    }
    let settings = &facts.administrators.settings;
    let Holding {
        principal,
        grants: before,
        ..
    } = &facts.holding;
    let lasted = lasts(principal, before, settings, facts.now);
    if lasted
        && !facts
            .administrators
            .someone_lasts(settings, Some((principal, grants)), facts.now)
    {
        return Err(Denied::LastAdministrator);
    }
    Ok(())
}

/// Refuses settings of Privileged Role Administrator under which nobody would last.
pub(super) fn keep_an_administrator_under(
    administrators: &Administrators,
    settings: &Settings,
    now: Instant,
) -> Result<(), Denied> {
    let lasted = administrators.someone_lasts(&administrators.settings, None, now);
    if lasted && !administrators.someone_lasts(settings, None, now) {
        return Err(Denied::LastAdministrator);
    }
    Ok(())
}
