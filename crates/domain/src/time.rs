//! Instants and lengths of time. An instant has microseconds from the moment it is made, on every backend alike.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

/// A point in time, in microseconds; written as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

impl Instant {
    /// The last instant there is. The library's own last one has no microseconds to be stored by.
    pub const MAX: Self = Self(Timestamp::constant(253_402_207_199, 999_999_000));

    /// The instant so many microseconds after 1970-01-01T00:00:00Z; `None` outside the years -9999 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        Timestamp::from_microsecond(micros)
            .ok()
            .map(Self)
            .filter(|instant| *instant <= Self::MAX)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The instant `length` later, or [`Instant::MAX`].
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
    /// Drops what is finer than a microsecond, and what is later than [`Instant::MAX`].
    fn from(timestamp: Timestamp) -> Self {
        Self::from_micros(timestamp.as_microsecond()).unwrap_or(Self::MAX)
    }
}

impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        instant.0
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
        assert_eq!(end, Instant::MAX);
        assert_eq!(end.plus(SignedDuration::from_hours(1)), end);
        assert_eq!(end.plus(SignedDuration::MAX), end);
    }

    #[test]
    fn every_instant_comes_back_from_its_microseconds() {
        let first = Instant::from(Timestamp::MIN);
        let late = [
            "9999-12-30T21:59:59.999999Z",
            "9999-12-30T21:59:59.9999999Z",
            "9999-12-30T22:00:00Z",
            "9999-12-30T22:00:00.5Z",
        ];
        let late = late.map(|text| text.parse().unwrap());
        assert!(late.iter().all(|instant| *instant == Instant::MAX));
        for instant in [first, Instant::MAX].into_iter().chain(late) {
            assert_eq!(Instant::from_micros(instant.as_micros()), Some(instant));
        }
        assert_eq!(Instant::from_micros(Instant::MAX.as_micros() + 1), None);
    }
}
