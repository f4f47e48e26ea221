//! A client in another language: where it is, its script, and the scenarios in that.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use libtest_mimic::Trial;
use pimento_testkit::{TestServer, Tool};
use tokio::process::Command;

/// A client, and the script that drives it. `script` by itself says the names of its scenarios, one on a line; `script
/// SCENARIO URL` runs one against the server there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    /// What the names of its tests begin with.
    pub(crate) name: &'static str,
    /// What its tests are of.
    pub(crate) tests: &'static str,
    /// The set of tools that has it, the list of that, and the program that runs the script.
    pub(crate) set: [&'static str; 3],
    /// Below this folder.
    pub(crate) script: &'static str,
    /// All scenarios of the script.
    pub(crate) scenarios: &'static [(&'static str, Server)],
}

/// What a scenario is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Server {
    /// A dev server with its demo tenant.
    Dev,
    /// One that allows so many requests of each person a minute.
    Throttled(NonZeroU32),
}

impl Client {
    /// One test for each scenario, and one that all scenarios have one.
    pub(crate) fn trials(self) -> Vec<Trial> {
        let tool = self.tool();
        tool.announce(self.tests);
        let trials = self.scenarios.iter().map(|(scenario, server)| {
            self.trial(scenario, async move |program| {
                let server = server.start().await;
                self.run(&program, scenario, &server).await;
            })
        });
        let each = self.trial("each_scenario_is_a_test", async move |program| {
            self.each_scenario_is_a_test(&program).await;
        });
        trials.chain([each]).collect()
    }

    /// A test of this client. It is given the program that runs the script.
    pub(crate) fn trial<T>(&self, name: &str, test: T) -> Trial
    where
        T: AsyncFnOnce(PathBuf) + Send + 'static,
    {
        let name = format!("{}::{name}", self.name);
        self.tool().trial("clients", &name, test)
    }

    /// Runs a scenario against a server, and answers what it printed.
    pub(crate) async fn run(&self, program: &Path, scenario: &str, server: &TestServer) -> String {
        self.script(program, &[scenario, &server.url()]).await
    }

    fn tool(&self) -> Tool {
        let [set, list, program] = self.set;
        Tool::of_set(set, list, program)
    }

    async fn each_scenario_is_a_test(&self, program: &Path) {
        let printed = self.script(program, &[]).await;
        let mut scenarios: Vec<_> = printed.lines().collect();
        scenarios.sort_unstable();
        let mut tests: Vec<_> = self.scenarios.iter().map(|(name, _)| *name).collect();
        tests.sort_unstable();
        assert_eq!(scenarios, tests);
    }

    async fn script(&self, program: &Path, arguments: &[&str]) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
        let output = Command::new(program)
            .arg(folder.join(self.script))
            .args(arguments)
            // The set comes without what Python compiles of it, and a source folder is no place for that.
            .env("PYTHONPYCACHEPREFIX", program.with_file_name("compiled"))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{} {arguments:?} ended with {}:\n{printed}{said}",
            self.script,
            output.status
        );
        printed
    }
}

impl Server {
    /// Starts it.
    pub(crate) async fn start(self) -> TestServer {
        match self {
            Self::Dev => TestServer::dev().await,
            Self::Throttled(per_minute) => TestServer::dev_throttled(per_minute).await,
        }
    }
}
