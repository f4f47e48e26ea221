//! Expressions: what each text means, and what is said of a text that means nothing.

mod round_trip;

use jiff::{SignedDuration, Timestamp};

use super::*;

fn name(text: &str) -> Path {
    Path(text.split('/').map(str::to_owned).collect())
}

fn is_true(property: &str) -> Filter {
    Filter::Compare(name(property), Comparison::Equal, Literal::Boolean(true))
}

fn moment(text: &str) -> Literal {
    Literal::Instant(text.parse::<Timestamp>().unwrap())
}

#[test]
fn every_kind_of_value_is_read() {
    let text = |text: &str| Literal::Text(text.to_owned());
    let guid = "0f693614-c255-4cf5-92fa-74e770c656d8";
    for (written, value) in [
        ("null", Literal::Null),
        ("NULL", Literal::Null),
        ("true", Literal::Boolean(true)),
        ("False", Literal::Boolean(false)),
        ("''", text("")),
        ("'O''Neill'", text("O'Neill")),
        ("' and (a eq 1) '", text(" and (a eq 1) ")),
        ("'日本'", text("日本")),
        ("42", Literal::Integer(42)),
        ("-9223372036854775808", Literal::Integer(i64::MIN)),
        ("2017-06-25T07:00:00Z", moment("2017-06-25T07:00:00Z")),
        (
            "2017-06-25t07:00:00.1234567z",
            moment("2017-06-25T07:00:00.1234567Z"),
        ),
        ("2017-06-25T07:00Z", moment("2017-06-25T07:00:00Z")),
        ("2017-06-25T09:00:00+02:00", moment("2017-06-25T07:00:00Z")),
        ("2017-06-25T09:00:00 02:00", moment("2017-06-25T07:00:00Z")),
        ("2017-06-25T01:30:00-05:30", moment("2017-06-25T07:00:00Z")),
        ("2017-06-25", moment("2017-06-25T00:00:00Z")),
        (
            "duration'PT8H'",
            Literal::Duration(SignedDuration::from_hours(8)),
        ),
        ("PT8H", Literal::Duration(SignedDuration::from_hours(8))),
        ("-PT30M", Literal::Duration(SignedDuration::from_mins(-30))),
        (
            "duration'P1DT0.5S'",
            Literal::Duration(SignedDuration::from_millis(86_400_500)),
        ),
        ("-P2D", Literal::Duration(SignedDuration::from_hours(-48))),
        (guid, Literal::Guid(guid.to_owned())),
        (
            "FE930BE7-5E62-47DB-91AF-98C3A49A38B1",
            Literal::Guid("fe930be7-5e62-47db-91af-98c3a49a38b1".to_owned()),
        ),
        ("microsoft.graph.approvalState'pending'", text("pending")),
    ] {
        let read = filter(&format!("a eq {written}"));
        let expected = Filter::Compare(name("a"), Comparison::Equal, value);
        assert_eq!(read, Ok(expected), "{written}");
    }
}

#[test]
fn operators_bind_as_the_protocol_says() {
    let [a, b, c] = ["a", "b", "c"].map(is_true);
    let not = |filter: &Filter| Filter::Not(Box::new(filter.clone()));
    let or = Filter::Or;
    let and = Filter::And;
    let written = |text: &str| {
        let long = text
            .replace('a', "A eq true")
            .replace('b', "b eq true")
            .replace('c', "c eq true");
        filter(
            &long
                .replace("A eq", "a eq")
                .replace('&', "and")
                .replace('|', "or")
                .replace('!', "not "),
        )
    };
    for (text, expected) in [
        (
            "a | b & c",
            or(vec![a.clone(), and(vec![b.clone(), c.clone()])]),
        ),
        (
            "a & b | c",
            or(vec![and(vec![a.clone(), b.clone()]), c.clone()]),
        ),
        (
            "(a | b) & c",
            and(vec![or(vec![a.clone(), b.clone()]), c.clone()]),
        ),
        ("a & b & c", and(vec![a.clone(), b.clone(), c.clone()])),
        ("!a & b", and(vec![not(&a), b.clone()])),
        (
            "!(a & b) | c",
            or(vec![not(&and(vec![a.clone(), b.clone()])), c.clone()]),
        ),
        ("!!((a))", not(&not(&a))),
    ] {
        assert_eq!(written(text), Ok(expected), "{text}");
    }
}

#[test]
fn every_comparison_function_and_list_is_read() {
    let one = || Literal::Integer(1);
    for (word, comparison, mirrored) in [
        ("eq", Comparison::Equal, Comparison::Equal),
        ("ne", Comparison::NotEqual, Comparison::NotEqual),
        ("gt", Comparison::Greater, Comparison::Less),
        ("ge", Comparison::GreaterOrEqual, Comparison::LessOrEqual),
        ("lt", Comparison::Less, Comparison::Greater),
        ("LE", Comparison::LessOrEqual, Comparison::GreaterOrEqual),
    ] {
        let compare = |comparison| Ok(Filter::Compare(name("a/b"), comparison, one()));
        assert_eq!(filter(&format!("a/b {word} 1")), compare(comparison));
        assert_eq!(filter(&format!("1 {word} a/b")), compare(mirrored));
    }
    for (word, function) in [
        ("startswith", Function::StartsWith),
        ("endsWith", Function::EndsWith),
        ("contains", Function::Contains),
    ] {
        let call = Filter::Call(function, name("a"), "x".to_owned());
        assert_eq!(filter(&format!("{word}(a,'x')")), Ok(call.clone()));
        assert_eq!(
            filter(&format!(" {word} ( a , 'x' ) eq true ")),
            Ok(call.clone())
        );
        let not = Filter::Not(Box::new(call));
        assert_eq!(filter(&format!("{word}(a,'x') eq false")), Ok(not.clone()));
        assert_eq!(filter(&format!("not {word}(a,'x')")), Ok(not));
    }
    let list = vec![Literal::Text("x".to_owned()), one(), Literal::Null];
    assert_eq!(
        filter("a in ('x',1, null)"),
        Ok(Filter::In(name("a"), list))
    );
    assert_eq!(filter("a"), Ok(Filter::Is(name("a"))));
    assert_eq!(
        filter("not a or true"),
        Ok(Filter::Or(vec![
            Filter::Not(Box::new(Filter::Is(name("a")))),
            Filter::Constant(true),
        ]))
    );
}

/// Filters that mean nothing, and what is said of each.
const NONSENSE: &[(&str, &str)] = &[
    (
        "",
        "a comparison, startswith, endswith, contains, not or an opening parenthesis is expected at position 1, where the end stands",
    ),
    (
        "a eq",
        "a value (a text in single quotes, a number, a date, true, false or null) is expected at position 5, where the end stands",
    ),
    (
        "a eq b",
        "\"b\" at position 6 is not supported; a property is compared with a value, and a text stands in single quotes",
    ),
    (
        "a like 'x'",
        "\"like\" at position 3 is not supported; a property is compared with eq, ne, gt, ge, lt, le or in",
    ),
    (
        "a eq 1 b",
        "and, or, or the end of the filter is expected at position 8, where \"b\" stands",
    ),
    (
        "(a eq 1",
        "and, or, or a closing parenthesis is expected at position 8, where the end stands",
    ),
    (
        "a eq 1)",
        "and, or, or the end of the filter is expected at position 7, where \")\" stands",
    ),
    (
        "a eq 'x",
        "\"'x\" at position 6 is no text, for want of a closing quote",
    ),
    (
        "ä eq 2017-13-01",
        "\"2017-13-01\" at position 6 is no date or moment",
    ),
    (
        "a eq 1.5",
        "\"1.5\" at position 6 is no whole number, date, moment, length of time or GUID",
    ),
    (
        "a eq duration'x'",
        "\"duration'x'\" at position 6 is no length of time",
    ),
    (
        "a eq duration'P1M'",
        "\"duration'P1M'\" at position 6 is no length of time",
    ),
    (
        "tolower(a) eq 'x'",
        "the function tolower at position 8 is not supported; there are startswith, endswith and contains",
    ),
    (
        "startswith(a,1)",
        "a text in single quotes is expected at position 14, where \"1\" stands",
    ),
    (
        "a in ()",
        "a value (a text in single quotes, a number, a date, true, false or null) is expected at position 7, where \")\" stands",
    ),
    (
        "a in 'x'",
        "a list of values in parentheses is expected at position 6, where \"'x'\" stands",
    ),
    (
        "a; eq 1",
        "\"; eq 1\" at position 2 is no piece of an expression",
    ),
    (
        "a/ eq 1",
        "a comparison, startswith, endswith, contains, not or an opening parenthesis is expected at position 1, where \"a/\" stands",
    ),
    (
        "1",
        "eq, ne, gt, ge, lt, le or in is expected at position 2, where the end stands",
    ),
    (
        "contains(a,'x') gt true",
        "eq or ne, and true or false, is expected at position 20, where \"true\" stands",
    ),
];

#[test]
fn a_filter_that_means_nothing_is_told_where_and_what_would() {
    for (text, expected) in NONSENSE {
        assert_eq!(filter(text).unwrap_err().to_string(), *expected, "{text}");
    }
}

#[test]
fn a_filter_has_limits_of_depth_and_size_and_keeps_to_them_however_long_it_is() {
    let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(filter(&deep(MAX_DEPTH)).is_ok());
    let too_deep = ExpressionError::TooMuch {
        what: "levels of parentheses and nots",
        limit: MAX_DEPTH,
    };
    assert_eq!(filter(&deep(MAX_DEPTH + 1)), Err(too_deep.clone()));
    assert_eq!(filter(&"(".repeat(1_000_000)), Err(too_deep.clone()));
    assert_eq!(filter(&"not ".repeat(1_000_000)), Err(too_deep));
    let long = |terms: usize| vec!["a eq 1"; terms].join(" or ");
    assert!(filter(&long(MAX_TERMS)).is_ok());
    assert!(matches!(
        filter(&long(MAX_TERMS + 1)),
        Err(ExpressionError::TooMuch {
            limit: MAX_TERMS,
            ..
        })
    ));
    let list = |values: usize| format!("a in ({})", vec!["1"; values].join(","));
    assert!(filter(&list(MAX_LIST)).is_ok());
    assert!(matches!(
        filter(&list(MAX_LIST + 1)),
        Err(ExpressionError::TooMuch {
            limit: MAX_LIST,
            ..
        })
    ));
}

#[test]
fn orders_are_read_key_by_key() {
    let key = |property, direction| OrderKey {
        path: name(property),
        direction,
    };
    assert_eq!(
        order_by("a, b/c desc ,d ASC"),
        Ok(vec![
            key("a", Direction::Ascending),
            key("b/c", Direction::Descending),
            key("d", Direction::Ascending),
        ])
    );
    for (text, expected) in [
        (
            "",
            "the name of a property is expected at position 1, where the end stands",
        ),
        (
            "a,",
            "the name of a property is expected at position 3, where the end stands",
        ),
        (
            "a down",
            "asc, desc, a comma or the end of the order is expected at position 3, where \"down\" stands",
        ),
        ("a, a desc", "a stands there more than once"),
        (
            "a,b,c,d,e,f,g,h,i",
            "there are more than the 8 keys to order by that are taken",
        ),
    ] {
        assert_eq!(order_by(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn selections_are_read_and_a_star_is_everything() {
    let only = |names: &[&str]| {
        Ok(Projection::Only(
            names.iter().map(|&name| name.to_owned()).collect(),
        ))
    };
    assert_eq!(select("id, userId,id"), only(&["id", "userId"]));
    assert_eq!(select("*"), Ok(Projection::All));
    assert_eq!(select("id,*"), Ok(Projection::All));
    for text in ["", "id,", "a b", "1a", "a(b)"] {
        assert!(select(text).is_err(), "{text}");
    }
}

#[test]
fn expansions_are_read_with_what_is_nested_in_them() {
    let expands = expand("roleInfo,assignments($filter=userId eq 'a;b,c)' and x;$orderby=id desc;top=5;$skip=1;$count=true;$select=id;$expand=roleInfo($expand=summary))").unwrap();
    assert_eq!(expands[0].name, "roleInfo");
    let nested = &expands[1];
    assert_eq!(nested.filter, filter("userId eq 'a;b,c)' and x").ok());
    assert_eq!(
        (nested.top, nested.skip, nested.count),
        (Some(5), Some(1), true)
    );
    assert_eq!(nested.select, Projection::Only(vec!["id".to_owned()]));
    assert_eq!(nested.order_by[0].direction, Direction::Descending);
    assert_eq!(nested.expand[0].expand[0].name, "summary");
    assert_eq!(expand("*").unwrap()[0].name, "*");
    for (text, expected) in [
        (
            "",
            "the name of a navigation property is expected at position 1, where nothing stands",
        ),
        ("a,a", "a stands there more than once"),
        ("a($top=1;top=2)", "$top stands there more than once"),
        (
            "a($levels=2)",
            "\"$levels\" at position 1 is not supported; in the parentheses of $expand there are $select, $filter, $orderby, $top, $skip, $count and $expand",
        ),
        (
            "a($top=-1)",
            "\"-1\" at position 1 is no whole number for $top",
        ),
        (
            "a($top=1",
            "a closing parenthesis after the options is expected at position 1, where \"a($top=1\" stands",
        ),
        (
            "a)",
            "an opening parenthesis before is expected at position 2, where \")\" stands",
        ),
        (
            "a($expand=b($expand=c($expand=d)))",
            "there are more than the 3 levels of $expand that are taken",
        ),
    ] {
        assert_eq!(expand(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn searches_are_read() {
    let term = |text: &str| Search::Term(text.to_owned());
    for (text, expected) in [
        ("admin", term("admin")),
        ("\"user admin\"", term("user admin")),
        (r#""a \"b\" \\""#, term(r#"a "b" \"#)),
        ("a b", Search::And(vec![term("a"), term("b")])),
        (
            "a AND NOT b",
            Search::And(vec![term("a"), Search::Not(Box::new(term("b")))]),
        ),
        (
            "a b OR c",
            Search::Or(vec![Search::And(vec![term("a"), term("b")]), term("c")]),
        ),
        (
            "a (b OR c)",
            Search::And(vec![term("a"), Search::Or(vec![term("b"), term("c")])]),
        ),
        ("or", term("or")),
    ] {
        assert_eq!(search(text), Ok(expected), "{text}");
    }
    for text in ["", "a OR", "NOT", "(a", "a)", "\"a", "\"\"", "AND a"] {
        assert!(search(text).is_err(), "{text}");
    }
    assert!(search(&"(".repeat(1_000_000)).is_err());
    assert!(search(&"a ".repeat(21)).is_err());
}
