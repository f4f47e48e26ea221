//! Which rows are wanted: conditions on typed fields, in the logic of three values that both OData and SQL have.

use pimento_domain::{Instant, SignedDuration};

/// What a field of a row may hold. Values of one field are of one kind, or null, and order as they stand here: null comes
/// before everything, texts go by their bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no; no comes first.
    Bool(bool),
    /// A number; a length of time is its microseconds.
    Number(i64),
    /// A text.
    Text(String),
    /// An instant.
    Instant(Instant),
}

impl From<Option<Instant>> for Value {
    fn from(instant: Option<Instant>) -> Self {
        instant.map_or(Self::Null, Self::Instant)
    }
}

impl From<Option<SignedDuration>> for Value {
    /// In microseconds; a length that is longer than any number of them is the longest.
    fn from(length: Option<SignedDuration>) -> Self {
        let micros = |length: SignedDuration| i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        length.map_or(Self::Null, |length| Self::Number(micros(length)))
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn optional(value: Option<&impl ToString>) -> Value {
    value.map_or(Value::Null, |value| Value::Text(value.to_string()))
}

/// How a field compares with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same; null is the same as null alone.
    Equal,
    /// Not the same.
    NotEqual,
    /// After it.
    Greater,
    /// After it or the same.
    GreaterOrEqual,
    /// Before it.
    Less,
    /// Before it or the same.
    LessOrEqual,
}

/// What a text has of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// It begins with it.
    StartsWith,
    /// It ends with it.
    EndsWith,
    /// It has it somewhere.
    Contains,
}

/// What is asked of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// It compares with a value. Whether null comes before or after something is unknown.
    Compare(Comparison, Value),
    /// It is one of these.
    In(Vec<Value>),
    /// It is a text that has this of another. What null has is unknown.
    Text(Function, String),
}

impl Term {
    /// Whether a field with this value has what is asked; `None` where that is unknown.
    pub fn holds(&self, value: &Value) -> Option<bool> {
        let known = |answer: bool, other: &Value| {
            (*value != Value::Null && *other != Value::Null).then_some(answer)
        };
        match (self, value) {
            (Self::Compare(Comparison::Equal, other), _) => Some(value == other),
            (Self::Compare(Comparison::NotEqual, other), _) => Some(value != other),
            (Self::Compare(Comparison::Greater, other), _) => known(value > other, other),
            (Self::Compare(Comparison::GreaterOrEqual, other), _) => known(value >= other, other),
            (Self::Compare(Comparison::Less, other), _) => known(value < other, other),
            (Self::Compare(Comparison::LessOrEqual, other), _) => known(value <= other, other),
            (Self::In(values), _) => Some(values.contains(value)),
            (Self::Text(function, part), Value::Text(text)) => Some(match function {
                Function::StartsWith => text.starts_with(part),
                Function::EndsWith => text.ends_with(part),
                Function::Contains => text.contains(part),
            }),
            (Self::Text(..), _) => None,
        }
    }
}

/// Which rows are wanted: those for which it is true. Those for which it is unknown are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition<F> {
    /// The same for every row.
    Constant(Option<bool>),
    /// All of these.
    All(Vec<Condition<F>>),
    /// At least one of these.
    Any(Vec<Condition<F>>),
    /// Not this.
    Not(Box<Condition<F>>),
    /// This is true, or this is false; where it is unknown, neither.
    Equals(Box<Condition<F>>, bool),
    /// Something of one field.
    Field(F, Term),
}

impl<F: Clone> Condition<F> {
    /// Every row.
    pub const EVERYTHING: Self = Self::Constant(Some(true));

    /// The rows whose field is this.
    pub fn equal(field: F, value: Value) -> Self {
        Self::Field(field, Term::Compare(Comparison::Equal, value))
    }

    /// The rows for which this is true and the other is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Constant(Some(true)), one) | (one, Self::Constant(Some(true))) => one,
            (one, Self::All(parts)) => Self::All([vec![one], parts].concat()),
            (one, other) => Self::All(vec![one, other]),
        }
    }

    /// Whether it is true of a row whose fields have these values; `None` where that is unknown. It is what backends are
    /// compared with.
    pub fn holds(&self, value: &impl Fn(&F) -> Value) -> Option<bool> {
        match self {
            Self::Constant(constant) => *constant,
            Self::All(parts) => decided(parts.iter().map(|part| part.holds(value)), false),
            Self::Any(parts) => decided(parts.iter().map(|part| part.holds(value)), true),
            Self::Not(part) => part.holds(value).map(|holds| !holds),
            Self::Equals(part, expected) => Some(part.holds(value) == Some(*expected)),
            Self::Field(field, term) => term.holds(&value(field)),
        }
    }
}

/// One answer that decides does, whatever else is unknown.
fn decided(parts: impl Iterator<Item = Option<bool>>, decides: bool) -> Option<bool> {
    let mut answer = Some(!decides);
    for part in parts {
        match part {
            Some(part) if part == decides => return Some(decides),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_stays_unknown_unless_something_else_decides() {
        let (yes, no, unknown) = (Some(true), Some(false), None);
        for (all, any, parts) in [
            (yes, no, vec![]),
            (unknown, yes, vec![yes, unknown]),
            (no, unknown, vec![unknown, no]),
            (no, yes, vec![yes, unknown, no]),
        ] {
            let parts: Vec<Condition<()>> = parts.into_iter().map(Condition::Constant).collect();
            let value = |_: &()| Value::Null;
            assert_eq!(Condition::All(parts.clone()).holds(&value), all);
            assert_eq!(Condition::Any(parts).holds(&value), any);
        }
        let not = Condition::<()>::Not(Box::new(Condition::Constant(None)));
        assert_eq!(not.holds(&|_| Value::Null), None);
    }

    #[test]
    fn what_is_unknown_is_neither_true_nor_false() {
        for (part, expected, holds) in [
            (Some(true), true, true),
            (Some(true), false, false),
            (Some(false), false, true),
            (None, true, false),
            (None, false, false),
        ] {
            let part = Box::new(Condition::<()>::Constant(part));
            let equals = Condition::Equals(part, expected);
            assert_eq!(equals.holds(&|_| Value::Null), Some(holds));
        }
    }

    #[test]
    fn null_is_the_same_as_null_alone_and_comes_neither_before_nor_after_anything() {
        let text = Value::Text("a".to_owned());
        for (comparison, with_null, of_null) in [
            (Comparison::Equal, Some(true), Some(false)),
            (Comparison::NotEqual, Some(false), Some(true)),
            (Comparison::Greater, None, None),
            (Comparison::GreaterOrEqual, None, None),
            (Comparison::Less, None, None),
            (Comparison::LessOrEqual, None, None),
        ] {
            let term = |value| Term::Compare(comparison, value);
            assert_eq!(term(Value::Null).holds(&Value::Null), with_null);
            assert_eq!(term(text.clone()).holds(&Value::Null), of_null);
            assert_eq!(term(Value::Null).holds(&text), of_null);
        }
        let begins = Term::Text(Function::StartsWith, String::new());
        assert_eq!(begins.holds(&Value::Null), None);
        assert_eq!(begins.holds(&text), Some(true));
        let among = Term::In(vec![Value::Null]);
        assert_eq!(among.holds(&Value::Null), Some(true));
        assert_eq!(among.holds(&text), Some(false));
    }
}
