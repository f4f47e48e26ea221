//! Roles on the wire.

use pimento_domain::SummaryVerdict;
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

/// How many hold a role, and how many of them hold it now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedRoleSummary)]
pub struct Summary {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The role's id.
    pub id: String,
    /// Everybody with an assignment.
    #[schema(format = Int32)]
    pub users_count: i32,
    /// Those whose role is not active.
    #[schema(format = Int32)]
    pub managed_count: i32,
    /// Those whose role is active.
    #[schema(format = Int32)]
    pub elevated_count: i32,
    /// Whether activating it needs MFA.
    pub mfa_enabled: bool,
    /// `ok` or `bad`.
    pub status: &'static str,
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

impl Summary {
    /// A summary at the top of an answer.
    pub fn new(summary: &pimento_engine::Summary, context: Option<String>) -> Self {
        // The wire's numbers are no larger than this.
        let count = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            context,
            id: summary.role.to_string(),
            users_count: count(summary.holders.all),
            managed_count: count(summary.holders.inactive()),
            elevated_count: count(summary.holders.active),
            mfa_enabled: summary.mfa,
            status: match summary.verdict {
                SummaryVerdict::Ok => "ok",
                SummaryVerdict::Bad => "bad",
            },
        }
    }
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
