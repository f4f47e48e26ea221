//! In which order rows are wanted, and the places in it at which pages begin.

use std::cmp::Ordering;
use std::fmt::Debug;

use super::Value;

/// A field of one kind of row.
pub trait Field: Copy + Debug + PartialEq + Send + Sync + 'static {
    /// The fields that tell rows apart; by them, in this order, rows are listed where nothing else is asked for.
    const KEY: &'static [Self];
}

/// Which way a field is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The least first, and null before it.
    #[default]
    Ascending,
    /// The greatest first, and null last.
    Descending,
}

/// A total order of rows: by some fields, one after the other, and then by the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order<F>(Vec<(F, Direction)>);

/// A place in an order: the values that the fields of the order have in some row, which need not be there any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position(pub Vec<Value>);

impl<F: Field> Order<F> {
    /// By these fields. Rows that are equal in all of them follow each other by their key, in the direction of the last.
    pub fn by(fields: &[(F, Direction)]) -> Self {
        let mut order: Vec<(F, Direction)> = Vec::new();
        for (field, direction) in fields {
            let is_key = |field: &F| order.iter().any(|(known, _)| known == field);
            // What follows the whole key has nothing left to order.
            if !F::KEY.iter().all(is_key) && !is_key(field) {
                order.push((*field, *direction));
            }
        }
        let direction = order
            .last()
            .map_or_else(Direction::default, |(_, last)| *last);
        for field in F::KEY {
            if !order.iter().any(|(known, _)| known == field) {
                order.push((*field, direction));
            }
        }
        Self(order)
    }

    /// By the key.
    pub fn by_key() -> Self {
        Self::by(&[])
    }

    /// The fields, the most important first; all of the key are among them.
    pub fn fields(&self) -> &[(F, Direction)] {
        &self.0
    }

    /// The place of a row whose fields have these values.
    pub fn position(&self, value: impl Fn(F) -> Value) -> Position {
        Position(self.0.iter().map(|(field, _)| value(*field)).collect())
    }

    /// How two places follow each other.
    pub fn compare(&self, one: &Position, other: &Position) -> Ordering {
        let values = one.0.iter().zip(&other.0);
        let mut each = self
            .0
            .iter()
            .zip(values)
            .map(|((_, direction), (one, other))| match direction {
                Direction::Ascending => one.cmp(other),
                Direction::Descending => other.cmp(one),
            });
        each.find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Letter {
        A,
        B,
        C,
    }

    impl Field for Letter {
        const KEY: &'static [Self] = &[Self::A, Self::B];
    }

    #[test]
    fn an_order_ends_with_the_key_and_has_each_field_once() {
        use Direction::{Ascending, Descending};
        use Letter::{A, B, C};
        for (asked, expected) in [
            (vec![], vec![(A, Ascending), (B, Ascending)]),
            (
                vec![(C, Descending)],
                vec![(C, Descending), (A, Descending), (B, Descending)],
            ),
            (
                vec![(B, Descending), (A, Ascending), (C, Ascending)],
                vec![(B, Descending), (A, Ascending)],
            ),
            (
                vec![(B, Ascending), (B, Descending)],
                vec![(B, Ascending), (A, Ascending)],
            ),
        ] {
            assert_eq!(Order::by(&asked).fields(), expected, "{asked:?}");
        }
    }

    #[test]
    fn null_comes_first_and_where_the_order_descends_last() {
        let place = |value| Position(vec![value, Value::Number(1)]);
        let one = place(Value::Text("a".to_owned()));
        for (direction, ordering) in [
            (Direction::Ascending, Ordering::Less),
            (Direction::Descending, Ordering::Greater),
        ] {
            let order = Order::by(&[(Letter::A, direction)]);
            assert_eq!(order.compare(&place(Value::Null), &one), ordering);
            assert_eq!(order.compare(&one, &one), Ordering::Equal);
        }
    }
}
