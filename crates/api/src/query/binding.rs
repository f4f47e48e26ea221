//! `$filter` and `$orderby` bound to the fields of an entity.

use jiff::{SignedDuration, Timestamp};
use pimento_odata::expression::{self, Filter, Literal, OrderKey, Path, Search};
use pimento_store::{Comparison, Condition, Direction, Field, Function, Order, Term, Value};

use super::entity::named;
use super::{Entity, Filtering, Kind, Property, refused};
use crate::problem::Problem;

const FILTER: &str = "$filter";
const ORDERBY: &str = "$orderby";

impl<F: Field> Entity<F> {
    /// The condition that a filter is, or which name or value cannot be.
    pub(super) fn filter(&self, filter: Option<&Filter>) -> Result<Condition<F>, Problem> {
        filter.map_or(Ok(Condition::EVERYTHING), |filter| self.condition(filter))
    }

    fn condition(&self, filter: &Filter) -> Result<Condition<F>, Problem> {
        let all = |parts: &[Filter]| -> Result<Vec<_>, Problem> {
            parts.iter().map(|part| self.condition(part)).collect()
        };
        Ok(match filter {
            Filter::And(parts) => Condition::All(all(parts)?),
            Filter::Or(parts) => Condition::Any(all(parts)?),
            Filter::Not(part) => Condition::Not(Box::new(self.condition(part)?)),
            Filter::Equals(part, value) => {
                Condition::Equals(Box::new(self.condition(part)?), *value)
            }
            Filter::Constant(constant) => Condition::Constant(Some(*constant)),
            Filter::Compare(path, comparison, literal) => {
                let property = self.property(path, FILTER)?;
                compared(property, *comparison, literal)?
            }
            Filter::In(path, literals) => {
                let property = self.property(path, FILTER)?;
                let mut values = Vec::new();
                for literal in literals {
                    let value = value(property, literal)?;
                    values.extend(finer(literal).is_none().then_some(value));
                }
                property.condition(Term::In(values))?
            }
            Filter::Call(function, path, text) => {
                let property = self.property(path, FILTER)?;
                if !property.kind.is_text() {
                    let message = format!(
                        "{} is no text, so startswith, endswith and contains say nothing about it.",
                        property.name
                    );
                    return Err(refused(FILTER, message));
                }
                let part = property.kind.part(text);
                property.condition(Term::Text(function_of(*function), part))?
            }
            Filter::Is(path) => {
                let property = self.property(path, FILTER)?;
                let value = value(property, &Literal::Boolean(true))?;
                property.condition(Term::Compare(Comparison::Equal, value))?
            }
        })
    }

    /// The condition that a search is: each word or phrase is somewhere in a name.
    pub(super) fn search(&self, search: &Search) -> Condition<F> {
        let all = |parts: &[Search]| parts.iter().map(|part| self.search(part)).collect();
        match search {
            Search::And(parts) => Condition::All(all(parts)),
            Search::Or(parts) => Condition::Any(all(parts)),
            Search::Not(part) => Condition::Not(Box::new(self.search(part))),
            Search::Term(term) => {
                let contains = |field: &F| {
                    let part = self.kind(*field).part(term);
                    Condition::Field(*field, Term::Text(Function::Contains, part))
                };
                Condition::Any(self.searched.iter().map(contains).collect())
            }
        }
    }

    /// The order that the keys are, or which of them cannot be.
    pub(super) fn order(&self, keys: &[OrderKey]) -> Result<Order<F>, Problem> {
        let field = |key: &OrderKey| {
            let property = self.property(&key.path, ORDERBY)?;
            let field = property.order.ok_or_else(|| self.unordered(property))?;
            let direction = match key.direction {
                expression::Direction::Ascending => Direction::Ascending,
                expression::Direction::Descending => Direction::Descending,
            };
            Ok((field, direction))
        };
        let fields: Vec<_> = keys.iter().map(field).collect::<Result<_, Problem>>()?;
        Ok(Order::by(&fields))
    }

    fn unordered(&self, property: &Property<F>) -> Problem {
        let ordered = self.properties.iter().filter(|one| one.order.is_some());
        let names: Vec<_> = ordered.map(|one| one.name).collect();
        let message = format!(
            "Lists cannot be ordered by {}, but by {}.",
            property.name,
            names.join(", ")
        );
        refused(ORDERBY, message)
    }

    fn property(&self, path: &Path, option: &'static str) -> Result<&Property<F>, Problem> {
        let found = named(&path.to_string(), self.properties, |property| property.name);
        let what = format!("property of {}", self.name);
        found.map_err(|unknown| refused(option, unknown.message(&what)))
    }

    /// What a field that lists are ordered by holds.
    pub(super) fn kind(&self, field: F) -> Kind {
        let mut of_kind = self.kinds.iter().filter(|(known, _)| *known == field);
        let property = || {
            let mut properties = self.properties.iter();
            let found = properties.find(|property| property.order == Some(field));
            found.map_or(Kind::Text, |property| property.kind)
        };
        of_kind.next().map_or_else(property, |(_, kind)| *kind)
    }
}

impl<F: Copy> Property<F> {
    fn condition(&self, term: Term) -> Result<Condition<F>, Problem> {
        self.filtered(&self.filtering, term)
    }

    fn filtered(&self, by: &Filtering<F>, term: Term) -> Result<Condition<F>, Problem> {
        match by {
            Filtering::Field(field) => Ok(Condition::Field(*field, term)),
            Filtering::By(condition) => Ok(condition(&term)),
            Filtering::Whole { is, otherwise } => Ok(match &term {
                Term::Compare(Comparison::Equal, value) => is(value),
                Term::Compare(Comparison::NotEqual, value) => Condition::Not(Box::new(is(value))),
                Term::In(values) => Condition::Any(values.iter().map(is).collect()),
                _ => return self.filtered(otherwise, term),
            }),
            Filtering::Instead(instead) => {
                let message = format!("Lists cannot be filtered by {}; {instead}.", self.name);
                Err(refused(FILTER, message))
            }
        }
    }
}

/// A property compared with a value. Nothing is kept as fine as some values are: what is kept is before such a one up to the
/// microsecond in which it lies, and else behind it.
fn compared<F: Clone + Copy>(
    property: &Property<F>,
    comparison: expression::Comparison,
    literal: &Literal,
) -> Result<Condition<F>, Problem> {
    use expression::Comparison as By;
    let Some(microsecond) = finer(literal) else {
        let value = value(property, literal)?;
        return property.condition(Term::Compare(of(comparison), value));
    };
    let value = value(property, &microsecond)?;
    match comparison {
        By::Equal => property.condition(Term::In(Vec::new())),
        By::NotEqual => {
            let equal = property.condition(Term::In(Vec::new()))?;
            Ok(Condition::Not(Box::new(equal)))
        }
        By::Greater | By::GreaterOrEqual => {
            property.condition(Term::Compare(Comparison::Greater, value))
        }
        By::Less | By::LessOrEqual => {
            property.condition(Term::Compare(Comparison::LessOrEqual, value))
        }
    }
}

/// The microsecond in which a value lies that is finer than that.
fn finer(literal: &Literal) -> Option<Literal> {
    let micros = |nanos: i128| i64::try_from(nanos.div_euclid(1000)).ok();
    let microsecond = match literal {
        // The end of the calendar means for ever, which is kept.
        Literal::Instant(instant) if *instant == Timestamp::MAX => return None,
        Literal::Instant(instant) => {
            let begin = Timestamp::from_microsecond(micros(instant.as_nanosecond())?);
            Literal::Instant(begin.ok()?)
        }
        Literal::Duration(length) => {
            Literal::Duration(SignedDuration::from_micros(micros(length.as_nanos())?))
        }
        _ => return None,
    };
    Some(microsecond).filter(|microsecond| microsecond != literal)
}

fn value<F>(property: &Property<F>, literal: &Literal) -> Result<Value, Problem> {
    property.kind.value(literal).ok_or_else(|| {
        let (name, expected) = (property.name, property.kind.expected());
        refused(
            FILTER,
            format!(
                "{name} is compared with {expected}; not with {}.",
                kind(literal)
            ),
        )
    })
}

/// What a literal is, for those who meant something else.
fn kind(literal: &Literal) -> &'static str {
    match literal {
        Literal::Null => "null",
        Literal::Boolean(_) => "a truth value",
        Literal::Text(_) => "a text",
        Literal::Integer(_) => "a number",
        Literal::Instant(_) => "a moment",
        Literal::Duration(_) => "a length of time",
        Literal::Guid(_) => "a GUID",
    }
}

fn of(comparison: expression::Comparison) -> Comparison {
    match comparison {
        expression::Comparison::Equal => Comparison::Equal,
        expression::Comparison::NotEqual => Comparison::NotEqual,
        expression::Comparison::Greater => Comparison::Greater,
        expression::Comparison::GreaterOrEqual => Comparison::GreaterOrEqual,
        expression::Comparison::Less => Comparison::Less,
        expression::Comparison::LessOrEqual => Comparison::LessOrEqual,
    }
}

fn function_of(function: expression::Function) -> Function {
    match function {
        expression::Function::StartsWith => Function::StartsWith,
        expression::Function::EndsWith => Function::EndsWith,
        expression::Function::Contains => Function::Contains,
    }
}
