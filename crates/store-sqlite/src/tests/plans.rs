//! How SQLite carries out the statements: along a key, however large the tables are.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::samples::Place;
use crate::{schema, sql};

/// The steps of the statement's plan.
pub(super) fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    for parameter in 1..=statement.parameter_count() {
        statement.raw_bind_parameter(parameter, 1).unwrap();
    }
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

pub(super) fn reader() -> (Connection, Place) {
    let place = Place::new();
    drop(place.serve());
    (schema::open_reader(&place.path()).unwrap(), place)
}

/// The statements of the program, by name: what `sql.rs` says, so that none can be forgotten here.
fn statements() -> Vec<(&'static str, &'static str)> {
    let constants = include_str!("../sql.rs").split("pub(crate) const ").skip(1);
    let statement = |constant: &'static str| {
        let (name, rest) = constant.split_once(": &str =").unwrap();
        let (_, text) = rest.split_once('"').unwrap();
        (name, text.split_once("\";").unwrap().0)
    };
    constants.map(statement).collect()
}

/// Statements that do not search along a key of a tenant, with all that they do and why that is well.
const OTHERS: &[(&str, &str)] = &[
    // One row.
    ("PURPOSE", "SCAN meta"),
    ("NEWEST_REVISION", "SCAN meta"),
    ("SET_NEWEST_REVISION", "SCAN meta"),
    // Once, when a file is opened.
    ("TABLES", "SCAN sqlite_master"),
    // Once, when a dev server starts. SQLite calls it a search, but has no index of the times: it reads the whole log.
    ("NEWEST_EVENT", "SEARCH events USING PRIMARY KEY"),
    // What is only written is not searched for.
    ("SET_PURPOSE", ""),
    ("REGISTER", ""),
    ("ADD_GRANT", ""),
    ("SET_SETTINGS", ""),
    ("SET_ADMINISTERED_ROLE", ""),
    ("ADD_EVENT", ""),
    ("SET_REQUEST", ""),
    ("SET_ROLE", ""),
    ("ADD_UNSEALED", ""),
    ("ADD_SEAL", ""),
    ("ADD_HEAD", ""),
    // Of all tenants, along their ids.
    ("UNSEALED", "SEARCH unsealed USING PRIMARY KEY (tenant>?)"),
    (
        "NEXT_LOG",
        "CO-ROUTINE (subquery-4), COMPOUND QUERY, LEFT-MOST SUBQUERY, SEARCH events USING PRIMARY KEY (tenant>?), \
         UNION ALL, SEARCH seals USING PRIMARY KEY (tenant>?), UNION ALL, SEARCH heads USING PRIMARY KEY (tenant>?), \
         UNION ALL, SEARCH tenants USING PRIMARY KEY (tenant>?), \
         SEARCH (subquery-4)",
    ),
    // Of all tenants, along the index of what is due.
    (
        "DUE_GRANTS",
        "SEARCH grants USING COVERING INDEX grants_due (ends_at<?)",
    ),
    (
        "DUE_REQUESTS",
        "SEARCH requests USING COVERING INDEX requests_due (due_at<?)",
    ),
];

#[test]
fn every_statement_searches_along_a_key_of_a_tenant_or_is_one_of_few_others() {
    let (connection, _place) = reader();
    let statements = statements();
    for (other, _) in OTHERS {
        assert!(statements.iter().any(|(name, _)| name == other), "{other}");
    }
    for (name, statement) in statements {
        let steps = plan(&connection, statement);
        if let Some((_, step)) = OTHERS.iter().find(|(other, _)| *other == name) {
            assert_eq!(steps.join(", "), *step, "{name}");
            continue;
        }
        assert!(
            steps
                .iter()
                .any(|step| step.starts_with("SEARCH") && step.contains("(tenant=?")),
            "{name}: {steps:?}"
        );
        // The only thing that a count runs through is what its inner search found.
        let scans = |step: &&String| step.starts_with("SCAN") && !step.contains("(subquery-1)");
        assert_eq!(steps.iter().find(scans), None, "{name}: {steps:?}");
    }
}

#[test]
fn all_statements_stand_in_one_file() {
    let words = ["select ", "insert ", "update ", "delete ", "replace "];
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = 0;
    let entries = |folder| fs::read_dir(folder).unwrap();
    for entry in entries(sources.clone()).chain(entries(sources.join("query"))) {
        let path = entry.unwrap().path();
        if path.is_dir() || path.ends_with("sql.rs") {
            continue;
        }
        files += 1;
        for line in fs::read_to_string(&path).unwrap().lines() {
            let line = format!("{} ", line.trim().to_lowercase());
            // Prose may use the words.
            let is_comment = line.starts_with("//");
            let found = words.iter().find(|word| line.contains(**word));
            assert!(found.is_none() || is_comment, "{}: {line}", path.display());
        }
    }
    assert!(5 < files, "{files} files were looked at");
}

#[test]
fn no_list_sorts_what_it_finds() {
    let (connection, _place) = reader();
    for statement in [
        sql::HOLDING,
        sql::GRANTS,
        sql::GRANTS_OF_ROLE,
        sql::GRANTS_OF_PRINCIPAL,
        sql::COUNT,
        sql::EVENTS,
    ] {
        let steps = plan(&connection, statement);
        assert!(
            !steps.iter().any(|step| step.contains("TEMP B-TREE")),
            "{statement}: {steps:?}"
        );
    }
}

#[test]
fn the_list_of_a_role_reads_its_index_alone_and_starts_at_its_position() {
    let (connection, _place) = reader();
    let expected =
        "SEARCH grants USING COVERING INDEX grants_by_role (tenant=? AND role=? AND principal>?)";
    assert_eq!(plan(&connection, sql::GRANTS_OF_ROLE), [expected]);
}

#[test]
fn the_list_of_everything_starts_at_its_position() {
    let (connection, _place) = reader();
    let expected = "SEARCH grants USING PRIMARY KEY (tenant=? AND (principal,role)>(?,?))";
    assert_eq!(plan(&connection, sql::GRANTS), [expected]);
}

#[test]
fn the_open_requests_of_a_holding_are_found_by_the_holding() {
    let (connection, _place) = reader();
    let expected =
        "SEARCH requests USING INDEX requests_of_holding (tenant=? AND principal=? AND role=?)";
    assert_eq!(plan(&connection, sql::UNRECORDED), [expected]);
}

#[test]
fn operations_are_listed_without_a_look_at_other_events() {
    let (connection, _place) = reader();
    let expected = "SEARCH events USING INDEX operations (tenant=? AND sequence>?)";
    assert_eq!(plan(&connection, sql::OPERATIONS), [expected]);
}

#[test]
fn roles_are_found_by_name_without_a_look_at_removed_ones() {
    let (connection, _place) = reader();
    let expected = "SEARCH roles USING INDEX roles_by_name (tenant=? AND folded=?)";
    assert_eq!(plan(&connection, sql::ROLE_NAMED), [expected]);
}

#[test]
fn who_has_a_role_or_asks_for_it_is_counted_along_the_role() {
    let (connection, _place) = reader();
    let standing = plan(&connection, sql::COUNT_OF_STANDING);
    let expected = "SEARCH grants USING COVERING INDEX grants_by_role (tenant=? AND role=?)";
    assert!(standing.iter().any(|step| step == expected), "{standing:?}");
    let expected =
        "SEARCH requests USING INDEX requests_open_by_role (tenant=? AND role=? AND due_at>?)";
    assert_eq!(plan(&connection, sql::COUNT_OF_OPEN_REQUESTS), [expected]);
}
