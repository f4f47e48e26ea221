//! `cargo xtask spec release`: freezes the documents as a version that later ones are compared with, and closes the
//! changelog's entry.

use std::fs;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use semver::Version;

use crate::breaking::{self, Change};
use crate::document::Document;
use crate::frozen::{self, RELEASED, SUMS};
use crate::workspace::Workspace;
use crate::{Error, Finding, changelog, lint, report, table};

/// The whole task. Either everything is in order and all is written, or nothing is.
///
/// # Errors
/// `Error::Text` where version or date cannot be read; `Error::Findings` where something stands against the release;
/// and whatever keeps the documents from being read or the release from being written.
pub fn run(workspace: &Workspace, version: &str, date: Option<&str>) -> Result<(), Error> {
    let version = parsed(version)?;
    let date = match date {
        Some(text) => text.parse::<Date>().map_err(|e| Error::text(text, e))?,
        None => today(),
    };
    report("spec release", &refusals(workspace, &version)?)?;

    let folder = format!("{RELEASED}/{version}");
    let path = workspace.path(&folder);
    fs::create_dir_all(&path).map_err(Error::file(&path))?;
    let documents = Document::read_all(workspace)?;
    let mut texts = Vec::new();
    for document in &documents {
        let name = format!("{}.yaml", document.family.name);
        texts.push((name, workspace.read(&document.path())?));
    }
    let all = texts.iter().map(|(name, text)| (&**name, &**text));
    texts.push((SUMS.to_owned(), frozen::sums(all)));
    for (name, text) in texts {
        let path = path.join(name);
        fs::write(&path, text).map_err(Error::file(&path))?;
    }
    let text = workspace.read(changelog::PATH)?;
    let text = changelog::released(&text, &version.to_string(), &date.to_string());
    let path = workspace.path(changelog::PATH);
    fs::write(&path, text).map_err(Error::file(&path))?;
    println!("released    {folder}: {} documents", documents.len());
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a release has the date of the day on which somebody runs the task"
)]
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// A version of three numbers.
///
/// # Errors
/// `Error::Text` where it is none, or has more to it.
pub fn parsed(text: &str) -> Result<Version, Error> {
    let version = Version::parse(text).map_err(|reason| Error::text(text, reason))?;
    if version == Version::new(version.major, version.minor, version.patch) {
        return Ok(version);
    }
    Err(Error::text(text, "a release is three numbers"))
}

/// Everything that stands against releasing the documents as this version.
///
/// # Errors
/// Whatever keeps the documents or the changelog from being read.
pub fn refusals(workspace: &Workspace, version: &Version) -> Result<Vec<Finding>, Error> {
    let documents = Document::read_all(workspace)?;
    let mut found = lint::findings(&documents, &table::roles(workspace)?);
    found.append(&mut frozen::differing(workspace)?);
    found.extend(
        documents
            .iter()
            .filter_map(|document| misnamed(document, version)),
    );
    let newest = frozen::releases(workspace)?.into_keys().next_back();
    if let Some(newest) = newest.filter(|newest| version <= newest) {
        let message = format!("{version} must be newer than {newest}, which is released");
        found.push(Finding::new("release-order", RELEASED, message));
    }
    let text = workspace.read(changelog::PATH)?;
    let bullets = changelog::unreleased(&text).map(changelog::bullets);
    if bullets.is_none_or(|bullets| bullets.is_empty()) {
        let message = format!(
            "nothing stands under {}: what would be released?",
            changelog::UNRELEASED
        );
        found.push(Finding::new("release-entry", changelog::PATH, message));
    }
    // What changed can be told only of documents that can be read as the profile says.
    if !found.is_empty() {
        return Ok(found);
    }
    if let Some((newest, changes)) = breaking::since_release(workspace)? {
        found.append(&mut breaking::undeclared(workspace, &changes)?);
        found.extend(too_small(&newest, version, &changes));
    }
    Ok(found)
}

/// The document says its version itself, also where it is served and where it is frozen.
fn misnamed(document: &Document, version: &Version) -> Option<Finding> {
    let own = document.value["info"]["version"]
        .as_str()
        .unwrap_or_default();
    let message = format!(
        "is {own:?}, and the release {version}: write `version: {version}` there, run \
         `cargo xtask codegen`, and release again"
    );
    let place = format!("{}#/info/version", document.path());
    (own != version.to_string()).then(|| Finding::new("release-version", place, message))
}

/// A change that callers may fail by asks for a new major version, and before 1.0 for a new minor one.
fn too_small(newest: &Version, version: &Version, changes: &[Change]) -> Option<Finding> {
    let mut breaking = changes.iter().filter(|change| change.class.may_fail());
    let change = breaking.next()?;
    let is_enough = match newest.major {
        0 => (newest.major, newest.minor) < (version.major, version.minor),
        major => major < version.major,
    };
    let least = match newest.major {
        0 => Version::new(0, newest.minor + 1, 0),
        major => Version::new(major + 1, 0, 0),
    };
    let others = breaking.count();
    let message = format!(
        "callers of {newest} may break, so it must be {least} at least: {change}, and {others} more \
         (`cargo xtask spec breaking` lists them)"
    );
    (!is_enough).then(|| Finding::new("release-bump", version, message))
}
