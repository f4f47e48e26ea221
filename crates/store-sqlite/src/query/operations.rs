//! Operations: the events that the wire has words for.

use pimento_domain::TenantId;
use pimento_store::{
    Comparison, Condition, Direction, OperationField, OperationPage, OperationQuery, Order,
    Position, Total, Value,
};
use rusqlite::{params, params_from_iter};

use super::{Columns, Nullable, Statement, compares, in_any_order};
use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::{rows, sql};

impl Columns for OperationField {
    fn column(self) -> &'static str {
        match self {
            Self::Sequence => "sequence",
            // Whole seconds before an instant, also before 1970.
            Self::Id => {
                "(strftime('%Y%m%d', (at - (at % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')
                  || printf('%010d', sequence))"
            }
            Self::At => "at",
            Self::Kind => "kind",
            Self::Principal => "principal",
            Self::Role => "role",
            // An operator is written as nobody.
            Self::Actor => "nullif(actor, '')",
            Self::Until => "(CASE kind WHEN 'activate' THEN until END)",
            Self::Note => "note",
            Self::Reason => "reason",
            Self::TicketNumber => "ticket_number",
            Self::TicketSystem => "ticket_system",
        }
    }

    fn nullable(self) -> Nullable {
        match self {
            Self::Sequence | Self::Id | Self::At | Self::Kind => Nullable::No,
            _ => Nullable::Yes,
        }
    }
}

/// The index to search along. Left to itself SQLite would step along the whole log, in whose order no sorting is needed.
fn index(query: &OperationQuery) -> &'static str {
    let is = |field| compares(&query.filter, field, |how| how == Comparison::Equal);
    let from = |how| matches!(how, Comparison::Greater | Comparison::GreaterOrEqual);
    let until = |how| matches!(how, Comparison::Less | Comparison::LessOrEqual);
    // Along the time where few may be between two.
    let is_between = compares(&query.filter, OperationField::At, from)
        && compares(&query.filter, OperationField::At, until);
    if is(OperationField::Sequence) {
        "operations"
    } else if is(OperationField::Principal) {
        "operations_by_principal"
    } else if is(OperationField::Role) {
        "operations_by_role"
    } else if is_between {
        "operations_by_time"
    } else if let Some((_, _, index)) = in_order(&query.order) {
        index
    } else if is(OperationField::Kind) {
        "operations_by_kind"
    } else {
        "operations"
    }
}

/// What an order begins with that has an index, where nothing but the place in the log comes after it; and which way it goes.
fn in_order(order: &Order<OperationField>) -> Option<(OperationField, Direction, &'static str)> {
    let [(field, way), (OperationField::Sequence, then)] = *order.fields() else {
        return None;
    };
    let index = match field {
        OperationField::At => "operations_by_time",
        OperationField::Principal => "operations_by_principal",
        OperationField::Role => "operations_by_role",
        _ => return None,
    };
    (way == then).then_some((field, way, index))
}

/// The events of the page, where it is no plain list: part by part, one after the other. Those without what they are ordered by
/// are a part of their own, so that in each part a place can be searched for.
pub(crate) fn page(query: &OperationQuery, tenant: &TenantId) -> Vec<Statement> {
    let index = index(query);
    let statement = || Statement::new(&sql::operations_along(index), tenant);
    let (field, way) = match in_order(&query.order) {
        // How many are skipped of each part would have to be counted.
        Some((field, way, along))
            if along == index && field.nullable() == Nullable::Yes && query.skip == 0 =>
        {
            (field, way)
        }
        _ => return vec![statement().page_of(query)],
    };
    let with_value = |after: Option<&Position>| {
        let mut part = statement();
        part.push(" AND ");
        match after {
            Some(place) => part.after_in_one(query.order.fields(), place),
            None => part.after_the_beginning(&query.order),
        }
        part.within(query)
    };
    let without = |after: Option<&Value>| {
        let mut part = statement();
        part.push(" AND ");
        part.condition(&Condition::equal(field, Value::Null));
        if let Some(sequence) = after {
            part.push(" AND ");
            part.follows(OperationField::Sequence, way, sequence);
        }
        part.within(query)
    };
    let after = query.after.as_ref();
    match (way, after.map(|place| &place.0[..])) {
        (Direction::Ascending, None) => vec![without(None), with_value(None)],
        (Direction::Ascending, Some([Value::Null, sequence])) => {
            vec![without(Some(sequence)), with_value(None)]
        }
        (Direction::Ascending, Some(_)) => vec![with_value(after)],
        (Direction::Descending, Some([Value::Null, sequence])) => vec![without(Some(sequence))],
        (Direction::Descending, _) => vec![with_value(after), without(None)],
    }
}

/// How many there are on all pages.
pub(crate) fn count(query: &OperationQuery, tenant: &TenantId) -> Statement {
    let index = index(&in_any_order(query));
    Statement::new(&sql::operations_along(index), tenant).count_of(query)
}

/// The place after which a list starts that has a statement of its own: everything, oldest first.
fn plain(query: &OperationQuery) -> Option<i64> {
    let is_plain =
        query.filter == Condition::EVERYTHING && query.order == Order::by_key() && query.skip == 0;
    let after = query.after.as_ref().map(|place| &place.0[..]);
    is_plain.then_some(match after {
        Some([Value::Number(after)]) => *after,
        _ => 0,
    })
}

impl Snapshot<'_> {
    /// What [`pimento_store::Store::list_operations`] answers.
    pub(crate) fn list_operations(
        &self,
        tenant: &TenantId,
        query: &OperationQuery,
    ) -> Result<OperationPage, Fault> {
        let mut events = Vec::new();
        let mut read = |mut found: rusqlite::Rows<'_>| {
            while events.len() <= query.limit
                && let Some(row) = found.next()?
            {
                events.push(rows::event(row).map_err(|fault| fault.within("events"))?);
            }
            Ok::<(), Fault>(())
        };
        match plain(query) {
            Some(after) => {
                let mut statement = self.rows.prepare_cached(sql::OPERATIONS)?;
                read(statement.query(params![tenant.as_str(), after])?)?;
            }
            None => {
                for part in page(query, tenant) {
                    let mut statement = self.rows.prepare(&part.text)?;
                    read(statement.query(params_from_iter(part.values))?)?;
                }
            }
        }
        let more = query.limit < events.len();
        events.truncate(query.limit);
        let total = match query.total {
            Total::Skip => None,
            Total::Count => Some(self.count_operations(tenant, query)?),
        };
        Ok(OperationPage {
            events,
            more,
            total,
        })
    }

    fn count_operations(&self, tenant: &TenantId, query: &OperationQuery) -> Result<u64, Fault> {
        if query.filter == Condition::EVERYTHING {
            let mut statement = self.rows.prepare_cached(sql::COUNT_OF_OPERATIONS)?;
            return Ok(statement.query_row([tenant.as_str()], |row| row.get(0))?);
        }
        let count = count(query, tenant);
        let mut statement = self.rows.prepare(&count.text)?;
        Ok(statement.query_row(params_from_iter(count.values), |row| row.get(0))?)
    }
}
