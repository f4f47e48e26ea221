//! Values as the test sees them: what a row has, what a filter names, and how they compare by the words of the document.
//! Nothing here knows how the product does it.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::members::{Kind, Member};

/// What a member has, or is compared with. They order as they stand here: null comes before everything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Datum {
    Null,
    Boolean(bool),
    /// In microseconds, which is as fine as instants are.
    Moment(i64),
    /// In microseconds.
    Length(i64),
    Text(String),
}

/// The member of an element with this path, null where it is absent.
pub(super) fn at<'a>(element: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(element, |of, name| &of[name])
}

impl Datum {
    /// What an element has.
    pub(super) fn of(element: &Value, member: &Member) -> Self {
        match (member.kind, at(element, &member.path)) {
            (_, Value::Null) => Self::Null,
            (Kind::Boolean, Value::Bool(yes)) => Self::Boolean(*yes),
            (Kind::Moment, Value::String(text)) => {
                Self::Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
            }
            (Kind::Length, Value::String(text)) => {
                let length: SignedDuration = text.parse().unwrap();
                Self::Length(i64::try_from(length.as_micros()).unwrap())
            }
            (_, Value::String(text)) => Self::Text(text.clone()),
            (kind, other) => panic!("{} is {kind:?} and {other}", member.path),
        }
    }

    /// What counts of it where it is compared with others of its kind.
    pub(super) fn comparable(self, kind: Kind) -> Self {
        match self {
            Self::Text(text) => Self::Text(folded(kind, &text)),
            other => other,
        }
    }

    /// How two of one kind follow each other in a list.
    pub(super) fn order(&self, other: &Self, kind: Kind) -> Ordering {
        let (one, other) = (self.clone(), other.clone());
        one.comparable(kind).cmp(&other.comparable(kind))
    }
}

/// What letter case leaves of a whole text: the one place that says where it does not count.
pub(super) fn folded(kind: Kind, text: &str) -> String {
    match kind {
        // The last sigma of a word is another letter only to those who write.
        Kind::Name => text.to_lowercase().replace('ς', "σ"),
        Kind::Guid => text.to_ascii_lowercase(),
        Kind::Person if is_guid(text) => text.to_ascii_lowercase(),
        Kind::Assignment => match text.rsplit_once('_') {
            Some((person, role)) if is_guid(role) => {
                let person = folded(Kind::Person, person);
                format!("{person}_{}", folded(Kind::Guid, role))
            }
            _ => text.to_owned(),
        },
        Kind::Text | Kind::Person | Kind::Boolean | Kind::Moment | Kind::Length => text.to_owned(),
    }
}

/// Where in a text another is: at which of its bytes. Of a person's id a part is as it is written; in that of an assignment the
/// person's is a whole one where the part begins with it.
pub(super) fn places(kind: Kind, text: &str, part: &str) -> Vec<usize> {
    let role = match kind {
        Kind::Assignment => text.len() - ROLE_LENGTH,
        _ => text.len(),
    };
    let (text, part) = match kind {
        Kind::Name | Kind::Guid => (folded(kind, text), folded(kind, part)),
        _ => (text.to_owned(), part.to_owned()),
    };
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let whole_person = role.saturating_sub(1);
    let same = |from: usize, at: usize, byte: u8| {
        let folds = role <= from + at
            || from == 0
                && whole_person < part.len()
                && at < whole_person
                && is_guid_before(text, whole_person);
        match folds && kind == Kind::Assignment {
            true => text[from + at].eq_ignore_ascii_case(&byte),
            false => text[from + at] == byte,
        }
    };
    let fits = |from: &usize| {
        part.iter()
            .enumerate()
            .all(|(at, byte)| same(*from, at, *byte))
    };
    (0..=text.len())
        .take_while(|from| from + part.len() <= text.len())
        .filter(fits)
        .collect()
}

/// The length of a role's id.
const ROLE_LENGTH: usize = 36;

fn is_guid_before(text: &[u8], end: usize) -> bool {
    str::from_utf8(&text[..end]).is_ok_and(is_guid)
}

/// Whether a text has the form of a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    let hyphen = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(hyphen)
}
