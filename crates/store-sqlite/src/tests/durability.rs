//! A process that is killed loses nothing that it has acknowledged.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use futures::executor::block_on;
use pimento_store::Store;

use super::samples::{Place, acme, change, commit};
use crate::{OpenError, Purpose, SqliteStore};

/// Where the writing process, which is this program again, finds its database.
const DATABASE: &str = "PIMENTO_TEST_DATABASE";

/// How many commits are acknowledged before the process is killed, each time.
const ACKNOWLEDGED: u64 = 100;

/// What the writing process writes before the sequence number of an acknowledged commit.
const MARK: &str = "acknowledged:";

/// Not a test of its own: what the process that is killed does. The bound ends it where nobody kills it.
#[test]
#[ignore = "the process that another test starts and kills"]
fn writes_until_it_is_killed() {
    let Some(database) = env::var_os(DATABASE) else {
        return;
    };
    let store = SqliteStore::open(Path::new(&database), Purpose::Serve).unwrap();
    let mut out = std::io::stderr();
    for number in 0..100_000 {
        let sequence = commit(&store, change(&format!("p{number}")))
            .unwrap()
            .sequence;
        writeln!(out, "{MARK}{sequence}").unwrap();
    }
}

fn start_writing(place: &Place) -> Child {
    Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "--ignored",
            "--nocapture",
            "tests::durability::writes_until_it_is_killed",
        ])
        .env(DATABASE, place.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    let place = Place::new();
    let mut last = 0;
    for round in 1..=3 {
        let mut child = start_writing(&place);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut acknowledged =
            || lines.find_map(|line| line.unwrap().strip_prefix(MARK)?.parse::<u64>().ok());
        for _ in 0..ACKNOWLEDGED {
            last = acknowledged().expect("the process writes on");
        }
        let second = SqliteStore::open(&place.path(), Purpose::Serve).err();
        assert!(
            matches!(second, Some(OpenError::InUse { .. })),
            "{second:?}"
        );
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said before it died, and we had not read yet.
        while let Some(sequence) = acknowledged() {
            last = sequence;
        }
        let store = place.serve();
        let events = block_on(store.events(&acme(), 0, usize::MAX)).unwrap();
        assert!(
            last <= events.len() as u64,
            "round {round}: {last} acknowledged, {} there",
            events.len()
        );
        assert!(
            events
                .iter()
                .map(|event| event.sequence)
                .eq(1..=events.len() as u64),
            "round {round}"
        );
    }
}
