//! Settings on the wire. One member is misspelled there; that is how the protocol spells it, in every document and SDK.

use jiff::SignedDuration;
use pimento_domain::{PrincipalId, RoleId, SettingsUpdate as Update};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parse_duration;
use crate::problem::{Problem, code};

/// The wire name of the longest activation, misspelled there.
pub(crate) const MAXIMUM: &str = "maxElavationDuration";

/// Approvers of one role, at the most.
const MAX_APPROVERS: usize = 100;

/// What activating a role asks for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedRoleSettings)]
pub struct Settings {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The role's id.
    pub id: String,
    /// The shortest activation, ISO 8601.
    #[schema(format = Duration)]
    pub min_elevation_duration: String,
    /// The longest activation, ISO 8601.
    #[schema(format = Duration)]
    #[serde(rename = "maxElavationDuration")]
    pub max_elevation_duration: String,
    /// The default length, ISO 8601.
    #[schema(format = Duration)]
    pub elevation_duration: String,
    /// Whether an activation is to be announced.
    pub notification_to_user_on_elevation: bool,
    /// Whether an activation needs a ticket number.
    pub ticketing_info_on_elevation: bool,
    /// Whether an activation needs MFA.
    pub mfa_on_elevation: bool,
    /// Whether that can be changed.
    pub is_mfa_on_elevation_configurable: bool,
    /// A relic; always false.
    pub last_global_admin: bool,
    /// Whether an activation needs an approval.
    pub approval_on_elevation: bool,
    /// Who may approve.
    pub approver_ids: Vec<String>,
}

/// What changes of a role's settings.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedRoleSettingsUpdate)]
pub struct SettingsUpdate {
    /// The role's id; must be the one of the path.
    pub id: Option<String>,
    /// The shortest activation.
    #[schema(format = Duration)]
    pub min_elevation_duration: Option<String>,
    /// The longest activation.
    #[schema(format = Duration)]
    #[serde(rename = "maxElavationDuration")]
    pub max_elevation_duration: Option<String>,
    /// The default length.
    #[schema(format = Duration)]
    pub elevation_duration: Option<String>,
    /// Whether an activation is to be announced.
    pub notification_to_user_on_elevation: Option<bool>,
    /// Whether an activation needs a ticket number.
    pub ticketing_info_on_elevation: Option<bool>,
    /// Whether an activation needs MFA.
    pub mfa_on_elevation: Option<bool>,
    /// Type-checked, then ignored.
    pub is_mfa_on_elevation_configurable: Option<bool>,
    /// Type-checked, then ignored.
    pub last_global_admin: Option<bool>,
    /// Whether an activation needs an approval.
    pub approval_on_elevation: Option<bool>,
    /// Who may approve.
    #[schema(max_items = 100)]
    pub approver_ids: Option<Vec<String>>,
}

impl Settings {
    /// The settings of a role, at the top of an answer (with a context) or with the role (without).
    pub fn new(
        role: &pimento_domain::Role,
        settings: &pimento_domain::Settings,
        context: Option<String>,
    ) -> Self {
        Self {
            context,
            id: role.id.to_string(),
            min_elevation_duration: settings.minimum.to_string(),
            max_elevation_duration: settings.maximum.to_string(),
            elevation_duration: settings.default.to_string(),
            notification_to_user_on_elevation: settings.notification,
            ticketing_info_on_elevation: settings.ticket,
            mfa_on_elevation: settings.mfa,
            is_mfa_on_elevation_configurable: !role.mfa_pinned,
            last_global_admin: false,
            approval_on_elevation: settings.approval,
            approver_ids: settings.approvers.iter().map(ToString::to_string).collect(),
        }
    }
}

impl SettingsUpdate {
    /// The update of this role's settings, or which member cannot be.
    pub fn parse(&self, role: RoleId) -> Result<Update, Problem> {
        if let Some(id) = &self.id
            && id.parse() != Ok(role)
        {
            let message = format!("id is {id:.64}, but these are the settings of the role {role}.");
            return Err(Problem::bad_request(code::INVALID_REQUEST, message).at("id"));
        }
        self.changes()
    }

    /// The update, whatever role's it is; or which member cannot be.
    pub(super) fn changes(&self) -> Result<Update, Problem> {
        Ok(Update {
            minimum: duration(
                self.min_elevation_duration.as_deref(),
                "minElevationDuration",
            )?,
            maximum: duration(self.max_elevation_duration.as_deref(), MAXIMUM)?,
            default: duration(self.elevation_duration.as_deref(), "elevationDuration")?,
            notification: self.notification_to_user_on_elevation,
            ticket: self.ticketing_info_on_elevation,
            mfa: self.mfa_on_elevation,
            approval: self.approval_on_elevation,
            approvers: self.approver_ids.as_deref().map(approvers).transpose()?,
        })
    }
}

fn duration(text: Option<&str>, member: &str) -> Result<Option<SignedDuration>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let length = parse_duration(text).ok_or_else(|| {
        let message =
            format!("{member} must be a duration such as PT2H or 2:00:00; {text:.64} is none.");
        Problem::bad_request(code::INVALID_REQUEST, message).at(member)
    })?;
    Ok(Some(length))
}

fn approvers(ids: &[String]) -> Result<Vec<PrincipalId>, Problem> {
    if MAX_APPROVERS < ids.len() {
        let message = format!(
            "approverIds may have {MAX_APPROVERS} ids at the most; {} were sent.",
            ids.len()
        );
        return Err(Problem::bad_request(code::INVALID_REQUEST, message).at("approverIds"));
    }
    ids.iter()
        .map(|id| {
            id.parse()
                .map_err(|error| Problem::member("approverIds", &error))
        })
        .collect()
}
