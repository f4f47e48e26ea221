//! What requests, and the approvals that they need, are chosen and ordered by.

use pimento_domain::{
    ApprovalState, Instant, Kind, PrincipalId, Request, RequestKind, RoleId, Status,
};

use super::condition::{optional, text};
use super::{Comparison, Condition, Field, Query, Term, Value};

/// A field of a request as it is at a moment, and of the approval that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestField {
    /// Its id, in lower case.
    Id,
    /// Whether it asks for an activation.
    Activation,
    /// Who is to be granted something.
    Principal,
    /// Of which role, in lower case.
    Role,
    /// What is to be granted, by [`RequestField::grants`].
    Grants,
    /// Who asked.
    Requestor,
    /// When they asked.
    Requested,
    /// When the grant begins.
    Start,
    /// When it ends; null for never.
    End,
    /// How long it lasts, in microseconds; null for ever.
    Lasting,
    /// The same where a length was asked for; null where an end was, or none.
    Length,
    /// Why; may be null.
    Reason,
    /// The ticket's number; may be null.
    TicketNumber,
    /// The system that keeps the ticket; may be null.
    TicketSystem,
    /// What has become of it, by [`RequestField::status`].
    Status,
    /// What has become of its approval, by [`RequestField::approval`]; null where it needs none.
    Approval,
    /// Why the approver decided so; may be null.
    DecisionReason,
}

impl Field for RequestField {
    const KEY: &'static [Self] = &[Self::Id];
}

impl RequestField {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Id,
        Self::Activation,
        Self::Principal,
        Self::Role,
        Self::Grants,
        Self::Requestor,
        Self::Requested,
        Self::Start,
        Self::End,
        Self::Lasting,
        Self::Length,
        Self::Reason,
        Self::TicketNumber,
        Self::TicketSystem,
        Self::Status,
        Self::Approval,
        Self::DecisionReason,
    ];

    /// What is to be granted, as a value.
    pub fn grants(kind: Kind) -> Value {
        text(match kind {
            Kind::Eligible => "eligible",
            Kind::Active => "active",
        })
    }

    /// What has become of a request, as a value.
    pub fn status(status: Status) -> Value {
        text(match status {
            Status::RequestedApproval => "requested approval",
            Status::Scheduled => "scheduled",
            Status::Completed => "completed",
            Status::ApprovalDenied => "approval denied",
            Status::ApprovalAborted => "approval aborted",
            Status::Cancelled => "cancelled",
            Status::Revoked => "revoked",
            Status::RequestExpired => "request expired",
        })
    }

    /// What has become of an approval, as a value.
    pub fn approval(state: ApprovalState) -> Value {
        text(match state {
            ApprovalState::Pending => "pending",
            ApprovalState::Approved => "approved",
            ApprovalState::Denied => "denied",
            ApprovalState::Aborted => "aborted",
            ApprovalState::Canceled => "canceled",
        })
    }

    /// What the field is of this request at `now`.
    pub fn value(self, request: &Request, now: Instant) -> Value {
        let lasting = request.end.map(|end| end.since(request.start));
        let why = &request.justification;
        match self {
            Self::Id => Value::Text(request.id.to_string()),
            Self::Activation => Value::Bool(request.kind == RequestKind::Activation),
            Self::Principal => Value::Text(request.principal.to_string()),
            Self::Role => Value::Text(request.role.to_string()),
            Self::Grants => Self::grants(request.grants),
            Self::Requestor => Value::Text(request.requestor.to_string()),
            Self::Requested => Value::Instant(request.requested),
            Self::Start => Value::Instant(request.start),
            Self::End => request.end.into(),
            Self::Lasting => lasting.into(),
            Self::Length => request.length.and(lasting).into(),
            Self::Reason => optional(why.reason.as_ref()),
            Self::TicketNumber => optional(why.ticket_number.as_ref()),
            Self::TicketSystem => optional(why.ticket_system.as_ref()),
            Self::Status => Self::status(request.status(now)),
            Self::Approval => request
                .approval_state(now)
                .map_or(Value::Null, Self::approval),
            Self::DecisionReason => {
                let approval = request.approval.as_ref();
                let decision = approval.and_then(|approval| approval.decision.as_ref());
                optional(decision.and_then(|decision| decision.reason.as_ref()))
            }
        }
    }
}

/// Which requests to list; by their ids where nothing else is asked for.
pub type RequestQuery = Query<RequestField>;

impl Condition<RequestField> {
    /// Those that this principal made.
    pub fn made_by(principal: &PrincipalId) -> Self {
        Self::equal(RequestField::Requestor, text(principal.as_str()))
    }

    /// Those about what this principal is granted.
    pub fn about(principal: &PrincipalId) -> Self {
        Self::equal(RequestField::Principal, text(principal.as_str()))
    }

    /// Those about this role.
    pub fn about_role(role: RoleId) -> Self {
        Self::equal(RequestField::Role, text(&role.to_string()))
    }

    /// Those that need or needed an approval.
    pub fn with_approval() -> Self {
        let is_there = Term::Compare(Comparison::NotEqual, Value::Null);
        Self::Field(RequestField::Approval, is_there)
    }
}
