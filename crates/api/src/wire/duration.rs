//! Lengths of time, in the spellings that clients send.

use jiff::{SignedDuration, Span, SpanRelativeTo};
use pimento_domain::rules::Length;

/// No text that means a length of time is longer.
const MAX_TEXT: usize = 64;

/// An ISO 8601 duration without years and months (`PT2H`, `P1DT30M`), or what Python writes for one (`2:00:00`, `1 day, 2:00:00`).
pub(crate) fn parse_duration(text: &str) -> Option<SignedDuration> {
    if MAX_TEXT < text.len() {
        None
    } else {
        iso(text).or_else(|| clock(text))
    }
}

/// How long an activation is to be: `min`, `default`, hours as a decimal number (`0.5`), or a duration; blank is the default.
pub(crate) fn parse_length(text: &str) -> Option<Length> {
    match text.trim() {
        "" => Some(Length::Default),
        word if word.eq_ignore_ascii_case("default") => Some(Length::Default),
        word if word.eq_ignore_ascii_case("min") => Some(Length::Minimum),
        word => hours(word)
            .or_else(|| parse_duration(word))
            .map(Length::Exactly),
    }
}

/// A length as hours with at most six decimals: `2`, `0.5`.
pub(crate) fn hours_text(length: SignedDuration) -> String {
    let text = format!("{:.6}", length.as_secs_f64() / 3_600.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The shortest and the longest of the lengths that [`hours_text`] shows as this text, in microseconds; `None` where it shows
/// none so.
pub(crate) fn lengths_shown_as(text: &str) -> Option<[SignedDuration; 2]> {
    let middle = hours(text).filter(|length| hours_text(*length) == text)?;
    let furthest = |sign: i64| {
        let at = |micros: i64| middle + SignedDuration::from_micros(sign * micros);
        // A digit of the sixth decimal is 3,600 microseconds.
        let (mut near, mut far) = (0, 3_600);
        while 1 < far - near {
            let between = (near + far) / 2;
            if hours_text(at(between)) == text {
                near = between;
            } else {
                far = between;
            }
        }
        at(near)
    };
    Some([furthest(-1), furthest(1)])
}

/// The library would also take "2 hours": only texts that begin as ISO 8601 says are meant here.
fn iso(text: &str) -> Option<SignedDuration> {
    if !text.trim_start_matches(['-', '+']).starts_with('P') {
        return None;
    }
    let span: Span = text.parse().ok()?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

fn clock(text: &str) -> Option<SignedDuration> {
    let (days, clock) = match text.split_once(", ") {
        None => (0, text),
        Some((days, clock)) => (
            days.strip_suffix(" days")
                .or_else(|| days.strip_suffix(" day"))?
                .parse()
                .ok()?,
            clock,
        ),
    };
    let mut parts = clock.split(':');
    let hours: u32 = digits(parts.next()?)?;
    let minutes: u32 = digits(parts.next()?).filter(|minutes| *minutes < 60)?;
    let seconds = decimal(parts.next()?).filter(|seconds| *seconds < 60.0)?;
    if parts.next().is_some() {
        return None;
    }
    let days: u32 = days;
    let whole = i64::from(days) * 86_400 + i64::from(hours) * 3_600 + i64::from(minutes) * 60;
    SignedDuration::from_secs(whole).checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?)
}

fn hours(text: &str) -> Option<SignedDuration> {
    let micros = (decimal(text)? * 3_600.0 * 1e6).round();
    SignedDuration::try_from_secs_f64(micros / 1e6).ok()
}

fn digits(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

/// Digits with at most one point: no sign, no exponent, nothing that is not a number.
fn decimal(text: &str) -> Option<f64> {
    let plain = text.len() < 16
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_iso_8601_and_as_python_writes_them() {
        let seconds = |text| parse_duration(text).map(|length| length.as_secs());
        for (text, expected) in [
            ("PT2H", 7_200),
            ("PT0S", 0),
            ("P1DT30M", 88_200),
            ("P1D", 86_400),
            ("-PT1H", -3_600),
            ("2:00:00", 7_200),
            ("0:30:00", 1_800),
            ("1 day, 2:00:00", 93_600),
            ("3 days, 0:00:00", 259_200),
            ("0:00:01.5", 1),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "P",
            "2 hours",
            "P1Y",
            "P1M",
            "2:60:00",
            "1:2",
            "a:b:c",
            "-1:00:00",
            "2:00:00:00",
            "9999999999:00:00",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn hours_are_shown_for_every_length_that_is_found_by_them_and_no_other() {
        let micro = SignedDuration::from_micros(1);
        for text in ["2", "0.5", "1.1", "0.333333", "0.000001", "70000000"] {
            let [least, most] = lengths_shown_as(text).unwrap();
            assert!(least < most, "{text}");
            for length in [least, most] {
                assert_eq!(hours_text(length), text);
            }
            for length in [least - micro, most + micro] {
                assert_ne!(hours_text(length), text);
            }
        }
        for text in ["", "2.0", "02", "2h", "-2", "1e3", "0.3333333", "PT2H"] {
            assert_eq!(lengths_shown_as(text), None, "{text}");
        }
    }

    #[test]
    fn the_length_of_an_activation_is_a_word_hours_or_a_duration() {
        let exactly = |seconds| Some(Length::Exactly(SignedDuration::from_secs(seconds)));
        for (text, expected) in [
            ("", Some(Length::Default)),
            (" ", Some(Length::Default)),
            ("default", Some(Length::Default)),
            ("MIN", Some(Length::Minimum)),
            ("2", exactly(7_200)),
            ("0.5", exactly(1_800)),
            ("1.1", exactly(3_960)),
            ("PT2H", exactly(7_200)),
            ("2:00:00", exactly(7_200)),
            ("0", exactly(0)),
        ] {
            assert_eq!(parse_length(text), expected, "{text}");
        }
        for text in [
            "-2",
            "1e3",
            "two",
            "inf",
            "NaN",
            ".",
            "1.2.3",
            "0x10",
            &"9".repeat(100),
        ] {
            assert_eq!(parse_length(text), None, "{text}");
        }
    }
}
