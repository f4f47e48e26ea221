//! Set-up: what a registered tenant settles once, after it has signed up.

/// How far it is. Nothing but set-up itself depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Setup {
    /// Nobody has begun.
    #[default]
    NotStarted,
    /// Something was changed by it, and it was not completed: it runs, or it broke off and can be repeated.
    InProgress,
    /// It is done, for good.
    Completed,
}

/// What set-up makes of what somebody holds in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetupAction {
    /// Permanent, whether they held it or not.
    Permanent,
    /// Eligible, whether they held it or not.
    Temporary,
    /// Nothing any more.
    Remove,
}
