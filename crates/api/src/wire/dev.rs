//! The emulator's own endpoints on the wire.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, schema};

/// The claims of a token, copied as they are.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TokenClaims(pub Map<String, Value>);

/// A public key as a JSON Web Key.
#[derive(Clone, Debug, Serialize)]
pub struct Key(pub Value);

/// A token, in the form of an OAuth 2.0 answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Token {
    /// The signed JWT.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds for which it is still good.
    #[schema(minimum = 0)]
    pub expires_in: i64,
}

/// What to change about the clock of the rules.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct ClockChange {
    /// How far to move it forward, ISO 8601.
    #[schema(format = Duration)]
    pub advance: Option<String>,
    /// Whether it stands still from now on.
    pub freeze: Option<bool>,
}

/// The clock of the rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Clock {
    /// What it shows, UTC.
    #[schema(format = DateTime)]
    pub now: String,
    /// Whether it stands still.
    pub frozen: bool,
}

/// What a verifier needs to know of the issuer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IssuerConfiguration {
    /// The claim `iss` of its tokens.
    #[schema(format = Uri)]
    pub issuer: String,
    /// Where its keys are.
    #[schema(format = Uri)]
    pub jwks_uri: String,
    /// How its tokens are signed.
    pub id_token_signing_alg_values_supported: Vec<String>,
}

/// A JSON Web Key Set.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeySet {
    /// The public keys.
    pub keys: Vec<Key>,
}

/// An object with any members: the derive has no word for that.
fn any_members() -> RefOr<Schema> {
    let any = RefOr::T(Schema::Object(
        ObjectBuilder::new()
            .schema_type(schema::SchemaType::AnyValue)
            .build(),
    ));
    ObjectBuilder::new()
        .additional_properties(Some(AdditionalProperties::RefOr(any)))
        .build()
        .into()
}

impl utoipa::PartialSchema for TokenClaims {
    fn schema() -> RefOr<Schema> {
        any_members()
    }
}

impl ToSchema for TokenClaims {}

impl utoipa::PartialSchema for Key {
    fn schema() -> RefOr<Schema> {
        any_members()
    }
}

impl ToSchema for Key {}
