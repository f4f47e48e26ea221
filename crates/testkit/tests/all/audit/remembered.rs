//! What the server remembers of the log outside the database, against somebody who has the database alone.

use std::fs;
use std::path::{Path, PathBuf};

use pimento_domain::{Actor, After, Cause, Event, EventKind, Events, Instant, Justification, Uuid};
use pimento_server::dev::{Options, Reach, prepare};
use pimento_store::{Changeset, Store as _};
use pimento_store_sqlite::{Purpose, SEARCH_LIMIT, SqliteStore};
use pimento_testkit::DEMO_TENANT;
use tempfile::TempDir;

use super::{activate, audit, copy, head, public_key, sealed, sequence, worked};
use crate::dev_mode::dev::Dev;
use crate::server_program::{Ended, Signal, files};

/// What the sealer says of a log that it does not touch.
const NO_MORE_SEALS: &str = "gets no more seals";

fn remembered(data: &Path) -> PathBuf {
    data.join("pimento.seal-key.heads")
}

/// Has all that is in the one folder of the database take the place of what the other has.
fn replace_database(of: &Path, with: &Path) {
    let is_database = |file: &PathBuf| {
        file.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("pimento.db"))
    };
    for file in files(of).into_iter().filter(is_database) {
        fs::remove_file(file).expect("a file");
    }
    for file in files(with).into_iter().filter(is_database) {
        fs::copy(&file, of.join(file.file_name().expect("a name"))).expect("a copy");
    }
}

/// Another history of the demo tenant, none of which has a seal: what is left where somebody takes all seals and heads out of
/// a database and writes its events anew.
async fn unsealed_history() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let options = Options {
        listen: ([127, 0, 0, 1], 0).into(),
        data: Some(folder.path().to_owned()),
        reach: Reach::Loopback,
        requests_per_minute: None,
        search_limit: SEARCH_LIMIT,
        public_url: None,
    };
    let dev = prepare(options).await.expect("a dev server");
    dev.prepared.without_recorder().run().stop().await;
    folder
}

/// A server on this folder that refuses to seal, and what it said of it.
async fn refuses_to_seal(data: &Path) -> Ended {
    let mut server = Dev::on(data).await;
    activate(&server).await;
    assert!(server.program.logs(NO_MORE_SEALS).await.is_some());
    let ended = server.program.stop(Signal::Terminate).await;
    assert_eq!(ended.log.matches(NO_MORE_SEALS).count(), 1, "{ended:?}");
    assert!(ended.log.contains("ERROR"), "{ended:?}");
    ended
}

/// `audit verify` says that the log is broken, and this of it.
async fn is_broken(data: &Path, words: &[&str]) {
    let ended = audit("verify", data, &[]).await;
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    for words in words {
        assert!(ended.printed.contains(words), "{words}: {ended:?}");
    }
}

#[tokio::test]
async fn a_log_whose_seals_were_taken_away_is_not_sealed_anew_and_is_broken() {
    let (folder, before) = worked().await;
    let data = folder.path();
    replace_database(data, unsealed_history().await.path());
    let cut_off = format!(
        "it had {} events when the head was written down",
        sequence(&before)
    );
    is_broken(data, &["event 1: ", &cut_off, "events have no seal"]).await;
    let ended = refuses_to_seal(data).await;
    assert!(ended.log.contains("pimento.seal-key.heads"), "{ended:?}");
    is_broken(data, &["event 1: ", &cut_off]).await;
    assert_eq!(
        fs::read_to_string(remembered(data)).expect("heads").trim(),
        before
    );

    // Whoever wants it so moves the file away, and the next server goes on.
    fs::rename(remembered(data), data.join("elsewhere")).expect("heads");
    let server = Dev::on(data).await;
    sealed(data).await;
    server.stop().await;
    assert_eq!(
        fs::read_to_string(remembered(data)).expect("heads").trim(),
        head(data).await
    );
}

#[tokio::test]
async fn a_log_of_which_nothing_is_left_is_broken() {
    let (folder, _) = worked().await;
    let data = folder.path();
    let empty = TempDir::new().expect("a folder");
    drop(SqliteStore::open(&empty.path().join("pimento.db"), Purpose::Dev).expect("a store"));
    replace_database(data, empty.path());
    is_broken(
        data,
        &["event 1: ", "it was cut off", "1 logs checked, 1 BROKEN"],
    )
    .await;
}

#[tokio::test]
async fn an_older_copy_of_the_database_is_not_sealed_until_somebody_wants_it_so() {
    let (folder, older) = worked().await;
    let data = folder.path();
    let copy = copy(data);
    let server = Dev::on(data).await;
    activate(&server).await;
    server.stop().await;
    replace_database(data, copy.path());
    let place = format!("event {}: ", sequence(&older) + 1);
    is_broken(data, &[&place, "moves that file away"]).await;
    refuses_to_seal(data).await;
    is_broken(data, &[&place, "2 events have no seal"]).await;
}

/// An event as `audit erase` writes it, but for the seal.
fn forge_an_erasure(data: &Path, erased: u64) {
    let event = Event {
        at: Instant::from_micros(0).expect("in the calendar"),
        kind: EventKind::Erase,
        actor: Actor::Operator,
        principal: None,
        role: None,
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after: After::Erased(erased),
    };
    let changeset = Changeset {
        tenant: DEMO_TENANT.parse().expect("an id"),
        expected: Vec::new(),
        changes: Vec::new(),
        events: Events::new(Vec::new(), event),
        cause: Cause {
            operation: "audit_erase".into(),
            request: Uuid::from_u128(7),
            client_request: None,
        },
    };
    let store = SqliteStore::open(&data.join("pimento.db"), Purpose::Dev).expect("a store");
    futures::executor::block_on(store.commit(changeset)).expect("a changeset");
}

#[tokio::test]
async fn a_forged_erasure_is_broken_and_never_sealed() {
    let (folder, before) = worked().await;
    let data = folder.path();
    forge_an_erasure(data, sequence(&before) - 1);
    let place = format!("event {}: ", sequence(&before) + 1);
    let words = [place.as_str(), "it was not written by `audit erase`"];
    is_broken(data, &words).await;
    refuses_to_seal(data).await;
    is_broken(data, &words).await;
    assert_eq!(head(data).await, before);
}

#[tokio::test]
async fn what_was_not_remembered_before_a_server_was_killed_is_sealed_on() {
    let (folder, _) = worked().await;
    let data = folder.path();
    let late = fs::read(remembered(data)).expect("heads");
    let server = Dev::on(data).await;
    activate(&server).await;
    server.stop().await;
    fs::write(remembered(data), late).expect("heads");
    let server = Dev::on(data).await;
    activate(&server).await;
    server.stop().await;
    let newest = fs::read_to_string(remembered(data)).expect("heads");
    assert_eq!(newest.trim(), head(data).await);
    sealed(data).await;
}

#[tokio::test]
async fn a_server_whose_seal_key_is_gone_says_so_with_both_public_keys() {
    let (folder, before) = worked().await;
    let data = folder.path();
    fs::remove_file(data.join("pimento.seal-key")).expect("a key");
    let server = Dev::on(data).await;
    activate(&server).await;
    let ended = server.program.stop(Signal::Terminate).await;
    let after = head(data).await;
    assert_ne!(public_key(&before), public_key(&after));
    for words in ["WARN", public_key(&before), public_key(&after)] {
        assert!(ended.log.contains(words), "{words}: {ended:?}");
    }
    let both = [&before, &after].map(|head| ["--public-key", public_key(head)]);
    let ended = audit("verify", data, both.as_flattened()).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
}

#[tokio::test]
async fn damaged_memory_is_told_of_and_left_alone() {
    let (folder, _) = worked().await;
    let data = folder.path();
    fs::write(remembered(data), "pimento-head-1\n").expect("heads");
    let arguments = ["dev", "--listen", "127.0.0.1:0", "--data"];
    let arguments = [&arguments[..], &[crate::server_program::text(data)]].concat();
    let refused = crate::server_program::refused(&arguments).await;
    let checked = audit("verify", data, &[]).await;
    assert_eq!(checked.status.code(), Some(2), "{checked:?}");
    for ended in [refused, checked] {
        for words in ["line 1 of the remembered heads", "move the file away"] {
            assert!(ended.log.contains(words), "{ended:?}");
        }
    }
}
