//! `$filter`.

use super::lexer::{Lexer, Token};
use super::{ExpressionError, Literal, Path};

/// How deep parentheses and `not` may be nested.
pub const MAX_DEPTH: usize = 32;

/// How many comparisons, functions and single properties a filter may have.
pub const MAX_TERMS: usize = 100;

/// How many values a list after `in` may have.
pub const MAX_LIST: usize = 100;

/// Which records are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// At least one of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A property compared with a value. A value that came first has changed places with its property.
    Compare(Path, Comparison, Literal),
    /// A property that has one of these values.
    In(Path, Vec<Literal>),
    /// A function of a property and a text.
    Call(Function, Path, String),
    /// A property that is true.
    Is(Path),
    /// `true` or `false`.
    Constant(bool),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

impl Comparison {
    const ALL: [(&str, Self); 6] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("gt", Self::Greater),
        ("ge", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
    ];

    /// The same comparison with its sides changed.
    fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
        }
    }
}

/// What a text has to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// It begins with the other.
    StartsWith,
    /// It ends with the other.
    EndsWith,
    /// It has the other in it.
    Contains,
}

impl Function {
    const ALL: [(&str, Self); 3] = [
        ("startswith", Self::StartsWith),
        ("endswith", Self::EndsWith),
        ("contains", Self::Contains),
    ];
}

const TERM: &str = "a comparison, startswith, endswith, contains, not or an opening parenthesis";
const OPERATOR: &str = "eq, ne, gt, ge, lt, le or in";
const VALUE: &str = "a value (a text in single quotes, a number, a date, true, false or null)";

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
    let filter = parser.any_of()?;
    parser
        .lexer
        .expect(&Token::End, "and, or, or the end of the filter")?;
    Ok(filter)
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    depth: usize,
    terms: usize,
}

impl Parser<'_> {
    fn any_of(&mut self) -> Result<Filter, ExpressionError> {
        let mut parts = vec![self.all_of()?];
        while self.lexer.take_keyword("or")? {
            parts.push(self.all_of()?);
        }
        Ok(one_or(parts, Filter::Or))
    }

    fn all_of(&mut self) -> Result<Filter, ExpressionError> {
        let mut parts = vec![self.part()?];
        while self.lexer.take_keyword("and")? {
            parts.push(self.part()?);
        }
        Ok(one_or(parts, Filter::And))
    }

    fn part(&mut self) -> Result<Filter, ExpressionError> {
        if self.lexer.take_keyword("not")? {
            // What follows without parentheses is one comparison, whatever the table of precedence says: only truth
            // values can be negated, so there is no other way to read it.
            let inner = self.deeper(Self::part)?;
            Ok(Filter::Not(Box::new(inner)))
        } else if self.lexer.take_if(&Token::Open)? {
            let inner = self.deeper(Self::any_of)?;
            self.lexer
                .expect(&Token::Close, "and, or, or a closing parenthesis")?;
            Ok(inner)
        } else {
            self.term()
        }
    }

    fn deeper(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<Filter, ExpressionError>,
    ) -> Result<Filter, ExpressionError> {
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

    fn term(&mut self) -> Result<Filter, ExpressionError> {
        self.terms += 1;
        if MAX_TERMS < self.terms {
            return Err(ExpressionError::TooMuch {
                what: "comparisons",
                limit: MAX_TERMS,
            });
        }
        if let Token::Value(value) = self.lexer.peek() {
            let value = value.clone();
            self.lexer.take()?;
            return self.value_first(value);
        }
        let position = self.lexer.position();
        let path = path(&mut self.lexer, TERM)?;
        if *self.lexer.peek() == Token::Open {
            return self.call(&path, position);
        }
        if self.lexer.take_keyword("in")? {
            return Ok(Filter::In(path, self.list()?));
        }
        let Some(comparison) = self.comparison()? else {
            return Ok(Filter::Is(path));
        };
        Ok(Filter::Compare(path, comparison, self.value()?))
    }

    /// `true`, or `5 lt length`.
    fn value_first(&mut self, value: Literal) -> Result<Filter, ExpressionError> {
        match (self.comparison()?, value) {
            (Some(comparison), value) => {
                let path = path(&mut self.lexer, "the name of a property")?;
                Ok(Filter::Compare(path, comparison.mirrored(), value))
            }
            (None, Literal::Boolean(constant)) => Ok(Filter::Constant(constant)),
            (None, _) => Err(self.lexer.unexpected(OPERATOR)),
        }
    }

    fn comparison(&mut self) -> Result<Option<Comparison>, ExpressionError> {
        for (word, comparison) in Comparison::ALL {
            if self.lexer.take_keyword(word)? {
                return Ok(Some(comparison));
            }
        }
        match self.lexer.word() {
            None => Ok(None),
            Some(word)
                if ["and", "or"]
                    .iter()
                    .any(|known| word.eq_ignore_ascii_case(known)) =>
            {
                Ok(None)
            }
            Some(_) => Err(self
                .lexer
                .unsupported("a property is compared with eq, ne, gt, ge, lt, le or in")),
        }
    }

    fn value(&mut self) -> Result<Literal, ExpressionError> {
        match self.lexer.peek() {
            Token::Value(value) => {
                let value = value.clone();
                self.lexer.take()?;
                Ok(value)
            }
            Token::Word(_) => Err(self.lexer.unsupported(
                "a property is compared with a value, and a text stands in single quotes",
            )),
            _ => Err(self.lexer.unexpected(VALUE)),
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

    fn call(&mut self, name: &Path, position: usize) -> Result<Filter, ExpressionError> {
        let known = |(word, _): &&(&str, Function)| name.to_string().eq_ignore_ascii_case(word);
        let Some((_, function)) = Function::ALL.iter().find(known) else {
            return Err(ExpressionError::Unsupported {
                found: format!("the function {name}"),
                position,
                instead: "there are startswith, endswith and contains",
            });
        };
        self.lexer.take()?;
        let path = path(&mut self.lexer, "the name of a property")?;
        self.lexer.expect(&Token::Comma, "a comma")?;
        let Token::Value(Literal::Text(text)) = self.lexer.peek().clone() else {
            return Err(self.lexer.unexpected("a text in single quotes"));
        };
        self.lexer.take()?;
        self.lexer.expect(&Token::Close, "a closing parenthesis")?;
        // Earlier drafts of the protocol compare what a function says with true, and clients still write that.
        match self.comparison()? {
            None => Ok(Filter::Call(*function, path, text)),
            Some(comparison) => self.compared(Filter::Call(*function, path, text), comparison),
        }
    }

    /// A truth value compared with `true` or `false`.
    fn compared(
        &mut self,
        truth: Filter,
        comparison: Comparison,
    ) -> Result<Filter, ExpressionError> {
        let expected = "eq or ne, and true or false,";
        let Token::Value(Literal::Boolean(value)) = *self.lexer.peek() else {
            return Err(self.lexer.unexpected(expected));
        };
        let wanted = match comparison {
            Comparison::Equal => value,
            Comparison::NotEqual => !value,
            _ => return Err(self.lexer.unexpected(expected)),
        };
        self.lexer.take()?;
        Ok(if wanted {
            truth
        } else {
            Filter::Not(Box::new(truth))
        })
    }
}

/// A path, which has to come next.
pub(super) fn path(lexer: &mut Lexer<'_>, expected: &'static str) -> Result<Path, ExpressionError> {
    const KEYWORDS: [&str; 10] = ["and", "or", "not", "in", "eq", "ne", "gt", "ge", "lt", "le"];
    let Some(word) = lexer.word() else {
        return Err(lexer.unexpected(expected));
    };
    if KEYWORDS
        .iter()
        .any(|keyword| word.eq_ignore_ascii_case(keyword))
    {
        return Err(lexer.unexpected(expected));
    }
    let segments: Vec<String> = word.split('/').map(str::to_owned).collect();
    if segments.iter().any(String::is_empty) {
        return Err(lexer.unexpected(expected));
    }
    lexer.take()?;
    Ok(Path(segments))
}

fn one_or(mut parts: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.pop() {
        Some(one) if parts.is_empty() => one,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => Filter::Constant(true),
    }
}
