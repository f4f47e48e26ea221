//! What people write beside a change: reason and ticket.

use std::fmt;

/// The longest reason, ticket number or ticket system, in characters. The documents say "under 500".
pub const MAX_REMARK_LENGTH: usize = 499;

/// A text of 1 to 499 characters that somebody wrote to explain a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark(String);

/// A text that is not a remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRemark {
    /// It is longer than [`MAX_REMARK_LENGTH`].
    #[error("{sent} characters are more than the {MAX_REMARK_LENGTH} that are taken")]
    TooLong {
        /// The length that was sent, in characters.
        sent: usize,
    },
    /// It has a control character, which no store has to keep and no log should show.
    #[error("control characters other than tab and line breaks are not taken")]
    Control,
}

impl Remark {
    /// `None` for an empty or blank text: that says nothing.
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidRemark> {
        let sent = text.chars().count();
        if MAX_REMARK_LENGTH < sent {
            return Err(InvalidRemark::TooLong { sent });
        }
        let kept = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
        if !text.chars().all(kept) {
            return Err(InvalidRemark::Control);
        }
        if text.trim().is_empty() {
            Ok(None)
        } else {
            Ok(Some(Self(text.to_owned())))
        }
    }

    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why somebody does something, as far as they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Justification {
    /// The reason in words.
    pub reason: Option<Remark>,
    /// The number of the ticket that asks for it.
    pub ticket_number: Option<Remark>,
    /// The system that keeps the ticket.
    pub ticket_system: Option<Remark>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_has_at_most_499_characters_and_a_blank_one_is_none() {
        assert_eq!(
            Remark::parse(&"ä".repeat(499))
                .unwrap()
                .unwrap()
                .as_str()
                .chars()
                .count(),
            499
        );
        assert_eq!(
            Remark::parse(&"x".repeat(500)),
            Err(InvalidRemark::TooLong { sent: 500 })
        );
        assert_eq!(Remark::parse(""), Ok(None));
        assert_eq!(Remark::parse(" \n"), Ok(None));
    }

    #[test]
    fn a_remark_may_have_lines_but_no_other_control_characters() {
        assert!(Remark::parse("a\tb\r\nc").is_ok());
        for text in ["a\0b", "\u{1b}[31m", "\u{85}"] {
            assert_eq!(Remark::parse(text), Err(InvalidRemark::Control));
        }
    }
}
