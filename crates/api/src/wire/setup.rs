//! Set-up on the wire.

use std::collections::BTreeSet;

use pimento_domain::{AssignmentId, PrincipalId, RoleId, SetupAction};
use pimento_engine::{SetupOfRole, SetupPlan, SetupTally};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SettingsUpdate;
use super::members::{invalid, missing, object, one_of, person};
use super::settings::MAXIMUM;
use crate::problem::Problem;

const INFO: &str = "tenantSetupInfo";
const ROLES: &str = "tenantSetupInfo.relevantRolesSettings";
const ACTIONS: &str = "tenantSetupInfo.userRolesActions";

const SETTINGS: &str = "tenantSetupInfo.defaultRolesSettings";
const STATUS: &str = "tenantSetupInfo.setupStatus";

/// The protocol's words for how far a set-up is.
const STATUSES: [&str; 8] = [
    "unknown",
    "notRegisteredYet",
    "registeredSetupNotStarted",
    "registeredSetupInProgress",
    "registrationAndSetupCompleted",
    "registrationFailed",
    "registrationTimedOut",
    "disabled",
];

/// Roles and actions, at the most.
const MOST: usize = 1_000;

/// What completes a set-up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompleteSetupParameters {
    /// What is to be set up.
    #[schema(required, nullable = false)]
    #[serde(default, deserialize_with = "object")]
    pub tenant_setup_info: Option<TenantSetupInfo>,
}

/// What is to be set up.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantSetupInfo {
    /// Type-checked, then ignored.
    pub id: Option<String>,
    /// Type-checked, then ignored.
    pub first_time_setup: Option<bool>,
    /// Whether nothing is to be set up.
    pub skip_setup: Option<bool>,
    /// Looked at, then ignored.
    pub setup_status: Option<String>,
    /// The roles that get the settings.
    #[schema(max_items = 1_000)]
    pub relevant_roles_settings: Option<Vec<String>>,
    /// `userId|roleId|Action`, with `;` between them.
    pub user_roles_actions: Option<String>,
    /// The settings.
    #[serde(default, deserialize_with = "object")]
    pub default_roles_settings: Option<SettingsUpdate>,
}

/// What a set-up did with the assignments of one role.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleSuccessStatistics {
    /// The role's id.
    pub role_id: String,
    /// The role's name.
    pub role_name: String,
    /// Made permanent.
    pub permanent_success: i64,
    /// Not made permanent.
    pub permanent_fail: i64,
    /// Made eligible.
    pub temporary_success: i64,
    /// Not made eligible.
    pub temporary_fail: i64,
    /// Removed.
    pub remove_success: i64,
    /// Not removed.
    pub remove_fail: i64,
    /// Always 0.
    pub unknown_fail: i64,
}

/// What a set-up did.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoleSuccessStatisticsCollection)]
pub struct SetupStatistics {
    /// Where the metadata describes it.
    #[schema(format = Uri)]
    #[serde(rename = "@odata.context")]
    pub context: String,
    /// One for each role.
    pub value: Vec<RoleSuccessStatistics>,
}

impl CompleteSetupParameters {
    /// The plan by this caller, whom `Self` means; or which member cannot be. All of it has to be well-formed, also where
    /// nothing is to be set up.
    pub fn parse(&self, caller: &PrincipalId) -> Result<SetupPlan, Problem> {
        let info = self.tenant_setup_info.as_ref();
        let info = info.ok_or_else(|| missing(INFO))?;
        one_of(STATUS, info.setup_status.as_deref(), &STATUSES)?;
        let settings = info.default_roles_settings.as_ref();
        let settings = settings.map(SettingsUpdate::changes).transpose();
        let plan = SetupPlan {
            roles: roles(info.relevant_roles_settings.as_deref().unwrap_or_default())?,
            settings: settings.map_err(Self::refused)?.unwrap_or_default(),
            actions: actions(
                info.user_roles_actions.as_deref().unwrap_or_default(),
                caller,
            )?,
        };
        Ok(match info.skip_setup {
            Some(true) => SetupPlan::default(),
            Some(false) | None => plan,
        })
    }

    /// Names the members as this body does.
    pub(crate) fn refused(problem: Problem) -> Problem {
        let of_settings = [
            "minElevationDuration",
            MAXIMUM,
            "elevationDuration",
            "approverIds",
        ];
        let within = of_settings.map(|member| (member, format!("{SETTINGS}.{member}")));
        problem.renaming(
            &within
                .each_ref()
                .map(|(here, there)| (*here, there.as_str())),
        )
    }

    /// The member by which the plan came to name this role.
    pub(crate) fn naming(plan: &SetupPlan, role: RoleId) -> &'static str {
        if plan.roles.contains(&role) {
            ROLES
        } else {
            ACTIONS
        }
    }
}

fn role(text: &str, member: &str) -> Result<RoleId, Problem> {
    text.parse()
        .map_err(|_| Problem::role_not_found(&text).at(member))
}

fn roles(ids: &[String]) -> Result<BTreeSet<RoleId>, Problem> {
    limit(ids.len(), ROLES)?;
    ids.iter().map(|id| role(id, ROLES)).collect()
}

/// The items of the text; blanks around them and empty ones, as after a last `;`, do not count.
fn actions(text: &str, caller: &PrincipalId) -> Result<Vec<(AssignmentId, SetupAction)>, Problem> {
    let items = text.split(';').map(str::trim);
    let items: Vec<&str> = items.filter(|item| !item.is_empty()).collect();
    limit(items.len(), ACTIONS)?;
    items.into_iter().map(|item| action(item, caller)).collect()
}

/// A person's id may hold `|`, the rest cannot: the last two part them.
fn action(item: &str, caller: &PrincipalId) -> Result<(AssignmentId, SetupAction), Problem> {
    let mut parts = item.rsplitn(3, '|').map(str::trim);
    let (Some(word), Some(of), Some(user)) = (parts.next(), parts.next(), parts.next()) else {
        let message = format!("{ACTIONS}: {item:.150} is not userId|roleId|Action.");
        return Err(invalid(ACTIONS, message));
    };
    let id = AssignmentId {
        principal: person(user, caller).map_err(|problem| problem.at(ACTIONS))?,
        role: role(of, ACTIONS)?,
    };
    let known = [
        ("Permanent", SetupAction::Permanent),
        ("Temporary", SetupAction::Temporary),
        ("Remove", SetupAction::Remove),
    ];
    let found = known
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word));
    let (_, action) = found.ok_or_else(|| {
        let message = format!(
            "{ACTIONS}: the action must be Permanent, Temporary or Remove; {word:.64} was sent, in {item:.150}."
        );
        invalid(ACTIONS, message)
    })?;
    Ok((id, action))
}

fn limit(sent: usize, member: &str) -> Result<(), Problem> {
    if sent <= MOST {
        return Ok(());
    }
    let message = format!("{member} may have {MOST} items at the most; {sent} were sent.");
    Err(invalid(member, message))
}

impl RoleSuccessStatistics {
    /// What a set-up did with the assignments of this role.
    pub fn new(of: &SetupOfRole) -> Self {
        // There are no more than MOST.
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let both = |tally: SetupTally| (count(tally.succeeded), count(tally.failed));
        let (permanent_success, permanent_fail) = both(of.permanent);
        let (temporary_success, temporary_fail) = both(of.temporary);
        let (remove_success, remove_fail) = both(of.removed);
        Self {
            role_id: of.role.id.to_string(),
            role_name: of.role.name.to_string(),
            permanent_success,
            permanent_fail,
            temporary_success,
            temporary_fail,
            remove_success,
            remove_fail,
            unknown_fail: 0,
        }
    }
}
