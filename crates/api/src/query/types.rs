//! The types of entities, and where their navigation properties lead.

use crate::wire::MAXIMUM;

/// A type of entity. What a complex property has is there with its path.
#[derive(Debug)]
pub(crate) struct Type {
    pub(super) name: &'static str,
    pub(super) properties: &'static [&'static str],
    pub(super) navigations: &'static [Navigation],
}

/// What a navigation property leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Role,
    Request,
    Settings,
    Summary,
    Assignments,
}

impl To {
    pub(super) fn is_list(self) -> bool {
        self == Self::Assignments
    }
}

/// A navigation property: its name, what it leads to, and the type of that.
pub(super) type Navigation = (&'static str, To, &'static Type);

/// privilegedRole.
pub(crate) static ROLE: Type = Type {
    name: "privilegedRole",
    properties: &["id", "name"],
    navigations: &[
        ("assignments", To::Assignments, &ASSIGNMENT),
        ("settings", To::Settings, &SETTINGS),
        ("summary", To::Summary, &SUMMARY),
    ],
};

/// privilegedRoleAssignment.
pub(crate) static ASSIGNMENT: Type = Type {
    name: "privilegedRoleAssignment",
    properties: &[
        "id",
        "userId",
        "roleId",
        "isElevated",
        "expirationDateTime",
        "resultMessage",
    ],
    navigations: &[("roleInfo", To::Role, &ROLE)],
};

/// privilegedSignupStatus.
pub(crate) static REGISTRATION: Type = Type {
    name: "privilegedSignupStatus",
    properties: &["id", "isRegistered", "status"],
    navigations: &[],
};

/// privilegedOperationEvent.
pub(crate) static EVENT: Type = Type {
    name: "privilegedOperationEvent",
    properties: &[
        "id",
        "userId",
        "userName",
        "userMail",
        "roleId",
        "roleName",
        "expirationDateTime",
        "creationDateTime",
        "requestorId",
        "requestorName",
        "tenantId",
        "requestType",
        "additionalInformation",
        "referenceKey",
        "referenceSystem",
    ],
    navigations: &[],
};

/// privilegedRoleAssignmentRequest.
pub(crate) static REQUEST: Type = Type {
    name: "privilegedRoleAssignmentRequest",
    properties: &[
        "id",
        "userId",
        "roleId",
        "type",
        "assignmentState",
        "status",
        "requestedDateTime",
        "schedule",
        "schedule/type",
        "schedule/startDateTime",
        "schedule/endDateTime",
        "schedule/duration",
        "duration",
        "reason",
        "ticketNumber",
        "ticketSystem",
        "evaluateOnly",
    ],
    navigations: &[("roleInfo", To::Role, &ROLE)],
};

/// privilegedApproval.
pub(crate) static APPROVAL: Type = Type {
    name: "privilegedApproval",
    properties: &[
        "id",
        "userId",
        "roleId",
        "approvalType",
        "approvalState",
        "approvalDuration",
        "requestorReason",
        "approverReason",
        "startDateTime",
        "endDateTime",
    ],
    navigations: &[
        ("roleInfo", To::Role, &ROLE),
        ("request", To::Request, &REQUEST),
    ],
};

/// privilegedRoleSettings.
pub(crate) static SETTINGS: Type = Type {
    name: "privilegedRoleSettings",
    properties: &[
        "id",
        "minElevationDuration",
        MAXIMUM,
        "elevationDuration",
        "notificationToUserOnElevation",
        "ticketingInfoOnElevation",
        "mfaOnElevation",
        "isMfaOnElevationConfigurable",
        "lastGlobalAdmin",
        "approvalOnElevation",
        "approverIds",
    ],
    navigations: &[],
};

/// privilegedRoleSummary.
pub(crate) static SUMMARY: Type = Type {
    name: "privilegedRoleSummary",
    properties: &[
        "id",
        "usersCount",
        "managedCount",
        "elevatedCount",
        "mfaEnabled",
        "status",
    ],
    navigations: &[],
};
