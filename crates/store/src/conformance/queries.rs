//! Cases: generated filters, orders and pages select what the model selects, in its order, whatever happens while somebody
//! is paging.

use std::collections::BTreeSet;

use pimento_domain::{AssignmentId, Grant, Holding, Instant, SignedDuration};

use super::dice::Dice;
use super::samples::{acme, clock, hold, write};
use crate::memory::MemoryStore;
use crate::{
    AssignmentField, AssignmentQuery, Comparison, Condition, Direction, Field, Function, Order,
    Page, Position, Query, Store, Term, Total, Value,
};

/// How many queries are asked of each list.
pub(super) const QUERIES: usize = 3_000;

/// After so many queries the rows and the time change.
const CHANGE_EVERY: usize = 25;

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
];

const FUNCTIONS: [Function; 3] = [Function::StartsWith, Function::EndsWith, Function::Contains];

/// Values that a field of each kind may have, and some that none has; of the right kind always, as whoever binds names to
/// fields sees to it.
pub(super) trait Sampled: Field {
    fn fields() -> &'static [Self];

    fn sample(self, dice: &mut Dice) -> Value;

    /// The ones that are null in some row.
    fn nullable() -> &'static [Self];
}

impl Sampled for AssignmentField {
    fn fields() -> &'static [Self] {
        &Self::ALL
    }

    fn sample(self, dice: &mut Dice) -> Value {
        match self {
            Self::Id => {
                let (principal, role) = (dice.principal(), dice.role());
                Value::Text(AssignmentId { principal, role }.to_string())
            }
            Self::Principal => Value::Text(dice.principal().to_string()),
            Self::Role => Value::Text(dice.role().to_string()),
            Self::Active => Value::Bool(dice.roll(2) == 0),
            Self::Until => Value::Instant(dice.instant()),
        }
    }

    fn nullable() -> &'static [Self] {
        &[Self::Until]
    }
}

fn value<F: Sampled>(dice: &mut Dice, field: F) -> Value {
    match dice.roll(8) {
        0 => Value::Null,
        _ => field.sample(dice),
    }
}

/// A part of a text that the field may have, or of none.
fn part<F: Sampled>(dice: &mut Dice, field: F) -> Option<String> {
    let Value::Text(text) = field.sample(dice) else {
        return None;
    };
    let (from, to) = (dice.roll(text.len() + 1), dice.roll(text.len() + 1));
    Some(
        text.get(from.min(to)..from.max(to))
            .unwrap_or("%_'")
            .to_owned(),
    )
}

fn term<F: Sampled>(dice: &mut Dice) -> Condition<F> {
    let field = dice.pick(F::fields());
    let term = match (dice.roll(6), part(dice, field)) {
        (0, _) => Term::In((0..dice.roll(4)).map(|_| value(dice, field)).collect()),
        (1 | 2, Some(part)) => Term::Text(dice.pick(&FUNCTIONS), part),
        _ => Term::Compare(dice.pick(&COMPARISONS), value(dice, field)),
    };
    Condition::Field(field, term)
}

pub(super) fn condition<F: Sampled>(dice: &mut Dice, depth: usize) -> Condition<F> {
    let choices = if depth == 0 { 4 } else { 11 };
    let parts = |dice: &mut Dice| {
        let count = dice.roll(4);
        (0..count).map(|_| condition(dice, depth - 1)).collect()
    };
    match dice.roll(choices) {
        0 => Condition::Constant(dice.pick(&[Some(true), Some(false), None])),
        4 | 5 => Condition::All(parts(dice)),
        6 | 7 => Condition::Any(parts(dice)),
        8 => Condition::Not(Box::new(condition(dice, depth - 1))),
        9 => Condition::Equals(Box::new(condition(dice, depth - 1)), dice.roll(2) == 0),
        _ => term(dice),
    }
}

pub(super) fn order<F: Sampled>(dice: &mut Dice) -> Order<F> {
    let directions = [Direction::Ascending, Direction::Descending];
    let fields: Vec<_> = (0..dice.roll(4))
        .map(|_| (dice.pick(F::fields()), dice.pick(&directions)))
        .collect();
    Order::by(&fields)
}

/// The values that the fields have in a row that may be there or not.
fn place<F: Sampled>(dice: &mut Dice, order: &Order<F>) -> Vec<Value> {
    let value = |(field, _): &(F, Direction)| match dice.roll(4) {
        0 if F::nullable().contains(field) => Value::Null,
        _ => field.sample(dice),
    };
    order.fields().iter().map(value).collect()
}

pub(super) fn query<F: Sampled>(dice: &mut Dice) -> Query<F> {
    let order: Order<F> = order(dice);
    let after = Position(place(dice, &order));
    Query {
        filter: condition(dice, 3),
        after: dice.maybe(after),
        order,
        skip: dice.pick(&[0, 0, 1, 5, 1_000]),
        limit: dice.pick(&[0, 1, 2, 3, 100, usize::MAX]),
        total: dice.pick(&[Total::Skip, Total::Count]),
    }
}

/// The same rows and the same time for both.
pub(super) struct Pair<'a> {
    pub(super) stores: [&'a dyn Store; 2],
}

impl Pair<'_> {
    /// Gives somebody other grants, with times around those of the cases.
    async fn change(&self, dice: &mut Dice) {
        let grants: Vec<_> = (0..dice.roll(4)).map(|_| dice.grant()).collect();
        self.hold(dice, &grants).await;
    }

    /// The same, with times around now.
    async fn change_soon(&self, dice: &mut Dice) {
        let now = self.stores[0].clock().now();
        let mut minutes = |choices: &[i64]| now.plus(SignedDuration::from_mins(dice.pick(choices)));
        let [start, end] = [minutes(&[-60, -60, 10, 30]), minutes(&[5, 20, 40, 90])];
        let grant = Grant {
            start,
            end: dice.maybe(end),
            ..dice.grant()
        };
        self.hold(dice, &[grant]).await;
    }

    async fn hold(&self, dice: &mut Dice, grants: &[Grant]) {
        let (principal, role) = (dice.principal(), dice.pick(&[1, 2]));
        for store in self.stores {
            let change = hold(principal.as_str(), role, grants);
            write(store, &acme(), vec![change]).await;
        }
    }

    pub(super) fn pass(&self, time: SignedDuration) {
        for store in self.stores {
            let clock = store.clock();
            clock
                .change(time, None)
                .expect("the cases run on a virtual clock");
        }
    }

    async fn list(&self, query: &AssignmentQuery) -> Page {
        let [store, model] = self.stores;
        let by_store = store.list_assignments(&acme(), query).await;
        let by_model = model.list_assignments(&acme(), query).await;
        assert_eq!(by_store, by_model, "{query:?}");
        by_store.expect("a store that works")
    }
}

pub async fn generated_queries_of_assignments_get_the_answers_that_the_model_gives(
    store: &dyn Store,
) {
    let model = MemoryStore::new(clock());
    let pair = Pair {
        stores: [store, &model],
    };
    let mut dice = Dice::new(401);
    for _ in 0..40 {
        pair.change(&mut dice).await;
    }
    let (mut some, mut none) = (0, 0);
    for number in 0..QUERIES {
        if number % CHANGE_EVERY == 0 {
            pair.change(&mut dice).await;
        }
        if number % (QUERIES / 6) == 0 {
            pair.pass(SignedDuration::from_hours(1));
        }
        let page = pair.list(&query(&mut dice)).await;
        *(if page.holdings.is_empty() {
            &mut none
        } else {
            &mut some
        }) += 1;
    }
    assert!(QUERIES / 10 < some && QUERIES / 10 < none, "{some} {none}");
}

/// Whether the holding is wanted at all of these times, and what it is ordered by stays the same.
fn steady(query: &AssignmentQuery, holding: &Holding, times: &[Instant]) -> bool {
    let seen = |now: &Instant| {
        let value = |field: &AssignmentField| field.value(holding, *now);
        let here = holding.state(*now).is_some();
        let wanted = here && query.filter.holds(&value) == Some(true);
        (wanted, query.order.position(|field| value(&field)))
    };
    let first = seen(&times[0]);
    first.0 && times.iter().all(|now| seen(now) == first)
}

pub async fn who_pages_while_time_passes_sees_nothing_twice_and_all_that_stays(store: &dyn Store) {
    let model = MemoryStore::new(clock());
    let pair = Pair {
        stores: [store, &model],
    };
    let mut dice = Dice::new(402);
    for _ in 0..60 {
        pair.change_soon(&mut dice).await;
    }
    let active = |active| Condition::equal(AssignmentField::Active, Value::Bool(active));
    let (mut moved, mut stayed) = (0, 0);
    for round in 0..80 {
        let some = condition(&mut dice, 1);
        let filters = [Condition::EVERYTHING, active(true), active(false), some];
        let mut query = AssignmentQuery {
            filter: dice.pick(&filters),
            order: order(&mut dice),
            limit: dice.pick(&[1, 2, 3, 5, 7]),
            ..AssignmentQuery::everything()
        };
        let before = pair.list(&AssignmentQuery::everything()).await;
        let (mut seen, mut times) = (Vec::new(), vec![before.now]);
        loop {
            let page = pair.list(&query).await;
            times.push(page.now);
            let last = page.holdings.last().filter(|_| page.more);
            let place = |last: &Holding| query.order.position(|field| field.value(last, page.now));
            query.after = last.map(place);
            seen.extend(page.holdings);
            if query.after.is_none() {
                break;
            }
            pair.pass(SignedDuration::from_mins(7));
        }
        let key = |holding: &Holding| (holding.principal.clone(), holding.role);
        for holding in &before.holdings {
            let times_seen = seen.iter().filter(|seen| key(seen) == key(holding)).count();
            if steady(&query, holding, &times) {
                assert_eq!(times_seen, 1, "round {round}: {holding:?} by {query:?}");
                stayed += 1;
            } else {
                moved += 1;
            }
        }
        if query.order == Order::by_key() {
            let keys: BTreeSet<_> = seen.iter().map(key).collect();
            assert_eq!(keys.len(), seen.len(), "round {round}: {query:?}");
        }
        for _ in 0..6 {
            pair.change_soon(&mut dice).await;
        }
    }
    assert!(100 < moved && 100 < stayed, "{moved} {stayed}");
}
