//! Rules about packages: which may depend on which, and that no crate is there in two versions without a reason.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Finding;

/// One of our own packages, with the names of its dependencies of every kind, those for tests included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) dependencies: Vec<String>,
    /// Those of them that are compiled into what ships.
    pub(super) shipped: Vec<String>,
}

/// A package that is compiled for the program, its tests or its tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compiled {
    pub(super) name: String,
    pub(super) version: String,
    /// The licence as an SPDX expression; empty where the package names none.
    pub(super) licence: String,
}

/// The arrows: each package with the packages of the workspace that it may depend on. A new arrow is a decision and
/// gets a commit of its own.
const ARROWS: &[(&str, &[&str])] = &[
    ("pimento-domain", &[]),
    ("pimento-odata", &[]),
    ("pimento-store", &["pimento-domain"]),
    // For tests only: the disk below SQLite.
    ("pimento-sqlite-faults", &[]),
    (
        "pimento-store-sqlite",
        &["pimento-store", "pimento-domain", "pimento-sqlite-faults"],
    ),
    (
        "pimento-store-postgres",
        &["pimento-store", "pimento-domain"],
    ),
    ("pimento-engine", &["pimento-store", "pimento-domain"]),
    (
        "pimento-api",
        &[
            "pimento-engine",
            "pimento-store",
            "pimento-domain",
            "pimento-odata",
        ],
    ),
    (
        "pimento-server",
        &[
            "pimento-api",
            "pimento-engine",
            "pimento-store",
            "pimento-store-sqlite",
            "pimento-store-postgres",
            "pimento-domain",
        ],
    ),
    ("pimento-client", &[]),
    ("pimento-cli", &["pimento-client"]),
    (
        "pimento-testkit",
        &[
            "pimento-client",
            "pimento-server",
            "pimento-api",
            "pimento-engine",
            "pimento-store",
            "pimento-store-sqlite",
            "pimento-store-postgres",
            "pimento-domain",
        ],
    ),
    ("xtask", &[]),
];

/// Crates that only some packages may use: who uses them otherwise has taken up another crate's job.
const RESERVED: &[(&str, &[&str])] = &[
    (
        "rusqlite",
        &["pimento-store-sqlite", "pimento-sqlite-faults"],
    ),
    ("tokio-postgres", &["pimento-store-postgres"]),
    ("sqlx", &["pimento-store-postgres"]),
    ("progenitor", &["xtask"]),
];

/// Packages that only tests may use.
const FOR_TESTS: [&str; 2] = ["pimento-sqlite-faults", "pimento-testkit"];

/// Crates that the pure packages do without.
const IMPURE: [&str; 5] = ["axum", "reqwest", "rusqlite", "serde", "tokio"];

/// The packages that know nothing of I/O.
pub(super) const PURE: [&str; 2] = ["pimento-domain", "pimento-odata"];

/// Crates that are there in two incompatible versions, and why that is borne. An entry that is not needed is a
/// finding too.
const DUPLICATES: &[(&str, &str)] = &[
    ("base64", "jsonwebtoken 11 still uses 0.22"),
    (
        "syn",
        "schemars, below progenitor, still derives with syn 2",
    ),
    ("tower-http", "reqwest 0.13 still uses 0.6"),
    ("untrusted", "aws-lc-rs uses 0.7, rustls-webpki 0.9"),
];

/// The members in the output of `cargo metadata --no-deps`.
pub(super) fn members(metadata: &str) -> Result<Vec<Member>, String> {
    let metadata: Value = serde_json::from_str(metadata).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().ok_or("no packages")?;
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let member = |package: &Value| {
        let dependencies = package["dependencies"].as_array();
        let dependencies = || dependencies.into_iter().flatten();
        let shipped = dependencies().filter(|dependency| dependency["kind"] != "dev");
        Member {
            name: name(package),
            dependencies: dependencies().map(name).collect(),
            shipped: shipped.map(name).collect(),
        }
    };
    Ok(packages.iter().map(member).collect())
}

/// The packages in the output of `cargo tree --prefix none --format '{p}|{l}'`: lines such as
/// `syn v2.0.119|MIT OR Apache-2.0 (*)`, where the star says that the package has been listed before.
pub(super) fn compiled(tree: &str) -> Vec<Compiled> {
    let package = |line: &str| {
        let (package, licence) = line.split_once('|')?;
        let (name, rest) = package.split_once(" v")?;
        Some(Compiled {
            name: name.to_owned(),
            version: rest.split(' ').next().unwrap_or_default().to_owned(),
            licence: licence.trim_end_matches(" (*)").to_owned(),
        })
    };
    let mut packages: Vec<_> = tree.lines().filter_map(package).collect();
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    packages.dedup();
    packages
}

/// Every rule about our own packages.
pub(super) fn check(members: &[Member]) -> Vec<Finding> {
    let mut found = Vec::new();
    for member in members {
        found.append(&mut arrows(member, members));
        found.append(&mut reserved(member));
        found.append(&mut shipped(member));
    }
    found
}

/// The crates that are compiled in two versions without a reason, and the reasons without such a crate.
pub(super) fn duplicates(packages: &[Compiled]) -> Vec<Finding> {
    unexplained(packages, DUPLICATES)
}

fn arrows(member: &Member, members: &[Member]) -> Vec<Finding> {
    let row = ARROWS.iter().find(|(name, _)| *name == member.name);
    let Some((_, allowed)) = row else {
        let message = "is not in the table of arrows: say there what it may depend on";
        return vec![Finding::new("arrows", &member.name, message)];
    };
    let is_ours = |name: &&String| members.iter().any(|other| other.name == **name);
    let ours = member.dependencies.iter().filter(is_ours);
    let refused = ours.filter(|name| !allowed.contains(&name.as_str()));
    let message = |name| format!("must not depend on {name}");
    refused
        .map(|name| Finding::new("arrows", &member.name, message(name)))
        .collect()
}

fn reserved(member: &Member) -> Vec<Finding> {
    let mut found = Vec::new();
    for dependency in &member.dependencies {
        let row = RESERVED.iter().find(|(name, _)| name == dependency);
        if row.is_some_and(|(_, users)| !users.contains(&member.name.as_str())) {
            let message = format!("{dependency} is not for this package");
            found.push(Finding::new("reserved-crate", &member.name, message));
        }
        if PURE.contains(&member.name.as_str()) && IMPURE.contains(&dependency.as_str()) {
            let message = format!("is pure and must do without {dependency}");
            found.push(Finding::new("pure", &member.name, message));
        }
    }
    found
}

fn shipped(member: &Member) -> Vec<Finding> {
    let for_tests = |name: &&String| FOR_TESTS.contains(&name.as_str());
    let message = |name| format!("must depend on {name} in its tests only");
    let names = member.shipped.iter().filter(for_tests);
    names
        .map(|name| Finding::new("arrows", &member.name, message(name)))
        .collect()
}

fn unexplained(packages: &[Compiled], reasons: &[(&str, &str)]) -> Vec<Finding> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions
            .entry(&package.name)
            .or_default()
            .insert(line(&package.version));
    }
    versions.retain(|_, lines| 1 < lines.len());
    let mut found = Vec::new();
    for (name, lines) in &versions {
        if !reasons.iter().any(|(known, _)| known == name) {
            let lines: Vec<_> = lines.iter().copied().collect();
            let message = format!("is there in versions {}", lines.join(" and "));
            found.push(Finding::new("duplicate-crate", name, message));
        }
    }
    for (name, _) in reasons
        .iter()
        .filter(|(name, _)| !versions.contains_key(name))
    {
        let message = "is no duplicate any more: take it off the list";
        found.push(Finding::new("duplicate-crate", name, message));
    }
    found
}

/// The part of a version within which versions are compatible: `1` of 1.2.3, `0.4` of 0.4.9.
fn line(version: &str) -> &str {
    let parts = match version.strip_prefix("0.") {
        Some(_) => 2,
        None => 1,
    };
    let end = version.match_indices('.').nth(parts - 1).map(|(at, _)| at);
    &version[..end.unwrap_or(version.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, dependencies: &[&str]) -> Member {
        Member {
            name: name.to_owned(),
            dependencies: dependencies.iter().map(|name| (*name).to_owned()).collect(),
            shipped: Vec::new(),
        }
    }

    fn lines(members: &[Member]) -> Vec<String> {
        check(members).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn an_arrow_of_the_table_is_allowed() {
        let store = member("pimento-store", &["pimento-domain", "futures"]);
        assert_eq!(
            lines(&[store, member("pimento-domain", &["jiff"])]),
            [""; 0]
        );
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_is_refused() {
        let domain = member("pimento-domain", &["pimento-store"]);
        let expected = "pimento-domain: must not depend on pimento-store [arrows]";
        assert_eq!(lines(&[domain, member("pimento-store", &[])]), [expected]);
    }

    #[test]
    fn a_package_that_is_not_in_the_table_is_refused() {
        let expected = "pimento-extras: is not in the table of arrows: say there what it may depend on [arrows]";
        assert_eq!(lines(&[member("pimento-extras", &[])]), [expected]);
    }

    #[test]
    fn only_the_backend_may_use_its_database() {
        let expected = "pimento-api: rusqlite is not for this package [reserved-crate]";
        assert_eq!(lines(&[member("pimento-api", &["rusqlite"])]), [expected]);
        assert_eq!(
            lines(&[member("pimento-store-sqlite", &["rusqlite"])]),
            [""; 0]
        );
    }

    #[test]
    fn the_pure_packages_do_without_io() {
        let expected = "pimento-odata: is pure and must do without tokio [pure]";
        assert_eq!(lines(&[member("pimento-odata", &["tokio"])]), [expected]);
    }

    #[test]
    fn two_incompatible_versions_need_a_reason_and_a_reason_needs_them() {
        let twice = compiled("syn v1.0.9|MIT\nsyn v2.0.1|MIT\n");
        let found = unexplained(&twice, &[]);
        assert_eq!(
            found[0].to_string(),
            "syn: is there in versions 1 and 2 [duplicate-crate]"
        );
        assert_eq!(unexplained(&twice, &[("syn", "a reason")]), []);
        let found = unexplained(&twice[..1], &[("syn", "a reason")]);
        assert_eq!(
            found[0].message,
            "is no duplicate any more: take it off the list"
        );
    }

    #[test]
    fn compatible_versions_are_no_duplicates() {
        assert_eq!(
            unexplained(&compiled("http v1.0.0|MIT\nhttp v1.5.2|MIT\n"), &[]),
            []
        );
        assert_eq!(line("0.4.17"), "0.4");
        assert_eq!(line("12.0.1"), "12");
    }

    #[test]
    fn what_is_for_tests_does_not_ship() {
        let mut store = member("pimento-store-sqlite", &["pimento-sqlite-faults"]);
        assert_eq!(lines(&[store.clone()]), [""; 0]);
        store.shipped = store.dependencies.clone();
        let expected =
            "pimento-store-sqlite: must depend on pimento-sqlite-faults in its tests only [arrows]";
        assert_eq!(lines(&[store]), [expected]);
    }

    #[test]
    fn members_are_read_from_the_metadata_of_cargo() {
        let metadata = r#"{"packages": [{"name": "a", "dependencies": [
            {"name": "b", "kind": "dev"}, {"name": "c", "kind": null}]}]}"#;
        let expected = Member {
            shipped: vec!["c".to_owned()],
            ..member("a", &["b", "c"])
        };
        assert_eq!(members(metadata), Ok(vec![expected]));
    }

    #[test]
    fn compiled_packages_are_read_from_the_tree_of_cargo_once_each() {
        let tree = "a v0.1.0 (/src/a)|Apache-2.0\nb v2.0.1 (proc-macro)|\n\na v0.1.0 (/src/a)|Apache-2.0 (*)\n";
        let packages = compiled(tree);
        let seen = packages.iter().map(|one| {
            (
                one.name.as_str(),
                one.version.as_str(),
                one.licence.as_str(),
            )
        });
        assert_eq!(
            seen.collect::<Vec<_>>(),
            [("a", "0.1.0", "Apache-2.0"), ("b", "2.0.1", "")]
        );
    }
}
