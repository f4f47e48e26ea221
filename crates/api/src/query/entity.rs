//! Entities as options see them: their properties, with names and kinds.

use pimento_domain::{Instant, PrincipalId, role};
use pimento_odata::expression::Literal;
use pimento_store::{Condition, Term, Value};

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// A name, in which letter case does not count.
    Name,
    /// The id of a person. One in the form of a GUID is compared in lower case; a part of one is looked for as it is written,
    /// as nothing tells whether it is that of a GUID.
    Person,
    /// The id of a role, a GUID: letter case does not count.
    Role,
    /// The id of a request, a GUID: letter case does not count.
    Request,
    /// Yes or no.
    Boolean,
    /// An instant.
    Instant,
    /// A whole number.
    Number,
    /// A length of time.
    Duration,
}

impl Kind {
    /// The value that a literal is for a property of this kind, where it can be one.
    pub(super) fn value(self, literal: &Literal) -> Option<Value> {
        Some(match (self, literal) {
            (_, Literal::Null) => Value::Null,
            (Self::Boolean, Literal::Boolean(yes)) => Value::Bool(*yes),
            (Self::Instant, Literal::Instant(instant)) => Value::Instant(Instant::from(*instant)),
            (Self::Number, Literal::Integer(number)) => Value::Number(*number),
            (Self::Text, Literal::Text(text) | Literal::Guid(text)) => Value::Text(text.clone()),
            (
                Self::Name | Self::Role | Self::Request,
                Literal::Text(text) | Literal::Guid(text),
            ) => Value::Text(self.part(text)),
            (Self::Person, Literal::Text(text) | Literal::Guid(text)) => Value::Text(person(text)),
            (Self::Duration, Literal::Duration(length)) => Some(*length).into(),
            _ => return None,
        })
    }

    /// Whether texts can be looked for in it.
    pub(super) fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Name | Self::Person | Self::Role | Self::Request
        )
    }

    /// A part of a text, to be looked for in it.
    pub(super) fn part(self, text: &str) -> String {
        match self {
            Self::Name => role::folded(text),
            Self::Role | Self::Request => text.to_ascii_lowercase(),
            _ => text.to_owned(),
        }
    }

    /// What it is compared with, as half a sentence.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Name | Self::Person | Self::Role | Self::Request => {
                "a text (Edm.String): write it in single quotes, or null"
            }
            Self::Number => "a whole number: write its digits, or null",
            Self::Duration => {
                "a length of time (Edm.Duration): write it as duration'PT2H', or null"
            }
            Self::Boolean => "a truth value (Edm.Boolean): write true, false or null",
            Self::Instant => {
                "a moment (Edm.DateTimeOffset): write it as 2026-03-02T10:00:00Z, without quotes and with any offset, or null"
            }
        }
    }
}

/// The one spelling of a person's id; a text that is none stays as it is, and nobody has it.
pub(super) fn person(text: &str) -> String {
    text.parse()
        .map_or_else(|_| text.to_owned(), |id: PrincipalId| id.to_string())
}

/// How a condition on a property becomes one on fields.
#[derive(Clone, Copy)]
pub(crate) enum Filtering<F: 'static> {
    /// It is that field.
    Field(F),
    /// It follows from fields.
    By(fn(&Term) -> Condition<F>),
    /// The rows in which it is some value are found as `is` says, and what else is asked of it as `otherwise` does.
    Whole {
        is: fn(&Value) -> Condition<F>,
        otherwise: &'static Self,
    },
    /// Nothing is looked for by it; and what to look by instead, as half a sentence.
    Instead(&'static str),
}

/// A property by which lists can be filtered.
#[derive(Clone, Copy)]
pub(crate) struct Property<F: 'static> {
    /// As the wire spells it; what is in a complex property has its path.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) filtering: Filtering<F>,
    /// The field by which lists are ordered, where they can be ordered by it.
    pub(crate) order: Option<F>,
}

/// The condition on a property that is one of these words wherever a field is the value beside it.
pub(super) fn by_words<F: Clone>(
    field: F,
    words: impl Iterator<Item = (Value, &'static str)>,
    term: &Term,
) -> Condition<F> {
    let mut found = Vec::new();
    for (value, word) in words {
        match term.holds(&Value::Text(word.to_owned())) {
            Some(true) => found.push(value),
            Some(false) => {}
            // It compares with null, which is the same for each of them.
            None => return Condition::Constant(None),
        }
    }
    match <[Value; 1]>::try_from(found) {
        Ok([one]) => Condition::equal(field, one),
        Err(several) => Condition::Field(field, Term::In(several)),
    }
}

/// The condition on a property that is a field, but something else where that is null.
pub(super) fn or_where_null<F: Copy + Clone>(
    field: F,
    instead: &Value,
    term: &Term,
) -> Condition<F> {
    let is_null = Condition::equal(field, Value::Null);
    let is_there = Condition::Not(Box::new(is_null.clone()));
    let there = is_there.and(Condition::Field(field, term.clone()));
    match term.holds(instead) {
        Some(false) => there,
        holds => Condition::Any(vec![is_null.and(Condition::Constant(holds)), there]),
    }
}

impl<F: Copy> Property<F> {
    /// A property that is a field.
    pub(crate) const fn field(name: &'static str, kind: Kind, field: F) -> Self {
        Self {
            name,
            kind,
            filtering: Filtering::Field(field),
            order: Some(field),
        }
    }

    /// The same where lists are not ordered by it: it may be long, so that no place in a list is told by it.
    pub(crate) const fn unordered(name: &'static str, kind: Kind, field: F) -> Self {
        Self {
            order: None,
            ..Self::field(name, kind, field)
        }
    }

    /// One that shows the words of a closed set.
    pub(crate) const fn words(
        name: &'static str,
        field: F,
        condition: fn(&Term) -> Condition<F>,
    ) -> Self {
        Self {
            name,
            kind: Kind::Text,
            filtering: Filtering::By(condition),
            order: Some(field),
        }
    }
}

impl<F> Property<F> {
    /// One that is always null.
    pub(crate) const fn null(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            filtering: Filtering::By(|term| Condition::Constant(term.holds(&Value::Null))),
            order: None,
        }
    }

    /// One by which nothing is looked for, and what to look by instead, as half a sentence.
    pub(crate) const fn instead(name: &'static str, instead: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Text,
            filtering: Filtering::Instead(instead),
            order: None,
        }
    }
}

/// The entities of a list.
pub(crate) struct Entity<F: 'static> {
    /// The name of the type.
    pub(crate) name: &'static str,
    pub(crate) properties: &'static [Property<F>],
    /// What fields hold for which no property says so: those of the key, and those that are shown otherwise than they are.
    pub(crate) kinds: &'static [(F, Kind)],
    /// The fields that are searched for names.
    pub(crate) searched: &'static [F],
}

/// The property of this name among those there are; they ignore letter case.
pub(super) fn named<'a, T>(
    name: &str,
    all: &'a [T],
    name_of: impl Fn(&T) -> &'static str,
) -> Result<&'a T, Unknown> {
    let is_it = |one: &&T| name_of(one).eq_ignore_ascii_case(name);
    all.iter().find(is_it).ok_or_else(|| Unknown {
        name: name.chars().take(60).collect(),
        known: all.iter().map(name_of).collect(),
    })
}

/// A name that nothing has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    name: String,
    known: Vec<&'static str>,
}

impl Unknown {
    /// What to say of it: `no property of privilegedRole`.
    pub(super) fn message(&self, what: &str) -> String {
        let nearest = self.known.iter().filter_map(|known| {
            let distance = distance(&self.name.to_lowercase(), &known.to_lowercase());
            Some((distance?, known))
        });
        let nearest = nearest.min_by_key(|(distance, _)| *distance);
        let near =
            nearest.map_or_else(String::new, |(_, known)| format!("; did you mean {known}?"));
        let end = if near.is_empty() { "." } else { "" };
        let all = match self.known.join(", ") {
            none if none.is_empty() => "There are none.".to_owned(),
            all => format!("There are {all}."),
        };
        format!("'{}' is no {what}{near}{end} {all}", self.name)
    }
}

/// How far a name in lower case is from one that there is, if they are alike at all: what it is a part of is nearer than what it
/// is misspelled from.
fn distance(name: &str, known: &str) -> Option<(usize, usize)> {
    let last = |path: &str| {
        path.rsplit('/')
            .next()
            .map_or(0, |last| path.len() - last.len())
    };
    let (name_end, known_end) = (&name[last(name)..], &known[last(known)..]);
    let edits = strsim::osa_distance(name, known);
    let alike = |least: usize| name_end.len() >= least;
    let common = name_end.bytes().zip(known_end.bytes());
    let kind = if name_end == known_end {
        0
    } else if alike(3) && (known.starts_with(name) || known_end.starts_with(name_end)) {
        1
    } else if edits <= known.len().div_ceil(3) {
        2
    } else if alike(3) && known_end.ends_with(name_end) {
        3
    } else if 4 <= common.take_while(|(one, other)| one == other).count() {
        4
    } else {
        return None;
    };
    Some((kind, edits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_persons_id_a_whole_guid_alone_is_folded_and_of_a_roles_every_part() {
        let guid = "FE930BE7-5E62-47DB-91AF-98C3A49A38B1";
        let lower = guid.to_lowercase();
        for (kind, whole, part) in [
            (Kind::Person, &*lower, "FE930B"),
            (Kind::Role, &*lower, "fe930b"),
            (Kind::Request, &*lower, "fe930b"),
            (Kind::Text, guid, "FE930B"),
        ] {
            let value = |text: &str| kind.value(&Literal::Text(text.to_owned()));
            assert_eq!(value(guid), Some(Value::Text(whole.to_owned())), "{kind:?}");
            assert_eq!(
                value(&guid[..6]),
                Some(Value::Text(part.to_owned())),
                "{kind:?}"
            );
            assert_eq!(kind.part(&guid[..6]), part, "{kind:?}");
        }
    }

    #[test]
    fn a_name_that_nothing_has_is_told_with_the_nearest_and_all_there_are() {
        let all = ["userId", "roleId", "isElevated"];
        assert_eq!(named("USERID", &all, |name| name), Ok(&"userId"));
        for (name, message) in [
            (
                "isElevatd",
                "'isElevatd' is no property; did you mean isElevated? There are userId, roleId, isElevated.",
            ),
            (
                "UsrId",
                "'UsrId' is no property; did you mean userId? There are userId, roleId, isElevated.",
            ),
            (
                "birthday",
                "'birthday' is no property. There are userId, roleId, isElevated.",
            ),
        ] {
            let unknown = named(name, &all, |name| name).unwrap_err();
            assert_eq!(unknown.message("property"), message);
        }
        let all = [
            "schedule/type",
            "schedule/startDateTime",
            "requestedDateTime",
            "creationDateTime",
            "requestType",
        ];
        for (name, nearest) in [
            ("schedule/start", "schedule/startDateTime"),
            ("StartDateTime", "schedule/startDateTime"),
            ("requested", "requestedDateTime"),
            ("type", "schedule/type"),
            ("created", "creationDateTime"),
            ("RequestTyp", "requestType"),
            ("schedule/tipe", "schedule/type"),
        ] {
            let message = named(name, &all, |name| name)
                .unwrap_err()
                .message("property");
            assert!(message.contains(&format!("mean {nearest}?")), "{message}");
        }
    }
}
