//! The documents as they were released, and the checksums that keep them so: what callers were promised is not edited
//! afterwards, neither by hand nor by a replacement over the whole tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use semver::Version;
use sha2::{Digest, Sha256};

use crate::workspace::Workspace;
use crate::{Error, Finding};

/// The folder of the frozen documents, each release in a folder of its own.
pub const RELEASED: &str = "openapi/released";
/// The file beside the documents of a release that has their checksums, in the form of the program `sha256sum`.
pub const SUMS: &str = "SHA256SUMS";

/// The frozen documents' paths by release.
///
/// # Errors
/// `Error::Text` where a folder has no version's name, `Error::File` where one cannot be listed.
pub fn releases(workspace: &Workspace) -> Result<BTreeMap<Version, Vec<String>>, Error> {
    let mut releases: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for path in workspace.files(RELEASED)? {
        let rest = path.trim_start_matches(RELEASED).trim_start_matches('/');
        if let Some((folder, file)) = rest.split_once('/') {
            let version = Version::parse(folder);
            let version = version.map_err(|reason| Error::text(&path, reason))?;
            let documents = releases.entry(version).or_default();
            if file != SUMS {
                documents.push(path);
            }
        }
    }
    Ok(releases)
}

/// The text of the checksum file of these documents, each a file's name with its text.
pub fn sums<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut lines = String::new();
    for (name, text) in documents {
        let _ = writeln!(lines, "{}  {name}", sum(text));
    }
    lines
}

/// A finding for each released document that is not what its release wrote.
///
/// # Errors
/// As [`releases`], and `Error::File` where a document cannot be read.
pub fn differing(workspace: &Workspace) -> Result<Vec<Finding>, Error> {
    let mut found = Vec::new();
    for (version, paths) in releases(workspace)? {
        let folder = format!("{RELEASED}/{version}");
        let list = format!("{folder}/{SUMS}");
        let text = match workspace.path(&list).is_file() {
            true => workspace.read(&list)?,
            false => String::new(),
        };
        let promised = text.lines().filter_map(|line| line.split_once("  "));
        let promised: BTreeMap<_, _> = promised
            .map(|(sum, name)| (format!("{folder}/{name}"), sum))
            .collect();
        let all: BTreeSet<&String> = paths.iter().chain(promised.keys()).collect();
        for path in all {
            let message = match promised.get(path) {
                None => format!("has no line in {list}: a release writes both"),
                Some(_) if !paths.contains(path) => {
                    format!("was released and is gone: take it back from the history ({list})")
                }
                Some(promised) if sum(&workspace.read(path)?) != *promised => format!(
                    "is not what was released ({list}): take it back from the history, and change \
                     the document in openapi/ instead"
                ),
                Some(_) => continue,
            };
            found.push(Finding::new("released", path, message));
        }
    }
    Ok(found)
}

fn sum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
