//! What is told of attempts as the clock goes, and where there are too many.

use pimento_domain::{After, Cause, Instant, SignedDuration, Uuid};

use super::tally::{DIFFERENT, PEOPLE, WAITING};
use super::{Attempt, Minutes, Tally, Target};

const START: i64 = 1_800_000_000_000_000;

/// So many seconds after the start.
fn at(seconds: i64) -> Instant {
    let start = Instant::from_micros(START).expect("an instant");
    start.plus(SignedDuration::from_secs(seconds))
}

fn attempt(who: &str, code: &'static str) -> Attempt {
    Attempt {
        tenant: "contoso".parse().expect("an id"),
        principal: who.parse().expect("an id"),
        cause: Cause {
            operation: "delete_assignment".into(),
            request: Uuid::nil(),
            client_request: None,
        },
        code,
        target: Target::default(),
    }
}

/// Codes and counts of all that waits, oldest first.
fn told(tally: &mut Tally) -> Vec<(String, u32)> {
    let told = |entry: &super::Entry| {
        let events = entry.events();
        let event = events.iter().next().expect("never none");
        match &event.after {
            After::Refused(refusal) => (refusal.code.to_string(), refusal.times),
            after => panic!("no refusal: {after:?}"),
        }
    };
    tally.take(usize::MAX).iter().map(told).collect()
}

fn expected(told: &[(&str, u32)]) -> Vec<(String, u32)> {
    let told = told.iter();
    told.map(|(code, times)| ((*code).to_owned(), *times))
        .collect()
}

#[test]
fn a_minute_begins_with_the_first_attempt_and_its_count_is_told_when_it_is_over() {
    let mut tally = Tally::default();
    for seconds in [0, 1, 59] {
        tally.note(attempt("ada", "a"), at(seconds));
    }
    tally.close(Minutes::Past, at(59));
    assert_eq!(told(&mut tally), expected(&[("a", 1)]));
    tally.close(Minutes::Past, at(60));
    assert_eq!(told(&mut tally), expected(&[("a", 2)]));
    tally.close(Minutes::All, at(1000));
    assert_eq!(told(&mut tally), []);
}

#[test]
fn the_next_minute_begins_with_the_next_attempt_though_nobody_closed_the_last() {
    let mut tally = Tally::default();
    for seconds in [0, 30, 60, 61] {
        tally.note(attempt("ada", "a"), at(seconds));
    }
    tally.close(Minutes::All, at(61));
    let all = expected(&[("a", 1), ("a", 1), ("a", 1), ("a", 1)]);
    assert_eq!(told(&mut tally), all, "two firsts, each with one more");
}

#[test]
fn whichever_way_the_clock_jumps_every_attempt_is_counted_once() {
    for jump in [
        -1,
        -3600,
        3600,
        SignedDuration::from_hours(24 * 365 * 5000).as_secs(),
    ] {
        let mut tally = Tally::default();
        for seconds in [0, 1, jump, jump + 1] {
            tally.note(attempt("ada", "a"), at(seconds));
        }
        tally.close(Minutes::Past, at(jump + 2));
        tally.close(Minutes::All, at(0));
        let times: u32 = told(&mut tally).iter().map(|(_, times)| times).sum();
        assert_eq!(times, 4, "{jump}");
    }
}

#[test]
fn a_clock_that_is_set_back_ends_the_minute() {
    let mut tally = Tally::default();
    tally.note(attempt("ada", "a"), at(0));
    tally.note(attempt("ada", "a"), at(1));
    tally.close(Minutes::Past, at(-3600));
    assert_eq!(told(&mut tally), expected(&[("a", 1), ("a", 1)]));
}

#[test]
fn a_stop_tells_of_the_minute_that_is_not_over() {
    let mut tally = Tally::default();
    for code in ["a", "a", "b", "a"] {
        tally.note(attempt("ada", code), at(0));
    }
    tally.close(Minutes::All, at(0));
    let all = expected(&[("a", 1), ("b", 1), ("a", 2)]);
    assert_eq!(told(&mut tally), all);
}

#[test]
fn what_could_not_be_written_is_the_first_to_be_tried_again() {
    let mut tally = Tally::default();
    for code in ["a", "b", "c"] {
        tally.note(attempt("ada", code), at(0));
    }
    let taken = tally.take(2);
    tally.note(attempt("ada", "d"), at(0));
    tally.give_back(taken);
    let all = expected(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)]);
    assert_eq!(told(&mut tally), all);
}

#[test]
fn different_attempts_of_one_person_beyond_the_bound_are_one_count_and_nobody_elses() {
    const CODES: [&str; 4] = ["a", "b", "c", "d"];
    let mut tally = Tally::default();
    for n in 0..1000 {
        let user = format!("user-{}", n / CODES.len());
        let target = Target {
            principal: user.parse().ok(),
            ..Target::default()
        };
        let attempt = attempt("mallory", CODES[n % CODES.len()]);
        tally.note(Attempt { target, ..attempt }, at(0));
    }
    tally.note(attempt("ada", "a"), at(0));
    tally.close(Minutes::All, at(0));
    let told = told(&mut tally);
    assert_eq!(told.len(), DIFFERENT + 1 + 1);
    assert!(told.contains(&("several".to_owned(), 1000 - 16)));
    assert_eq!(told.iter().map(|(_, times)| times).sum::<u32>(), 1001);
}

#[test]
fn however_many_people_come_no_more_are_counted_and_how_many_were_not_is_known() {
    let mut tally = Tally::default();
    for n in 0..PEOPLE + 7 {
        tally.note(attempt(&format!("user-{n}"), "a"), at(0));
    }
    assert_eq!(tally.close(Minutes::Past, at(0)), 7);
    assert_eq!(tally.close(Minutes::Past, at(0)), 0, "told of already");
    assert_eq!(told(&mut tally).len(), PEOPLE);
}

#[test]
fn however_long_nothing_can_be_written_no_more_waits_and_how_much_was_lost_is_known() {
    let mut tally = Tally::default();
    let mut lost = 0;
    for n in 0..WAITING + 100 {
        tally.note(attempt(&format!("user-{n}"), "a"), at(0));
        tally.note(attempt(&format!("user-{n}"), "a"), at(0));
        lost += tally.close(Minutes::All, at(0));
    }
    let times: u64 = told(&mut tally)
        .iter()
        .map(|(_, times)| u64::from(*times))
        .sum();
    let all = 2 * (WAITING as u64 + 100);
    assert_eq!((times, lost), (WAITING as u64, all - WAITING as u64));
}
