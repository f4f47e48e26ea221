//! What `$select` may leave out is no violation where it was asked, and only there.

use super::*;

#[test]
fn what_was_not_selected_may_be_missing_and_what_is_there_has_to_be_right() {
    let mut body = assignment();
    body.as_object_mut().unwrap().remove("resultMessage");
    assert_eq!(read(&body).violations().len(), 1);
    for query in ["$select=id", "SELECT=id", "$expand=a(%24select=id)"] {
        let selected = Made {
            query,
            ..read(&body)
        };
        assert_eq!(selected.violations(), [""; 0], "{query}");
    }
    body["userId"] = json!(7);
    let selected = Made {
        query: "$select=userId",
        ..read(&body)
    };
    assert_eq!(selected.violations().len(), 1);
}
