//! The lock-out guard: a registered tenant keeps at least one administrator who lasts.

use super::Facts;
use crate::{Denied, Grant, Holding, Instant, Kind, PrincipalId, Settings, role};

/// Who could still administer the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrators {
    /// Holdings of Privileged Role Administrator with a grant that has no end; enough of them to decide by.
    pub holdings: Vec<Holding>,
    /// The settings of Privileged Role Administrator.
    pub settings: Settings,
}

/// Since when somebody lasts, the better the greater: nothing is done after which it is worse than before. Who lasts from
/// some time on counts for something too: while a clock is set back nobody lasts yet, and somebody must once it is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lasting {
    Never,
    Later,
    Now,
}

impl Administrators {
    /// How well the tenant is administered under these settings, not counting `but`.
    fn lasting(&self, settings: &Settings, but: Option<&PrincipalId>, now: Instant) -> Lasting {
        let counts = |holding: &&Holding| Some(&holding.principal) != but;
        let each = self.holdings.iter().filter(counts);
        each.map(|holding| lasting(&holding.principal, &holding.grants, settings, now))
            .max()
            .unwrap_or(Lasting::Never)
    }
}

/// Permanent, or eligible without end where activating needs no approval by somebody who would first have to be an
/// administrator. An approver named in the settings need not be one; nobody approves for themselves.
fn lasting(
    principal: &PrincipalId,
    grants: &[Grant],
    settings: &Settings,
    now: Instant,
) -> Lasting {
    let can_activate = !settings.approval
        || settings
            .approvers
            .iter()
            .any(|approver| approver != principal);
    let lasts =
        |grant: &&Grant| grant.end.is_none() && (grant.kind == Kind::Active || can_activate);
    let since = |grant: &Grant| {
        if grant.is_live(now) {
            Lasting::Now
        } else {
            Lasting::Later
        }
    };
    let all = grants.iter().filter(lasts).map(since);
    all.max().unwrap_or(Lasting::Never)
}

/// Refuses grants that would leave no administrator who lasts.
pub(super) fn keep_an_administrator(facts: &Facts, grants: &[Grant]) -> Result<(), Denied> {
    if facts.role.id != role::PRIVILEGED_ROLE_ADMINISTRATOR {
        return Ok(());
    }
    let Administrators { settings, .. } = &facts.administrators;
    let Holding {
        principal,
        grants: before,
        ..
    } = &facts.holding;
    let of = |grants| lasting(principal, grants, settings, facts.now);
    let others = facts
        .administrators
        .lasting(settings, Some(principal), facts.now);
    if others.max(of(grants)) < of(before) {
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
    let under = |settings| administrators.lasting(settings, None, now);
    if under(settings) < under(&administrators.settings) {
        return Err(Denied::LastAdministrator);
    }
    Ok(())
}
