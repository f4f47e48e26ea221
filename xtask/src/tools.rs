//! `cargo xtask tools`: programs of other languages that tests and checks drive, each set in a folder of its own.
//!
//! A set is a folder of `xtask/tools` with one list of everything it consists of, by exact versions: `requirements.txt`
//! for Python, or `package-lock.json` (with its `package.json`) for Node. It is installed in `target/tools/<set>`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::{self, Workspace};
use crate::{Error, Finding};

const SETS: &str = "xtask/tools";
const REQUIREMENTS: &str = "requirements.txt";
const LOCK: &str = "package-lock.json";

/// Written last: the list that is installed.
const INSTALLED: &str = "installed";

/// One set of programs.
#[derive(Debug, Clone)]
pub struct Set {
    name: String,
    list: List,
    folder: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum List {
    Python(String),
    Node(String),
}

impl List {
    fn text(&self) -> &str {
        match self {
            Self::Python(text) | Self::Node(text) => text,
        }
    }
}

/// Installs the named sets, or all where none is named. What is installed as its list says is left as it is.
///
/// # Errors
/// `Error::Text` where a name is no set's; whatever Python's or Node's installer fails with.
pub fn run(workspace: &Workspace, names: &[String]) -> Result<(), Error> {
    let sets = match names {
        [] => sets(workspace)?,
        names => named(workspace, names)?,
    };
    for set in sets {
        let word = if set.is_installed() {
            "was there"
        } else {
            set.install(workspace)?;
            "installed"
        };
        println!("tools       {}: {word}", set.name);
    }
    Ok(())
}

/// The sets that there are, by name.
///
/// # Errors
/// `Error::File` where one cannot be read.
pub fn sets(workspace: &Workspace) -> Result<Vec<Set>, Error> {
    let lists = workspace.files(SETS)?;
    let set = |path: &String| {
        let (name, file) = path.strip_prefix(SETS)?[1..].split_once('/')?;
        let list: fn(String) -> List = match file {
            REQUIREMENTS => List::Python,
            LOCK => List::Node,
            _ => return None,
        };
        Some(workspace.read(path).map(|text| Set {
            name: name.to_owned(),
            list: list(text),
            folder: folder(workspace, name),
        }))
    };
    lists.iter().filter_map(set).collect()
}

/// The folder of a set's own files, from the root of the tree.
#[must_use]
pub fn source(name: &str) -> String {
    format!("{SETS}/{name}")
}

/// The folder that a set is installed in, if it is.
#[must_use]
pub fn folder(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.target().join("tools").join(name)
}

fn named(workspace: &Workspace, names: &[String]) -> Result<Vec<Set>, Error> {
    let sets = sets(workspace)?;
    let find = |name: &String| {
        let set = sets.iter().find(|set| set.name == *name).cloned();
        let known: Vec<_> = sets.iter().map(|set| set.name.as_str()).collect();
        let reason = || format!("is no set of {SETS}; there are {}", known.join(", "));
        set.ok_or_else(|| Error::text(name, reason()))
    };
    names.iter().map(find).collect()
}

impl Set {
    /// The folder that it is installed in, if it is there as its list says.
    #[must_use]
    pub fn installed(&self) -> Option<&Path> {
        self.is_installed().then_some(&self.folder)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn is_installed(&self) -> bool {
        fs::read_to_string(self.folder.join(INSTALLED)).is_ok_and(|text| text == self.list.text())
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Error> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(Error::file(&self.folder))?;
        }
        fs::create_dir_all(&self.folder).map_err(Error::file(&self.folder))?;
        let source = workspace.path(&source(&self.name));
        match self.list {
            List::Python(_) => self.install_python(workspace, &source)?,
            List::Node(_) => self.install_node(workspace, &source)?,
        }
        let installed = self.folder.join(INSTALLED);
        fs::write(&installed, self.list.text()).map_err(Error::file(&installed))
    }

    fn install_python(&self, workspace: &Workspace, source: &Path) -> Result<(), Error> {
        let mut venv = workspace.command("python3", &["-m", "venv"]);
        venv.arg(&self.folder);
        workspace::run(venv)?;
        let python = self.folder.join("bin/python").display().to_string();
        let pip = |arguments: &[&str]| {
            let quiet = ["-m", "pip", "--quiet", "--disable-pip-version-check"];
            let mut command = workspace.command(&python, &quiet);
            command.args(arguments);
            command
        };
        // The list is complete, which `pip check` says.
        let mut install = pip(&["install", "--no-deps", "--no-compile", "--requirement"]);
        install.arg(source.join(REQUIREMENTS));
        workspace::run(install)?;
        workspace::run(pip(&["check"]))
    }

    fn install_node(&self, workspace: &Workspace, source: &Path) -> Result<(), Error> {
        for file in ["package.json", LOCK] {
            let from = source.join(file);
            fs::copy(&from, self.folder.join(file)).map_err(Error::file(&from))?;
        }
        // Nothing that is installed gets to run for that.
        let quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
        let mut install = workspace.command("npm", &["ci", "--loglevel=error"]);
        install.args(quiet).current_dir(&self.folder);
        workspace::run(install)
    }

    /// What of its list is not an exact version, or names a place to download from.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let found = |line: &str, message| {
            let line = line.trim();
            Finding::new("tools", format!("{SETS}/{}: {line}", self.name), message)
        };
        let lines = self.list.text().lines();
        match self.list {
            List::Python(_) => lines
                .filter(|line| !line.starts_with('#') && !is_exact(line))
                .map(|line| found(line, "is not `name==version`"))
                .collect(),
            List::Node(_) => lines
                .filter(|line| line.contains("\"resolved\":"))
                .map(|line| {
                    found(
                        line,
                        "names an address; npm's --omit-lockfile-registry-resolved leaves it out",
                    )
                })
                .collect(),
        }
    }
}

fn is_exact(line: &str) -> bool {
    let of = |part: &str, also: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
        !part.is_empty() && part.chars().all(known)
    };
    line.split_once("==")
        .is_some_and(|(name, version)| of(name, "-_.[]") && of(version, ".+!-"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn workspace(files: &[(&str, &str)]) -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [("Cargo.toml", "")].iter().chain(files) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let workspace = Workspace::at(folder.path()).unwrap();
        (folder, workspace)
    }

    const LISTS: [(&str, &str); 4] = [
        ("xtask/tools/a/requirements.txt", "six==1.16.0\n"),
        ("xtask/tools/b/package.json", "{}"),
        ("xtask/tools/b/package-lock.json", "{\"packages\": {}}"),
        ("xtask/tools/b/settings.yaml", ""),
    ];

    #[test]
    fn each_folder_with_a_list_is_a_set() {
        let (_folder, workspace) = workspace(&LISTS);
        let sets = sets(&workspace).unwrap();
        let lists: Vec<_> = sets.iter().map(|set| (set.name(), &set.list)).collect();
        let python = List::Python(LISTS[0].1.to_owned());
        let node = List::Node(LISTS[2].1.to_owned());
        assert_eq!(lists, [("a", &python), ("b", &node)]);
    }

    #[test]
    fn a_name_that_is_no_set_is_refused_with_those_that_are() {
        let (_folder, workspace) = workspace(&LISTS);
        let error = run(&workspace, &["c".to_owned()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "c: is no set of xtask/tools; there are a, b"
        );
    }

    #[test]
    fn a_set_is_installed_only_as_long_as_its_list_is_what_was_installed() {
        let (_folder, workspace) = workspace(&LISTS);
        let set = |name: &str| named(&workspace, &[name.to_owned()]).unwrap().remove(0);
        assert_eq!(set("a").installed(), None);
        fs::create_dir_all(&set("a").folder).unwrap();
        fs::write(set("a").folder.join(INSTALLED), LISTS[0].1).unwrap();
        assert_eq!(set("a").installed(), Some(set("a").folder.as_path()));
        fs::write(workspace.path(LISTS[0].0), "six==1.17.0\n").unwrap();
        assert_eq!(set("a").installed(), None);
    }

    #[test]
    fn lists_have_exact_versions_and_no_addresses() {
        let set = |list| Set {
            name: "a".to_owned(),
            list,
            folder: PathBuf::new(),
        };
        let good = "# made by pip freeze\nsix==1.16.0\nhttpx-sse==0.4.0rc1\nuvicorn[standard]==1!2.0+cpu\n";
        assert_eq!(set(List::Python(good.to_owned())).findings(), []);
        for line in [
            "six",
            "six>=1",
            "six @ https://a.example/six.whl",
            "-i https://a.example",
            "",
        ] {
            let found = set(List::Python(format!("{line}\n"))).findings();
            assert_eq!(found.len(), 1, "{line}");
        }
        let lock = "{\n\"version\": \"1.0.0\",\n\"resolved\": \"https://a.example/a.tgz\"\n}";
        assert_eq!(set(List::Node(lock.to_owned())).findings().len(), 1);
    }
}
