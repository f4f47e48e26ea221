//! Where the tree is, how its files are read, and how other programs are run in it.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::Error;

/// The tree that the tasks work on.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace of this `cargo xtask` run: the folder above the manifest that cargo names in the
    /// environment, or the current folder when the program is started by hand.
    ///
    /// # Errors
    /// As [`Workspace::at`].
    pub fn find() -> Result<Self, Error> {
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(manifest) => PathBuf::from(manifest).join(".."),
            None => PathBuf::from("."),
        };
        Self::at(&root)
    }

    /// The workspace whose manifest is in this folder.
    ///
    /// # Errors
    /// `Error::File` where there is no such folder, `Error::Text` where it has no workspace manifest.
    pub fn at(root: &Path) -> Result<Self, Error> {
        let root = root.canonicalize().map_err(Error::file(root))?;
        if !root.join("Cargo.toml").is_file() {
            return Err(Error::text(root.display(), "not the root of the workspace"));
        }
        Ok(Self { root })
    }

    /// The absolute path of `relative`, a path from the root with `/` between its parts.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo puts what it builds.
    pub fn target(&self) -> PathBuf {
        match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => self.root.join(target),
            None => self.root.join("target"),
        }
    }

    /// The text of a file of the tree.
    ///
    /// # Errors
    /// `Error::File` where it cannot be read as UTF-8.
    pub fn read(&self, relative: &str) -> Result<String, Error> {
        let path = self.path(relative);
        fs::read_to_string(&path).map_err(Error::file(&path))
    }

    /// The files under a folder of the tree as sorted paths from the root; none where there is no such folder.
    /// Folders named `target` are left out.
    ///
    /// # Errors
    /// `Error::File` where a folder cannot be listed.
    pub fn files(&self, folder: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            if !folder.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&folder).map_err(Error::file(&folder))? {
                let path = entry.map_err(Error::file(&folder))?.path();
                if !path.is_dir() {
                    found.push(self.relative(&path));
                } else if path.file_name() != Some(OsStr::new("target")) {
                    folders.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// A command that runs in the root of the tree.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command
    }

    fn relative(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Vec<_> = relative.iter().map(OsStr::to_string_lossy).collect();
        parts.join("/")
    }
}

/// Runs a command with the terminal's own input and output.
///
/// # Errors
/// `Error::Program` where it cannot be started, `Error::Command` where it fails.
pub fn run(mut command: Command) -> Result<(), Error> {
    let status = command.status().map_err(not_started(&command))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Command {
        command: line(&command),
        status,
    })
}

/// Runs a command, gives it `input`, and returns what it prints. Its standard error is shown as it comes.
///
/// # Errors
/// As [`run`]; `Error::Text` where the output is not UTF-8.
pub fn output(mut command: Command, input: &str) -> Result<String, Error> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(not_started(&command))?;
    let stdin = child.stdin.take();
    let result = std::thread::scope(|scope| {
        // Written from a second thread: a program that answers before it has read everything would block both.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
        child.wait_with_output()
    });
    let result = result.map_err(not_started(&command))?;
    if !result.status.success() {
        return Err(Error::Command {
            command: line(&command),
            status: result.status,
        });
    }
    String::from_utf8(result.stdout).map_err(|error| Error::text(line(&command), error))
}

/// Whether a folder of the PATH has a program of this name.
#[must_use]
pub fn is_on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

pub(crate) fn not_started(command: &Command) -> impl FnOnce(std::io::Error) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    move |source| Error::Program { program, source }
}

fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}
