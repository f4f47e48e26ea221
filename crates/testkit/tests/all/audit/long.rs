//! A log that is longer than memory should be.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Instant, Justification, MAX_REMARK_LENGTH,
    Remark, Uuid,
};
use pimento_store::{Changeset, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};
use pimento_testkit::DEMO_TENANT;

use super::worked;
use crate::server_program::{Program, text};

/// Events of more than half a KiB each.
const EVENTS: usize = 40_000;

/// More than the pipe and the buffers of its two ends have room for, so that the program waits with the rest.
const UNREAD: usize = 1_000;

/// What the export of all may take beyond that of the end, in KiB: SQLite keeps 16 MiB of pages. All that is exported is
/// twice that.
const MORE: u64 = 18 * 1024;

fn event(at: Instant) -> Event {
    let after = After::Assignment(None);
    Event {
        justification: Justification {
            reason: Remark::parse(&"x".repeat(MAX_REMARK_LENGTH)).expect("a reason"),
            ..Justification::default()
        },
        ..Event::new(at, EventKind::Assign, Actor::Pimento, after)
    }
}

async fn tell_of_much(data: &Path) {
    let store = SqliteStore::open(&data.join("pimento.db"), Purpose::Dev).expect("a store");
    let event = event(store.clock().now());
    for _ in 0..EVENTS / 1_000 {
        let told = Changeset {
            tenant: DEMO_TENANT.parse().expect("an id"),
            expected: Vec::new(),
            changes: Vec::new(),
            events: Events::new(vec![event.clone(); 999], event.clone()),
            cause: Cause {
                operation: "create_assignment".into(),
                request: Uuid::nil(),
                client_request: None,
            },
        };
        store.commit(told).await.expect("it is committed");
    }
}

/// What an export has taken at most when this many lines of it were read, in KiB, and how many lines follow.
async fn exported(data: &Path, arguments: &[&str], lines: usize) -> (u64, usize) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let mut reader = BufReader::new(reader);
    let first = ["audit", "export", "--data", text(data)];
    let export = Program::start_printing_to(writer, &[&first, arguments].concat());
    for line in reader.by_ref().lines().take(lines) {
        line.expect("a line");
    }
    let peak = export.peak_memory();
    let rest = reader.lines().count();
    assert!(export.ended().await.status.success());
    (peak, rest)
}

#[tokio::test]
async fn an_export_of_a_long_log_takes_no_more_memory_than_one_of_a_short_log() {
    let (folder, _) = worked().await;
    tell_of_much(folder.path()).await;
    let after = (EVENTS - UNREAD).to_string();
    let of_the_end = ["--tenant", DEMO_TENANT, "--after", &after];
    for format in [["--format", "jsonl"], ["--format", "ocsf"]] {
        let (short, _) = exported(folder.path(), &[&of_the_end[..], &format].concat(), 1).await;
        let (long, rest) = exported(folder.path(), &format, EVENTS - UNREAD).await;
        assert!((UNREAD..2 * UNREAD).contains(&rest), "{format:?}: {rest}");
        assert!(
            long < short + MORE,
            "{format:?}: {short} KiB and {long} KiB"
        );
    }
}
