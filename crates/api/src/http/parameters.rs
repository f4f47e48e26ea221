//! Parameters: ids in paths, the options of lists, and what a role is shown with.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use http::header::HeaderName;
use http::request::Parts;
use pimento_odata::query::{
    self, Count, DEFAULT_PAGE_SIZE, ListOptions, MAX_PAGE_SIZE, MAX_SKIPTOKEN_LENGTH, OptionError,
};
use pimento_store::Total;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use super::Called;
use crate::problem::{Problem, code};

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The id in the path. One that is malformed names nothing, so it is not found.
#[derive(Debug)]
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state)
            .await
            .map_or_else(|_| String::new(), |Path(text)| text);
        let problem = || Problem::not_found(format!("Nothing has the id {text:.150}.")).at("id");
        text.parse().map(Self).map_err(|_| problem())
    }
}

/// Which page of a list is wanted, and what else to say of it.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    /// How many elements.
    pub(crate) limit: usize,
    /// Whether to count all.
    pub(crate) total: Total,
    skiptoken: Option<String>,
    called: Called,
}

impl Listing {
    /// The same, with the count of all whether it was asked for or not.
    #[must_use]
    pub(crate) fn counted(self) -> Self {
        Self {
            total: Total::Count,
            ..self
        }
    }

    /// The position after which the page starts, as the last link gave it.
    pub(crate) fn after<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        let Some(token) = &self.skiptoken else {
            return Ok(None);
        };
        let message = format!(
            "$skiptoken {token:.64} is none that this list gave out; follow @odata.nextLink as it is."
        );
        let problem = |_| Problem::bad_request(code::UNSUPPORTED_QUERY, message).at("$skiptoken");
        token.parse().map(Some).map_err(problem)
    }

    /// The link to the page after this position.
    pub(crate) fn next_link(&self, after: Option<impl ToString>) -> Option<String> {
        after.map(|after| query::next_link(&self.called.url(), &after.to_string(), self.limit))
    }

    /// The count as the wire has it.
    pub(crate) fn count(&self, total: Option<u64>) -> Option<i64> {
        total
            .filter(|_| self.total == Total::Count)
            .map(|total| i64::try_from(total).unwrap_or(i64::MAX))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let called = Called::from_request_parts(parts, state).await?;
        let ListOptions {
            top,
            count,
            skiptoken,
        } = query::list_options(parts.uri.query())?;
        let preferences = parts
            .headers
            .get_all(PREFER)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let preferred = query::page_size_preference(preferences);
        let limit = match (top, preferred) {
            (Some(top), Some(preferred)) => top.min(preferred),
            (Some(size), None) | (None, Some(size)) => size,
            (None, None) => DEFAULT_PAGE_SIZE,
        };
        let total = match count {
            Count::Included => Total::Count,
            Count::Omitted => Total::Skip,
        };
        Ok(Self {
            limit,
            total,
            skiptoken,
            called,
        })
    }
}

/// What a role is to be shown with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expansion {
    /// Nothing.
    Nothing,
    /// Its summary.
    Summary,
}

impl<S: Send + Sync> FromRequestParts<S> for Expansion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let expanded = query::expansion(parts.uri.query(), "summary")?;
        Ok(expanded.map_or(Self::Nothing, |_| Self::Summary))
    }
}

impl IntoParams for Expansion {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        vec![
            ParameterBuilder::new()
                .name("$expand")
                .parameter_in(ParameterIn::Query)
                .schema(Some(text))
                .build(),
        ]
    }
}

impl From<OptionError> for Problem {
    fn from(error: OptionError) -> Self {
        let problem = Self::bad_request(code::UNSUPPORTED_QUERY, error.to_string());
        match error.name() {
            Some(name) => problem.at(name),
            None => problem,
        }
    }
}

impl IntoParams for Listing {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = |name: &str, place, schema: ObjectBuilder| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place)
                .schema(Some(schema))
                .build()
        };
        let top = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(MAX_PAGE_SIZE as f64))
            .default(Some(DEFAULT_PAGE_SIZE.into()));
        vec![
            parameter("$top", ParameterIn::Query, top),
            parameter(
                "$count",
                ParameterIn::Query,
                ObjectBuilder::new()
                    .schema_type(Type::Boolean)
                    .default(Some(false.into())),
            ),
            parameter(
                "$skiptoken",
                ParameterIn::Query,
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .max_length(Some(MAX_SKIPTOKEN_LENGTH)),
            ),
            parameter(
                "Prefer",
                ParameterIn::Header,
                ObjectBuilder::new().schema_type(Type::String),
            ),
        ]
    }
}
