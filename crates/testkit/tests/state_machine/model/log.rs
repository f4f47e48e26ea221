//! What the log has to say.

use crate::answer::{Rules, Shape};
use crate::steps::{Micros, Role, Who};

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Assign,
    Activate,
    Unassign,
    Deactivate,
    Request,
    Schedule,
    Approve,
    Deny,
    Cancel,
    Revoke,
    Lapse,
    ChangeSettings,
    SignUp,
    CreateRole,
    RemoveRole,
}

/// The protocol's own remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    MadePermanent,
    MadeEligible,
    Expired,
}

/// What is so after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Assignment(Option<Shape>),
    Rules(Rules),
    Registered,
    Role,
    RoleRemoved,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) at: Micros,
    pub(crate) kind: Kind,
    /// Nobody where a time came, or where a test gave something.
    pub(crate) by: Option<Who>,
    pub(crate) operation: String,
    pub(crate) who: Option<Who>,
    pub(crate) role: Option<Role>,
    pub(crate) request: Option<usize>,
    pub(crate) reason: Option<String>,
    pub(crate) ticket: Option<String>,
    pub(crate) note: Option<Note>,
    pub(crate) until: Option<Micros>,
    pub(crate) self_grant: bool,
    pub(crate) without_approval: bool,
    pub(crate) after: After,
}

impl Entry {
    pub(crate) fn new(
        at: Micros,
        kind: Kind,
        by: Option<Who>,
        operation: &str,
        after: After,
    ) -> Self {
        Self {
            at,
            kind,
            by,
            operation: operation.to_owned(),
            who: None,
            role: None,
            request: None,
            reason: None,
            ticket: None,
            note: None,
            until: None,
            self_grant: false,
            without_approval: false,
            after,
        }
    }
}
