//! Filters that mean nothing, and what is said of them.

use crate::expression::filter;

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
        "\"2017-13-01\" at position 6 is no date, nor a moment with its offset, as 2026-03-02T10:00:00Z",
    ),
    (
        "a eq 2017-06-25T07:00:00",
        "\"2017-06-25T07:00:00\" at position 6 is no date, nor a moment with its offset, as 2026-03-02T10:00:00Z",
    ),
    (
        "a eq datetime'2017-06-25T07:00:00'",
        "\"datetime'2017-06-25T07:00:00'\" at position 6 is no value of a known type: moments and GUIDs stand as they are, without a type and quotes",
    ),
    (
        "a eq \"x\"",
        "\"\"x\"\" at position 6 is no piece of an expression: operators are words, as eq, and texts stand in single quotes",
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
        "the function tolower at position 1 is not supported; there are startswith, endswith and contains",
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
        "\"; eq 1\" at position 2 is no piece of an expression: operators are words, as eq, and texts stand in single quotes",
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
        "\"true\" at position 20 is not supported; a truth value is compared by eq or ne with true or false",
    ),
    (
        "not",
        "a comparison, startswith, endswith, contains, not or an opening parenthesis is expected at position 4, where the end stands",
    ),
    (
        "(1)",
        "eq, ne, gt, ge, lt, le or in is expected at position 4, where the end stands",
    ),
    (
        "a eq (b)",
        "\"(\" at position 6 is not supported; a property is compared with a value, and a text stands in single quotes",
    ),
    (
        "1 eq 1",
        "\"1\" at position 6 is not supported; a value is compared with a property",
    ),
    (
        "(a eq 1) eq (b eq 1)",
        "\"(\" at position 13 is not supported; a truth value is compared by eq or ne with true or false",
    ),
    (
        "(a eq 1) eq null",
        "\"null\" at position 13 is not supported; a truth value is compared by eq or ne with true or false",
    ),
    (
        "(a eq 1) in (true)",
        "\"in\" at position 10 is not supported; a property alone stands before in",
    ),
    (
        "a add 1 eq 2",
        "\"add\" at position 3 is not supported; there is no arithmetic: write the value that it comes to",
    ),
    (
        "a lt 2026-03-02 add duration'P1D'",
        "\"add\" at position 17 is not supported; there is no arithmetic: write the value that it comes to",
    ),
    (
        "a has 'x'",
        "\"has\" at position 3 is not supported; a property is compared with eq, ne, gt, ge, lt, le or in",
    ),
    (
        "cast(a,Edm.String) eq 'x'",
        "the function cast at position 1 is not supported; there are startswith, endswith and contains",
    ),
    (
        "a/any(x:x eq 'y')",
        "the function a/any at position 1 is not supported; there are startswith, endswith and contains",
    ),
    (
        "a eq tolower('X')",
        "the function tolower at position 6 is not supported; there are startswith, endswith and contains",
    ),
    (
        "startswith(tolower(a),'x')",
        "\"tolower\" at position 12 is not supported; a function is of a property and a text",
    ),
    (
        "startswith((a,'x')",
        "a closing parenthesis is expected at position 14, where \",\" stands",
    ),
    (
        "a in (b)",
        "\"b\" at position 7 is not supported; a property is compared with a value, and a text stands in single quotes",
    ),
];

#[test]
fn a_filter_that_means_nothing_is_told_where_and_what_would() {
    for (text, expected) in NONSENSE {
        assert_eq!(filter(text).unwrap_err().to_string(), *expected, "{text}");
    }
}
