//! Programs that some tests need, and that are not on every machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use tokio::time::timeout;

/// Much longer than most tests take: a program that hangs must not hold up all of them.
const PATIENCE: Duration = Duration::from_secs(300);

/// A program that tests need. Where it is missing they are listed as ignored, so that the runner counts them as skipped;
/// where `CI` is `true` they run all the same, and fail.
#[derive(Clone, Debug)]
pub struct Tool {
    program: Option<PathBuf>,
    lack: String,
    patience: Duration,
}

impl Tool {
    /// A program on the PATH, which Debian's package of the same name puts there.
    pub fn on_path(name: &str) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|program| program.is_file());
        Self {
            program,
            lack: format!("there is no `{name}` on the PATH (Debian: apt-get install {name})"),
            patience: PATIENCE,
        }
    }

    /// A program, by its path within what `cargo xtask tools` makes of a set of `xtask/tools`. What was made of an older list
    /// is none.
    pub fn of_set(set: &str, list: &str, program: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let folder = root.join(target).join("tools").join(set);
        let wanted = fs::read(root.join("xtask/tools").join(set).join(list)).ok();
        let installed = fs::read(folder.join("installed")).ok();
        Self {
            program: (wanted.is_some() && installed == wanted).then(|| folder.join(program)),
            lack: format!("the tools of `{set}` are not installed (`cargo xtask tools {set}`)"),
            patience: PATIENCE,
        }
    }

    /// The same, for tests that may take so long.
    #[must_use]
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The program, where it is there.
    pub fn program(&self) -> Option<&Path> {
        self.program.as_deref()
    }

    /// Says on stderr what is not run without the program.
    pub fn announce(&self, tests: &str) {
        if self.program.is_none() {
            eprintln!("NOT RUN: {tests}: {}.", self.lack);
        }
    }

    /// A test that is given the program, in the target `target`.
    pub fn trial<T>(&self, target: &str, name: &str, test: T) -> Trial
    where
        T: AsyncFnOnce(PathBuf) + Send + 'static,
    {
        let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        let is_ignored = self.program.is_none() && !is_ci;
        let tool = self.clone();
        // A server's log belongs to the test whose thread, by its name, wrote it.
        let thread = thread::Builder::new().name(format!("{target}::{name}"));
        let run = move || {
            let program = tool
                .program
                .ok_or_else(|| format!("CI is true, and {}", tool.lack))?;
            let run = thread.spawn(move || block_on(test(program), tool.patience))?;
            run.join().map_err(|_| "it panicked; see above")?;
            Ok(())
        };
        Trial::test(name, run).with_ignored_flag(is_ignored)
    }
}

fn block_on(test: impl Future<Output = ()>, patience: Duration) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().expect("a runtime starts");
    let test = async {
        timeout(patience, test)
            .await
            .expect("the test takes too long");
    };
    runtime.block_on(test);
}
