//! Who asks, and what the deployment allows everybody.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::{PrincipalId, RoleId, SignedDuration, TenantId, Uuid, role};

/// The principal who asks, as their verified token and their grants show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The tenant they speak for.
    pub tenant: TenantId,
    /// Who they are.
    pub principal: PrincipalId,
    /// The roles they hold now.
    pub roles: BTreeSet<RoleId>,
    /// Whether they have proved a second factor.
    pub mfa: bool,
    /// The request they ask with.
    pub cause: Cause,
}

impl Caller {
    /// Whether they hold one of these roles now.
    pub fn holds_one_of(&self, roles: &[RoleId]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }

    /// Whether they see everything of their tenant.
    pub fn is_reader(&self) -> bool {
        self.holds_one_of(&role::READERS)
    }
}

/// The request behind a change, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The operation, by its operationId.
    pub operation: Cow<'static, str>,
    /// The server's id of the request.
    pub request: Uuid,
    /// The caller's own id of it, if they sent one.
    pub client_request: Option<String>,
}

/// What the deployment's configuration decides for every tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether an administrator may not grant to themselves.
    pub forbid_self_grant: bool,
    /// How long an approval waits for a decision before it lapses.
    pub approval_period: SignedDuration,
    /// From how many percent of inactive holders on the summary of a role is bad; above 100 for never.
    pub summary_threshold: u32,
}

impl Default for Policy {
    /// Self-grants are allowed and flagged; an approval lapses after a day; no summary is bad.
    fn default() -> Self {
        Self {
            forbid_self_grant: false,
            approval_period: SignedDuration::from_hours(24),
            summary_threshold: 101,
        }
    }
}
