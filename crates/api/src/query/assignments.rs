//! Assignments as options see them.

use pimento_domain::AssignmentId;
use pimento_store::{AssignmentField, Condition, Value};

use super::{Entity, Filtering, Kind, Property};

/// privilegedRoleAssignment.
pub(crate) static ASSIGNMENTS: Entity<AssignmentField> = Entity {
    name: "privilegedRoleAssignment",
    properties: &[
        Property {
            name: "id",
            kind: Kind::Text,
            filtering: Filtering::Whole {
                is,
                otherwise: &Filtering::Field(AssignmentField::Id),
            },
            order: Some(AssignmentField::Id),
        },
        Property::field("userId", Kind::Person, AssignmentField::Principal),
        Property::field("roleId", Kind::Role, AssignmentField::Role),
        Property::field("isElevated", Kind::Boolean, AssignmentField::Active),
        Property::field("expirationDateTime", Kind::Instant, AssignmentField::Until),
        // Only the answer to an action has one.
        Property::null("resultMessage", Kind::Text),
    ],
    kinds: &[
        (AssignmentField::Principal, Kind::Person),
        (AssignmentField::Role, Kind::Role),
    ],
    searched: &[],
};

/// An id is looked for by its parts, which are the key.
fn is(value: &Value) -> Condition<AssignmentField> {
    let Value::Text(text) = value else {
        return Condition::Constant(Some(false));
    };
    match text.parse::<AssignmentId>() {
        Ok(id) => Condition::of_principal(&id.principal).and(Condition::of_role(id.role)),
        Err(_) => Condition::Constant(Some(false)),
    }
}
