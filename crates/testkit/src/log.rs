//! What servers log as errors, and panics, told apart by the test that they belong to.
//!
//! Each test has a thread, and what its server does happens on that thread too, unless it has a runtime of several
//! threads or it is the work of a store's own thread. So an error belongs to the test whose thread logged it, and one
//! of a thread that is no test's belongs to all tests that are under way.

use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread::{self, ThreadId};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// An error, and who logged it.
struct Entry {
    thread: ThreadId,
    by_test: bool,
    text: String,
}

static ENTRIES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

fn entries() -> MutexGuard<'static, Vec<Entry>> {
    ENTRIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place in the log: what was there when a server started is not its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

/// Watches the log from now on.
pub(crate) fn watch() -> Mark {
    static START: Once = Once::new();
    START.call_once(|| {
        let collector = tracing_subscriber::registry().with(Errors);
        tracing::subscriber::set_global_default(collector).expect("nothing else collects the log");
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            note(panic.to_string());
            report(panic);
        }));
    });
    Mark(entries().len())
}

/// The errors since then of this thread and of threads that are no test's.
pub(crate) fn errors_since(mark: Mark) -> Vec<String> {
    let own = thread::current().id();
    entries()[mark.0..]
        .iter()
        .filter(|entry| entry.thread == own || !entry.by_test)
        .map(|entry| entry.text.clone())
        .collect()
}

fn note(text: String) {
    let thread = thread::current();
    // The runners name the thread of a test after the test, or it is the first one.
    let by_test = thread
        .name()
        .is_some_and(|name| name == "main" || name.contains("::"));
    entries().push(Entry {
        thread: thread.id(),
        by_test,
        text,
    });
}

struct Errors;

impl<S: Subscriber> Layer<S> for Errors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == Level::ERROR {
            let mut line = Line(event.metadata().target().to_owned());
            event.record(&mut line);
            note(line.0);
        }
    }
}

/// An event in one line.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}
