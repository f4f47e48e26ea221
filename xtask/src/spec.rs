//! `cargo xtask spec`: the hand-written documents checked by themselves, and compared with the server's own.

use std::fs;

use serde_json::Value;

use crate::document::Document;
use crate::workspace::Workspace;
use crate::{Error, Finding, canon, codegen, diff, frozen, lint, report, table};

/// What the two sides of the comparison are called in its lines.
pub const SIDES: [&str; 2] = ["spec", "server"];
/// Follows the lines, for whoever sees them for the first time.
const HOW_TO_MEND: &str = "\
how to read this: a pointer goes into the comparer's own form, where the server's path stands before each path and \
parameters are named `place:name`. Where the document is right, change the handler of the operation named at the end \
of the line, or the wire type of the schema in the pointer, in crates/api. Where the server is right, change the \
document and run `cargo xtask codegen`.";

/// `cargo xtask spec lint`.
///
/// # Errors
/// `Error::Findings` where a document leaves the profile or a released one was changed, and whatever keeps them from
/// being read.
pub fn lint(workspace: &Workspace) -> Result<(), Error> {
    report("openapi/released", &frozen::differing(workspace)?)?;
    lint_all(workspace, &Document::read_all(workspace)?)
}

/// Lints documents that are already read.
///
/// # Errors
/// As [`lint()`], and whatever keeps the names of the roles from being read.
pub fn lint_all(workspace: &Workspace, documents: &[Document]) -> Result<(), Error> {
    let roles = table::roles(workspace)?;
    report("spec lint", &lint::findings(documents, &roles))?;
    println!(
        "lint        {} documents within the profile",
        documents.len()
    );
    Ok(())
}

/// `cargo xtask spec diff`.
///
/// # Errors
/// `Error::Findings` where the server's documents differ, and whatever keeps them from being derived.
pub fn diff(workspace: &Workspace) -> Result<(), Error> {
    let documents = Document::read_all(workspace)?;
    compare_with_server(workspace, &documents)
}

/// Derives the server's documents, keeps them in the target folder, and compares each with its hand-written one.
///
/// # Errors
/// As [`diff()`].
pub fn compare_with_server(workspace: &Workspace, documents: &[Document]) -> Result<(), Error> {
    let derived = codegen::derive(workspace)?;
    let folder = workspace.target().join("codegen");
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    let mut operations = 0;
    let mut schemas = 0;
    let mut lines = Vec::new();
    for document in documents {
        let name = document.family.name;
        let server = &derived[name];
        let path = folder.join(format!("{name}.json"));
        fs::write(&path, format!("{server:#}\n")).map_err(Error::file(&path))?;
        lines.append(&mut compare(document, server));
        operations += document.operations().len();
        schemas += document.schemas().len();
    }
    for line in &lines {
        eprintln!("{line}");
    }
    if !lines.is_empty() {
        eprintln!("{HOW_TO_MEND}");
        return Err(Error::Findings {
            task: "the server differs from openapi/",
            count: lines.len(),
        });
    }
    let count = documents.len();
    println!("server      {count} documents equal: {operations} operations, {schemas} schemas");
    Ok(())
}

/// The lines that say how the server's document differs from the hand-written one.
pub fn compare(document: &Document, server: &Value) -> Vec<String> {
    let spec = canon::canonical(&document.value);
    let server = canon::canonical(server);
    let (spec, server) = match (spec, server) {
        (Ok(spec), Ok(server)) => (spec, server),
        (spec, server) => {
            let refused = |side: &str, findings: Result<Value, Vec<Finding>>| {
                let findings = findings.err().unwrap_or_default().into_iter();
                let line = |finding| format!("{} ({side}): {finding}", document.path());
                findings.map(line).collect::<Vec<_>>()
            };
            return [refused("spec", spec), refused("server", server)].concat();
        }
    };
    let differences = diff::differences(&spec, &server).into_iter();
    differences
        .map(|difference| format!("{}{}", document.path(), difference.line(SIDES)))
        .collect()
}
