//! Searches as trees: which names have what is looked for, and how they are written.

use pimento_store::conformance::Dice;

use super::members::Kind;
use super::values::places;

/// What is looked for in a name.
#[derive(Clone, Debug)]
pub(super) enum Search {
    All(Vec<Search>),
    Any(Vec<Search>),
    Not(Box<Search>),
    Term(String),
}

impl Search {
    /// A search with so many levels at the most, for what these names have, or nearly.
    pub(super) fn drawn(dice: &mut Dice, names: &[&str], depth: usize) -> Self {
        let parts = |dice: &mut Dice| {
            let count = 2 + dice.roll(2);
            let parts = (0..count).map(|_| Self::drawn(dice, names, depth - 1));
            parts.collect()
        };
        match dice.roll(if depth == 0 { 4 } else { 8 }) {
            4 | 5 => Self::All(parts(dice)),
            6 => Self::Any(parts(dice)),
            7 => Self::Not(Box::new(Self::drawn(dice, names, depth - 1))),
            _ => {
                let name: Vec<char> = dice.pick(names).chars().collect();
                let from = dice.roll(name.len());
                let length = 1 + dice.roll(name.len() - from).min(dice.pick(&[3, 8, 30]));
                let text: String = name[from..from + length].iter().collect();
                let text = match dice.roll(3) {
                    0 => text.to_uppercase(),
                    1 => text.to_lowercase(),
                    _ => text,
                };
                Self::Term(if text.trim().is_empty() {
                    "a".to_owned()
                } else {
                    text
                })
            }
        }
    }

    /// Whether a name has it, in any letter case.
    pub(super) fn finds(&self, name: &str) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.finds(name)),
            Self::Any(parts) => parts.iter().any(|part| part.finds(name)),
            Self::Not(inner) => !inner.finds(name),
            Self::Term(term) => !places(Kind::Name, name, term).is_empty(),
        }
    }

    /// It as text, which needs parentheses where it stands in something that binds tighter than so.
    pub(super) fn written(&self, dice: &mut Dice, within: usize) -> String {
        let (binds, text) = match self {
            Self::Any(parts) => (0, joined(dice, parts, " OR ", 0)),
            Self::All(parts) => {
                let word = dice.pick(&[" ", "  ", " AND "]);
                (1, joined(dice, parts, word, 1))
            }
            Self::Not(inner) => (2, format!("NOT {}", inner.written(dice, 2))),
            Self::Term(term) => (2, written_term(dice, term)),
        };
        match binds < within || dice.roll(8) == 0 {
            true => format!("({text})"),
            false => text,
        }
    }
}

fn joined(dice: &mut Dice, parts: &[Search], word: &str, within: usize) -> String {
    let parts: Vec<_> = parts
        .iter()
        .map(|part| part.written(dice, within))
        .collect();
    parts.join(word)
}

/// A word as it is, where it is one, or in quotes.
fn written_term(dice: &mut Dice, term: &str) -> String {
    let separates = |c: char| c.is_whitespace() || "()\"".contains(c);
    let is_word = !term.contains(separates) && !["AND", "OR", "NOT"].contains(&term);
    if is_word && dice.roll(2) == 0 {
        return term.to_owned();
    }
    format!("\"{}\"", term.replace('\\', "\\\\").replace('"', "\\\""))
}
