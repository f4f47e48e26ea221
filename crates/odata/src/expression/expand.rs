//! `$select` and `$expand`, with the options that are nested in the latter.

use super::lexer::quoted;
use super::{ExpressionError, Filter, OrderKey, filter, order_by};
use crate::percent;

/// How deep expansions may be nested in each other.
pub const MAX_EXPAND_DEPTH: usize = 3;

/// How many names a `$select` or an `$expand` may have.
pub const MAX_NAMES: usize = 50;

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
    for (before, part) in &all {
        let name = part.trim();
        if name == "*" {
            continue;
        }
        if !is_name(name) {
            return Err(no_name(name, "the name of a property").behind(before));
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
    for (before, part) in parts(text, ',')? {
        let expand = one(part, depth).map_err(|error| error.behind(before))?;
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

fn one(part: &str, depth: usize) -> Result<Expand, ExpressionError> {
    let part = part.trim_end();
    let open = part.find('(').unwrap_or(part.len());
    let (name, options) = part.split_at(open);
    let options = match options.strip_prefix('(') {
        None => "",
        Some(options) => enclosed(part, options)?,
    };
    let name = name.trim_end();
    if name != "*" && !is_name(name) {
        return Err(no_name(name, "the name of a navigation property"));
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
    let behind = |error: ExpressionError, before: &str| {
        // The parenthesis is before it, too.
        error.behind(before).behind(&part[..=open])
    };
    for (before, option) in parts(options, ';').map_err(|error| behind(error, ""))? {
        if option.is_empty() {
            continue;
        }
        let set = set_option(&mut expand, option, depth);
        let (name, value) = set.map_err(|error| behind(error, before))?;
        if expand.written.iter().any(|(known, _)| *known == name) {
            let found = name.to_owned();
            return Err(ExpressionError::Duplicate { found });
        }
        expand.written.push((name, value.to_owned()));
    }
    Ok(expand)
}

/// What of this end of a part stands before the parenthesis that closes it, behind which nothing may stand.
fn enclosed<'a>(part: &str, options: &'a str) -> Result<&'a str, ExpressionError> {
    let (mut depth, mut is_quoted) = (0_usize, false);
    let closes = |(_, c): &(usize, char)| {
        match c {
            '\'' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth == 0 => return true,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        false
    };
    let Some((end, _)) = options.char_indices().find(closes) else {
        return Err(no_name("", "a closing parenthesis").behind(part));
    };
    let rest = options[end + 1..].trim_start();
    if rest.is_empty() {
        return Ok(&options[..end]);
    }
    let before = &part[..part.len() - rest.len()];
    Err(no_name(rest, "a comma or the end of $expand").behind(before))
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
    let (written, value) = option.split_once('=').unwrap_or((option, ""));
    let bare = written.trim_end();
    let bare = bare.strip_prefix('$').unwrap_or(bare);
    let is_it = |option: &&&str| option[1..].eq_ignore_ascii_case(bare);
    let name = OPTIONS.iter().find(is_it);
    let name = *name.ok_or_else(|| ExpressionError::Unsupported {
        found: quoted(written),
        position: 1,
        instead: "in the parentheses of $expand there are $select, $filter, $orderby, $top, $skip, $count and $expand",
    })?;
    let before = &option[..option.len() - value.len()];
    set(expand, name, value, depth).map_err(|error| error.behind(before))?;
    Ok((name, value))
}

fn set(expand: &mut Expand, name: &str, value: &str, depth: usize) -> Result<(), ExpressionError> {
    match name {
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
    Ok(())
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

/// At the beginning of what was found; whoever knows what stands before it says so.
fn no_name(found: &str, expected: &'static str) -> ExpressionError {
    ExpressionError::Unexpected {
        expected,
        found: if found.is_empty() {
            "nothing".to_owned()
        } else {
            quoted(found)
        },
        position: 1,
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

/// The parts between separators that stand neither in parentheses nor in quotes, without the blanks before each, and what
/// stands before it.
fn parts(text: &str, separator: char) -> Result<Vec<(&str, &str)>, ExpressionError> {
    let (mut depth, mut is_quoted, mut begin) = (0_usize, false, 0);
    let mut parts = Vec::new();
    let part = |begin: usize, end: usize| {
        let part = text[begin..end].trim_start();
        (&text[..end - part.len()], part)
    };
    for (at, c) in text.char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1).ok_or_else(|| {
                    no_name(")", "an opening parenthesis before").behind(&text[..at])
                })?;
            }
            c if c == separator && depth == 0 => {
                parts.push(part(begin, at));
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(part(begin, text.len()));
    Ok(parts)
}
