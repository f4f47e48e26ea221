//! What brings each refusal about.

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, SECURITY_READER, UNKNOWN};

use super::furniture::{CLOSED, DIRECTORY_READERS, ENDED, OWN_ROLE, REPORTS_READER};

use Caller::{Application, Ben, BenWithMfa, Cleo, Personal, Stranger, Unregistered, WithoutScope};

/// In what a request differs from one of ada's that would succeed.
#[derive(Clone, Copy)]
pub(super) struct Slip {
    pub(super) caller: Caller,
    /// Its path has this id, or that of the request of this name.
    pub(super) id: Option<&'static str>,
    pub(super) query: Option<&'static str>,
    pub(super) body: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// Privileged Role Administrator and Security Administrator.
    Ada,
    /// Eligible User Administrator and Application Administrator, without a second factor.
    Ben,
    BenWithMfa,
    /// Permanent Security Reader.
    Cleo,
    /// Somebody without any role.
    Stranger,
    /// Ada with a token that lacks the scopes.
    WithoutScope,
    /// Ada's application, by itself.
    Application,
    /// Somebody with a personal account.
    Personal,
    /// Somebody whose tenant has not signed up.
    Unregistered,
}

impl Slip {
    pub(super) const NONE: Self = Self {
        caller: Caller::Ada,
        id: None,
        query: None,
        body: None,
    };

    const fn by(caller: Caller) -> Self {
        Self {
            caller,
            ..Self::NONE
        }
    }

    const fn query(query: &'static str) -> Self {
        Self {
            query: Some(query),
            ..Self::NONE
        }
    }

    const fn body(body: &'static str) -> Self {
        Self {
            body: Some(body),
            ..Self::NONE
        }
    }

    const fn id(id: &'static str) -> Self {
        Self {
            id: Some(id),
            ..Self::NONE
        }
    }

    const fn of(self, id: &'static str) -> Self {
        Self {
            id: Some(id),
            ..self
        }
    }

    const fn asking(self, query: &'static str) -> Self {
        Self {
            query: Some(query),
            ..self
        }
    }

    const fn sending(self, body: &'static str) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

const BAD: &str = "BadRequest";
const DENIED: &str = "Authorization_RequestDenied";
const GONE: &str = "ResourceNotFound";
const INVALID: &str = "invalidRequest";
const OPTION: &str = "Request_UnsupportedQuery";
const UNREGISTERED: &str = "UnauthorizedAccessException";
const LAST: &str = "LastAdministrator";
const NO_ASSIGNMENT: &str = "RoleAssignmentDoesNotExist";
const LAST_ADMINISTRATOR: &str = "ada_e8611ab8-c189-46e8-94e1-60213ab1f814";

/// A request for oneself is everybody's to make, and so is a look at one's own.
const FOR_EVERYBODY: [&str; 7] = [
    "create_request",
    "list_my_assignments",
    "list_requests",
    "list_my_requests",
    "list_my_requests_by_post",
    "list_approvals",
    "list_my_approvals",
];

const TOO_FAR: &str = "$expand=roleInfo($expand=settings)";

/// What brings a refusal about in every operation that documents it, where it is one of those that are general.
pub(super) fn of_everything(operation: &str, status: u16, code: &str) -> Option<Slip> {
    match (status, code) {
        (400, OPTION) => Some(Slip::query("$format=xml")),
        (403, "PermissionScopeNotGranted") => Some(Slip::by(WithoutScope)),
        (403, "ApplicationNotSupported") => Some(Slip::by(Application)),
        (403, "PersonalAccountNotSupported") => Some(Slip::by(Personal)),
        // To sign up is what such a tenant may do.
        (403, UNREGISTERED) if operation != "sign_up" => Some(Slip::by(Unregistered)),
        (403, DENIED) if !FOR_EVERYBODY.contains(&operation) => Some(Slip::by(Stranger)),
        // The protocol has a code of its own for a request that does not exist.
        (404, GONE) if operation != "cancel_request" => Some(Slip::id(UNKNOWN)),
        _ => None,
    }
}

/// A body whose reason has a character too many.
const LONG_REASON: &str = "{\"reason\": \"\
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}";

/// Operation, status, code, and what brings it about, by rules of the operation or as one more case of a general rule.
#[rustfmt::skip]
pub(super) const REFUSALS: &[(&str, u16, &str, Slip)] = &[
    ("list_roles", 400, OPTION, Slip::query("$top=0")),
    ("get_role", 400, OPTION, Slip::query("$expand=setings")),
    ("create_role", 400, BAD, Slip::body("[]")),
    ("create_role", 400, INVALID, Slip::body(r#"{"name": " \t"}"#)),
    ("create_role", 400, "nameAlreadyExists", Slip::body(r#"{"name": "security READER"}"#)),
    ("update_role", 400, BAD, Slip::id(OWN_ROLE).sending("")),
    ("update_role", 400, INVALID, Slip::id(OWN_ROLE).sending(r#"{"name": "x", "id": "y"}"#)),
    ("update_role", 400, "nameAlreadyExists", Slip::id(OWN_ROLE).sending(r#"{"name": "DAY WATCH"}"#)),
    ("update_role", 400, "RoleIsBuiltIn", Slip::NONE),
    ("delete_role", 400, "RoleIsBuiltIn", Slip::NONE),
    ("delete_role", 400, "RoleInUse", Slip::id(OWN_ROLE)),
    ("list_role_assignments", 400, OPTION, Slip::query("$count=perhaps")),
    ("list_role_assignments", 403, DENIED, Slip::by(Ben)),
    ("get_role_settings", 403, DENIED, Slip::by(Ben)),
    ("get_role_settings", 404, GONE, Slip::id("no-guid")),
    ("replace_role_settings", 400, BAD, Slip::body("[]")),
    ("replace_role_settings", 400, INVALID, Slip::body(r#"{"mfaOnElevation": 7}"#)),
    ("update_role_settings", 400, BAD, Slip::body("no JSON")),
    ("update_role_settings", 400, INVALID, Slip::body(r#"{"elevationDuration": "PT73H"}"#)),
    ("self_activate", 400, BAD, Slip::body("{")),
    ("self_activate", 400, INVALID, Slip::body(r#"{"duration": "soon"}"#)),
    ("self_activate", 400, NO_ASSIGNMENT, Slip::by(Stranger).of(REPORTS_READER).sending(r#"{"reason": "x"}"#)),
    ("self_activate", 400, "RoleAlreadyActivated", Slip::by(Cleo).of(SECURITY_READER)),
    ("self_activate", 400, "InvalidDuration", Slip::by(BenWithMfa).sending(r#"{"duration": "9"}"#)),
    ("self_activate", 400, "TicketingInfoRequired", Slip::by(Ben).of(APPLICATION_ADMINISTRATOR)),
    ("self_activate", 400, "RoleAssignmentRequestPolicyValidationFailed", Slip::by(Ben).of(APPLICATION_ADMINISTRATOR).sending(r#"{"duration": "9"}"#)),
    ("self_activate", 400, "RequestorReasonTooLong", Slip::by(Ben).sending(LONG_REASON)),
    ("self_activate", 400, "RequestorReasonMissing", Slip::by(Ben).of(DIRECTORY_READERS)),
    ("self_activate", 400, "PendingApprovalExists", Slip::by(Ben).of(DIRECTORY_READERS).sending(r#"{"reason": "x"}"#)),
    ("self_activate", 400, "ScheduleOverlap", Slip::by(Ben).of(REPORTS_READER).sending(r#"{"reason": "x"}"#)),
    ("self_activate", 403, "MfaRequired", Slip::by(Ben)),
    ("self_deactivate", 400, NO_ASSIGNMENT, Slip::by(Stranger)),
    ("self_deactivate", 400, "RoleIsPermanent", Slip::by(Cleo).of(SECURITY_READER)),
    ("list_assignments", 400, OPTION, Slip::query("$filter=isElevatd eq true")),
    ("list_assignments", 403, DENIED, Slip::by(Ben)),
    ("create_assignment", 400, BAD, Slip::body("")),
    ("create_assignment", 400, "RoleNotFound", Slip::body(r#"{"userId": "dana", "roleId": "none"}"#)),
    ("create_assignment", 400, INVALID, Slip::body(r#"{"userId": "d a", "roleId": "fe930be7-5e62-47db-91af-98c3a49a38b1"}"#)),
    ("create_assignment", 400, "RoleAssignmentExists", Slip::body(r#"{"userId": "ben", "roleId": "fe930be7-5e62-47db-91af-98c3a49a38b1"}"#)),
    ("create_assignment", 403, DENIED, Slip::by(Ben)),
    ("list_my_assignments", 400, OPTION, Slip::query("$skiptoken=elsewhere")),
    ("list_my_assignments", 403, DENIED, Slip::by(Ben).asking(TOO_FAR)),
    ("delete_assignment", 400, LAST, Slip::id(LAST_ADMINISTRATOR)),
    ("delete_assignment", 403, DENIED, Slip::by(Ben)),
    ("make_permanent", 400, BAD, Slip::body("7")),
    ("make_permanent", 400, INVALID, Slip::body(r#"{"reason": []}"#)),
    ("make_permanent", 403, DENIED, Slip::by(Ben)),
    ("make_eligible", 403, DENIED, Slip::by(Ben)),
    ("make_eligible", 404, GONE, Slip::id("nothing")),
    ("create_request", 400, BAD, Slip::body("null")),
    ("create_request", 400, "RoleAssignmentExists", Slip::body(r#"{"userId": "ben", "roleId": "fe930be7-5e62-47db-91af-98c3a49a38b1", "type": "AdminAdd", "assignmentState": "Eligible", "reason": "x"}"#)),
    ("create_request", 403, DENIED, Slip::by(Ben).sending(r#"{"userId": "ben", "roleId": "fe930be7-5e62-47db-91af-98c3a49a38b1", "type": "AdminAdd", "assignmentState": "Active", "reason": "x"}"#)),
    ("create_request", 400, "PendingRoleAssignmentRequest", Slip::body(r#"{"userId": "ben", "roleId": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "type": "AdminAdd", "assignmentState": "Active", "reason": "x"}"#)),
    ("create_approval", 400, BAD, Slip::body("{")),
    ("cancel_request", 400, "RequestCannotBeCancelled", Slip::by(Ben).of(CLOSED)),
    ("cancel_request", 400, "RoleAssignmentRequestNotFound", Slip::by(Ben).of(UNKNOWN)),
    ("cancel_request", 404, GONE, Slip::by(Ben).of("no-guid")),
    ("update_approval", 400, BAD, Slip::by(Cleo).sending("[]")),
    ("update_approval", 400, INVALID, Slip::by(Cleo).sending(r#"{"approvalState": "perhaps"}"#)),
    ("update_approval", 400, "ApprovalNotPending", Slip::by(Cleo).of(CLOSED)),
    ("update_approval", 400, NO_ASSIGNMENT, Slip::by(Cleo).of(ENDED)),
    ("update_approval", 403, DENIED, Slip::by(Ben)),
    ("get_approval", 404, GONE, Slip::id("no-guid")),
    ("get_request", 404, GONE, Slip::id("no-guid")),
    ("list_requests", 400, OPTION, Slip::query("$filter=status eq 7")),
    ("list_requests", 403, DENIED, Slip::by(Ben).asking(TOO_FAR)),
    ("list_my_requests", 400, OPTION, Slip::query("$orderby=reason")),
    ("list_my_requests", 403, DENIED, Slip::by(Ben).asking(TOO_FAR)),
    ("list_my_requests_by_post", 400, OPTION, Slip::query("$select=nothing")),
    ("list_my_requests_by_post", 403, DENIED, Slip::by(Ben).asking(TOO_FAR)),
    ("list_approvals", 400, OPTION, Slip::query("$filter=status eq 'Completed'")),
    ("list_approvals", 403, DENIED, Slip::by(Ben).asking(TOO_FAR)),
    ("list_my_approvals", 400, OPTION, Slip::query("$skip=-1")),
    ("list_my_approvals", 403, DENIED, Slip::by(Ben).asking("$expand=request($expand=roleInfo($expand=summary))")),
    ("list_events", 400, OPTION, Slip::query("$filter=requestType eq 7")),
    ("list_events", 403, DENIED, Slip::by(Ben)),
    ("get_event", 403, DENIED, Slip::by(Ben)),
    ("get_event", 404, GONE, Slip::id("nothing")),
    ("get_role_summary", 403, DENIED, Slip::by(Ben)),
    ("get_role_summary", 404, GONE, Slip::id(UNKNOWN)),
    ("complete_setup", 400, BAD, Slip::body("[]")),
    ("complete_setup", 400, INVALID, Slip::body(r#"{"tenantSetupInfo": null}"#)),
    ("complete_setup", 400, "RoleNotFound", Slip::body(r#"{"tenantSetupInfo": {"userRolesActions": "dana|00000000-0000-0000-0000-000000000001|Remove"}}"#)),
    ("complete_setup", 400, "SetupAlreadyCompleted", Slip::NONE),
    ("complete_setup", 403, DENIED, Slip::by(Cleo)),
    ("batch", 400, BAD, Slip::body("[]")),
    ("batch", 400, INVALID, Slip::body(r#"{"requests": []}"#)),
    ("issue_token", 400, BAD, Slip::body("[]")),
    ("change_clock", 400, BAD, Slip::body("[]")),
    ("change_clock", 400, INVALID, Slip::body(r#"{"advance": "-PT1H"}"#)),
];
