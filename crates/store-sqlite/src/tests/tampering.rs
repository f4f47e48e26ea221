//! Sealed logs that somebody changes in the file: the first broken place is named.

use pimento_store::seal::Fault;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::samples::{Place, acme, at};
use super::sealing::{columns, copy, found, key, seal, sealed, verify};
use crate::Log;

fn tamper(place: &Place, statements: &str) {
    let connection = place.sqlite();
    connection
        .execute_batch("PRAGMA ignore_check_constraints = 1; PRAGMA synchronous = off")
        .unwrap();
    connection.execute_batch(statements).unwrap();
}

/// Another value than the one in this column, in SQL.
fn another(
    connection: &Connection,
    table: &str,
    column: &str,
    kind: &str,
    sequence: u64,
) -> String {
    let statement =
        format!("SELECT {column} FROM {table} WHERE tenant = 'acme' AND sequence = {sequence}");
    let value: Value = connection
        .query_row(&statement, [], |row| row.get(0))
        .unwrap();
    match value {
        Value::Null if kind == "INTEGER" => "1".to_owned(),
        Value::Null => "'x'".to_owned(),
        Value::Integer(number @ (0 | 1)) => (1 - number).to_string(),
        Value::Integer(number) => (number + 1_000).to_string(),
        Value::Text(text) if text == "change settings" => "'assign'".to_owned(),
        Value::Text(text) => {
            let last = if text.ends_with('0') { '1' } else { '0' };
            format!("'{}{last}'", &text[..text.len() - 1])
        }
        Value::Blob(bytes) => format!("randomblob({})", bytes.len()),
        Value::Real(_) => unreachable!("there are no such columns"),
    }
}

#[test]
fn a_change_of_any_column_of_a_sealed_event_its_seal_or_its_head_is_found_where_it_is() {
    let (original, key) = sealed();
    let mut tried = 0;
    for table in ["events", "seals", "heads"] {
        for sequence in 1..=9_u64 {
            if table == "heads" && !matches!(sequence, 4 | 8 | 9) {
                continue;
            }
            let connection = original.sqlite();
            let columns = columns(&connection, table);
            assert!(4 <= columns.len());
            for (column, kind) in columns {
                let value = another(&connection, table, &column, &kind, sequence);
                let place = copy(&original);
                tamper(
                    &place,
                    &format!(
                        "UPDATE {table} SET {column} = {value} WHERE tenant = 'acme' AND sequence = {sequence}"
                    ),
                );
                let what = format!("{table}.{column} of {sequence}: {value}");
                match (table, column.as_str()) {
                    // A head that is elsewhere is found there; the others sign the same chain without it.
                    ("heads", "tenant" | "sequence") => {
                        verify(&place, &key, &[]).expect_err(&what);
                    }
                    _ => {
                        let mut log = Log::open(&place.path()).unwrap();
                        let checked = log.verify(&acme(), &[key.public_key()], &[]).unwrap();
                        assert_eq!(checked.expect_err(&what).sequence, sequence, "{what}");
                    }
                }
                tried += 1;
            }
        }
    }
    assert!(300 < tried, "{tried}");
}

#[test]
fn one_bit_of_a_seal_or_head_is_enough() {
    let (original, key) = sealed();
    for (table, column, bytes) in [
        ("seals", "digest", 32),
        ("seals", "seal", 32),
        ("heads", "seal", 32),
        ("heads", "signature", 64),
        ("heads", "key", 32),
    ] {
        let place = copy(&original);
        let connection = place.sqlite();
        for bit in [0, 7, 8 * bytes - 1] {
            let select =
                format!("SELECT {column} FROM {table} WHERE tenant = 'acme' AND sequence = 8");
            let whole: Vec<u8> = connection.query_row(&select, [], |row| row.get(0)).unwrap();
            let update =
                format!("UPDATE {table} SET {column} = ?1 WHERE tenant = 'acme' AND sequence = 8");
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            connection.execute(&update, [flipped]).unwrap();
            let (tenant, sequence, _, holds) = found(&place, &key, &[]);
            assert_eq!(
                (tenant.as_str(), sequence, holds),
                ("acme", 8, 4),
                "{table}.{column}"
            );
            connection.execute(&update, [whole]).unwrap();
        }
        verify(&place, &key, &[]).unwrap();
    }
}

/// What somebody does to the rows of a tenant, and what is found: where, why, and which head still holds.
type Case = (&'static str, u64, Fault, u64);

const CASES: [Case; 14] = [
    (
        "DELETE FROM events WHERE sequence = 3",
        3,
        Fault::Removed,
        0,
    ),
    (
        "DELETE FROM events WHERE sequence = 9",
        9,
        Fault::Removed,
        8,
    ),
    (
        "DELETE FROM seals WHERE sequence = 5",
        5,
        Fault::Unsealed,
        4,
    ),
    (
        "DELETE FROM seals WHERE sequence = 9",
        9,
        Fault::Unsealed,
        8,
    ),
    (
        "DELETE FROM heads WHERE sequence = 9",
        9,
        Fault::Unsigned,
        8,
    ),
    ("DELETE FROM heads", 1, Fault::Unsigned, 0),
    (
        "DELETE FROM events WHERE sequence = 2; DELETE FROM seals WHERE sequence = 2",
        2,
        Fault::Missing,
        0,
    ),
    (
        "DELETE FROM events WHERE 5 < sequence; DELETE FROM seals WHERE 5 < sequence",
        6,
        Fault::Missing,
        4,
    ),
    (
        "DELETE FROM events WHERE 5 < sequence; DELETE FROM seals WHERE 5 < sequence;
             DELETE FROM heads WHERE 5 < sequence",
        5,
        Fault::Unsigned,
        4,
    ),
    // Renumbered: what was event 3 is event 10 now.
    (
        "UPDATE events SET sequence = 10 WHERE tenant = 'acme' AND sequence = 3",
        3,
        Fault::Removed,
        0,
    ),
    // Two that have changed places.
    (
        "UPDATE events SET sequence = -1 WHERE tenant = 'acme' AND sequence = 5;
             UPDATE events SET sequence = 5 WHERE tenant = 'acme' AND sequence = 6;
             UPDATE events SET sequence = 6 WHERE tenant = 'acme' AND sequence = -1",
        5,
        Fault::Content,
        4,
    ),
    // The same with their seals.
    (
        "UPDATE events SET sequence = -1 WHERE tenant = 'acme' AND sequence = 5;
             UPDATE events SET sequence = 5 WHERE tenant = 'acme' AND sequence = 6;
             UPDATE events SET sequence = 6 WHERE tenant = 'acme' AND sequence = -1;
             UPDATE seals SET sequence = 0 WHERE tenant = 'acme' AND sequence = 5;
             UPDATE seals SET sequence = 5 WHERE tenant = 'acme' AND sequence = 6;
             UPDATE seals SET sequence = 6 WHERE tenant = 'acme' AND sequence = 0",
        5,
        Fault::Content,
        4,
    ),
    // An older head in the place of the newest.
    (
        "DELETE FROM heads WHERE tenant = 'acme' AND sequence = 9;
             INSERT INTO heads SELECT tenant, 9, seal, signed_at, signature, key FROM heads
             WHERE tenant = 'acme' AND sequence = 8",
        9,
        Fault::Signature,
        8,
    ),
    // An event before the first.
    (
        "UPDATE events SET sequence = 0 WHERE tenant = 'acme' AND sequence = 1",
        1,
        Fault::Missing,
        0,
    ),
];

#[test]
fn rows_that_are_taken_added_or_moved_are_found() {
    let (original, key) = sealed();
    for (statements, sequence, fault, holds) in CASES {
        let place = copy(&original);
        tamper(&place, statements);
        let expected = ("acme".to_owned(), sequence, fault, holds);
        assert_eq!(found(&place, &key, &[]), expected, "{statements}");
    }
}

#[test]
fn an_event_that_was_inserted_is_found() {
    let (place, key) = sealed();
    // All after the fourth are moved on by one, and a copy of it takes the place.
    tamper(
        &place,
        "CREATE TEMP TABLE one AS SELECT * FROM events WHERE tenant = 'acme' AND sequence = 4;
         UPDATE one SET sequence = 5;
         UPDATE events SET sequence = sequence + 1000 WHERE tenant = 'acme' AND 4 < sequence;
         UPDATE events SET sequence = sequence - 999 WHERE tenant = 'acme' AND 1000 < sequence;
         INSERT INTO events SELECT * FROM one",
    );
    let expected = ("acme".to_owned(), 5, Fault::Content, 4);
    assert_eq!(found(&place, &key, &[]), expected);
}

#[test]
fn the_logs_of_two_tenants_cannot_change_places() {
    let (original, key) = sealed();
    let swap = |table: &str| {
        format!(
            "UPDATE {table} SET tenant = 'third' WHERE tenant = 'acme';
             UPDATE {table} SET tenant = 'acme' WHERE tenant = 'other';
             UPDATE {table} SET tenant = 'other' WHERE tenant = 'third';"
        )
    };
    let place = copy(&original);
    tamper(&place, &["events", "seals", "heads"].map(swap).concat());
    assert_eq!(
        found(&place, &key, &[]),
        ("acme".to_owned(), 1, Fault::Seal, 0)
    );
}

#[test]
fn a_chain_that_somebody_else_sealed_anew_is_found_at_the_first_head() {
    let (place, key) = sealed();
    // All but the key: events, salts, seals and heads are made anew by Pimento itself.
    tamper(
        &place,
        "DELETE FROM heads WHERE tenant = 'acme'; DELETE FROM seals WHERE tenant = 'acme';
         UPDATE events SET reason = 'another' WHERE tenant = 'acme' AND sequence = 2",
    );
    let store = place.serve();
    let thief = self::key();
    seal(&store, &acme(), &thief, 4);
    drop(store);
    let expected = ("acme".to_owned(), 4, Fault::Key(thief.public_key()), 0);
    assert_eq!(found(&place, &key, &[]), expected);
    // And with the true key's name on their heads.
    place
        .sqlite()
        .execute("UPDATE heads SET key = ?1", [key.public_key().as_bytes()])
        .unwrap();
    let (_, sequence, fault, _) = found(&place, &key, &[]);
    assert_eq!((sequence, fault), (4, Fault::Signature));
}

/// Seals and heads gone, and nothing said of it.
const UNSEALED: &str =
    "DELETE FROM seals; DELETE FROM heads; INSERT INTO unsealed VALUES ('acme'), ('other');";

#[test]
fn a_log_that_is_sealed_anew_with_its_own_key_is_found_by_the_head_that_is_remembered() {
    let (original, key) = sealed();
    let mut log = Log::open(&original.path()).unwrap();
    let remembered = log.heads(&acme(), 1).unwrap();
    let (all, cut) = (
        "DELETE FROM events",
        "DELETE FROM events WHERE 7 < sequence",
    );
    let another = "UPDATE events SET reason = 'another' WHERE tenant = 'acme' AND sequence = 2";
    for (statements, before, after) in [
        (another, (1, Fault::CutOff(9)), (9, Fault::Replaced(at(7)))),
        (cut, (1, Fault::CutOff(9)), (8, Fault::CutOff(9))),
        (all, (1, Fault::CutOff(9)), (1, Fault::CutOff(9))),
    ] {
        let place = copy(&original);
        tamper(&place, &format!("{UNSEALED} {statements}"));
        let found = || {
            let mut log = Log::open(&place.path()).unwrap();
            let checked = log.verify(&acme(), &[key.public_key()], &remembered);
            let broken = checked.unwrap().expect_err(statements);
            (broken.sequence, broken.fault)
        };
        assert_eq!(found(), before, "{statements}");
        seal(&place.serve(), &acme(), &key, 4);
        assert_eq!(found(), after, "{statements}");
    }
}

#[test]
fn a_registered_tenant_of_whose_log_nothing_is_left_is_found() {
    let (place, key) = sealed();
    tamper(
        &place,
        "DELETE FROM events; DELETE FROM seals; DELETE FROM heads;
         INSERT INTO tenants (tenant, registered_at, revision) VALUES ('acme', 1, 1)",
    );
    let expected = ("acme".to_owned(), 1, Fault::Gone, 0);
    assert_eq!(found(&place, &key, &[]), expected);
}

#[test]
fn events_without_a_seal_are_counted_wherever_the_log_is_broken() {
    let (place, _) = sealed();
    for (statements, expected) in [
        ("DELETE FROM events WHERE sequence = 3", 0),
        ("DELETE FROM seals WHERE 7 < sequence", 2),
        ("DELETE FROM seals", 8),
    ] {
        tamper(&place, statements);
        let log = Log::open(&place.path()).unwrap();
        assert_eq!(log.unsealed(&acme()), Ok(expected), "{statements}");
    }
}
