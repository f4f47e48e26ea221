//! What is listed: bounded, ordered, from a position on.

mod assignments;
mod condition;
mod naive;
mod operations;
mod order;
mod requests;
mod roles;

use pimento_domain::{Holding, Instant, PrincipalId, Request, Role, RoleId, TenantId};

pub use assignments::{AssignmentField, AssignmentQuery};
pub use condition::{Comparison, Condition, Function, Term, Value};
pub use naive::Selected;
pub use operations::{OperationField, OperationQuery};
pub use order::{Direction, Field, Order, Position};
pub use requests::{RequestField, RequestQuery};
pub use roles::{RoleField, RoleQuery};

use crate::RecordedEvent;

/// Which rows to list, in which order, and which page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query<F> {
    /// Which rows.
    pub filter: Condition<F>,
    /// In which order.
    pub order: Order<F>,
    /// Only those after this place in the order.
    pub after: Option<Position>,
    /// How many of those to leave out first.
    pub skip: usize,
    /// How many at the most.
    pub limit: usize,
    /// What else to answer.
    pub total: Total,
}

impl<F: Field> Query<F> {
    /// Everything, by key and on one page.
    pub fn everything() -> Self {
        Self {
            filter: Condition::EVERYTHING,
            order: Order::by_key(),
            after: None,
            skip: 0,
            limit: usize::MAX,
            total: Total::Skip,
        }
    }

    /// The same of those rows alone for which this is true too.
    #[must_use]
    pub fn within(&self, rows: Condition<F>) -> Self {
        Self {
            filter: rows.and(self.filter.clone()),
            ..self.clone()
        }
    }
}

/// Whether the count of all that match is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Total {
    /// Not wanted.
    #[default]
    Skip,
    /// Wanted, though it costs a scan.
    Count,
}

/// One page of holdings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The store's time of the moment: the states of these holdings are to be seen at it.
    pub now: Instant,
    /// The holdings in order.
    pub holdings: Vec<Holding>,
    /// Whether more follow after the last one.
    pub more: bool,
    /// How many match the filter on all pages together, those that are skipped too; `None` where it was not asked for.
    pub total: Option<u64>,
}

/// One page of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPage {
    /// The store's time of the moment: what has become of these requests is to be seen at it.
    pub now: Instant,
    /// The requests in order.
    pub requests: Vec<Request>,
    /// Whether more follow after the last one.
    pub more: bool,
    /// How many match the filter on all pages together; `None` where it was not asked for.
    pub total: Option<u64>,
}

/// One page of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationPage {
    /// The events in order.
    pub events: Vec<RecordedEvent>,
    /// Whether more follow after the last one.
    pub more: bool,
    /// How many match the filter on all pages together; `None` where it was not asked for.
    pub total: Option<u64>,
}

/// One page of the roles of a tenant's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolePage {
    /// The roles in order.
    pub roles: Vec<Role>,
    /// Whether more follow after the last one.
    pub more: bool,
    /// How many match the filter on all pages together; `None` where it was not asked for.
    pub total: Option<u64>,
}

/// A holding of which something has come due, at one instant, that the log does not tell yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueHolding {
    /// Since when.
    pub at: Instant,
    /// Whose log.
    pub tenant: TenantId,
    /// Whose holding.
    pub principal: PrincipalId,
    /// Of which role.
    pub role: RoleId,
}
