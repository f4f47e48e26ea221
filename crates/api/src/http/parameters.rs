//! Parameters: ids in paths, and the options of lists and of entities.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use http::header::HeaderName;
use http::request::Parts;
use pimento_odata::query::{
    self, Count, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, MAX_SKIP, MAX_SKIPTOKEN_LENGTH, OptionError,
    Options,
};
use pimento_store::Total;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

use super::{Applied, Called};
use crate::access::{self, Reach};
use crate::problem::{Problem, code};
use crate::query::{self as bound, Shape};

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
    /// What else was asked.
    pub(crate) options: Options,
    called: Called,
    reach: Reach,
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

    /// Which members its elements have.
    pub(crate) fn shape(&self, of: &'static bound::Type) -> Result<Shape, Problem> {
        shape(of, &self.options, &self.reach)
    }
}

/// Which members of an entity are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    options: Options,
    reach: Reach,
}

impl Selection {
    /// Which members it has.
    pub(crate) fn shape(&self, of: &'static bound::Type) -> Result<Shape, Problem> {
        shape(of, &self.options, &self.reach)
    }
}

/// The shape that is asked for, where the caller may read all that comes with it.
fn shape(of: &'static bound::Type, options: &Options, reach: &Reach) -> Result<Shape, Problem> {
    let shape = Shape::of(of, &options.select, &options.expand)?;
    for operation in shape.operations() {
        reach.may_call(operation)?;
    }
    Ok(shape)
}

/// Which elements of a list to count.
#[derive(Clone, Debug)]
pub(crate) struct Counting(pub(crate) Options);

/// What the caller could call besides; nothing on operations that are for everybody.
fn reach(parts: &Parts) -> Reach {
    parts.extensions.get().cloned().unwrap_or_default()
}

/// The options of a request, as far as the operation takes them.
fn options(parts: &Parts) -> Result<Options, Problem> {
    let operation = access::operation(parts).ok_or_else(Problem::fault)?;
    Ok(query::options(parts.uri.query(), operation.options)?)
}

impl<S: Send + Sync> FromRequestParts<S> for Selection {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self {
            options: options(parts)?,
            reach: reach(parts),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Counting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        options(parts).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let called = Called::from_request_parts(parts, state).await?;
        let options = options(parts)?;
        let preferences = parts
            .headers
            .get_all(PREFER)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let preferred = query::page_size_preference(preferences);
        let limit = match (options.top, preferred) {
            (Some(top), Some(preferred)) => top.min(preferred),
            (Some(size), None) | (None, Some(size)) => size,
            (None, None) => DEFAULT_PAGE_SIZE,
        };
        if preferred.is_some()
            && let Some(applied) = parts.extensions.get::<Applied>()
        {
            applied.to_pages_of(limit);
        }
        let total = match options.count {
            Count::Included => Total::Count,
            Count::Omitted => Total::Skip,
        };
        Ok(Self {
            limit,
            total,
            options,
            called,
            reach: reach(parts),
        })
    }
}

impl From<OptionError> for Problem {
    fn from(error: OptionError) -> Self {
        let mut message = error.to_string();
        if matches!(&error, OptionError::Unsupported { name, .. } if name == "$search") {
            message.push_str(" Names are searched in /privilegedRoles.");
        }
        Self::bad_request(code::UNSUPPORTED_QUERY, message).at(error.name())
    }
}

/// `$top`, `$count`, `$skiptoken` and the preference of a page size: what every list takes.
impl IntoParams for Listing {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let top = whole(1, MAX_PAGE_SIZE).default(Some(DEFAULT_PAGE_SIZE.into()));
        let count = ObjectBuilder::new()
            .schema_type(Type::Boolean)
            .default(Some(false.into()));
        vec![
            parameter("$top", ParameterIn::Query, top),
            parameter("$count", ParameterIn::Query, count),
            parameter(
                "$skiptoken",
                ParameterIn::Query,
                text().max_length(Some(MAX_SKIPTOKEN_LENGTH)),
            ),
            parameter("Prefer", ParameterIn::Header, text()),
        ]
    }
}

/// What a list takes besides where it can be queried.
pub(crate) struct Querying;

impl IntoParams for Querying {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = Selection::into_params(|| None);
        all.extend(Counting::into_params(|| None));
        all.push(parameter("$orderby", ParameterIn::Query, text()));
        all.push(parameter("$skip", ParameterIn::Query, whole(0, MAX_SKIP)));
        all
    }
}

impl IntoParams for Counting {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![parameter("$filter", ParameterIn::Query, text())]
    }
}

impl IntoParams for Selection {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let names = ["$select", "$format"];
        names
            .map(|name| parameter(name, ParameterIn::Query, text()))
            .into()
    }
}

/// What a list, and its count, take besides where they can be searched.
pub(crate) struct Searching;

impl IntoParams for Searching {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![parameter("$search", ParameterIn::Query, text())]
    }
}

/// What is asked besides of entities that lead to others.
pub(crate) struct Expanding;

impl IntoParams for Expanding {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![parameter("$expand", ParameterIn::Query, text())]
    }
}

fn parameter(name: &str, place: ParameterIn, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .schema(Some(schema))
        .build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn whole(least: usize, most: usize) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(least as f64))
        .maximum(Some(most as f64))
}
