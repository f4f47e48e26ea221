//! Assignments on the wire: the view of a holding that the protocol shows, and what it takes to change one.

use jiff::Timestamp;
use pimento_domain::rules::{CreateAssignment, Length};
use pimento_domain::{Instant, Justification, Message, PrincipalId, Remark, State};
use pimento_engine::{NewAssignment as NewEngineAssignment, SelfActivation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::duration::parse_length;
use crate::problem::{Problem, code};

/// The word for the caller where a user id is asked for.
const OWN: &str = "Self";

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
            result_message: assignment
                .message
                .map(|message| message_text(message).to_owned()),
        }
    }
}

fn missing(member: &str) -> Problem {
    Problem::bad_request(code::INVALID_REQUEST, format!("{member} is missing.")).at(member)
}

fn message_text(message: Message) -> &'static str {
    match message {
        Message::AlreadyEligible => "The assignment is eligible already; nothing was changed.",
        Message::NotActive => "The role is not active; nothing was changed.",
    }
}

impl NewAssignment {
    /// The command by this caller, whom `Self` means; or which member cannot be.
    pub fn parse(self, caller: &PrincipalId) -> Result<NewEngineAssignment, Problem> {
        let user = self.user_id.ok_or_else(|| missing("userId"))?;
        let role = self.role_id.ok_or_else(|| missing("roleId"))?;
        let principal = match user.as_str() {
            word if word.eq_ignore_ascii_case(OWN) => caller.clone(),
            id => id
                .parse()
                .map_err(|error| Problem::member("userId", &error))?,
        };
        let role = role.parse().map_err(|_| Problem::role_not_found(&role))?;
        let until = self
            .expiration_date_time
            .as_deref()
            .map(parse_instant)
            .transpose()?;
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
    /// The activation, or which member cannot be.
    pub fn parse(&self) -> Result<SelfActivation, Problem> {
        Ok(SelfActivation {
            length: self
                .duration
                .as_deref()
                .map_or(Ok(Length::Default), length)?,
            justification: justification(&self.reason, &self.ticket_number, &self.ticket_system)?,
        })
    }
}

fn length(text: &str) -> Result<Length, Problem> {
    parse_length(text).ok_or_else(|| {
        let message = format!(
            "duration must be min, default, hours such as 0.5 or 2, or a duration such as PT2H or 2:00:00; {text:.64} is none."
        );
        Problem::bad_request(code::INVALID_REQUEST, message).at("duration")
    })
}

/// RFC 3339: any offset and up to nine digits of fraction are read; what is finer than a microsecond is dropped.
/// The library alone would read more of ISO 8601 than the document's `date-time` is.
fn parse_instant(text: &str) -> Result<Instant, Problem> {
    let bytes = text.as_bytes();
    let shaped = 20 <= bytes.len()
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && matches!(bytes[10], b'T' | b't')
        && !text.contains('[');
    let problem = |message: &str| {
        Problem::bad_request(code::INVALID_REQUEST, message).at("expirationDateTime")
    };
    let instant = shaped.then(|| text.parse::<Timestamp>().ok()).flatten();
    let instant = instant.ok_or_else(|| {
        problem(
            "expirationDateTime must be an instant such as 2026-03-02T10:00:00Z, and no later \
             than 9999-12-30T21:59:59Z.",
        )
    })?;
    if Timestamp::from(Instant::MAX) < instant {
        return Err(problem(
            "expirationDateTime must be no later than 9999-12-30T21:59:59Z.",
        ));
    }
    Ok(Instant::from(instant))
}

fn justification(
    reason: &Option<String>,
    ticket_number: &Option<String>,
    ticket_system: &Option<String>,
) -> Result<Justification, Problem> {
    Ok(Justification {
        reason: remark(reason, "reason")?,
        ticket_number: remark(ticket_number, "ticketNumber")?,
        ticket_system: remark(ticket_system, "ticketSystem")?,
    })
}

fn remark(text: &Option<String>, member: &str) -> Result<Option<Remark>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let problem = |error| {
        Problem::bad_request(code::INVALID_REQUEST, format!("{member}: {error}.")).at(member)
    };
    Remark::parse(text).map_err(problem)
}
