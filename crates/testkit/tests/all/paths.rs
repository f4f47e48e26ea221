//! Paths of the family, and what an assignment looks like from outside.

use pimento_testkit::Person;
use pimento_testkit::role::USER_ADMINISTRATOR;
use serde_json::Value;

/// The assignments of the tenant.
pub(crate) const ASSIGNMENTS: &str = "/beta/privilegedRoleAssignments";
/// What people asked for in the tenant.
pub(crate) const REQUESTS: &str = "/beta/privilegedRoleAssignmentRequests";
/// The approvals that requests wait, or waited, for.
pub(crate) const APPROVALS: &str = "/beta/privilegedApproval";
/// The roles of the tenant.
pub(crate) const ROLES: &str = "/beta/privilegedRoles";
/// The log of the tenant.
pub(crate) const EVENTS: &str = "/beta/privilegedOperationEvents";
/// The registration of the tenant.
pub(crate) const SIGN_UP_STATUS: &str = "/beta/privilegedSignupStatus";

/// The assignment of somebody.
pub(crate) fn assignment(user: &str, role: &str) -> String {
    format!("{ASSIGNMENTS}/{user}_{role}")
}

/// The settings of a role.
pub(crate) fn settings(role: &str) -> String {
    format!("{ROLES}/{role}/settings")
}

/// What a caller does with a role of their own.
pub(crate) fn own(role: &str, action: &str) -> String {
    format!("{ROLES}/{role}/{action}")
}

/// A request.
pub(crate) fn request(id: &str) -> String {
    format!("{REQUESTS}/{id}")
}

/// An approval.
pub(crate) fn approval(id: &str) -> String {
    format!("{APPROVALS}/{id}")
}

/// A path of a document with an id in it: ben's role, or what he has in it.
pub(crate) fn about_ben(path: &str) -> String {
    if path.contains("privilegedRoleAssignments") {
        path.replace("{id}", &format!("ben_{USER_ADMINISTRATOR}"))
    } else {
        path.replace("{id}", USER_ADMINISTRATOR)
    }
}

/// The state of an assignment, as far as the wire tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Gone,
    Permanent,
    Eligible,
    /// Active until then.
    Until(String),
}

impl State {
    /// The state that an answer shows.
    pub(crate) fn of(assignment: &Value) -> Self {
        match (&assignment["isElevated"], &assignment["expirationDateTime"]) {
            (Value::Bool(true), Value::Null) => Self::Permanent,
            (Value::Bool(false), Value::Null) => Self::Eligible,
            (Value::Bool(true), Value::String(end)) => Self::Until(end.clone()),
            _ => panic!("no state looks like this: {assignment}"),
        }
    }

    /// The state that a reader sees.
    pub(crate) async fn seen_by(reader: &Person<'_>, user: &str, role: &str) -> Self {
        let answer = reader.get(&assignment(user, role)).await;
        match answer.status {
            404 => Self::Gone,
            _ => Self::of(&answer.expect(200)),
        }
    }
}
