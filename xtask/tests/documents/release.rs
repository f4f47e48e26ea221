//! Releases in a tree of their own: what is frozen, what is refused, and what is compared with what was frozen.

use std::fs;

use tempfile::TempDir;
use xtask::document::FAMILIES;
use xtask::workspace::Workspace;
use xtask::{Error, breaking, release};

const THINGS: &str = include_str!("../data/things.yaml");
const CHANGELOG: &str = "# Changes\n\n## [Unreleased]\n\n### Added\n\n- Things,\n  and more.\n";
const DAY: &str = "2026-01-31";

/// A tree with three documents, whose identifiers differ, and a changelog.
struct Tree {
    folder: TempDir,
    workspace: Workspace,
}

impl Tree {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir(folder.path().join("openapi")).expect("a folder can be made");
        fs::write(folder.path().join("Cargo.toml"), "").expect("a file can be written");
        let workspace = Workspace::at(folder.path()).expect("the tree is there");
        let tree = Self { folder, workspace };
        tree.write("CHANGELOG.md", CHANGELOG);
        for family in &FAMILIES {
            let ids = format!("operationId: {}_", family.module);
            let text = THINGS.replace("operationId: ", &ids);
            tree.write(&format!("{}.yaml", family.name), &text);
        }
        tree
    }

    /// The tree after its first release.
    fn released() -> Self {
        let tree = Self::new();
        tree.release("0.1.0").expect("nothing stands against it");
        tree
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join("openapi").join(file);
        fs::write(path, text).expect("a file can be written");
    }

    fn read(&self, file: &str) -> String {
        let path = format!("openapi/{file}");
        self.workspace.read(&path).expect("the file is there")
    }

    fn edit(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} has no {old:?}");
        self.write(file, &text.replace(old, new));
    }

    /// The documents say another version.
    fn prepare_version(&self, old: &str, new: &str) {
        for family in &FAMILIES {
            let file = format!("{}.yaml", family.name);
            let version = |version| format!("  version: {version}\n");
            self.edit(&file, &version(old), &version(new));
        }
    }

    /// The documents of 0.1.0 say this version, and the changelog has an entry.
    fn prepare(&self, version: &str, entry: &str) {
        self.prepare_version("0.1.0", version);
        let heading = "## [Unreleased]\n";
        self.edit("CHANGELOG.md", heading, &format!("{heading}\n{entry}\n"));
    }

    fn release(&self, version: &str) -> Result<(), Error> {
        release::run(&self.workspace, version, Some(DAY))
    }

    /// The rules that a release breaks; nothing may be written then.
    fn refusals(&self, version: &str) -> Vec<&'static str> {
        let before = self.workspace.files("openapi").expect("it can be listed");
        let changelog = self.read("CHANGELOG.md");
        let version = release::parsed(version).expect("a version");
        let found = release::refusals(&self.workspace, &version).expect("the tree can be read");
        let result = self.release(&version.to_string());
        assert_eq!(result.is_err(), !found.is_empty());
        if result.is_err() {
            assert_eq!(
                self.workspace.files("openapi").expect("it can be listed"),
                before
            );
            assert_eq!(self.read("CHANGELOG.md"), changelog);
        }
        found.into_iter().map(|finding| finding.rule).collect()
    }
}

/// A change that breaks callers of `list_things` of the first document.
fn break_callers(tree: &Tree) {
    tree.edit("graph-beta.yaml", "maximum: 1000", "maximum: 999");
}

#[test]
fn a_release_freezes_the_documents_and_closes_the_entry() {
    let tree = Tree::released();
    for family in &FAMILIES {
        let file = format!("{}.yaml", family.name);
        assert_eq!(
            tree.read(&format!("released/0.1.0/{file}")),
            tree.read(&file)
        );
    }
    let expected = CHANGELOG.replace(
        "## [Unreleased]\n",
        "## [Unreleased]\n\n## [0.1.0] - 2026-01-31\n",
    );
    assert_eq!(tree.read("CHANGELOG.md"), expected);
}

#[test]
fn without_a_date_the_entry_has_that_of_today() {
    let tree = Tree::new();
    release::run(&tree.workspace, "0.1.0", None).expect("nothing stands against it");
    let changelog = tree.read("CHANGELOG.md");
    let (_, rest) = changelog
        .split_once("## [0.1.0] - ")
        .expect("it has an entry");
    let (date, _) = rest.split_once('\n').expect("the line ends");
    assert!(date.parse::<jiff::civil::Date>().is_ok(), "{date}");
}

#[test]
fn a_version_that_exists_or_is_not_newer_is_refused() {
    let tree = Tree::released();
    tree.prepare("0.1.0", "- More.");
    assert_eq!(tree.refusals("0.1.0"), ["release-order"]);
    tree.prepare_version("0.1.0", "0.0.9");
    assert_eq!(tree.refusals("0.0.9"), ["release-order"]);
}

#[test]
fn versions_are_ordered_as_numbers() {
    let tree = Tree::released();
    tree.prepare("0.9.0", "- More.");
    assert_eq!(tree.refusals("0.9.0"), [""; 0]);
    tree.prepare_version("0.9.0", "0.10.0");
    tree.edit(
        "CHANGELOG.md",
        "## [Unreleased]\n",
        "## [Unreleased]\n\n- Even more.\n",
    );
    assert_eq!(tree.refusals("0.10.0"), [""; 0]);
}

#[test]
fn a_release_is_three_numbers() {
    let tree = Tree::new();
    for text in ["1", "0.1", "v0.1.0", "0.1.0-rc.1", "0.1.0+7", ""] {
        assert!(tree.release(text).is_err(), "{text}");
    }
    assert!(release::run(&tree.workspace, "0.1.0", Some("31 January")).is_err());
    assert_eq!(tree.read("CHANGELOG.md"), CHANGELOG);
}

#[test]
fn documents_that_say_another_version_are_refused() {
    let tree = Tree::new();
    assert_eq!(tree.refusals("0.2.0"), ["release-version"; 3]);
}

#[test]
fn an_empty_entry_or_none_is_refused() {
    for text in [
        "# Changes\n\n## [Unreleased]\n",
        "# Changes\n\n## [Unreleased]\n\n### Added\n\n## [0.0.1] - 2026-01-01\n\n- Things.\n",
        "# Changes\n\n- Things.\n",
    ] {
        let tree = Tree::new();
        tree.write("CHANGELOG.md", text);
        assert_eq!(tree.refusals("0.1.0"), ["release-entry"], "{text}");
    }
}

#[test]
fn documents_outside_of_the_profile_are_refused() {
    let tree = Tree::new();
    tree.edit("dev.yaml", "tags: [things]", "tags: [thing]");
    assert_eq!(tree.refusals("0.1.0"), ["prose"; 5]);
}

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
fn a_change_that_breaks_nobody_may_come_with_a_patch() {
    let tree = Tree::released();
    tree.prepare("0.1.1", "- Larger pages.");
    tree.edit("graph-beta.yaml", "maximum: 1000", "maximum: 2000");
    assert_eq!(tree.refusals("0.1.1"), [""; 0]);
}

#[test]
fn without_a_release_nothing_breaks() {
    let tree = Tree::new();
    break_callers(&tree);
    assert!(
        breaking::since_release(&tree.workspace)
            .expect("it can be read")
            .is_none()
    );
    assert!(breaking::run(&tree.workspace).is_ok());
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

#[test]
fn what_an_older_release_declared_does_not_count() {
    let tree = Tree::new();
    let entry = "- **Breaking** `graph_beta_list_things`, once.\n- Things";
    tree.edit("CHANGELOG.md", "- Things", entry);
    tree.release("0.1.0").expect("nothing stands against it");
    break_callers(&tree);
    assert!(breaking::run(&tree.workspace).is_err());
}

#[test]
fn the_newest_release_is_the_one_to_compare_with() {
    let tree = Tree::released();
    tree.prepare(
        "0.2.0",
        "- **Breaking** `graph_beta_list_things` is smaller.",
    );
    break_callers(&tree);
    tree.release("0.2.0").expect("nothing stands against it");
    let since = breaking::since_release(&tree.workspace).expect("it can be read");
    let (version, changes) = since.expect("there is a release");
    assert_eq!((version.to_string().as_str(), changes), ("0.2.0", vec![]));
}

#[test]
fn a_new_document_adds_and_one_that_is_gone_breaks() {
    let tree = Tree::released();
    let frozen = tree.folder.path().join("openapi/released/0.1.0");
    fs::rename(frozen.join("dev.yaml"), frozen.join("old.yaml")).expect("it can be renamed");
    let since = breaking::since_release(&tree.workspace).expect("it can be read");
    let (_, changes) = since.expect("there is a release");
    let lines: Vec<_> = changes.iter().map(ToString::to_string).collect();
    let expected = [
        "additive  openapi/dev.yaml#  old: (absent)  new: \"a document\"  a new document",
        "breaking  openapi/old.yaml#  old: \"a document\"  new: (absent)  the document is gone",
    ];
    assert_eq!(lines, expected);
    assert_eq!(changes[1].names(), ["old.yaml"]);
}

#[test]
fn a_folder_that_is_no_version_is_refused() {
    let tree = Tree::released();
    let folder = tree.folder.path().join("openapi/released/next");
    fs::create_dir(&folder).expect("a folder can be made");
    fs::write(folder.join("dev.yaml"), "").expect("a file can be written");
    assert!(breaking::run(&tree.workspace).is_err());
}
