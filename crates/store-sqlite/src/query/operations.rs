//! Operations: the events that the wire has words for.

use pimento_domain::TenantId;
use pimento_store::{
    Comparison, Condition, OperationField, OperationPage, OperationQuery, Order, Term, Total, Value,
};
use rusqlite::{params, params_from_iter};

use super::{Columns, Nullable, Statement};
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
    let parts = match &query.filter {
        Condition::All(parts) => &parts[..],
        one => std::slice::from_ref(one),
    };
    let asks = |of: OperationField, wanted: &dyn Fn(Comparison) -> bool| {
        parts.iter().any(|part| match part {
            Condition::Field(field, Term::Compare(comparison, _)) => {
                *field == of && wanted(*comparison)
            }
            _ => false,
        })
    };
    let is = |field| asks(field, &|comparison| comparison == Comparison::Equal);
    let from = |comparison| matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual);
    let until = |comparison| matches!(comparison, Comparison::Less | Comparison::LessOrEqual);
    // Along the time where that is the order, or where few may be between two.
    let is_by_time = query.order.fields()[0].0 == OperationField::At
        || (asks(OperationField::At, &from) && asks(OperationField::At, &until));
    if is(OperationField::Sequence) {
        "operations"
    } else if is(OperationField::Principal) {
        "operations_by_principal"
    } else if is(OperationField::Role) {
        "operations_by_role"
    } else if is_by_time {
        "operations_by_time"
    } else if is(OperationField::Kind) {
        "operations_by_kind"
    } else {
        "operations"
    }
}

/// The events of the page, where it is no plain list.
pub(crate) fn page(query: &OperationQuery, tenant: &TenantId) -> Statement {
    let mut statement = Statement::new(&sql::operations_along(index(query)), tenant);
    // Before the filter: of two bounds of a search SQLite takes the first.
    if let Some(after) = &query.after {
        statement.push(" AND ");
        statement.after(&query.order, after);
    }
    statement.push(" AND ");
    statement.condition(&query.filter);
    statement.order(&query.order);
    statement.limit(query.limit, query.skip);
    statement
}

/// How many there are on all pages.
pub(crate) fn count(query: &OperationQuery, tenant: &TenantId) -> Statement {
    let mut statement = Statement::new(&sql::operations_along(index(query)), tenant);
    statement.push(" AND ");
    statement.condition(&query.filter);
    statement.text = sql::count_of(&statement.text);
    statement
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
                let page = page(query, tenant);
                let mut statement = self.rows.prepare(&page.text)?;
                read(statement.query(params_from_iter(page.values))?)?;
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
