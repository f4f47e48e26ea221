//! `cargo xtask test`: every test, by the best runner at hand.

use std::process::Stdio;

use crate::workspace::{self, Workspace};
use crate::{Error, tools};

/// Runs the tests, with nextest where it is installed and else with cargo's own runner, whose summary is the last
/// thing printed, but for a word on tests that were skipped because a program is missing. Without arguments the doc
/// tests, which nextest does not know, go first.
///
/// # Errors
/// `Error::Command` where a test fails.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Error> {
    if arguments.is_empty() {
        workspace::run(workspace.command("cargo", &["test", "--quiet", "--workspace", "--doc"]))?;
    }
    let mut command = workspace.command("cargo", &invocation(find_runner(workspace), arguments));
    command.args(arguments);
    let result = workspace::run(command);
    if !workspace::is_on_path("chromium") {
        eprintln!("NOT RUN: the tests of the Swagger UI, as there is no `chromium` on the PATH.");
    }
    for set in tools::sets(workspace)? {
        if set.installed().is_none() {
            let name = set.name();
            eprintln!(
                "NOT RUN: the tests that need `{name}`, which `cargo xtask tools {name}` installs."
            );
        }
    }
    result
}

#[derive(Debug, Clone, Copy)]
enum Runner {
    Nextest,
    Cargo,
}

fn find_runner(workspace: &Workspace) -> Runner {
    let mut version = workspace.command("cargo", &["nextest", "--version"]);
    match version.stdout(Stdio::null()).stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Runner::Nextest,
        _ => Runner::Cargo,
    }
}

/// cargo's arguments up to those that are passed on. Who names packages wants those alone.
fn invocation(runner: Runner, arguments: &[String]) -> Vec<&'static str> {
    let is_package =
        |argument: &String| argument.starts_with("-p") || argument.starts_with("--package");
    let mut invocation = match runner {
        Runner::Nextest => vec!["nextest", "run"],
        // The doc tests have run already, and would print their own summary after all others.
        Runner::Cargo if arguments.is_empty() => {
            vec!["test", "--lib", "--bins", "--tests", "--examples"]
        }
        Runner::Cargo => vec!["test"],
    };
    if !arguments.iter().any(is_package) {
        invocation.push("--workspace");
    }
    invocation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_runs_the_workspace_where_it_is_installed() {
        assert_eq!(
            invocation(Runner::Nextest, &[]),
            ["nextest", "run", "--workspace"]
        );
    }

    #[test]
    fn the_own_runner_of_cargo_does_not_repeat_the_doc_tests() {
        let expected = [
            "test",
            "--lib",
            "--bins",
            "--tests",
            "--examples",
            "--workspace",
        ];
        assert_eq!(invocation(Runner::Cargo, &[]), expected);
    }

    #[test]
    fn named_packages_are_tested_alone() {
        let arguments = ["-p", "pimento-domain"].map(str::to_owned);
        assert_eq!(invocation(Runner::Nextest, &arguments), ["nextest", "run"]);
        assert_eq!(invocation(Runner::Cargo, &arguments), ["test"]);
        assert_eq!(
            invocation(Runner::Cargo, &[String::from("permanent")]),
            ["test", "--workspace"]
        );
    }
}
