//! The types and the rules of privileged identity management: given facts, a command and a time, what follows, or why not.
//!
//! Everything here is pure: no clock, no randomness, no input or output. `now` comes with the [`Facts`].
//!
//! # Glossary
//!
//! * **Tenant**: an organisation with its own people, grants, settings and log.
//! * **Principal**: a person, as the issuer of their tokens names them.
//! * **Role**: what can be held; the built-in ones are in [`role::catalogue`], others are a tenant's own.
//! * **Grant**: one row of truth: a principal is *eligible* for a role, or holds it *active*, from a start, perhaps to an end.
//! * **Holding**: all grants of one principal in one role.
//! * **State**: what a holding amounts to at a time: permanent, eligible, eligible and active, or active until an end.
//! * **Assignment**: the wire's name for a holding and its state.
//! * **Activation**: turning eligibility into an active grant for a bounded time.
//! * **Request**: what somebody asked to be granted, now or later, and what became of it.
//! * **Approval**: what a request may have to wait for; it is decided once, or lapses.
//! * **Settings**: the limits of activating one role.
//! * **Set-up**: what a tenant settles once after it was registered.
//! * **Event**: what happened, who did it to whom, and the state after it.
//! * **Caller**: the principal who asks, with the roles they hold now.
//! * **Denied**: why a command does not happen.
//! * **Administrator**: a holder of Privileged Role Administrator; one who *lasts* can never be locked out by time.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]

mod caller;
mod denied;
mod event;
mod grant;
mod ids;
mod remark;
mod request;
pub mod role;
pub mod rules;
mod settings;
mod setup;
mod summary;
mod time;

pub use caller::{Caller, Cause, Policy};
pub use denied::{Denied, Failure, Failures, SettingsFault};
pub use event::{Actor, After, Event, EventKind, Events, Note, Refusal};
pub use grant::{Grant, Holding, Kind, Origin, State};
pub use ids::{AssignmentId, InvalidId, MAX_ID_LENGTH, PrincipalId, RoleId, TenantId};
pub use jiff::SignedDuration;
pub use remark::{InvalidRemark, Justification, MAX_REMARK_LENGTH, Remark};
pub use request::{
    Approval, ApprovalState, Closing, Decision, Request, RequestId, RequestKind, Status, Verdict,
};
pub use role::{InvalidRoleName, MAX_ROLE_NAME_LENGTH, Role, RoleKind, RoleName, Uses};
pub use rules::{Facts, Message, Outcome};
pub use settings::{Settings, SettingsUpdate};
pub use setup::{Setup, SetupAction};
pub use summary::{Holders, Verdict as SummaryVerdict};
pub use time::Instant;
pub use uuid::Uuid;
