//! Requests on the wire.

use pimento_domain::rules::{Demand, Ending, Length, NewRequest as Command};
use pimento_domain::{
    Instant, InvalidRemark, Kind, PrincipalId, Remark, Request as Asked, RequestId, RequestKind,
    RoleId, SignedDuration, Status,
};
use pimento_engine::{Evaluation, Seen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Role;
use super::duration::hours_text;
use super::members::{instant, invalid, justification, length, missing, object, one_of, person};
use crate::problem::Problem;

/// What clients send as the type of a schedule: the documents have the first, and show the others.
const SCHEDULES: [&str; 3] = ["Once", "activation", "assignment"];

/// What somebody asked for, and what has become of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedRoleAssignmentRequest)]
pub struct Request {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The request's id.
    pub id: String,
    /// Who is to be granted something.
    pub user_id: String,
    /// The role.
    pub role_id: String,
    /// `AdminAdd` or `UserAdd`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `Eligible` or `Active`.
    pub assignment_state: &'static str,
    /// What has become of it.
    pub status: &'static str,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub requested_date_time: String,
    /// When the grant begins and ends.
    pub schedule: Schedule,
    /// The length, in hours.
    #[schema(required)]
    pub duration: Option<String>,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// The ticket's number.
    #[schema(required)]
    pub ticket_number: Option<String>,
    /// The system that keeps the ticket.
    #[schema(required)]
    pub ticket_system: Option<String>,
    /// `true` where it was only judged.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluate_only: Option<bool>,
    /// Where the metadata describes the role.
    #[schema(nullable = false, format = Uri)]
    #[serde(
        rename = "roleInfo@odata.context",
        skip_serializing_if = "Option::is_none"
    )]
    pub role_context: Option<String>,
    /// The role, where it is shown along.
    #[schema(no_recursion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_info: Option<Box<Role>>,
}

/// When a grant begins and ends.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GovernanceSchedule)]
pub struct Schedule {
    /// `activation` or `assignment`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When it begins.
    #[schema(format = DateTime)]
    pub start_date_time: String,
    /// When it ends.
    #[schema(required, format = DateTime)]
    pub end_date_time: Option<String>,
    /// The length that was asked for.
    #[schema(required, format = Duration)]
    pub duration: Option<String>,
}

/// One page of requests.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PrivilegedRoleAssignmentRequestCollection)]
pub struct Requests {
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
    /// The requests of this page.
    pub value: Vec<Request>,
}

/// What is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewPrivilegedRoleAssignmentRequest)]
pub struct NewRequest {
    /// Who is to be granted something.
    #[schema(max_length = 128)]
    pub user_id: Option<String>,
    /// The role.
    #[schema(required, nullable = false)]
    pub role_id: Option<String>,
    /// `AdminAdd` or `UserAdd`.
    #[schema(required, nullable = false)]
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `Eligible` or `Active`.
    #[schema(required, nullable = false)]
    pub assignment_state: Option<String>,
    /// Why.
    #[schema(max_length = 499)]
    pub reason: Option<String>,
    /// How long.
    pub duration: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "object")]
    pub schedule: Option<NewSchedule>,
    /// The ticket's number.
    #[schema(max_length = 499)]
    pub ticket_number: Option<String>,
    /// The system that keeps the ticket.
    #[schema(max_length = 499)]
    pub ticket_system: Option<String>,
    /// Whether it is only judged.
    pub evaluate_only: Option<bool>,
}

/// When a grant is to begin and to end.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewGovernanceSchedule)]
pub struct NewSchedule {
    /// `Once`, `activation` or `assignment`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// When it is to begin.
    #[schema(format = DateTime)]
    pub start_date_time: Option<String>,
    /// When it is to end.
    #[schema(format = DateTime)]
    pub end_date_time: Option<String>,
    /// How long.
    pub duration: Option<String>,
}

/// A request as the engine takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) principal: PrincipalId,
    pub(crate) role: RoleId,
    pub(crate) command: Command,
    pub(crate) evaluation: Evaluation,
}

impl Request {
    /// A request, at the top of an answer (with a context) or in a list (without).
    pub(crate) fn new(asked: &Asked, now: Instant, context: Option<String>) -> Self {
        let text = |remark: &Option<Remark>| remark.as_ref().map(ToString::to_string);
        Self {
            context,
            id: asked.id.to_string(),
            user_id: asked.principal.to_string(),
            role_id: asked.role.to_string(),
            kind: kind(asked.kind),
            assignment_state: assignment_state(asked.grants),
            status: status(asked.status(now)),
            requested_date_time: asked.requested.to_string(),
            schedule: Schedule {
                kind: schedule_kind(asked.kind),
                start_date_time: asked.start.to_string(),
                end_date_time: asked.end.map(|end| end.to_string()),
                duration: asked.length.map(|length| length.to_string()),
            },
            duration: asked.end.map(|end| hours_text(end.since(asked.start))),
            reason: text(&asked.justification.reason),
            ticket_number: text(&asked.justification.ticket_number),
            ticket_system: text(&asked.justification.ticket_system),
            evaluate_only: None,
            role_context: None,
            role_info: None,
        }
    }

    /// As the protocol shows one in the answer that takes it back.
    pub(crate) fn cancelling(seen: &Seen<Asked>, context: Option<String>) -> Self {
        Self {
            status: "Cancelling",
            ..Self::new(&seen.value, seen.now, context)
        }
    }
}

/// The word for what is asked for.
pub(crate) fn kind(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Assignment => "AdminAdd",
        RequestKind::Activation => "UserAdd",
    }
}

/// The word for the same in a schedule.
pub(crate) fn schedule_kind(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Assignment => "assignment",
        RequestKind::Activation => "activation",
    }
}

/// The word for what is granted.
pub(crate) fn assignment_state(kind: Kind) -> &'static str {
    match kind {
        Kind::Eligible => "Eligible",
        Kind::Active => "Active",
    }
}

/// The word for what has become of it.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::RequestedApproval => "RequestedApproval",
        Status::Scheduled => "Scheduled",
        Status::Completed => "Completed",
        Status::ApprovalDenied => "ApprovalDenied",
        Status::ApprovalAborted => "ApprovalAborted",
        Status::Cancelled => "Cancelled",
        Status::Revoked => "Revoked",
        Status::RequestExpired => "RequestExpired",
    }
}

impl NewRequest {
    /// The request by this caller, whom `Self` means; or which member cannot be.
    pub(crate) fn parse(&self, id: RequestId, caller: &PrincipalId) -> Result<Parsed, Problem> {
        let role = role(self.role_id.as_deref())?;
        let kind = word(
            "type",
            self.kind.as_deref(),
            [
                ("AdminAdd", RequestKind::Assignment),
                ("UserAdd", RequestKind::Activation),
            ],
        )?;
        let grants = word(
            "assignmentState",
            self.assignment_state.as_deref(),
            [("Eligible", Kind::Eligible), ("Active", Kind::Active)],
        )?;
        let principal = match (&self.user_id, kind) {
            (Some(user), _) => person(user, caller)?,
            (None, RequestKind::Activation) => caller.clone(),
            (None, RequestKind::Assignment) => return Err(missing("userId")),
        };
        reason_fits(&self.reason)?;
        let (start, ending) = self.times()?;
        Ok(Parsed {
            principal,
            role,
            command: Command {
                id,
                kind,
                grants,
                start,
                ending,
                justification: justification(
                    &self.reason,
                    &self.ticket_number,
                    &self.ticket_system,
                )?,
                approval: Demand::BySettings,
            },
            evaluation: if self.evaluate_only == Some(true) {
                Evaluation::Evaluate
            } else {
                Evaluation::Perform
            },
        })
    }

    fn times(&self) -> Result<(Option<Instant>, Ending), Problem> {
        let asked = length(self.duration.as_deref(), "duration")?;
        let Some(schedule) = &self.schedule else {
            return Ok((None, ending(asked, None)?));
        };
        one_of("schedule.type", schedule.kind.as_deref(), &SCHEDULES)?;
        let start = instant(
            schedule.start_date_time.as_deref(),
            "schedule.startDateTime",
        )?;
        if start.is_none() {
            let message = "A schedule needs a startDateTime; leave the schedule out to begin now.";
            return Err(
                Problem::bad_request("InvalidScheduleStart", message).at("schedule.startDateTime")
            );
        }
        let end = instant(schedule.end_date_time.as_deref(), "schedule.endDateTime")?;
        let within = length(schedule.duration.as_deref(), "schedule.duration")?;
        if asked.is_some() && within.is_some() && asked != within {
            let message = "duration and schedule.duration differ; send one of them.";
            return Err(invalid("schedule.duration", message));
        }
        Ok((start, ending(asked.or(within), end)?))
    }
}

pub(super) fn role(id: Option<&str>) -> Result<RoleId, Problem> {
    let Some(id) = id else {
        return Err(Problem::bad_request("RoleIdRequired", "roleId is missing.").at("roleId"));
    };
    id.parse().map_err(|_| Problem::role_not_found(&id))
}

pub(super) fn ending(length: Option<Length>, end: Option<Instant>) -> Result<Ending, Problem> {
    match (length, end) {
        (None, None) => Ok(Ending::Unsaid),
        (Some(length), None) => Ok(Ending::After(length)),
        (None, Some(end)) => Ok(Ending::At(end)),
        (Some(_), Some(_)) => {
            let message = "A duration and an end are one too many; send one of them.";
            Err(invalid("duration", message))
        }
    }
}

/// The documents have a code of its own for a reason of a request that is too long.
pub(super) fn reason_fits(reason: &Option<String>) -> Result<(), Problem> {
    let parsed = reason.as_deref().map(Remark::parse).transpose();
    if let Err(error @ InvalidRemark::TooLong { .. }) = parsed {
        let message = format!("The reason: {error}.");
        return Err(Problem::bad_request("RequestorReasonTooLong", message).at("reason"));
    }
    Ok(())
}

fn word<T: Copy>(member: &str, sent: Option<&str>, words: [(&str, T); 2]) -> Result<T, Problem> {
    let sent = sent.ok_or_else(|| missing(member))?;
    let found = words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(sent));
    let unknown = || {
        let [(first, _), (second, _)] = words;
        invalid(
            member,
            format!("{member} must be {first} or {second}; {sent:.64} is neither."),
        )
    };
    found.map(|(_, value)| *value).ok_or_else(unknown)
}

/// How long something lasts, where it ends.
pub(super) fn lasting(asked: &Asked) -> Option<SignedDuration> {
    asked.end.map(|end| end.since(asked.start))
}
