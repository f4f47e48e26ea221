//! What is written: changes of rows with at least one event.

use pimento_domain::{
    Cause, Events, Grant, Instant, PrincipalId, Request, RoleId, RoleName, Settings, Setup,
    TenantId,
};

use crate::Expected;

/// One transaction: what must still be so, what changes, and what the log says of it.
///
/// It cannot be made without an event: [`Events`] is never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changeset {
    /// Whose rows.
    pub tenant: TenantId,
    /// The rows that the decision was made on; usually [`crate::Loaded::expected`] as it came.
    pub expected: Vec<Expected>,
    /// The changes; may be none where only an event is to be recorded.
    pub changes: Vec<Change>,
    /// What happened.
    pub events: Events,
    /// The request behind it.
    pub cause: Cause,
}

/// A change of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The tenant is registered from this instant on, and its set-up not started.
    Register(Instant),
    /// The set-up of the tenant, which is registered, is this far: gives [`Expected::Registration`] a new revision.
    Setup(Setup),
    /// The grants of a principal in a role are these from now on; none removes the holding.
    Holding(PrincipalId, RoleId, Vec<Grant>),
    /// The request of this id is this from now on. What it asks, for whom and of which role, never changes.
    Request(Box<Request>),
    /// The settings of a role are these from now on.
    Settings(RoleId, Settings),
    /// The administrators of this role change with this transaction: gives [`Expected::Administrators`] a new revision.
    Administrators(RoleId),
    /// A role of the tenant's own has this name from now on.
    Role(RoleId, RoleName),
    /// A role of the tenant's own is removed, and its settings with it. Its row stays, so that it can still be named.
    RemoveRole(RoleId),
}

/// What a commit answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The sequence number of the last event of the changeset.
    pub sequence: u64,
}
