//! `$orderby`.

use super::lexer::{Lexer, Token, path};
use super::{ExpressionError, Path};

/// How many keys records may be ordered by.
pub const MAX_KEYS: usize = 8;

/// One key that records are ordered by. Null comes before every value, so last where the order is descending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// The property.
    pub path: Path,
    /// Which way.
    pub direction: Direction,
}

/// Which way records are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The least first.
    #[default]
    Ascending,
    /// The greatest first.
    Descending,
}

/// Reads the value of an `$orderby`.
///
/// # Errors
/// The first place that is not understood, too many keys, or the same one again.
pub fn order_by(text: &str) -> Result<Vec<OrderKey>, ExpressionError> {
    let mut lexer = Lexer::new(text)?;
    let mut keys: Vec<OrderKey> = Vec::new();
    loop {
        let here = lexer.here();
        let path = path(&mut lexer, "the name of a property")?;
        if *lexer.peek() == Token::Open {
            return Err(here.unsupported("lists are ordered by properties, as in userId desc"));
        }
        let direction = if lexer.take_keyword("desc")? {
            Direction::Descending
        } else {
            lexer.take_keyword("asc")?;
            Direction::Ascending
        };
        if keys.iter().any(|key| key.path.is_same(&path)) {
            return Err(ExpressionError::Duplicate {
                found: path.to_string(),
            });
        }
        if keys.len() == MAX_KEYS {
            return Err(ExpressionError::TooMuch {
                what: "keys to order by",
                limit: MAX_KEYS,
            });
        }
        keys.push(OrderKey { path, direction });
        if !lexer.take_if(&Token::Comma)? {
            lexer.expect(&Token::End, "asc, desc, a comma or the end of the order")?;
            return Ok(keys);
        }
    }
}
