//! What an answer says, in words that the model, the engine and HTTP share.

use crate::steps::{Micros, Role, Who};

/// The state of an assignment, as the table's columns name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// P.
    Permanent,
    /// E.
    Eligible,
    /// EA, until the latest end.
    EligibleActive(Micros),
    /// A, until the latest end.
    Active(Micros),
}

/// An assignment that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) who: Who,
    pub(crate) role: Role,
    pub(crate) shape: Shape,
}

/// The settings of a role; lengths in minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) minimum: i64,
    pub(crate) maximum: i64,
    pub(crate) default: i64,
    pub(crate) ticket: bool,
    pub(crate) mfa: bool,
    pub(crate) approval: bool,
    pub(crate) approvers: Vec<Who>,
}

/// Whether a command had something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Something,
    /// The entity says so in its `resultMessage`.
    Nothing,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The assignment after a command, or as it was read; none where the command ended it.
    One(Who, Role, Option<Shape>, Done),
    /// All pages of a list, and how many elements every page said there are on all of them.
    Many(Vec<Shown>, usize),
    /// One role.
    Role(Role),
    /// So many roles.
    Roles(usize),
    /// Settings.
    Rules(Rules),
    /// Yes or no.
    Is(bool),
    /// A success without content.
    Empty,
    /// A refusal: status and code.
    Refused(u16, String),
}

impl Answer {
    pub(crate) fn refused(status: u16, code: &str) -> Self {
        Self::Refused(status, code.to_owned())
    }

    /// What remains of it on the wire, which does not tell apart EA and A, nor E and gone.
    pub(crate) fn on_the_wire(self) -> Self {
        match self {
            Self::One(who, role, shape, done) => {
                let shape = shape.map_or(Shape::Eligible, Shape::on_the_wire);
                Self::One(who, role, Some(shape), done)
            }
            Self::Many(shown, total) => {
                let seen = |one: Shown| Shown {
                    shape: one.shape.on_the_wire(),
                    ..one
                };
                Self::Many(shown.into_iter().map(seen).collect(), total)
            }
            other => other,
        }
    }
}

impl Shape {
    pub(crate) fn on_the_wire(self) -> Self {
        match self {
            Self::EligibleActive(until) => Self::Active(until),
            other => other,
        }
    }

    /// Whether the role is held.
    pub(crate) fn is_active(self) -> bool {
        self != Self::Eligible
    }
}
