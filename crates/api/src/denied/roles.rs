//! Refusals of changes of roles.

use pimento_domain::{RoleId, Uses};

use crate::problem::Problem;

/// The name is that of this role.
pub(super) fn name_taken(other: RoleId) -> Problem {
    let message = format!(
        "The role {other} has this name already, in this letter case or another. Send another name."
    );
    Problem::bad_request("nameAlreadyExists", message).at("name")
}

/// Nobody changes a built-in role.
pub(super) fn built_in() -> Problem {
    let message =
        "The role is built in. Only the roles of a tenant's own can be renamed or removed.";
    Problem::bad_request("RoleIsBuiltIn", message)
}

/// Somebody has the role, or asks for it.
pub(super) fn in_use(Uses { holders, requests }: Uses) -> Problem {
    let message = format!(
        "People who have this role, now or later: {holders}; open requests for it: {requests}. Once there are none it \
         can be removed: delete the assignments that GET /privilegedRoles/{{id}}/assignments lists, and have the open \
         ones of GET /privilegedRoleAssignmentRequests taken back or decided."
    );
    Problem::bad_request("RoleInUse", message)
}
