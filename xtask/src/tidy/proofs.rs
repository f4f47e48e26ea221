//! The tests that the READMEs name as proof of what they promise, as `path/to/file.rs::name_of_the_test`.

use super::sources::Source;
use crate::Finding;

/// What stands between a file and a test in it.
const SEPARATOR: &str = ".rs::";

/// A finding for each name of a test in these pages that leads nowhere. Paths are from the root of the tree.
pub(super) fn check(pages: &[Source], sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for page in pages {
        for (number, span) in code_spans(&page.text) {
            let Some((file, test)) = span.split_once(SEPARATOR) else {
                continue;
            };
            let path = format!("{file}.rs");
            let source = sources.iter().find(|source| source.path == path);
            let reason = match source.map(|source| search(&source.text, test)) {
                None => format!("there is no file {path} (paths are from the top of the tree)"),
                Some(Search::Nothing) => format!("{path} has no test `fn {test}`"),
                Some(Search::Ignored) => {
                    format!("`fn {test}` of {path} is ignored, and so not run")
                }
                Some(Search::Test) => continue,
            };
            let message = format!("line {number}: `{span}` proves nothing: {reason}");
            found.push(Finding::new("proof", &page.path, message));
        }
    }
    found
}

/// What stands in backticks, with the numbers of the lines; fenced blocks are left out. A span may go over the end of
/// a line, as text does that is broken at a width.
fn code_spans(text: &str) -> Vec<(usize, String)> {
    let mut spans = Vec::new();
    let mut is_fenced = false;
    let mut open: Option<(usize, String)> = None;
    for (n, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
            continue;
        }
        if is_fenced || line.trim().is_empty() {
            // A paragraph ends here, and no span goes beyond it.
            open = None;
            continue;
        }
        let mut parts = line.split('`');
        if let (Some((_, span)), Some(rest)) = (&mut open, parts.next()) {
            span.push_str(rest.trim());
        }
        for part in parts {
            open = match open.take() {
                Some(span) => {
                    spans.push(span);
                    None
                }
                None => Some((n + 1, part.trim_end().to_owned())),
            };
        }
    }
    spans
}

/// What a name leads to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Search {
    Nothing,
    Ignored,
    Test,
}

/// Whether a function of this name stands under an attribute that makes it a test, and under none that keeps it from
/// being run.
fn search(text: &str, name: &str) -> Search {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let declares = |line: &str| {
        let rest = line
            .split_once("fn ")
            .and_then(|(_, rest)| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    let judged = |n: usize| {
        let above = lines[..n].iter().rev();
        let own = above.take_while(|line| {
            line.starts_with("//") || (!line.is_empty() && !line.ends_with(['}', ';', '{']))
        });
        let attributes: Vec<_> = own.filter(|line| line.starts_with("#[")).collect();
        let has = |words: &[&str]| {
            let mut lines = attributes.iter();
            lines.any(|line| words.iter().any(|word| line.contains(word)))
        };
        match (has(&["test]", "test("]), has(&["[ignore", " ignore"])) {
            (true, false) => Search::Test,
            (true, true) => Search::Ignored,
            (false, _) => Search::Nothing,
        }
    };
    let declared = (0..lines.len()).filter(|n| declares(lines[*n]));
    declared.map(judged).max().unwrap_or(Search::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: &str = "//! Tests.\n\n#[test]\nfn a_role_ends() {}\n\n\
        /// Slow.\n#[tokio::test(flavor = \"multi_thread\")]\n#[expect(\n    clippy::unwrap_used,\n    reason = \"short\"\n)]\n\
        async fn a_kill_loses_nothing() {}\n\n\
        #[expect(dead_code, reason = \"no test\")]\nfn a_role_that_never_ends() {}\n\n\
        #[test]\n#[ignore]\nfn a_role_sleeps() {}\n\n#[ignore = \"slow\"]\n/// It takes a day;\n#[tokio::test]\nasync fn a_day_ends() {}\n\n\
        #[test]\n#[cfg_attr(windows, ignore)]\nfn a_lock_holds() {}\n\nproptest! {\n    #[test]\n    fn any_order_holds(seed in 0..9) {}\n}\n";

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    fn found(text: &str) -> Vec<String> {
        let sources = [source("crates/a/tests/all.rs", TESTS)];
        let found = check(&[source("README.md", text)], &sources);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_test_that_is_there_is_a_proof() {
        for name in ["a_role_ends", "a_kill_loses_nothing", "any_order_holds"] {
            let text = format!("A role ends: `crates/a/tests/all.rs::{name}`.\n");
            assert_eq!(found(&text), [""; 0], "{name}");
        }
    }

    #[test]
    fn a_name_that_leads_nowhere_is_told_with_its_line() {
        let line = |span: &str, reason: &str| {
            format!("README.md: line 3: `{span}` proves nothing: {reason} [proof]")
        };
        for (span, reason) in [
            (
                "crates/a/tests/all.rs::a_role_end",
                "crates/a/tests/all.rs has no test `fn a_role_end`",
            ),
            (
                "crates/a/tests/all.rs::a_role_that_never_ends",
                "crates/a/tests/all.rs has no test `fn a_role_that_never_ends`",
            ),
            (
                "crates/a/tests/all.rs::tests::a_role_ends",
                "crates/a/tests/all.rs has no test `fn tests::a_role_ends`",
            ),
            (
                "a/tests/all.rs::a_role_ends",
                "there is no file a/tests/all.rs (paths are from the top of the tree)",
            ),
        ] {
            let text = format!("# Promises\n\n* It `ends`: `{span}`.\n");
            assert_eq!(found(&text), [line(span, reason)]);
        }
    }

    #[test]
    fn a_test_that_is_ignored_is_no_proof() {
        for name in ["a_role_sleeps", "a_day_ends", "a_lock_holds"] {
            let text = format!("It ends: `crates/a/tests/all.rs::{name}`.\n");
            let expected = format!(
                "README.md: line 1: `crates/a/tests/all.rs::{name}` proves nothing: \
                 `fn {name}` of crates/a/tests/all.rs is ignored, and so not run [proof]"
            );
            assert_eq!(found(&text), [expected]);
        }
    }

    #[test]
    fn every_name_of_a_line_and_of_a_table_is_looked_at() {
        let text = "| ends | `crates/a/tests/all.rs::a_role_ends`, `crates/a/tests/all.rs::gone`, `b.rs::gone` |\n";
        assert_eq!(found(text).len(), 2);
    }

    #[test]
    fn a_name_that_is_broken_at_the_end_of_a_line_is_one_name() {
        let text = "It ends: `crates/a/tests/\nall.rs::gone` and `crates/a/tests/all.rs::\n  a_role_ends`.\n";
        let expected = "README.md: line 1: `crates/a/tests/all.rs::gone` proves nothing: \
                        crates/a/tests/all.rs has no test `fn gone` [proof]";
        assert_eq!(found(text), [expected]);
    }

    #[test]
    fn fenced_blocks_and_other_code_are_no_proofs() {
        let text = "```\n`b.rs::gone`\n```\nSee `domain::rules` and `xtask/src/main.rs`. An odd ` here.\n\nb.rs::gone\n";
        assert_eq!(found(text), [""; 0]);
    }
}
