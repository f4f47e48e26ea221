//! The shapes on the wire. Their names in the document are longer: `wire::Assignment` is `PrivilegedRoleAssignment` there.
//!
//! In request bodies `null` means absent everywhere, and unknown members are ignored, as the original service did.

mod admin;
pub(crate) mod approval;
mod assignment;
mod batch;
mod dev;
mod duration;
mod error;
pub(crate) mod event;
mod members;
pub(crate) mod request;
mod role;
mod service;
mod settings;
mod setup;
mod signup;

pub use admin::{Check, Liveness, Readiness, Version};
pub(crate) use approval::word as approval_word;
pub use approval::{Approval, ApprovalUpdate, Approvals, NewApproval};
pub use assignment::{
    Assignment, Assignments, MakePermanentParameters, NewAssignment, SelfActivateParameters,
};
pub use batch::{Batch, BatchAnswer, BatchPart, BatchPartAnswer};
pub use dev::{Clock, ClockChange, IssuerConfiguration, Key, KeySet, Token, TokenClaims};
pub(crate) use duration::{lengths_shown_as, parse_duration};
pub use error::{ErrorDetail, InnerError, MainError, ODataError};
pub(crate) use event::EventId;
pub use event::{Event, Events};
pub use request::{NewRequest, NewSchedule, Request, Requests, Schedule};
pub use role::{NewRole, Role, RoleUpdate, Roles, Summary};
pub use service::{ServiceDocument, ServiceElement};
pub(crate) use settings::MAXIMUM;
pub use settings::{Settings, SettingsUpdate};
pub use setup::{CompleteSetupParameters, RoleSuccessStatistics, SetupStatistics, TenantSetupInfo};
pub use signup::{BooleanResult, SignupStatus, SignupStatuses};

use serde::Serialize;

/// A list, whose last member has its elements.
pub(crate) trait List: Serialize {
    /// One of them.
    type Element: Serialize + 'static;
}

impl List for Approvals {
    type Element = Approval;
}

impl List for Assignments {
    type Element = Assignment;
}

impl List for BatchAnswer {
    type Element = BatchPartAnswer;
}

impl List for Events {
    type Element = Event;
}

impl List for Requests {
    type Element = Request;
}

impl List for Roles {
    type Element = Role;
}

impl List for SignupStatuses {
    type Element = SignupStatus;
}
