//! Very many ends at one instant: the job that records them lets everybody else write in between, and the service goes on.
//!
//! `PIMENTO_ENDS=1000000 cargo test -p pimento-testkit --test all -- --nocapture very_many` tries with so many, and prints
//! how long writes and reads take meanwhile.

use std::env;
use std::fs;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::FusedFuture as _;
use jiff::SignedDuration;
use pimento_store::Store;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Person, TestServer};
use serde_json::json;

use super::{changeset, give, tenant};
use crate::paths::{ASSIGNMENTS, ROLES};

/// How many ends there are, where [`MORE_ENDS`] says nothing.
const ENDS: usize = 3_000;

/// The environment variable that asks for another number.
const MORE_ENDS: &str = "PIMENTO_ENDS";

/// How many things the job has handed over to be written at any time, at the most.
const AT_ONCE: u64 = 64;

fn ends() -> usize {
    match env::var(MORE_ENDS) {
        Ok(ends) => ends.parse().expect("a number of ends"),
        Err(_) => ENDS,
    }
}

/// The newest sequence number in the log, which is no smaller than `after`.
async fn newest(store: &dyn Store, after: u64) -> u64 {
    const SOME: usize = 10_000;
    let mut newest = after;
    loop {
        let events = store.events(&tenant(), newest, SOME).await.unwrap();
        newest = events.last().map_or(newest, |event| event.sequence);
        if events.len() < SOME {
            return newest;
        }
    }
}

/// Everything here takes turns on one thread, so the job hands over nothing between the look at the log and the write.
#[tokio::test]
async fn whoever_writes_waits_for_few_of_very_many_ends() {
    let (server, store) = TestServer::dev_that_records_with_store().await;
    let end = store.clock().now().plus(SignedDuration::from_hours(1));
    give(&*store, ENDS, |_| end).await;
    let mut recorded = newest(&*store, 0).await;
    let first = recorded;
    let (mut most, mut writes) = (0, 0);
    // On a slow machine that is answered before all of them are recorded.
    let mut advanced = pin!(server.advance("PT1H").fuse());
    while futures::poll!(&mut advanced).is_pending() && !advanced.is_terminated()
        || store.due(1).await != Ok(Vec::new())
    {
        recorded = newest(&*store, recorded).await;
        let write = changeset(store.clock().now(), Vec::new());
        let place = store.commit(write).await.unwrap().sequence;
        most = most.max(place - recorded - 1);
        writes += 1;
    }
    assert!(most <= AT_ONCE, "a write waited for {most} of the job's");
    assert!(0 < most && 9 < writes, "{writes} writes met {most}");
    let ends = u64::try_from(ENDS).unwrap();
    assert_eq!(newest(&*store, recorded).await, first + ends + writes);
    assert_eq!(store.due(1).await, Ok(Vec::new()));
}

/// How long each of several things took.
#[derive(Clone, Default)]
struct Times(Vec<Duration>);

impl Times {
    async fn of<T>(&mut self, thing: impl Future<Output = T>) -> T {
        let begin = Instant::now();
        let answer = thing.await;
        self.0.push(begin.elapsed());
        answer
    }

    /// The middle, the hundredth longest and the longest.
    fn sorted(&self) -> [Duration; 3] {
        let mut sorted = self.0.clone();
        sorted.sort();
        let at = |percent| sorted[(sorted.len() - 1) * percent / 100];
        [at(50), at(99), at(100)]
    }
}

/// Prints how long each kind of thing took while the job worked, and how many times longer than before.
fn compare(idle: &[Times; 4], busy: &[Times; 4]) {
    let names = ["write", "list", "count", "own list"];
    for ((name, idle), busy) in names.into_iter().zip(idle).zip(busy) {
        let (idle, busy) = (idle.sorted(), busy.sorted());
        let ratio = |at: usize| busy[at].as_secs_f64() / idle[at].as_secs_f64();
        println!(
            "  {name}: idle {idle:.1?}, busy {busy:.1?}; in the middle {:.1} times, but for a hundredth {:.1} times",
            ratio(0),
            ratio(1)
        );
    }
}

/// What is in memory of this process, in MiB, where the system says so.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// A write, a list of all, a count of all and a list of one's own, each timed.
async fn use_it(ada: &Person<'_>, number: &mut usize, times: &mut [Times; 4]) {
    *number += 1;
    let new =
        json!({"userId": format!("w{number}"), "roleId": USER_ADMINISTRATOR, "isElevated": false});
    let [write, list, count, own] = times;
    let written = write.of(ada.send("POST", ASSIGNMENTS, &new)).await;
    written.expect(201);
    let listed = list.of(ada.get(ASSIGNMENTS)).await;
    listed.expect(200);
    let summary = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}/summary");
    if *number % 16 == 1 || count.0.is_empty() {
        count.of(ada.get(&summary)).await.expect(200);
    }
    let my = format!("{ASSIGNMENTS}/my");
    own.of(ada.get(&my)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_goes_on_while_very_many_ends_are_recorded() {
    let ends = ends();
    let (server, store) = TestServer::dev_that_records_with_store().await;
    let ada = server.person("ada").await;
    let end = store.clock().now().plus(SignedDuration::from_hours(9));
    let begin = Instant::now();
    give(&*store, ends, |_| end).await;
    println!("{ends} given in {:?}", begin.elapsed());
    let mut number = 0;
    let mut idle: [Times; 4] = Default::default();
    while number < 50 {
        use_it(&ada, &mut number, &mut idle).await;
    }
    let before = memory();
    store
        .clock()
        .change(SignedDuration::from_hours(9), None)
        .unwrap();
    let begin = Instant::now();
    let mut busy: [Times; 4] = Default::default();
    let mut is_done = false;
    while !is_done {
        use_it(&ada, &mut number, &mut busy).await;
        is_done = store.due(1).await == Ok(Vec::new());
        if is_done || number % 1000 == 0 {
            let told = newest(&*store, 0).await;
            let (took, now) = (begin.elapsed(), memory());
            println!(
                "event {told} after {took:.1?}, write {number}, {before} MiB before, {now} MiB now"
            );
            compare(&idle, &busy);
        }
    }
    let shown = ada.get(ASSIGNMENTS).await.expect(200);
    let left = shown["value"].as_array().unwrap().iter();
    assert!(
        left.clone()
            .all(|one| !one["userId"].to_string().contains("p0"))
    );
    // Each once: the sequence has no gaps, and nothing else was told meanwhile.
    let told = newest(&*store, 0).await;
    let furnished = 9 + ends.div_ceil(1000) + number;
    assert!(
        usize::try_from(told).unwrap() - ends <= furnished,
        "{told} for {ends}"
    );
}
