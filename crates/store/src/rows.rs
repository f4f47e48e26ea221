//! What is read: the rows a decision needs, and the revisions that say whether they are still the same.

use pimento_domain::{
    Cause, Event, Holding, Instant, PrincipalId, Request, RequestId, Role, RoleId, RoleName,
    Settings, Setup, Uses,
};

/// A row's version: grows with every change of the row and is never used again, even if the row goes and comes back.
/// An absent row has [`Revision::ABSENT`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision of a row that does not exist.
    pub const ABSENT: Self = Self(0);
}

/// Which rows a decision needs, besides the tenant's registration, which always comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The grants of this principal in this role, and the requests about them that are not recorded yet.
    pub holding: Option<(PrincipalId, RoleId)>,
    /// This request, recorded or not.
    pub request: Option<RequestId>,
    /// The settings of this role.
    pub settings: Option<RoleId>,
    /// Those who could administer the tenant by this role: see [`Loaded::administrators`].
    pub administrators: Option<RoleId>,
    /// This role of the tenant's own; the store knows no built-in ones.
    pub role: Option<RoleId>,
    /// The role of the tenant's own that has this name, in whatever letter case.
    pub role_name: Option<RoleName>,
    /// Who has this role, or asks for it.
    pub uses: Option<RoleId>,
}

/// How many administrators a decision needs to see: one may be the person that it is about, and one may be the only
/// approver, who cannot approve for themselves; the third decides.
pub const ADMINISTRATORS: usize = 3;

/// The rows that were wanted, as they were at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The store's time of the moment.
    pub now: Instant,
    /// When the tenant was registered; `None` where it is not.
    pub registered: Option<Instant>,
    /// How far the tenant's set-up is; not started where it is not registered.
    pub setup: Setup,
    /// The wanted holding, with all its grants (also those that have ended and whose end is not recorded yet); empty if absent.
    pub holding: Option<Holding>,
    /// Of the requests about the wanted holding those of which the log does not tell yet what became of them, by id.
    pub requests: Vec<Request>,
    /// The wanted request; `None` where there is none. It expects nothing of its own: it is one of the wanted holding's.
    pub request: Option<Request>,
    /// The wanted role's settings; `None` where they were never changed.
    pub settings: Option<Settings>,
    /// Of the wanted role, at least the first [`ADMINISTRATORS`] principals (or all, if fewer) who have a grant without end
    /// that has started, those with an active one before those with an eligible one only; then the same of those who have a
    /// grant without end that starts later. Each is there once, with all grants in the role.
    pub administrators: Vec<Holding>,
    /// The wanted role of the tenant's own, also where it was removed; `None` where there never was one of that id.
    pub role: Option<Role>,
    /// The role of the tenant's own that has the wanted name and was not removed; of several, which no rule lets there be,
    /// the first by id.
    pub named: Option<Role>,
    /// Who has the wanted role, or asks for it, at the store's `now`.
    pub uses: Uses,
    /// The revisions of all that was wanted, in the order of the variants of [`Expected`]: what a change decided on this
    /// expects.
    pub expected: Vec<Expected>,
}

/// A row and the revision that it must still have when a change is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The tenant's registration and set-up.
    Registration(Revision),
    /// The grants of a principal in a role, together.
    Holding(PrincipalId, RoleId, Revision),
    /// All requests about a holding, together. Always beside its [`Expected::Holding`].
    Requests(PrincipalId, RoleId, Revision),
    /// The settings of a role.
    Settings(RoleId, Revision),
    /// All grants and the settings of the role by which the tenant is administered: changes of these are serialised.
    Administrators(RoleId, Revision),
    /// A role of the tenant's own. Whoever gives or asks for one expects it, so that nobody gets what is being removed.
    Role(RoleId, Revision),
    /// The role of the tenant's own that has this name; a name that is free has no row.
    RoleName(RoleName, Revision),
    /// That at this instant nobody has a grant of the role that has not ended, and no request for it is open. This is looked
    /// at in the transaction, and no row's revision: people who get the same role do not wait for each other.
    Unused(RoleId, Instant),
}

/// An event as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its place in the tenant's log, from 1, without gaps, in the order of the commits.
    pub sequence: u64,
    /// The request behind it.
    pub cause: Cause,
    /// What happened.
    pub event: Event,
}
