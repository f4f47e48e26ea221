//! Requests, and what has become of them at any time.

use super::{After, Entry, Kind, NEVER, Row};
use crate::answer::{Approval, Asked, Opinion, Status};
use crate::steps::{Manner, Micros, Role, Verdict, Who, Why};

/// Why a request was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    Cancelled,
    Revoked,
}

/// Who decided, when, how, and whether they said why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) by: Who,
    pub(crate) at: Micros,
    pub(crate) verdict: Verdict,
    pub(crate) says_why: bool,
}

/// What somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) manner: Manner,
    pub(crate) who: Who,
    pub(crate) role: Role,
    pub(crate) active: bool,
    pub(crate) by: Who,
    pub(crate) at: Micros,
    pub(crate) from: Micros,
    pub(crate) to: Micros,
    /// In minutes.
    pub(crate) length: Option<i64>,
    pub(crate) why: Why,
    /// Where it needs an approval.
    pub(crate) lapses: Option<Micros>,
    pub(crate) decided: Option<Decision>,
    pub(crate) closed: Option<(Micros, Closed)>,
    /// Whether the log tells what became of it: then that stays so, whatever the clock says.
    pub(crate) told: bool,
}

impl Request {
    pub(crate) fn status(&self, now: Micros) -> Status {
        let waits = self.lapses.is_some() && self.decided.is_none();
        if let Some((_, why)) = self.closed {
            return match why {
                Closed::Cancelled => Status::Cancelled,
                Closed::Revoked if waits => Status::ApprovalAborted,
                Closed::Revoked => Status::Revoked,
            };
        }
        if waits {
            let is_late = self.told || self.lapses.is_some_and(|lapses| lapses <= now);
            return if is_late {
                Status::RequestExpired
            } else {
                Status::RequestedApproval
            };
        }
        match self.decided {
            Some(decision) if decision.verdict == Verdict::Deny => Status::ApprovalDenied,
            _ if self.told || self.from <= now => Status::Completed,
            _ => Status::Scheduled,
        }
    }

    pub(super) fn is_open(&self, now: Micros) -> bool {
        !self.status(now).is_final()
    }

    /// When something becomes of it by itself.
    pub(crate) fn due(&self) -> Option<Micros> {
        let waits = self.decided.is_none();
        let at = self.lapses.filter(|_| waits).unwrap_or(self.from);
        (!self.told).then_some(at)
    }

    pub(super) fn shown(&self, number: Option<usize>, now: Micros) -> Asked {
        Asked {
            number,
            manner: self.manner,
            who: self.who,
            role: self.role,
            active: self.active,
            status: self.status(now),
            at: self.at,
            from: self.from,
            to: self.to,
            length: self.length,
            why: self.why,
        }
    }

    /// Its approval, if it needs one.
    pub(super) fn approval(&self, number: usize, now: Micros) -> Option<Approval> {
        self.lapses?;
        let state = match (self.decided, self.status(now)) {
            (Some(decision), _) if decision.verdict == Verdict::Approve => Opinion::Approved,
            (Some(_), _) => Opinion::Denied,
            (None, Status::RequestedApproval) => Opinion::Pending,
            (None, Status::Cancelled) => Opinion::Canceled,
            (None, _) => Opinion::Aborted,
        };
        let answered = self.decided.is_some_and(|decision| decision.says_why);
        Some(Approval {
            number,
            who: self.who,
            role: self.role,
            state,
            from: self.from,
            to: self.to,
            reasons: [self.why != Why::Unsaid, answered],
        })
    }

    fn is_self_grant(&self) -> bool {
        self.manner == Manner::AdminAdd && self.by == self.who
    }

    /// What the log says when its grant begins, or is given to begin later.
    pub(super) fn begins(&self, number: usize, at: Micros, operation: &str) -> Entry {
        let kind = match self.manner {
            Manner::AdminAdd => Kind::Assign,
            Manner::UserAdd => Kind::Activate,
        };
        Entry {
            who: Some(self.who),
            role: Some(self.role),
            request: Some(number),
            until: (self.to != NEVER).then_some(self.to),
            self_grant: self.is_self_grant(),
            ..Entry::new(at, kind, Some(self.by), operation, After::Assignment(None))
                .because(self.why)
        }
    }
}

/// Whether somebody with these rows may activate at this time.
pub(super) fn is_eligible(rows: &[Row], at: Micros) -> bool {
    let holds = |row: &Row| !row.active && row.from <= at && at < row.to;
    rows.iter().any(holds)
}

/// Whether an open request can still come to something with these rows.
pub(super) fn still_stands(number: usize, request: &Request, rows: &[Row], now: Micros) -> bool {
    let waits = request.status(now) == Status::RequestedApproval;
    let has_row = rows.iter().any(|row| row.asked == Some(number));
    let may = request.manner == Manner::AdminAdd || is_eligible(rows, request.from.max(now));
    may && (waits || has_row)
}
