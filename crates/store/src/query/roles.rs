//! What roles are chosen and ordered by.

use pimento_domain::Role;

use super::{Field, Query, Value};

/// A field of a role that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleField {
    /// Its id, in lower case.
    Id,
    /// Its name without the letter case, as [`pimento_domain::role::folded`] has it.
    Name,
}

impl Field for RoleField {
    const KEY: &'static [Self] = &[Self::Id];
}

impl RoleField {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Id, Self::Name];

    /// What the field is of this role.
    pub fn value(self, role: &Role) -> Value {
        Value::Text(match self {
            Self::Id => role.id.to_string(),
            Self::Name => role.name.folded(),
        })
    }
}

/// Which roles to list, and none that was removed.
pub type RoleQuery = Query<RoleField>;
