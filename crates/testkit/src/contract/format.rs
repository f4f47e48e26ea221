//! The formats of the documents, as this server is to write them: one spelling each, though the standards allow more.

use jiff::{Span, Timestamp};

/// The formats that are understood.
const KNOWN: [&str; 6] = ["date-time", "duration", "int32", "int64", "uri", "uuid"];

pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Whether a text is of this format.
pub(super) fn is_of(name: &str, text: &str) -> bool {
    match name {
        "date-time" => is_instant(text),
        "duration" => is_duration(text),
        "int32" => text.parse::<i32>().is_ok(),
        "int64" => text.parse::<i64>().is_ok(),
        "uri" => is_uri(text),
        "uuid" => is_uuid(text),
        _ => false,
    }
}

/// UTC with a `Z`, as RFC 3339 has it.
fn is_instant(text: &str) -> bool {
    let shape = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19 => matches!(byte, b'.' | b'Z'),
        _ => byte.is_ascii_digit() || (at + 1 == text.len() && byte == b'Z'),
    });
    shape && text.ends_with('Z') && text.parse::<Timestamp>().is_ok()
}

/// ISO 8601 in capitals; never negative, as nothing here lasts less than no time.
fn is_duration(text: &str) -> bool {
    let capitals = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"PYMWDTHS.".contains(&byte));
    text.starts_with('P') && capitals && text.parse::<Span>().is_ok()
}

/// An absolute URL of the characters that RFC 3986 allows.
fn is_uri(text: &str) -> bool {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest.bytes().all(allowed)
            && rest.matches('#').count() < 2
            && escapes_are_whole(rest)
    })
}

fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        after
            .get(..2)
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

/// Hyphenated and in lower case.
fn is_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok_and(|uuid| uuid.hyphenated().to_string() == text)
}
