//! Expressions: what each text means, and what is said of a text that means nothing.

mod filters;
mod nonsense;
mod round_trip;

use jiff::Timestamp;

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
        (
            "a,length(b) desc",
            "\"length\" at position 3 is not supported; lists are ordered by properties, as in userId desc",
        ),
        ("a, a desc", "a stands there more than once"),
        ("a, A", "A stands there more than once"),
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
}

/// Expansions that mean nothing, and what is said of each: places are counted in the whole value.
const NO_EXPANSIONS: &[(&str, &str)] = &[
    (
        "",
        "the name of a navigation property is expected at position 1, where nothing stands",
    ),
    ("a,a", "a stands there more than once"),
    (
        "a($select=b)c,d",
        "a comma or the end of $expand is expected at position 13, where \"c\" stands",
    ),
    (
        "a($filter=b eq ')(') d",
        "a comma or the end of $expand is expected at position 22, where \"d\" stands",
    ),
    ("a($top=1;top=2)", "$top stands there more than once"),
    (
        "a($levels=2)",
        "\"$levels\" at position 3 is not supported; in the parentheses of $expand there are $select, $filter, $orderby, $top, $skip, $count and $expand",
    ),
    (
        "a($top=-1)",
        "\"-1\" at position 8 is no whole number for $top",
    ),
    (
        "ä,  b($top=1; $filter=ö eq)",
        "a value (a text in single quotes, a number, a date, true, false or null) is expected at position 27, where the end stands",
    ),
    (
        "a($expand=b($select=c, d e))",
        "the name of a property is expected at position 24, where \"d e\" stands",
    ),
    (
        "a($expand=b($expand=c($orderby= d down)))",
        "asc, desc, a comma or the end of the order is expected at position 35, where \"down\" stands",
    ),
    (
        "a,  b c",
        "the name of a navigation property is expected at position 5, where \"b c\" stands",
    ),
    (
        "a(  $count=x)",
        "\"x\" at position 12 is no true or false for $count",
    ),
    (
        "a(b))",
        "an opening parenthesis before is expected at position 5, where \")\" stands",
    ),
    (
        "a($$top=1)",
        "\"$$top\" at position 3 is not supported; in the parentheses of $expand there are $select, $filter, $orderby, $top, $skip, $count and $expand",
    ),
    (
        "a($top=1",
        "a closing parenthesis is expected at position 9, where nothing stands",
    ),
    (
        "a)",
        "an opening parenthesis before is expected at position 2, where \")\" stands",
    ),
    (
        "a($expand=b($expand=c($expand=d)))",
        "there are more than the 3 levels of $expand that are taken",
    ),
];

#[test]
fn an_expansion_that_means_nothing_is_told_where_in_the_whole_and_what_would() {
    for (text, expected) in NO_EXPANSIONS {
        assert_eq!(expand(text).unwrap_err().to_string(), *expected, "{text}");
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
