//! How one program of the table is run, and what in its output is a complaint.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::table::{NODE, Output, Tool};
use crate::document::Document;
use crate::workspace::{self, Workspace};
use crate::{Error, Finding, tools};

/// What a program is told beside its command line: to send nothing anywhere, and to print nothing but what matters.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("DO_NOT_TRACK", "1"),
    ("JAVA_OPTS", "-XX:TieredStopAtLevel=1"),
    ("NO_COLOR", "1"),
    ("NODE_NO_WARNINGS", "1"),
    ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
    ("REDOCLY_TELEMETRY", "off"),
    ("SCARF_ANALYTICS", "false"),
];

/// How many lines of one program are shown.
const SHOWN: usize = 30;

/// A program with the folders that its command line speaks of.
pub(super) struct Program<'a> {
    workspace: &'a Workspace,
    tool: &'a Tool,
    made: &'a Path,
    bin: PathBuf,
}

impl<'a> Program<'a> {
    /// `made` is where everything is made.
    pub(super) fn new(workspace: &'a Workspace, tool: &'a Tool, made: &'a Path) -> Self {
        let set = tools::folder(workspace, tool.set);
        let bin = set.join(if tool.set == NODE {
            "node_modules/.bin"
        } else {
            "bin"
        });
        Self {
            workspace,
            tool,
            made,
            bin,
        }
    }

    /// Runs it on these documents, and returns what it complains of.
    ///
    /// # Errors
    /// `Error::Program` where it cannot be started.
    pub(super) fn run(&self, documents: &[Document]) -> Result<Vec<Finding>, Error> {
        let words = self.words(documents);
        let mut command = self.workspace.command(&words[0], &[]);
        command
            .args(&words[1..])
            .envs(ENVIRONMENT)
            .env("PATH", self.path());
        let (succeeded, output) = outcome(command)?;
        let place = match documents {
            [only] => only.path(),
            _ => String::from("openapi"),
        };
        let complaints = complaints(self.tool.output, succeeded, &output).into_iter();
        let finding = |message| Finding::new(self.tool.name, &place, message);
        Ok(complaints.map(finding).collect())
    }

    /// The command line, with what stands for something else replaced.
    fn words(&self, documents: &[Document]) -> Vec<String> {
        let own = self.workspace.path(&tools::source(self.tool.set));
        let places = [
            ("{bin}", &*self.bin),
            ("{own}", &own),
            ("{made}", self.made),
        ];
        let mut words = Vec::new();
        for word in self.tool.line {
            let place = |word: String, (name, path): (&str, &Path)| {
                word.replace(name, &path.display().to_string())
            };
            let word = places.into_iter().fold((*word).to_owned(), place);
            let of = |document: &Document| {
                let path = self.workspace.path(&document.path());
                word.replace("{document}", &path.display().to_string())
                    .replace("{family}", document.family.module)
            };
            let times = if word.contains("{document}") || word.contains("{family}") {
                documents.len()
            } else {
                1
            };
            words.extend(documents[..times].iter().map(of));
        }
        words
    }

    /// The set's programs first: some of them call each other.
    fn path(&self) -> OsString {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [self.bin.clone()]
            .into_iter()
            .chain(env::split_paths(&path));
        env::join_paths(folders).unwrap_or(path)
    }
}

/// Whether the program succeeded, and all that it printed.
fn outcome(mut command: Command) -> Result<(bool, String), Error> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(workspace::not_started(&command))?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    Ok((output.status.success(), text))
}

/// The lines of the output that are complaints; at least one where the program did not succeed.
fn complaints(expected: Output, succeeded: bool, output: &str) -> Vec<String> {
    let is_usual = |line: &String| match expected {
        Output::Any => succeeded,
        Output::Lines(lines) => lines
            .iter()
            .any(|usual| line.trim_start().starts_with(usual)),
    };
    let lines = output.lines().map(uncoloured);
    let mut odd: Vec<_> = lines
        .filter(|line| !line.is_empty() && !is_usual(line))
        .collect();
    if odd.is_empty() && !succeeded {
        odd.push(String::from("it failed without a word"));
    }
    if odd.len() > SHOWN {
        let more = odd.len() - SHOWN;
        odd.truncate(SHOWN);
        odd.push(format!("and {more} lines more"));
    }
    odd
}

/// The line without escape sequences of colours, which some programs print whatever they are told, and without blanks at
/// its end.
fn uncoloured(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.filter_map(|part| Some(part.split_once('m')?.1));
    rest.fold(first, |line, part| line + part)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::document::FAMILIES;

    const USUAL: Output = Output::Lines(&["Generating ", "[main] INFO "]);

    #[test]
    fn a_word_is_repeated_for_each_document_that_it_speaks_of() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Cargo.toml"), "").unwrap();
        let workspace = Workspace::at(folder.path()).unwrap();
        let tool = Tool {
            name: "cat",
            set: NODE,
            line: &["cat", "{made}/{family}.ts", "--to={made}", "{document}"],
            output: Output::Any,
        };
        let program = Program::new(&workspace, &tool, Path::new("/made"));
        let document = |at: usize| Document::parse(&FAMILIES[at], "{}".to_owned()).unwrap();
        let root = workspace.path("openapi").display().to_string();
        let expected = [
            "cat",
            "/made/graph_beta.ts",
            "/made/admin.ts",
            "--to=/made",
            &format!("{root}/graph-beta.yaml"),
            &format!("{root}/admin.yaml"),
        ];
        assert_eq!(program.words(&[document(0), document(1)]), expected);
    }

    #[test]
    fn a_program_that_prints_what_it_always_does_complains_of_nothing() {
        let output = "Generating a\n\n\u{1b}[90m[main]\u{1b}[39m INFO  done\n  Generating b\n";
        assert_eq!(complaints(USUAL, true, output), [""; 0]);
    }

    #[test]
    fn any_other_line_is_a_complaint_though_the_program_succeeds() {
        let output =
            "Generating a\n\u{1b}[33mAttention: it was skipped\u{1b}[39m\n  as it is odd  \n";
        let expected = ["Attention: it was skipped", "  as it is odd"];
        assert_eq!(complaints(USUAL, true, output), expected);
    }

    #[test]
    fn where_the_end_says_all_the_lines_matter_only_of_a_failure() {
        let output = "Deprecation warning\n";
        assert_eq!(complaints(Output::Any, true, output), [""; 0]);
        assert_eq!(
            complaints(Output::Any, false, output),
            ["Deprecation warning"]
        );
    }

    #[test]
    fn a_failure_without_a_word_is_a_complaint_all_the_same() {
        for expected in [USUAL, Output::Any] {
            assert_eq!(
                complaints(expected, false, "\n"),
                ["it failed without a word"]
            );
        }
        assert_eq!(
            complaints(USUAL, false, "Generating a\n"),
            ["it failed without a word"]
        );
    }

    #[test]
    fn of_many_lines_the_first_are_shown_and_the_others_counted() {
        let found = complaints(USUAL, true, &"odd\n".repeat(SHOWN + 3));
        assert_eq!(found.len(), SHOWN + 1);
        assert_eq!(found[SHOWN], "and 3 lines more");
    }
}
