//! Instants and lengths of time. An instant has microseconds from the moment it is made, on every backend alike.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

/// A point in time, in microseconds; written as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

impl Instant {
    /// The instant so many microseconds after 1970-01-01T00:00:00Z; `None` outside the years -9999 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        Timestamp::from_microsecond(micros).ok().map(Self)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The instant `length` later, or the last one there is.
    #[must_use]
    pub fn plus(self, length: SignedDuration) -> Self {
        Self::from(self.0.saturating_add(length).unwrap_or(Timestamp::MAX))
    }

    /// How long it is from `earlier` to here; negative if `earlier` is later.
    pub fn since(self, earlier: Self) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }
}

impl From<Timestamp> for Instant {
    /// Drops what is finer than a microsecond.
    fn from(timestamp: Timestamp) -> Self {
        Self::from_micros(timestamp.as_microsecond()).unwrap_or(Self(Timestamp::MAX))
    }
}

impl FromStr for Instant {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<Timestamp>().map(Self::from)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_microseconds_and_is_written_in_utc() {
        let instant: Instant = "2017-01-01T00:01:09.2803789+03:00".parse().unwrap();
        assert_eq!(instant.to_string(), "2016-12-31T21:01:09.280378Z");
        assert_eq!(Instant::from_micros(instant.as_micros()), Some(instant));
    }

    #[test]
    fn adding_never_leaves_the_calendar() {
        let end = Instant::from(Timestamp::MAX);
        assert_eq!(end.plus(SignedDuration::from_hours(1)), end);
    }
}
