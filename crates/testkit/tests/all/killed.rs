//! A server that is killed again and again while people write: every write that was answered is there, and none is half
//! done.

mod record;
mod writers;

use std::env;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use tokio::sync::mpsc::unbounded_channel;

use crate::audit;
use crate::dev_mode::dev::Dev;
use record::{Record, shown_on_the_wire};
use writers::{Person, Writer, Written};

/// How often the server is killed, where [`MORE_ROUNDS`] says nothing.
const ROUNDS: usize = 10;

/// The environment variable that asks for another number of rounds.
const MORE_ROUNDS: &str = "PIMENTO_KILL_ROUNDS";

fn rounds() -> usize {
    match env::var(MORE_ROUNDS) {
        Ok(rounds) => rounds.parse().expect("a number of rounds"),
        Err(_) => ROUNDS,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_moment_a_server_is_killed_at_every_answered_write_is_there_and_none_is_half_done()
{
    let folder = TempDir::new().expect("a folder");
    let mut history = Vec::new();
    let mut head = None;
    for round in 0..rounds() {
        history.extend(write_until_killed(folder.path(), round).await);
        head = Some(audit::holds_since(folder.path(), head).await);

        // The server itself takes up what the killed one left, and is killed as well: it has folded in nothing.
        let again = Dev::on(folder.path()).await;
        let shown = again.assignments().await;
        again.program.kill().await;
        let record = Record::of(&folder.path().join("pimento.db")).await;
        record.is_whole();
        record.has(&history);
        assert_eq!(&shown_on_the_wire(&shown), record.shown(), "round {round}");
    }
    let unanswered = history.iter().filter(|written| written.is_unanswered());
    assert!(
        0 < unanswered.count(),
        "no server was killed in the middle of anything"
    );
}

/// One life of a server: it is killed after some answers, with all writers at work. What they did, each in its order.
async fn write_until_killed(data: &Path, round: usize) -> Vec<Written> {
    let server = Dev::on(data).await;
    let (acknowledge, mut acknowledged) = unbounded_channel();
    let mut at_work = Vec::new();
    for (number, users) in writers::USERS.iter().enumerate() {
        let mut people = Vec::new();
        for &user in *users {
            people.push((user, signed_in(&server, user).await));
        }
        let writer = Writer {
            administrator: signed_in(&server, "ada").await,
            people,
            // So that a shared assignment gets different commands from each, and others in each round.
            turn: round + 4 * number,
        };
        at_work.push(tokio::spawn(writer.write(acknowledge.clone())));
    }
    drop(acknowledge);
    let enough = 40 + 17 * (round % 7);
    for _ in 0..enough / 2 {
        acknowledged.recv().await.expect("the writers go on");
    }
    // Its log holds at any moment, also with everybody at work.
    audit::holds_since(data, None).await;
    for _ in enough / 2..enough {
        acknowledged.recv().await.expect("the writers go on");
    }
    let ended = server.program.kill().await;
    assert!(!ended.status.success(), "{ended:?}");
    let mut written = Vec::new();
    for writer in at_work {
        written.extend(writer.await.expect("no writer panics"));
    }
    written
}

/// Somebody of the demo tenant.
async fn signed_in(server: &Dev, name: &str) -> Person {
    Person {
        address: server.address(),
        token: server.token(json!({"oid": name})).await,
        contract: Arc::clone(&server.contract),
    }
}
