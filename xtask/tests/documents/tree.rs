//! A tree of its own in which documents are released: three documents, a changelog, and what the checks read beside.

use std::fs;

use tempfile::TempDir;
use xtask::document::FAMILIES;
use xtask::workspace::Workspace;
use xtask::{Error, release, table};

pub(crate) const THINGS: &str = include_str!("../data/things.yaml");
const ROLES: &str = "pub const READER: RoleId = 1;\npub const WRITER: RoleId = 2;\npub const BIG_READER: RoleId = 3;\n";
pub(crate) const CHANGELOG: &str =
    "# Changes\n\n## [Unreleased]\n\n### Added\n\n- Things,\n  and more.\n";
const DAY: &str = "2026-01-31";

/// A tree with three documents, whose identifiers differ, and a changelog.
pub(crate) struct Tree {
    pub(crate) folder: TempDir,
    pub(crate) workspace: Workspace,
}

impl Tree {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir(folder.path().join("openapi")).expect("a folder can be made");
        fs::write(folder.path().join("Cargo.toml"), "").expect("a file can be written");
        let workspace = Workspace::at(folder.path()).expect("the tree is there");
        let tree = Self { folder, workspace };
        tree.write("CHANGELOG.md", CHANGELOG);
        let roles = tree.workspace.path(table::ROLES);
        let domain = roles.parent().expect("the file is in a folder");
        fs::create_dir_all(domain).expect("a folder can be made");
        fs::write(roles, ROLES).expect("a file can be written");
        for family in &FAMILIES {
            let ids = format!("operationId: {}_", family.module);
            let text = THINGS.replace("operationId: ", &ids);
            tree.write(&format!("{}.yaml", family.name), &text);
        }
        tree
    }

    /// The tree after its first release.
    pub(crate) fn released() -> Self {
        let tree = Self::new();
        tree.release("0.1.0").expect("nothing stands against it");
        tree
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join("openapi").join(file);
        fs::write(path, text).expect("a file can be written");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        let path = format!("openapi/{file}");
        self.workspace.read(&path).expect("the file is there")
    }

    pub(crate) fn edit(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} has no {old:?}");
        self.write(file, &text.replace(old, new));
    }

    /// The documents say another version.
    pub(crate) fn prepare_version(&self, old: &str, new: &str) {
        for family in &FAMILIES {
            let file = format!("{}.yaml", family.name);
            let version = |version| format!("  version: {version}\n");
            self.edit(&file, &version(old), &version(new));
        }
    }

    /// The documents of 0.1.0 say this version, and the changelog has an entry.
    pub(crate) fn prepare(&self, version: &str, entry: &str) {
        self.prepare_version("0.1.0", version);
        let heading = "## [Unreleased]\n";
        self.edit("CHANGELOG.md", heading, &format!("{heading}\n{entry}\n"));
    }

    pub(crate) fn release(&self, version: &str) -> Result<(), Error> {
        release::run(&self.workspace, version, Some(DAY))
    }

    /// The rules that a release breaks; nothing may be written then.
    pub(crate) fn refusals(&self, version: &str) -> Vec<&'static str> {
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
pub(crate) fn break_callers(tree: &Tree) {
    tree.edit("graph-beta.yaml", "maximum: 1000", "maximum: 999");
}
