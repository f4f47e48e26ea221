//! Rules about the tree's top and about manifests.

use super::sources::Source;
use crate::Finding;

/// What may stand at the top of the tree. `.git` and `target` are there in a working copy.
const TOP_LEVEL: [&str; 12] = [
    ".cargo",
    ".ci",
    ".git",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "crates",
    "openapi",
    "target",
    "xtask",
];

/// A finding for each entry at the top that has no place there.
pub(super) fn top_level(names: &[String]) -> Vec<Finding> {
    let strange = names
        .iter()
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()));
    let message = "has no place at the top of the tree";
    strange
        .map(|name| Finding::new("top-level", name, message))
        .collect()
}

/// The packages that cannot take their lints from the workspace, and why. Who is not one of them writes no `unsafe`.
const OWN_LINTS: &[(&str, &str)] = &[(
    "crates/sqlite-faults/Cargo.toml",
    "a file system for SQLite is made of C functions; it is for tests only",
)];

/// What a member's manifest must leave to the workspace: its lints, and the versions of its dependencies.
pub(super) fn manifest(manifest: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    let is_own = OWN_LINTS.iter().any(|(path, _)| *path == manifest.path);
    if !is_own && !manifest.text.contains("[lints]\nworkspace = true") {
        let message = "must take its lints from the workspace";
        found.push(Finding::new("manifest", &manifest.path, message));
    }
    let mut section = "";
    for line in manifest.text.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let states_version = line.contains("version = ") || line.contains(" = \"");
        if section.ends_with("dependencies]") && states_version {
            let message = format!("{line}: versions stand in the workspace's manifest, once");
            found.push(Finding::new("manifest", &manifest.path, message));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names_stand_at_the_top() {
        let names = ["crates", "xtask", "scripts"].map(str::to_owned);
        let found = top_level(&names);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "scripts");
    }

    #[test]
    fn a_manifest_leaves_lints_and_versions_to_the_workspace() {
        let source = |text: &str| Source {
            path: String::from("crates/a/Cargo.toml"),
            text: text.to_owned(),
        };
        let good = "[lints]\nworkspace = true\n\n[dependencies]\nhttp.workspace = true\n\n[[bin]]\nname = \"a\"\n";
        assert_eq!(manifest(&source(good)), []);
        let own_lints = "[dependencies]\nhttp.workspace = true\n";
        assert_eq!(manifest(&source(own_lints)).len(), 1);
        for line in ["http = \"1\"", "http = { version = \"1\" }"] {
            let text = format!("[lints]\nworkspace = true\n[dev-dependencies]\n{line}\n");
            assert_eq!(manifest(&source(&text)).len(), 1, "{line}");
        }
    }
}
