//! `cargo xtask ci`: everything that has to pass before a change lands, the same on a laptop and in `.ci/run`.

use std::process::Command;
use std::time::Instant;

use crate::codegen::{self, Mode};
use crate::workspace::{self, Workspace};
use crate::{Error, breaking, generators, test, tidy};

/// The steps, cheap ones first and the tests last, so that their summary ends the output.
///
/// # Errors
/// That of the first step that fails.
pub fn run(workspace: &Workspace) -> Result<(), Error> {
    step("format", || {
        workspace::run(workspace.command("cargo", &["fmt", "--all", "--check"]))
    })?;
    step("tidy", || tidy::run(workspace))?;
    step("clippy", || workspace::run(clippy(workspace)))?;
    step("codegen --check", || codegen::run(workspace, Mode::Check))?;
    step("spec breaking", || breaking::run(workspace))?;
    step("generators", || generators::step(workspace))?;
    step("rustdoc", || workspace::run(rustdoc(workspace)))?;
    eprintln!("== test");
    test::run(workspace, &[])
}

fn step(name: &str, work: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    eprintln!("== {name}");
    let start = Instant::now();
    let result = work();
    eprintln!("== {name}: {:.1} s", start.elapsed().as_secs_f64());
    result
}

fn clippy(workspace: &Workspace) -> Command {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    let mut command = workspace.command("cargo", &arguments);
    // Its configuration is not at the top of the tree, where it would be found without this.
    command.env("CLIPPY_CONF_DIR", workspace.path("xtask"));
    command
}

fn rustdoc(workspace: &Workspace) -> Command {
    let mut command = workspace.command("cargo", &["doc", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}
