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

/// What to set to a number to have other mutations.
const SEED: &str = "PIMENTO_SEED";

/// For how long, and from which seed.
struct Plan {
    seed: u64,
    until: Option<Instant>,
}

impl Plan {
    fn from_environment(target: &str) -> Self {
        let seed = std::env::var(SEED).ok().map(|seed| {
            let seed = seed.parse();
            seed.unwrap_or_else(|error| panic!("{SEED}: {error}"))
        });
        let Ok(seconds) = std::env::var("PIMENTO_FUZZ_SECONDS") else {
            return Self {
                seed: seed.unwrap_or_default(),
                until: None,
            };
        };
        let seconds = Duration::from_secs(seconds.parse().unwrap());
        Self {
            seed: seed.unwrap_or_else(|| RandomState::new().hash_one(target)),
            until: Some(Instant::now() + seconds),
        }
    }

    /// What one round is drawn from; those of no two seeds are the same.
    fn of_round(&self, round: u64) -> RngSeed {
        RngSeed::Fixed(
            self.seed
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .wrapping_add(round),
        )
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
            rng_seed: plan.of_round(round),
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
                eprintln!("{target}: the same comes of {SEED}={}", plan.seed);
                fail(target, &input, wrong.message())
            }
            Err(TestError::Abort(why)) => panic!("{target}: {why}"),
        }
    }
    if plan.until.is_some() {
        let inputs = round * u64::from(ROUND);
        eprintln!("{target}: {inputs} inputs of {SEED}={}", plan.seed);
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
