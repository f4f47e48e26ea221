//! The payload of an event: the one text that its digest is made of.
//!
//! It is a JSON object as `serde_json` writes it, without blanks, of the members below in this order. Members with nothing
//! in them are left out. Instants are RFC 3339 in UTC with as many digits as they need, lengths of time are ISO 8601, ids
//! have their one spelling. A new kind of event gets a new word; nothing that is here is ever written differently.

use pimento_domain::{Actor, After, Event, EventKind, Note, PrincipalId, Settings, State};
use serde::Serialize;

use crate::RecordedEvent;

/// The payload of this event.
///
/// ```
/// # use pimento_store::{RecordedEvent, seal::payload};
/// # fn of(event: &RecordedEvent) -> bool {
/// payload(event).starts_with(r#"{"sequence":"#)
/// # }
/// ```
pub fn payload(recorded: &RecordedEvent) -> String {
    let RecordedEvent {
        sequence,
        cause,
        event,
    } = recorded;
    let Event {
        at,
        kind,
        actor,
        principal,
        role,
        request,
        justification,
        note,
        until,
        self_grant,
        without_approval,
        after,
    } = event;
    let payload = Payload {
        sequence: *sequence,
        at: at.to_string(),
        kind: kind_word(*kind),
        actor: actor.into(),
        principal: principal.as_ref().map(PrincipalId::as_str),
        role: role.map(|role| role.to_string()),
        request: request.map(|request| request.to_string()),
        reason: justification.reason.as_ref().map(|text| text.as_str()),
        ticket_number: justification
            .ticket_number
            .as_ref()
            .map(|text| text.as_str()),
        ticket_system: justification
            .ticket_system
            .as_ref()
            .map(|text| text.as_str()),
        note: note.map(note_word),
        until: until.map(|until| until.to_string()),
        self_grant: *self_grant,
        without_approval: *without_approval,
        operation: &cause.operation,
        request_id: cause.request.to_string(),
        client_request_id: cause.client_request.as_deref(),
        after: after.into(),
    };
    // Texts and numbers: there is nothing in it that JSON could not say.
    serde_json::to_string(&payload).unwrap_or_default()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    sequence: u64,
    at: String,
    kind: &'static str,
    actor: Who<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_system: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    self_grant: bool,
    without_approval: bool,
    operation: &'a str,
    request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_id: Option<&'a str>,
    after: What<'a>,
}

/// Who did it: `"pimento"`, `"operator"`, or `{"principal":"ada"}`, so that nobody's id can look like the other two.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Who<'a> {
    Principal(&'a str),
    Pimento,
    Operator,
}

impl<'a> From<&'a Actor> for Who<'a> {
    fn from(actor: &'a Actor) -> Self {
        match actor {
            Actor::Principal(principal) => Self::Principal(principal.as_str()),
            Actor::Pimento => Self::Pimento,
            Actor::Operator => Self::Operator,
        }
    }
}

/// What is so after it. A word, or an object of one member that says more: `{"active":{"until":"…"}}`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum What<'a> {
    Gone,
    Permanent,
    Eligible,
    EligibleAndActive { until: String },
    Active { until: String },
    Settings(Limits<'a>),
    Registered,
    SetUp,
    Role { name: &'a str },
    RoleRemoved,
    Refused { code: &'a str, times: u32 },
    Erased { sequence: u64 },
}

impl<'a> From<&'a After> for What<'a> {
    fn from(after: &'a After) -> Self {
        match after {
            After::Assignment(None) => Self::Gone,
            After::Assignment(Some(State::Permanent)) => Self::Permanent,
            After::Assignment(Some(State::Eligible)) => Self::Eligible,
            After::Assignment(Some(State::EligibleAndActive { until })) => {
                Self::EligibleAndActive {
                    until: until.to_string(),
                }
            }
            After::Assignment(Some(State::Active { until })) => Self::Active {
                until: until.to_string(),
            },
            After::Settings(settings) => Self::Settings(settings.into()),
            After::Registered => Self::Registered,
            After::SetUp => Self::SetUp,
            After::Role(name) => Self::Role {
                name: name.as_str(),
            },
            After::RoleRemoved => Self::RoleRemoved,
            After::Refused(refusal) => Self::Refused {
                code: &refusal.code,
                times: refusal.times,
            },
            After::Erased(sequence) => Self::Erased {
                sequence: *sequence,
            },
        }
    }
}

/// The settings of a role.
#[derive(Serialize)]
struct Limits<'a> {
    minimum: String,
    maximum: String,
    default: String,
    notification: bool,
    ticket: bool,
    mfa: bool,
    approval: bool,
    approvers: Vec<&'a str>,
}

impl<'a> From<&'a Settings> for Limits<'a> {
    fn from(settings: &'a Settings) -> Self {
        Self {
            minimum: settings.minimum.to_string(),
            maximum: settings.maximum.to_string(),
            default: settings.default.to_string(),
            notification: settings.notification,
            ticket: settings.ticket,
            mfa: settings.mfa,
            approval: settings.approval,
            approvers: settings.approvers.iter().map(PrincipalId::as_str).collect(),
        }
    }
}

fn kind_word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Assign => "assign",
        EventKind::Activate => "activate",
        EventKind::Unassign => "unassign",
        EventKind::Deactivate => "deactivate",
        EventKind::Request => "request",
        EventKind::Schedule => "schedule",
        EventKind::Approve => "approve",
        EventKind::Deny => "deny",
        EventKind::Cancel => "cancel",
        EventKind::Revoke => "revoke",
        EventKind::Lapse => "lapse",
        EventKind::ChangeSettings => "changeSettings",
        EventKind::SignUp => "signUp",
        EventKind::CompleteSetup => "completeSetup",
        EventKind::CreateRole => "createRole",
        EventKind::RenameRole => "renameRole",
        EventKind::RemoveRole => "removeRole",
        EventKind::Refuse => "refuse",
        EventKind::Erase => "erase",
    }
}

fn note_word(note: Note) -> &'static str {
    match note {
        Note::MadePermanent => "madePermanent",
        Note::MadeEligible => "madeEligible",
        Note::Expired => "expired",
    }
}

#[cfg(test)]
mod tests;
