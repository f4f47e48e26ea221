//! Places in a list as `$skiptoken` carries them: the values of what the list is ordered by, one after the other. The token
//! comes back from outside, so it is read as strictly as anything else, and only as a place in the order of the request that
//! it comes with.
//!
//! Values are separated by `~.`; `~_` is null and `~~` a tilde.

use pimento_domain::{Instant, RequestId, RoleId};
use pimento_store::{Field, Order, Position, Value};

use super::{Entity, Kind, refused};
use crate::problem::Problem;

const SEPARATOR: &str = "~.";
const NULL: &str = "~_";

/// The token of a place.
pub(crate) fn token(place: &Position) -> String {
    let text = |value: &Value| match value {
        Value::Null => NULL.to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Instant(instant) => instant.to_string(),
        Value::Text(text) => text.replace('~', "~~"),
    };
    place.0.iter().map(text).collect::<Vec<_>>().join(SEPARATOR)
}

impl<F: Field> Entity<F> {
    /// The place in this order that a token names.
    pub(super) fn place(&self, order: &Order<F>, token: &str) -> Result<Position, Problem> {
        self.read(order, token).ok_or_else(|| {
            let message = format!(
                "$skiptoken {token:.64} is none that this list gave out for this order; follow @odata.nextLink as it is."
            );
            refused("$skiptoken", message)
        })
    }

    fn read(&self, order: &Order<F>, text: &str) -> Option<Position> {
        let values = split(text)?;
        let fields = order.fields();
        if values.len() != fields.len() {
            return None;
        }
        let value = |((field, _), text): (&(F, _), Option<String>)| match text {
            // What tells rows apart is never null.
            None => (!F::KEY.contains(field)).then_some(Value::Null),
            Some(text) => read_as(self.kind(*field), text),
        };
        let values: Option<Vec<Value>> = fields.iter().zip(values).map(value).collect();
        // A place has one token.
        values.map(Position).filter(|place| token(place) == text)
    }
}

fn read_as(kind: Kind, text: String) -> Option<Value> {
    Some(match kind {
        Kind::Text | Kind::Name | Kind::Person => Value::Text(text),
        Kind::Role => Value::Text(text.parse::<RoleId>().ok()?.to_string()),
        Kind::Request => Value::Text(text.parse::<RequestId>().ok()?.to_string()),
        Kind::Boolean => Value::Bool(text.parse().ok()?),
        Kind::Instant => Value::Instant(text.parse::<Instant>().ok()?),
        Kind::Number | Kind::Duration => Value::Number(text.parse().ok()?),
    })
}

/// The values between separators, `None` for null.
fn split(text: &str) -> Option<Vec<Option<String>>> {
    let mut values = vec![Some(String::new())];
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let last = values.last_mut()?;
        match (c, last) {
            ('~', last) => match (rest.next()?, last) {
                ('.', _) => values.push(Some(String::new())),
                ('~', Some(value)) => value.push('~'),
                ('_', value) if value.as_deref() == Some("") => *value = None,
                _ => return None,
            },
            (c, Some(value)) => value.push(c),
            (_, None) => return None,
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use pimento_store::{AssignmentField, Direction};

    use super::*;
    use crate::query::ASSIGNMENTS;

    const ROLE: &str = "62e90394-69f5-4237-9190-012177145e10";

    fn by(fields: &[AssignmentField]) -> Order<AssignmentField> {
        let ascending = |field: &AssignmentField| (*field, Direction::Ascending);
        Order::by(&fields.iter().map(ascending).collect::<Vec<_>>())
    }

    #[test]
    fn a_place_comes_back_from_its_token() {
        use AssignmentField::{Active, Until};
        let until = "2026-03-02T10:00:00.123456Z".parse().unwrap();
        let key = |id: &str| [Value::Text(id.to_owned()), Value::Text(ROLE.to_owned())];
        for (order, values, expected) in [
            (by(&[]), vec![], format!("a~~~~b~._~.{ROLE}")),
            (
                by(&[Active, Until]),
                vec![Value::Bool(true), Value::Null],
                format!("true~.~_~.a~~~~b~._~.{ROLE}"),
            ),
            (
                by(&[Until]),
                vec![Value::Instant(until)],
                format!("{until}~.a~~~~b~._~.{ROLE}"),
            ),
        ] {
            let expected = expected.replace("b~._", "b_");
            let place = Position([values, key("a~~b_").to_vec()].concat());
            assert_eq!(token(&place), expected);
            assert_eq!(ASSIGNMENTS.place(&order, &expected), Ok(place));
        }
    }

    #[test]
    fn whatever_is_no_place_in_the_order_is_refused() {
        use AssignmentField::{Active, Until};
        for (order, text) in [
            (by(&[]), String::new()),
            (by(&[]), "ada".to_owned()),
            (by(&[]), format!("ada_{ROLE}")),
            (by(&[]), format!("ada~.{ROLE}~.")),
            (by(&[]), format!("ada~.{ROLE}~")),
            (by(&[]), format!("~_~.{ROLE}")),
            (by(&[]), "ada~.x".to_owned()),
            (by(&[]), format!("ada~.{}", ROLE.to_uppercase())),
            (by(&[]), format!("a~_~.{ROLE}")),
            (by(&[]), format!("~_a~.{ROLE}")),
            (by(&[]), format!("a~b~.{ROLE}")),
            (by(&[Active]), format!("ada~.{ROLE}")),
            (by(&[Active]), format!("1~.ada~.{ROLE}")),
            (by(&[Active]), format!("True~.ada~.{ROLE}")),
            (by(&[Until]), format!("true~.ada~.{ROLE}")),
            (by(&[Until]), format!("2026-03-02~.ada~.{ROLE}")),
            (
                by(&[Until]),
                format!("2026-03-02T10:00:00+00:00~.ada~.{ROLE}"),
            ),
        ] {
            let refused = ASSIGNMENTS.place(&order, &text).expect_err(&text);
            assert_eq!(refused.0.target.as_deref(), Some("$skiptoken"), "{text}");
        }
    }
}
