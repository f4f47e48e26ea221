//! Assignments on the wire: the view of a holding that the protocol shows, and what it takes to change one.

use pimento_domain::rules::{CreateAssignment, SelfActivate};
use pimento_domain::{Justification, Message, PrincipalId, RequestId, State};
use pimento_engine::NewAssignment as NewEngineAssignment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Role;
use super::members::{instant, justification, length, missing, person};
use super::request::reason_fits;
use crate::problem::Problem;

/// What one person holds in one role. All members but the context are always written, `null` where unset.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedRoleAssignment)]
pub struct Assignment {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// `{userId}_{roleId}`.
    pub id: String,
    /// Who holds.
    pub user_id: String,
    /// What is held.
    pub role_id: String,
    /// Whether the role is active now.
    pub is_elevated: bool,
    /// When the activation ends, UTC.
    #[schema(required, format = DateTime)]
    pub expiration_date_time: Option<String>,
    /// Why nothing changed.
    #[schema(required)]
    pub result_message: Option<String>,
    /// The role, where it was expanded.
    #[schema(no_recursion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_info: Option<Box<Role>>,
}

/// One page of assignments.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PrivilegedRoleAssignmentCollection)]
pub struct Assignments {
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
    /// The assignments of this page.
    pub value: Vec<Assignment>,
}

/// Who is to hold which role, and in which state.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewPrivilegedRoleAssignment)]
pub struct NewAssignment {
    /// Who is to hold it.
    #[schema(required, nullable = false, min_length = 1, max_length = 128)]
    pub user_id: Option<String>,
    /// The role's id.
    #[schema(required, nullable = false)]
    pub role_id: Option<String>,
    /// Whether it is to be active at once.
    pub is_elevated: Option<bool>,
    /// When the activation is to end.
    #[schema(format = DateTime)]
    pub expiration_date_time: Option<String>,
}

/// Why an assignment is made permanent.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MakePermanentParameters {
    /// The reason.
    #[schema(max_length = 499)]
    pub reason: Option<String>,
    /// The ticket's number.
    #[schema(max_length = 499)]
    pub ticket_number: Option<String>,
    /// The system that keeps the ticket.
    #[schema(max_length = 499)]
    pub ticket_system: Option<String>,
}

/// How long a role is to be active, and why.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelfActivateParameters {
    /// The reason.
    #[schema(max_length = 499)]
    pub reason: Option<String>,
    /// `min`, `default`, hours, or a duration.
    pub duration: Option<String>,
    /// The ticket's number.
    #[schema(max_length = 499)]
    pub ticket_number: Option<String>,
    /// The system that keeps the ticket.
    #[schema(max_length = 499)]
    pub ticket_system: Option<String>,
}

impl Assignment {
    /// An assignment, at the top of an answer (with a context) or in a list (without).
    pub fn new(assignment: &pimento_engine::Assignment, context: Option<String>) -> Self {
        Self {
            context,
            id: assignment.id.to_string(),
            user_id: assignment.id.principal.to_string(),
            role_id: assignment.id.role.to_string(),
            is_elevated: assignment.state.is_some_and(State::is_active),
            expiration_date_time: assignment
                .state
                .and_then(State::until)
                .map(|until| until.to_string()),
            result_message: assignment.message.map(message_text),
            role_info: None,
        }
    }
}

fn message_text(message: Message) -> String {
    match message {
        Message::AlreadyEligible => {
            "The assignment is eligible already; nothing was changed.".to_owned()
        }
        Message::NotActive => "The role is not active; nothing was changed.".to_owned(),
        Message::AwaitsApproval(request) => {
            format!("The role becomes active once the request {request} is approved.")
        }
    }
}

impl NewAssignment {
    /// The command by this caller, whom `Self` means; or which member cannot be.
    pub fn parse(self, caller: &PrincipalId) -> Result<NewEngineAssignment, Problem> {
        let user = self.user_id.ok_or_else(|| missing("userId"))?;
        let role = self.role_id.ok_or_else(|| missing("roleId"))?;
        let principal = person(&user, caller)?;
        let role = role.parse().map_err(|_| Problem::role_not_found(&role))?;
        let until = instant(self.expiration_date_time.as_deref(), "expirationDateTime")?;
        Ok(NewEngineAssignment {
            principal,
            role,
            command: CreateAssignment {
                elevated: self.is_elevated,
                until,
            },
        })
    }
}

impl MakePermanentParameters {
    /// The justification, or which member cannot be.
    pub fn parse(&self) -> Result<Justification, Problem> {
        justification(&self.reason, &self.ticket_number, &self.ticket_system)
    }
}

impl SelfActivateParameters {
    /// The activation, or which member cannot be. The id is that of the request that it may become.
    pub fn parse(&self, request: RequestId) -> Result<SelfActivate, Problem> {
        reason_fits(&self.reason)?;
        Ok(SelfActivate {
            request,
            length: length(self.duration.as_deref(), "duration")?.unwrap_or_default(),
            justification: justification(&self.reason, &self.ticket_number, &self.ticket_system)?,
        })
    }
}
