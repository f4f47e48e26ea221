//! A query answered the simplest way, over all rows in memory: what backends are compared with, and how the few rows are
//! queried that are in the program.

use super::{Field, Query, Total, Value};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected<T> {
    /// The rows of the page in order.
    pub rows: Vec<T>,
    /// Whether more follow.
    pub more: bool,
    /// How many match, whatever the page; `None` where it was not asked for.
    pub total: Option<u64>,
}

impl<F: Field> Query<F> {
    /// The page of these rows, whose fields have these values.
    pub fn select<T>(
        &self,
        rows: impl Iterator<Item = T>,
        value: impl Fn(&T, F) -> Value,
    ) -> Selected<T> {
        let is_wanted = |row: &T| self.filter.holds(&|field| value(row, *field)) == Some(true);
        let place = |row: T| (self.order.position(|field| value(&row, field)), row);
        let mut found: Vec<_> = rows.filter(is_wanted).map(place).collect();
        found.sort_by(|(one, _), (other, _)| self.order.compare(one, other));
        let total = match self.total {
            Total::Skip => None,
            Total::Count => Some(found.len() as u64),
        };
        if let Some(after) = &self.after {
            found.retain(|(place, _)| self.order.compare(after, place).is_lt());
        }
        let mut rows: Vec<T> = found
            .into_iter()
            .map(|(_, row)| row)
            .skip(self.skip)
            .collect();
        let more = self.limit < rows.len();
        rows.truncate(self.limit);
        Selected { rows, more, total }
    }
}
