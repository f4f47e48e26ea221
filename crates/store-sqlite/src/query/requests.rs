//! Requests, each of which is a row; what has become of it is seen in that row at a moment.
//!
//! A list may be put together from parts, each of which comes in its order.

use pimento_domain::{Instant, Request, TenantId};
use pimento_store::{Position, RequestField, RequestPage, RequestQuery, Total};
use rusqlite::{Rows, params_from_iter};

use super::parts::Part;
use super::{Columns, Nullable, Statement, in_any_order};
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
    let query = in_any_order(query);
    let mut values = Vec::new();
    let parts = Part::all(&query, &mut values);
    let statement = |part: &Part<'_>| {
        let statement = part.statement(&query, None, (tenant, now));
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
