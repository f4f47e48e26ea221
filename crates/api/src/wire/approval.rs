//! Approvals on the wire: the side of a request that its approvers see.

use pimento_domain::rules::{Demand, NewRequest as Command};
use pimento_domain::{
    ApprovalState, Instant, Justification, Kind, PrincipalId, Remark, Request as Asked, RequestId,
    RequestKind, RoleId, Verdict,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::duration::parse_duration;
use super::members::{instant, invalid, length, person, remark};
use super::request::{ending, lasting, reason_fits, role};
use super::{Request, Role};
use crate::problem::Problem;

/// What members are called in a request, and what they are called here.
const MEMBERS: [(&str, &str); 4] = [
    ("duration", "approvalDuration"),
    ("reason", "requestorReason"),
    ("schedule.startDateTime", "startDateTime"),
    ("schedule.endDateTime", "endDateTime"),
];

/// The approval that a request waits, or waited, for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedApproval)]
pub struct Approval {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The request's id.
    pub id: String,
    /// Who asks.
    pub user_id: String,
    /// The role.
    pub role_id: String,
    /// Always `null`: no source names a value.
    #[schema(required)]
    pub approval_type: Option<String>,
    /// What has become of it.
    pub approval_state: &'static str,
    /// How long the role is to be active.
    #[schema(required, format = Duration)]
    pub approval_duration: Option<String>,
    /// Why it was asked for.
    #[schema(required)]
    pub requestor_reason: Option<String>,
    /// Why it was decided so.
    #[schema(required)]
    pub approver_reason: Option<String>,
    /// When the role is to become active.
    #[schema(format = DateTime)]
    pub start_date_time: String,
    /// When it is to stop.
    #[schema(required, format = DateTime)]
    pub end_date_time: Option<String>,
    /// The role, where it was asked for.
    #[schema(no_recursion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_info: Option<Box<Role>>,
    /// The request, where it was asked for.
    #[schema(no_recursion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Box<Request>>,
}

/// One page of approvals.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PrivilegedApprovalCollection)]
pub struct Approvals {
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
    /// The approvals of this page.
    pub value: Vec<Approval>,
}

/// What an approval is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewPrivilegedApproval)]
pub struct NewApproval {
    /// The caller.
    #[schema(max_length = 128)]
    pub user_id: Option<String>,
    /// The role.
    #[schema(required, nullable = false)]
    pub role_id: Option<String>,
    /// Anything.
    pub approval_type: Option<String>,
    /// Only `pending`.
    pub approval_state: Option<String>,
    /// How long.
    pub approval_duration: Option<String>,
    /// Why.
    #[schema(max_length = 499)]
    pub requestor_reason: Option<String>,
    /// The ticket's number.
    #[schema(max_length = 499)]
    pub ticket_number: Option<String>,
    /// The system that keeps the ticket.
    #[schema(max_length = 499)]
    pub ticket_system: Option<String>,
    /// When the role is to become active.
    #[schema(format = DateTime)]
    pub start_date_time: Option<String>,
    /// When it is to stop.
    #[schema(format = DateTime)]
    pub end_date_time: Option<String>,
}

/// A decision.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedApprovalUpdate)]
pub struct ApprovalUpdate {
    /// As it was read.
    #[schema(max_length = 128)]
    pub user_id: Option<String>,
    /// As it was read.
    pub role_id: Option<String>,
    /// As it was read.
    pub approval_type: Option<String>,
    /// `approved` or `denied`.
    pub approval_state: Option<String>,
    /// As it was read.
    pub approval_duration: Option<String>,
    /// As it was read.
    #[schema(max_length = 499)]
    pub requestor_reason: Option<String>,
    /// Why it is decided so.
    #[schema(max_length = 499)]
    pub approver_reason: Option<String>,
    /// As it was read.
    #[schema(format = DateTime)]
    pub start_date_time: Option<String>,
    /// As it was read.
    #[schema(format = DateTime)]
    pub end_date_time: Option<String>,
}

impl Approval {
    /// The approval of a request, at the top of an answer (with a context) or in a list (without); `None` where the request
    /// needs none.
    pub(crate) fn new(asked: &Asked, now: Instant, context: Option<String>) -> Option<Self> {
        let state = asked.approval_state(now)?;
        let text = |remark: Option<&Remark>| remark.map(ToString::to_string);
        let decision = asked
            .approval
            .as_ref()
            .and_then(|approval| approval.decision.as_ref());
        Some(Self {
            context,
            id: asked.id.to_string(),
            user_id: asked.principal.to_string(),
            role_id: asked.role.to_string(),
            approval_type: None,
            approval_state: word(state),
            approval_duration: lasting(asked).map(|length| length.to_string()),
            requestor_reason: text(asked.justification.reason.as_ref()),
            approver_reason: text(decision.and_then(|decision| decision.reason.as_ref())),
            start_date_time: asked.start.to_string(),
            end_date_time: asked.end.map(|end| end.to_string()),
            role_info: None,
            request: None,
        })
    }
}

/// The word for a state. The family writes `Cancelled` for a request, and `canceled` here.
pub(crate) fn word(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Pending => "pending",
        ApprovalState::Approved => "approved",
        ApprovalState::Denied => "denied",
        ApprovalState::Aborted => "aborted",
        ApprovalState::Canceled => "canceled",
    }
}

impl NewApproval {
    /// Whose activation of which role needs the approval; or which member cannot be.
    pub(crate) fn parse(
        &self,
        id: RequestId,
        caller: &PrincipalId,
    ) -> Result<(PrincipalId, RoleId, Command), Problem> {
        let role = role(self.role_id.as_deref())?;
        let user = self.user_id.as_deref();
        let principal = user.map_or_else(|| Ok(caller.clone()), |user| person(user, caller))?;
        if let Some(state) = &self.approval_state
            && !state.eq_ignore_ascii_case(word(ApprovalState::Pending))
        {
            let message = format!("A new approval is pending; {state:.64} was sent.");
            return Err(invalid("approvalState", message));
        }
        reason_fits(&self.requestor_reason)?;
        let length = length(self.approval_duration.as_deref(), "approvalDuration")?;
        let end = instant(self.end_date_time.as_deref(), "endDateTime")?;
        let command = Command {
            id,
            kind: RequestKind::Activation,
            grants: Kind::Active,
            start: instant(self.start_date_time.as_deref(), "startDateTime")?,
            ending: ending(length, end)?,
            justification: Justification {
                reason: remark(&self.requestor_reason, "requestorReason")?,
                ticket_number: remark(&self.ticket_number, "ticketNumber")?,
                ticket_system: remark(&self.ticket_system, "ticketSystem")?,
            },
            approval: Demand::Always,
        };
        Ok((principal, role, command))
    }

    /// A refusal of the request that the approval is for, in the words of the approval.
    pub(crate) fn refused(problem: Problem) -> Problem {
        problem.renaming(&MEMBERS)
    }
}

impl ApprovalUpdate {
    /// The verdict and its reason; or which member differs from what is stored, or cannot be.
    pub(crate) fn parse(&self, stored: &Approval) -> Result<(Verdict, Option<Remark>), Problem> {
        self.keeps(stored)?;
        let state = self.approval_state.as_deref().unwrap_or_default();
        let verdict = [Verdict::Approved, Verdict::Denied]
            .into_iter()
            .zip([ApprovalState::Approved, ApprovalState::Denied])
            .find(|(_, decided)| word(*decided).eq_ignore_ascii_case(state));
        let Some((verdict, _)) = verdict else {
            let message = "approvalState must be approved or denied.";
            return Err(invalid("approvalState", message));
        };
        Ok((verdict, remark(&self.approver_reason, "approverReason")?))
    }

    /// Refuses what differs from what is stored. Lengths and instants are compared by what they mean: clients that read
    /// them into types of their own send them back in another spelling.
    fn keeps(&self, stored: &Approval) -> Result<(), Problem> {
        let kept: [(&str, &Option<String>, Option<&str>, Same); 7] = [
            ("userId", &self.user_id, Some(&stored.user_id), is_same_id),
            ("roleId", &self.role_id, Some(&stored.role_id), is_same_id),
            (
                "approvalType",
                &self.approval_type,
                stored.approval_type.as_deref(),
                str::eq,
            ),
            (
                "approvalDuration",
                &self.approval_duration,
                stored.approval_duration.as_deref(),
                is_same_length,
            ),
            (
                "requestorReason",
                &self.requestor_reason,
                stored.requestor_reason.as_deref(),
                str::eq,
            ),
            (
                "startDateTime",
                &self.start_date_time,
                Some(&stored.start_date_time),
                is_same_instant,
            ),
            (
                "endDateTime",
                &self.end_date_time,
                stored.end_date_time.as_deref(),
                is_same_instant,
            ),
        ];
        for (member, sent, is, same) in kept {
            let differs = |sent: &str| is.is_none_or(|is| !same(sent, is));
            if sent.as_deref().is_some_and(differs) {
                let is = is.unwrap_or("null");
                let message = format!("{member} cannot be changed; it is {is}.");
                return Err(invalid(member, message));
            }
        }
        Ok(())
    }
}

/// Whether what was sent means what is stored.
type Same = fn(&str, &str) -> bool;

fn is_same_id(sent: &str, is: &str) -> bool {
    let sent = sent.parse::<PrincipalId>();
    sent.is_ok_and(|sent| sent.as_str() == is)
}

fn is_same_length(sent: &str, is: &str) -> bool {
    parse_duration(sent).is_some_and(|sent| parse_duration(is) == Some(sent))
}

fn is_same_instant(sent: &str, is: &str) -> bool {
    let read = |text| instant(Some(text), "").ok().flatten();
    read(sent).is_some_and(|sent| read(is) == Some(sent))
}
