//! Assignments: the groups of grants of one principal in one role, and what they amount to.

use pimento_domain::{Instant, TenantId};
use pimento_store::{
    AssignmentField, AssignmentQuery, Comparison, Condition, Field, Order, Page, Term, Total, Value,
};
use rusqlite::{params, params_from_iter};

use super::{Columns, Nullable, Statement};
use crate::fault::Fault;
use crate::reader::Snapshot;
use crate::{rows, sql};

/// Of the grants that hold now, grouped. Mirrors `domain::grant::state`.
impl Columns for AssignmentField {
    fn column(self) -> &'static str {
        match self {
            Self::Id => "(principal || '_' || role)",
            Self::Principal => "principal",
            Self::Role => "role",
            Self::Active => "max(kind = 'active')",
            Self::Until => {
                "(CASE WHEN max(kind = 'active' AND ends_at IS NULL) THEN NULL
                  ELSE max(CASE kind WHEN 'active' THEN ends_at END) END)"
            }
        }
    }

    fn nullable(self) -> Nullable {
        match self {
            Self::Until => Nullable::Yes,
            Self::Id | Self::Principal | Self::Role | Self::Active => Nullable::No,
        }
    }
}

/// A condition in two parts: of what is asked before grants are grouped, and after.
struct Split<'a> {
    rows: Vec<&'a Condition<AssignmentField>>,
    groups: Vec<&'a Condition<AssignmentField>>,
}

impl<'a> Split<'a> {
    /// What is asked of the key alone can be asked of each row, and narrows the search.
    fn of(condition: &'a Condition<AssignmentField>) -> Self {
        let parts = match condition {
            Condition::All(parts) => parts.iter().collect(),
            one => vec![one],
        };
        let (rows, groups) = parts.into_iter().partition(|part| is_of_key(part));
        Self { rows, groups }
    }
}

fn is_of_key(condition: &Condition<AssignmentField>) -> bool {
    match condition {
        Condition::Constant(_) => true,
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(is_of_key),
        Condition::Not(part) | Condition::Equals(part, _) => is_of_key(part),
        Condition::Field(AssignmentField::Active | AssignmentField::Until, _) => false,
        Condition::Field(_, _) => true,
    }
}

fn is_key_order(order: &Order<AssignmentField>) -> bool {
    let mut fields = order.fields().iter();
    fields.all(|(field, _)| AssignmentField::KEY.contains(field))
}

/// The keys of the page, where it is no plain list.
pub(crate) fn page(query: &AssignmentQuery, tenant: &TenantId, now: Instant) -> Statement {
    let mut statement = groups(query, Place::After, tenant, now);
    statement.order(&query.order);
    statement.limit(query.limit, query.skip);
    statement
}

/// How many there are on all pages.
pub(crate) fn count(query: &AssignmentQuery, tenant: &TenantId, now: Instant) -> Statement {
    let mut statement = groups(query, Place::Anywhere, tenant, now);
    statement.text = sql::count_of(&statement.text);
    statement
}

/// Which of the rows that match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    After,
}

fn groups(query: &AssignmentQuery, place: Place, tenant: &TenantId, now: Instant) -> Statement {
    let mut statement = Statement::at(sql::HOLDING_KEYS, tenant, now);
    let split = Split::of(&query.filter);
    let after = query.after.as_ref().filter(|_| place == Place::After);
    let by_key = is_key_order(&query.order);
    if place == Place::After && by_key {
        statement.push(" AND ");
        match after {
            Some(after) => statement.after(&query.order, after),
            None => statement.after_the_beginning(&query.order),
        }
    }
    // After the place: of two lower bounds of a search SQLite takes the first, and that of the filter would have each page
    // begin at the first one.
    for part in split.rows {
        statement.push(" AND ");
        statement.condition(part);
    }
    statement.push(" GROUP BY ");
    let key = query.order.fields().iter().map(|(field, _)| *field);
    let key = key.filter(|field| AssignmentField::KEY.contains(field));
    let key: Vec<&str> = key.map(Columns::column).collect();
    statement.push(&key.join(", "));
    statement.push(" HAVING 1");
    for part in split.groups {
        statement.push(" AND ");
        statement.condition(part);
    }
    if let Some(after) = after.filter(|_| !by_key) {
        statement.push(" AND ");
        statement.after(&query.order, after);
    }
    statement
}

/// A list that has a statement of its own: everything or one role's, by key.
pub(crate) fn plain(query: &AssignmentQuery) -> Option<Option<&str>> {
    let role = match &query.filter {
        Condition::Constant(Some(true)) => None,
        Condition::Field(
            AssignmentField::Role,
            Term::Compare(Comparison::Equal, Value::Text(role)),
        ) => Some(role.as_str()),
        _ => return None,
    };
    (query.order == Order::by_key() && query.skip == 0).then_some(role)
}

impl Snapshot<'_> {
    /// What [`pimento_store::Store::list_assignments`] answers.
    pub(crate) fn list(&self, tenant: &TenantId, query: &AssignmentQuery) -> Result<Page, Fault> {
        if let Some(role) = plain(query) {
            return self.list_plainly(tenant, query, role);
        }
        let keys = page(query, tenant, self.now);
        let mut holdings = Vec::new();
        let mut more = false;
        {
            let mut statement = self.rows.prepare(&keys.text)?;
            let mut found = statement.query(params_from_iter(keys.values))?;
            while let Some(row) = found.next()? {
                more = holdings.len() == query.limit;
                if more {
                    break;
                }
                let key = rows::principal(row, 0).and_then(|of| Ok((of, rows::role(row, 1)?)));
                let (principal, role) = key.map_err(|fault| fault.within("grants"))?;
                let (mut holding, _) = self.holding(tenant, &principal, role)?;
                holding.grants.retain(|grant| grant.is_live(self.now));
                holdings.push(holding);
            }
        }
        let total = match query.total {
            Total::Skip => None,
            Total::Count => {
                let count = count(query, tenant, self.now);
                let mut statement = self.rows.prepare(&count.text)?;
                Some(statement.query_row(params_from_iter(count.values), |row| row.get(0))?)
            }
        };
        Ok(Page {
            now: self.now,
            holdings,
            more,
            total,
        })
    }

    /// Everything, or all of one role, by key.
    pub(crate) fn list_plainly(
        &self,
        tenant: &TenantId,
        query: &AssignmentQuery,
        of_role: Option<&str>,
    ) -> Result<Page, Fault> {
        // No principal's id is empty, so the empty position comes before all of them.
        let (principal, role) = match query.after.as_ref().map(|place| &place.0[..]) {
            Some([Value::Text(principal), Value::Text(role)]) => (&principal[..], &role[..]),
            _ => ("", ""),
        };
        let (tenant, now) = (tenant.as_str(), self.now.as_micros());
        let gathered = match of_role {
            None => {
                let key = params![tenant, principal, role, now];
                self.gather(sql::GRANTS, key, query.limit)?
            }
            Some(of) => {
                let key = params![tenant, principal, role, now, of];
                self.gather(sql::GRANTS_OF_ROLE, key, query.limit)?
            }
        };
        let total = match query.total {
            Total::Skip => None,
            Total::Count => Some(self.count(tenant, of_role)?),
        };
        Ok(Page {
            now: self.now,
            holdings: gathered.holdings,
            more: gathered.more,
            total,
        })
    }

    fn count(&self, tenant: &str, role: Option<&str>) -> Result<u64, Fault> {
        let now = self.now.as_micros();
        let count = match role {
            None => self
                .rows
                .prepare_cached(sql::COUNT)?
                .query_row(params![tenant, now], |row| row.get(0))?,
            Some(role) => {
                let key = params![tenant, now, role];
                self.rows
                    .prepare_cached(sql::COUNT_OF_ROLE)?
                    .query_row(key, |row| row.get(0))?
            }
        };
        Ok(count)
    }
}
