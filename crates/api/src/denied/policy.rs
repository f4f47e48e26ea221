//! Refusals by the rules of a role's settings.

use http::StatusCode;
use pimento_domain::{Failure, Instant, SignedDuration};

use crate::problem::{Problem, code};
use crate::wire::ErrorDetail;

/// One failed rule has its own code; several are told together.
pub(super) fn refused(failures: &[Failure]) -> Problem {
    let details: Vec<ErrorDetail> = failures.iter().map(detail).collect();
    let mfa = failures.contains(&Failure::MfaMissing);
    let status = if mfa {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::BAD_REQUEST
    };
    let (code, message, target) = match details.as_slice() {
        [only] => (
            failure_code(failures[0]),
            only.message.clone(),
            only.target.clone(),
        ),
        several => {
            let rules: Vec<String> = several
                .iter()
                .map(|detail| format!("{:?}", detail.code))
                .collect();
            let code = if mfa {
                code::MFA_REQUIRED
            } else {
                "RoleAssignmentRequestPolicyValidationFailed"
            };
            (
                code,
                format!("The following policy rules failed: [{}]", rules.join(",")),
                None,
            )
        }
    };
    let problem = Problem::new(status, code, message).with_details(details);
    match target {
        Some(target) => problem.at(target),
        None => problem,
    }
}

fn failure_code(failure: Failure) -> &'static str {
    match failure {
        Failure::NotEligible { .. } => "RoleAssignmentDoesNotExist",
        Failure::TooShort { .. } | Failure::TooLong { .. } | Failure::Empty { .. } => {
            code::INVALID_DURATION
        }
        Failure::ReasonMissing => "RequestorReasonMissing",
        Failure::TicketMissing => "TicketingInfoRequired",
        Failure::MfaMissing => code::MFA_REQUIRED,
    }
}

/// The rule, its limit, what was sent, and what would pass.
fn detail(failure: &Failure) -> ErrorDetail {
    match failure {
        Failure::TooShort { sent, minimum } => expiration(
            *sent,
            minimum,
            format!("The role is activated for {minimum} at the least; {sent} was asked for."),
            format!("Ask for {minimum} or longer."),
        ),
        Failure::TooLong { sent, maximum } => expiration(
            *sent,
            maximum,
            format!("The role can be active for {maximum} at the most; {sent} was asked for."),
            format!("Ask for {maximum} or less."),
        ),
        Failure::Empty { sent } => expiration(
            *sent,
            &"longer than PT0S",
            format!("A role is given for longer than PT0S; {sent} was asked for."),
            "Ask for longer than PT0S, or leave the duration out to give the role without end."
                .to_owned(),
        ),
        Failure::NotEligible { sent, eligible } => not_eligible(*sent, *eligible),
        Failure::ReasonMissing => ErrorDetail {
            target: Some("reason".to_owned()),
            ..missing(
                "JustificationRule",
                "This needs a reason.",
                "a reason",
                "Send a reason that is not blank.",
            )
        },
        Failure::TicketMissing => ErrorDetail {
            target: Some("ticketNumber".to_owned()),
            ..missing(
                "TicketingRule",
                "Activating this role needs a ticket number.",
                "a ticket number",
                "Send a ticketNumber that is not blank.",
            )
        },
        Failure::MfaMissing => missing(
            "MfaRule",
            "Activating this role needs a sign-in with a second factor.",
            "a second factor",
            "Sign in again with a second factor and repeat the request with the new token.",
        ),
    }
}

fn expiration(
    sent: SignedDuration,
    limit: &impl ToString,
    message: String,
    remedy: String,
) -> ErrorDetail {
    ErrorDetail {
        code: "ExpirationRule".to_owned(),
        message,
        target: Some("duration".to_owned()),
        limit: Some(limit.to_string()),
        sent: Some(sent.to_string()),
        remedy: Some(remedy),
    }
}

/// A rule that demands what was not sent at all.
fn missing(rule: &str, message: &str, limit: &str, remedy: &str) -> ErrorDetail {
    ErrorDetail {
        code: rule.to_owned(),
        message: message.to_owned(),
        target: None,
        limit: Some(limit.to_owned()),
        sent: Some("none".to_owned()),
        remedy: Some(remedy.to_owned()),
    }
}

/// The limit is when an activation could begin, and what was sent is when it would.
fn not_eligible(
    sent: Option<Instant>,
    eligible: Option<(Instant, Option<Instant>)>,
) -> ErrorDetail {
    let (limit, remedy) = match eligible {
        None => (
            "an eligibility for the role".to_owned(),
            "Ask an administrator to be made eligible.".to_owned(),
        ),
        Some((start, end)) => {
            let until = end.map_or_else(String::new, |end| format!(" until {end}"));
            (
                format!("eligible from {start}{until}"),
                format!(
                    "Ask for a start from {start}{until}, or an administrator to be made eligible for another time."
                ),
            )
        }
    };
    ErrorDetail {
        code: "EligibilityRule".to_owned(),
        message: "Whoever activates this role must be eligible for it when that begins.".to_owned(),
        target: None,
        limit: Some(limit),
        sent: Some(sent.map_or_else(
            || "a start now".to_owned(),
            |start| format!("a start at {start}"),
        )),
        remedy: Some(remedy),
    }
}
