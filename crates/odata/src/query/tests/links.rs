//! How long links are, beside what they lead from.

use proptest::prelude::*;

use crate::query::{Count, MAX_PAGE_SIZE, Options, next_link, options, repeated_length};

fn read(query: &str) -> Options {
    options(Some(query), &["$expand", "$filter", "$count"]).unwrap()
}

#[test]
fn a_url_counts_as_its_links_repeat_it() {
    for (url, expected) in [
        ("/beta", 5),
        ("/beta?", 5),
        ("/beta?$top=1&skip=2&%24skiptoken=abc", 5),
        ("/beta?a=b", 9),
        ("/beta?a=b&&$top=1", 9),
        ("/beta?a={&b", 13),
        ("/beta?a=é", 14),
        ("/beta?a=%C3%A9", 14),
    ] {
        assert_eq!(repeated_length(url), expected, "{url}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_link_repeats_as_much_as_what_was_called_and_adds_little(
        token in "\\PC{1,300}",
        top in 1..=MAX_PAGE_SIZE,
        query in "((\\$?(top|skip|SkipToken|count)=[0-9]{0,4}|x=[b +%41\"{|é]{0,9}|y)?&){0,6}",
    ) {
        let called = format!("/beta/privilegedRoles?{query}");
        let link = next_link(&called, &token, top);
        prop_assert_eq!(repeated_length(&link), repeated_length(&called), "{}", link);
        let added = "&$top=1000&$skiptoken=".len() + 3 * token.len();
        prop_assert!(link.len() <= repeated_length(&called) + added, "{}", link);
    }

    #[test]
    fn the_options_of_an_expansion_are_no_longer_in_a_link_of_their_own(
        text in prop::collection::vec(
            prop::sample::select(vec![
                "x", "+", "%20", "%41", "%27%27", "%7B", "%26", "%25", "%2B", "%23", "é", "{", ";", "(",
            ]),
            0..40,
        ),
    ) {
        let filter = format!("name+ne+'{}'", text.concat());
        let expand = format!("$expand=assignments(Filter={filter};$count=true)");
        let asked = read(&expand).expand.remove(0);
        let alone = asked.query();
        let length = |query: &str| repeated_length(&format!("/beta?{query}"));
        prop_assert!(length(&alone) <= length(&expand), "{}", alone);
        let followed = read(&alone);
        prop_assert_eq!(followed.filter, asked.filter);
        prop_assert_eq!(followed.count, Count::Included);
    }
}
