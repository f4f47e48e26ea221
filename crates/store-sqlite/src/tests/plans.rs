//! How SQLite carries out the statements: along a key, however large the tables are.

use rusqlite::Connection;

use super::samples::Place;
use crate::{schema, sql};

/// The steps of the statement's plan.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
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

fn reader() -> (Connection, Place) {
    let place = Place::new();
    drop(place.serve());
    (schema::open_reader(&place.path()).unwrap(), place)
}

#[test]
fn every_read_of_a_tenants_rows_searches_along_a_key() {
    let (connection, _place) = reader();
    let statements = [
        sql::REGISTRATION,
        sql::HOLDING,
        sql::SETTINGS,
        sql::ADMINISTERED_ROLE,
        sql::ADMINISTRATORS,
        sql::GRANTS,
        sql::GRANTS_OF_ROLE,
        sql::GRANTS_OF_PRINCIPAL,
        sql::COUNT,
        sql::COUNT_OF_ROLE,
        sql::EVENTS,
        sql::REGISTRATION_REVISION,
        sql::HOLDING_REVISION,
        sql::SETTINGS_REVISION,
        sql::LAST_SEQUENCE,
        sql::REMOVE_HOLDING,
    ];
    for statement in statements {
        let steps = plan(&connection, statement);
        assert!(
            steps
                .iter()
                .any(|step| step.starts_with("SEARCH") && step.contains("(tenant=?")),
            "{statement}: {steps:?}"
        );
        // The only thing that a count runs through is what its inner search found.
        let scans = |step: &&String| step.starts_with("SCAN") && !step.contains("(subquery-1)");
        assert_eq!(steps.iter().find(scans), None, "{statement}: {steps:?}");
    }
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
