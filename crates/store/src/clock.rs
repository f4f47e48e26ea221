//! The clock of the rules: the process clock, or in dev mode and tests one that can be moved.

use std::sync::{Mutex, PoisonError};

use pimento_domain::{Instant, SignedDuration};

/// Where a store's `now` comes from.
#[derive(Debug)]
pub struct Clock(Source);

#[derive(Debug)]
enum Source {
    Process,
    Virtual(Mutex<Shift>),
}

/// How a virtual clock differs from the process clock.
#[derive(Clone, Copy, Debug)]
enum Shift {
    /// Runs so far ahead of it.
    Ahead(SignedDuration),
    /// Stands still here.
    Frozen(Instant),
}

/// What a virtual clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// Its time.
    pub now: Instant,
    /// Whether it stands still.
    pub frozen: bool,
}

impl Clock {
    /// The process clock: what every server but a dev server has.
    pub const fn process() -> Self {
        Self(Source::Process)
    }

    /// A clock that starts at the process clock, or at `not_before` if that is later, and can be moved forward.
    pub fn starting_at(not_before: Option<Instant>) -> Self {
        let process = process_now();
        let ahead = not_before.map_or(SignedDuration::ZERO, |first| {
            first.since(process).max(SignedDuration::ZERO)
        });
        Self(Source::Virtual(Mutex::new(Shift::Ahead(ahead))))
    }

    /// A virtual clock that stands still at `now`.
    pub const fn standing_at(now: Instant) -> Self {
        Self(Source::Virtual(Mutex::new(Shift::Frozen(now))))
    }

    /// The time.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::Process => process_now(),
            Source::Virtual(shift) => shift.lock().unwrap_or_else(PoisonError::into_inner).now(),
        }
    }

    /// Moves a virtual clock forward by `advance`, then lets it stand still or run as `freeze` says, or as it did;
    /// `None` on the process clock, which cannot be moved.
    pub fn change(&self, advance: SignedDuration, freeze: Option<bool>) -> Option<ClockReading> {
        let Source::Virtual(shift) = &self.0 else {
            return None;
        };
        let mut shift = shift.lock().unwrap_or_else(PoisonError::into_inner);
        let now = shift.now().plus(advance.max(SignedDuration::ZERO));
        let frozen = freeze.unwrap_or(matches!(*shift, Shift::Frozen(_)));
        *shift = if frozen {
            Shift::Frozen(now)
        } else {
            Shift::Ahead(now.since(process_now()))
        };
        Some(ClockReading { now, frozen })
    }

    /// Sets a virtual clock to `now`, forward or back, as a process clock that is corrected may jump. It stands still or
    /// runs on as it did; `None` on the process clock. For tests: a server has no use for it.
    #[cfg(feature = "conformance")]
    pub fn correct(&self, now: Instant) -> Option<ClockReading> {
        let Source::Virtual(shift) = &self.0 else {
            return None;
        };
        let mut shift = shift.lock().unwrap_or_else(PoisonError::into_inner);
        let frozen = matches!(*shift, Shift::Frozen(_));
        *shift = if frozen {
            Shift::Frozen(now)
        } else {
            Shift::Ahead(now.since(process_now()))
        };
        Some(ClockReading { now, frozen })
    }
}

impl Shift {
    fn now(self) -> Instant {
        match self {
            Self::Ahead(ahead) => process_now().plus(ahead),
            Self::Frozen(now) => now,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the process clock is read for the rules"
)]
fn process_now() -> Instant {
    Instant::from(jiff::Timestamp::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_clock_moves_forward_stands_still_and_runs_on() {
        let clock = Clock::starting_at(None);
        let frozen = clock
            .change(SignedDuration::from_hours(8), Some(true))
            .expect("virtual");
        assert!(frozen.frozen);
        assert_eq!(clock.now(), frozen.now);
        let later = clock
            .change(SignedDuration::from_mins(1), None)
            .expect("virtual");
        assert_eq!(later.now, frozen.now.plus(SignedDuration::from_mins(1)));
        assert!(later.frozen);
        assert!(
            !clock
                .change(SignedDuration::ZERO, Some(false))
                .expect("virtual")
                .frozen
        );
        assert!(later.now <= clock.now());
    }

    #[test]
    fn a_virtual_clock_starts_no_earlier_than_told() {
        let first = process_now().plus(SignedDuration::from_hours(100));
        assert!(first <= Clock::starting_at(Some(first)).now());
    }

    #[test]
    fn a_clock_that_stands_shows_what_it_was_told_until_it_is_moved() {
        let now = Instant::from_micros(1_000_000).expect("in the calendar");
        let clock = Clock::standing_at(now);
        assert_eq!(clock.now(), now);
        let hour = SignedDuration::from_hours(1);
        let moved = ClockReading {
            now: now.plus(hour),
            frozen: true,
        };
        assert_eq!(clock.change(hour, None), Some(moved));
        assert_eq!(clock.now(), moved.now);
    }

    #[cfg(feature = "conformance")]
    #[test]
    fn a_corrected_clock_may_jump_back_and_runs_or_stands_as_before() {
        let hour = SignedDuration::from_hours(1);
        let clock = Clock::starting_at(None);
        let past = clock.now().plus(-hour);
        assert_eq!(clock.correct(past).map(|shown| shown.frozen), Some(false));
        assert!(clock.now() < past.plus(hour));
        let now = clock.change(hour, Some(true)).expect("virtual").now;
        let back = ClockReading {
            now: now.plus(-hour),
            frozen: true,
        };
        assert_eq!(clock.correct(back.now), Some(back));
        assert_eq!(clock.now(), back.now);
        assert_eq!(Clock::process().correct(now), None);
    }

    #[test]
    fn the_process_clock_cannot_be_moved() {
        assert_eq!(
            Clock::process().change(SignedDuration::from_hours(1), Some(true)),
            None
        );
    }
}
