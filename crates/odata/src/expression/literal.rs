//! Values as they stand in an expression.

use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A text in quotes, doubled quotes undone; also a member of an enumeration, whatever type is named before it.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A moment, at any offset; a date is the moment at which it begins in UTC.
    Instant(Timestamp),
    /// A length of time.
    Duration(SignedDuration),
    /// A GUID without quotes, in lower case.
    Guid(String),
}

/// The moment in an unquoted text such as `2017-06-25T07:00:00+02:00`, `2017-06-25T07:00Z` or `2017-06-25`.
///
/// The `+` of an offset is a blank to whoever decodes a URL in which it was not escaped, so a blank there means `+`.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    // The parser of dates would leave out what follows one.
    if !text.contains(['T', 't'])
        && let Ok(date) = text.parse::<Date>()
    {
        let zoned = date.to_zoned(TimeZone::UTC);
        return Some(zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp()));
    }
    let text = text.replace(' ', "+");
    text.parse().ok().or_else(|| end_of_time(&text))
}

/// The last two days of the calendar are more than timestamps have; who writes one of them means for ever.
fn end_of_time(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let is_whole = pieces.time().is_some() && pieces.offset().is_some();
    (is_whole && pieces.date().year() == Date::MAX.year()).then_some(Timestamp::MAX)
}

/// The length of time in a text such as `PT8H` or `P1DT30M`. OData's days have 24 hours, and it has no months.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let in_days = || {
        let span: Span = text.parse().ok()?;
        span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
    };
    text.parse().ok().or_else(in_days)
}

/// Whether the text has the form of a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    text.split('-').count() == lengths.len()
        && text.split('-').zip(lengths).all(|(part, length)| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}
