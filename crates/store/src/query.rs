//! What is listed: bounded, ordered by key, from a position on.

use pimento_domain::{AssignmentId, Holding, Instant, RoleId};

/// Which holdings to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentQuery {
    /// Only those of this role.
    pub role: Option<RoleId>,
    /// Only those after this one in the order of the list.
    pub after: Option<AssignmentId>,
    /// How many at the most; at least 1.
    pub limit: usize,
    /// What else to answer.
    pub total: Total,
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
    /// How many match on all pages together; `None` where it was not asked for.
    pub total: Option<u64>,
}
