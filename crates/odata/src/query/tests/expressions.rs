//! Options that carry expressions.

use super::super::{Options, options};
use crate::expression::{self, Projection};

const ALL: [&str; 9] = [
    "$top",
    "$count",
    "$skiptoken",
    "$skip",
    "$filter",
    "$orderby",
    "$select",
    "$expand",
    "$search",
];

#[test]
fn expressions_are_read_where_the_operation_takes_them() {
    let read = options(
        Some(
            "$filter=a%20eq%201&ORDERBY=b+desc&%24select=a,b&expand=c($select=d)&search=x&$skip=7",
        ),
        &ALL,
    )
    .unwrap();
    let expected = Options {
        skip: 7,
        filter: Some(expression::filter("a eq 1").unwrap()),
        order_by: expression::order_by("b desc").unwrap(),
        select: Projection::Only(vec!["a".to_owned(), "b".to_owned()]),
        expand: expression::expand("c($select=d)").unwrap(),
        search: Some(expression::search("x").unwrap()),
        ..Options::default()
    };
    assert_eq!(read, expected);
}

#[test]
fn an_expression_that_is_not_understood_is_refused_by_the_name_of_its_option_and_its_place() {
    for (query, named, place) in [
        ("$filter=a eq", "$filter", "the end"),
        ("orderby=a up", "$orderby", "position 3"),
        ("$select=a b", "$select", "position 1"),
        ("$expand=a(b", "$expand", "closing parenthesis"),
        ("$search=%22", "$search", "phrase"),
        ("$skip=-1", "$skip", "from 0 to 2147483647"),
        ("$skip=2147483648", "$skip", "from 0 to 2147483647"),
        ("$filter=a&filter=a", "$filter", "more than once"),
    ] {
        let refused = options(Some(query), &ALL).expect_err(query);
        assert_eq!(refused.name(), named, "{query}");
        assert!(refused.to_string().contains(place), "{query}: {refused}");
    }
}

#[test]
fn what_is_nested_in_an_expansion_can_be_asked_again_in_a_request_of_its_own() {
    let nested = "a($filter=b eq 'x;y,z)';ORDERBY=b desc;$top=5;select=b),c";
    let expands = expression::expand(nested).unwrap();
    let again = expands[0].query();
    let escaped = "$filter=b+eq+'x;y,z)'&$orderby=b+desc&$top=5&$select=b";
    assert_eq!(again, escaped);
    let read = options(Some(&again), &["$filter", "$orderby", "$top", "$select"]).unwrap();
    assert_eq!(read.filter, expands[0].filter);
    assert_eq!(read.order_by, expands[0].order_by);
    assert_eq!(
        (read.top, read.select),
        (Some(5), expands[0].select.clone())
    );
    assert_eq!(expands[1].query(), "");
}
