//! What filters mean, what they cannot, and their limits.

use jiff::SignedDuration;

use super::*;

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
        let not = Filter::Not(Box::new(call.clone()));
        assert_eq!(filter(&format!("not {word} ( a , 'x' ) ")), Ok(not));
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

#[test]
fn any_expression_may_stand_in_parentheses() {
    for (written, plain) in [
        ("(a) eq true", "a eq true"),
        ("a eq (true)", "a eq true"),
        ("((a)) eq ((('b')))", "a eq 'b'"),
        ("(a eq 'b')", "a eq 'b'"),
        ("((a) in ('b'))", "a in ('b')"),
        ("('b') ne (a)", "a ne 'b'"),
        ("(null) eq a", "a eq null"),
        (
            "contains($it/a,'b') and 1 eq $it/c/d",
            "contains(a,'b') and 1 eq c/d",
        ),
        ("startswith((a),('b'))", "startswith(a,'b')"),
        ("(a)", "a"),
        ("((a) and (b)) or (c)", "a and b or c"),
        ("not(a)and(b)", "not a and b"),
    ] {
        assert_eq!(filter(written), filter(plain), "{written}");
        assert!(filter(plain).is_ok(), "{plain}");
    }
}

#[test]
fn a_truth_value_is_compared_with_true_and_false() {
    let equals = |text: &str, value| Filter::Equals(Box::new(filter(text).unwrap()), value);
    for (written, plain, value) in [
        ("(a eq 1) eq true", "a eq 1", true),
        ("a eq 1 eq true", "a eq 1", true),
        ("true eq (a eq 1)", "a eq 1", true),
        ("(a eq 1) eq (false)", "a eq 1", false),
        ("false eq startswith(a,'b')", "startswith(a,'b')", false),
        ("(a and b) eq false", "a and b", false),
        ("not (a eq 1) eq false", "not (a eq 1)", false),
        ("not a eq 1 eq true", "a eq 1", true),
        ("true eq false", "true", false),
    ] {
        let equals = equals(plain, value);
        let expected = if written.starts_with("not a") {
            Filter::Not(Box::new(equals))
        } else {
            equals
        };
        assert_eq!(filter(written), Ok(expected), "{written}");
    }
    for (written, plain, value) in [
        ("(a in (1)) ne true", "a in (1)", true),
        ("(a eq 1) ne false", "a eq 1", false),
        ("a eq 1 eq false eq false", "a eq 1", false),
        ("a eq 1 eq false eq false ne true eq false", "a eq 1", false),
    ] {
        let not = Filter::Not(Box::new(equals(plain, value)));
        assert_eq!(filter(written), Ok(not), "{written}");
    }
    let deep = format!("a{}", " eq true".repeat(2000));
    assert_eq!(filter(&deep), Ok(equals("a eq true", true)));
    let deep = format!("a eq 1{}", " eq false".repeat(2001));
    assert_eq!(filter(&deep), Ok(equals("a eq 1", false)));
}

#[test]
fn not_takes_the_whole_comparison_of_a_property_and_else_what_is_next() {
    let not = |text: &str| Filter::Not(Box::new(filter(text).unwrap()));
    assert_eq!(filter("not a eq 'b'"), Ok(not("a eq 'b'")));
    assert_eq!(filter("not (a) eq 'b'"), Ok(not("a eq 'b'")));
    assert_eq!(filter("not a in ('b')"), Ok(not("a in ('b')")));
    let of_call = Filter::Equals(Box::new(not("contains(a,'b')")), true);
    assert_eq!(filter("not contains(a,'b') eq true"), Ok(of_call));
}

#[test]
fn a_filter_has_limits_of_depth_and_size_and_keeps_to_them_however_long_it_is() {
    let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(filter(&deep(MAX_DEPTH)).is_ok());
    assert!(filter(&deep(MAX_DEPTH).replace('a', "contains(a,'b') eq true")).is_ok());
    let too_deep = ExpressionError::TooMuch {
        what: "levels of parentheses and nots",
        limit: MAX_DEPTH,
    };
    assert_eq!(filter(&deep(MAX_DEPTH + 1)), Err(too_deep.clone()));
    assert_eq!(filter(&"(".repeat(1_000_000)), Err(too_deep.clone()));
    assert_eq!(filter(&"not ".repeat(1_000_000)), Err(too_deep.clone()));
    let nested = format!("contains({}", "(".repeat(1_000_000));
    assert_eq!(filter(&nested), Err(too_deep));
    assert!(filter(&"contains(".repeat(1_000_000)).is_err());
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
