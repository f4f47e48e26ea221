//! Asking for a grant, taking that back, and deciding about it.

use super::change::{Case, Change, Outcome};
use super::requests::{Closed, Decision, Request, is_eligible};
use super::{Entry, Kind, Model, NEVER, Row, State, shape};
use crate::answer::{Answer, Shape, Status};
use crate::steps::{
    Ask, Caller, Ending, Length, MINUTE, Manner, Micros, Role, Token, Verdict, Why, Wish,
};

/// How long an approver has.
const APPROVAL_PERIOD: Micros = 24 * 60 * MINUTE;

/// How far back a start still means now.
const TOLERANCE: Micros = 5 * MINUTE;

impl State {
    /// Whether this caller decides about requests for the role.
    pub(super) fn decides(&self, caller: Caller, roles: &[Role], role: Role) -> bool {
        let named = self.rules_of(role).approvers;
        if named.is_empty() {
            roles.contains(&Role::PrivilegedRoleAdministrator)
        } else {
            named.contains(&caller.who)
        }
    }
}

impl Model {
    pub(super) fn cancel(&mut self, caller: Caller, number: usize, ask: &Ask) -> Answer {
        match self.state(caller.of).requests.get(&number) {
            None => Answer::refused(400, "RoleAssignmentRequestNotFound"),
            Some(request) => {
                let (who, role) = (request.who, request.role);
                self.change(caller, who, role, ask)
            }
        }
    }

    pub(super) fn decide(&mut self, caller: Caller, number: usize, ask: &Ask) -> Answer {
        let found = self.state(caller.of).requests.get(&number);
        let Some(request) = found.filter(|request| request.lapses.is_some()) else {
            return Answer::refused(404, "ResourceNotFound");
        };
        let (who, role) = (request.who, request.role);
        self.change(caller, who, role, ask)
    }
}

impl Case<'_> {
    /// A request, as `wish` says; `must` where it waits for an approval whatever the settings say.
    pub(super) fn asks_for(&self, wish: &Wish, must: bool) -> Outcome {
        let now = self.now;
        let sent = now + wish.start.unwrap_or(0);
        if sent + TOLERANCE < now {
            return Outcome::Refused(400, "InvalidScheduleStart");
        }
        let from = sent.max(now);
        let length = match wish.ending {
            Ending::At(_) => None,
            Ending::Unsaid if wish.manner == Manner::AdminAdd => None,
            Ending::Unsaid => Some(self.rules.default),
            Ending::After(length) => Some(self.minutes(length)),
        };
        let to = match (wish.ending, length) {
            (Ending::At(end), _) => now + end,
            (_, Some(minutes)) => from + minutes * MINUTE,
            _ => NEVER,
        };
        if to <= from && matches!(wish.ending, Ending::At(_)) {
            return Outcome::Refused(400, "invalidRequest");
        }
        let request = Request {
            manner: wish.manner,
            who: self.who,
            role: self.role,
            active: wish.active,
            by: self.by.who,
            at: now,
            from,
            to,
            length,
            why: wish.why,
            lapses: None,
            decided: None,
            closed: None,
            told: false,
        };
        let refused = match wish.manner {
            Manner::UserAdd => self.refuses_activation(&request),
            Manner::AdminAdd => self.refuses_assignment(&request),
        };
        if let Some((status, code)) = refused {
            return Outcome::Refused(status, code);
        }
        if wish.manner == Manner::UserAdd && (must || self.rules.approval) {
            self.waits(request)
        } else {
            self.granted(self.number, request, None)
        }
    }

    fn refuses_activation(&self, request: &Request) -> Option<(u16, &'static str)> {
        if !self.is_own() {
            return Some((403, "OnBehalfOfNotAllowed"));
        }
        if !request.active {
            return Some((400, "invalidRequest"));
        }
        let micros = request
            .length
            .map_or(request.to - request.from, |length| length * MINUTE);
        self.refuses_beside_others(request)
            .or_else(|| self.refuses_by_settings(request.from, micros, request.why, true))
    }

    fn refuses_assignment(&self, request: &Request) -> Option<(u16, &'static str)> {
        let denied = Some((403, "Authorization_RequestDenied"));
        if !self.roles.contains(&Role::PrivilegedRoleAdministrator) || self.is_forbidden() {
            return denied;
        }
        match (request.to <= request.from, request.why) {
            (true, Why::Unsaid) => Some((400, "RoleAssignmentRequestPolicyValidationFailed")),
            (true, _) => Some((400, "InvalidDuration")),
            (false, Why::Unsaid) => Some((400, "RequestorReasonMissing")),
            (false, _) => self.refuses_beside_others(request),
        }
    }

    /// What there is of the kind already.
    fn refuses_beside_others(&self, request: &Request) -> Option<(u16, &'static str)> {
        let now = self.now;
        let is_active = shape(&self.rows, now).is_some_and(Shape::is_active);
        if request.active && request.from == now && is_active {
            return Some((400, "RoleAlreadyActivated"));
        }
        for other in self.requests.values() {
            if other.active != request.active || !other.is_open(now) {
                continue;
            }
            if other.status(now) == Status::RequestedApproval {
                return Some(if other.manner == request.manner {
                    (400, "PendingApprovalExists")
                } else {
                    (400, "PendingRoleAssignmentRequest")
                });
            }
            if other.from == request.from {
                return Some((400, "ScheduleExists"));
            }
        }
        let overlaps = |row: &&Row| {
            row.active == request.active && row.from < request.to && request.from < row.to
        };
        let standing = self.standing();
        let row = standing.iter().find(overlaps)?;
        if !row.active && row.from <= now {
            Some((400, "RoleAssignmentExists"))
        } else {
            Some((400, "ScheduleOverlap"))
        }
    }

    /// Every rule of the settings that an activation fails, in one answer.
    pub(super) fn refuses_by_settings(
        &self,
        from: Micros,
        micros: Micros,
        why: Why,
        needs_reason: bool,
    ) -> Option<(u16, &'static str)> {
        let rules = &self.rules;
        let off = micros < rules.minimum * MINUTE || rules.maximum * MINUTE < micros;
        let failed: Vec<&str> = [
            (!is_eligible(&self.rows, from), "RoleAssignmentDoesNotExist"),
            (off, "InvalidDuration"),
            (
                (needs_reason || rules.approval) && why == Why::Unsaid,
                "RequestorReasonMissing",
            ),
            (rules.ticket && why != Why::Ticket, "TicketingInfoRequired"),
            (rules.mfa && self.by.token == Token::Plain, "MfaRequired"),
        ]
        .into_iter()
        .filter_map(|(failed, code)| failed.then_some(code))
        .collect();
        match failed.as_slice() {
            [] => None,
            failed if failed.contains(&"MfaRequired") => Some((403, "MfaRequired")),
            [one] => Some((400, one)),
            _ => Some((400, "RoleAssignmentRequestPolicyValidationFailed")),
        }
    }

    pub(super) fn minutes(&self, length: Length) -> i64 {
        match length {
            Length::Unsaid => self.rules.default,
            Length::Minimum => self.rules.minimum,
            Length::Minutes(sent) => sent,
        }
    }

    fn waits(&self, request: Request) -> Outcome {
        let lapses = self.now + APPROVAL_PERIOD;
        let fixed = request.length.is_none();
        let request = Request {
            lapses: Some(if fixed {
                lapses.min(request.to)
            } else {
                lapses
            }),
            ..request
        };
        let entry = Entry {
            request: Some(self.number),
            ..self.entry(Kind::Request).because(request.why)
        };
        Outcome::change(Change {
            request: Some((self.number, request)),
            ..Change::of(self.standing(), entry)
        })
    }

    fn granted(&self, number: usize, request: Request, before: Option<Entry>) -> Outcome {
        let now = self.now;
        let mut rows = self.standing();
        rows.push(Row {
            active: request.active,
            from: request.from,
            to: request.to,
            asked: Some(number),
        });
        let begins = request.begins(number, now, self.ask.operation());
        let by_administrator = request.manner == Manner::AdminAdd && request.active;
        let entry = Entry {
            kind: if request.from == now {
                begins.kind
            } else {
                Kind::Schedule
            },
            without_approval: self.rules.approval && by_administrator,
            ..begins
        };
        let told = request.from == now;
        Outcome::change(Change {
            request: Some((number, Request { told, ..request })),
            before,
            ..Change::of(rows, entry)
        })
    }

    pub(super) fn takes_back(&self, number: usize) -> Outcome {
        let request = &self.requests[&number];
        if request.by != self.by.who {
            return Outcome::Refused(403, "Authorization_RequestDenied");
        }
        if !request.is_open(self.now) {
            return Outcome::Refused(400, "RequestCannotBeCancelled");
        }
        let mut rows = self.standing();
        rows.retain(|row| row.asked != Some(number));
        let entry = Entry {
            request: Some(number),
            ..self.entry(Kind::Cancel)
        };
        let request = Request {
            closed: Some((self.now, Closed::Cancelled)),
            told: true,
            ..request.clone()
        };
        Outcome::change(Change {
            request: Some((number, request)),
            ..Change::of(rows, entry)
        })
    }

    pub(super) fn decides(&self, number: usize, verdict: Verdict, why: Why) -> Outcome {
        let (now, request) = (self.now, &self.requests[&number]);
        let concerned = [request.by, request.who].contains(&self.by.who);
        if concerned || !self.is_approver {
            return Outcome::Refused(403, "Authorization_RequestDenied");
        }
        if request.status(now) != Status::RequestedApproval {
            return Outcome::Refused(400, "ApprovalNotPending");
        }
        let by = self.by.who;
        let at = now;
        let decided = Request {
            decided: Some(Decision {
                by,
                at,
                verdict,
                says_why: why != Why::Unsaid,
            }),
            ..request.clone()
        };
        let kind = match verdict {
            Verdict::Approve => Kind::Approve,
            Verdict::Deny => Kind::Deny,
        };
        // An approver names no ticket.
        let because = if why == Why::Unsaid { why } else { Why::Reason };
        let entry = Entry {
            request: Some(number),
            ..self.entry(kind).because(because)
        };
        if verdict == Verdict::Deny {
            let told = true;
            return Outcome::change(Change {
                request: Some((number, Request { told, ..decided })),
                ..Change::of(self.standing(), entry)
            });
        }
        let from = request.from.max(now);
        if !is_eligible(&self.rows, from) {
            return Outcome::Refused(400, "RoleAssignmentDoesNotExist");
        }
        let to = request
            .length
            .map_or(request.to, |length| from + length * MINUTE);
        self.granted(
            number,
            Request {
                from,
                to,
                ..decided
            },
            Some(entry),
        )
    }
}
