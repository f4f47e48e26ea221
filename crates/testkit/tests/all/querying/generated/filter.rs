//! Filters as trees, and which elements they want: in three values of truth, as the chapter *Lists* has it.

use serde_json::Value;

use super::members::{Kind, Member};
use super::values::{Datum, folded, places};

/// Which elements are wanted.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    /// One that is compared, as `Eq` or `Ne`, with `true` or `false`.
    Truth(Box<Filter>, Comparison, bool),
    Compare(Member, Comparison, Datum),
    In(Member, Vec<Datum>),
    Call(Function, Member, String),
    /// A member that is true.
    Is(Member),
    Constant(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Comparison {
    pub(super) const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    /// The one that says the same with its sides changed.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Eq | Self::Ne => self,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
        }
    }

    /// `null` is equal to `null` alone, and neither before nor after anything.
    fn holds(self, one: &Datum, other: &Datum) -> Option<bool> {
        let null = *one == Datum::Null || *other == Datum::Null;
        match self {
            Self::Eq => Some(one == other),
            Self::Ne => Some(one != other),
            _ if null => None,
            Self::Gt => Some(one > other),
            Self::Ge => Some(one >= other),
            Self::Lt => Some(one < other),
            Self::Le => Some(one <= other),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

impl Function {
    pub(super) const ALL: [Self; 3] = [Self::StartsWith, Self::EndsWith, Self::Contains];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::Contains => "contains",
        }
    }

    fn holds(self, kind: Kind, text: &str, part: &str) -> bool {
        let places = places(kind, text, part);
        match self {
            Self::StartsWith => places.contains(&0),
            Self::EndsWith => {
                let length = |text| folded(kind, text).len();
                let end = length(text).checked_sub(length(part));
                end.is_some_and(|end| places.contains(&end))
            }
            Self::Contains => !places.is_empty(),
        }
    }
}

impl Filter {
    /// Whether an element is wanted.
    pub(super) fn wants(&self, element: &Value) -> bool {
        self.holds(element) == Some(true)
    }

    /// Whether it is true of an element; `None` where that is unknown.
    fn holds(&self, element: &Value) -> Option<bool> {
        let value = |member: &Member| Datum::of(element, member).comparable(member.kind);
        let literal = |member: &Member, literal: &Datum| literal.clone().comparable(member.kind);
        match self {
            Self::All(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| part.holds(element)).collect();
                match parts.contains(&Some(false)) {
                    true => Some(false),
                    false => (!parts.contains(&None)).then_some(true),
                }
            }
            Self::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| part.holds(element)).collect();
                match parts.contains(&Some(true)) {
                    true => Some(true),
                    false => (!parts.contains(&None)).then_some(false),
                }
            }
            Self::Not(inner) => inner.holds(element).map(|holds| !holds),
            // What is unknown is null, and so equal to neither.
            Self::Truth(inner, comparison, value) => {
                let truth = inner.holds(element).map_or(Datum::Null, Datum::Boolean);
                comparison.holds(&truth, &Datum::Boolean(*value))
            }
            Self::Compare(member, comparison, other) => {
                comparison.holds(&value(member), &literal(member, other))
            }
            Self::In(member, others) => {
                let value = value(member);
                Some(others.iter().any(|other| literal(member, other) == value))
            }
            Self::Call(function, member, text) => match Datum::of(element, member) {
                Datum::Text(value) => Some(function.holds(member.kind, &value, text)),
                _ => None,
            },
            Self::Is(member) => Some(value(member) == Datum::Boolean(true)),
            Self::Constant(constant) => Some(*constant),
        }
    }

    /// The members that it asks something of.
    pub(super) fn members(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::members).collect(),
            Self::Not(inner) | Self::Truth(inner, ..) => inner.members(),
            Self::Compare(member, ..)
            | Self::In(member, _)
            | Self::Call(_, member, _)
            | Self::Is(member) => vec![&member.path],
            Self::Constant(_) => Vec::new(),
        }
    }
}
