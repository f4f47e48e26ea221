//! The query options of a request, the page size of a `Prefer` header, and the link to the next page.
//!
//! Names ignore letter case and may come without their `$`, as Microsoft Graph's beta version has it; escapes are
//! undone and `+` is a blank. The length of the query is bounded by whoever read the request.

use std::borrow::Cow;

use thiserror::Error;

use crate::expression::{self, Expand, ExpressionError, Filter, OrderKey, Projection, Search};
use crate::percent;

mod page;

pub use page::{next_link, page_size_preference, repeated_length};

/// The number of elements on a page where neither `$top` nor `Prefer` says otherwise.
pub const DEFAULT_PAGE_SIZE: usize = 100;

/// The largest number of elements that a page may be asked to hold.
pub const MAX_PAGE_SIZE: usize = 1000;

/// The largest number of elements that may be asked to be left out.
pub const MAX_SKIP: usize = 2_147_483_647;

/// The greatest length of a `$skiptoken`, in bytes after its escapes are undone.
pub const MAX_SKIPTOKEN_LENGTH: usize = 2000;

/// How much of what was sent an error repeats, in characters.
const QUOTED_LENGTH: usize = 60;

const TOP: &str = "$top";
const COUNT: &str = "$count";
const SKIPTOKEN: &str = "$skiptoken";
const SKIP: &str = "$skip";
const FILTER: &str = "$filter";
const ORDERBY: &str = "$orderby";
const SELECTION: &str = "$select";
const EXPAND: &str = "$expand";
const SEARCH: &str = "$search";
const FORMAT: &str = "$format";

/// The system query options, which mean the same with and without `$`. A bare name that is none of them belongs to the
/// caller and is ignored.
const SYSTEM_OPTIONS: [&str; 15] = [
    TOP,
    COUNT,
    SKIPTOKEN,
    SKIP,
    FILTER,
    ORDERBY,
    SELECTION,
    EXPAND,
    SEARCH,
    FORMAT,
    // No operation takes these.
    "$apply",
    "$compute",
    "$deltatoken",
    "$index",
    "$schemaversion",
];

/// What a caller asked of a list, or of one entity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The page size that `$top` asks for, from 1 to [`MAX_PAGE_SIZE`].
    pub top: Option<usize>,
    /// Whether the answer tells the number of all elements.
    pub count: Count,
    /// Where the page begins, as an earlier answer's `@odata.nextLink` said; neither empty nor longer than
    /// [`MAX_SKIPTOKEN_LENGTH`], and otherwise unread.
    pub skiptoken: Option<String>,
    /// How many elements to leave out first, at most [`MAX_SKIP`].
    pub skip: usize,
    /// Which elements.
    pub filter: Option<Filter>,
    /// In which order; empty where nothing was said.
    pub order_by: Vec<OrderKey>,
    /// Which of their properties.
    pub select: Projection,
    /// What comes with them.
    pub expand: Vec<Expand>,
    /// What is looked for in their names.
    pub search: Option<Search>,
}

/// Whether a list tells the number of all its elements in `@odata.count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Count {
    /// The answer tells the number.
    Included,
    /// The answer says nothing of it, which is the default.
    #[default]
    Omitted,
}

/// Why the query options of a request are refused. The text names the option, what was sent and what would work.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OptionError {
    /// A system query option that the operation does not take.
    #[error("The query option '{name}' is not supported here: {instead}.")]
    Unsupported {
        /// The option as OData spells it, or as it was sent where OData knows none of that name.
        name: String,
        /// What the operation takes, as half a sentence.
        instead: String,
    },
    /// An option that came more than once, with or without `$`.
    #[error(
        "The query option '{name}' was sent more than once: send it once, as '{name}' or without its '$'."
    )]
    Duplicate {
        /// The option as OData spells it.
        name: &'static str,
    },
    /// A value outside of what the option allows.
    #[error("The query option '{name}' must be {expected}; '{sent}' was sent.")]
    Invalid {
        /// The option as OData spells it.
        name: &'static str,
        /// The value as it was sent, its escapes undone, cut where it is long.
        sent: String,
        /// What would work.
        expected: &'static str,
    },
    /// A value that is no expression of the kind that the option takes.
    #[error("The query option '{name}' is not understood: {error}.")]
    Expression {
        /// The option as OData spells it.
        name: &'static str,
        /// Where and why.
        error: ExpressionError,
    },
    /// A broken escape, bytes that are no UTF-8, or a NUL, in any name or value.
    #[error(
        "The query option '{name}' is not well-formed: each '%' must begin the escape of a byte of UTF-8 text other than NUL."
    )]
    Encoding {
        /// The option as OData spells it, or as it was sent where OData knows none of that name.
        name: String,
    },
}

impl OptionError {
    /// The option that the error is about.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Unsupported { name, .. } | Self::Encoding { name } => name,
            Self::Duplicate { name }
            | Self::Invalid { name, .. }
            | Self::Expression { name, .. } => name,
        }
    }
}

/// What a name in a query stands for.
enum Name {
    /// A system query option, as OData spells it.
    System(&'static str),
    /// A name with `$` that OData does not know.
    Unknown(String),
    /// None of OData's, and so ignored.
    Foreign,
}

/// Reads the options of a request from a raw query, without its `?`. Only those that the operation takes may be there; they
/// are named as OData spells them.
///
/// # Errors
///
/// The first thing in the query that cannot be honoured. What is none of OData's is ignored, once it is well-formed.
pub fn options(raw_query: Option<&str>, taken: &[&str]) -> Result<Options, OptionError> {
    let mut options = Options::default();
    let mut seen: Vec<&'static str> = Vec::new();
    for pair in pairs(raw_query) {
        let (name, value) = pair?;
        let name = match classify(&name) {
            Name::System(name) if taken.contains(&name) => name,
            Name::System(name) => return Err(unsupported(name.to_owned(), taken)),
            Name::Unknown(name) => return Err(unsupported(name, taken)),
            Name::Foreign => continue,
        };
        options.set(name, value)?;
        if seen.contains(&name) {
            return Err(OptionError::Duplicate { name });
        }
        seen.push(name);
    }
    Ok(options)
}

impl Options {
    fn set(&mut self, name: &'static str, value: String) -> Result<(), OptionError> {
        let of = |error| OptionError::Expression { name, error };
        match name {
            TOP => self.top = Some(page_size(&value)?),
            COUNT => self.count = inclusion(&value)?,
            SKIPTOKEN => self.skiptoken = Some(token(value)?),
            SKIP => self.skip = left_out(&value)?,
            FILTER => self.filter = Some(expression::filter(&value).map_err(of)?),
            ORDERBY => self.order_by = expression::order_by(&value).map_err(of)?,
            SELECTION => self.select = expression::select(&value).map_err(of)?,
            EXPAND => self.expand = expression::expand(&value).map_err(of)?,
            SEARCH => self.search = Some(expression::search(&value).map_err(of)?),
            FORMAT => is_json(&value)?,
            _ => return Err(unsupported(name.to_owned(), &[])),
        }
        Ok(())
    }
}

fn unsupported(name: String, taken: &[&str]) -> OptionError {
    // Only a `/$count` takes these and nothing else.
    let counts = taken.iter().all(|option| [FILTER, SEARCH].contains(option));
    let why = if counts {
        ", as nothing else has to do with a number"
    } else {
        ""
    };
    let instead = match taken {
        [] => "this operation takes no query options".to_owned(),
        [one] => format!("this operation takes {one}{why}"),
        [others @ .., last] => {
            format!("this operation takes {} and {last}{why}", others.join(", "))
        }
    };
    OptionError::Unsupported { name, instead }
}

/// The names and values of a raw query, escapes undone. A name without `=` has an empty value.
fn pairs(raw_query: Option<&str>) -> impl Iterator<Item = Result<(String, String), OptionError>> {
    raw_query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (raw_name, raw_value) = pair.split_once('=').unwrap_or((pair, ""));
            let malformed = |name| OptionError::Encoding { name };
            let name = decode(raw_name).ok_or_else(|| malformed(quoted(raw_name)))?;
            let value = decode(raw_value).ok_or_else(|| {
                malformed(match classify(&name) {
                    Name::System(name) => name.to_owned(),
                    Name::Unknown(_) | Name::Foreign => quoted(&name),
                })
            })?;
            Ok((name, value))
        })
}

fn decode(raw: &str) -> Option<String> {
    let spaced = raw.replace('+', " ");
    percent::decode(&spaced).map(Cow::into_owned)
}

fn classify(name: &str) -> Name {
    let is = |option: &&&str| {
        let bare = option.trim_start_matches('$');
        name.strip_prefix('$')
            .unwrap_or(name)
            .eq_ignore_ascii_case(bare)
    };
    match SYSTEM_OPTIONS.iter().find(is) {
        Some(name) => Name::System(name),
        None if name.starts_with('$') => Name::Unknown(quoted(name)),
        None => Name::Foreign,
    }
}

fn page_size(value: &str) -> Result<usize, OptionError> {
    digits(value)
        .and_then(|digits| digits.parse().ok())
        .filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
        .ok_or_else(|| invalid(TOP, value, "a whole number from 1 to 1000"))
}

fn left_out(value: &str) -> Result<usize, OptionError> {
    digits(value)
        .and_then(|digits| digits.parse().ok())
        .filter(|count| *count <= MAX_SKIP)
        .ok_or_else(|| invalid(SKIP, value, "a whole number from 0 to 2147483647"))
}

fn inclusion(value: &str) -> Result<Count, OptionError> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(Count::Included),
        "false" => Ok(Count::Omitted),
        _ => Err(invalid(COUNT, value, "true or false")),
    }
}

/// What may stand behind the media type: what answers are anyway.
const FORMS_OF_JSON: [&str; 4] = [
    "odata.metadata=minimal",
    "metadata=minimal",
    "IEEE754Compatible=false",
    "charset=utf-8",
];

/// Answers are JSON whatever is asked for, so nothing else can be.
fn is_json(value: &str) -> Result<(), OptionError> {
    let is = |text: &str, known: &str| text.trim().eq_ignore_ascii_case(known);
    let (media, parameters) = match value.split_once(';') {
        None => (value, None),
        Some((media, parameters)) => (media, Some(parameters)),
    };
    let mut parameters = parameters.into_iter().flat_map(|all| all.split(';'));
    let is_known = |parameter: &str| FORMS_OF_JSON.iter().any(|known| is(parameter, known));
    if is(value, "json") || is(media, "application/json") && parameters.all(is_known) {
        return Ok(());
    }
    let expected = "json or application/json, with odata.metadata=minimal or without";
    Err(invalid(FORMAT, value, expected))
}

fn token(value: String) -> Result<String, OptionError> {
    if value.is_empty() || value.len() > MAX_SKIPTOKEN_LENGTH {
        return Err(invalid(
            SKIPTOKEN,
            &value,
            "taken unchanged from an @odata.nextLink (1 to 2000 characters)",
        ));
    }
    Ok(value)
}

/// The text where it is digits and nothing else, which number parsers are too kind to ask for.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn invalid(name: &'static str, sent: &str, expected: &'static str) -> OptionError {
    OptionError::Invalid {
        name,
        sent: quoted(sent),
        expected,
    }
}

/// What was sent, fit for a message and a log line: cut where it is long, without control characters.
fn quoted(sent: &str) -> String {
    let mut characters = sent.chars();
    let mut quoted: String = characters
        .by_ref()
        .take(QUOTED_LENGTH)
        .map(|c| {
            if c.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect();
    if characters.next().is_some() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests;
