//! Page sizes that are preferred, and the link to the next page.

use super::{MAX_PAGE_SIZE, Name, SKIP, SKIPTOKEN, TOP, classify, decode, digits};
use crate::percent;

/// The page size that `Prefer` headers ask for with `odata.maxpagesize` or `maxpagesize`, held to between 1 and
/// [`MAX_PAGE_SIZE`]. The first readable one counts (RFC 7240 §2); whatever else stands there is ignored, as a
/// preference is never an error.
pub fn page_size_preference<'a>(prefer: impl Iterator<Item = &'a str>) -> Option<usize> {
    prefer
        .flat_map(|header| split_unquoted(header, ','))
        .find_map(page_size)
}

/// The page size in one preference, such as `odata.maxpagesize="50"; parameter=ignored`.
fn page_size(preference: &str) -> Option<usize> {
    let (name, value) = split_unquoted(preference, ';').next()?.split_once('=')?;
    let name = name.trim();
    if !["odata.maxpagesize", "maxpagesize"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    {
        return None;
    }
    let value = value.trim();
    let bare = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(value);
    // A number too large for the machine is too large for a page all the same.
    let size = digits(bare.trim())?.parse().unwrap_or(MAX_PAGE_SIZE);
    Some(size.clamp(1, MAX_PAGE_SIZE))
}

/// The parts between separators, where one within a quoted string separates nothing.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            _ => return c == separator && !quoted,
        }
        false
    })
}

/// The link to the page that begins at `skiptoken`: the absolute URL as it was called, its own options in their order,
/// and behind them `top` and `skiptoken` in place of those it came with, and of `$skip`, which has been done. It carries the page size even where that came
/// from a `Prefer` header or the default, as clients follow the link without sending the header again.
#[must_use]
pub fn next_link(called: &str, skiptoken: &str, top: usize) -> String {
    let (place, query) = called.split_once('?').unwrap_or((called, ""));
    let mut options: Vec<_> = repeated(query).map(percent::tidy).collect();
    options.push(format!("{TOP}={top}"));
    options.push(format!("{SKIPTOKEN}={}", percent::encode(skiptoken)));
    format!("{place}?{}", options.join("&"))
}

/// How many bytes of a URL each link to a further page repeats, which is the same for every link that one follows. So where
/// this is bounded, every link can be followed: what it has besides is `top` and a `skiptoken`, which has a bound of its own.
#[must_use]
pub fn repeated_length(url: &str) -> usize {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let options = repeated(query).map(|pair| "?".len() + percent::tidy(pair).len());
    place.len() + options.sum::<usize>()
}

/// The options that a link repeats.
fn repeated(query: &str) -> impl Iterator<Item = &str> {
    let options = query.split('&');
    options.filter(|pair| !pair.is_empty() && !is_replaced(pair))
}

fn is_replaced(pair: &str) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name);
    decode(name).is_some_and(|name| matches!(classify(&name), Name::System(TOP | SKIPTOKEN | SKIP)))
}
