//! `cargo xtask generators`: other languages' generators read the documents, and what they make compiles; linters have
//! nothing to complain of.
//!
//! Everything is made anew in `target/generators`, beside a few lines of use in each language, from the folder `use` of
//! each set of programs. A word of complaint from any program is a finding, and so is an operation of the document that
//! a generator made nothing of.

mod made;
mod program;
mod table;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{fs, slice, thread};

use crate::document::Document;
use crate::workspace::{self, Workspace};
use crate::{Error, Finding, report, tools};

use program::Program;
use table::{CHECKS, MAKERS, NODE, PYTHON};

/// Has each generator make what it makes of each document, and checks all of it.
///
/// # Errors
/// `Error::Text` where something is not installed, `Error::Findings` where a program complains or leaves something out,
/// and whatever keeps one from being run.
pub fn run(workspace: &Workspace) -> Result<(), Error> {
    match missing(workspace)? {
        Some(what) => Err(Error::text("generators", what)),
        None => make_and_check(workspace),
    }
}

/// The step of `cargo xtask ci`: as [`run`], but where the programs are missing and `CI` is not `true` it only says so.
///
/// # Errors
/// As [`run`].
pub fn step(workspace: &Workspace) -> Result<(), Error> {
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    match missing(workspace)? {
        Some(what) if !is_ci => {
            eprintln!("NOT RUN: the generators of other languages: {what}.");
            Ok(())
        }
        _ => run(workspace),
    }
}

/// What is not there and has to be.
fn missing(workspace: &Workspace) -> Result<Option<String>, Error> {
    let sets = tools::sets(workspace)?;
    let is_there = |name: &&str| {
        let mut named = sets.iter().filter(|set| set.name() == *name);
        named.any(|set| set.installed().is_some())
    };
    Ok(match [NODE, PYTHON].iter().find(|name| !is_there(name)) {
        Some(set) => Some(format!("`cargo xtask tools {set}` has not been run")),
        None if !workspace::is_on_path("javac") => {
            Some(String::from("there is no `javac` on the PATH"))
        }
        None => None,
    })
}

fn make_and_check(workspace: &Workspace) -> Result<(), Error> {
    let documents = Document::read_all(workspace)?;
    let made = lay_out(workspace, &documents)?;

    let jobs: Vec<_> = MAKERS
        .iter()
        .flat_map(|maker| documents.iter().map(move |document| (maker, document)))
        .collect();
    let mut found = at_once(&jobs, |&(maker, document)| {
        let mut found =
            Program::new(workspace, &maker.tool, &made).run(slice::from_ref(document))?;
        found.append(&mut made::left_out(&made, maker, document)?);
        Ok(found)
    })?;
    found.append(&mut at_once(&CHECKS, |tool| {
        Program::new(workspace, tool, &made).run(&documents)
    })?);
    report("generators", &found)?;
    let operations = documents
        .iter()
        .map(|one| one.operations().len())
        .sum::<usize>();
    println!(
        "generators  {} of them made something of {operations} operations that passes {} checks",
        MAKERS.len(),
        CHECKS.len()
    );
    Ok(())
}

/// Makes the folder anew, with the documents as JSON and the lines of use.
fn lay_out(workspace: &Workspace, documents: &[Document]) -> Result<PathBuf, Error> {
    let made = workspace.target().join("generators");
    if made.exists() {
        fs::remove_dir_all(&made).map_err(Error::file(&made))?;
    }
    for set in [NODE, PYTHON] {
        let folder = format!("{}/use", tools::source(set));
        for path in workspace.files(&folder)? {
            write(
                &made.join(&path[folder.len() + 1..]),
                &workspace.read(&path)?,
            )?;
        }
    }
    for document in documents {
        let name = format!("{}.json", document.family.module);
        write(&made.join(name), &document.json)?;
    }
    Ok(made)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(Error::file(folder))?;
    fs::write(path, text).map_err(Error::file(path))
}

/// The findings of all jobs in their order; as many are worked on at once as the machine has processors.
fn at_once<J: Sync>(
    jobs: &[J],
    work: impl Fn(&J) -> Result<Vec<Finding>, Error> + Sync,
) -> Result<Vec<Finding>, Error> {
    let next = Mutex::new(jobs.iter().enumerate());
    let take = || next.lock().ok()?.next();
    let results = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((place, job)) = take() {
                    let result = work(job);
                    if let Ok(mut results) = results.lock() {
                        results.push((place, result));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(place, _)| *place);
    let findings = results.into_iter().map(|(_, result)| result);
    Ok(findings.collect::<Result<Vec<_>, _>>()?.concat())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn the_findings_of_jobs_that_run_at_once_keep_the_order_of_the_jobs() {
        let jobs: Vec<_> = (0..100).collect();
        let found = at_once(&jobs, |job| Ok(vec![Finding::new("job", job, ""); 2])).unwrap();
        let places: Vec<_> = found.into_iter().map(|finding| finding.place).collect();
        let expected: Vec<_> = (0..200).map(|place| (place / 2).to_string()).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn what_each_generator_makes_is_used_somewhere() {
        let workspace = Workspace::at(Path::new("..")).unwrap();
        for maker in &MAKERS {
            let folder = format!("{}/use/{}", tools::source(maker.tool.set), maker.tool.name);
            let folders = [NODE, PYTHON].map(|set| folder.replace(maker.tool.set, set));
            let files = folders.map(|folder| workspace.files(&folder).unwrap());
            assert_ne!(files.concat(), [""; 0], "{}", maker.tool.name);
        }
    }

    #[test]
    fn the_files_that_command_lines_name_are_there() {
        let workspace = Workspace::at(Path::new("..")).unwrap();
        let makers = MAKERS.iter().map(|maker| &maker.tool);
        for tool in makers.chain(&CHECKS) {
            let files = tool
                .line
                .iter()
                .filter_map(|word| word.split_once("{own}/"));
            for (_, file) in files {
                let path = workspace.path(&tools::source(tool.set)).join(file);
                assert!(path.is_file(), "{}: {file}", tool.name);
            }
        }
    }

    #[test]
    fn a_job_that_fails_fails_them_all() {
        let work = |job: &i32| match job {
            3 => Err(Error::text("three", "is too much")),
            _ => Ok(Vec::new()),
        };
        let error = at_once(&[1, 2, 3, 4], work).unwrap_err();
        assert_eq!(error.to_string(), "three: is too much");
    }

    #[test]
    fn without_its_programs_the_task_fails_and_says_what_to_run() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), "").unwrap();
        let error = run(&Workspace::at(folder.path()).unwrap()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "generators: `cargo xtask tools generators-node` has not been run"
        );
    }
}
