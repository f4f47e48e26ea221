//! The query options of a list and of a role, the page size of a `Prefer` header, and the link to the next page.
//!
//! Names ignore letter case and may come without their `$`, as Microsoft Graph's beta version has it; escapes are
//! undone and `+` is a blank. The length of the query is bounded by whoever read the request.

use std::borrow::Cow;

use thiserror::Error;

use crate::percent;

mod page;

pub use page::{next_link, page_size_preference};

/// The number of elements on a page where neither `$top` nor `Prefer` says otherwise.
pub const DEFAULT_PAGE_SIZE: usize = 100;

/// The largest number of elements that a page may be asked to hold.
pub const MAX_PAGE_SIZE: usize = 1000;

/// The greatest length of a `$skiptoken`, in bytes after its escapes are undone.
pub const MAX_SKIPTOKEN_LENGTH: usize = 400;

/// How much of what was sent an error repeats, in characters.
const QUOTED_LENGTH: usize = 60;

const TOP: &str = "$top";
const COUNT: &str = "$count";
const SKIPTOKEN: &str = "$skiptoken";
const EXPAND: &str = "$expand";

/// The other system query options that mean the same with and without `$`. A bare name that is none of them belongs to
/// the caller and is ignored.
const OTHER_OPTIONS: [&str; 10] = [
    "$apply",
    "$compute",
    "$deltatoken",
    EXPAND,
    "$filter",
    // Answers are JSON whatever is asked for; a silent yes to one of its values would be a promise about the others.
    "$format",
    "$orderby",
    "$search",
    "$select",
    "$skip",
];

/// What a caller asked of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListOptions {
    /// The page size that `$top` asks for, from 1 to [`MAX_PAGE_SIZE`].
    pub top: Option<usize>,
    /// Whether the answer tells the number of all elements.
    pub count: Count,
    /// Where the page begins, as an earlier answer's `@odata.nextLink` said; neither empty nor longer than
    /// [`MAX_SKIPTOKEN_LENGTH`], and otherwise unread.
    pub skiptoken: Option<String>,
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
        instead: &'static str,
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
    /// A broken escape, bytes that are no UTF-8, or a NUL, in any name or value.
    #[error(
        "The query string is not well-formed: each '%' must begin the escape of a byte of UTF-8 text other than NUL."
    )]
    Encoding,
}

impl OptionError {
    /// The option that the error is about, where it is about one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Unsupported { name, .. } => Some(name),
            Self::Duplicate { name } | Self::Invalid { name, .. } => Some(name),
            Self::Encoding => None,
        }
    }
}

/// What a name in a query stands for.
enum Name {
    Top,
    Count,
    Skiptoken,
    /// A system query option that no operation takes.
    Other(String),
    /// None of OData's, and so ignored.
    Foreign,
}

/// Reads the options of a list from a raw query, without its `?`.
///
/// # Errors
///
/// The first thing in the query that cannot be honoured. What is none of OData's is ignored, once it is well-formed.
pub fn list_options(raw_query: Option<&str>) -> Result<ListOptions, OptionError> {
    let (mut top, mut count, mut skiptoken) = (None, None, None);
    for pair in pairs(raw_query) {
        let (name, value) = pair?;
        match classify(&name) {
            Name::Top => once(TOP, &mut top, page_size(&value)?)?,
            Name::Count => once(COUNT, &mut count, inclusion(&value)?)?,
            Name::Skiptoken => once(SKIPTOKEN, &mut skiptoken, token(value)?)?,
            Name::Other(name) => {
                return Err(OptionError::Unsupported {
                    name,
                    instead: "this list takes $top, $count and $skiptoken",
                });
            }
            Name::Foreign => {}
        }
    }
    Ok(ListOptions {
        top,
        count: count.unwrap_or_default(),
        skiptoken,
    })
}

/// Refuses every system query option, for operations that are not lists.
///
/// # Errors
///
/// The first system query option in the raw query, or what is not well-formed.
pub fn no_options(raw_query: Option<&str>) -> Result<(), OptionError> {
    for pair in pairs(raw_query) {
        let name = match classify(&pair?.0) {
            Name::Top => TOP.to_owned(),
            Name::Count => COUNT.to_owned(),
            Name::Skiptoken => SKIPTOKEN.to_owned(),
            Name::Other(name) => name,
            Name::Foreign => continue,
        };
        return Err(OptionError::Unsupported {
            name,
            instead: "this operation takes no query options",
        });
    }
    Ok(())
}

/// Reads what an entity is to be shown with, for operations that take `$expand` and nothing else: the one relation that
/// they can expand, or none.
///
/// # Errors
///
/// Another relation, another system query option, or what is not well-formed.
pub fn expansion(
    raw_query: Option<&str>,
    relation: &'static str,
) -> Result<Option<&'static str>, OptionError> {
    let mut expanded = None;
    for pair in pairs(raw_query) {
        let (name, value) = pair?;
        let name = match classify(&name) {
            Name::Other(name) if name == EXPAND && value == relation => {
                once(EXPAND, &mut expanded, relation)?;
                continue;
            }
            Name::Other(name) if name == EXPAND => {
                return Err(OptionError::Invalid {
                    name: EXPAND,
                    sent: quoted(&value),
                    expected: relation,
                });
            }
            Name::Top => TOP.to_owned(),
            Name::Count => COUNT.to_owned(),
            Name::Skiptoken => SKIPTOKEN.to_owned(),
            Name::Other(name) => name,
            Name::Foreign => continue,
        };
        return Err(OptionError::Unsupported {
            name,
            instead: "this operation takes $expand alone",
        });
    }
    Ok(expanded)
}

/// The names and values of a raw query, escapes undone. A name without `=` has an empty value.
fn pairs(raw_query: Option<&str>) -> impl Iterator<Item = Result<(String, String), OptionError>> {
    raw_query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
}

fn decode(raw: &str) -> Result<String, OptionError> {
    let spaced = raw.replace('+', " ");
    percent::decode(&spaced)
        .map(Cow::into_owned)
        .ok_or(OptionError::Encoding)
}

fn classify(name: &str) -> Name {
    let is = |option: &&str| {
        let bare = option.trim_start_matches('$');
        name.strip_prefix('$')
            .unwrap_or(name)
            .eq_ignore_ascii_case(bare)
    };
    match [TOP, COUNT, SKIPTOKEN]
        .into_iter()
        .chain(OTHER_OPTIONS)
        .find(is)
    {
        Some(TOP) => Name::Top,
        Some(COUNT) => Name::Count,
        Some(SKIPTOKEN) => Name::Skiptoken,
        Some(other) => Name::Other(other.to_owned()),
        None if name.starts_with('$') => Name::Other(quoted(name)),
        None => Name::Foreign,
    }
}

fn once<T>(name: &'static str, slot: &mut Option<T>, value: T) -> Result<(), OptionError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(OptionError::Duplicate { name }),
    }
}

fn page_size(value: &str) -> Result<usize, OptionError> {
    digits(value)
        .and_then(|digits| digits.parse().ok())
        .filter(|size| (1..=MAX_PAGE_SIZE).contains(size))
        .ok_or_else(|| invalid(TOP, value, "a whole number from 1 to 1000"))
}

fn inclusion(value: &str) -> Result<Count, OptionError> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(Count::Included),
        "false" => Ok(Count::Omitted),
        _ => Err(invalid(COUNT, value, "true or false")),
    }
}

fn token(value: String) -> Result<String, OptionError> {
    if value.is_empty() || value.len() > MAX_SKIPTOKEN_LENGTH {
        return Err(invalid(
            SKIPTOKEN,
            &value,
            "taken unchanged from an @odata.nextLink (1 to 400 characters)",
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
