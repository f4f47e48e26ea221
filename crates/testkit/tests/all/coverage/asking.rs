//! The refusals that asking for a role and asking for an approval have in common, each brought about by both.

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, SECURITY_READER, USER_ADMINISTRATOR};
use pimento_testkit::{Contract, TestServer};
use serde_json::{Value, json};

use super::furniture::{DIRECTORY_READERS, Requests};
use super::refusals::Caller::{self, Ben, BenWithMfa, Cleo, Stranger};
use super::refusals::Slip;
use super::{ideal, token};

/// Who is refused, how, and in what their request differs from one for User Administrator with a reason.
#[rustfmt::skip]
fn rows() -> Vec<(Caller, u16, &'static str, Value)> {
    let later = |start: &str| json!({"schedule": {"startDateTime": start}});
    let long = json!({"roleId": APPLICATION_ADMINISTRATOR, "duration": "9"});
    let several = "RoleAssignmentRequestPolicyValidationFailed";
    let of = |role: &str| json!({ "roleId": role });
    vec![
        (Ben, 400, "invalidRequest", json!({"duration": "soon"})),
        (Ben, 400, "RoleIdRequired", json!({"roleId": null})),
        (Ben, 400, "RoleNotFound", json!({"roleId": "none"})),
        (Ben, 400, "InvalidScheduleStart", later("2001-01-01T00:00:00Z")),
        (BenWithMfa, 400, "ScheduleExists", later("9000-01-01T00:00:00Z")),
        (BenWithMfa, 400, "ScheduleOverlap", later("9000-01-01T00:30:00Z")),
        (Ben, 400, "PendingApprovalExists", of(DIRECTORY_READERS)),
        (BenWithMfa, 400, "RequestorReasonMissing", json!({"reason": " "})),
        (Ben, 400, "RequestorReasonTooLong", json!({"reason": "x".repeat(500)})),
        (Cleo, 400, "RoleAlreadyActivated", of(SECURITY_READER)),
        (Stranger, 400, "RoleAssignmentDoesNotExist", of(DIRECTORY_READERS)),
        (BenWithMfa, 400, "InvalidDuration", json!({"duration": "9"})),
        (Ben, 400, "TicketingInfoRequired", of(APPLICATION_ADMINISTRATOR)),
        (Ben, 400, several, long),
        (Ben, 403, "MfaRequired", json!({})),
        (Stranger, 403, "OnBehalfOfNotAllowed", json!({"userId": "ben"})),
    ]
}

/// The body of a request, and that of an approval which asks for the same.
fn bodies(changes: &Value) -> [(&'static str, Value); 2] {
    let mut request = json!({
        "roleId": USER_ADMINISTRATOR, "type": "UserAdd", "assignmentState": "Active", "reason": "Help",
    });
    for (member, value) in changes.as_object().unwrap() {
        request[member] = value.clone();
    }
    let approval = json!({
        "userId": request["userId"], "roleId": request["roleId"], "requestorReason": request["reason"],
        "approvalDuration": request["duration"], "startDateTime": request["schedule"]["startDateTime"],
    });
    [("create_request", request), ("create_approval", approval)]
}

/// Brings all of them about, and says which came out otherwise.
pub(super) async fn wrong(server: &TestServer, contract: &Contract) -> Vec<String> {
    let mut wrong = Vec::new();
    for (caller, status, code, changes) in rows() {
        for (operation, body) in bodies(&changes) {
            let call = ideal(server, contract, &Requests::none(), operation, &Slip::NONE);
            let call = call.bearer(&token(server, caller).await).json(&body);
            let answer = call.send().await;
            let error = answer.json()["error"].take();
            if answer.status != status || error["code"] != code {
                wrong.push(format!(
                    "{operation} {status} {code}: {} {error}",
                    answer.status
                ));
            }
        }
    }
    wrong
}
