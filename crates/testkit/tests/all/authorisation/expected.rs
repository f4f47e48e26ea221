//! What each caller should be answered, worked out from the document alone: `security`, `x-pimento-roles`,
//! `x-pimento-unregistered`, and who is meant by `Self`. None of the server's own tables is used.

use std::collections::BTreeMap;

use pimento_api::generated;
use pimento_domain::role::catalogue;
use pimento_testkit::role::USER_ADMINISTRATOR;
use serde_json::Value;

use super::callers::{APPROVER, Account, Caller, Hold, OTHER_TENANT};
use super::scene::{FOR_SOMEBODY, NOBODY_NAMED};

/// Which role decides where the settings name nobody, and gives roles by request.
const ADMINISTRATOR: &str = "Privileged Role Administrator";

/// A status, and the code of a refusal.
pub(super) type Verdict = (u16, String);

/// The operations of all three documents, by their ids.
pub(super) struct Documents {
    operations: BTreeMap<String, (String, Value)>,
    /// Every scope that a document declares.
    pub(super) scopes: Vec<String>,
}

impl Documents {
    pub(super) fn read() -> Self {
        let mut operations = BTreeMap::new();
        let mut scopes = Vec::new();
        for text in [generated::GRAPH_BETA, generated::ADMIN, generated::DEV] {
            let document: Value = serde_json::from_str(text).unwrap();
            for (path, item) in document["paths"].as_object().unwrap() {
                let with_id = item.as_object().unwrap().values();
                for operation in with_id.filter(|value| value["operationId"].is_string()) {
                    let id = operation["operationId"].as_str().unwrap().to_owned();
                    operations.insert(id, (path.clone(), operation.clone()));
                }
            }
            let flows = &document["components"]["securitySchemes"]["delegated"]["flows"];
            let declared = flows["authorizationCode"]["scopes"].as_object();
            scopes.extend(
                declared
                    .into_iter()
                    .flatten()
                    .map(|(scope, _)| scope.clone()),
            );
        }
        Self { operations, scopes }
    }

    /// By their ids, and the cases of some that are told apart.
    pub(super) fn operations(&self) -> impl Iterator<Item = &str> {
        let cases = [FOR_SOMEBODY, NOBODY_NAMED];
        self.operations.keys().map(String::as_str).chain(cases)
    }

    /// What the caller should be answered.
    pub(super) fn verdict(&self, id: &str, caller: &Caller) -> Verdict {
        let (path, operation) = &self.operations[operation_of(id)];
        let refused = |status, code: &str| (status, code.to_owned());
        let security = texts(&operation["security"], "delegated");
        if security.is_empty() {
            return success(operation);
        }
        match caller.account {
            Account::None => return refused(401, "InvalidAuthenticationToken"),
            Account::Personal => return refused(403, "PersonalAccountNotSupported"),
            Account::Application | Account::Unscoped => {
                return refused(403, "ApplicationNotSupported");
            }
            Account::Person => {}
        }
        if !security.iter().any(|scope| caller.scopes.contains(scope)) {
            return refused(403, "PermissionScopeNotGranted");
        }
        if !caller.registered && operation["x-pimento-unregistered"] != true {
            return refused(403, "UnauthorizedAccessException");
        }
        let roles = operation["x-pimento-roles"].as_array().unwrap();
        let has_role = roles
            .iter()
            .any(|role| holds(caller, role.as_str().unwrap()));
        let for_everybody = roles.is_empty() || roles.contains(&"Self".into());
        if !has_role && !for_everybody {
            return refused(403, "Authorization_RequestDenied");
        }
        if let Some((status, code)) = of_another_tenant(id, path, caller) {
            return refused(status, code);
        }
        if !roles.is_empty() && !has_role && !is_own(caller, path) {
            return refused(403, "Authorization_RequestDenied");
        }
        match rule(id, path, caller) {
            Some((status, code)) => refused(status, code),
            None => success(operation),
        }
    }
}

/// The operation that a case is one of.
pub(super) fn operation_of(case: &str) -> &str {
    case.split_once(',')
        .map_or(case, |(operation, _)| operation)
}

/// The scopes that `security` asks for in any of its alternatives.
fn texts(security: &Value, scheme: &str) -> Vec<String> {
    let alternatives = security.as_array().unwrap().iter();
    let scopes = alternatives.flat_map(|alternative| alternative[scheme].as_array().unwrap());
    scopes
        .map(|scope| scope.as_str().unwrap().to_owned())
        .collect()
}

fn success(operation: &Value) -> Verdict {
    let statuses = operation["responses"].as_object().unwrap().keys();
    // Where there are two, the request is made and not only judged.
    let made = statuses.filter(|status| status.starts_with('2')).max();
    (made.unwrap().parse().unwrap(), String::new())
}

/// Whether a role of this name is active for the caller.
fn holds(caller: &Caller, name: &str) -> bool {
    let Some(role) = catalogue().iter().find(|role| role.name.as_str() == name) else {
        return false;
    };
    let id = role.id.to_string();
    let active = caller
        .holds
        .iter()
        .filter(|(_, how)| *how != Hold::Eligible);
    caller.wids.contains(&id) || active.map(|(held, _)| held).any(|held| *held == id)
}

/// How the caller holds the role that the requests are about.
fn own(caller: &Caller) -> Option<Hold> {
    let mut held = caller.holds.iter();
    held.find(|(role, _)| role == USER_ADMINISTRATOR)
        .map(|(_, how)| *how)
}

/// Whether the path is about what is the caller's own: their assignment, the role of one, a request that they made or may
/// decide about; a list has of everybody what is theirs.
fn is_own(caller: &Caller, path: &str) -> bool {
    if path.contains("privilegedRoleAssignments") {
        caller.user == "ben"
    } else if is_about_request(path) {
        ["ben", APPROVER].contains(&caller.user)
    } else if path.contains("privilegedRoles/") {
        own(caller).is_some()
    } else {
        true
    }
}

fn is_about_request(path: &str) -> bool {
    path.contains("privilegedRoleAssignmentRequests/{id}")
        || path.contains("privilegedApproval/{id}")
}

/// A request of another tenant is like none, whoever asks.
fn of_another_tenant(id: &str, path: &str, caller: &Caller) -> Option<(u16, &'static str)> {
    let foreign = is_about_request(path) && caller.tenant == OTHER_TENANT;
    foreign.then_some(match id {
        "cancel_request" => (400, "RoleAssignmentRequestNotFound"),
        _ => (404, "ResourceNotFound"),
    })
}

/// What a rule about rows refuses to a caller who may ask.
fn rule(id: &str, path: &str, caller: &Caller) -> Option<(u16, &'static str)> {
    const DENIED: (u16, &str) = (403, "Authorization_RequestDenied");
    let about_row = path.contains("privilegedRoleAssignments/{id}");
    let decides = holds(caller, ADMINISTRATOR);
    match (id, own(caller)) {
        // Only the demo tenant has the role that these are about.
        ("update_role" | "delete_role", _) if caller.tenant == OTHER_TENANT => {
            Some((404, "ResourceNotFound"))
        }
        _ if about_row && caller.tenant == OTHER_TENANT => Some((404, "ResourceNotFound")),
        ("self_activate" | "self_deactivate" | "create_request" | "create_approval", None) => {
            Some((400, "RoleAssignmentDoesNotExist"))
        }
        ("self_activate" | "create_request" | "create_approval", Some(Hold::Active)) => {
            Some((400, "RoleAlreadyActivated"))
        }
        ("cancel_request", _) if caller.user != "ben" => Some(DENIED),
        ("update_approval", _) if caller.user != APPROVER => Some(DENIED),
        (FOR_SOMEBODY | NOBODY_NAMED, _) if !decides => Some(DENIED),
        ("complete_setup", _) => Some((400, "SetupAlreadyCompleted")),
        _ => None,
    }
}
