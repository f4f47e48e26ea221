//! What each option takes and refuses, whose preference counts, and where the next page lies.

mod expressions;
mod links;

use proptest::prelude::*;

use super::{
    Count, MAX_PAGE_SIZE, MAX_SKIPTOKEN_LENGTH, OptionError, Options, next_link,
    page_size_preference,
};

/// What lists took before there were expressions.
const PAGING: [&str; 3] = ["$top", "$count", "$skiptoken"];

fn list_options(query: Option<&str>) -> Result<Options, OptionError> {
    super::options(query, &PAGING)
}

fn no_options(query: Option<&str>) -> Result<(), OptionError> {
    super::options(query, &[]).map(|_| ())
}

fn options(query: &str) -> Options {
    list_options(Some(query)).unwrap_or_else(|error| panic!("{query}: {error}"))
}

fn refusal(query: &str) -> OptionError {
    list_options(Some(query)).expect_err(query)
}

fn preferred(headers: &[&str]) -> Option<usize> {
    page_size_preference(headers.iter().copied())
}

#[test]
fn a_list_without_a_query_has_no_options() {
    for query in [None, Some(""), Some("&&")] {
        assert_eq!(list_options(query), Ok(Options::default()));
    }
}

#[test]
fn names_come_in_any_case_with_or_without_their_dollar_sign() {
    let expected = Options {
        top: Some(5),
        count: Count::Included,
        skiptoken: Some("a b+c&d".to_owned()),
        ..Options::default()
    };
    for query in [
        "$top=5&$count=true&$skiptoken=a%20b%2Bc%26d",
        "top=5&count=TRUE&skiptoken=a+b%2Bc%26d",
        "%24Top=5&%24COUNT=True&%24skipToken=a+b%2bc%26d",
        "&$skiptoken=a+b%2Bc%26d&&%74op=%35&$count=true&",
    ] {
        assert_eq!(options(query), expected, "{query}");
    }
}

#[test]
fn a_page_size_is_a_whole_number_from_1_to_1000() {
    assert_eq!(options("$top=1").top, Some(1));
    assert_eq!(options("$top=1000").top, Some(MAX_PAGE_SIZE));
    for sent in [
        "0",
        "-1",
        "1001",
        "ten",
        "",
        "1.5",
        "%2B5",
        "+5",
        "5 ",
        "0x5",
        "99999999999999999999999",
        "٣",
    ] {
        let refused = refusal(&format!("$top={sent}"));
        assert!(
            matches!(refused, OptionError::Invalid { name: "$top", .. }),
            "{sent}: {refused}"
        );
        assert!(refused.to_string().contains("from 1 to 1000"), "{refused}");
    }
    assert!(matches!(refusal("$top"), OptionError::Invalid { .. }));
}

#[test]
fn a_count_is_true_or_false() {
    assert_eq!(options("$count=False").count, Count::Omitted);
    for sent in ["1", "yes", "", "truee"] {
        let refused = refusal(&format!("$count={sent}"));
        assert!(
            matches!(
                refused,
                OptionError::Invalid {
                    name: "$count",
                    expected: "true or false",
                    ..
                }
            ),
            "{refused}"
        );
    }
}

#[test]
fn a_skiptoken_has_a_bounded_length() {
    let longest = "x".repeat(MAX_SKIPTOKEN_LENGTH);
    assert_eq!(
        options(&format!("$skiptoken={longest}"))
            .skiptoken
            .as_deref(),
        Some(longest.as_str())
    );
    for sent in [format!("{longest}x"), String::new()] {
        let refused = refusal(&format!("$skiptoken={sent}"));
        assert!(
            matches!(
                refused,
                OptionError::Invalid {
                    name: "$skiptoken",
                    ..
                }
            ),
            "{refused}"
        );
        assert!(
            refused.to_string().contains("@odata.nextLink (1 to 2000"),
            "{refused}"
        );
    }
}

#[test]
fn a_format_is_json() {
    let format = |value: &str| super::options(Some(&format!("$format={value}")), &["$format"]);
    for value in [
        "json",
        "JSON",
        "application/json",
        "Application/Json;odata.metadata=minimal",
        "application/json;metadata=minimal;IEEE754Compatible=false;%20charset=UTF-8",
    ] {
        assert_eq!(format(value), Ok(Options::default()), "{value}");
    }
    for value in [
        "",
        "xml",
        "atom",
        "json;odata.metadata=minimal",
        "application/json;odata.metadata=full",
        "application/json;odata.metadata=none",
        "application/json;IEEE754Compatible=true",
        "application/json;",
        "text/json",
        "jsonx",
    ] {
        let refused = format(value).expect_err(value);
        assert_eq!(refused.name(), "$format", "{value}");
        let text = refused.to_string();
        assert!(text.contains("must be json or application/json"), "{text}");
    }
}

#[test]
fn an_option_sent_twice_is_refused_in_whatever_spelling() {
    for (query, name) in [
        ("$top=5&top=5", "$top"),
        ("$top=5&$top=6", "$top"),
        ("count=true&a=b&$COUNT=true", "$count"),
        ("$skiptoken=a&%24skiptoken=a", "$skiptoken"),
    ] {
        assert_eq!(refusal(query), OptionError::Duplicate { name });
    }
}

#[test]
fn other_system_options_are_refused_by_name() {
    for (query, named) in [
        ("$filter=isElevated eq true", "$filter"),
        ("filter=x", "$filter"),
        ("ORDERBY=id", "$orderby"),
        ("%24select=id,userId", "$select"),
        ("expand=roleInfo", "$expand"),
        ("skip=1", "$skip"),
        ("search=x", "$search"),
        ("$format=json", "$format"),
        ("apply=x", "$apply"),
        ("compute=x", "$compute"),
        ("deltatoken=x", "$deltatoken"),
        ("$Unknown=1", "$Unknown"),
        ("$=1", "$"),
        ("$$top=1", "$$top"),
    ] {
        let refused = refusal(query);
        assert_eq!(refused.name(), named, "{query}");
        assert!(
            matches!(refused, OptionError::Unsupported { .. }),
            "{query}"
        );
        assert!(
            refused
                .to_string()
                .contains("takes $top, $count and $skiptoken"),
            "{refused}"
        );
    }
}

#[test]
fn what_is_none_of_odatas_is_ignored() {
    let expected = Options {
        top: Some(2),
        ..Options::default()
    };
    assert_eq!(
        options("id=1&$top=2&api-version=1.0&topmost=1&=x&@p='a'&api-version=2"),
        expected
    );
    assert_eq!(no_options(Some("api-version=1.0&trace")), Ok(()));
}

#[test]
fn a_malformed_query_is_refused_even_in_what_is_ignored_and_by_name() {
    for (query, name) in [
        ("$top=%", "$top"),
        ("top=%3", "$top"),
        ("%24Filter=%C0%80", "$filter"),
        ("$filter=%00", "$filter"),
        ("$filter%00=x", "$filter%00"),
        ("a=%zz", "a"),
        ("%ff=1", "%ff"),
        ("$x=%C3%28", "$x"),
        ("a=b%00", "a"),
        ("$skiptoken=%4+1", "$skiptoken"),
    ] {
        let expected = OptionError::Encoding {
            name: name.to_owned(),
        };
        assert_eq!(expected.name(), name);
        assert_eq!(refusal(query), expected, "{query}");
        assert_eq!(no_options(Some(query)), Err(expected), "{query}");
    }
}

#[test]
fn an_operation_that_is_no_list_takes_no_system_option() {
    assert_eq!(no_options(None), Ok(()));
    for (query, named) in [
        ("$top=5", "$top"),
        ("a=1&COUNT=true", "$count"),
        ("skiptoken=", "$skiptoken"),
        ("select=id", "$select"),
    ] {
        let refused = no_options(Some(query)).expect_err(query);
        assert_eq!(refused.name(), named);
        assert!(
            refused.to_string().contains("takes no query options"),
            "{refused}"
        );
    }
}

#[test]
fn a_refusal_tells_what_was_sent_and_what_would_work() {
    assert_eq!(
        refusal("$top=1001").to_string(),
        "The query option '$top' must be a whole number from 1 to 1000; '1001' was sent."
    );
}

#[test]
fn a_refusal_repeats_little_of_a_long_value_and_no_control_characters() {
    let text = refusal(&format!("$top=%0D%0A%1B{}", "9".repeat(10_000))).to_string();
    assert!(
        text.chars().count() < 200 && !text.contains(char::is_control),
        "{text}"
    );
    assert!(
        refusal(&format!("${}=1", "ü".repeat(10_000)))
            .to_string()
            .chars()
            .count()
            < 200
    );
}

#[test]
fn a_preferred_page_size_is_found_among_other_preferences() {
    for header in [
        "odata.maxpagesize=50",
        "maxpagesize=50",
        "OData.MaxPageSize = 50",
        "odata.maxpagesize=\"50\"",
        "return=minimal, odata.maxpagesize=50",
        "respond-async,maxpagesize=50;strict=yes,wait=10",
        "note=\"a, odata.maxpagesize=7 \\\" ; b\", odata.maxpagesize=50",
        "odata.maxpagesize=many, maxpagesize=50",
        "odata.maxpagesize=50, odata.maxpagesize=60",
    ] {
        assert_eq!(preferred(&[header]), Some(50), "{header}");
    }
    assert_eq!(
        preferred(&["return=minimal", "odata.maxpagesize=50"]),
        Some(50)
    );
}

#[test]
fn a_preferred_page_size_is_held_within_bounds() {
    assert_eq!(preferred(&["odata.maxpagesize=0"]), Some(1));
    assert_eq!(preferred(&["odata.maxpagesize=1001"]), Some(MAX_PAGE_SIZE));
    assert_eq!(
        preferred(&["odata.maxpagesize=99999999999999999999999999"]),
        Some(MAX_PAGE_SIZE)
    );
}

#[test]
fn a_preference_that_cannot_be_read_is_ignored() {
    for header in [
        "",
        ",;=",
        "odata.maxpagesize",
        "odata.maxpagesize=",
        "maxpagesize=-5",
        "maxpagesize=+5",
        "maxpagesize=\"5",
        "x.maxpagesize=5",
    ] {
        assert_eq!(preferred(&[header]), None, "{header}");
    }
    assert_eq!(preferred(&[]), None);
}

#[test]
fn the_next_link_keeps_what_was_called_and_replaces_the_position() {
    let place = "http://127.0.0.1:8080/beta/privilegedRoles('a%27')/Assignments";
    for (query, expected) in [
        ("", "?$top=100&$skiptoken=a%2Fb%3D%3D"),
        ("?", "?$top=100&$skiptoken=a%2Fb%3D%3D"),
        (
            "?$count=true&x=%31",
            "?$count=true&x=%31&$top=100&$skiptoken=a%2Fb%3D%3D",
        ),
        (
            "?$top=5&x=1&%24SkipToken=old&count=true&",
            "?x=1&count=true&$top=100&$skiptoken=a%2Fb%3D%3D",
        ),
        (
            "?q=\"{ü}\"&topmost=1",
            "?q=%22%7B%C3%BC%7D%22&topmost=1&$top=100&$skiptoken=a%2Fb%3D%3D",
        ),
    ] {
        assert_eq!(
            next_link(&format!("{place}{query}"), "a/b==", 100),
            format!("{place}{expected}")
        );
    }
}

#[test]
fn the_limits_in_the_texts_are_those_of_the_constants() {
    assert!(
        refusal("$top=0")
            .to_string()
            .contains(&MAX_PAGE_SIZE.to_string())
    );
    assert!(
        refusal("$skiptoken=")
            .to_string()
            .contains(&MAX_SKIPTOKEN_LENGTH.to_string())
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_query_and_any_preference_is_read_without_a_panic(text in any::<String>()) {
        let _options = (list_options(Some(&text)), no_options(Some(&text)));
        let _size = page_size_preference([text.as_str()].into_iter());
        let _link = next_link(&text, &text, 1);
    }

    #[test]
    fn following_the_next_link_gives_the_same_options_at_the_next_position(
        token in "\\PC{1,40}",
        top in 1..=MAX_PAGE_SIZE,
        query in "((\\$?(top=[1-9]|count=true|skiptoken=x)|a=[b +%41\"]{0,3})&){0,1}(\\$count=false&)?(b=c)?",
    ) {
        prop_assume!(list_options(Some(&query)).is_ok());
        let link = next_link(&format!("https://pim.example/beta/privilegedRoles?{query}"), &token, top);
        let (_, followed) = link.split_once('?').expect("a link carries its position");
        let expected = Options { top: Some(top), skiptoken: Some(token), ..options(&query) };
        prop_assert_eq!(list_options(Some(followed)), Ok(expected));
    }
}
