//! Requests, each of which is a row; what has become of it is seen in that row at a moment.
//!
//! A list may be put together from parts that have no row in common: one for each person and each role that the filter names,
//! so that who may see few requests is not answered from all of them. Each part comes in the order of the list.

use pimento_domain::{ApprovalState, Instant, Request, Status, TenantId};
use pimento_store::{
    Comparison, Condition, Position, RequestField, RequestPage, RequestQuery, Term, Total, Value,
};
use rusqlite::{Rows, params_from_iter};

use super::{Columns, Nullable, Statement, compares, says};
use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::{rows, sql};

/// Mirrors `Request::status`.
const STATUS: &str = "
    (CASE WHEN closing = 'cancelled' THEN 'cancelled'
          WHEN closing = 'revoked' AND lapses_at IS NOT NULL AND decided_by IS NULL THEN 'approval aborted'
          WHEN closing = 'revoked' THEN 'revoked'
          WHEN lapses_at IS NOT NULL AND decided_by IS NULL AND (recorded OR lapses_at <= ?2) THEN 'request expired'
          WHEN lapses_at IS NOT NULL AND decided_by IS NULL THEN 'requested approval'
          WHEN verdict = 'denied' THEN 'approval denied'
          WHEN recorded OR starts_at <= ?2 THEN 'completed'
          ELSE 'scheduled' END)";

/// Mirrors `Request::approval_state`.
const APPROVAL: &str = "
    (CASE WHEN lapses_at IS NULL THEN NULL
          WHEN decided_by IS NOT NULL THEN verdict
          WHEN closing = 'cancelled' THEN 'canceled'
          WHEN closing IS NULL AND NOT recorded AND ?2 < lapses_at THEN 'pending'
          ELSE 'aborted' END)";

impl Columns for RequestField {
    fn column(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Activation => "(kind = 'activation')",
            Self::Principal => "principal",
            Self::Role => "role",
            Self::Grants => "grants",
            Self::Requestor => "requestor",
            Self::Requested => "requested_at",
            Self::Start => "starts_at",
            Self::End => "ends_at",
            Self::Lasting => "(ends_at - starts_at)",
            Self::Length => "(CASE WHEN length IS NOT NULL THEN ends_at - starts_at END)",
            Self::Reason => "reason",
            Self::TicketNumber => "ticket_number",
            Self::TicketSystem => "ticket_system",
            Self::Status => STATUS,
            Self::Approval => APPROVAL,
            Self::DecisionReason => "decision_reason",
        }
    }

    fn nullable(self) -> Nullable {
        match self {
            Self::End
            | Self::Lasting
            | Self::Length
            | Self::Reason
            | Self::TicketNumber
            | Self::TicketSystem
            | Self::Approval
            | Self::DecisionReason => Nullable::Yes,
            _ => Nullable::No,
        }
    }
}

/// One value of a field that has an index.
type One<'a> = (RequestField, &'a Value);

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
struct Part<'a> {
    index: &'static str,
    known: &'static str,
    values: &'a [One<'a>],
}

const WITH_APPROVAL: &str = " AND lapses_at IS NOT NULL";

impl<'a> Part<'a> {
    /// The parts of everything that may be wanted. `values` is where those are kept that parts are told apart by.
    fn all(query: &'a RequestQuery, values: &'a mut Vec<One<'a>>) -> Vec<Self> {
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
        vec![match (is_by_time(query), approvals) {
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
    fn statement(
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

/// The requests of the page, part by part: as many of each as the page may need, and how many to leave out of them all.
pub(crate) fn page(
    query: &RequestQuery,
    tenant: &TenantId,
    now: Instant,
) -> (Vec<Statement>, usize) {
    let mut values = Vec::new();
    let parts = Part::all(query, &mut values);
    let skip = if parts.len() == 1 { 0 } else { query.skip };
    let statement = |part: &Part<'_>| {
        let mut statement = part.statement(query, query.after.as_ref(), (tenant, now));
        statement.order(&query.order);
        statement.limit(query.limit.saturating_add(skip), query.skip - skip);
        statement
    };
    (parts.iter().map(statement).collect(), skip)
}

/// How many there are on all pages, part by part.
pub(crate) fn count(query: &RequestQuery, tenant: &TenantId, now: Instant) -> Vec<Statement> {
    let mut values = Vec::new();
    let parts = Part::all(query, &mut values);
    let statement = |part: &Part<'_>| {
        let statement = part.statement(query, None, (tenant, now));
        Statement {
            text: sql::count_of(&statement.text),
            ..statement
        }
    };
    parts.iter().map(statement).collect()
}

/// The rows of a part, and the first of them that is still to come, with its place.
struct Ahead<'a> {
    rows: Rows<'a>,
    first: Option<(Position, Request)>,
}

impl Ahead<'_> {
    /// Takes the first, and reads the one after it.
    fn step(&mut self, query: &RequestQuery, now: Instant) -> Result<Option<Request>, Fault> {
        let next = match self.rows.next()? {
            None => None,
            Some(row) => {
                let request = rows::request(row).map_err(|fault| fault.within("requests"))?;
                let place = query.order.position(|field| field.value(&request, now));
                Some((place, request))
            }
        };
        let first = std::mem::replace(&mut self.first, next);
        Ok(first.map(|(_, request)| request))
    }
}

impl Snapshot<'_> {
    /// What [`pimento_store::Store::list_requests`] answers.
    pub(crate) fn list_requests(
        &self,
        tenant: &TenantId,
        query: &RequestQuery,
    ) -> Result<RequestPage, Fault> {
        let (page, skip) = page(query, tenant, self.now);
        let mut requests = self.merged(&page, query, skip)?;
        let more = query.limit < requests.len();
        requests.truncate(query.limit);
        let total = match query.total {
            Total::Skip => None,
            Total::Count => Some(self.count_requests(tenant, query)?),
        };
        Ok(RequestPage {
            now: self.now,
            requests,
            more,
            total,
        })
    }

    /// The rows that these statements find, each in the order of the list, in that order: without the first few, and one more
    /// than the page has.
    fn merged(
        &self,
        page: &[Statement],
        query: &RequestQuery,
        skip: usize,
    ) -> Result<Vec<Request>, Fault> {
        let prepare = |statement: &Statement| self.rows.prepare(&statement.text);
        let mut prepared: Vec<_> = page.iter().map(prepare).collect::<Result<_, _>>()?;
        let mut parts = Vec::new();
        for (statement, part) in prepared.iter_mut().zip(page) {
            let rows = statement.query(params_from_iter(&part.values))?;
            let mut ahead = Ahead { rows, first: None };
            ahead.step(query, self.now)?;
            parts.push(ahead);
        }
        let (mut left_out, mut requests) = (0, Vec::new());
        while requests.len() <= query.limit {
            let with_next = parts.iter_mut().filter(|part| part.first.is_some());
            let next = with_next.min_by(|one, other| match (&one.first, &other.first) {
                (Some((one, _)), Some((other, _))) => query.order.compare(one, other),
                _ => std::cmp::Ordering::Equal,
            });
            let Some(next) = next else { break };
            let request = next.step(query, self.now)?;
            if left_out < skip {
                left_out += 1;
            } else {
                requests.extend(request);
            }
        }
        Ok(requests)
    }

    fn count_requests(&self, tenant: &TenantId, query: &RequestQuery) -> Result<u64, Fault> {
        let mut total = 0;
        for count in count(query, tenant, self.now) {
            let mut statement = self.rows.prepare(&count.text)?;
            let found: u64 =
                statement.query_row(params_from_iter(count.values), |row| row.get(0))?;
            total += found;
        }
        Ok(total)
    }
}
