//! What servers log as errors, and panics, told apart by the test that they belong to.
//!
//! Each test has a thread, and what its server does happens on that thread too, unless it has a runtime of several
//! threads or it is the work of a store's own thread. So an error belongs to the test whose thread logged it, and one
//! that a thread of nobody logged belongs to every test that ends after it.

use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread::{self, ThreadId};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// What was seen so far.
struct Seen {
    /// The threads of tests.
    tests: Vec<ThreadId>,
    errors: Vec<(ThreadId, String)>,
}

static SEEN: Mutex<Seen> = Mutex::new(Seen {
    tests: Vec::new(),
    errors: Vec::new(),
});

fn seen() -> MutexGuard<'static, Seen> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts to watch, if nobody did, and says that this thread is a test's.
pub(crate) fn watch() {
    static START: Once = Once::new();
    START.call_once(|| {
        let collector = tracing_subscriber::registry().with(Errors);
        tracing::subscriber::set_global_default(collector).expect("nothing else collects the log");
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            note(format!("panicked: {panic}"));
            report(panic);
        }));
    });
    seen().tests.push(thread::current().id());
}

/// The errors so far of this thread and of the threads that are no test's.
pub(crate) fn errors() -> Vec<String> {
    let own = thread::current().id();
    let seen = seen();
    seen.errors
        .iter()
        .filter(|(thread, _)| *thread == own || !seen.tests.contains(thread))
        .map(|(_, error)| error.clone())
        .collect()
}

fn note(error: String) {
    seen().errors.push((thread::current().id(), error));
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
