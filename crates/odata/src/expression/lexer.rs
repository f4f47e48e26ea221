//! An expression's text in pieces.

use super::literal::{Literal, duration, instant, is_guid};
use super::{ExpressionError, Path};

/// How much of what was sent an error repeats, in characters.
const QUOTED_LENGTH: usize = 40;

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, keyword, or path with its slashes; also `*`.
    Word(String),
    /// A value that no word is.
    Value(Literal),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// The end of the text.
    End,
}

/// Where a piece is, for those who may have to say so.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    text: &'a str,
    /// In bytes.
    begin: usize,
    end: usize,
}

impl Here<'_> {
    /// The place, counted in characters from 1.
    pub(super) fn position(self) -> usize {
        position(self.text, self.begin)
    }

    /// That something else was expected here.
    pub(super) fn unexpected(self, expected: &'static str) -> ExpressionError {
        ExpressionError::Unexpected {
            expected,
            found: self.found(),
            position: self.position(),
        }
    }

    /// That this is not taken.
    pub(super) fn unsupported(self, instead: &'static str) -> ExpressionError {
        ExpressionError::Unsupported {
            found: self.found(),
            position: self.position(),
            instead,
        }
    }

    fn found(self) -> String {
        match &self.text[self.begin..self.end] {
            "" => "the end".to_owned(),
            piece => quoted(piece),
        }
    }
}

/// The pieces of a text, one after the other.
pub(super) struct Lexer<'a> {
    text: &'a str,
    /// Where the next piece begins, in bytes.
    at: usize,
    /// The next piece and where it began, in bytes.
    next: (Token, usize),
    end: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, ExpressionError> {
        let mut lexer = Self {
            text,
            at: 0,
            next: (Token::End, 0),
            end: 0,
        };
        lexer.step()?;
        Ok(lexer)
    }

    /// The next piece.
    pub(super) fn peek(&self) -> &Token {
        &self.next.0
    }

    /// The next piece where it is a word.
    pub(super) fn word(&self) -> Option<&str> {
        match self.peek() {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether the next piece is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.word()
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword))
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self) -> Result<Token, ExpressionError> {
        let token = std::mem::replace(&mut self.next.0, Token::End);
        self.step()?;
        Ok(token)
    }

    /// Takes the next piece if it is this one.
    pub(super) fn take_if(&mut self, token: &Token) -> Result<bool, ExpressionError> {
        let is_it = self.peek() == token;
        if is_it {
            self.take()?;
        }
        Ok(is_it)
    }

    /// Takes the next piece if it is this keyword.
    pub(super) fn take_keyword(&mut self, keyword: &str) -> Result<bool, ExpressionError> {
        let is_it = self.is(keyword);
        if is_it {
            self.take()?;
        }
        Ok(is_it)
    }

    /// Takes this piece, which has to come next.
    pub(super) fn expect(
        &mut self,
        token: &Token,
        expected: &'static str,
    ) -> Result<(), ExpressionError> {
        if self.take_if(token)? {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    /// That something else was expected where the next piece is.
    pub(super) fn unexpected(&self, expected: &'static str) -> ExpressionError {
        self.here().unexpected(expected)
    }

    /// Where the next piece is.
    pub(super) fn here(&self) -> Here<'a> {
        Here {
            text: self.text,
            begin: self.next.1,
            end: self.end,
        }
    }

    fn step(&mut self) -> Result<(), ExpressionError> {
        let rest = &self.text[self.at..];
        let blank = rest.len() - rest.trim_start().len();
        let start = self.at + blank;
        let rest = &self.text[start..];
        let (token, length) = token(rest).map_err(|kind| ExpressionError::Malformed {
            kind,
            found: quoted(rest),
            position: position(self.text, start),
        })?;
        self.next = (token, start);
        self.at = start + length;
        self.end = self.at;
        Ok(())
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
    // `$it` is whatever the expression is about.
    let named = word.strip_prefix("$it/").unwrap_or(word);
    let segments: Vec<String> = named.split('/').map(str::to_owned).collect();
    if segments.iter().any(String::is_empty) {
        return Err(lexer.unexpected(expected));
    }
    lexer.take()?;
    Ok(Path(segments))
}

fn position(text: &str, byte: usize) -> usize {
    text[..byte].chars().count() + 1
}

/// What was sent, fit for a message.
pub(super) fn quoted(sent: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let cut: String = sent.chars().take(QUOTED_LENGTH).map(shown).collect();
    let more = if sent.chars().nth(QUOTED_LENGTH).is_some() {
        "…"
    } else {
        ""
    };
    format!("\"{cut}{more}\"")
}

/// The piece at the beginning of a text and its length in bytes; or as what it is malformed.
fn token(text: &str) -> Result<(Token, usize), &'static str> {
    let Some(first) = text.chars().next() else {
        return Ok((Token::End, 0));
    };
    match first {
        '(' => Ok((Token::Open, 1)),
        ')' => Ok((Token::Close, 1)),
        ',' => Ok((Token::Comma, 1)),
        '*' => Ok((Token::Word("*".to_owned()), 1)),
        '\'' => {
            let (text, length) = quoted_text(text)?;
            Ok((Token::Value(Literal::Text(text)), length))
        }
        '-' | '+' | '0'..='9' => number_or_like(text),
        c if is_word(c) => word(text),
        _ => Err(
            "piece of an expression: operators are words, as eq, and texts stand in single quotes",
        ),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '$')
}

/// The text in the quotes at the beginning, and how many bytes it takes with them.
fn quoted_text(text: &str) -> Result<(String, usize), &'static str> {
    let mut inside = String::new();
    let mut rest = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '\'' if rest.next_if(|(_, c)| *c == '\'').is_some() => inside.push('\''),
            '\'' => return Ok((inside, at + 1)),
            c => inside.push(c),
        }
    }
    Err("text, for want of a closing quote")
}

/// What begins with a digit or sign: a number, a date, a moment, a GUID.
fn number_or_like(text: &str) -> Result<(Token, usize), &'static str> {
    let mut length = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | ':' | '.')))
        .unwrap_or(text.len());
    // An offset whose `+` has become a blank.
    let offset = |rest: &str| {
        let mut bytes = rest.bytes();
        bytes.next() == Some(b' ')
            && rest.len() >= 6
            && rest.as_bytes()[1..6].iter().enumerate().all(|(at, byte)| {
                if at == 2 {
                    *byte == b':'
                } else {
                    byte.is_ascii_digit()
                }
            })
    };
    let clock = text[..length].contains(['T', 't']) && text[..length].contains(':');
    if clock && offset(&text[length..]) {
        length += 6;
    }
    let piece = &text[..length];
    if is_guid(piece) {
        return Ok((
            Token::Value(Literal::Guid(piece.to_ascii_lowercase())),
            length,
        ));
    }
    if let Ok(number) = piece.parse() {
        return Ok((Token::Value(Literal::Integer(number)), length));
    }
    if piece.len() > 4 && piece.as_bytes()[4] == b'-' {
        let instant =
            instant(piece).ok_or("date, nor a moment with its offset, as 2026-03-02T10:00:00Z")?;
        return Ok((Token::Value(Literal::Instant(instant)), length));
    }
    if piece.starts_with(['-', '+']) && piece[1..].starts_with('P') {
        let length_of_time = duration(piece).ok_or("length of time")?;
        return Ok((Token::Value(Literal::Duration(length_of_time)), length));
    }
    Err("whole number, date, moment, length of time or GUID")
}

/// A name, a keyword, a path, or a value that begins like one: `duration'PT8H'`, `microsoft.graph.approvalState'pending'`,
/// a GUID that begins with a letter.
fn word(text: &str) -> Result<(Token, usize), &'static str> {
    let guid = text.get(..36).filter(|piece| is_guid(piece));
    if let Some(guid) = guid
        && !text[36..].starts_with(is_word)
    {
        return Ok((Token::Value(Literal::Guid(guid.to_ascii_lowercase())), 36));
    }
    let length = text
        .find(|c: char| !(is_word(c) || matches!(c, '/' | '.')))
        .unwrap_or(text.len());
    let word = &text[..length];
    if text[length..].starts_with('\'') {
        let (inside, more) = quoted_text(&text[length..])?;
        let length = length + more;
        let value = if word.eq_ignore_ascii_case("duration") {
            Literal::Duration(duration(&inside).ok_or("length of time")?)
        } else if word.contains('.') {
            Literal::Text(inside)
        } else {
            return Err(
                "value of a known type: moments and GUIDs stand as they are, without a type and quotes",
            );
        };
        return Ok((Token::Value(value), length));
    }
    let value = match word.to_ascii_lowercase().as_str() {
        "null" => Literal::Null,
        "true" => Literal::Boolean(true),
        "false" => Literal::Boolean(false),
        _ => match duration(word).filter(|_| word.starts_with('P')) {
            Some(length_of_time) => Literal::Duration(length_of_time),
            None => return Ok((Token::Word(word.to_owned()), length)),
        },
    };
    Ok((Token::Value(value), length))
}
