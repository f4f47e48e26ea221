//! Releases in a tree of their own: what is frozen, what is refused, and what is compared with what was frozen.

use std::fs;

use xtask::document::FAMILIES;
use xtask::{breaking, frozen, release, spec};

use crate::tree::{CHANGELOG, THINGS, Tree, break_callers};

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

/// What is done to a released document, and what is said of it.
type Tampering = (fn(&Tree), &'static str);

const TAMPERED: &[Tampering] = &[
    (
        |tree| {
            let file = "released/0.1.0/admin.yaml";
            tree.edit(file, "summary: Is it up?", "summary: Is it  up?");
        },
        "openapi/released/0.1.0/admin.yaml: is not what was released",
    ),
    (
        |tree| {
            fs::remove_file(tree.folder.path().join("openapi/released/0.1.0/dev.yaml"))
                .expect("it is there");
        },
        "openapi/released/0.1.0/dev.yaml: was released and is gone",
    ),
    (
        |tree| tree.write("released/0.1.0/later.yaml", THINGS),
        "openapi/released/0.1.0/later.yaml: has no line in openapi/released/0.1.0/SHA256SUMS",
    ),
];

#[test]
fn a_released_document_that_was_changed_is_refused_by_every_task_that_reads_it() {
    for (tamper, expected) in TAMPERED {
        let tree = Tree::released();
        assert!(spec::lint(&tree.workspace).is_ok());
        assert!(breaking::run(&tree.workspace).is_ok());
        tamper(&tree);
        let found = frozen::differing(&tree.workspace).expect("it can be read");
        let [only] = found.as_slice() else {
            panic!("{expected}: {found:#?}");
        };
        assert!(only.to_string().starts_with(expected), "{only}");
        assert!(spec::lint(&tree.workspace).is_err());
        assert!(breaking::run(&tree.workspace).is_err());
        tree.prepare("0.2.0", "- More.");
        assert_eq!(tree.refusals("0.2.0"), ["released"]);
    }
}

#[test]
fn a_release_without_checksums_is_refused() {
    let tree = Tree::released();
    let sums = tree.folder.path().join("openapi/released/0.1.0/SHA256SUMS");
    fs::remove_file(sums).expect("the release wrote it");
    let found = frozen::differing(&tree.workspace).expect("it can be read");
    assert_eq!(found.len(), FAMILIES.len());
}

#[test]
fn the_checksums_are_those_of_sha256sum() {
    // The digest of "abc" in FIPS 180-2.
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.yaml\n";
    assert_eq!(frozen::sums([("a.yaml", "abc")]), expected);
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
