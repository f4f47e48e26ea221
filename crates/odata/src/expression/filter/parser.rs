//! The text of a `$filter`, read from left to right.

use super::super::lexer::{Here, Lexer, Token, path};
use super::super::{ExpressionError, Literal, Path};
use super::{Comparison, Filter, Function, MAX_DEPTH, MAX_LIST, MAX_TERMS};

const TERM: &str = "a comparison, startswith, endswith, contains, not or an opening parenthesis";
const OPERATOR: &str = "eq, ne, gt, ge, lt, le or in";
const VALUE: &str = "a value (a text in single quotes, a number, a date, true, false or null)";
const PROPERTY: &str = "the name of a property";

/// What has to stand beside a property.
const BESIDE_PROPERTY: &str =
    "a property is compared with a value, and a text stands in single quotes";
/// What has to stand beside a value.
const BESIDE_VALUE: &str = "a value is compared with a property";
/// What has to stand beside a comparison, a function or `not`.
const BESIDE_TRUTH: &str = "a truth value is compared by eq or ne with true or false";

/// OData's operators that reckon with values.
const ARITHMETIC: [&str; 6] = ["add", "sub", "mul", "div", "divby", "mod"];

/// Reads the value of a `$filter`.
///
/// # Errors
/// The first place that is not understood, or what there is too much of.
pub fn filter(text: &str) -> Result<Filter, ExpressionError> {
    let mut parser = Parser {
        lexer: Lexer::new(text)?,
        depth: 0,
        terms: 0,
    };
    let whole = parser.any_of(TERM)?;
    let filter = parser.truth(whole)?;
    parser
        .lexer
        .expect(&Token::End, "and, or, or the end of the filter")?;
    Ok(filter)
}

/// What an expression is. Any of them may stand in parentheses, so which it has to be is known only behind them.
enum Operand {
    /// A truth value that was made of others.
    Truth(Filter),
    /// A property.
    Property(Path),
    /// A value.
    Value(Literal),
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    depth: usize,
    terms: usize,
}

impl Parser<'_> {
    fn any_of(&mut self, expected: &'static str) -> Result<Operand, ExpressionError> {
        self.joined("or", Filter::Or, |parser| parser.all_of(expected))
    }

    fn all_of(&mut self, expected: &'static str) -> Result<Operand, ExpressionError> {
        self.joined("and", Filter::And, |parser| parser.comparison(expected))
    }

    /// Operands with this word between them; one alone is what it is.
    fn joined(
        &mut self,
        word: &str,
        join: fn(Vec<Filter>) -> Filter,
        parse: impl Fn(&mut Self) -> Result<Operand, ExpressionError>,
    ) -> Result<Operand, ExpressionError> {
        let first = parse(self)?;
        if !self.lexer.is(word) {
            return Ok(first);
        }
        let mut parts = vec![self.truth(first)?];
        while self.lexer.take_keyword(word)? {
            let next = parse(self)?;
            parts.push(self.truth(next)?);
        }
        Ok(Operand::Truth(join(parts)))
    }

    /// An operand and what it is compared with, from left to right.
    fn comparison(&mut self, expected: &'static str) -> Result<Operand, ExpressionError> {
        let left = self.operand(expected)?;
        self.compared_from(left)
    }

    /// What this is compared with, if anything.
    fn compared_from(&mut self, mut left: Operand) -> Result<Operand, ExpressionError> {
        loop {
            let here = self.lexer.here();
            if self.lexer.take_keyword("in")? {
                let Operand::Property(path) = left else {
                    return Err(here.unsupported("a property alone stands before in"));
                };
                let list = self.list()?;
                left = self.term(Filter::In(path, list))?;
            } else if let Some(comparison) = self.operator()? {
                let right = self.lexer.here();
                let value = self.operand(VALUE)?;
                left = self.compared(left, comparison, value, right)?;
            } else {
                self.no_other_operator(&left)?;
                return Ok(left);
            }
        }
    }

    fn operand(&mut self, expected: &'static str) -> Result<Operand, ExpressionError> {
        if self.lexer.take_keyword("not")? {
            let inner = self.deeper(Self::negatable)?;
            return Ok(Operand::Truth(Filter::Not(Box::new(inner))));
        }
        if self.lexer.take_if(&Token::Open)? {
            let inner = self.deeper(|parser| parser.any_of(expected))?;
            self.lexer
                .expect(&Token::Close, "and, or, or a closing parenthesis")?;
            return Ok(inner);
        }
        if let Some(value) = self.literal()? {
            return Ok(Operand::Value(value));
        }
        let here = self.lexer.here();
        let path = path(&mut self.lexer, expected)?;
        if *self.lexer.peek() == Token::Open {
            return self.call(&path, here);
        }
        Ok(Operand::Property(path))
    }

    /// What stands behind `not`, which binds tighter than comparisons. But a property without parentheses is compared first:
    /// `not userId eq 'ben'` could mean nothing else.
    fn negatable(&mut self) -> Result<Filter, ExpressionError> {
        match self.operand(TERM)? {
            Operand::Truth(filter) => Ok(filter),
            operand => {
                let whole = self.compared_from(operand)?;
                self.truth(whole)
            }
        }
    }

    fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, ExpressionError>,
    ) -> Result<T, ExpressionError> {
        self.depth += 1;
        if MAX_DEPTH < self.depth {
            return Err(ExpressionError::TooMuch {
                what: "levels of parentheses and nots",
                limit: MAX_DEPTH,
            });
        }
        let inner = parse(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    /// What was just read, where it has to be a truth value.
    fn truth(&mut self, operand: Operand) -> Result<Filter, ExpressionError> {
        let term = match operand {
            Operand::Truth(filter) => return Ok(filter),
            Operand::Property(path) => Filter::Is(path),
            Operand::Value(Literal::Boolean(constant)) => Filter::Constant(constant),
            Operand::Value(_) => return Err(self.lexer.unexpected(OPERATOR)),
        };
        self.counted(term)
    }

    fn term(&mut self, term: Filter) -> Result<Operand, ExpressionError> {
        self.counted(term).map(Operand::Truth)
    }

    fn counted(&mut self, term: Filter) -> Result<Filter, ExpressionError> {
        self.terms += 1;
        if MAX_TERMS < self.terms {
            return Err(ExpressionError::TooMuch {
                what: "comparisons",
                limit: MAX_TERMS,
            });
        }
        Ok(term)
    }

    /// The comparison of two operands, of which the other one stands at `right`.
    fn compared(
        &mut self,
        left: Operand,
        comparison: Comparison,
        other: Operand,
        right: Here<'_>,
    ) -> Result<Operand, ExpressionError> {
        use Operand::{Property, Truth, Value};
        let (truth, value) = match (left, other) {
            (Property(path), Value(value)) => {
                return self.term(Filter::Compare(path, comparison, value));
            }
            (Value(value), Property(path)) => {
                return self.term(Filter::Compare(path, comparison.mirrored(), value));
            }
            (Property(_), _) => return Err(right.unsupported(BESIDE_PROPERTY)),
            (Truth(truth), Value(Literal::Boolean(value)))
            | (Value(Literal::Boolean(value)), Truth(truth)) => (truth, value),
            (Value(Literal::Boolean(one)), Value(Literal::Boolean(value))) => {
                (self.counted(Filter::Constant(one))?, value)
            }
            (Truth(_), _) | (_, Truth(_)) => return Err(right.unsupported(BESIDE_TRUTH)),
            (Value(_), Value(_)) => return Err(right.unsupported(BESIDE_VALUE)),
        };
        match comparison {
            Comparison::Equal => Ok(Truth(equals(truth, value))),
            Comparison::NotEqual => Ok(Truth(negated(equals(truth, value)))),
            _ => Err(right.unsupported(BESIDE_TRUTH)),
        }
    }

    fn operator(&mut self) -> Result<Option<Comparison>, ExpressionError> {
        for (word, comparison) in Comparison::ALL {
            if self.lexer.take_keyword(word)? {
                return Ok(Some(comparison));
            }
        }
        Ok(None)
    }

    /// Refuses what stands where an operator would and is none; what else may stand behind a truth value, others know.
    fn no_other_operator(&self, left: &Operand) -> Result<(), ExpressionError> {
        let is = |word: &&str| self.lexer.is(word);
        if ARITHMETIC.iter().any(is) {
            let instead = "there is no arithmetic: write the value that it comes to";
            return Err(self.lexer.here().unsupported(instead));
        }
        let is_other = self.lexer.word().is_some() && !["and", "or"].iter().any(is);
        if is_other && !matches!(left, Operand::Truth(_)) {
            let instead = "a property is compared with eq, ne, gt, ge, lt, le or in";
            return Err(self.lexer.here().unsupported(instead));
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Literal, ExpressionError> {
        let here = self.lexer.here();
        match self.literal()? {
            Some(value) => Ok(value),
            None if self.lexer.word().is_some() => Err(here.unsupported(BESIDE_PROPERTY)),
            None => Err(here.unexpected(VALUE)),
        }
    }

    fn list(&mut self) -> Result<Vec<Literal>, ExpressionError> {
        self.lexer
            .expect(&Token::Open, "a list of values in parentheses")?;
        let mut values = vec![self.value()?];
        while self.lexer.take_if(&Token::Comma)? {
            if values.len() == MAX_LIST {
                return Err(ExpressionError::TooMuch {
                    what: "values after in",
                    limit: MAX_LIST,
                });
            }
            values.push(self.value()?);
        }
        self.lexer
            .expect(&Token::Close, "a comma or a closing parenthesis")?;
        Ok(values)
    }

    fn call(&mut self, name: &Path, here: Here<'_>) -> Result<Operand, ExpressionError> {
        let known = |(word, _): &&(&str, Function)| name.to_string().eq_ignore_ascii_case(word);
        let Some((_, function)) = Function::ALL.iter().find(known) else {
            return Err(ExpressionError::Unsupported {
                found: format!("the function {name}"),
                position: here.position(),
                instead: "there are startswith, endswith and contains",
            });
        };
        self.lexer.take()?;
        let here = self.lexer.here();
        let Operand::Property(path) = self.argument(PROPERTY)? else {
            return Err(here.unexpected(PROPERTY));
        };
        self.lexer.expect(&Token::Comma, "a comma")?;
        let expected = "a text in single quotes";
        let here = self.lexer.here();
        let Operand::Value(Literal::Text(text)) = self.argument(expected)? else {
            return Err(here.unexpected(expected));
        };
        self.lexer.expect(&Token::Close, "a closing parenthesis")?;
        self.term(Filter::Call(*function, path, text))
    }

    /// A property or a value, and no function of one.
    fn argument(&mut self, expected: &'static str) -> Result<Operand, ExpressionError> {
        if self.lexer.take_if(&Token::Open)? {
            let inner = self.deeper(|parser| parser.argument(expected))?;
            self.lexer.expect(&Token::Close, "a closing parenthesis")?;
            return Ok(inner);
        }
        if let Some(value) = self.literal()? {
            return Ok(Operand::Value(value));
        }
        let here = self.lexer.here();
        let path = path(&mut self.lexer, expected)?;
        if *self.lexer.peek() == Token::Open {
            return Err(here.unsupported("a function is of a property and a text"));
        }
        Ok(Operand::Property(path))
    }

    /// The value that comes next, if one does.
    fn literal(&mut self) -> Result<Option<Literal>, ExpressionError> {
        let Token::Value(value) = self.lexer.peek() else {
            return Ok(None);
        };
        let value = value.clone();
        self.lexer.take()?;
        Ok(Some(value))
    }
}

/// The comparison of a truth value with one that is written. What is one already is never unknown, so that however long a chain of
/// comparisons is, what is made of it is no deeper.
fn equals(truth: Filter, value: bool) -> Filter {
    let is_comparison = match &truth {
        Filter::Not(inner) => matches!(**inner, Filter::Equals(..)),
        truth => matches!(truth, Filter::Equals(..)),
    };
    match truth {
        truth if !is_comparison => Filter::Equals(Box::new(truth), value),
        truth if value => truth,
        truth => negated(truth),
    }
}

fn negated(truth: Filter) -> Filter {
    match truth {
        Filter::Not(inner) => *inner,
        truth => Filter::Not(Box::new(truth)),
    }
}
