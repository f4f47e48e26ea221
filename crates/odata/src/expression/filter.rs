//! `$filter`.

mod parser;

pub use parser::filter;

use super::{Literal, Path};

/// How deep parentheses and `not` may be nested.
pub const MAX_DEPTH: usize = 32;

/// How many comparisons, functions and single properties a filter may have.
pub const MAX_TERMS: usize = 100;

/// How many values a list after `in` may have.
pub const MAX_LIST: usize = 100;

/// Which records are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// At least one of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// This has this truth value. Where what it says is unknown it has neither.
    Equals(Box<Filter>, bool),
    /// A property compared with a value. A value that came first has changed places with its property.
    Compare(Path, Comparison, Literal),
    /// A property that has one of these values.
    In(Path, Vec<Literal>),
    /// A function of a property and a text.
    Call(Function, Path, String),
    /// A property that is true.
    Is(Path),
    /// `true` or `false`.
    Constant(bool),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

impl Comparison {
    const ALL: [(&str, Self); 6] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("gt", Self::Greater),
        ("ge", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
    ];

    /// The same comparison with its sides changed.
    fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
        }
    }
}

/// What a text has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// It begins with the other.
    StartsWith,
    /// It ends with the other.
    EndsWith,
    /// It has the other in it.
    Contains,
}

impl Function {
    const ALL: [(&str, Self); 3] = [
        ("startswith", Self::StartsWith),
        ("endswith", Self::EndsWith),
        ("contains", Self::Contains),
    ];
}
