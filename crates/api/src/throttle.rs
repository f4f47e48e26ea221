//! How many requests each caller may make: so many a minute, counted by a token bucket that holds a minute's worth.
//!
//! It is the generic cell rate algorithm, with one instant kept for each caller. The crates that do the same keep every caller
//! of the last minute, however many there are; here the number is bounded, and those who used least are forgotten first.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderValue, StatusCode, header};
use pimento_domain::{PrincipalId, TenantId};

use crate::problem::{Problem, code};

const MINUTE: Duration = Duration::from_secs(60);

/// How many callers are remembered at most; with ids of the greatest length that is some 20 MiB.
const CALLERS: usize = 65_536;

/// Who calls.
type Who = (TenantId, PrincipalId);

/// A limit of the requests of each caller. Cheap to clone; clones count together.
///
/// It goes by the machine's monotonic clock, so neither a correction of the time nor the rules' virtual clock changes it.
#[derive(Clone, Debug)]
pub struct Throttle {
    per_minute: NonZeroU32,
    /// For each caller the instant at which their bucket is full again. Nobody whose bucket is full need be here.
    full: Arc<Mutex<HashMap<Who, Instant>>>,
}

impl Throttle {
    /// A limit of so many requests a minute, all of which may come at once.
    pub fn per_minute(requests: NonZeroU32) -> Self {
        Self {
            per_minute: requests,
            full: Arc::default(),
        }
    }

    /// Counts a request of this caller.
    ///
    /// # Errors
    /// 429 where it is one too many; it was not counted, and one passes after the whole seconds of `Retry-After`.
    pub(crate) fn admit(&self, tenant: &TenantId, principal: &PrincipalId) -> Result<(), Problem> {
        self.count((tenant.clone(), principal.clone()), Instant::now())
            .map_err(|wait| self.one_too_many(wait))
    }

    /// Counts a request at `now`; where it is one too many, answers how long to wait for one that is not.
    fn count(&self, who: Who, now: Instant) -> Result<(), Duration> {
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        let known = full.get(&who).copied();
        if known.is_none() && full.len() == CALLERS {
            forget(&mut full, now);
        }
        let then = known.map_or(now, |at| at.max(now)) + MINUTE / self.per_minute.get();
        let wait = then.saturating_duration_since(now + MINUTE);
        if wait.is_zero() {
            full.insert(who, then);
            Ok(())
        } else {
            Err(wait)
        }
    }

    fn one_too_many(&self, wait: Duration) -> Problem {
        let limit = self.per_minute;
        let seconds = whole_seconds(wait);
        let message = format!(
            "The limit of each caller is {limit} a minute, and this is one too many. Try again after {seconds} s; \
             one every {} s always passes.",
            whole_seconds(MINUTE / limit.get())
        );
        Problem::new(StatusCode::TOO_MANY_REQUESTS, code::THROTTLED, message)
            .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }
}

/// Makes room: nobody whose bucket is full again is kept, nor, where that does not free half of the places, who used least.
fn forget(full: &mut HashMap<Who, Instant>, now: Instant) {
    full.retain(|_, at| now < *at);
    if full.len() <= CALLERS / 2 {
        return;
    }
    let mut instants: Vec<Instant> = full.values().copied().collect();
    let middle = instants.len() / 2;
    let (_, median, _) = instants.select_nth_unstable(middle);
    full.retain(|_, at| *median < *at);
}

/// The whole seconds that are no less than this.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(per_minute: u32) -> Throttle {
        Throttle::per_minute(NonZeroU32::new(per_minute).unwrap())
    }

    fn who(tenant: &str, principal: &str) -> Who {
        (tenant.parse().unwrap(), principal.parse().unwrap())
    }

    #[test]
    fn a_minutes_worth_passes_at_once_and_then_one_at_each_share_of_a_minute() {
        for per_minute in [1, 2, 7, 60, 600] {
            let throttle = throttle(per_minute);
            let start = Instant::now();
            let count = |now| throttle.count(who("t", "ada"), now);
            for _ in 0..per_minute {
                assert_eq!(count(start), Ok(()));
            }
            let share = MINUTE / per_minute;
            for n in 1..20 {
                let wait = count(start + share * (n - 1)).unwrap_err();
                assert!(wait <= share, "{wait:?} is more than {share:?}");
                assert_eq!(count(start + share * n), Ok(()), "{per_minute}, {n}");
            }
        }
    }

    #[test]
    fn after_the_whole_seconds_that_it_says_a_request_passes_and_a_second_earlier_none_does() {
        for per_minute in [1, 2, 7, 23] {
            let throttle = throttle(per_minute);
            let mut now = Instant::now();
            for _ in 0..100 {
                while throttle.count(who("t", "ada"), now).is_ok() {}
                let wait = throttle.count(who("t", "ada"), now).unwrap_err();
                let seconds = Duration::from_secs(whole_seconds(wait));
                assert!(wait <= seconds && seconds < wait + Duration::from_secs(1));
                let early = now + seconds - Duration::from_secs(1);
                assert!(throttle.count(who("t", "ada"), early).is_err());
                now += seconds;
                assert_eq!(throttle.count(who("t", "ada"), now), Ok(()));
                now += Duration::from_millis(371);
            }
        }
    }

    #[test]
    fn who_was_away_for_long_has_no_more_than_a_minutes_worth() {
        let throttle = throttle(3);
        let start = Instant::now();
        assert_eq!(throttle.count(who("t", "ada"), start), Ok(()));
        let later = start + 10 * MINUTE;
        for _ in 0..3 {
            assert_eq!(throttle.count(who("t", "ada"), later), Ok(()));
        }
        assert!(throttle.count(who("t", "ada"), later).is_err());
    }

    #[test]
    fn what_is_refused_is_not_counted() {
        let throttle = throttle(2);
        let start = Instant::now();
        let count = |now| throttle.count(who("t", "ada"), now);
        assert_eq!((count(start), count(start)), (Ok(()), Ok(())));
        for _ in 0..1000 {
            assert_eq!(count(start), Err(Duration::from_secs(30)));
        }
        assert_eq!(count(start + Duration::from_secs(30)), Ok(()));
    }

    #[test]
    fn callers_of_other_names_and_of_the_same_name_in_other_tenants_are_counted_by_themselves() {
        let throttle = throttle(1);
        let now = Instant::now();
        for caller in [who("t", "ada"), who("t", "ben"), who("u", "ada")] {
            assert_eq!(throttle.count(caller.clone(), now), Ok(()));
            assert!(throttle.count(caller, now).is_err());
        }
    }

    #[test]
    fn however_many_come_no_more_are_remembered_and_who_used_most_is_not_forgotten() {
        let throttle = throttle(4);
        let now = Instant::now();
        while throttle.count(who("t", "greedy"), now).is_ok() {}
        for n in 0..3 * CALLERS {
            assert_eq!(throttle.count(who("t", &n.to_string()), now), Ok(()));
            assert!(throttle.full.lock().unwrap().len() <= CALLERS);
        }
        assert!(throttle.count(who("t", "greedy"), now).is_err());
    }

    #[test]
    fn who_has_a_full_bucket_again_is_forgotten_before_anybody_else() {
        let throttle = throttle(1);
        let start = Instant::now();
        for n in 0..CALLERS {
            let now = if n < CALLERS / 2 {
                start
            } else {
                start + MINUTE
            };
            assert_eq!(throttle.count(who("t", &n.to_string()), now), Ok(()));
        }
        let now = start + MINUTE;
        assert_eq!(throttle.count(who("t", "new"), now), Ok(()));
        for n in CALLERS / 2..CALLERS {
            assert!(throttle.count(who("t", &n.to_string()), now).is_err());
        }
    }
}
