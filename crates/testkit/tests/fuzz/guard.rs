//! Bounds on the time and the memory that one input may take.

use std::fs;
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::corpus;

/// Much longer than any input takes on a busy machine.
const MOST_TIME: Duration = Duration::from_secs(10);
/// More memory than the longest input has a use for, in KiB.
const MOST_MEMORY: u64 = 96 * 1024;
/// How often an input under way is looked at.
const LOOK: Duration = Duration::from_millis(200);

static ALONE: Mutex<()> = Mutex::new(());

/// Until it is dropped no other target runs in this process, whose memory and time are measured.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The input that is under way.
#[derive(Debug)]
struct Current {
    input: Vec<u8>,
    start: Instant,
    /// In KiB.
    memory: u64,
}

#[derive(Debug, Default)]
struct Shared {
    current: Mutex<Option<Current>>,
    is_over: Mutex<bool>,
    over: Condvar,
}

/// Watches a target. Code that hangs cannot be stopped, so what breaks a bound ends the process, with the input kept.
#[derive(Debug)]
pub(crate) struct Guard(Arc<Shared>);

impl Guard {
    /// Starts watching.
    pub(crate) fn of(target: &'static str) -> Self {
        let shared = Arc::new(Shared::default());
        let watched = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut is_over = watched.is_over.lock().unwrap();
            while !*is_over {
                watched.look(target);
                is_over = watched.over.wait_timeout(is_over, LOOK).unwrap().0;
            }
        });
        Self(shared)
    }

    /// An input begins.
    pub(crate) fn begin(&self, input: &[u8]) {
        // The peak of the memory begins anew, from what is in use now.
        let _ = fs::write("/proc/self/clear_refs", "5");
        *self.0.current.lock().unwrap() = Some(Current {
            input: input.to_vec(),
            start: Instant::now(),
            memory: memory("VmRSS:"),
        });
    }

    /// It has ended.
    ///
    /// # Errors
    /// What bound it broke.
    pub(crate) fn end(&self) -> Result<(), String> {
        let current = self.0.current.lock().unwrap().take().unwrap();
        current.broken("VmHWM:").map_or(Ok(()), Err)
    }
}

impl Shared {
    fn look(&self, target: &str) {
        if let Some(current) = &*self.current.lock().unwrap()
            && let Some(broken) = current.broken("VmRSS:")
        {
            let file = corpus::keep(target, &current.input);
            eprintln!("{target}: {broken}; the input is {}", file.display());
            process::exit(101);
        }
    }
}

impl Current {
    fn broken(&self, counter: &str) -> Option<String> {
        let grown = memory(counter).saturating_sub(self.memory);
        if MOST_MEMORY < grown {
            return Some(format!("it took {grown} KiB"));
        }
        (MOST_TIME < self.start.elapsed()).then(|| format!("it took longer than {MOST_TIME:?}"))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        *self.0.is_over.lock().unwrap() = true;
        self.0.over.notify_all();
    }
}

/// A counter of this process in KiB; 0 where the system has none.
fn memory(counter: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(counter));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or(0)
}
