//! The limits of query options stand in the document as they are in the program.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use pimento_api::generated::GRAPH_BETA;
use pimento_odata::expression::{
    MAX_DEPTH, MAX_EXPAND_DEPTH, MAX_KEYS, MAX_LIST, MAX_NAMES, MAX_SEARCH_DEPTH, MAX_SEARCH_TERMS,
    MAX_TERMS,
};
use pimento_odata::query::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, MAX_SKIP, MAX_SKIPTOKEN_LENGTH};
use serde_json::Value;

/// What the description of an option says of its limits.
fn limits() -> [(&'static str, Vec<String>); 5] {
    [
        (
            "Filter",
            vec![
                format!("{MAX_TERMS} comparisons"),
                format!("{MAX_DEPTH} levels of parentheses and `not` together"),
                format!("{MAX_LIST} values after each `in`"),
            ],
        ),
        (
            "Search",
            vec![
                format!("{MAX_SEARCH_TERMS} words and phrases"),
                format!("{MAX_SEARCH_DEPTH} levels of parentheses and `NOT` together"),
            ],
        ),
        ("OrderBy", vec![format!("{MAX_KEYS} at the most")]),
        ("Select", vec![format!("{MAX_NAMES} at the most")]),
        (
            "Expand",
            vec![
                format!("{MAX_NAMES} at the most"),
                format!("to {MAX_EXPAND_DEPTH} levels in all"),
            ],
        ),
    ]
}

/// A text on one line.
fn flat(text: &Value) -> String {
    let words: Vec<&str> = text.as_str().unwrap().split_whitespace().collect();
    words.join(" ")
}

#[test]
fn each_limit_of_an_option_stands_in_its_description() {
    let document: Value = serde_json::from_str(GRAPH_BETA).unwrap();
    let parameters = &document["components"]["parameters"];
    for (name, limits) in limits() {
        let description = flat(&parameters[name]["description"]);
        for limit in limits {
            assert!(
                description.contains(&limit),
                "{name}: {limit}: {description}"
            );
        }
    }
}

#[test]
fn the_limits_stand_in_the_chapter_on_lists_too() {
    let document: Value = serde_json::from_str(GRAPH_BETA).unwrap();
    let chapter = flat(&document["info"]["description"]);
    let [(_, of_filters), (_, of_searches), ..] = limits();
    let others = [
        format!("Up to {MAX_KEYS} properties"),
        format!("nested to {MAX_EXPAND_DEPTH} levels in all"),
        format!("may have {MAX_NAMES} names"),
    ];
    for limit in of_filters.into_iter().chain(of_searches).chain(others) {
        assert!(chapter.contains(&limit), "{limit}");
    }
}

#[test]
fn the_bounds_of_numbers_and_tokens_are_those_of_the_schemas() {
    let document: Value = serde_json::from_str(GRAPH_BETA).unwrap();
    let schema = |name: &str| document["components"]["parameters"][name]["schema"].clone();
    assert_eq!(schema("Top")["maximum"], MAX_PAGE_SIZE);
    assert_eq!(schema("Top")["default"], DEFAULT_PAGE_SIZE);
    assert_eq!(schema("Skip")["maximum"], MAX_SKIP);
    assert_eq!(schema("SkipToken")["maxLength"], MAX_SKIPTOKEN_LENGTH);
}
