//! The Swagger UI in a real browser, as people see it.
//!
//! The browser is Debian's `chromium`, without which they are ignored.
//!
//! `PIMENTO_SCREENSHOTS=FOLDER` has the tests write there what they see, as PNG files, for people to look at.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod chromium;
mod life;
mod swagger_ui;
mod tab;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use pimento_testkit::Tool;

fn main() -> ExitCode {
    let chromium = Tool::on_path("chromium");
    chromium.announce("the tests of the Swagger UI");
    let trials = swagger_ui::TESTS.map(|(name, test)| {
        chromium.trial("browser", name, async move |browser| {
            swagger_ui::run(test, browser).await;
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}
