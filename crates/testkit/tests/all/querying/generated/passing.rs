//! A client pages with a filter and an order while the clock moves: what stays wanted and keeps its place is on exactly one of its
//! pages, and each page is what a look at all elements picks at its time.

use std::cmp::Ordering;

use jiff::SignedDuration;
use pimento_store::conformance::Dice;
use serde_json::Value;

use super::draw::Source;
use super::query::Query;
use super::tenant::Tenant;
use super::walk::Seen;

/// Minutes that pass between two pages.
const STEPS: [i64; 6] = [1, 7, 45, 150, 300, 540];

/// How many pages a walk has, nearly.
const PAGES: usize = 9;

/// Somebody's walk from the first page to the last.
struct Walk<'a> {
    query: &'a Query,
    /// The whole list at the time of each page.
    times: Vec<Vec<Value>>,
    /// What was on the pages, one after the other.
    found: Vec<Value>,
    about: String,
}

/// What the rounds came to.
#[derive(Debug, Default)]
pub(super) struct Sums {
    stayed: usize,
    moved: usize,
}

/// Walks through the list so many times, and gives out and asks for more in between.
pub(super) async fn walk(seen: &Seen<'_>, tenant: &mut Tenant<'_>, dice: &mut Dice, rounds: usize) {
    let mut sums = Sums::default();
    for _ in 0..rounds {
        tenant.refill(dice).await;
        let elements = seen.elements().await;
        let source = Source {
            list: &seen.list,
            elements: &elements,
        };
        let query = drawn(dice, source);
        let walk = Walk::new(seen, tenant, dice, &query).await;
        walk.judge(&mut sums);
    }
    assert!(rounds < sums.stayed && 0 < sums.moved, "{sums:?}");
}

/// A query that some elements pass, but not so many that a walk takes long.
fn drawn(dice: &mut Dice, source: Source<'_>) -> Query {
    let mut query = Query::default();
    for _ in 0..20 {
        let size = 1 + dice.roll(7);
        query = Query {
            filter: Some(source.moving(dice)),
            order: source.order(dice),
            top: Some(size),
            ..Query::default()
        };
        if (size + 1..PAGES * size).contains(&query.wanted(source).len()) {
            break;
        }
    }
    query
}

impl<'a> Walk<'a> {
    async fn new(
        seen: &Seen<'_>,
        tenant: &mut Tenant<'_>,
        dice: &mut Dice,
        query: &'a Query,
    ) -> Self {
        let mut target = format!("{}?{}", seen.path, query.written(dice));
        let mut walk = Self {
            query,
            times: Vec::new(),
            found: Vec::new(),
            about: format!("GET {target}\n{query:?}"),
        };
        loop {
            let elements = seen.elements().await;
            let page = seen.page(&target, None).await;
            walk.page(seen, &elements, &page);
            walk.times.push(elements);
            match seen.next(&page) {
                Some(link) => target = link,
                None => return walk,
            }
            let minutes = SignedDuration::from_mins(dice.pick(&STEPS));
            tenant.pass(minutes).await;
        }
    }

    /// A page is what comes behind the last element of the one before it, as that was then.
    fn page(&mut self, seen: &Seen<'_>, elements: &[Value], page: &Value) {
        let source = Source {
            list: &seen.list,
            elements,
        };
        let wanted = self.query.wanted(source).into_iter();
        let place = self.found.last().cloned();
        let behind = |one: &&Value| {
            let place = place.as_ref();
            place.is_none_or(|place| self.compare(place, one).is_lt())
        };
        let mut expected: Vec<&Value> = wanted.filter(behind).collect();
        let more = self.query.size() < expected.len();
        expected.truncate(self.query.size());
        let found: Vec<&Value> = page["value"].as_array().unwrap().iter().collect();
        let (number, about) = (self.times.len(), &self.about);
        assert_eq!(found, expected, "page {number}\n{about}");
        assert_eq!(seen.next(page).is_some(), more, "page {number}\n{about}");
        self.found.extend(found.into_iter().cloned());
    }

    /// How two elements follow each other, which may be of two times.
    fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let key = |of: &Value| -> Vec<String> {
            let parts = if of.get("isElevated").is_some() {
                &["userId", "roleId"][..]
            } else {
                &["id"]
            };
            parts
                .iter()
                .map(|part| of[part].as_str().unwrap().to_owned())
                .collect()
        };
        let by_key = key(one).cmp(&key(other));
        let by_key = match self.query.order.last() {
            Some(last) if last.descending => by_key.reverse(),
            _ => by_key,
        };
        self.query.compare(one, other).then(by_key)
    }

    fn judge(&self, sums: &mut Sums) {
        let wants = |element: &Value| {
            let filter = self.query.filter.as_ref();
            filter.is_none_or(|filter| filter.wants(element))
        };
        for element in &self.times[0] {
            let at_each_time = self.times.iter().map(|elements| {
                let now = elements.iter().find(|one| one["id"] == element["id"]);
                now.map(|now| (wants(now), self.compare(now, element)))
            });
            let at_each_time: Vec<_> = at_each_time.collect();
            let steady = |at: &Option<(bool, Ordering)>| *at == Some((true, Ordering::Equal));
            if at_each_time.iter().all(steady) {
                let found = self.found.iter();
                let times = found.filter(|found| found["id"] == element["id"]);
                assert_eq!(times.count(), 1, "{element}\n{}", self.about);
                sums.stayed += 1;
            } else if at_each_time.iter().flatten().any(|(wanted, _)| *wanted) {
                sums.moved += 1;
            }
        }
        for (number, found) in self.found.iter().enumerate() {
            let again = self.found[number + 1..]
                .iter()
                .find(|other| other["id"] == found["id"]);
            let moved = again.is_none_or(|again| self.compare(found, again).is_ne());
            assert!(moved, "{found} twice\n{}", self.about);
        }
    }
}
