//! A client in another language: where it is, its script, and the scenarios in that.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use libtest_mimic::Trial;
use pimento_testkit::{Contract, TestServer, Tool};
use tokio::process::Command;

/// A client, and the script that drives it. `script` by itself says the names of its scenarios, one on a line; `script
/// SCENARIO URL` runs one against the server there, and can be given several such pairs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    /// What the names of its tests begin with.
    pub(crate) name: &'static str,
    /// What its tests are of.
    pub(crate) tests: &'static str,
    /// What its script is written in.
    pub(crate) language: Language,
    /// The set of tools that has it.
    pub(crate) set: &'static str,
    /// Below this folder.
    pub(crate) script: &'static str,
    /// What it calls instead of the server, where it is to stand behind a proxy.
    pub(crate) public_url: Option<&'static str>,
    /// All scenarios of the script. Those whose names begin with the same `group::` stand together and share a process, for
    /// a client that takes long to load.
    pub(crate) scenarios: &'static [(&'static str, Server)],
    /// The one that leaves no operation of the family out.
    pub(crate) complete: Option<&'static str>,
}

/// What a script is written in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    /// Run by the set's own Python.
    Python,
    /// Run by the machine's Node, with the packages of the set.
    Node,
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
    /// One test for each scenario or group of them, and one that all scenarios have one.
    pub(crate) fn trials(self) -> Vec<Trial> {
        let tool = self.tool();
        tool.announce(self.tests);
        let groups = self.scenarios.chunk_by(|a, b| group(a.0) == group(b.0));
        let trials = groups.map(|scenarios| {
            self.trial(group(scenarios[0].0), async move |program| {
                self.run(&program, scenarios).await;
            })
        });
        let each = self.trial("each_scenario_is_a_test", async move |program| {
            self.each_scenario_is_a_test(&program).await;
        });
        trials.chain([each]).collect()
    }

    /// A server for its scenarios.
    pub(crate) async fn start(&self, server: Server) -> TestServer {
        let requests_per_minute = match server {
            Server::Dev => None,
            Server::Throttled(per_minute) => Some(per_minute),
        };
        TestServer::dev_called(self.public_url, requests_per_minute).await
    }

    /// A test of this client. It is given what the set has for the script.
    pub(crate) fn trial<T>(&self, name: &str, test: T) -> Trial
    where
        T: AsyncFnOnce(PathBuf) + Send + 'static,
    {
        let name = format!("{}::{name}", self.name);
        self.tool().trial("clients", &name, test)
    }

    /// Runs scenarios, each against a server of its own.
    async fn run(&self, program: &Path, scenarios: &[(&str, Server)]) {
        let mut servers = Vec::new();
        let mut arguments = Vec::new();
        for (scenario, server) in scenarios {
            let server = self.start(*server).await;
            arguments.extend([(*scenario).to_owned(), server.url()]);
            servers.push((*scenario, server));
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        self.script(program, &arguments).await;
        let complete = |(scenario, _): &&(&str, _)| self.complete == Some(*scenario);
        for (_, server) in servers.iter().filter(complete) {
            assert_eq!(left_out(server), [""; 0]);
        }
    }

    fn tool(&self) -> Tool {
        match self.language {
            Language::Python => Tool::of_set(self.set, "requirements.txt", "bin/python"),
            Language::Node => Tool::of_set(self.set, "package-lock.json", "node_modules"),
        }
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
        let output = self
            .language
            .command(program, &folder)
            .arg(folder.join(self.script))
            .args(arguments)
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

/// What a scenario shares its process with.
fn group(scenario: &str) -> &str {
    scenario
        .split_once("::")
        .map_or(scenario, |(group, _)| group)
}

/// The operations of the family that did not succeed on a server so far.
fn left_out(server: &TestServer) -> Vec<String> {
    let contract = Contract::of_dev();
    let answered = server.answered();
    let succeeded = |operation: &str| {
        let mut answers = answered.iter().filter(|(name, ..)| name == operation);
        answers.any(|(_, status, _)| *status < 300)
    };
    let documented = contract.documented().into_keys();
    let of_the_family = documented.filter(|operation| {
        let (_, path) = contract.route(operation);
        path.starts_with("/beta/")
    });
    let left_out = of_the_family.filter(|operation| !succeeded(operation));
    left_out.map(str::to_owned).collect()
}

impl Language {
    /// What runs scripts of this folder, with what a set has for them.
    fn command(self, tool: &Path, folder: &Path) -> Command {
        match self {
            Self::Python => {
                let mut python = Command::new(tool);
                // The set comes without what Python compiles of it, and a source folder is no place for that.
                python.env("PYTHONPYCACHEPREFIX", tool.with_file_name("compiled"));
                python
            }
            Self::Node => {
                let mut node = Command::new("node");
                node.env("PIMENTO_PACKAGES", tool);
                node.arg("--import").arg(folder.join("node/packages.mjs"));
                node
            }
        }
    }
}
