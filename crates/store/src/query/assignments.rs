//! What assignments are chosen and ordered by.

use pimento_domain::{Holding, Instant, PrincipalId, RoleId, State};

use super::{Condition, Field, Query, Value};

/// A field of an assignment: of what a holding amounts to at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentField {
    /// The principal, `_` and the role, as one text.
    Id,
    /// Whose it is.
    Principal,
    /// Of which role, in lower case.
    Role,
    /// Whether the role is active.
    Active,
    /// When the activation ends; null for a permanent or an inactive one.
    Until,
}

impl Field for AssignmentField {
    const KEY: &'static [Self] = &[Self::Principal, Self::Role];
}

impl AssignmentField {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Id,
        Self::Principal,
        Self::Role,
        Self::Active,
        Self::Until,
    ];

    /// What the field is of this holding at `now`.
    pub fn value(self, holding: &Holding, now: Instant) -> Value {
        let state = holding.state(now);
        match self {
            Self::Id => Value::Text(format!("{}_{}", holding.principal, holding.role)),
            Self::Principal => Value::Text(holding.principal.to_string()),
            Self::Role => Value::Text(holding.role.to_string()),
            Self::Active => Value::Bool(state.is_some_and(State::is_active)),
            Self::Until => state.and_then(State::until).into(),
        }
    }
}

/// Which of the holdings that have a grant holding now to list.
pub type AssignmentQuery = Query<AssignmentField>;

impl Condition<AssignmentField> {
    /// Those of this role.
    pub fn of_role(role: RoleId) -> Self {
        Self::equal(AssignmentField::Role, Value::Text(role.to_string()))
    }

    /// Those of this principal.
    pub fn of_principal(principal: &PrincipalId) -> Self {
        let principal = principal.to_string();
        Self::equal(AssignmentField::Principal, Value::Text(principal))
    }
}
