//! Roles on the wire.

use pimento_domain::{RoleId, RoleName, SummaryVerdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::members::{invalid, missing};
use super::{Assignment, Settings};
use crate::problem::Problem;

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
    /// Who has it, where that was expanded.
    #[schema(nullable = false, no_recursion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignments: Option<Vec<Assignment>>,
    /// How many have it, where that was asked for.
    #[schema(nullable = false, format = Int64)]
    #[serde(
        rename = "assignments@odata.count",
        skip_serializing_if = "Option::is_none"
    )]
    pub assignments_count: Option<i64>,
    /// Where the others are that have it.
    #[schema(nullable = false, format = Uri)]
    #[serde(
        rename = "assignments@odata.nextLink",
        skip_serializing_if = "Option::is_none"
    )]
    pub assignments_next_link: Option<String>,
    /// Its settings, where they were expanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    /// Where the metadata describes the summary.
    #[schema(nullable = false, format = Uri)]
    #[serde(
        rename = "summary@odata.context",
        skip_serializing_if = "Option::is_none"
    )]
    pub summary_context: Option<String>,
    /// Its summary, where it was expanded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
}

/// What a new role of the tenant's own is called.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewPrivilegedRole)]
pub struct NewRole {
    /// The name.
    #[schema(required, nullable = false, min_length = 1, max_length = 256)]
    pub name: Option<String>,
}

/// What a role of the tenant's own is called from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = PrivilegedRoleUpdate)]
pub struct RoleUpdate {
    /// The role's id; must be the one of the path.
    pub id: Option<String>,
    /// The new name.
    #[schema(required, nullable = false, min_length = 1, max_length = 256)]
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
            name: Some(role.name.to_string()),
            summary_context: None,
            assignments: None,
            assignments_count: None,
            assignments_next_link: None,
            settings: None,
            summary: None,
        }
    }
}

impl NewRole {
    /// The name, or why it cannot be one.
    pub fn parse(&self) -> Result<RoleName, Problem> {
        name(self.name.as_deref())
    }
}

impl RoleUpdate {
    /// The new name of this role, or which member cannot be.
    pub fn parse(&self, role: RoleId) -> Result<RoleName, Problem> {
        if let Some(id) = &self.id
            && id.parse() != Ok(role)
        {
            let message = format!("id is {id:.64}, but the path names the role {role}.");
            return Err(invalid("id", message));
        }
        name(self.name.as_deref())
    }
}

fn name(text: Option<&str>) -> Result<RoleName, Problem> {
    let text = text.ok_or_else(|| missing("name"))?;
    RoleName::parse(text).map_err(|error| invalid("name", format!("name: {error}.")))
}
