//! Requests: what somebody asked to be granted, who has to approve it, and what became of it.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::{Instant, InvalidId, Justification, Kind, PrincipalId, Remark, RoleId, SignedDuration};

/// A request's id. The approval that it waits for has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(Uuid);

impl RequestId {
    /// The request of this id; whoever makes one draws it at random.
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }
}

impl FromStr for RequestId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        InvalidId::parse_guid(text).map(Self)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// An administrator gives somebody a role: the wire's `AdminAdd`.
    Assignment,
    /// Somebody activates a role that they are eligible for: the wire's `UserAdd`.
    Activation,
}

/// How an approver decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The grant is given.
    Approved,
    /// It is not.
    Denied,
}

/// What an approver decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who decided.
    pub by: PrincipalId,
    /// When.
    pub at: Instant,
    /// What.
    pub verdict: Verdict,
    /// Why, as far as they said.
    pub reason: Option<Remark>,
}

/// The approval that a request waits for, or waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// When it lapses if nobody has decided.
    pub lapses: Instant,
    /// What was decided; at most once.
    pub decision: Option<Decision>,
}

/// Why a request was closed before it came to anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closing {
    /// The requestor took it back.
    Cancelled,
    /// What it rested on went away.
    Revoked,
}

/// What somebody asked for. What has become of it follows from this and the time: [`Request::status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// What is asked for.
    pub kind: RequestKind,
    /// Who is to be granted something.
    pub principal: PrincipalId,
    /// The role.
    pub role: RoleId,
    /// Eligible or active.
    pub grants: Kind,
    /// Who asked.
    pub requestor: PrincipalId,
    /// When they asked.
    pub requested: Instant,
    /// When the grant begins; an approval that comes later than this moves it to the decision.
    pub start: Instant,
    /// When the grant ends; `None` for never. An approval that moves the start moves this too, where a length was asked for.
    pub end: Option<Instant>,
    /// The length that was asked for; `None` where an end was, or none.
    pub length: Option<SignedDuration>,
    /// Why, as far as the requestor said.
    pub justification: Justification,
    /// The approval that it needs; `None` where it needs none.
    pub approval: Option<Approval>,
    /// When and why it was closed, if it was.
    pub closed: Option<(Instant, Closing)>,
    /// Whether the log tells what became of it. Once it does, nothing further happens to the request.
    pub recorded: bool,
}

/// What has become of a request. The names are the wire's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It waits for an approver.
    RequestedApproval,
    /// It is granted and has not begun.
    Scheduled,
    /// It is granted and has begun.
    Completed,
    /// An approver said no.
    ApprovalDenied,
    /// What it rested on went away while it waited for an approver.
    ApprovalAborted,
    /// The requestor took it back.
    Cancelled,
    /// What it rested on went away after it was granted.
    Revoked,
    /// Nobody decided in time.
    RequestExpired,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::RequestedApproval,
        Self::Scheduled,
        Self::Completed,
        Self::ApprovalDenied,
        Self::ApprovalAborted,
        Self::Cancelled,
        Self::Revoked,
        Self::RequestExpired,
    ];

    /// Whether something may still become of the request.
    pub fn is_open(self) -> bool {
        matches!(self, Self::RequestedApproval | Self::Scheduled)
    }
}

/// What has become of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApprovalState {
    /// Nobody has decided yet.
    Pending,
    /// An approver said yes.
    Approved,
    /// An approver said no.
    Denied,
    /// It lapsed, or what it rested on went away.
    Aborted,
    /// The requestor took the request back.
    Canceled,
}

impl ApprovalState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Approved,
        Self::Denied,
        Self::Aborted,
        Self::Canceled,
    ];
}

impl Request {
    /// What has become of it at `now`. The one place that says so: backends mirror it. What the log tells stays so, also
    /// where the clock is set back.
    pub fn status(&self, now: Instant) -> Status {
        let has_come = |at| self.recorded || at <= now;
        let undecided = |approval: &&Approval| approval.decision.is_none();
        let waits = self.approval.as_ref().filter(undecided);
        match (&self.closed, waits) {
            (Some((_, Closing::Cancelled)), _) => Status::Cancelled,
            (Some((_, Closing::Revoked)), Some(_)) => Status::ApprovalAborted,
            (Some((_, Closing::Revoked)), None) => Status::Revoked,
            (None, Some(approval)) if has_come(approval.lapses) => Status::RequestExpired,
            (None, Some(_)) => Status::RequestedApproval,
            (None, None) if self.is_denied() => Status::ApprovalDenied,
            (None, None) if has_come(self.start) => Status::Completed,
            (None, None) => Status::Scheduled,
        }
    }

    /// What has become of its approval at `now`; `None` where it needs none.
    pub fn approval_state(&self, now: Instant) -> Option<ApprovalState> {
        let approval = self.approval.as_ref()?;
        let verdict = approval.decision.as_ref().map(|decision| decision.verdict);
        Some(match (verdict, self.status(now)) {
            (Some(Verdict::Approved), _) => ApprovalState::Approved,
            (Some(Verdict::Denied), _) => ApprovalState::Denied,
            (None, Status::RequestedApproval) => ApprovalState::Pending,
            (None, Status::Cancelled) => ApprovalState::Canceled,
            (None, _) => ApprovalState::Aborted,
        })
    }

    /// When something becomes of it by itself: a pending one lapses, a scheduled one begins. `None` once nothing can.
    pub fn due(&self) -> Option<Instant> {
        if self.recorded {
            return None;
        }
        match &self.approval {
            Some(Approval {
                lapses,
                decision: None,
            }) => Some(*lapses),
            Some(_) | None => Some(self.start),
        }
    }

    fn is_denied(&self) -> bool {
        let decision = self
            .approval
            .as_ref()
            .and_then(|approval| approval.decision.as_ref());
        decision.is_some_and(|decision| decision.verdict == Verdict::Denied)
    }
}
