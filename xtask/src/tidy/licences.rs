//! Every dependency's licence must be one under which this program can be given away.

use super::packages::Compiled;
use crate::Finding;

/// The licences that are accepted, as SPDX names them.
const ACCEPTED: [&str; 8] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    // progenitor: file by file, and its files are not changed here.
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

/// A finding for each package whose licence is not accepted.
pub(super) fn check(packages: &[Compiled]) -> Vec<Finding> {
    let refused = packages
        .iter()
        .filter(|package| !is_accepted(&package.licence));
    let finding = |package: &Compiled| {
        let place = format!("{} {}", package.name, package.version);
        Finding::new(
            "licence",
            place,
            format!("has the licence {:?}", package.licence),
        )
    };
    refused.map(finding).collect()
}

/// Whether an SPDX expression leaves a choice in which everything is accepted. Some packages still write `/` for OR.
fn is_accepted(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>) -> bool {
    let mut accepted = all_of(words);
    while words.next_if_eq(&"OR").is_some() {
        accepted |= all_of(words);
    }
    accepted
}

fn all_of(words: &mut Words<'_>) -> bool {
    let mut accepted = one(words);
    while words.next_if_eq(&"AND").is_some() {
        accepted &= one(words);
    }
    accepted
}

fn one(words: &mut Words<'_>) -> bool {
    let Some(word) = words.next() else {
        return false;
    };
    if word == "(" {
        let accepted = any_of(words);
        return words.next() == Some(")") && accepted;
    }
    if words.next_if_eq(&"WITH").is_none() {
        return ACCEPTED.contains(&word);
    }
    let exception = words.next().unwrap_or_default();
    ACCEPTED.contains(&format!("{word} WITH {exception}").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_with_an_accepted_licence_is_accepted() {
        for expression in [
            "MIT",
            "MIT/Apache-2.0",
            "Unlicense OR MIT",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
            "(MIT OR GPL-2.0) AND Unicode-3.0",
            "ISC AND (Apache-2.0 OR ISC) AND (GPL-2.0 OR MIT)",
        ] {
            assert!(is_accepted(expression), "{expression}");
        }
    }

    #[test]
    fn what_leaves_no_accepted_choice_is_refused() {
        for expression in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "GPL-2.0 WITH Classpath-exception-2.0",
            "(MIT OR GPL-2.0) AND AGPL-3.0",
            "(MIT",
            "MIT Apache-2.0",
        ] {
            assert!(!is_accepted(expression), "{expression}");
        }
    }

    #[test]
    fn a_refused_licence_is_reported_with_its_package() {
        let package = Compiled {
            name: String::from("left"),
            version: String::from("1.0.0"),
            licence: String::from("AGPL-3.0"),
        };
        let found = check(&[package]);
        assert_eq!(
            found[0].to_string(),
            "left 1.0.0: has the licence \"AGPL-3.0\" [licence]"
        );
    }
}
