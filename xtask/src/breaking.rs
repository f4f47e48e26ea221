//! `cargo xtask spec breaking`: what the documents have changed since their last release, and whether that breaks those
//! who call.
//!
//! The differences are those of [`diff`]; here each is judged by the way its values travel. What callers send may
//! only get wider, what they get only narrower.

mod effect;
mod schema;
mod security;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use semver::Version;
use serde_json::{Value, json};

use crate::diff::{self, Difference};
use crate::document::{Document, FAMILIES};
use crate::frozen::RELEASED;
use crate::uses::{Direction, Uses, component};
use crate::workspace::Workspace;
use crate::{Error, Finding, canon, changelog, frozen, report};

use effect::{Effect, Place};

pub use effect::Shift;

/// What a change means to those who call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Only the words changed.
    Prose,
    /// Who keeps to the older document notices nothing.
    Additive,
    /// Others may call than before.
    Security(Shift),
    /// Who keeps to the older document may fail.
    Breaking,
}

/// One change since the last release.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The path of the document.
    pub document: String,
    /// Where, the older and the newer value, and the operations.
    pub difference: Difference,
    /// What it means.
    pub class: Class,
    /// Why it has that class, in a few words.
    pub why: &'static str,
}

/// `cargo xtask spec breaking`.
///
/// # Errors
/// `Error::Findings` where a change that callers may fail by is not declared in the changelog, and whatever keeps the documents or the
/// changelog from being read.
pub fn run(workspace: &Workspace) -> Result<(), Error> {
    report("openapi/released", &frozen::differing(workspace)?)?;
    let Some((version, changes)) = since_release(workspace)? else {
        println!("breaking    no release in {RELEASED} yet: there is nothing to compare with");
        return Ok(());
    };
    print(&changes);
    report("spec breaking", &undeclared(workspace, &changes)?)?;
    println!("breaking    since {version}: {}", summary(&changes));
    Ok(())
}

/// How many changes there are of each class, once all that have to be declared are.
pub fn summary(changes: &[Change]) -> String {
    let counts = [
        (Class::Breaking, "breaking, declared"),
        (Class::Security(Shift::Stricter), "stricter, declared"),
        (
            Class::Security(Shift::Other),
            "neither stricter nor looser, declared",
        ),
        (Class::Security(Shift::Looser), "looser"),
        (Class::Additive, "additive"),
        (Class::Prose, "of the words alone"),
    ];
    let mut parts = Vec::new();
    if !changes.iter().any(|change| change.class.may_fail()) {
        parts.push(String::from("nothing that breaks callers"));
    }
    for (class, words) in counts {
        let count = changes.iter().filter(|change| change.class == class);
        match count.count() {
            0 => {}
            count => parts.push(format!("{count} {words}")),
        }
    }
    parts.join("; ")
}

/// The newest release and what has changed since; none where there is no release.
///
/// # Errors
/// Whatever keeps a document from being read or compared.
pub fn since_release(workspace: &Workspace) -> Result<Option<(Version, Vec<Change>)>, Error> {
    let Some((version, files)) = frozen::releases(workspace)?.pop_last() else {
        return Ok(None);
    };
    let mut changes = Vec::new();
    for document in Document::read_all(workspace)? {
        let path = document.path();
        let file = format!("{}.yaml", document.family.name);
        let Some(frozen) = files
            .iter()
            .find(|path| path.ends_with(&format!("/{file}")))
        else {
            changes.push(whole_document(&path, Class::Additive));
            continue;
        };
        let old = Document::parse(document.family, workspace.read(frozen)?);
        let old = old.map_err(|reason| Error::text(frozen, reason))?;
        let found = self::changes(&path, &old.value, &document.value);
        let found = found.map_err(|findings| {
            let lines: Vec<_> = findings.iter().map(Finding::to_string).collect();
            Error::text(format!("{frozen} and {path}"), lines.join("; "))
        })?;
        changes.extend(found);
    }
    for file in &files {
        let name = file.rsplit('/').next().unwrap_or_default();
        let is_known = FAMILIES
            .iter()
            .any(|family| format!("{}.yaml", family.name) == name);
        if !is_known {
            changes.push(whole_document(&format!("openapi/{name}"), Class::Breaking));
        }
    }
    Ok(Some((version, changes)))
}

/// What has changed from an older document to a newer one.
///
/// # Errors
/// One finding for each place of either document that has no canonical form.
pub fn changes(path: &str, old: &Value, new: &Value) -> Result<Vec<Change>, Vec<Finding>> {
    let (old, new) = (canon::whole(old)?, canon::whole(new)?);
    // Those who may break are the callers of the older document: what only a new operation sends does not count.
    let uses = Uses::of(&[&old]);
    let mut changes: Vec<Change> = Vec::new();
    for difference in diff::differences(&old, &new) {
        let difference = whole_list(difference, [&old, &new]);
        let place = Place {
            old: &old,
            new: &new,
            difference: &difference,
        };
        let (class, why) = judged(place.effect(), &uses.directions(&difference.pointer));
        let change = Change {
            document: path.to_owned(),
            difference,
            class,
            why,
        };
        match changes.iter_mut().find(|known| known.is_same(&change)) {
            Some(known) => known
                .difference
                .operations
                .extend(change.difference.operations),
            None => changes.push(change),
        }
    }
    Ok(changes)
}

/// The class of an effect for values that travel in these directions; the worst of them counts.
fn judged(effect: Effect, directions: &BTreeSet<Direction>) -> (Class, &'static str) {
    let one = |direction: &Direction| match (effect, direction) {
        (Effect::Narrower, Direction::Request) => (
            Class::Breaking,
            "callers may no longer send what they could",
        ),
        (Effect::Wider, Direction::Request) => (Class::Additive, "callers may send more"),
        (Effect::Narrower, Direction::Response) => (Class::Additive, "callers get nothing new"),
        (Effect::Wider, Direction::Response) => {
            (Class::Breaking, "callers may get what they never got")
        }
        (Effect::Harmless(why), _) => (Class::Additive, why),
        (Effect::Harmful(why), _) => (Class::Breaking, why),
        (Effect::Security(shift), _) => (Class::Security(shift), shift.words()),
        (Effect::Prose, _) => (Class::Prose, "other words"),
    };
    let all = directions.iter().map(one);
    all.max_by_key(|(class, _)| *class)
        .unwrap_or((Class::Breaking, "nothing says which way it travels"))
}

/// The lists of those who may call are shown as a whole: one element alone does not tell whether more may call.
fn whole_list(difference: Difference, documents: [&Value; 2]) -> Difference {
    let parts: Vec<_> = difference.pointer.split('/').collect();
    let [
        "#",
        "paths",
        _,
        _,
        keyword @ ("security" | "x-pimento-roles"),
        ..,
    ] = parts.as_slice()
    else {
        return difference;
    };
    let pointer = format!("{}/{keyword}", component(&difference.pointer));
    let [one, other] = documents.map(|document| {
        let list = document.pointer(pointer.trim_start_matches('#'))?;
        let names: Vec<_> = list.as_object()?.keys().collect();
        Some(json!(names))
    });
    Difference {
        pointer,
        one,
        other,
        ..difference
    }
}

fn whole_document(path: &str, class: Class) -> Change {
    let (one, other, why) = match class {
        Class::Breaking => (Some(json!("a document")), None, "the document is gone"),
        _ => (None, Some(json!("a document")), "a new document"),
    };
    let difference = Difference {
        pointer: String::from("#"),
        one,
        other,
        operations: BTreeSet::new(),
    };
    Change {
        document: path.to_owned(),
        difference,
        class,
        why,
    }
}

/// The changes that callers may fail by and that the changelog's unreleased entry does not declare, each with what to
/// write there.
///
/// # Errors
/// `Error::File` and `Error::Text` where there is no changelog or no such entry in it.
pub fn undeclared(workspace: &Workspace, changes: &[Change]) -> Result<Vec<Finding>, Error> {
    let text = workspace.read(changelog::PATH)?;
    let missing = || {
        Error::text(
            changelog::PATH,
            format!("no line `{}`", changelog::UNRELEASED),
        )
    };
    let entry = changelog::unreleased(&text).ok_or_else(missing)?;
    let bullets = changelog::bullets(entry);
    let mut worst: BTreeMap<String, Class> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.class.may_fail()) {
        for name in change.names() {
            let class = worst.entry(name).or_insert(change.class);
            *class = change.class.max(*class);
        }
    }
    let finding = |(name, class): (&String, &Class)| {
        let (rule, what, words): (_, _, &[_]) = match class {
            Class::Breaking => (
                "undeclared-breaking",
                "breaks callers",
                &[changelog::BREAKING],
            ),
            _ => (
                "undeclared-security",
                "may shut out who could call",
                &[changelog::SECURITY, changelog::BREAKING],
            ),
        };
        let message = format!(
            "`{name}` {what}: take the change back, or write a line \
             `- {} …` that names it, in backticks, under {}",
            words[0],
            changelog::UNRELEASED
        );
        let finding = Finding::new(rule, changelog::PATH, message);
        (!changelog::declares(&bullets, words, name)).then_some(finding)
    };
    Ok(worst.iter().filter_map(finding).collect())
}

/// Prints a line per change, the worst last, and the number of those of the prose.
fn print(changes: &[Change]) {
    let mut told: Vec<_> = changes
        .iter()
        .filter(|change| change.class != Class::Prose)
        .collect();
    told.sort_by_key(|change| change.class);
    for change in told {
        println!("{change}");
    }
    let prose = changes.iter().filter(|change| change.class == Class::Prose);
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for change in prose {
        *counts.entry(&change.document).or_default() += 1;
    }
    for (document, count) in counts {
        println!("prose     {document}: {count} text(s)");
    }
}

impl Class {
    /// Whether somebody who keeps to the older document, and could call, may fail now.
    pub fn may_fail(self) -> bool {
        matches!(
            self,
            Self::Breaking | Self::Security(Shift::Stricter | Shift::Other)
        )
    }
}

impl Change {
    /// What the changelog has to name where callers may fail: the schema or scheme where it is in one, else the operations, or
    /// the document's file where it is neither.
    pub fn names(&self) -> Vec<String> {
        let pointer = component(&self.difference.pointer);
        if let Some((_, name)) = pointer
            .strip_prefix("#/components/")
            .and_then(|at| at.split_once('/'))
        {
            return vec![name.to_owned()];
        }
        if self.difference.operations.is_empty() {
            let file = self.document.rsplit('/').next().unwrap_or_default();
            return vec![file.to_owned()];
        }
        self.difference.operations.iter().cloned().collect()
    }

    /// Whether both are the same change of something that operations share, such as a parameter.
    fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (&self.difference, &other.difference);
        let own = |pointer: &str| pointer[component(pointer).len()..].to_owned();
        let is_shared = one.pointer.starts_with("#/paths/") && two.pointer.starts_with("#/paths/");
        let is_place = one.pointer == two.pointer
            || (is_shared
                && !own(&one.pointer).is_empty()
                && own(&one.pointer) == own(&two.pointer));
        is_place && one.one == two.one && one.other == two.other && self.class == other.class
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.difference.line(["old", "new"]);
        let Self {
            document,
            class,
            why,
            ..
        } = self;
        write!(f, "{class}  {document}{line}  {why}")
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Prose => "prose   ",
            Self::Additive => "additive",
            Self::Security(_) => "security",
            Self::Breaking => "breaking",
        })
    }
}
