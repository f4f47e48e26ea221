//! What the annotations have in common: the statuses that operations answer, their headers, and the security schemes.

use std::collections::BTreeMap;

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{
    AuthorizationCode, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Header, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    Server,
};
use utoipa::{IntoResponses, ToSchema};

use crate::operation::Family;
use crate::wire::{ErrorDetail, InnerError, MainError, ODataError};

/// The scopes of the wire family, and what each is for.
const SCOPES: [(&str, &str); 3] = [
    (
        "Directory.AccessAsUser.All",
        "Act in the directory as the signed-in person.",
    ),
    (
        "PrivilegedAccess.ReadWrite.AzureAD",
        "Read and change privileged access.",
    ),
    ("Directory.Read.All", "Read the directory."),
];

/// What every operation of the wire family may refuse with.
pub(crate) struct Refused;
/// What an operation of the wire family may refuse with that does not count for its caller's limit.
pub(crate) struct RefusedUncounted;
/// What an operation that may ask for a second factor says with 403.
pub(crate) struct StepUp;
/// An operation that is addressed by an id may not find it.
pub(crate) struct NotFound;
/// An operation that takes a body may refuse it.
pub(crate) struct BodyRefused;
/// Any operation at all may meet a fault.
pub(crate) struct Fault;
/// What the server needs may be away.
pub(crate) struct Unavailable;
/// The body, or a parameter, may be malformed.
pub(crate) struct BadRequest;

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&["400", "401", "403", "429", "500", "503"])
    }
}

impl IntoResponses for RefusedUncounted {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&["400", "401", "403", "500", "503"])
    }
}

impl IntoResponses for StepUp {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let challenged = refusal("403").header("WWW-Authenticate", text()).build();
        BTreeMap::from([("403".to_owned(), challenged.into())])
    }
}

impl IntoResponses for NotFound {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&["404"])
    }
}

impl IntoResponses for BodyRefused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&["413", "415"])
    }
}

impl IntoResponses for Fault {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&["500"])
    }
}

impl IntoResponses for Unavailable {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&["503"])
    }
}

impl IntoResponses for BadRequest {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&["400"])
    }
}

fn refusals(statuses: &[&str]) -> BTreeMap<String, RefOr<Response>> {
    statuses
        .iter()
        .map(|status| ((*status).to_owned(), refusal(status).build().into()))
        .collect()
}

/// The envelope, with the headers that belong to the status.
fn refusal(status: &str) -> ResponseBuilder {
    let schema = Ref::from_schema_name(ODataError::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new()
        .description("A refusal.")
        .content("application/json", content);
    match status {
        "401" => response.header("WWW-Authenticate", text()),
        "429" | "503" => response.header("Retry-After", int32()),
        _ => response,
    }
}

fn text() -> Header {
    header(ObjectBuilder::new().schema_type(Type::String))
}

fn int32() -> Header {
    let format = SchemaFormat::KnownFormat(KnownFormat::Int32);
    header(
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(format)),
    )
}

fn guid() -> Header {
    let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
    header(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(format)),
    )
}

fn header(schema: ObjectBuilder) -> Header {
    HeaderBuilder::new().schema(Some(schema)).build()
}

/// Completes a family's derived document with what the edge does for every operation of it.
pub(crate) fn complete(family: Family, mut document: OpenApi) -> OpenApi {
    let root = if family == Family::GraphBeta {
        "/beta"
    } else {
        "/"
    };
    document.servers = Some(vec![Server::new(root)]);
    for item in document.paths.paths.values_mut() {
        for operation in [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.patch,
        ]
        .into_iter()
        .flatten()
        {
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                absent_not_null(body);
            }
            operation
                .responses
                .responses
                .values_mut()
                .for_each(|response| add_headers(family, response));
            if prefers(operation) {
                add_preference_applied(operation);
            }
        }
    }
    let mut components = ComponentsBuilder::from(document.components.take().unwrap_or_default())
        .schema_from::<ODataError>()
        .schema_from::<MainError>()
        .schema_from::<ErrorDetail>()
        .schema_from::<InnerError>();
    if family == Family::GraphBeta {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        components = components
            .security_scheme("token", SecurityScheme::Http(bearer))
            .security_scheme("delegated", SecurityScheme::OAuth2(delegated()));
    }
    document.components = Some(components.build());
    document
}

/// utoipa has one word, `Option`, for a body that may be absent and for one that may be `null`; ours may be absent.
fn absent_not_null(body: &mut RequestBody) {
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        if let Some(RefOr::T(Schema::OneOf(either))) = &content.schema {
            content.schema = either
                .items
                .iter()
                .find(|schema| matches!(schema, RefOr::Ref(_)))
                .cloned();
        }
    }
}

fn delegated() -> OAuth2 {
    let flow = AuthorizationCode::new(
        "https://issuer.example/authorize",
        "https://issuer.example/token",
        Scopes::from_iter(SCOPES),
    );
    OAuth2::new([Flow::AuthorizationCode(flow)])
}

/// Whether it looks at preferences.
fn prefers(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| matches!(parameter, RefOr::T(known) if known.name == "Prefer"))
}

fn add_preference_applied(operation: &mut Operation) {
    let answered = operation.responses.responses.get_mut("200");
    if let Some(RefOr::T(response)) = answered {
        let headers = &mut response.headers;
        headers.insert("Preference-Applied".to_owned(), text().into());
    }
}

fn add_headers(family: Family, response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    response
        .headers
        .insert("request-id".to_owned(), guid().into());
    response
        .headers
        .insert("client-request-id".to_owned(), text().into());
    if family == Family::GraphBeta {
        response
            .headers
            .insert("OData-Version".to_owned(), text().into());
    }
}
