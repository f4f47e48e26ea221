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
            let reason = match source {
                None => format!("there is no file {path} (paths are from the top of the tree)"),
                Some(source) if !has_test(&source.text, test) => {
                    format!("{path} has no test `fn {test}`")
                }
                Some(_) => continue,
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

/// Whether a function of this name stands under an attribute that makes it a test.
fn has_test(text: &str, name: &str) -> bool {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let declares = |line: &str| {
        let rest = line
            .split_once("fn ")
            .and_then(|(_, rest)| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    let is_test = |n: &usize| {
        let above = lines[..*n].iter().rev();
        let mut own = above.take_while(|line| !line.is_empty() && !line.ends_with(['}', ';', '{']));
        own.any(|line| {
            line.starts_with("#[") && ["test]", "test("].iter().any(|end| line.contains(end))
        })
    };
    let mut declared = (0..lines.len()).filter(|n| declares(lines[*n]));
    declared.any(|n| is_test(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: &str = "//! Tests.\n\n#[test]\nfn a_role_ends() {}\n\n\
        /// Slow.\n#[tokio::test(flavor = \"multi_thread\")]\n#[expect(\n    clippy::unwrap_used,\n    reason = \"short\"\n)]\n\
        async fn a_kill_loses_nothing() {}\n\n\
        #[expect(dead_code, reason = \"no test\")]\nfn a_role_that_never_ends() {}\n\nproptest! {\n    #[test]\n    fn any_order_holds(seed in 0..9) {}\n}\n";

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
