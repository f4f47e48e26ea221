//! The expressions inside of query options: `$filter`, `$orderby`, `$select`, `$expand` and `$search`, as trees.
//!
//! The trees know names and values, not entities: whoever binds a tree to an entity says which names it has and what their
//! types are. What is taken is the part of OData 4.01 that makes sense for lists of records: comparisons of one property
//! with one value, `in`, three string functions, `and`, `or`, `not`. Operators and functions ignore letter case.
//!
//! Every error says where in the text it is, and what would have been understood there.

mod expand;
mod filter;
mod lexer;
mod literal;
mod order;
mod search;

pub use expand::{Expand, MAX_EXPAND_DEPTH, MAX_NAMES, Projection, expand, select};
pub use filter::{Comparison, Filter, Function, MAX_DEPTH, MAX_LIST, MAX_TERMS, filter};
pub use literal::Literal;
pub use order::{Direction, MAX_KEYS, OrderKey, order_by};
pub use search::{MAX_SEARCH_DEPTH, MAX_SEARCH_TERMS, Search, search};

#[cfg(test)]
mod tests;

use thiserror::Error;

/// A property, or one of an entity that a navigation property leads to, as `roleInfo/name`; as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<String>);

impl Path {
    /// Whether the other one is this, in whatever letter case.
    fn is_same(&self, other: &Self) -> bool {
        self.to_string().eq_ignore_ascii_case(&other.to_string())
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

/// Why an expression is not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExpressionError {
    /// Something else was expected here.
    #[error("{expected} is expected at position {position}, where {found} stands")]
    Unexpected {
        /// What would be understood.
        expected: &'static str,
        /// What is there, cut where it is long.
        found: String,
        /// The place, counted in characters from 1.
        position: usize,
    },
    /// A value that looks like one of its kind, and is none.
    #[error("{found} at position {position} is no {kind}")]
    Malformed {
        /// What it looks like.
        kind: &'static str,
        /// What is there, cut where it is long.
        found: String,
        /// The place, counted in characters from 1.
        position: usize,
    },
    /// A part of OData that is not taken here.
    #[error("{found} at position {position} is not supported; {instead}")]
    Unsupported {
        /// What it is.
        found: String,
        /// The place, counted in characters from 1.
        position: usize,
        /// What would work.
        instead: &'static str,
    },
    /// More than is taken of something.
    #[error("there are more than the {limit} {what} that are taken")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How many are taken.
        limit: usize,
    },
    /// The same key, name or option again.
    #[error("{found} stands there more than once")]
    Duplicate {
        /// What.
        found: String,
    },
}

impl ExpressionError {
    /// The same of a text that this one stands before.
    fn behind(mut self, before: &str) -> Self {
        match &mut self {
            Self::Unexpected { position, .. }
            | Self::Malformed { position, .. }
            | Self::Unsupported { position, .. } => *position += before.chars().count(),
            Self::TooMuch { .. } | Self::Duplicate { .. } => {}
        }
        self
    }
}
