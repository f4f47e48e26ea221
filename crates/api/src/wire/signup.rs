//! The registration of a tenant on the wire.

use pimento_domain::{Setup, TenantId};
use pimento_engine::SignUpStatus;
use serde::Serialize;
use utoipa::ToSchema;

/// The registration of a tenant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedSignupStatus)]
pub struct SignupStatus {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The tenant's id.
    pub id: String,
    /// Whether the tenant is registered.
    pub is_registered: bool,
    /// How far the registration is.
    pub status: String,
}

/// A list with one element.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PrivilegedSignupStatusCollection)]
pub struct SignupStatuses {
    /// Where the metadata describes it.
    #[schema(format = Uri)]
    #[serde(rename = "@odata.context")]
    pub context: String,
    /// How many there are.
    #[schema(nullable = false, format = Int64)]
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// The one registration.
    pub value: Vec<SignupStatus>,
}

/// The answer of a function that says yes or no.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BooleanResult {
    /// Where the metadata describes it.
    #[schema(format = Uri)]
    #[serde(rename = "@odata.context")]
    pub context: String,
    /// The answer.
    pub value: bool,
}

impl SignupStatus {
    /// A tenant's registration, at the top of an answer (with a context) or in a list (without).
    pub fn new(tenant: &TenantId, status: SignUpStatus, context: Option<String>) -> Self {
        let (is_registered, status) = match status {
            SignUpStatus::NotRegistered => (false, "notRegisteredYet"),
            SignUpStatus::Registered(Setup::NotStarted) => (true, "registeredSetupNotStarted"),
            SignUpStatus::Registered(Setup::InProgress) => (true, "registeredSetupInProgress"),
            SignUpStatus::Registered(Setup::Completed) => (true, "registrationAndSetupCompleted"),
        };
        Self {
            context,
            id: tenant.to_string(),
            is_registered,
            status: status.to_owned(),
        }
    }
}
