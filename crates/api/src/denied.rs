//! From the rules' refusals to the wire: one exhaustive match gives each its status, code and words.

mod policy;
mod requests;
mod roles;

use http::StatusCode;
use pimento_domain::{Denied, Instant, RoleId, SettingsFault, role};
use pimento_engine::Error;
use pimento_store::StoreError;

use crate::problem::{Problem, code};
use crate::wire::{ErrorDetail, MAXIMUM};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denied) => denied.into(),
            Error::Store(StoreError::Unavailable(reason)) => {
                tracing::warn!(reason, "the store is unavailable");
                let message = "The database cannot take this at the moment; nothing was changed. \
                               Try again shortly.";
                Self::unavailable(message)
            }
            Error::Store(StoreError::TookTooLong(limit)) => {
                let message = format!(
                    "A search may take {limit:?} here, and this one took longer; to send it again would not help. Ask for \
                     less: a filter with fewer comparisons, above all with fewer by contains and endswith, or one that has \
                     `and` with a userId or a roleId; no $count; no other order; and @odata.nextLink in place of $skip."
                );
                Self::bad_request(code::SEARCH_TIME, message)
            }
            Error::Store(StoreError::InDoubt(reason)) => {
                tracing::error!(reason, "a change is in doubt until another one is written");
                let message = "The database failed while it wrote this. It is not done now, but may turn out \
                               to be when the server is started again: look before you try again.";
                Self::unavailable(message)
            }
            Error::Store(StoreError::Conflict) => {
                let message = "Others kept changing the same rows; nothing was changed. \
                               Try again shortly.";
                Self::unavailable(message)
            }
            Error::Store(StoreError::Corrupt(reason)) => {
                tracing::error!(reason, "the store is corrupt");
                Self::fault()
            }
        }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::of(denied).by_rules()
    }
}

impl Problem {
    fn of(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::not_found(
                "There is no such role, assignment, request, approval or event in this tenant.",
            ),
            Denied::RoleNotFound => Self::role_not_found(&"of that id"),
            Denied::RoleMissing(roles) => role_missing(roles),
            Denied::SelfGrantForbidden => forbidden(
                "SelfGrantForbidden",
                "This server forbids administrators to grant to themselves; ask another one.",
            ),
            Denied::TenantNotAdmitted => tenant_not_admitted(),
            Denied::AssignmentExists => Self::bad_request(
                "RoleAssignmentExists",
                "The role assignment already exists.",
            ),
            Denied::AssignmentDoesNotExist => Self::bad_request(
                "RoleAssignmentDoesNotExist",
                "The caller has no assignment of this role.",
            ),
            Denied::AlreadyActive(until) => {
                Self::bad_request("RoleAlreadyActivated", already_active(until))
            }
            Denied::Permanent => permanent(),
            Denied::EndNotInFuture { sent, now } => bad_end(format!(
                "expirationDateTime is {sent}, but must lie after now, {now}."
            )),
            Denied::EndWithoutActivation => bad_end(
                "An assignment with isElevated false is not active and has no end; \
                 leave expirationDateTime out.",
            ),
            Denied::Policy(failures) => policy::refused(failures.as_slice()),
            Denied::Settings(fault) => settings(fault),
            Denied::OnBehalfOf
            | Denied::ActivationIsActive
            | Denied::StartInPast { .. }
            | Denied::EndBeforeStart { .. }
            | Denied::ScheduleExists(_)
            | Denied::ScheduleOverlaps { .. }
            | Denied::PendingApprovalExists(_)
            | Denied::PendingRequestExists(_) => requests::asked(&denied),
            Denied::RequestNotFound
            | Denied::NotRequestor
            | Denied::RequestClosed(_)
            | Denied::NotApprover
            | Denied::OwnRequest
            | Denied::ApprovalClosed(_) => requests::decided(&denied),
            Denied::RoleNameTaken(other) => roles::name_taken(other),
            Denied::RoleIsBuiltIn => roles::built_in(),
            Denied::RoleInUse(uses) => roles::in_use(uses),
            Denied::SetupCompleted => setup_completed(),
            Denied::SetupOfRole(role, denied) => setup_of_role(role, *denied),
            Denied::LastAdministrator => {
                let message = "The tenant would be left without anybody who is, or can become \
                               without another's approval, Privileged Role Administrator. \
                               Give somebody else that role first.";
                Self::bad_request("LastAdministrator", message)
            }
        }
    }
}

fn permanent() -> Problem {
    let message = "The assignment is permanent and has no activation to end; an administrator can make it \
                   eligible or delete it.";
    Problem::bad_request("RoleIsPermanent", message)
}

pub(crate) fn forbidden(reason: &'static str, message: impl Into<String>) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, code::DENIED, message).because(reason)
}

fn setup_completed() -> Problem {
    let message = "The tenant is set up already, which happens once. What it settles can be changed by the \
                   operations on settings and assignments.";
    Problem::bad_request("SetupAlreadyCompleted", message)
}

fn setup_of_role(role: RoleId, denied: Denied) -> Problem {
    if denied == Denied::RoleNotFound {
        return Problem::role_not_found(&role);
    }
    let problem = Problem::from(denied);
    let message = format!("Of the role {role}: {}", problem.0.message);
    problem.saying(message)
}

/// The tenant is not registered; says who can change that.
pub(crate) fn tenant_not_registered() -> Problem {
    let message = "The tenant is not registered. A Global Administrator by a trusted token, or a founder \
                   whom the server's configuration names, can register it with POST \
                   /privilegedSignupStatus/signUp.";
    Problem::new(StatusCode::FORBIDDEN, code::UNAUTHORIZED_ACCESS, message)
        .because("TenantNotRegistered")
}

fn tenant_not_admitted() -> Problem {
    let message = "This server's configuration does not admit the tenant to sign up.";
    Problem::new(StatusCode::FORBIDDEN, code::UNAUTHORIZED_ACCESS, message)
        .because("TenantNotAdmitted")
}

/// The caller may not sign up the tenant.
pub(crate) fn founder_missing() -> Problem {
    let message = "Only a Global Administrator, or a founder whom the server's configuration names, can sign up \
                   the tenant and set it up. To sign it up, the token must be trusted with that role.";
    forbidden("DirectoryRoleRequired", message)
}

/// None of these roles is active for the caller.
pub(crate) fn role_missing(roles: &[RoleId]) -> Problem {
    let names: Vec<&str> = roles
        .iter()
        .filter_map(|id| role::find(*id))
        .map(|role| role.name.as_str())
        .collect();
    let message = format!(
        "This needs one of these roles, active at this moment: {}.",
        names.join(", ")
    );
    forbidden("DirectoryRoleRequired", message)
}

fn bad_end(message: impl Into<String>) -> Problem {
    Problem::bad_request(code::INVALID_REQUEST, message).at("expirationDateTime")
}

fn already_active(until: Option<Instant>) -> String {
    match until {
        Some(until) => format!("The role is already active, until {until}."),
        None => "The role is already active, without end.".to_owned(),
    }
}

fn settings(fault: SettingsFault) -> Problem {
    let (target, limit, sent, message) = match fault {
        SettingsFault::MinimumTooShort { sent, least } => (
            "minElevationDuration",
            least,
            sent,
            format!("The shortest activation may be {least} at the least; {sent} was sent."),
        ),
        SettingsFault::MaximumTooLong { sent, most } => (
            MAXIMUM,
            most,
            sent,
            format!("The longest activation may be {most} at the most; {sent} was sent."),
        ),
        SettingsFault::MinimumAboveMaximum { minimum, maximum } => {
            let message = format!(
                "The shortest activation, {minimum}, would be longer than the longest, {maximum}."
            );
            ("minElevationDuration", maximum, minimum, message)
        }
        SettingsFault::DefaultOutside {
            sent,
            minimum,
            maximum,
        } => {
            let limit = if sent < minimum { minimum } else { maximum };
            let message = format!("The default, {sent}, must lie within {minimum} and {maximum}.");
            ("elevationDuration", limit, sent, message)
        }
    };
    let detail = ErrorDetail {
        code: "ExpirationRule".to_owned(),
        message: message.clone(),
        target: Some(target.to_owned()),
        limit: Some(limit.to_string()),
        sent: Some(sent.to_string()),
        remedy: Some(
            "Send durations with minimum <= default <= maximum, from PT30M to PT72H.".to_owned(),
        ),
    };
    Problem::bad_request(code::INVALID_REQUEST, message)
        .at(target)
        .with_details(vec![detail])
}
