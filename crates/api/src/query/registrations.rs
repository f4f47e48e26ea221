//! The registration of a tenant as options see it. It is one element, which is looked at where it is.

use pimento_store::{Field, Value};

use super::{Entity, Kind, Property};
use crate::wire::SignupStatus;

/// A field of a registration, as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegistrationField {
    Id,
    Registered,
    Status,
}

impl Field for RegistrationField {
    const KEY: &'static [Self] = &[Self::Id];
}

impl RegistrationField {
    /// What the field is of this registration.
    pub(crate) fn value(self, shown: &SignupStatus) -> Value {
        match self {
            Self::Id => Value::Text(shown.id.clone()),
            Self::Registered => Value::Bool(shown.is_registered),
            Self::Status => Value::Text(shown.status.clone()),
        }
    }
}

/// privilegedSignupStatus.
pub(crate) static REGISTRATIONS: Entity<RegistrationField> = Entity {
    name: "privilegedSignupStatus",
    properties: &[
        Property::field("id", Kind::Text, RegistrationField::Id),
        Property::field("isRegistered", Kind::Boolean, RegistrationField::Registered),
        Property::field("status", Kind::Text, RegistrationField::Status),
    ],
    kinds: &[],
    searched: &[],
};
