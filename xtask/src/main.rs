//! The command line of the project's own tasks: `cargo xtask help` lists them.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::codegen::Mode;
use xtask::workspace::Workspace;
use xtask::{Error, breaking, ci, codegen, generators, release, spec, test, tidy, tools};

/// The project's own tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Regenerate the client, the operation table and the served JSON, and compare the server with the documents.
    Codegen {
        /// Write nothing; fail on lint findings and on stale, missing or orphaned files as well.
        #[arg(long)]
        check: bool,
    },
    /// Work on the hand-written documents in `openapi/`.
    #[command(subcommand)]
    Spec(SpecTask),
    /// Check the workspace's own rules: arrows, invariants, sizes, module docs, licences, duplicate crates, proofs.
    Tidy,
    /// Run every test, with nextest where it is installed.
    Test {
        /// Passed on to the runner.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Install the programs of other languages that tests and checks drive, in `target/tools`.
    Tools {
        /// Folders of `xtask/tools`; all of them where none is named.
        sets: Vec<String>,
    },
    /// Have other languages' generators read the documents, compile what they make, and lint the documents.
    Generators,
    /// Everything that has to pass before a change lands, the tests last.
    Ci,
}

#[derive(Subcommand)]
enum SpecTask {
    /// Check that the documents keep to the profile in `openapi/README.md`.
    Lint,
    /// Compare the documents with the server's own, as `codegen` does.
    Diff,
    /// Judge what changed since the last release; fail where something breaks callers and the changelog is silent.
    Breaking,
    /// Freeze the documents as a release, and close the changelog's entry.
    Release {
        /// `info.version` of the documents, such as 0.2.0.
        version: String,
        /// The date of the entry, as 2026-01-31; today's (UTC) where it is left out.
        #[arg(long)]
        date: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), Error> {
    let workspace = Workspace::find()?;
    match task {
        Task::Codegen { check: false } => codegen::run(&workspace, Mode::Write),
        Task::Codegen { check: true } => codegen::run(&workspace, Mode::Check),
        Task::Spec(SpecTask::Lint) => spec::lint(&workspace),
        Task::Spec(SpecTask::Diff) => spec::diff(&workspace),
        Task::Spec(SpecTask::Breaking) => breaking::run(&workspace),
        Task::Spec(SpecTask::Release { version, date }) => {
            release::run(&workspace, &version, date.as_deref())
        }
        Task::Tidy => tidy::run(&workspace),
        Task::Test { arguments } => test::run(&workspace, &arguments),
        Task::Tools { sets } => tools::run(&workspace, &sets),
        Task::Generators => generators::run(&workspace),
        Task::Ci => ci::run(&workspace),
    }
}
