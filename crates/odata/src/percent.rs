//! Percent encoding, strictly read: what is not well formed is refused rather than passed through.

use std::borrow::Cow;

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};

/// All but the unreserved characters of RFC 3986, which mean the same with and without an escape.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What may stand in no path and no query, escapes themselves left alone.
const FOREIGN_TO_URL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What may not stand for itself in the value of a query option.
const FOREIGN_TO_VALUE: &AsciiSet = &FOREIGN_TO_URL.remove(b' ').add(b'%').add(b'&').add(b'+');

/// The text behind the escapes, or None where one is broken, the bytes are no UTF-8, or a NUL hides among them.
pub(crate) fn decode(raw: &str) -> Option<Cow<'_, str>> {
    let well_formed = raw.split('%').skip(1).all(|after| {
        let mut digits = after.bytes();
        let mut hex = || digits.next().is_some_and(|digit| digit.is_ascii_hexdigit());
        hex() && hex()
    });
    let text = percent_decode_str(raw).decode_utf8().ok()?;
    (well_formed && !text.contains('\0')).then_some(text)
}

/// The text with everything escaped that is not unreserved: one spelling for each text, fit for a path segment and a
/// query value alike.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The text as the value of a query option, in its shortest spelling: only what has to be is escaped, and a blank is `+`.
pub(crate) fn encode_value(text: &str) -> String {
    utf8_percent_encode(text, FOREIGN_TO_VALUE)
        .to_string()
        .replace(' ', "+")
}

/// [`encode`], but with the first unreserved character escaped too. None where the text has no such character.
pub(crate) fn encode_marked(text: &str) -> Option<String> {
    let at =
        text.find(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~'))?;
    let (before, rest) = text.split_at(at);
    let (marked, after) = rest.split_at(1);
    Some(format!(
        "{}%{:02X}{}",
        encode(before),
        marked.as_bytes().first()?,
        encode(after)
    ))
}

/// A piece of a URL that was already written for the wire, its escapes kept, with only those characters escaped
/// that no URL may hold.
pub(crate) fn tidy(raw: &str) -> String {
    utf8_percent_encode(raw, FOREIGN_TO_URL).to_string()
}
