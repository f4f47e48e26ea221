//! Query options bound to entities: the names and values of a request become the store's fields and values, once, and what
//! does not fit is refused with a word of what would.

mod approvals;
mod assignments;
mod binding;
mod entity;
mod events;
mod place;
mod requests;
mod shape;

pub(crate) use approvals::APPROVALS;
pub(crate) use assignments::ASSIGNMENTS;
pub(crate) use entity::{Entity, Filtering, Kind, Property};
pub(crate) use events::EVENTS;
pub(crate) use place::token;
pub(crate) use requests::REQUESTS;
pub(crate) use shape::{Related, Shape, Shaped, Type, types};

use pimento_odata::expression::Expand;
use pimento_store::{Field, Query, Total};

use crate::http::{Counting, Listing};
use crate::problem::{Problem, code};

impl<F: Field> Entity<F> {
    /// The page of a list that is asked for.
    pub(crate) fn query(&self, listing: &Listing) -> Result<Query<F>, Problem> {
        let order = self.order(&listing.options.order_by)?;
        let after = match &listing.options.skiptoken {
            None => None,
            Some(token) => Some(self.place(&order, token)?),
        };
        Ok(Query {
            filter: self.filter(listing.options.filter.as_ref())?,
            order,
            after,
            skip: listing.options.skip,
            limit: listing.limit,
            total: listing.total,
        })
    }

    /// Those whose number is asked for. Of the page that comes with it nothing is looked at.
    pub(crate) fn counted(&self, counting: &Counting) -> Result<Query<F>, Problem> {
        Ok(Query {
            filter: self.filter(counting.0.filter.as_ref())?,
            limit: 1,
            total: Total::Count,
            ..Query::everything()
        })
    }

    /// What of an expanded collection is asked for: all of it, unless its options say otherwise.
    fn expanded(&self, asked: &Expand) -> Result<Query<F>, Problem> {
        let filter = self.filter(asked.filter.as_ref());
        let order = self.order(&asked.order_by);
        Ok(Query {
            filter: filter.map_err(|problem| problem.at("$expand"))?,
            order: order.map_err(|problem| problem.at("$expand"))?,
            skip: asked.skip.unwrap_or(0),
            limit: asked.top.unwrap_or(usize::MAX),
            total: if asked.count {
                Total::Count
            } else {
                Total::Skip
            },
            ..Query::everything()
        })
    }
}

/// A refusal of what an option says.
fn refused(option: &'static str, message: String) -> Problem {
    Problem::bad_request(code::UNSUPPORTED_QUERY, message).at(option)
}
