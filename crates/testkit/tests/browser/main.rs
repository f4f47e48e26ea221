//! The Swagger UI in a real browser, as people see it.
//!
//! The browser is Debian's `chromium`. Where it is missing the tests are listed as ignored, so that the runner counts
//! them as skipped, and a line on stderr says so; where `CI` is `true` they run all the same, and fail.
//!
//! `PIMENTO_SCREENSHOTS=FOLDER` has the tests write there what they see, as PNG files, for people to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod chromium;
mod life;
mod swagger_ui;
mod tab;

use std::process::ExitCode;
use std::thread;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let browser = chromium::find();
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    if browser.is_none() {
        eprintln!(
            "NOT RUN: the tests of the Swagger UI need Chromium, and there is no `chromium` on the PATH \
             (Debian: apt-get install chromium)."
        );
    }
    let is_ignored = browser.is_none() && !is_ci;
    let trials = swagger_ui::TESTS.iter().map(|(name, test)| {
        let browser = browser.clone();
        let run = move || {
            let browser = browser.ok_or("there is no `chromium` on the PATH, and CI is true")?;
            // A server's log belongs to the test whose thread, by its name, wrote it.
            let thread = thread::Builder::new().name(format!("browser::{name}"));
            let run = thread.spawn(move || swagger_ui::run(*test, &browser))?;
            run.join().map_err(|_| "it panicked; see above")?;
            Ok(())
        };
        Trial::test(*name, run).with_ignored_flag(is_ignored)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
