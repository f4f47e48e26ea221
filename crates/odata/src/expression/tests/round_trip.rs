//! Filters of every shape are written and read back, and any text at all is read or refused.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::name;
use crate::expression::*;

/// A filter's one spelling, for reading it back.
fn written(filter: &Filter) -> String {
    let value = |value: &Literal| match value {
        Literal::Null => "null".to_owned(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Literal::Integer(number) => number.to_string(),
        Literal::Instant(instant) => instant.to_string(),
        Literal::Duration(length) => format!("duration'{length}'"),
        Literal::Guid(guid) => guid.clone(),
    };
    let all = |parts: &[Filter], word: &str| {
        let parts: Vec<_> = parts
            .iter()
            .map(|part| format!("({})", written(part)))
            .collect();
        parts.join(word)
    };
    match filter {
        Filter::And(parts) => all(parts, " and "),
        Filter::Or(parts) => all(parts, " or "),
        Filter::Not(inner) => format!("not ({})", written(inner)),
        Filter::Equals(inner, value) => format!("({}) eq {value}", written(inner)),
        Filter::Compare(path, comparison, literal) => {
            let word = format!("{comparison:?}");
            let word = match word.as_str() {
                "Equal" => "eq",
                "NotEqual" => "ne",
                "Greater" => "gt",
                "GreaterOrEqual" => "ge",
                "Less" => "lt",
                _ => "le",
            };
            format!("{path} {word} {}", value(literal))
        }
        Filter::In(path, values) => {
            let values: Vec<_> = values.iter().map(value).collect();
            format!("{path} in ({})", values.join(","))
        }
        Filter::Call(function, path, text) => {
            format!(
                "{function:?}({path},{})",
                value(&Literal::Text(text.clone()))
            )
        }
        Filter::Is(path) => path.to_string(),
        Filter::Constant(constant) => constant.to_string(),
    }
}

/// The same with parentheses around everything that may have them.
fn wrapped(filter: &Filter) -> String {
    let plain = written(filter);
    match filter {
        Filter::And(parts) => {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| format!("({})", wrapped(part)))
                .collect();
            format!("({})", parts.join(" and "))
        }
        Filter::Not(inner) => format!("not (({}))", wrapped(inner)),
        Filter::Equals(inner, value) => format!("(({value}) eq ({}))", wrapped(inner)),
        Filter::Compare(path, ..) => {
            let (name, rest) = (path.to_string(), &plain[path.to_string().len()..]);
            let (operator, value) = rest.trim_start().split_once(' ').unwrap();
            format!("(({name}) {operator} ({value}))")
        }
        _ => format!("({plain})"),
    }
}

fn any_literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        ".{0,12}".prop_map(Literal::Text),
        any::<i64>().prop_map(Literal::Integer),
        (-62_135_596_800_000_000_i64..253_402_207_200_000_000)
            .prop_map(|micros| Literal::Instant(Timestamp::from_microsecond(micros).unwrap())),
        any::<i32>().prop_map(|secs| Literal::Duration(SignedDuration::from_secs(secs.into()))),
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}".prop_map(Literal::Guid),
    ]
}

fn any_path() -> impl Strategy<Value = Path> {
    prop_oneof![
        Just(name("isElevated")),
        Just(name("roleInfo/name")),
        Just(name("userId"))
    ]
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let comparison = prop::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
    ]);
    let function = prop::sample::select(vec![
        Function::StartsWith,
        Function::EndsWith,
        Function::Contains,
    ]);
    let leaf = prop_oneof![
        (any_path(), comparison, any_literal())
            .prop_map(|(path, by, value)| Filter::Compare(path, by, value)),
        (any_path(), prop::collection::vec(any_literal(), 1..4))
            .prop_map(|(path, values)| Filter::In(path, values)),
        (function, any_path(), ".{0,8}")
            .prop_map(|(function, path, text)| Filter::Call(function, path, text)),
        any_path().prop_map(Filter::Is),
        any::<bool>().prop_map(Filter::Constant),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner
                .clone()
                .prop_map(|filter| Filter::Not(Box::new(filter))),
            (inner, any::<bool>()).prop_map(|(filter, value)| equals(filter, value)),
        ]
    })
}

/// A comparison with a truth value, unless that is what it is already, or one of a property or a value alone.
fn equals(filter: Filter, value: bool) -> Filter {
    match filter {
        Filter::Equals(..) | Filter::Not(_) | Filter::Is(_) | Filter::Constant(_) => filter,
        truth => Filter::Equals(Box::new(truth), value),
    }
}

proptest! {
    #[test]
    fn a_filter_that_was_written_is_read_back_equal(tree in any_filter()) {
        prop_assert_eq!(filter(&written(&tree)), Ok(tree));
    }

    #[test]
    fn parentheses_around_everything_mean_nothing(tree in any_filter()) {
        prop_assert_eq!(filter(&wrapped(&tree)), Ok(tree));
    }

    #[test]
    fn no_text_is_too_much_for_any_expression(text in "[ -~ä\u{0}]{0,60}|([a-z]{1,3}|[()',;=$*/ ]|eq|ne|and|or|not|in|true|false|contains|PT1H|2020-01-01|'){0,30}") {
        let _ = (filter(&text), order_by(&text), select(&text), expand(&text), search(&text));
    }
}

#[test]
fn the_end_of_the_calendar_is_the_last_moment() {
    let last = Literal::Instant(Timestamp::MAX);
    for text in [
        "9999-12-31",
        "9999-12-31T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59-08:00",
    ] {
        let filter = filter(&format!("a lt {text}")).unwrap();
        let Filter::Compare(_, _, value) = filter else {
            panic!("{text}: {filter:?}");
        };
        assert_eq!(value, last, "{text}");
    }
}
