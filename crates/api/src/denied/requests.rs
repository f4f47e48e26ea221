//! Refusals of requests and of decisions about them.

use pimento_domain::rules::TOLERANCE;
use pimento_domain::{ApprovalState, Denied};

use super::forbidden;
use crate::problem::{Problem, code};
use crate::wire::approval_word;

/// What cannot be asked for.
pub(super) fn asked(denied: &Denied) -> Problem {
    match denied {
        Denied::ActivationIsActive => {
            let message =
                "A UserAdd asks for a role to become active; its assignmentState is Active.";
            Problem::bad_request(code::INVALID_REQUEST, message).at("assignmentState")
        }
        Denied::StartInPast { sent, now } => {
            let message = format!(
                "The start is {sent}, more than {TOLERANCE} before now, {now}. Send a later one, or leave the schedule out to begin now."
            );
            Problem::bad_request("InvalidScheduleStart", message).at("schedule.startDateTime")
        }
        Denied::EndBeforeStart { sent, start } => {
            let message = format!("The end is {sent}, but must lie after the start, {start}.");
            Problem::bad_request(code::INVALID_REQUEST, message).at("schedule.endDateTime")
        }
        Denied::ScheduleExists(id) => {
            let message = format!("The request {id} for this role begins at the same time.");
            Problem::bad_request("ScheduleExists", message)
        }
        Denied::ScheduleOverlaps { start, end } => {
            let until = end.map_or_else(String::new, |end| format!(" until {end}"));
            let message = format!(
                "The role is given already from {start}{until}, which overlaps with what is asked for."
            );
            Problem::bad_request("ScheduleOverlap", message)
        }
        Denied::PendingApprovalExists(id) => {
            let message = format!(
                "The request {id} for this role waits for an approval; wait for the decision, or cancel it."
            );
            Problem::bad_request("PendingApprovalExists", message)
        }
        Denied::PendingRequestExists(id) => {
            let message = format!(
                "The person's own request {id} to activate this role waits for an approval; have it decided or taken back first."
            );
            Problem::bad_request("PendingRoleAssignmentRequest", message)
        }
        _ => {
            let message = "Only the person concerned can activate a role. An administrator gives one with AdminAdd.";
            Problem::new(http::StatusCode::FORBIDDEN, "OnBehalfOfNotAllowed", message).at("userId")
        }
    }
}

/// What cannot be decided or taken back.
pub(super) fn decided(denied: &Denied) -> Problem {
    match denied {
        Denied::NotRequestor => forbidden(
            "NotRequestor",
            "Only whoever made a request can take it back.",
        ),
        Denied::RequestClosed(status) => {
            let message = format!(
                "Only a request that waits for an approval or has not begun can be taken back; this one is {status:?}."
            );
            Problem::bad_request("RequestCannotBeCancelled", message)
        }
        Denied::NotApprover => forbidden(
            "NotApprover",
            "Only the role's approvers decide about this; where its settings name nobody, Privileged Role Administrator.",
        ),
        Denied::OwnRequest => forbidden(
            "OwnRequest",
            "Nobody decides about a request of their own or about themselves; ask another approver.",
        ),
        Denied::ApprovalClosed(state) => {
            let message = match state {
                ApprovalState::Approved | ApprovalState::Denied => {
                    format!("The request was {} already.", approval_word(*state))
                }
                _ => "The request has lapsed or was closed; it can be made again.".to_owned(),
            };
            Problem::bad_request("ApprovalNotPending", message).at("approvalState")
        }
        _ => {
            let message = "There is no such request in this tenant.";
            Problem::bad_request("RoleAssignmentRequestNotFound", message)
        }
    }
}
