//! Roles as options see them.

use pimento_store::RoleField;

use super::{Entity, Kind, Property};

/// privilegedRole.
pub(crate) static ROLES: Entity<RoleField> = Entity {
    name: "privilegedRole",
    properties: &[
        Property::field("id", Kind::Role, RoleField::Id),
        Property::field("name", Kind::Name, RoleField::Name),
    ],
    kinds: &[],
    searched: &[RoleField::Name],
};
