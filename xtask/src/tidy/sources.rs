//! Rules about one source file: its doc, its size, its names.

use crate::Finding;
use crate::codegen::{FOLDERS, MARKER};

/// More lines than this need a reason.
const LINES: usize = 400;
/// How the module doc of a longer file begins the sentence that says why.
const REASON: &str = "//! Long because";

/// Modules with such names collect what belongs elsewhere.
const MODULES: [&str; 5] = ["common", "helper", "helpers", "util", "utils"];
/// Types with such endings say nothing about what they are.
const ENDINGS: [&str; 4] = ["Helper", "Impl", "Manager", "Service"];

/// A file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// The path from the root.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// Whether codegen wrote it.
    pub(super) fn is_generated(&self) -> bool {
        let folder = self.path.rsplit_once('/').map(|(folder, _)| folder);
        folder.is_some_and(|folder| FOLDERS.contains(&folder))
    }

    /// Whether all of it is for tests only.
    pub(super) fn is_test(&self) -> bool {
        let is_in = |folder: &str| self.path.contains(folder);
        is_in("/tests/") || is_in("/testkit/") || self.path.ends_with("/tests.rs")
    }

    /// The package whose folder it is in: `pimento-store` for `crates/store/…`.
    pub(super) fn package(&self) -> String {
        match self.path.split('/').collect::<Vec<_>>().as_slice() {
            ["crates", folder, ..] => format!("pimento-{folder}"),
            [folder, ..] => (*folder).to_owned(),
            [] => String::new(),
        }
    }

    /// The lines that run outside of tests, with their numbers: comments and the test module at the end left out.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(n, line)| (n + 1, line));
        let code = numbered.take_while(|(_, line)| line.trim() != "#[cfg(test)]");
        code.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Every rule about one file.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.is_generated() {
        return generated(source);
    }
    let mut found = Vec::new();
    let mut refuse = |rule, message: String| found.push(Finding::new(rule, &source.path, message));
    if !source.text.starts_with("//! ") {
        refuse(
            "module-doc",
            String::from("must start with a `//!` doc that says what it is for"),
        );
    }
    let lines = source.text.lines().count();
    if LINES < lines && !source.text.lines().any(|line| line.starts_with(REASON)) {
        refuse(
            "size",
            format!("has {lines} lines; split it, or write a line `{REASON} …`"),
        );
    }
    let name = source
        .path
        .trim_end_matches("/mod.rs")
        .trim_end_matches(".rs");
    let name = name.rsplit('/').next().unwrap_or_default();
    if MODULES.contains(&name) {
        refuse(
            "name",
            format!("a module named {name} has no job of its own"),
        );
    }
    for (number, line) in source.code() {
        if let Some(name) = declared(line).filter(|name| is_empty_word(name)) {
            refuse(
                "name",
                format!("line {number}: {name} does not say what it is"),
            );
        }
    }
    found
}

fn generated(source: &Source) -> Vec<Finding> {
    if source.text.starts_with(MARKER) {
        return Vec::new();
    }
    let message = "is in a folder for generated files without their mark";
    vec![Finding::new("module-doc", &source.path, message)]
}

/// The name of the type or module that a line declares.
fn declared(line: &str) -> Option<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = line.split(|c| !is_name(c)).filter(|word| !word.is_empty());
    words
        .find(|word| !matches!(*word, "pub" | "crate" | "super" | "in" | "unsafe"))
        .filter(|word| {
            matches!(
                *word,
                "struct" | "enum" | "trait" | "type" | "union" | "mod"
            )
        })?;
    words.next()
}

fn is_empty_word(name: &str) -> bool {
    MODULES.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(&source(path, text))
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn every_file_starts_with_its_doc() {
        assert_eq!(rules("crates/a/src/lib.rs", "//! What it is.\n"), [""; 0]);
        assert_eq!(
            rules("crates/a/src/lib.rs", "use std::fmt;\n"),
            ["module-doc"]
        );
    }

    #[test]
    fn a_generated_file_is_known_by_its_mark() {
        let path = "crates/client/src/generated/admin.rs";
        assert_eq!(
            rules(
                path,
                &format!("{MARKER}: a client.\nstruct AServiceImpl;\n")
            ),
            [""; 0]
        );
        assert_eq!(rules(path, "//! By hand.\n"), ["module-doc"]);
    }

    #[test]
    fn a_long_file_says_why() {
        let long = "//! What it is.\n".to_owned() + &"\n".repeat(LINES);
        assert_eq!(rules("crates/a/src/lib.rs", &long), ["size"]);
        let reason = format!("//! What it is.\n{REASON} it is a table.\n{long}");
        assert_eq!(rules("crates/a/src/lib.rs", &reason), [""; 0]);
    }

    #[test]
    fn modules_and_types_have_names_that_say_something() {
        assert_eq!(
            rules("crates/a/src/utils.rs", "//! Odds and ends.\n"),
            ["name"]
        );
        assert_eq!(
            rules("crates/a/src/helpers/mod.rs", "//! Odds and ends.\n"),
            ["name"]
        );
        for line in [
            "pub(crate) struct RoleManager {",
            "trait StoreService: Send {",
            "mod common;",
        ] {
            assert_eq!(
                rules("crates/a/src/lib.rs", &format!("//! It.\n{line}\n")),
                ["name"],
                "{line}"
            );
        }
        for line in [
            "use tower::Service;",
            "impl Service<Request> for App {",
            "struct Implied;",
            "// a RoleManager",
        ] {
            assert_eq!(
                rules("crates/a/src/lib.rs", &format!("//! It.\n{line}\n")),
                [""; 0],
                "{line}"
            );
        }
    }

    #[test]
    fn code_is_what_is_neither_comment_nor_test() {
        let text = "//! It.\nfn a() {}\n    // note\n#[cfg(test)]\nmod tests {}\n";
        let source = source("crates/a/src/lib.rs", text);
        assert_eq!(source.code().collect::<Vec<_>>(), [(2, "fn a() {}")]);
        assert_eq!(source.package(), "pimento-a");
    }
}
