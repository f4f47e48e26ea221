//! What an answer says, in words that the model, the engine and HTTP share.

use crate::steps::{Manner, Micros, Role, Who, Why};

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
    /// The same, and the entity says that an approval is waited for.
    Asked,
}

/// What has become of a request, in the protocol's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    RequestedApproval,
    Scheduled,
    Completed,
    ApprovalDenied,
    ApprovalAborted,
    Cancelling,
    Cancelled,
    Revoked,
    RequestExpired,
}

/// What has become of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opinion {
    Pending,
    Approved,
    Denied,
    Aborted,
    Canceled,
}

/// A request that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// `None` where it was only judged.
    pub(crate) number: Option<usize>,
    pub(crate) manner: Manner,
    pub(crate) who: Who,
    pub(crate) role: Role,
    pub(crate) active: bool,
    pub(crate) status: Status,
    pub(crate) at: Micros,
    pub(crate) from: Micros,
    pub(crate) to: Micros,
    /// The length that was asked for, in minutes.
    pub(crate) length: Option<i64>,
    pub(crate) why: Why,
}

/// An approval that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Approval {
    pub(crate) number: usize,
    pub(crate) who: Who,
    pub(crate) role: Role,
    pub(crate) state: Opinion,
    pub(crate) from: Micros,
    pub(crate) to: Micros,
    /// Whether the requestor and the approver said why.
    pub(crate) reasons: [bool; 2],
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
    /// One request, made, taken back or read.
    Request(Asked),
    /// All pages of a list of them, and how many every page said there are.
    Requests(Vec<Asked>, usize),
    /// One approval.
    Approval(Approval),
    /// All pages of a list of them, and how many every page said there are.
    Approvals(Vec<Approval>, usize),
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

impl Status {
    /// Whether nothing becomes of the request any more.
    pub(crate) fn is_final(self) -> bool {
        !matches!(self, Self::RequestedApproval | Self::Scheduled)
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
