//! What a store must do: the trait [`Store`] with its contract; for tests the in-memory model and one conformance suite.
//!
//! The truth is rows: the registration of a tenant, its own roles, the settings of a role, the grants of a principal in a
//! role, and the log of events. Whoever changes rows says which revisions of which rows the decision was made on
//! ([`Changeset::expected`]); a store refuses the change where one of them is no longer so.

mod change;
mod clock;
mod query;
mod rows;
pub mod seal;

#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "conformance")]
pub mod memory;

pub use change::{Change, Changeset, Committed};
pub use clock::{Clock, ClockReading};
pub use query::{
    AssignmentField, AssignmentQuery, Comparison, Condition, Direction, DueHolding, Field,
    Function, OperationField, OperationPage, OperationQuery, Order, Page, Position, Query,
    RequestField, RequestPage, RequestQuery, RoleField, RolePage, RoleQuery, Selected, Term, Total,
    Value,
};
pub use rows::{ADMINISTRATORS, Expected, Loaded, RecordedEvent, Revision, Wanted};

use std::time::Duration;

use futures::future::BoxFuture;

use crate::seal::{Link, Sealed, Tail};
use pimento_domain::{
    Holders, Holding, Instant, PrincipalId, Request, RequestId, Role, RoleId, TenantId,
};

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row that the change was decided on has changed since. Nothing was written; decide again.
    #[error("a row changed while the change was decided")]
    Conflict,
    /// The store cannot be reached, is closing, or has too much to do. It is not known to be damaged; try again later.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// A search took longer than one may, and was broken off. Trying again does not help; to look for less does.
    #[error("a search took longer than {0:?}")]
    TookTooLong(Duration),
    /// The disk failed in the middle of a commit. Reads do not show the change, and the next commit that succeeds undoes it
    /// for good; but if the store is opened anew before that, all of it may be there.
    #[error("the store failed in the middle of a commit: {0}")]
    InDoubt(String),
    /// The store holds something that no Pimento wrote. Trying again does not help.
    #[error("the store is corrupt: {0}")]
    Corrupt(String),
}

/// A durable store of every tenant's rows.
///
/// # Contract
///
/// * **Tenants never mix.** Every call names one tenant and reads and writes that tenant's rows alone.
/// * **Strings order by bytes**, instants have microseconds, and what is written is read back equal.
/// * **A read is a snapshot**: all that one [`Store::load`] or [`Store::list_assignments`] answers was so at one moment,
///   and is at least as new as every commit that was acknowledged before the call.
/// * **A commit is durable** when its future resolves: a crash right after does not lose it. It is atomic: all changes
///   and events, or none.
/// * **A commit that is refused** is not there, neither then nor after a crash; but for [`StoreError::InDoubt`].
/// * **A commit that conflicts** answers [`StoreError::Conflict`] and writes nothing.
/// * **A future that is dropped** does not undo: a commit that was handed over may still happen.
/// * **A list may be refused** with [`StoreError::TookTooLong`], where it is long to find; nothing else is.
/// * No method panics on any input that its types admit.
pub trait Store: Send + Sync + 'static {
    /// The clock that `now` comes from.
    fn clock(&self) -> &Clock;

    /// The rows that a decision needs, with the revisions that they have, at one moment, and that moment.
    ///
    /// Rows that do not exist come back as absent (`None`, no grants) and their absence has a revision too.
    fn load<'a>(
        &'a self,
        tenant: &'a TenantId,
        wanted: &'a Wanted,
    ) -> BoxFuture<'a, Result<Loaded, StoreError>>;

    /// All holdings of one principal that have a grant holding at the store's `now`, ordered by role; their grants complete.
    fn holdings_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<(Instant, Vec<Holding>), StoreError>>;

    /// One page of the holdings that have a grant holding at the store's `now`, with those of their grants that do: the
    /// holdings for which [`Query::filter`] is true, in [`Query::order`]; at most [`Query::limit`] of them, those after
    /// [`Query::after`] without the first [`Query::skip`], and whether more follow; where asked, the count of all for which
    /// it is true, whatever the page.
    fn list_assignments<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a AssignmentQuery,
    ) -> BoxFuture<'a, Result<Page, StoreError>>;

    /// How many have a grant of this role that holds at the store's `now`, and how many an active one.
    fn holders<'a>(
        &'a self,
        tenant: &'a TenantId,
        role: RoleId,
    ) -> BoxFuture<'a, Result<Holders, StoreError>>;

    /// One page of the roles of the tenant's own, as of [`Store::list_assignments`]; none that was removed.
    fn list_roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RoleQuery,
    ) -> BoxFuture<'a, Result<RolePage, StoreError>>;

    /// Those of these roles that are or were the tenant's own, also where they were removed, in the order that was asked for.
    fn roles<'a>(
        &'a self,
        tenant: &'a TenantId,
        ids: &'a [RoleId],
    ) -> BoxFuture<'a, Result<Vec<Role>, StoreError>>;

    /// One request, and the store's `now`.
    fn request<'a>(
        &'a self,
        tenant: &'a TenantId,
        id: RequestId,
    ) -> BoxFuture<'a, Result<(Instant, Option<Request>), StoreError>>;

    /// One page of requests, as of [`Store::list_assignments`]; what has become of them is seen at the store's `now`.
    fn list_requests<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a RequestQuery,
    ) -> BoxFuture<'a, Result<RequestPage, StoreError>>;

    /// The roles whose settings name this principal as an approver, by id.
    fn approver_of<'a>(
        &'a self,
        tenant: &'a TenantId,
        principal: &'a PrincipalId,
    ) -> BoxFuture<'a, Result<Vec<RoleId>, StoreError>>;

    /// At most `limit` holdings, of any tenant, with a grant whose end has come, or with a request of which something has
    /// become by itself, that is not recorded yet: each once for each instant at which something has, in the order of these,
    /// then of tenants, principals and roles.
    fn due(&self, limit: usize) -> BoxFuture<'_, Result<Vec<DueHolding>, StoreError>>;

    /// The tenant's events after a sequence number, oldest first, at most `limit`.
    fn events<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<RecordedEvent>, StoreError>>;

    /// One page of the tenant's events that are operations ([`pimento_domain::EventKind::is_operation`]), as of
    /// [`Store::list_assignments`].
    fn list_operations<'a>(
        &'a self,
        tenant: &'a TenantId,
        query: &'a OperationQuery,
    ) -> BoxFuture<'a, Result<OperationPage, StoreError>>;

    /// The tenants, in the order of their ids, that have events without a seal; those after this one, at most `limit`.
    fn unsealed<'a>(
        &'a self,
        after: Option<&'a TenantId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<TenantId>, StoreError>>;

    /// The newest head of the tenant's log, and at most `limit` events after it, oldest first, each with its salt: 16 random
    /// bytes that were drawn when it was committed.
    fn tail<'a>(
        &'a self,
        tenant: &'a TenantId,
        limit: usize,
    ) -> BoxFuture<'a, Result<Tail, StoreError>>;

    /// At most `limit` of the links of the tenant's log after this event, oldest first.
    fn links<'a>(
        &'a self,
        tenant: &'a TenantId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Link>, StoreError>>;

    /// Writes links and their head durably, or nothing; [`StoreError::Conflict`] where another head is the newest by now
    /// than the one that they continue.
    fn seal(&self, sealed: Sealed) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Writes all of a changeset durably, or nothing.
    fn commit(&self, changeset: Changeset) -> BoxFuture<'_, Result<Committed, StoreError>>;

    /// Whether the store can read and write now.
    fn check(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}
