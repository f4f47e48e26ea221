//! The committed table of who is answered what, and its comparison with what was answered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::callers::{Name, Way};

/// The environment variable that has a test write the table instead of comparing it.
const REWRITE: &str = "PIMENTO_REWRITE_TABLES";

/// What was answered: by operation, each caller's status and code, in the order of the callers.
pub(super) type Answers = BTreeMap<String, Vec<(Name, String)>>;

/// Roles that are answered alike by every operation stand together. Where one operation answers all of them alike, or
/// everybody, that is one row.
pub(super) fn render(answers: &Answers) -> String {
    let labels = labels(answers);
    let mut text = String::from("operation\tcaller\tstatus\tcode\n");
    for (operation, answered) in answers {
        let alike = |of: Option<Way>| {
            let mut answers = answered
                .iter()
                .filter(|(name, _)| of.is_none() || name.way() == of);
            let first = answers.next().map(|(_, answer)| answer);
            answers.all(|(_, answer)| Some(answer) == first)
        };
        let everybody = alike(None);
        let all_roles = Way::ALL.map(|way| (way, alike(Some(way))));
        let mut written = BTreeSet::new();
        for (name, answer) in answered {
            let all_roles = all_roles
                .iter()
                .find(|(way, alike)| *alike && name.way() == Some(*way));
            let label = match all_roles {
                _ if everybody => "everybody".to_owned(),
                Some((way, _)) => format!("every role; {}", way.words()),
                None => labels[name].clone(),
            };
            if written.insert(label.clone()) {
                text.push_str(&format!("{operation}\t{label}\t{answer}\n"));
            }
        }
    }
    text
}

/// What each caller is called in the table.
fn labels(answers: &Answers) -> BTreeMap<Name, String> {
    let mut columns: BTreeMap<&Name, Vec<&str>> = BTreeMap::new();
    for (name, answer) in answers.values().flatten() {
        columns.entry(name).or_default().push(answer);
    }
    let mut groups: BTreeMap<(Way, Vec<&str>), Vec<&str>> = BTreeMap::new();
    let mut labels = BTreeMap::new();
    for (name, column) in columns {
        match name {
            Name::Plain(text) => _ = labels.insert(name.clone(), text.clone()),
            Name::Role(way, role) => groups.entry((*way, column)).or_default().push(role),
        }
    }
    let largest: BTreeMap<Way, usize> = Way::ALL
        .map(|way| {
            let sizes = groups.iter().filter(|((of, _), _)| *of == way);
            (
                way,
                sizes
                    .map(|(_, roles)| roles.len())
                    .max()
                    .unwrap_or_default(),
            )
        })
        .into();
    for ((way, _), roles) in &groups {
        let who = if roles.len() == largest[way] {
            format!("the other {} roles", roles.len())
        } else {
            roles.join(", ")
        };
        for role in roles {
            let label = format!("{who}; {}", way.words());
            labels.insert(Name::Role(*way, (*role).to_owned()), label);
        }
    }
    labels
}

/// Compares the table with the committed one, or writes it where the environment asks for that.
pub(super) fn compare(name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    if std::env::var_os(REWRITE).is_some() {
        std::fs::write(&path, table).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let rows = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (committed, found) = (rows(&committed), rows(table));
    let gone = committed.difference(&found).map(|row| format!("- {row}"));
    let new = found.difference(&committed).map(|row| format!("+ {row}"));
    let differences: Vec<String> = gone.chain(new).collect();
    assert!(
        differences.is_empty(),
        "the server does not answer as tests/data/{name} says (-), but so (+):\n{}\n\
         Where that is meant, write the table anew with {REWRITE}=1 and review its change.",
        differences.join("\n")
    );
}
