//! One run of the tool over one document, and what has to have come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Stdio;

use pimento_testkit::TestServer;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

/// The same requests each time.
const SEED: u32 = 20_260_302;

/// How many requests of each operation are drawn freely, and for how many seconds chains are made, where nobody says.
const EXAMPLES: u32 = 5;
const SECONDS: u32 = 20;

/// How many walks are made at a time in search of a few chains, and how often at the most. Which ones come is left to the
/// tool's chance.
const WALKS: u32 = 60;
const SEARCHES: u32 = 12;

/// What the tool is to try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// What the test is called.
    pub(crate) name: &'static str,
    /// The document, as the server names it.
    pub(crate) document: &'static str,
    /// Who calls.
    pub(crate) caller: Caller,
    /// The tool's phases, with commas between them.
    pub(crate) phases: &'static str,
    /// What has to become of one thing or another, where the run is about chains: operations on it, each served, in this
    /// order, with others between them. ` 404` says that the thing is not there. Nothing but these operations is tried;
    /// without any it is all of the document.
    pub(crate) chains: &'static [&'static [&'static str]],
}

/// Who makes the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// People who administer by their token, so that nothing takes that away from them.
    Administrator,
    /// People with roles that allow nothing here, or without any.
    Nobody,
    /// Administrators of two tenants. One calls, and the tool has the other try to read what the first has got.
    Tenants,
}

/// By operation, by status, the answers.
type Tally = BTreeMap<String, BTreeMap<String, u32>>;

/// By the id of a thing, the operations on it that were served.
type Lives = BTreeMap<String, Vec<String>>;

/// Operations with an id that do not answer 404 where nothing has it, with why.
const KNOWN_NOTHING: [(&str, &str); 1] = [(
    "cancel_request",
    "a request that there is none of is a rule's refusal there: 400 `RoleAssignmentRequestNotFound`",
)];

/// Whether somebody wants more than what there is time for each time.
pub(crate) fn is_at_leisure() -> bool {
    asked_for().is_some()
}

fn asked_for() -> Option<u32> {
    let examples = std::env::var("PIMENTO_EXAMPLES").ok()?;
    Some(examples.parse().unwrap())
}

impl Run {
    /// Runs it against a dev server of its own.
    pub(crate) async fn against_a_server(self, python: &Path) {
        if !self.chains.is_empty() {
            return self.walk_chains(python).await;
        }
        let server = TestServer::dev_that_records().await;
        let reports = TempDir::with_prefix("pimento-schemathesis-").unwrap();
        self.find_nothing(python, &server, reports.path(), SEED)
            .await;
        let path = format!("/openapi/{}.json", self.document);
        let document = server.call("GET", &path).send().await.expect(200);
        if self.phases == "stateful" {
            assert_chains(&reports.path().join("events.ndjson"));
        } else {
            let tally: Tally = read(&reports.path().join("tally.json"));
            self.assert_served(&document, &tally);
            self.assert_ids(&document, &tally);
        }
    }

    /// Runs it, against one server after the other, until each chain was walked.
    async fn walk_chains(self, python: &Path) {
        let mut missing = self.chains.to_vec();
        for search in 0..SEARCHES {
            let server = TestServer::dev_that_records().await;
            let reports = TempDir::with_prefix("pimento-schemathesis-").unwrap();
            self.find_nothing(python, &server, reports.path(), SEED + search)
                .await;
            let lives: Lives = read(&reports.path().join("lives.json"));
            missing.retain(|chain| !lives.values().any(|life| has(life, chain)));
            if missing.is_empty() {
                return;
            }
        }
        panic!("nobody went through {missing:#?}");
    }

    async fn find_nothing(self, python: &Path, server: &TestServer, reports: &Path, seed: u32) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis");
        let config = match self.caller {
            Caller::Administrator | Caller::Nobody => "schemathesis.toml",
            Caller::Tenants => "tenants.toml",
        };
        let examples = asked_for();
        let usual = if self.chains.is_empty() {
            EXAMPLES
        } else {
            WALKS
        };
        let mut command = Command::new(python);
        command
            .args(["-m", "schemathesis.cli", "--no-color", "--config-file"])
            .arg(folder.join(config))
            .arg("run")
            .arg(format!("{}/openapi/{}.json", server.url(), self.document))
            .args(["--seed", &seed.to_string(), "--generation-database", "none"])
            .args(["--phases", self.phases, "--continue-on-failure"])
            .args(["--max-examples", &examples.unwrap_or(usual).to_string()])
            .args([
                "--checks",
                "all",
                "--report",
                "ndjson",
                "--report-ndjson-path",
                "events.ndjson",
            ]);
        if self.phases == "stateful" && self.chains.is_empty() {
            // The tool begins anew each time that the server's state surprises it, until the time is over.
            command.args(["--max-time", &examples.unwrap_or(SECONDS).to_string()]);
        }
        command.args(self.restriction());
        if self.caller == Caller::Tenants {
            // The tool takes for valid whatever has the right type, such as `"0"` for a role or for a `$filter`. What the
            // documents say of those in words would bring ids along that this check did not learn, so most of what it sends
            // is refused, as it should be. The other runs know the words, and ask this.
            command.args(["--exclude-checks", "positive_data_acceptance"]);
        }
        let output = command
            .current_dir(reports)
            .env("PIMENTO_URL", server.url())
            .env("PIMENTO_CALLER", format!("{:?}", self.caller))
            .env("PIMENTO_TENANTS", folder.join("tenants.yaml"))
            .env("PIMENTO_TALLY", reports.join("tally.json"))
            .env("PIMENTO_LIVES", reports.join("lives.json"))
            .env("PYTHONPATH", &folder)
            // The set comes without what Python compiles of it, and a source folder is no place for that.
            .env("PYTHONPYCACHEPREFIX", python.with_file_name("compiled"))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}{complained}");
    }

    /// Of a run about chains, what it is restricted to.
    fn restriction(self) -> Vec<String> {
        if self.chains.is_empty() {
            return Vec::new();
        }
        let steps = self.chains.iter().copied().flatten();
        let operations: BTreeSet<_> = steps.map(|step| operation(step)).collect();
        let operations = format!("^({})$", Vec::from_iter(operations).join("|"));
        // What the document forbids breaks a chain; it is tried in the other runs.
        let arguments = [
            "--include-operation-id-regex",
            &operations,
            "--mode",
            "positive",
        ];
        arguments.map(str::to_owned).into()
    }

    /// A run that is refused everything proves nothing: whoever may call an operation was served by it at least once, and
    /// whoever may not, never.
    fn assert_served(self, document: &Value, tally: &Tally) {
        let served: BTreeSet<_> = tally
            .iter()
            .filter(|(_, answers)| answers.keys().any(|status| status.starts_with('2')))
            .map(|(operation, _)| operation.as_str())
            .collect();
        let admitted: BTreeSet<_> = operations(document)
            .map(|(_, operation)| operation)
            .filter(|operation| self.admits(&operation["x-pimento-roles"]))
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        match self.caller {
            Caller::Administrator | Caller::Nobody => assert_eq!(served, admitted, "{tally:#?}"),
            Caller::Tenants => assert!(served.is_subset(&admitted), "{tally:#?}"),
        }
    }

    /// Each operation that has an id was served with that of something, and said 404 of that of nothing.
    fn assert_ids(self, document: &Value, tally: &Tally) {
        if self.caller != Caller::Administrator {
            return;
        }
        let with_ids = operations(document)
            .filter(|(path, _)| path.contains('{'))
            .map(|(_, operation)| operation["operationId"].as_str().unwrap());
        let wrong = with_ids.filter(|operation| {
            let answers = &tally[*operation];
            let is_excepted = KNOWN_NOTHING.iter().any(|(name, _)| name == operation);
            !answers.keys().any(|status| status.starts_with('2'))
                || answers.contains_key("404") == is_excepted
        });
        assert_eq!(Vec::from_iter(wrong), [""; 0], "{tally:#?}");
    }

    fn admits(self, roles: &Value) -> bool {
        let roles = roles.as_array().unwrap();
        self.caller != Caller::Nobody || roles.is_empty() || roles.iter().any(|role| role == "Self")
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> T {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// Those of a document, with their paths.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().values();
        operations.map(|operation| (path.as_str(), operation))
    })
}

/// What a step of a chain calls.
fn operation(step: &str) -> &str {
    step.split(' ').next().unwrap_or(step)
}

/// Whether a chain is in a life, whatever else is.
fn has(life: &[String], chain: &[&str]) -> bool {
    let mut life = life.iter();
    chain.iter().all(|step| life.any(|lived| lived == step))
}

/// There are chains of three requests, each with something that the one before it was answered, and all of them served.
fn assert_chains(events: &Path) {
    let events = fs::read_to_string(events).unwrap();
    let scenarios = events
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let longest = scenarios
        .map(|event| longest_chain(&event["ScenarioFinished"]["recorder"]))
        .max();
    assert!(longest >= Some(3), "the longest chain: {longest:?}");
}

/// How many requests follow from each other at the most.
fn longest_chain(scenario: &Value) -> usize {
    let Some(cases) = scenario["cases"].as_object() else {
        return 0;
    };
    let is_served = |id: &str| {
        let status = scenario["interactions"][id]["response"]["status_code"].as_u64();
        status.is_some_and(|status| status < 300)
    };
    let length = |id: &String| {
        let mut length = 0;
        let mut next = Some(id.as_str());
        while let Some(id) = next.filter(|id| is_served(id)) {
            length += 1;
            let follows = cases[id]["is_transition_applied"] == true;
            next = cases[id]["parent_id"].as_str().filter(|_| follows);
        }
        length
    };
    cases.keys().map(length).max().unwrap_or_default()
}
