//! Filters and orders that are drawn: about what the elements have, or nearly have.

use pimento_store::conformance::Dice;
use serde_json::Value;

use super::filter::{Comparison, Filter, Function};
use super::members::{Kind, List, Member};
use super::values::Datum;

/// Texts that some list may have, and some that mean something to whoever reads them carelessly.
const TEXTS: [&str; 16] = [
    "", "'", "''", "%", "_", "%%", "\\", "~.", "~_", "a+b", "Ärger", "ä", "null", " ", "\"", "日本",
];

const LENGTHS: [i64; 6] = [
    -3_600_000_000,
    0,
    1,
    60_000_000,
    3_600_000_000,
    86_400_000_000,
];

/// Microseconds from one moment to another.
const APART: [i64; 8] = [
    0,
    0,
    1,
    -1,
    60_000_000,
    -3_600_000_000,
    86_400_000_000,
    -999,
];

/// What follows from the time.
const MOVING: [&str; 4] = [
    "isElevated",
    "expirationDateTime",
    "status",
    "approvalState",
];

const DAY: i64 = 86_400_000_000;

/// What is drawn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) list: &'a List,
    pub(super) elements: &'a [Value],
}

/// A member to order by.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) member: Member,
    pub(super) descending: bool,
}

impl Source<'_> {
    /// A filter with so many levels at the most.
    pub(super) fn filter(self, dice: &mut Dice, depth: usize) -> Filter {
        let parts = |dice: &mut Dice| -> Vec<_> {
            let count = 2 + dice.roll(2);
            (0..count).map(|_| self.filter(dice, depth - 1)).collect()
        };
        match dice.roll(if depth == 0 { 6 } else { 12 }) {
            0..6 => self.term(dice),
            6 | 7 => Filter::All(parts(dice)),
            8 => Filter::Any(parts(dice)),
            9 => self.alike(dice),
            10 => Filter::Not(Box::new(self.filter(dice, depth - 1))),
            _ => self.truth(dice, depth - 1),
        }
    }

    /// What has anything of what some element has.
    fn alike(self, dice: &mut Dice) -> Filter {
        let Some(last) = self.elements.len().checked_sub(1) else {
            return Filter::Constant(true);
        };
        let element = &self.elements[dice.roll(last + 1)];
        let equal = |dice: &mut Dice| {
            let member = dice.pick(&self.list.members);
            let value = Datum::of(element, &member);
            Filter::Compare(member, Comparison::Eq, value)
        };
        let count = 2 + dice.roll(2);
        Filter::Any((0..count).map(|_| equal(dice)).collect())
    }

    /// A truth value that is compared. A member that is one is no truth value then, but compared itself.
    fn truth(self, dice: &mut Dice, depth: usize) -> Filter {
        let comparison = dice.pick(&[Comparison::Eq, Comparison::Ne]);
        let value = dice.roll(2) == 0;
        match self.filter(dice, depth) {
            Filter::Is(member) => Filter::Compare(member, comparison, Datum::Boolean(value)),
            filter => Filter::Truth(Box::new(filter), comparison, value),
        }
    }

    /// A filter that elements pass or not as time goes by, and maybe another.
    pub(super) fn moving(self, dice: &mut Dice) -> Filter {
        let moves = |member: &&Member| MOVING.contains(&member.path.as_str());
        let moving: Vec<&Member> = self.list.members.iter().filter(moves).collect();
        let of = |dice: &mut Dice| {
            let member = dice.pick(&moving).clone();
            self.about(dice, member)
        };
        let (one, another, any) = (of(dice), of(dice), self.filter(dice, 1));
        match dice.roll(4) {
            0 => Filter::Any(vec![one, another]),
            1 => Filter::All(vec![one, Filter::Not(Box::new(any))]),
            2 => any,
            _ => one,
        }
    }

    fn term(self, dice: &mut Dice) -> Filter {
        if dice.roll(20) == 0 {
            return Filter::Constant(dice.roll(2) == 0);
        }
        let member = dice.pick(&self.list.members);
        self.about(dice, member)
    }

    /// Something that is asked of a member.
    fn about(self, dice: &mut Dice, member: Member) -> Filter {
        // Of it no more than that is known.
        let whole = member.path == "duration";
        match dice.roll(8) {
            0 | 1 => {
                let count = 1 + dice.roll(4);
                let values = (0..count).map(|_| self.value(dice, &member)).collect();
                Filter::In(member, values)
            }
            2..5 if member.kind.is_text() && !whole => {
                let (function, part) = (dice.pick(&Function::ALL), self.part(dice, &member));
                Filter::Call(function, member, part)
            }
            2 | 3 if member.kind == Kind::Boolean => Filter::Is(member),
            _ => {
                let known: &[Comparison] = if whole {
                    &Comparison::ALL[..2]
                } else {
                    &Comparison::ALL
                };
                let (comparison, value) = (dice.pick(known), self.value(dice, &member));
                Filter::Compare(member, comparison, value)
            }
        }
    }

    /// What some element has there, or nearly; now and then null.
    fn value(self, dice: &mut Dice, member: &Member) -> Datum {
        let had = match self.elements {
            [] => Datum::Null,
            elements => Datum::of(&elements[dice.roll(elements.len())], member),
        };
        match (dice.roll(8), had, member.kind) {
            (0, ..) => Datum::Null,
            (_, Datum::Moment(moment), _) => near(dice, moment),
            (_, _, Kind::Moment) => near(dice, 0),
            (1, _, Kind::Boolean) => Datum::Boolean(dice.roll(2) == 0),
            (1 | 2, _, Kind::Length) => Datum::Length(dice.pick(&LENGTHS)),
            (1, _, kind) if kind.is_text() => Datum::Text(dice.pick(&TEXTS).to_owned()),
            (2, _, _) if !member.words.is_empty() => Datum::Text(dice.pick(&member.words)),
            (3 | 4, Datum::Text(text), _) => Datum::Text(respelled(dice, &text)),
            (_, had, _) => had,
        }
    }

    /// A piece of what some element has there.
    fn part(self, dice: &mut Dice, member: &Member) -> String {
        let text = match self.value(dice, member) {
            Datum::Text(text) => text,
            _ => dice.pick(&TEXTS).to_owned(),
        };
        let characters: Vec<char> = text.chars().collect();
        let count = characters.len();
        let (from, to) = match dice.roll(4) {
            0 => (0, dice.roll(count + 1)),
            1 => (dice.roll(count + 1), count),
            _ => (dice.roll(count + 1), dice.roll(count + 1)),
        };
        characters[from.min(to)..from.max(to)].iter().collect()
    }

    /// Some of the members that order the list, none of them twice.
    pub(super) fn order(self, dice: &mut Dice) -> Vec<Key> {
        let mut ordered: Vec<&Member> = self
            .list
            .members
            .iter()
            .filter(|member| member.ordered)
            .collect();
        let count = dice.pick(&[0, 1, 1, 2, 2, 3, 4]).min(ordered.len());
        (0..count)
            .map(|_| Key {
                member: ordered.swap_remove(dice.roll(ordered.len())).clone(),
                descending: dice.roll(2) == 0,
            })
            .collect()
    }
}

/// That moment or one that is not far from it.
fn near(dice: &mut Dice, moment: i64) -> Datum {
    Datum::Moment(match dice.roll(8) {
        0 => moment - moment.rem_euclid(DAY),
        _ => moment + dice.pick(&APART),
    })
}

/// The same text in another letter case.
fn respelled(dice: &mut Dice, text: &str) -> String {
    match dice.roll(3) {
        0 => text.to_lowercase(),
        1 => text.to_uppercase(),
        _ => text
            .chars()
            .flat_map(|c| {
                if dice.roll(2) == 0 {
                    c.to_uppercase().collect::<Vec<_>>()
                } else {
                    vec![c]
                }
            })
            .collect(),
    }
}
