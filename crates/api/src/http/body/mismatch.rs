//! What is wrong with a body that is JSON of another shape, in words of JSON: the library's are those of the program's types.

use serde_json::Error;

use crate::problem::{Problem, code};

/// How much of a text that was sent a refusal repeats, in characters.
const QUOTED_LENGTH: usize = 64;

/// What the library calls a type that it expects, and what that is in JSON.
const EXPECTED: [(&str, &str); 6] = [
    ("a string", "a text"),
    ("a boolean", "true or false"),
    ("a sequence", "a list"),
    ("a map", "an object"),
    ("an object", "an object"),
    ("struct ", "an object"),
];

/// What the library calls what was sent. The words of which something follows end with a blank.
const SENT: [(&str, &str); 7] = [
    ("string ", "the text "),
    ("boolean ", ""),
    ("integer ", "the number "),
    ("floating point ", "the number "),
    ("null", "null"),
    ("sequence", "a list"),
    ("map", "an object"),
];

/// The refusal of a body for what stands at this path, as `requests[0].url`; the whole body is at `.`.
pub(super) fn refused(path: &str, error: &Error) -> Problem {
    let place = match error.line() {
        0 => String::new(),
        line => format!(" at line {line} column {}", error.column()),
    };
    let said = error.to_string();
    let said = said.strip_suffix(&place).unwrap_or(&said);
    let (target, what) = what(path, said);
    let place = place.replace(" column", ", column").replace(" at", " (at");
    let end = if place.is_empty() { "" } else { ")" };
    let message = format!("{target} {what}{place}{end}.");
    let problem = Problem::bad_request(code::INVALID_REQUEST, message);
    match target.as_str() {
        "." => problem.saying(format!("The body {what}.")),
        _ => problem.at(target),
    }
}

/// Which member is meant, and what is wrong with it.
fn what(path: &str, said: &str) -> (String, String) {
    let member = |rest: &str| {
        let name = rest.trim_matches('`');
        match path {
            "." => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    };
    if let Some(rest) = said.strip_prefix("duplicate field ") {
        return (member(rest), "is there more than once".to_owned());
    }
    if let Some(rest) = said.strip_prefix("missing field ") {
        return (member(rest), "is missing".to_owned());
    }
    let what = mismatch(said).unwrap_or_else(|| "has a value that it cannot have".to_owned());
    (path.to_owned(), what)
}

/// The library says `invalid type: string "x", expected a boolean`. A text that was sent may have such words in it, too.
fn mismatch(said: &str) -> Option<String> {
    let (_, rest) = said.split_once(": ")?;
    let (sent, expected) = rest.rsplit_once(", expected ")?;
    let known = EXPECTED
        .iter()
        .find(|(word, _)| match word.strip_suffix(' ') {
            Some(_) => expected.starts_with(word),
            None => expected == *word,
        });
    let expected = match known {
        Some((_, ours)) => *ours,
        None if is_number(expected) => "a number",
        None => return None,
    };
    let (word, ours) = SENT.iter().find(|(word, _)| sent.starts_with(word))?;
    let value = cut(sent[word.len()..].trim_matches('`'));
    Some(format!("must be {expected}; {ours}{value} was sent"))
}

/// The program's numbers: `i64`, `f64`, `usize`.
fn is_number(expected: &str) -> bool {
    let size = expected.strip_prefix(['i', 'u', 'f']);
    size.is_some_and(|size| size == "size" || size.parse::<u8>().is_ok())
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(QUOTED_LENGTH) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…\"", &value[..end]),
    }
}
