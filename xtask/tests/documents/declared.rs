//! What the changelog has to declare before it may be released, and as which version.

use xtask::breaking;

use crate::tree::{Tree, break_callers};

#[test]
fn a_breaking_change_that_is_not_declared_is_refused() {
    let tree = Tree::released();
    tree.prepare("0.2.0", "- **Breaking** `get_thing` is elsewhere.");
    break_callers(&tree);
    assert_eq!(tree.refusals("0.2.0"), ["undeclared-breaking"]);
}

/// The last release, the next one, and whether that may break callers.
const BUMPS: &[(&str, &str, bool)] = &[
    ("0.1.0", "0.1.1", false),
    ("0.1.0", "0.2.0", true),
    ("0.1.0", "1.0.0", true),
    ("1.2.3", "1.2.4", false),
    ("1.2.3", "1.3.0", false),
    ("1.2.3", "2.0.0", true),
];

#[test]
fn a_breaking_change_asks_for_a_new_major_version_and_before_1_0_for_a_minor_one() {
    for (last, next, is_enough) in BUMPS {
        let tree = Tree::new();
        tree.prepare_version("0.1.0", last);
        tree.release(last).expect("nothing stands against it");
        tree.prepare_version(last, next);
        let entry = "## [Unreleased]\n\n- **Breaking**: pages of\n  `graph_beta_list_things` are smaller.\n";
        tree.edit("CHANGELOG.md", "## [Unreleased]\n", entry);
        break_callers(&tree);
        let expected: &[&str] = match is_enough {
            true => &[],
            false => &["release-bump"],
        };
        assert_eq!(tree.refusals(next), expected, "{last} to {next}");
    }
}

#[test]
fn a_breaking_change_passes_once_the_changelog_names_it() {
    let tree = Tree::released();
    assert!(breaking::run(&tree.workspace).is_ok());
    break_callers(&tree);
    assert!(breaking::run(&tree.workspace).is_err());
    let (_, changes) = breaking::since_release(&tree.workspace)
        .expect("it can be read")
        .expect("there is a release");
    let found = breaking::undeclared(&tree.workspace, &changes).expect("it can be read");
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    let expected = "openapi/CHANGELOG.md: `graph_beta_list_things` breaks callers: take the change back, or write \
                    a line `- **Breaking** …` that names it, in backticks, under ## [Unreleased] [undeclared-breaking]";
    assert_eq!(lines, [expected]);

    for (entry, passes) in [
        ("- `graph_beta_list_things` is smaller.", false),
        ("- **Breaking** graph_beta_list_things is smaller.", false),
        ("- **Breaking** `graph_beta_list_things` is smaller.", true),
        (
            "* **Breaking**: since nobody\n  asked, `graph_beta_list_things` is smaller.",
            true,
        ),
    ] {
        let tree = Tree::released();
        break_callers(&tree);
        let heading = "## [Unreleased]\n";
        tree.edit("CHANGELOG.md", heading, &format!("{heading}\n{entry}\n"));
        assert_eq!(breaking::run(&tree.workspace).is_ok(), passes, "{entry}");
    }
}

/// The roles of `list_things` after the release, the changelog's entry, and the rules that this breaks as 0.1.1.
const GATES: &[(&str, &str, &[&str])] = &[
    ("[Reader, Self]", "- More may call.", &[]),
    (
        "[Writer]",
        "- Others may call `graph_beta_list_things`.",
        &["undeclared-security", "release-bump"],
    ),
    (
        "[Self]",
        "- **Security** `get_thing` is for oneself.",
        &["undeclared-security", "release-bump"],
    ),
    (
        "[Self]",
        "- **Security**: `graph_beta_list_things` is for oneself.",
        &["release-bump"],
    ),
    (
        "[Writer]",
        "- **Breaking**: `graph_beta_list_things` is for others.",
        &["release-bump"],
    ),
];

#[test]
fn who_may_no_longer_call_is_declared_and_asks_for_the_version_of_a_breaking_change() {
    for (roles, entry, expected) in GATES {
        let tree = Tree::released();
        tree.prepare("0.1.1", entry);
        let roles = format!("x-pimento-roles: {roles}");
        tree.edit("graph-beta.yaml", "x-pimento-roles: [Reader]", &roles);
        let is_declared = !expected.contains(&"undeclared-security");
        assert_eq!(
            breaking::run(&tree.workspace).is_ok(),
            is_declared,
            "{entry}"
        );
        assert_eq!(tree.refusals("0.1.1"), *expected, "{roles}: {entry}");
        if !expected.is_empty() {
            tree.prepare_version("0.1.1", "0.2.0");
            let passes = tree.refusals("0.2.0").is_empty();
            assert_eq!(passes, is_declared, "{roles}: {entry}");
        }
    }
}

#[test]
fn a_declared_change_of_security_does_not_declare_one_that_breaks() {
    let tree = Tree::released();
    tree.prepare(
        "0.2.0",
        "- **Security**: `graph_beta_list_things` is for others.",
    );
    tree.edit(
        "graph-beta.yaml",
        "x-pimento-roles: [Reader]",
        "x-pimento-roles: [Writer]",
    );
    break_callers(&tree);
    assert_eq!(tree.refusals("0.2.0"), ["undeclared-breaking"]);
}

/// What is changed in the first document, and how the changes are counted.
const SUMMARIES: &[(&str, &str, &str)] = &[
    ("", "", "nothing that breaks callers"),
    ("maximum: 1000", "maximum: 999", "1 breaking, declared"),
    (
        "maximum: 1000",
        "maximum: 2000",
        "nothing that breaks callers; 1 additive",
    ),
    (
        "[Reader]",
        "[Self]",
        "1 neither stricter nor looser, declared",
    ),
    (
        "[Reader]",
        "[Reader, Self]",
        "nothing that breaks callers; 1 looser",
    ),
    (
        "summary: Is it up?",
        "summary: Is it?",
        "nothing that breaks callers; 1 of the words alone",
    ),
];

#[test]
fn the_last_line_counts_the_classes_that_there_are() {
    for (old, new, expected) in SUMMARIES {
        let tree = Tree::released();
        tree.edit("graph-beta.yaml", old, new);
        let since = breaking::since_release(&tree.workspace).expect("it can be read");
        let (_, changes) = since.expect("there is a release");
        assert_eq!(breaking::summary(&changes), *expected, "{new}");
    }
}

#[test]
fn what_an_older_release_declared_does_not_count() {
    let tree = Tree::new();
    let entry = "- **Breaking** `graph_beta_list_things`, once.\n- Things";
    tree.edit("CHANGELOG.md", "- Things", entry);
    tree.release("0.1.0").expect("nothing stands against it");
    break_callers(&tree);
    assert!(breaking::run(&tree.workspace).is_err());
}
