//! Why a task failed, and the findings that checks report.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// Why a task failed. Findings are printed before the task ends; the error then only counts them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// What was to be read or written.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A text is not what its name promises.
    #[error("{place}: {reason}")]
    Text {
        /// The file, or the command that printed the text.
        place: String,
        /// What the parser said.
        reason: String,
    },
    /// A program that the task needs could not be started.
    #[error("{program} could not be started: {source}")]
    Program {
        /// The program's name.
        program: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A program that the task needs failed; it has said why on its own standard error.
    #[error("`{command}` failed with {status}")]
    Command {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// A check found something; the findings are on standard error.
    #[error("{task}: {count} finding(s)")]
    Findings {
        /// The check's name.
        task: &'static str,
        /// How many findings it printed.
        count: usize,
    },
}

impl Error {
    /// A function for `map_err` that adds the path to what the operating system said.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// A text that cannot be used, with the place it came from.
    pub fn text(place: impl fmt::Display, reason: impl fmt::Display) -> Self {
        Self::Text {
            place: place.to_string(),
            reason: reason.to_string(),
        }
    }
}

/// One thing that a check objects to; it prints as one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where: a path in the tree, or a document with a JSON pointer.
    pub place: String,
    /// The rule's short name.
    pub rule: &'static str,
    /// What is wrong, and where it helps what would be right.
    pub message: String,
}

impl Finding {
    /// A finding of `rule` at `place`.
    pub fn new(rule: &'static str, place: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self {
            place: place.to_string(),
            rule,
            message: message.to_string(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.place, self.message, self.rule)
    }
}

/// Prints the findings and turns them into the task's result.
///
/// # Errors
/// `Error::Findings` unless there are none.
pub fn report(task: &'static str, findings: &[Finding]) -> Result<(), Error> {
    for finding in findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => Err(Error::Findings { task, count }),
    }
}
