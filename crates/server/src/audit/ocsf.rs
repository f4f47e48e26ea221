//! Events in the words of the Open Cybersecurity Schema Framework, version 1.3.0 (<https://schema.ocsf.io/1.3.0>), category
//! Identity & Access Management.
//!
//! What is about somebody's role is *User Access Management* (3005), with the role as the privilege: given, taken away, or
//! another activity, which is named. What is about a role, a tenant or the log itself is *Entity Management* (3004). All that
//! Pimento knows is in `raw_data`: the payload that is sealed.

use pimento_domain::{Actor, After, Event, EventKind, TenantId, role};
use pimento_store::RecordedEvent;
use pimento_store::seal::payload;
use serde_json::{Map, Value, json};

const VERSION: &str = "1.3.0";
const CATEGORY: u32 = 3;
const ENTITY_MANAGEMENT: u32 = 3004;
const USER_ACCESS_MANAGEMENT: u32 = 3005;
/// An activity that the class has no number for.
const OTHER: (u32, Option<&str>) = (99, None);

/// The event as an OCSF event.
pub(super) fn event(tenant: &TenantId, recorded: &RecordedEvent) -> Value {
    let event = &recorded.event;
    let (class, activity) = match about(event) {
        About::Access(activity) => (USER_ACCESS_MANAGEMENT, activity),
        About::Entity(activity) => (ENTITY_MANAGEMENT, activity),
    };
    let mut ocsf = json!({
        "activity_id": activity.0,
        "activity_name": activity.1.unwrap_or(name(event.kind)),
        "category_uid": CATEGORY,
        "category_name": "Identity & Access Management",
        "class_uid": class,
        "class_name": if class == ENTITY_MANAGEMENT { "Entity Management" } else { "User Access Management" },
        "type_uid": class * 100 + activity.0,
        "time": event.at.as_micros().div_euclid(1_000),
        "message": name(event.kind),
        "metadata": {
            "version": VERSION,
            "product": {
                "name": "Pimento",
                "vendor_name": "Pimento",
                "version": env!("CARGO_PKG_VERSION"),
            },
            "uid": format!("{tenant}:{}", recorded.sequence),
            "sequence": recorded.sequence,
            "tenant_uid": tenant.as_str(),
            "event_code": recorded.cause.operation,
            "correlation_uid": recorded.cause.request.to_string(),
            "log_name": "audit",
        },
        "actor": actor(&event.actor),
        "raw_data": payload(recorded),
    });
    if let Value::Object(members) = &mut ocsf {
        outcome(event, members);
        if class == ENTITY_MANAGEMENT {
            members.insert("entity".to_owned(), entity(tenant, event));
        } else {
            let user = event.principal.as_ref().map(|principal| principal.as_str());
            members.insert("user".to_owned(), json!({"uid": user}));
            members.insert("privileges".to_owned(), json!([privilege(event)]));
        }
        let reason = event.justification.reason.as_ref();
        if let Some(reason) = reason.filter(|_| class == ENTITY_MANAGEMENT) {
            members.insert("comment".to_owned(), Value::from(reason.as_str()));
        }
    }
    ocsf
}

/// Which class an event is of, and which of its activities: the number with its caption, or 99.
enum About {
    Access((u32, Option<&'static str>)),
    Entity((u32, Option<&'static str>)),
}

fn about(event: &Event) -> About {
    let is_access = event.principal.is_some() && event.role.is_some();
    let (create, update, delete) = (
        (1, Some("Create")),
        (3, Some("Update")),
        (4, Some("Delete")),
    );
    match event.kind {
        EventKind::SignUp | EventKind::CreateRole => About::Entity(create),
        EventKind::ChangeSettings | EventKind::CompleteSetup | EventKind::RenameRole => {
            About::Entity(update)
        }
        EventKind::RemoveRole | EventKind::Erase => About::Entity(delete),
        _ if !is_access => About::Entity(OTHER),
        EventKind::Assign | EventKind::Activate => About::Access((1, Some("Assign Privileges"))),
        EventKind::Unassign | EventKind::Deactivate => {
            About::Access((2, Some("Revoke Privileges")))
        }
        EventKind::Request
        | EventKind::Schedule
        | EventKind::Approve
        | EventKind::Deny
        | EventKind::Cancel
        | EventKind::Revoke
        | EventKind::Lapse
        | EventKind::Refuse => About::Access(OTHER),
    }
}

/// What people call it.
fn name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Assign => "Assign",
        EventKind::Activate => "Activate",
        EventKind::Unassign => "Unassign",
        EventKind::Deactivate => "Deactivate",
        EventKind::Request => "Request",
        EventKind::Schedule => "Schedule",
        EventKind::Approve => "Approve",
        EventKind::Deny => "Deny",
        EventKind::Cancel => "Cancel",
        EventKind::Revoke => "Revoke",
        EventKind::Lapse => "Lapse",
        EventKind::ChangeSettings => "Change settings",
        EventKind::SignUp => "Sign up",
        EventKind::CompleteSetup => "Complete set-up",
        EventKind::CreateRole => "Create role",
        EventKind::RenameRole => "Rename role",
        EventKind::RemoveRole => "Remove role",
        EventKind::Refuse => "Refuse",
        EventKind::Erase => "Erase",
    }
}

fn actor(actor: &Actor) -> Value {
    match actor {
        Actor::Principal(principal) => json!({"user": {"uid": principal.as_str()}}),
        Actor::Pimento => json!({"app_name": "Pimento"}),
        Actor::Operator => json!({"app_name": "pimento-server audit"}),
    }
}

/// Whether it was done, and how much it matters: what was refused little, what the settings do not ask for more.
fn outcome(event: &Event, members: &mut Map<String, Value>) {
    let (severity, caption) = match event {
        Event {
            self_grant: true, ..
        }
        | Event {
            without_approval: true,
            ..
        }
        | Event {
            kind: EventKind::Erase,
            ..
        } => (3, "Medium"),
        Event {
            kind: EventKind::Refuse,
            ..
        } => (2, "Low"),
        _ => (1, "Informational"),
    };
    let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
    add("severity_id", Value::from(severity));
    add("severity", Value::from(caption));
    match &event.after {
        After::Refused(refusal) => {
            add("status_id", Value::from(2));
            add("status", Value::from("Failure"));
            add("status_code", Value::from(refusal.code.as_ref()));
            add("count", Value::from(refusal.times));
        }
        _ => {
            add("status_id", Value::from(1));
            add("status", Value::from("Success"));
        }
    }
}

/// The role's name where it is one of the built-in ones; the log keeps no other names.
fn privilege(event: &Event) -> Option<String> {
    let id = event.role?;
    let name = role::find(id).map(|role| role.name.to_string());
    Some(name.unwrap_or_else(|| id.to_string()))
}

fn entity(tenant: &TenantId, event: &Event) -> Value {
    match (&event.after, event.role) {
        (After::Erased(sequence), _) => json!({"type": "Event", "uid": sequence.to_string()}),
        (After::Role(name), Some(role)) => {
            json!({"type": "Role", "uid": role.to_string(), "name": name.as_str()})
        }
        (After::Settings(_), Some(role)) => {
            json!({"type": "Role settings", "uid": role.to_string()})
        }
        (_, Some(role)) => json!({"type": "Role", "uid": role.to_string()}),
        (_, None) => json!({"type": "Tenant", "uid": tenant.as_str()}),
    }
}

#[cfg(test)]
mod tests;
