//! Whole queries: drawn, written into a URL, and answered by a look at all elements.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use pimento_store::conformance::Dice;
use serde_json::{Map, Value};

use super::draw::{Key, Source};
use super::filter::Filter;
use super::search::Search;
use super::values::{Datum, at};
use super::writing;

/// What is asked of a list.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) filter: Option<Filter>,
    pub(super) search: Option<Search>,
    pub(super) order: Vec<Key>,
    pub(super) skip: Option<usize>,
    pub(super) top: Option<usize>,
    /// The page size that the header `Prefer` asks for.
    pub(super) preferred: Option<usize>,
    pub(super) count: Option<bool>,
    /// The paths of the members that are asked for; none for all.
    pub(super) select: Vec<String>,
}

/// How many pages a list is read in, at the most, or nearly.
const PAGES: usize = 6;

impl Query {
    /// Any query.
    pub(super) fn drawn(dice: &mut Dice, source: Source<'_>) -> Self {
        let filter = source.filter(dice, 3);
        let names: Vec<&str> = source
            .elements
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        let search = source.list.searched.then(|| Search::drawn(dice, &names, 2));
        let skip = dice.pick(&[0, 1, 2, 5, 1_000, source.elements.len()]);
        let selectable = &source.list.selectable;
        let count = dice.pick(&[0, 0, 1, 2, 5]);
        let select: BTreeSet<String> = (0..count).map(|_| dice.pick(selectable)).collect();
        let yes = dice.roll(4) != 0;
        let mut query = Self {
            order: source.order(dice),
            select: select.into_iter().collect(),
            filter: Some(filter).filter(|_| dice.roll(8) != 0),
            search: search.filter(|_| dice.roll(3) == 0),
            skip: Some(skip).filter(|_| dice.roll(4) == 0),
            count: dice.maybe(yes),
            ..Self::default()
        };
        let least = query.wanted(source).len().div_ceil(PAGES).max(1);
        let mut size = || dice.pick(&[least, least + 1, least + 2, 2 * least + 5, 300, 1000]);
        (query.top, query.preferred) = (Some(size()), Some(size()));
        query.top = query.top.filter(|_| dice.roll(4) != 0);
        query.preferred = query.preferred.filter(|_| dice.roll(4) == 0);
        query
    }

    /// The elements of a page.
    pub(super) fn size(&self) -> usize {
        let asked = [self.top, self.preferred].into_iter().flatten().min();
        asked.unwrap_or(100)
    }

    /// The elements that are wanted, in the order that is asked for, none left out yet.
    pub(super) fn wanted<'a>(&self, source: Source<'a>) -> Vec<&'a Value> {
        let wants = |one: &Value| {
            let found = |search: &Search| search.finds(one["name"].as_str().unwrap());
            self.filter.as_ref().is_none_or(|filter| filter.wants(one))
                && self.search.as_ref().is_none_or(found)
        };
        let mut wanted: Vec<&Value> = source.elements.iter().filter(|one| wants(one)).collect();
        // The list by itself is in the order of its key, and sorting is steady: what is equal follows by the key in the
        // direction of the last member that it is ordered by.
        if self.order.last().is_some_and(|key| key.descending) {
            wanted.reverse();
        }
        wanted.sort_by(|one, other| self.compare(one, other));
        wanted
    }

    /// How two elements follow each other, as far as that is asked for.
    pub(super) fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let mut each = self.telling(one).iter().map(|key| {
            let value = |element| Datum::of(element, &key.member);
            let order = value(one).order(&value(other), key.member.kind);
            if key.descending {
                order.reverse()
            } else {
                order
            }
        });
        each.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// What it orders by until elements are told apart: what comes behind that orders nothing, also not an element and what has
    /// become of it.
    fn telling(&self, element: &Value) -> &[Key] {
        let of_assignments = element.get("isElevated").is_some();
        let apart: &[&str] = if of_assignments {
            &["userId", "roleId"]
        } else {
            &["id"]
        };
        let at = apart
            .iter()
            .map(|part| self.order.iter().position(|key| key.member.path == *part));
        match at.max_by_key(|at| at.unwrap_or(usize::MAX)) {
            Some(Some(last)) => &self.order[..=last],
            _ => &self.order,
        }
    }

    /// An element with the members that are asked for.
    pub(super) fn shape(&self, element: &Value) -> Value {
        if self.select.is_empty() {
            return element.clone();
        }
        let mut shaped = Value::Object(Map::new());
        for path in &self.select {
            let value = at(element, path);
            match path.split_once('/') {
                // The whole of it was asked for as well.
                Some((outer, _)) if self.select.iter().any(|path| path == outer) => {}
                Some((outer, inner)) => shaped[outer][inner] = value.clone(),
                None if element.get(path).is_none() => {}
                None => shaped[path.as_str()] = value.clone(),
            }
        }
        shaped
    }

    /// It as the options of a URL, in any order and spelling.
    pub(super) fn written(&self, dice: &mut Dice) -> String {
        let filter = self
            .filter
            .as_ref()
            .map(|filter| writing::filter(dice, filter));
        let search = self.search.as_ref().map(|search| search.written(dice, 0));
        let order = (!self.order.is_empty()).then(|| writing::order(dice, &self.order));
        let select: Vec<_> = self
            .select
            .iter()
            .map(|path| writing::name(dice, path))
            .collect();
        let mut options: Vec<String> = [
            ("filter", filter),
            ("search", search),
            ("orderby", order),
            ("select", (!select.is_empty()).then(|| select.join(","))),
            ("skip", self.skip.map(|skip| skip.to_string())),
            ("top", self.top.map(|top| top.to_string())),
            (
                "count",
                self.count
                    .map(|count| writing::keyword(dice, &count.to_string())),
            ),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(option(dice, name, &value?)))
        .collect();
        let mut shuffled = Vec::new();
        while !options.is_empty() {
            shuffled.push(options.swap_remove(dice.roll(options.len())));
        }
        shuffled.join("&")
    }

    /// The same for what counts the list alone.
    pub(super) fn written_for_count(&self, dice: &mut Dice) -> String {
        let filter = self
            .filter
            .as_ref()
            .map(|filter| writing::filter(dice, filter));
        let search = self.search.as_ref().map(|search| search.written(dice, 0));
        let options = [("filter", filter), ("search", search)].into_iter();
        let options = options.filter_map(|(name, value)| Some(option(dice, name, &value?)));
        options.collect::<Vec<_>>().join("&")
    }
}

fn option(dice: &mut Dice, name: &str, value: &str) -> String {
    let sign = dice.pick(&["$", "$", "$", "", "%24"]);
    format!(
        "{sign}{}={}",
        writing::keyword(dice, name),
        writing::escaped(dice, value)
    )
}
