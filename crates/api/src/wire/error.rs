//! The one shape of every refusal.

use serde::Serialize;
use utoipa::ToSchema;

/// The body of every refusal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ODataError {
    /// What is wrong.
    pub error: MainError,
}

/// What is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MainError {
    /// Which refusal it is.
    pub code: String,
    /// What is wrong, in a sentence for people.
    pub message: String,
    /// The member, query option or header at fault.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// One entry for each rule that failed.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorDetail>,
    /// When and where it happened.
    pub inner_error: InnerError,
}

/// One rule that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// The name of the rule.
    pub code: String,
    /// What the rule demands.
    pub message: String,
    /// The member at fault.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The limit that was not kept.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// What was sent.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// What would pass.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// When and where it happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct InnerError {
    /// A closer reason.
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// UTC without a zone and without fractions, as the protocol writes it here.
    pub date: String,
    /// The server's id of the request.
    #[schema(format = Uuid)]
    pub request_id: String,
    /// The caller's id of the request, or the server's.
    pub client_request_id: String,
}
