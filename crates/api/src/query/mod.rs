//! Query options bound to entities: the names and values of a request become the store's fields and values, once, and what
//! does not fit is refused with a word of what would.

mod approvals;
mod assignments;
mod binding;
mod entity;
mod events;
mod page;
mod place;
mod registrations;
mod requests;
mod roles;
mod shape;
pub(crate) mod types;

pub(crate) use approvals::APPROVALS;
pub(crate) use assignments::ASSIGNMENTS;
pub(crate) use entity::{Entity, Filtering, Kind, Property};
pub(crate) use events::EVENTS;
pub(crate) use page::Page;
pub(crate) use place::token;
pub(crate) use registrations::{REGISTRATIONS, RegistrationField};
pub(crate) use requests::REQUESTS;
pub(crate) use roles::ROLES;
pub(crate) use shape::{Related, Shape, Shaped, more_of};
pub(crate) use types::Type;

use pimento_odata::expression::Expand;
use pimento_odata::query::{MAX_PAGE_SIZE, Options};
use pimento_store::{Condition, Field, Query, Total};

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
            filter: self.wanted(&listing.options)?,
            order,
            after,
            skip: listing.options.skip,
            limit: listing.limit,
            total: listing.total,
        })
    }

    /// Those whose number is asked for, and none of them.
    pub(crate) fn counted(&self, counting: &Counting) -> Result<Query<F>, Problem> {
        Ok(Query {
            filter: self.wanted(&counting.0)?,
            limit: 0,
            total: Total::Count,
            ..Query::everything()
        })
    }

    /// What is both filtered and searched for.
    fn wanted(&self, options: &Options) -> Result<Condition<F>, Problem> {
        let filter = self.filter(options.filter.as_ref())?;
        let search = options.search.as_ref();
        Ok(match search {
            None => filter,
            Some(search) => filter.and(self.search(search)),
        })
    }

    /// What of an expanded collection is asked for: as much as a page can have, unless its options say otherwise.
    fn expanded(&self, asked: &Expand) -> Result<Query<F>, Problem> {
        let top = asked.top.unwrap_or(MAX_PAGE_SIZE);
        if MAX_PAGE_SIZE < top {
            let message = format!("it is from 0 to {MAX_PAGE_SIZE}; {top} was sent.");
            return Err(refused("$top", message));
        }
        Ok(Query {
            filter: self.filter(asked.filter.as_ref())?,
            order: self.order(&asked.order_by)?,
            skip: asked.skip.unwrap_or(0),
            limit: top,
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
