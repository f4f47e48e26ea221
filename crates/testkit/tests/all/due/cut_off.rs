//! The real program, killed again and again while it records, its clock moved forward, and back by each new start: each thing
//! is recorded once, in the order of the instants, and none is missing.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::SignedDuration;
use pimento_domain::{EventKind, Instant, Note};
use pimento_store::{RecordedEvent, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};
use serde_json::json;
use tempfile::TempDir;

use super::{changeset, give, somebody, tenant};
use crate::dev_mode::dev::Dev;

/// How many holdings end, a second after each other.
const ENDS: usize = 2_500;

/// How many of them end in each jump of the clock.
const JUMP: usize = 400;

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("pimento.db"), Purpose::Dev).unwrap()
}

async fn log(store: &SqliteStore) -> Vec<RecordedEvent> {
    store.events(&tenant(), 0, usize::MAX).await.unwrap()
}

/// The ends that the log tells of: whose, and when it was.
fn told(log: &[RecordedEvent]) -> Vec<(Instant, String)> {
    let ends = log.iter().map(|recorded| &recorded.event);
    let ends = ends
        .filter(|event| (event.kind, event.note) == (EventKind::Deactivate, Some(Note::Expired)));
    ends.map(|event| (event.at, event.principal.as_ref().unwrap().to_string()))
        .collect()
}

/// The number of events that the wire shows ada, whose token this is.
async fn shown(dev: &Dev, token: &str) -> u64 {
    let target = "/beta/privilegedOperationEvents?$top=1&$count=true";
    let seen = dev.call("GET", target).bearer(token).send().await;
    seen.expect(200)["@odata.count"].as_u64().unwrap()
}

/// One life: the clock jumps, and when some of what that made due is recorded, the program is killed.
async fn killed_while_it_records(folder: &Path, round: u64) {
    let dev = Dev::on(folder).await;
    let ada = dev.token(json!({"oid": "ada"})).await;
    let before = shown(&dev, &ada).await;
    let jump = json!({"advance": format!("PT{JUMP}S")});
    let call = dev.call("POST", "/dev/clock").json(&jump);
    let jumps = tokio::spawn(call.send_to_the_dying());
    while shown(&dev, &ada).await < before + 1 + 60 * round {}
    let ended = dev.program.kill().await;
    assert!(!ended.status.success(), "{ended:?}");
    jumps.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_killed_while_it_records_tells_of_each_end_once_and_in_order() {
    let folder = TempDir::new().unwrap();
    Dev::on(folder.path()).await.stop().await;
    let store = open(folder.path());
    let first = store.clock().now().plus(SignedDuration::from_mins(1));
    let end = |number: usize| first.plus(SignedDuration::from_secs(i64::try_from(number).unwrap()));
    give(&store, ENDS, end).await;
    // A dev server's clock never starts behind the newest event.
    let begin = changeset(first, Vec::new());
    store.commit(begin).await.unwrap();
    drop(store);

    let (mut newest, mut cut_off, mut back) = (0, 0, 0);
    for round in 0..6 {
        killed_while_it_records(folder.path(), round).await;
        let store = open(folder.path());
        let told = told(&log(&store).await);
        assert!(newest <= told.len(), "what was told is not any more");
        newest = told.len();
        // It knows no more of the jump than what it had told of it.
        let clock = store.clock().now();
        back += usize::from(clock < end(newest + 1));
        cut_off += usize::from(newest % JUMP != 0);
    }
    assert!(0 < cut_off && 0 < back, "it was never killed in the middle");

    let dev = Dev::on(folder.path()).await;
    let rest = json!({"advance": "PT3H"});
    dev.post("/dev/clock", &rest).await.expect(200);
    dev.stop().await;
    let store = open(folder.path());
    let log = log(&store).await;
    let sequence = log.iter().map(|event| event.sequence);
    assert!(sequence.eq(1..=log.len() as u64), "a gap");
    let told = told(&log);
    assert!(told.is_sorted(), "not in the order of the instants");
    let expected = (0..ENDS).map(|number| (somebody(number).to_string(), end(number)));
    let by_name: BTreeMap<String, Instant> =
        told.iter().map(|(at, who)| (who.clone(), *at)).collect();
    assert_eq!((by_name.len(), told.len()), (ENDS, ENDS), "each once");
    assert!(by_name.into_iter().eq(expected));
    assert_eq!(store.due(1).await, Ok(Vec::new()));
}
