//! The invariants of `crates/README.md` that show in the text of the sources.

use super::packages::PURE;
use super::sources::Source;
use crate::Finding;

/// Words of SQL, in the capitals that statements are written in here.
const SQL: [&str; 6] = [
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "PRAGMA ",
];
/// The packages that talk to a database, and the disk below one, which has a database in its tests.
const BACKENDS: [&str; 3] = [
    "pimento-store-sqlite",
    "pimento-store-postgres",
    "pimento-sqlite-faults",
];

/// What the pure packages never say: they get the time and new ids from their caller, and await nothing.
const IMPURE: [&str; 5] = ["::now(", "new_v4", "SystemTime", "async fn", ".await"];

/// The packages that may commit: the engine, and the stores in their own code.
const COMMITTERS: [&str; 4] = [
    "pimento-engine",
    "pimento-store",
    "pimento-store-sqlite",
    "pimento-store-postgres",
];

/// Every rule that needs the text of the sources.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let hand_written = || {
        sources
            .iter()
            .filter(|source| !source.is_generated() && source.package() != "xtask")
    };
    let mut found = misspelling(hand_written());
    for source in hand_written() {
        found.append(&mut foreign_sql(source));
        found.append(&mut impurity(source));
        found.append(&mut foreign_commit(source));
    }
    found
}

fn foreign_sql(source: &Source) -> Vec<Finding> {
    if BACKENDS.contains(&source.package().as_str()) {
        return Vec::new();
    }
    each_line(source, "sql", &SQL, "is SQL, which belongs to the backends")
}

fn impurity(source: &Source) -> Vec<Finding> {
    if !PURE.contains(&source.package().as_str()) {
        return Vec::new();
    }
    each_line(
        source,
        "pure",
        &IMPURE,
        "does not belong into a pure package",
    )
}

fn foreign_commit(source: &Source) -> Vec<Finding> {
    if COMMITTERS.contains(&source.package().as_str()) || source.is_test() {
        return Vec::new();
    }
    each_line(source, "commit", &[".commit("], "is the engine's to call")
}

fn each_line(source: &Source, rule: &'static str, words: &[&str], message: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, line) in source.code() {
        for word in words.iter().filter(|word| line.contains(**word)) {
            let message = format!("line {number}: `{}` {message}", word.trim());
            found.push(Finding::new(rule, &source.path, message));
        }
    }
    found
}

/// The protocol's misspelling stays in one file, at the edge.
fn misspelling<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Finding> {
    let has_it = |source: &&Source| {
        !source.is_test() && source.code().any(|(_, line)| line.contains("maxElavation"))
    };
    let mut files = sources.filter(has_it);
    let Some(first) = files.next() else {
        return Vec::new();
    };
    let message = format!("the protocol's misspelling is in {} already", first.path);
    files
        .map(|source| Finding::new("misspelling", &source.path, &message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, line: &str) -> Vec<String> {
        let source = Source {
            path: path.to_owned(),
            text: format!("//! It.\n{line}\n"),
        };
        check(&[source]).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn sql_stands_in_the_backends_only() {
        let line = r#"let sql = "SELECT id FROM role";"#;
        assert_eq!(found("crates/store-sqlite/src/read.rs", line), [""; 0]);
        let expected = "crates/engine/src/lib.rs: line 2: `SELECT` is SQL, which belongs to the backends [sql]";
        assert_eq!(found("crates/engine/src/lib.rs", line), [expected]);
    }

    #[test]
    fn the_pure_packages_read_no_clock_draw_no_id_and_await_nothing() {
        for line in [
            "let now = Timestamp::now();",
            "Uuid::new_v4()",
            "async fn load() {}",
            "x.await",
        ] {
            assert_eq!(found("crates/domain/src/lib.rs", line).len(), 1, "{line}");
            assert_eq!(found("crates/server/src/lib.rs", line), [""; 0], "{line}");
        }
    }

    #[test]
    fn the_engine_alone_commits() {
        let line = "store.commit(changeset)";
        assert_eq!(found("crates/engine/src/lib.rs", line), [""; 0]);
        assert_eq!(found("crates/testkit/src/lib.rs", line), [""; 0]);
        assert_eq!(found("crates/api/src/handlers.rs", line).len(), 1);
    }

    #[test]
    fn the_misspelling_stays_in_one_file() {
        let source = |path: &str| Source {
            path: path.to_owned(),
            text: "//! It.\n".to_owned()
                + &"#[serde(rename = \"maxElavationDuration\")]\n".repeat(2),
        };
        let once = source("crates/api/src/wire/settings.rs");
        assert_eq!(
            check(&[once.clone(), source("crates/testkit/src/a.rs")]),
            []
        );
        let twice = check(&[once, source("crates/server/src/lib.rs")]);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].place, "crates/server/src/lib.rs");
    }

    #[test]
    fn generated_files_and_the_checks_themselves_are_left_alone() {
        let line = "let sql = \"SELECT maxElavation\"; store.commit(x)";
        assert_eq!(found("crates/client/src/generated/dev.rs", line), [""; 0]);
        assert_eq!(found("xtask/src/tidy.rs", line), [""; 0]);
    }
}
