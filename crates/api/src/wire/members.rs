//! Members that several bodies have, each read in one way.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use pimento_domain::rules::Length;
use pimento_domain::{Instant, Justification, PrincipalId, Remark};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::duration::parse_length;
use crate::problem::{Problem, code};

/// The word for the caller where a user id is asked for.
const OWN: &str = "Self";

/// An object. A derived struct alone would also read a list of its members' values.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// An object or `null`.
pub(super) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let object = Option::<Object<T>>::deserialize(deserializer)?;
    Ok(object.map(|Object(members)| members))
}

/// One of these words, in any letter case, or nothing. It makes no difference which.
pub(super) fn one_of(member: &str, sent: Option<&str>, words: &[&str]) -> Result<(), Problem> {
    let is_known = |sent: &str| words.iter().any(|word| word.eq_ignore_ascii_case(sent));
    match sent.filter(|sent| !is_known(sent)) {
        None => Ok(()),
        Some(sent) => {
            let words = words.join(", ");
            let message =
                format!("{member} must be one of {words}, or absent; {sent:.64} was sent.");
            Err(invalid(member, message))
        }
    }
}

pub(super) fn missing(member: &str) -> Problem {
    Problem::bad_request(code::INVALID_REQUEST, format!("{member} is missing.")).at(member)
}

pub(super) fn invalid(member: &str, message: impl Into<String>) -> Problem {
    Problem::bad_request(code::INVALID_REQUEST, message).at(member)
}

/// The person of a `userId`, where `Self` means the caller.
pub(super) fn person(user: &str, caller: &PrincipalId) -> Result<PrincipalId, Problem> {
    if user.eq_ignore_ascii_case(OWN) {
        return Ok(caller.clone());
    }
    user.parse()
        .map_err(|error| Problem::member("userId", &error))
}

pub(super) fn length(text: Option<&str>, member: &str) -> Result<Option<Length>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let length = parse_length(text).ok_or_else(|| {
        let message = format!(
            "{member} must be min, default, hours such as 0.5 or 2, or a duration such as PT2H or 2:00:00; {text:.64} is none."
        );
        invalid(member, message)
    })?;
    Ok(Some(length))
}

/// RFC 3339: any offset and up to nine digits of fraction are read; what is finer than a microsecond is dropped.
/// The library alone would read more of ISO 8601 than the document's `date-time` is.
pub(super) fn instant(text: Option<&str>, member: &str) -> Result<Option<Instant>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let bytes = text.as_bytes();
    let shaped = 20 <= bytes.len()
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && matches!(bytes[10], b'T' | b't')
        && !text.contains('[');
    let instant = shaped.then(|| text.parse::<Timestamp>().ok()).flatten();
    let instant = instant.ok_or_else(|| {
        let message = format!(
            "{member} must be an instant such as 2026-03-02T10:00:00Z, and no later than 9999-12-30T21:59:59Z."
        );
        invalid(member, message)
    })?;
    if Timestamp::from(Instant::MAX) < instant {
        let message = format!("{member} must be no later than 9999-12-30T21:59:59Z.");
        return Err(invalid(member, message));
    }
    Ok(Some(Instant::from(instant)))
}

pub(super) fn justification(
    reason: &Option<String>,
    ticket_number: &Option<String>,
    ticket_system: &Option<String>,
) -> Result<Justification, Problem> {
    Ok(Justification {
        reason: remark(reason, "reason")?,
        ticket_number: remark(ticket_number, "ticketNumber")?,
        ticket_system: remark(ticket_system, "ticketSystem")?,
    })
}

pub(super) fn remark(text: &Option<String>, member: &str) -> Result<Option<Remark>, Problem> {
    let Some(text) = text else { return Ok(None) };
    Remark::parse(text).map_err(|error| invalid(member, format!("{member}: {error}.")))
}
