//! Roles on the wire.

use serde::Serialize;
use utoipa::ToSchema;

/// A directory role.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PrivilegedRole)]
pub struct Role {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The role's id.
    pub id: String,
    /// The name people see.
    #[schema(required)]
    pub name: Option<String>,
}

/// One page of roles.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PrivilegedRoleCollection)]
pub struct Roles {
    /// Where the metadata describes it.
    #[schema(format = Uri)]
    #[serde(rename = "@odata.context")]
    pub context: String,
    /// How many there are on all pages.
    #[schema(nullable = false, format = Int64)]
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// The next page.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
    /// The roles of this page.
    pub value: Vec<Role>,
}

impl Role {
    /// A role, at the top of an answer (with a context) or in a list (without).
    pub fn new(role: &pimento_domain::Role, context: Option<String>) -> Self {
        Self {
            context,
            id: role.id.to_string(),
            name: Some(role.name.clone()),
        }
    }
}
