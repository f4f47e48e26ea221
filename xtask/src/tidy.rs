//! The workspace's own rules, where no compiler looks: arrows between crates, invariants of the code, sizes,
//! module docs, names, licences, duplicate crates, released documents, lists of other languages'
//! programs, and the tests that the READMEs name.
//!
//! Each rule is a function from data to findings; what is read from disk and from cargo is gathered here.

mod invariants;
mod layout;
mod licences;
mod packages;
mod proofs;
mod sources;

use std::fs;

use crate::workspace::{self, Workspace};
use crate::{Error, frozen, report, tools};

use packages::{Compiled, Member};
use sources::Source;

/// Licences and duplicates are judged for this platform: others would bring in crates that nothing here compiles.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// The pages that name tests as proof of what they promise.
const PAGES: [&str; 2] = ["README.md", "crates/README.md"];

/// `cargo xtask tidy`.
///
/// # Errors
/// `Error::Findings` where a rule is broken, and whatever keeps the tree or cargo's metadata from being read.
pub fn run(workspace: &Workspace) -> Result<(), Error> {
    let members = members(workspace)?;
    let compiled = compiled(workspace)?;
    let sources = sources(workspace)?;
    let mut found = layout::top_level(&top_level(workspace)?);
    found.append(&mut packages::check(&members));
    found.append(&mut packages::duplicates(&compiled));
    found.append(&mut licences::check(&compiled));
    found.append(&mut sources.iter().flat_map(sources::check).collect());
    found.append(&mut invariants::check(&sources));
    found.append(&mut proofs::check(&pages(workspace)?, &sources));
    found.append(&mut frozen::differing(workspace)?);
    for set in tools::sets(workspace)? {
        found.append(&mut set.findings());
    }
    for manifest in manifests(workspace)? {
        found.append(&mut layout::manifest(&manifest));
    }
    found.sort();
    report("tidy", &found)?;
    println!(
        "tidy        {} files, {} packages",
        sources.len(),
        compiled.len()
    );
    Ok(())
}

fn members(workspace: &Workspace) -> Result<Vec<Member>, Error> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps"];
    let printed = workspace::output(workspace.command("cargo", &arguments), "")?;
    packages::members(&printed).map_err(|reason| Error::text("cargo metadata", reason))
}

/// From `cargo tree`, because the metadata list packages of features that nothing switches on.
fn compiled(workspace: &Workspace) -> Result<Vec<Compiled>, Error> {
    let arguments = [
        ["tree", "--workspace"],
        ["--edges", "normal,build,dev"],
        ["--target", PLATFORM],
        ["--prefix", "none"],
        ["--format", "{p}|{l}"],
    ];
    let printed = workspace::output(workspace.command("cargo", arguments.as_flattened()), "")?;
    Ok(packages::compiled(&printed))
}

fn sources(workspace: &Workspace) -> Result<Vec<Source>, Error> {
    let mut paths = workspace.files("crates")?;
    paths.append(&mut workspace.files("xtask")?);
    read(workspace, paths, ".rs")
}

fn pages(workspace: &Workspace) -> Result<Vec<Source>, Error> {
    read(workspace, PAGES.map(str::to_owned).to_vec(), ".md")
}

fn manifests(workspace: &Workspace) -> Result<Vec<Source>, Error> {
    let mut paths = workspace.files("crates")?;
    paths.append(&mut workspace.files("xtask")?);
    read(workspace, paths, "/Cargo.toml")
}

fn read(workspace: &Workspace, paths: Vec<String>, ending: &str) -> Result<Vec<Source>, Error> {
    let chosen = paths.into_iter().filter(|path| path.ends_with(ending));
    let read = |path: String| {
        Ok(Source {
            text: workspace.read(&path)?,
            path,
        })
    };
    chosen.map(read).collect()
}

fn top_level(workspace: &Workspace) -> Result<Vec<String>, Error> {
    let root = workspace.path("");
    let mut names = Vec::new();
    for entry in fs::read_dir(&root).map_err(Error::file(&root))? {
        let entry = entry.map_err(Error::file(&root))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}
