//! Runs a target: its seeds, and then mutations of them for as long as it is given.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use tokio::runtime::Runtime;

use crate::corpus;
use crate::guard::{self, Guard};
use crate::mutation::{Input, inputs};

/// Inputs of one round; each round has a fresh subject, as inputs change it.
const ROUND: u32 = 100;
/// Rounds of a short run.
const ROUNDS: u64 = 4;

/// For how long, and from which seed.
struct Plan {
    seed: u64,
    until: Option<Instant>,
}

impl Plan {
    fn from_environment(target: &str) -> Self {
        let Ok(seconds) = std::env::var("PIMENTO_FUZZ_SECONDS") else {
            return Self {
                seed: 0,
                until: None,
            };
        };
        let seconds = Duration::from_secs(seconds.parse().unwrap());
        let seed = RandomState::new().hash_one(target) >> 1;
        eprintln!("{target}: the seed is {seed}");
        Self {
            seed,
            until: Some(Instant::now() + seconds),
        }
    }

    fn goes_on(&self, round: u64) -> bool {
        self.until
            .map_or(round < ROUNDS, |until| Instant::now() < until)
    }
}

/// Has a subject judge the target's seeds and what is near them; `judge` says what is wrong.
///
/// # Panics
/// With the smallest input that is judged badly, and where it is kept.
pub(crate) fn fuzz<S>(
    target: &'static str,
    start: impl AsyncFn() -> S,
    judge: impl AsyncFn(&mut S, &[u8]) -> Result<(), String>,
) {
    let seeds = corpus::read(target).into_iter().map(|(_, seed)| seed);
    fuzz_from(target, seeds.collect(), start, judge);
}

/// As [`fuzz`], from these seeds.
pub(crate) fn fuzz_from<S>(
    target: &'static str,
    seeds: Vec<Vec<u8>>,
    start: impl AsyncFn() -> S,
    judge: impl AsyncFn(&mut S, &[u8]) -> Result<(), String>,
) {
    let _alone = guard::alone();
    let guard = Guard::of(target);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();

    let strategy = inputs(seeds.clone());
    let check =
        |subject: &mut S, input: &[u8]| check(&runtime, &guard, input, judge(subject, input));
    let mut subject = runtime.block_on(start());
    for seed in &seeds {
        check(&mut subject, seed).unwrap_or_else(|wrong| fail(target, seed, &wrong));
    }
    drop(subject);
    let plan = Plan::from_environment(target);
    let mut round = 0;
    while plan.goes_on(round) {
        let config = Config {
            cases: ROUND,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(plan.seed + round),
            ..Config::default()
        };
        let subject = RefCell::new(runtime.block_on(start()));
        let verdict = TestRunner::new(config).run(&strategy, |Input(input)| {
            check(&mut subject.borrow_mut(), &input).map_err(TestCaseError::fail)
        });
        match verdict {
            Ok(()) => round += 1,
            Err(TestError::Fail(wrong, Input(input))) => {
                // Its own verdict would be every answer on the way to the smallest input.
                std::mem::forget(subject);
                fail(target, &input, wrong.message())
            }
            Err(TestError::Abort(why)) => panic!("{target}: {why}"),
        }
    }
    if plan.until.is_some() {
        eprintln!("{target}: {} inputs", round * u64::from(ROUND));
    }
}

fn check(
    runtime: &Runtime,
    guard: &Guard,
    input: &[u8],
    judged: impl Future<Output = Result<(), String>>,
) -> Result<(), String> {
    guard.begin(input);
    let judged = runtime.block_on(judged);
    let kept = guard.end();
    judged.and(kept)
}

fn fail(target: &str, input: &[u8], wrong: &str) -> ! {
    let file = corpus::keep(target, input);
    panic!(
        "{target}: {wrong}\nthe input is {}:\n{}",
        file.display(),
        input.escape_ascii()
    );
}
