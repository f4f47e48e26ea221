//! The words that stand in the database for the closed sets of the domain.

use pimento_domain::{Closing, EventKind, Kind, Note, RequestKind, Setup, Verdict};

/// A closed set of which each value has one word.
pub(crate) trait Word: Copy + 'static {
    const ALL: &[Self];

    fn word(self) -> &'static str;

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.word() == word)
    }
}

impl Word for Kind {
    const ALL: &[Self] = &[Self::Eligible, Self::Active];

    fn word(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Active => "active",
        }
    }
}

/// What a grant's column `origin` says; the request stands in a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginWord {
    Administrator,
    Activation,
    SignUp,
    Request,
}

impl Word for OriginWord {
    const ALL: &[Self] = &[
        Self::Administrator,
        Self::Activation,
        Self::SignUp,
        Self::Request,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Activation => "activation",
            Self::SignUp => "sign-up",
            Self::Request => "request",
        }
    }
}

impl Word for RequestKind {
    const ALL: &[Self] = &[Self::Assignment, Self::Activation];

    fn word(self) -> &'static str {
        match self {
            Self::Assignment => "assignment",
            Self::Activation => "activation",
        }
    }
}

impl Word for Verdict {
    const ALL: &[Self] = &[Self::Approved, Self::Denied];

    fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Denied => "denied",
        }
    }
}

impl Word for Closing {
    const ALL: &[Self] = &[Self::Cancelled, Self::Revoked];

    fn word(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Revoked => "revoked",
        }
    }
}

impl Word for Setup {
    const ALL: &[Self] = &[Self::NotStarted, Self::InProgress, Self::Completed];

    fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::InProgress => "in progress",
            Self::Completed => "completed",
        }
    }
}

impl Word for EventKind {
    const ALL: &[Self] = &[
        Self::Assign,
        Self::Activate,
        Self::Unassign,
        Self::Deactivate,
        Self::Request,
        Self::Schedule,
        Self::Approve,
        Self::Deny,
        Self::Cancel,
        Self::Revoke,
        Self::Lapse,
        Self::ChangeSettings,
        Self::SignUp,
        Self::CompleteSetup,
        Self::CreateRole,
        Self::RenameRole,
        Self::RemoveRole,
        Self::Refuse,
        Self::Erase,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Activate => "activate",
            Self::Unassign => "unassign",
            Self::Deactivate => "deactivate",
            Self::Request => "request",
            Self::Schedule => "schedule",
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Cancel => "cancel",
            Self::Revoke => "revoke",
            Self::Lapse => "lapse",
            Self::ChangeSettings => "change settings",
            Self::SignUp => "sign up",
            Self::CompleteSetup => "complete set-up",
            Self::CreateRole => "create role",
            Self::RenameRole => "rename role",
            Self::RemoveRole => "remove role",
            Self::Refuse => "refuse",
            Self::Erase => "erase",
        }
    }
}

impl Word for Note {
    const ALL: &[Self] = &[Self::MadePermanent, Self::MadeEligible, Self::Expired];

    fn word(self) -> &'static str {
        match self {
            Self::MadePermanent => "made permanent",
            Self::MadeEligible => "made eligible",
            Self::Expired => "expired",
        }
    }
}

/// What an event's column `after` says; what more there is to say stands in columns of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterWord {
    Gone,
    Permanent,
    Eligible,
    EligibleAndActive,
    Active,
    Settings,
    Registered,
    SetUp,
    Role,
    RoleRemoved,
    Refused,
    Erased,
}

impl Word for AfterWord {
    const ALL: &[Self] = &[
        Self::Gone,
        Self::Permanent,
        Self::Eligible,
        Self::EligibleAndActive,
        Self::Active,
        Self::Settings,
        Self::Registered,
        Self::SetUp,
        Self::Role,
        Self::RoleRemoved,
        Self::Refused,
        Self::Erased,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Permanent => "permanent",
            Self::Eligible => "eligible",
            Self::EligibleAndActive => "eligible and active",
            Self::Active => "active",
            Self::Settings => "settings",
            Self::Registered => "registered",
            Self::SetUp => "set up",
            Self::Role => "role",
            Self::RoleRemoved => "role removed",
            Self::Refused => "refused",
            Self::Erased => "erased",
        }
    }
}
