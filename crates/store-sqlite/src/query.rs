//! Queries as statements. What they are put together of stands here and in [`crate::sql`], and every value is bound: no text
//! of a caller's is ever part of a statement.
//!
//! Such statements are prepared each time and not kept: there are too many of them to keep, and those that are would have to go.

pub(crate) mod assignments;
pub(crate) mod operations;
mod parts;
pub(crate) mod requests;
pub(crate) mod roles;

use std::fmt::Write as _;

use pimento_domain::{Instant, TenantId};
use pimento_store::{
    Comparison, Condition, Direction, Field, Function, Order, Position, Query, Term, Value,
};
use rusqlite::types::Value as Bound;

use crate::sql;

/// Whether a column may hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nullable {
    Yes,
    No,
}

/// Fields that rows of a table, or groups of them, have.
pub(crate) trait Columns: Field {
    /// What the field is there: an expression of columns, of the tenant (`?1`) and of the time (`?2`).
    fn column(self) -> &'static str;

    fn nullable(self) -> Nullable;
}

/// Whether one of the parts that have to be true says this.
pub(crate) fn says<F: Field>(condition: &Condition<F>, what: &dyn Fn(F, &Term) -> bool) -> bool {
    match condition {
        Condition::Field(field, term) => what(*field, term),
        Condition::All(parts) => parts.iter().any(|part| says(part, what)),
        _ => false,
    }
}

/// Whether one of them compares this field so.
pub(crate) fn compares<F: Field>(
    condition: &Condition<F>,
    of: F,
    wanted: fn(Comparison) -> bool,
) -> bool {
    says(condition, &|field, term| match term {
        Term::Compare(comparison, _) => field == of && wanted(*comparison),
        _ => false,
    })
}

/// The query for a count: along an index of the order that is asked for each row would be looked up at some other place.
fn in_any_order<F: Field>(query: &Query<F>) -> Query<F> {
    let order = Order::by_key();
    Query {
        order,
        ..query.clone()
    }
}

/// A statement that is being put together, and what is bound to it. The tenant is the first value, the time the second
/// where it matters.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) values: Vec<Bound>,
}

impl Statement {
    /// One that begins with this.
    pub(crate) fn new(text: &str, tenant: &TenantId) -> Self {
        Self {
            text: text.to_owned(),
            values: vec![Bound::Text(tenant.to_string())],
        }
    }

    /// The same where what follows depends on the time.
    pub(crate) fn at(text: &str, tenant: &TenantId, now: Instant) -> Self {
        let mut statement = Self::new(text, tenant);
        statement.values.push(Bound::Integer(now.as_micros()));
        statement
    }

    /// Adds a text of the program's own.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, value: Bound) {
        self.values.push(value);
        // Writing to a text cannot fail.
        let _ = write!(self.text, "?{}", self.values.len());
    }

    fn value(&mut self, value: &Value) {
        self.bind(match value {
            Value::Null => Bound::Null,
            Value::Bool(yes) => Bound::Integer(i64::from(*yes)),
            Value::Number(number) => Bound::Integer(*number),
            Value::Text(text) => Bound::Text(text.clone()),
            Value::Instant(instant) => Bound::Integer(instant.as_micros()),
        });
    }

    /// Adds a condition. SQL has the three values of truth that conditions have.
    pub(crate) fn condition<F: Columns>(&mut self, condition: &Condition<F>) {
        match condition {
            Condition::Constant(constant) => self.constant(*constant),
            Condition::All(parts) if parts.is_empty() => self.constant(Some(true)),
            Condition::Any(parts) if parts.is_empty() => self.constant(Some(false)),
            Condition::All(parts) => self.joined(parts, " AND "),
            Condition::Any(parts) => self.joined(parts, " OR "),
            Condition::Not(part) => {
                self.push("NOT (");
                self.condition(part);
                self.push(")");
            }
            Condition::Equals(part, expected) => {
                self.push("((");
                self.condition(part);
                self.push(") IS ");
                self.constant(Some(*expected));
                self.push(")");
            }
            Condition::Field(field, term) => self.term(*field, term),
        }
    }

    /// A value of truth is bound as well: one that SQLite sees would have it forget the rest of the statement, and then say
    /// that the index which is named there is of no use.
    fn constant(&mut self, constant: Option<bool>) {
        self.bind(constant.map_or(Bound::Null, |yes| Bound::Integer(i64::from(yes))));
    }

    fn joined<F: Columns>(&mut self, parts: &[Condition<F>], between: &str) {
        self.push("(");
        for (number, part) in parts.iter().enumerate() {
            self.push(if number == 0 { "" } else { between });
            self.condition(part);
        }
        self.push(")");
    }

    fn term<F: Columns>(&mut self, field: F, term: &Term) {
        match term {
            Term::Compare(comparison, value) => self.comparison(field, *comparison, value),
            Term::In(values) => self.among(field, values),
            Term::Text(function, text) => self.text_function(field.column(), *function, text),
        }
    }

    fn comparison<F: Columns>(&mut self, field: F, comparison: Comparison, value: &Value) {
        let sign = match (comparison, field.nullable()) {
            (Comparison::Equal, Nullable::Yes) => " IS ",
            (Comparison::NotEqual, Nullable::Yes) => " IS NOT ",
            _ if *value == Value::Null => {
                return self.constant(match comparison {
                    Comparison::Equal => Some(false),
                    Comparison::NotEqual => Some(true),
                    _ => None,
                });
            }
            (Comparison::Equal, Nullable::No) => " = ",
            (Comparison::NotEqual, Nullable::No) => " <> ",
            (Comparison::Greater, _) => " > ",
            (Comparison::GreaterOrEqual, _) => " >= ",
            (Comparison::Less, _) => " < ",
            (Comparison::LessOrEqual, _) => " <= ",
        };
        self.push("(");
        self.push(field.column());
        self.push(sign);
        self.value(value);
        self.push(")");
    }

    /// Never unknown, also where the field is null.
    fn among<F: Columns>(&mut self, field: F, values: &[Value]) {
        let column = field.column();
        let has_null = values.contains(&Value::Null);
        if values.iter().all(|value| *value == Value::Null) {
            let null = Term::Compare(Comparison::Equal, Value::Null);
            return if has_null {
                self.term(field, &null)
            } else {
                self.constant(Some(false))
            };
        }
        self.push("(");
        self.push(column);
        self.push(" IN (");
        let others = values.iter().filter(|value| **value != Value::Null);
        for (number, value) in others.enumerate() {
            self.push(if number == 0 { "" } else { ", " });
            self.value(value);
        }
        self.push(")");
        if field.nullable() == Nullable::Yes {
            self.push(if has_null { " OR " } else { " AND " });
            self.push(column);
            self.push(if has_null { " IS NULL" } else { " IS NOT NULL" });
        }
        self.push(")");
    }

    fn text_function(&mut self, column: &str, function: Function, text: &str) {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        // What ends with nothing begins with nothing, and has no such place.
        let (before, after) = match function {
            Function::Contains => ("(instr(", ") > 0)"),
            Function::EndsWith if length != 0 => ("(substr(", ")"),
            Function::StartsWith | Function::EndsWith => ("(substr(", ")"),
        };
        self.push(before);
        self.push(column);
        self.push(", ");
        match function {
            Function::Contains => {}
            Function::EndsWith if length != 0 => {
                self.bind(Bound::Integer(-length));
                self.push(") = ");
            }
            Function::StartsWith | Function::EndsWith => {
                self.push("1, ");
                self.bind(Bound::Integer(length));
                self.push(") = ");
            }
        }
        self.bind(Bound::Text(text.to_owned()));
        self.push(after);
    }

    /// Adds that a row comes after this place in the order. Where no field can be null and all go the same way, a search
    /// along an index begins right there.
    pub(crate) fn after<F: Columns>(&mut self, order: &Order<F>, place: &Position) {
        let fields = order.fields();
        let direction = fields
            .first()
            .map_or_else(Direction::default, |(_, way)| *way);
        let is_plain =
            |(field, way): &(F, Direction)| *way == direction && field.nullable() == Nullable::No;
        if fields.iter().all(is_plain) {
            self.after_in_one(fields, place);
        } else {
            self.after_one_by_one(fields, &place.0);
        }
    }

    /// The same of fields that all go the same way, and none of which is null.
    fn after_in_one<F: Columns>(&mut self, fields: &[(F, Direction)], place: &Position) {
        self.push("(");
        self.columns(fields);
        self.push(match fields.first() {
            Some((_, Direction::Descending)) => ") < (",
            _ => ") > (",
        });
        for (number, value) in place.0.iter().enumerate() {
            self.push(if number == 0 { "" } else { ", " });
            self.value(value);
        }
        self.push(")");
    }

    /// Adds that a row comes after the beginning of the order, as all do: a first page is then found by the same index as
    /// the others. It is for orders by texts alone. Every text comes after the empty one and before whatever is no text.
    pub(crate) fn after_the_beginning<F: Columns>(&mut self, order: &Order<F>) {
        let fields = order.fields();
        let (after, least) = match fields.first() {
            Some((_, Direction::Descending)) => (") < (", "x''"),
            _ => (") > (", "''"),
        };
        self.push("(");
        self.columns(fields);
        self.push(after);
        self.push(&vec![least; fields.len()].join(", "));
        self.push(")");
    }

    fn columns<F: Columns>(&mut self, fields: &[(F, Direction)]) {
        for (number, (field, _)) in fields.iter().enumerate() {
            self.push(if number == 0 { "" } else { ", " });
            self.push(field.column());
        }
    }

    /// That the first field comes after, or is the same and what follows comes after.
    fn after_one_by_one<F: Columns>(&mut self, fields: &[(F, Direction)], values: &[Value]) {
        let mut open = 0;
        for (number, ((field, direction), value)) in fields.iter().zip(values).enumerate() {
            if number != 0 {
                self.push(" OR (");
                let (same, _) = fields[number - 1];
                self.push(same.column());
                self.push(" IS ");
                self.value(&values[number - 1]);
                self.push(" AND ");
                open += 1;
            }
            self.push("(");
            self.follows(*field, *direction, value);
            open += 1;
        }
        self.push(&")".repeat(open));
    }

    /// Null comes first, and where the order descends last.
    fn follows<F: Columns>(&mut self, field: F, direction: Direction, value: &Value) {
        let column = field.column();
        match (direction, value) {
            (Direction::Ascending, Value::Null) => {
                self.push(column);
                self.push(" IS NOT NULL");
            }
            (Direction::Descending, Value::Null) => self.constant(Some(false)),
            (Direction::Ascending, _) => {
                self.push(column);
                self.push(" > ");
                self.value(value);
            }
            (Direction::Descending, _) => {
                self.push("(");
                self.push(column);
                self.push(" < ");
                self.value(value);
                if field.nullable() == Nullable::Yes {
                    self.push(" OR ");
                    self.push(column);
                    self.push(" IS NULL");
                }
                self.push(")");
            }
        }
    }

    /// Adds the order; SQLite puts null where the contract has it.
    pub(crate) fn order<F: Columns>(&mut self, order: &Order<F>) {
        self.push(" ORDER BY ");
        for (number, (field, direction)) in order.fields().iter().enumerate() {
            self.push(if number == 0 { "" } else { ", " });
            self.push(field.column());
            self.push(match direction {
                Direction::Ascending => "",
                Direction::Descending => " DESC",
            });
        }
    }

    /// The statement that finds the page of a query, of one that finds everything. The place comes before the filter: of two
    /// bounds of a search SQLite takes the first.
    pub(crate) fn page_of<F: Columns>(mut self, query: &Query<F>) -> Self {
        if let Some(after) = &query.after {
            self.push(" AND ");
            self.after(&query.order, after);
        }
        self.within(query)
    }

    /// The statement that finds what a query wants of one that finds what is on the page and later ones.
    fn within<F: Columns>(mut self, query: &Query<F>) -> Self {
        self.push(" AND ");
        self.condition(&query.filter);
        self.order(&query.order);
        self.limit(query.limit, query.skip);
        self
    }

    /// The statement that counts what a query finds on all pages, of one that finds everything.
    pub(crate) fn count_of<F: Columns>(mut self, query: &Query<F>) -> Self {
        self.push(" AND ");
        self.condition(&query.filter);
        self.text = sql::count_of(&self.text);
        self
    }

    /// Adds how many rows, one more than the page has to see whether more follow, and how many to leave out before them.
    pub(crate) fn limit(&mut self, limit: usize, skip: usize) {
        let number = |of: usize| Bound::Integer(i64::try_from(of).unwrap_or(i64::MAX));
        self.push(" LIMIT ");
        self.bind(number(limit.saturating_add(1)));
        self.push(" OFFSET ");
        self.bind(number(skip));
    }
}
