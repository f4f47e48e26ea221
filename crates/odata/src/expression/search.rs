//! `$search`.

use super::ExpressionError;
use super::lexer::quoted;

/// How deep parentheses and `NOT` may be nested.
pub const MAX_SEARCH_DEPTH: usize = 8;

/// How many words and phrases a search may have.
pub const MAX_SEARCH_TERMS: usize = 20;

/// What is looked for in the names of records; letter case does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// All of these.
    And(Vec<Search>),
    /// At least one of these.
    Or(Vec<Search>),
    /// Not this.
    Not(Box<Search>),
    /// This word or phrase, somewhere.
    Term(String),
}

/// Reads the value of a `$search`: words, phrases in double quotes, `AND` (which may be left out), `OR`, `NOT` and
/// parentheses. The keywords are upper case; in lower case they are words.
///
/// # Errors
/// The first place that is not understood, or too much.
pub fn search(text: &str) -> Result<Search, ExpressionError> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
        terms: 0,
    };
    let search = parser.any_of()?;
    match parser.peek()? {
        None => Ok(search),
        Some(_) => Err(parser.unexpected("the end of the search")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    terms: usize,
}

enum Piece<'a> {
    Word(&'a str),
    Phrase(String),
    Open,
    Close,
}

impl<'a> Parser<'a> {
    fn any_of(&mut self) -> Result<Search, ExpressionError> {
        let mut parts = vec![self.all_of()?];
        while self.take_keyword("OR")? {
            parts.push(self.all_of()?);
        }
        Ok(match <[Search; 1]>::try_from(parts) {
            Ok([one]) => one,
            Err(parts) => Search::Or(parts),
        })
    }

    fn all_of(&mut self) -> Result<Search, ExpressionError> {
        let mut parts = vec![self.part()?];
        loop {
            let more = match self.peek()? {
                None | Some((Piece::Close | Piece::Word("OR"), _)) => false,
                Some(_) => {
                    self.take_keyword("AND")?;
                    true
                }
            };
            if !more {
                break;
            }
            parts.push(self.part()?);
        }
        Ok(match <[Search; 1]>::try_from(parts) {
            Ok([one]) => one,
            Err(parts) => Search::And(parts),
        })
    }

    fn part(&mut self) -> Result<Search, ExpressionError> {
        if self.take_keyword("NOT")? {
            let inner = self.deeper(Self::part)?;
            return Ok(Search::Not(Box::new(inner)));
        }
        match self.peek()? {
            Some((Piece::Open, length)) => {
                self.at += length;
                let inner = self.deeper(Self::any_of)?;
                match self.peek()? {
                    Some((Piece::Close, length)) => self.at += length,
                    _ => return Err(self.unexpected("a closing parenthesis")),
                }
                Ok(inner)
            }
            Some((Piece::Word("AND" | "OR"), _)) | Some((Piece::Close, _)) | None => {
                Err(self.unexpected("a word or a phrase in double quotes"))
            }
            Some((Piece::Word(word), length)) => {
                self.at += length;
                self.term(word.to_owned())
            }
            Some((Piece::Phrase(phrase), length)) => {
                self.at += length;
                self.term(phrase)
            }
        }
    }

    fn deeper(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<Search, ExpressionError>,
    ) -> Result<Search, ExpressionError> {
        self.depth += 1;
        if MAX_SEARCH_DEPTH < self.depth {
            return Err(ExpressionError::TooMuch {
                what: "levels of parentheses and NOTs",
                limit: MAX_SEARCH_DEPTH,
            });
        }
        let inner = parse(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    fn term(&mut self, term: String) -> Result<Search, ExpressionError> {
        self.terms += 1;
        if MAX_SEARCH_TERMS < self.terms {
            return Err(ExpressionError::TooMuch {
                what: "words and phrases to search for",
                limit: MAX_SEARCH_TERMS,
            });
        }
        Ok(Search::Term(term))
    }

    fn take_keyword(&mut self, keyword: &str) -> Result<bool, ExpressionError> {
        match self.peek()? {
            Some((Piece::Word(word), length)) if word == keyword => {
                self.at += length;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The next piece and its length in bytes, with the blanks before it.
    fn peek(&self) -> Result<Option<(Piece<'a>, usize)>, ExpressionError> {
        let rest = &self.text[self.at..];
        let piece = rest.trim_start();
        let blank = rest.len() - piece.len();
        let Some(first) = piece.chars().next() else {
            return Ok(None);
        };
        let (piece, length) = match first {
            '(' => (Piece::Open, 1),
            ')' => (Piece::Close, 1),
            '"' => phrase(piece).ok_or_else(|| self.unclosed(blank))?,
            _ => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"');
                let length = piece.find(ends).unwrap_or(piece.len());
                (Piece::Word(&piece[..length]), length)
            }
        };
        Ok(Some((piece, blank + length)))
    }

    fn unclosed(&self, blank: usize) -> ExpressionError {
        let at = self.at + blank;
        ExpressionError::Malformed {
            kind: "phrase: it needs something in it and a closing double quote",
            found: quoted(&self.text[at..]),
            position: self.text[..at].chars().count() + 1,
        }
    }

    fn unexpected(&self, expected: &'static str) -> ExpressionError {
        let rest = self.text[self.at..].trim_start();
        ExpressionError::Unexpected {
            expected,
            found: if rest.is_empty() {
                "the end".to_owned()
            } else {
                quoted(rest)
            },
            position: self.text[..self.text.len() - rest.len()].chars().count() + 1,
        }
    }
}

/// The phrase in double quotes at the beginning, where `\"` and `\\` stand for a quote and a backslash.
fn phrase(text: &str) -> Option<(Piece<'static>, usize)> {
    let mut inside = String::new();
    let mut rest = text.char_indices().skip(1);
    while let Some((at, c)) = rest.next() {
        match c {
            '"' if inside.trim().is_empty() => return None,
            '"' => return Some((Piece::Phrase(inside), at + 1)),
            '\\' => inside.push(rest.next()?.1),
            c => inside.push(c),
        }
    }
    None
}
