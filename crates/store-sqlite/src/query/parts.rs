//! The parts that a list of requests is put together from, which have no row in common: one for each person and each role that
//! its filter names, so that who may see few requests is not answered from all of them. Each is searched along an index.

use pimento_domain::{ApprovalState, Instant, Status, TenantId};
use pimento_store::{Comparison, Condition, Position, RequestField, RequestQuery, Term, Value};

use super::{Statement, compares, says};
use crate::sql;

/// One value of a field that has an index.
pub(super) type One<'a> = (RequestField, &'a Value);

/// More parts than this cost more than they spare.
const MOST_PARTS: usize = 100;

/// What a tenant has of requests, by a rough guess: SQLite has no statistics.
const ALL: usize = 50_000;

/// The same of those that nothing has become of yet.
const OPEN: usize = 1_000;

/// The same of those with one value of this field, where an index finds them.
fn with_one(field: RequestField) -> Option<usize> {
    match field {
        RequestField::Id => Some(1),
        RequestField::Principal | RequestField::Requestor => Some(500),
        RequestField::Role => Some(5_000),
        _ => None,
    }
}

fn cost(values: &[One<'_>]) -> usize {
    values
        .iter()
        .filter_map(|(field, _)| with_one(*field))
        .sum()
}

/// Values of which each row that is wanted has at least one; those that leave the fewest rows.
fn named(condition: &Condition<RequestField>) -> Option<Vec<One<'_>>> {
    let values: Vec<One<'_>> = match condition {
        Condition::Field(field, Term::Compare(Comparison::Equal, value)) => vec![(*field, value)],
        Condition::Field(field, Term::In(values)) => {
            values.iter().map(|value| (*field, value)).collect()
        }
        Condition::All(parts) => {
            let named = parts.iter().filter_map(named);
            named.min_by_key(|values| cost(values))?
        }
        Condition::Any(parts) => {
            let named: Option<Vec<_>> = parts.iter().map(named).collect();
            named?.concat()
        }
        _ => return None,
    };
    let is_found = |(field, _): &One<'_>| with_one(*field).is_some();
    let is_worth_it = values.len() <= MOST_PARTS && values.iter().all(is_found);
    is_worth_it.then_some(values)
}

/// Whether only those with an approval are wanted, for which there are indexes of their own.
fn has_approval(condition: &Condition<RequestField>) -> bool {
    says(condition, &|field, term| {
        field == RequestField::Approval && term.holds(&Value::Null) != Some(true)
    })
}

/// Whether only those are wanted of which the log does not tell yet what became of them: so is all that waits.
fn is_open(condition: &Condition<RequestField>) -> bool {
    let open = [
        (
            RequestField::Status,
            RequestField::status(Status::RequestedApproval),
        ),
        (
            RequestField::Status,
            RequestField::status(Status::Scheduled),
        ),
        (
            RequestField::Approval,
            RequestField::approval(ApprovalState::Pending),
        ),
    ];
    says(condition, &|field, term| match term {
        Term::Compare(Comparison::Equal, value) => open.contains(&(field, value.clone())),
        Term::In(values) => values
            .iter()
            .all(|value| open.contains(&(field, value.clone()))),
        _ => false,
    })
}

/// Along the time where that is the order, or where few may be between two.
fn is_by_time(query: &RequestQuery) -> bool {
    let asked_at = |wanted| compares(&query.filter, RequestField::Requested, wanted);
    let from = asked_at(|how| matches!(how, Comparison::Greater | Comparison::GreaterOrEqual));
    let until = asked_at(|how| matches!(how, Comparison::Less | Comparison::LessOrEqual));
    query.order.fields()[0].0 == RequestField::Requested || (from && until)
}

/// A part of the rows: an index, what an index of some rows needs to be told, and the value that is looked for, with those of
/// the parts before it.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    index: &'static str,
    known: &'static str,
    values: &'a [One<'a>],
}

const WITH_APPROVAL: &str = " AND lapses_at IS NOT NULL";

impl<'a> Part<'a> {
    /// The parts of everything that may be wanted. `values` is where those are kept that parts are told apart by.
    pub(super) fn all(query: &'a RequestQuery, values: &'a mut Vec<One<'a>>) -> Vec<Self> {
        let named = named(&query.filter);
        let cost = named.as_ref().map_or(ALL, |values| cost(values));
        let approvals = has_approval(&query.filter);
        if OPEN < cost && is_open(&query.filter) {
            return vec![Self {
                index: " INDEXED BY requests_open",
                known: " AND recorded = 0",
                ..Self::default()
            }];
        }
        if let Some(named) = named
            && cost < ALL
        {
            for one in named {
                if !values.contains(&one) {
                    values.push(one);
                }
            }
            let values: &'a [One<'a>] = values;
            let part = |number: usize| Self::of(&values[..=number], approvals);
            return (0..values.len()).map(part).collect();
        }
        let is_by_start = query.order.fields()[0].0 == RequestField::Start;
        vec![match (is_by_time(query), approvals) {
            (false, true) if is_by_start => Self {
                index: " INDEXED BY approvals_by_start",
                known: WITH_APPROVAL,
                ..Self::default()
            },
            (true, _) => Self {
                index: " INDEXED BY requests_by_time",
                ..Self::default()
            },
            (false, true) => Self {
                index: " INDEXED BY approvals",
                known: WITH_APPROVAL,
                ..Self::default()
            },
            (false, false) => Self::default(),
        }]
    }

    /// The rows with the last of these values.
    fn of(values: &'a [One<'a>], approvals: bool) -> Self {
        let field = values.last().map(|(field, _)| *field);
        let (all, with_approval) = match field {
            Some(RequestField::Principal) => (
                " INDEXED BY requests_by_principal",
                " INDEXED BY approvals_by_principal",
            ),
            Some(RequestField::Requestor) => (
                " INDEXED BY requests_by_requestor",
                " INDEXED BY approvals_by_requestor",
            ),
            Some(RequestField::Role) => (
                " INDEXED BY requests_by_role",
                " INDEXED BY approvals_by_role",
            ),
            _ => ("", ""),
        };
        Self {
            index: if approvals { with_approval } else { all },
            known: if approvals { WITH_APPROVAL } else { "" },
            values,
        }
    }

    /// What is asked of this part, after this place in the order.
    pub(super) fn statement(
        &self,
        query: &RequestQuery,
        after: Option<&Position>,
        (tenant, now): (&TenantId, Instant),
    ) -> Statement {
        let mut statement = Statement::at(&sql::requests_along(self.index), tenant, now);
        statement.push(self.known);
        let is = |(field, value): &One<'_>| Condition::equal(*field, (*value).clone());
        if let Some((one, before)) = self.values.split_last() {
            statement.push(" AND ");
            statement.condition(&is(one));
            // What a part before has is left out. Two values of one field have nothing in common anyway.
            for other in before.iter().filter(|other| other.0 != one.0) {
                statement.push(" AND NOT ");
                statement.condition(&is(other));
            }
        }
        // Before the filter: of two bounds of a search SQLite takes the first.
        if let Some(after) = after {
            statement.push(" AND ");
            statement.after(&query.order, after);
        }
        statement.push(" AND ");
        statement.condition(&query.filter);
        statement
    }
}
