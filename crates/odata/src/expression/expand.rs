//! `$select` and `$expand`, with the options that are nested in the latter.

use super::lexer::quoted;
use super::{ExpressionError, Filter, OrderKey, filter, order_by};
use crate::percent;

/// How deep expansions may be nested in each other.
const MAX_EXPAND_DEPTH: usize = 3;

/// How many names a list may have.
const MAX_NAMES: usize = 50;

/// Which properties of a record are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Projection {
    /// All of them: no `$select`, or one with `*`.
    #[default]
    All,
    /// These, as they were written, each once.
    Only(Vec<String>),
}

/// A navigation property whose records are wanted with the record itself, and which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expand {
    /// The navigation property as it was written, or `*` for all of them.
    pub name: String,
    /// Which properties of the records.
    pub select: Projection,
    /// Which records.
    pub filter: Option<Filter>,
    /// In which order.
    pub order_by: Vec<OrderKey>,
    /// How many at the most.
    pub top: Option<usize>,
    /// How many are left out before.
    pub skip: Option<usize>,
    /// Whether their number is told.
    pub count: bool,
    /// What is expanded of them in turn.
    pub expand: Vec<Expand>,
    /// Its options as they were written, by their names.
    written: Vec<(&'static str, String)>,
}

impl Expand {
    /// The options in a query string, as those of a request for the same records. It is about as long as the options were
    /// where they came from, in whatever spelling.
    #[must_use]
    pub fn query(&self) -> String {
        let option =
            |(name, value): &(&str, String)| format!("{name}={}", percent::encode_value(value));
        let options: Vec<_> = self.written.iter().map(option).collect();
        options.join("&")
    }
}

/// Reads the value of a `$select`.
///
/// # Errors
/// The first name that is none.
pub fn select(text: &str) -> Result<Projection, ExpressionError> {
    let mut names: Vec<String> = Vec::new();
    let all = parts(text, ',')?;
    if MAX_NAMES < all.len() {
        return Err(ExpressionError::TooMuch {
            what: "properties to select",
            limit: MAX_NAMES,
        });
    }
    for (at, part) in &all {
        let name = part.trim();
        if name == "*" {
            continue;
        }
        if !is_name(name) {
            return Err(no_name(text, *at, name, "the name of a property"));
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let is_star = all.iter().any(|(_, part)| part.trim() == "*");
    Ok(if is_star {
        Projection::All
    } else {
        Projection::Only(names)
    })
}

/// Reads the value of an `$expand`.
///
/// # Errors
/// The first place that is not understood, the same name again, or expansions that are nested too deep.
pub fn expand(text: &str) -> Result<Vec<Expand>, ExpressionError> {
    nested(text, 1)
}

fn nested(text: &str, depth: usize) -> Result<Vec<Expand>, ExpressionError> {
    if MAX_EXPAND_DEPTH < depth {
        return Err(ExpressionError::TooMuch {
            what: "levels of $expand",
            limit: MAX_EXPAND_DEPTH,
        });
    }
    let mut expands: Vec<Expand> = Vec::new();
    for (at, part) in parts(text, ',')? {
        let expand = one(text, at, part, depth)?;
        if expands.iter().any(|known| known.name == expand.name) {
            return Err(ExpressionError::Duplicate { found: expand.name });
        }
        if expands.len() == MAX_NAMES {
            return Err(ExpressionError::TooMuch {
                what: "navigation properties to expand",
                limit: MAX_NAMES,
            });
        }
        expands.push(expand);
    }
    Ok(expands)
}

fn one(text: &str, at: usize, part: &str, depth: usize) -> Result<Expand, ExpressionError> {
    let (name, options) = match part.split_once('(') {
        None => (part.trim(), None),
        Some((name, options)) => {
            let options = options.trim_end().strip_suffix(')').ok_or_else(|| {
                no_name(text, at, part, "a closing parenthesis after the options")
            })?;
            (name.trim(), Some(options))
        }
    };
    if name != "*" && !is_name(name) {
        return Err(no_name(text, at, name, "the name of a navigation property"));
    }
    let mut expand = Expand {
        name: name.to_owned(),
        select: Projection::All,
        filter: None,
        order_by: Vec::new(),
        top: None,
        skip: None,
        count: false,
        expand: Vec::new(),
        written: Vec::new(),
    };
    for (_, option) in parts(options.unwrap_or_default(), ';')? {
        if option.trim().is_empty() {
            continue;
        }
        let (name, value) = set_option(&mut expand, option, depth)?;
        if expand.written.iter().any(|(known, _)| *known == name) {
            let found = name.to_owned();
            return Err(ExpressionError::Duplicate { found });
        }
        expand.written.push((name, value.to_owned()));
    }
    Ok(expand)
}

/// The options that may be nested.
const OPTIONS: [&str; 7] = [
    "$select", "$filter", "$orderby", "$top", "$skip", "$count", "$expand",
];

/// Reads one nested option into the expansion, and answers its name and its value.
fn set_option<'a>(
    expand: &mut Expand,
    option: &'a str,
    depth: usize,
) -> Result<(&'static str, &'a str), ExpressionError> {
    let unsupported = |found: &str| ExpressionError::Unsupported {
        found: quoted(found),
        position: 1,
        instead: "in the parentheses of $expand there are $select, $filter, $orderby, $top, $skip, $count and $expand",
    };
    let (name, value) = option.split_once('=').ok_or_else(|| unsupported(option))?;
    let bare = name.trim().trim_start_matches('$');
    let is_it = |option: &&&str| option[1..].eq_ignore_ascii_case(bare);
    let name = OPTIONS
        .iter()
        .find(is_it)
        .ok_or_else(|| unsupported(name))?;
    match *name {
        "$select" => expand.select = select(value)?,
        "$filter" => expand.filter = Some(filter(value)?),
        "$orderby" => expand.order_by = order_by(value)?,
        "$top" => expand.top = Some(number(value, "whole number for $top")?),
        "$skip" => expand.skip = Some(number(value, "whole number for $skip")?),
        "$count" => {
            expand.count = match value.trim().to_ascii_lowercase().as_str() {
                "true" => true,
                "false" => false,
                _ => return Err(malformed(value, "true or false for $count")),
            }
        }
        _ => expand.expand = nested(value, depth + 1)?,
    }
    Ok((name, value))
}

fn number(value: &str, kind: &'static str) -> Result<usize, ExpressionError> {
    let value = value.trim();
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| value.parse().ok())
        .flatten()
        .ok_or_else(|| malformed(value, kind))
}

fn malformed(found: &str, kind: &'static str) -> ExpressionError {
    ExpressionError::Malformed {
        kind,
        found: quoted(found),
        position: 1,
    }
}

fn no_name(text: &str, at: usize, found: &str, expected: &'static str) -> ExpressionError {
    ExpressionError::Unexpected {
        expected,
        found: if found.is_empty() {
            "nothing".to_owned()
        } else {
            quoted(found)
        },
        position: text[..at].chars().count() + 1,
    }
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '.'))
}

/// The parts between separators that stand neither in parentheses nor in quotes, with where each begins, in bytes.
fn parts(text: &str, separator: char) -> Result<Vec<(usize, &str)>, ExpressionError> {
    let (mut depth, mut is_quoted, mut begin) = (0_usize, false, 0);
    let mut parts = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' => depth += 1,
            ')' => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| no_name(text, at, ")", "an opening parenthesis before"))?;
            }
            c if c == separator && depth == 0 => {
                parts.push((begin, &text[begin..at]));
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push((begin, &text[begin..]));
    Ok(parts)
}
