//! One run of the tool over one document, and what has to have come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Stdio;

use pimento_testkit::TestServer;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

/// The same requests each time.
const SEED: &str = "20260302";

/// How many requests of each operation are drawn freely, and for how many seconds chains are made, where nobody says.
const EXAMPLES: u32 = 5;
const SECONDS: u32 = 20;

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
        let server = TestServer::dev_that_records().await;
        let reports = TempDir::with_prefix("pimento-schemathesis-").unwrap();
        self.find_nothing(python, &server, reports.path()).await;
        let tally = fs::read(reports.path().join("tally.json")).unwrap();
        let tally: Tally = serde_json::from_slice(&tally).unwrap();
        let path = format!("/openapi/{}.json", self.document);
        let document = server.call("GET", &path).send().await.expect(200);
        if self.phases == "stateful" {
            assert_chains(&reports.path().join("events.ndjson"));
        } else {
            self.assert_served(&document, &tally);
        }
    }

    async fn find_nothing(self, python: &Path, server: &TestServer, reports: &Path) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis");
        let config = match self.caller {
            Caller::Administrator | Caller::Nobody => "schemathesis.toml",
            Caller::Tenants => "tenants.toml",
        };
        let examples = asked_for();
        let mut command = Command::new(python);
        command
            .args(["-m", "schemathesis.cli", "--no-color", "--config-file"])
            .arg(folder.join(config))
            .arg("run")
            .arg(format!("{}/openapi/{}.json", server.url(), self.document))
            .args(["--seed", SEED, "--generation-database", "none"])
            .args(["--phases", self.phases, "--continue-on-failure"])
            .args(["--max-examples", &examples.unwrap_or(EXAMPLES).to_string()])
            .args([
                "--checks",
                "all",
                "--report",
                "ndjson",
                "--report-ndjson-path",
                "events.ndjson",
            ]);
        if self.phases == "stateful" {
            // The tool begins anew each time that the server's state surprises it, until the time is over.
            command.args(["--max-time", &examples.unwrap_or(SECONDS).to_string()]);
        }
        if self.caller == Caller::Tenants {
            // The tool is told of no values here, so what it takes for valid is often none. The other runs ask this.
            command.args(["--exclude-checks", "positive_data_acceptance"]);
        }
        let output = command
            .current_dir(reports)
            .env("PIMENTO_URL", server.url())
            .env("PIMENTO_CALLER", format!("{:?}", self.caller))
            .env("PIMENTO_TENANTS", folder.join("tenants.yaml"))
            .env("PIMENTO_TALLY", reports.join("tally.json"))
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

    /// A run that is refused everything proves nothing: whoever may call an operation was served by it at least once, and
    /// whoever may not, never.
    fn assert_served(self, document: &Value, tally: &Tally) {
        let served: BTreeSet<_> = tally
            .iter()
            .filter(|(_, answers)| answers.keys().any(|status| status.starts_with('2')))
            .map(|(operation, _)| operation.as_str())
            .collect();
        let paths = document["paths"].as_object().unwrap();
        let operations = paths.values().flat_map(|path| path.as_object().unwrap());
        let admitted: BTreeSet<_> = operations
            .map(|(_, operation)| operation)
            .filter(|operation| self.admits(&operation["x-pimento-roles"]))
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        match self.caller {
            Caller::Administrator | Caller::Nobody => assert_eq!(served, admitted, "{tally:#?}"),
            Caller::Tenants => assert!(served.is_subset(&admitted), "{tally:#?}"),
        }
    }

    fn admits(self, roles: &Value) -> bool {
        let roles = roles.as_array().unwrap();
        self.caller != Caller::Nobody || roles.is_empty() || roles.iter().any(|role| role == "Self")
    }
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
