//! Names of things: tenants, principals, roles and assignments, each parsed once, at the edge.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The longest id that is taken, in bytes.
pub const MAX_ID_LENGTH: usize = 128;

/// A text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct InvalidId {
    /// What was sent, cut after 150 characters.
    pub text: String,
    /// What an id of this kind looks like.
    pub expected: &'static str,
}

impl InvalidId {
    fn new(text: &str, expected: &'static str) -> Self {
        Self {
            text: text.chars().take(150).collect(),
            expected,
        }
    }
}

/// What an opaque id may be made of; the limits are those of design decision "Ids".
const OPAQUE: &str =
    "an id: 1 to 128 printable ASCII characters without blanks, quotes, '/' and '\\'";
const GUID: &str = "a GUID such as 62e90394-69f5-4237-9190-012177145e10";

/// Ids in GUID form have one spelling, the lower case one; all others are case-sensitive.
fn parse_opaque(text: &str) -> Result<String, InvalidId> {
    let allowed =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'\\' | b'"' | b'\'' | b'`');
    if text.is_empty() || MAX_ID_LENGTH < text.len() || !text.bytes().all(allowed) {
        return Err(InvalidId::new(text, OPAQUE));
    }
    Ok(parse_guid(text).map_or_else(|| text.to_owned(), |guid| guid.to_string()))
}

impl InvalidId {
    pub(crate) fn parse_guid(text: &str) -> Result<Uuid, Self> {
        parse_guid(text).ok_or_else(|| Self::new(text, GUID))
    }
}

/// Only the hyphenated form is a GUID here: `uuid` would take braces and bare digits too, which are other ids.
fn parse_guid(text: &str) -> Option<Uuid> {
    if text.len() == 36 {
        Uuid::try_parse(text).ok()
    } else {
        None
    }
}

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The id as it is stored and compared.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_opaque(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

opaque_id! {
    /// A tenant: an organisation with its own people, grants, settings and log. Every key starts with it.
    TenantId
}
opaque_id! {
    /// A principal: a person as the issuer of their tokens names them.
    PrincipalId
}

/// A role: the template id of a directory role, in every tenant the same, or the id of a role of a tenant's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(Uuid);

impl RoleId {
    /// A role id known when the program is compiled.
    pub const fn from_u128(value: u128) -> Self {
        Self(Uuid::from_u128(value))
    }

    /// The role of this id; whoever makes one draws it at random.
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }
}

impl FromStr for RoleId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        InvalidId::parse_guid(text).map(Self)
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The one assignment that a principal can have in a role; written `{principal}_{role}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssignmentId {
    /// Who holds the role.
    pub principal: PrincipalId,
    /// The role held.
    pub role: RoleId,
}

impl FromStr for AssignmentId {
    type Err = InvalidId;

    /// A principal's id may hold underscores, a role's id cannot: the last one parts them.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId::new(text, "an assignment id: a user id, '_' and a role id");
        let (principal, role) = text.rsplit_once('_').ok_or_else(invalid)?;
        Ok(Self {
            principal: principal.parse().map_err(|_| invalid())?,
            role: role.parse().map_err(|_| invalid())?,
        })
    }
}

impl fmt::Display for AssignmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.principal, self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "62e90394-69f5-4237-9190-012177145e10";

    #[test]
    fn an_assignment_id_splits_at_its_last_underscore() {
        let id: AssignmentId = format!("first_last_{ROLE}").parse().unwrap();
        assert_eq!(id.principal.as_str(), "first_last");
        assert_eq!(id.role.to_string(), ROLE);
        assert_eq!(id.to_string(), format!("first_last_{ROLE}"));
    }

    #[test]
    fn ids_in_guid_form_fold_to_lower_case_and_others_keep_theirs() {
        let guid: PrincipalId = "0F693614-C255-4CF5-92FA-74E770C656D8".parse().unwrap();
        assert_eq!(guid.as_str(), "0f693614-c255-4cf5-92fa-74e770c656d8");
        let name: PrincipalId = "Ada@Example.org".parse().unwrap();
        assert_eq!(name.as_str(), "Ada@Example.org");
        assert_eq!(
            ROLE.to_uppercase().parse::<RoleId>(),
            ROLE.parse::<RoleId>()
        );
    }

    #[test]
    fn texts_that_cannot_be_ids_are_refused() {
        for text in [
            "",
            "a b",
            "a/b",
            "a\\b",
            "a\"b",
            "a'b",
            "a\tb",
            "é",
            "a\0",
            &"x".repeat(129),
        ] {
            assert!(text.parse::<PrincipalId>().is_err(), "{text:?}");
        }
        assert!("x".repeat(128).parse::<PrincipalId>().is_ok());
        for text in [
            "",
            "x",
            "62e9039469f542379190012177145e10",
            "{62e90394-69f5-4237-9190-012177145e10}",
        ] {
            assert!(text.parse::<RoleId>().is_err(), "{text:?}");
        }
        for text in [
            "",
            "_",
            ROLE,
            "ada_",
            "_62e90394-69f5-4237-9190-012177145e10",
            "ada_role",
        ] {
            assert!(text.parse::<AssignmentId>().is_err(), "{text:?}");
        }
    }
}
