//! Events as rows.

use std::borrow::Cow;

use pimento_domain::{Actor, After, Cause, Event, Instant, Refusal, State, Uuid};
use pimento_store::RecordedEvent;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::{
    instant, justification, one_spelling, optional, optional_instant, optional_text, parsed,
    principal_of, role_name_of, role_of, settings, unreadable,
};
use crate::fault::Fault;
use crate::words::{AfterWord, Word};

/// What the column `actor` holds where an operator acted; no principal's id is empty.
pub(crate) const OPERATOR: &str = "";

/// What the columns `after` and `after_until` hold.
pub(crate) fn after_columns(after: &After) -> (AfterWord, Option<Instant>) {
    match after {
        After::Assignment(None) => (AfterWord::Gone, None),
        After::Assignment(Some(State::Permanent)) => (AfterWord::Permanent, None),
        After::Assignment(Some(State::Eligible)) => (AfterWord::Eligible, None),
        After::Assignment(Some(State::EligibleAndActive { until })) => {
            (AfterWord::EligibleAndActive, Some(*until))
        }
        After::Assignment(Some(State::Active { until })) => (AfterWord::Active, Some(*until)),
        After::Settings(_) => (AfterWord::Settings, None),
        After::Registered => (AfterWord::Registered, None),
        After::SetUp => (AfterWord::SetUp, None),
        After::Role(_) => (AfterWord::Role, None),
        After::RoleRemoved => (AfterWord::RoleRemoved, None),
        After::Refused(_) => (AfterWord::Refused, None),
        After::Erased(_) => (AfterWord::Erased, None),
    }
}

/// What the columns that only some events have hold, apart from settings.
#[derive(Debug, Default)]
pub(crate) struct AfterMore<'a> {
    pub(crate) role_name: Option<&'a str>,
    pub(crate) erased: Option<u64>,
    pub(crate) refusal: Option<&'a str>,
    pub(crate) times: Option<u32>,
}

impl<'a> AfterMore<'a> {
    pub(crate) fn of(after: &'a After) -> Self {
        let none = Self::default();
        match after {
            After::Role(name) => Self {
                role_name: Some(name.as_str()),
                ..none
            },
            After::Erased(sequence) => Self {
                erased: Some(*sequence),
                ..none
            },
            After::Refused(refusal) => Self {
                refusal: Some(&refusal.code),
                times: Some(refusal.times),
                ..none
            },
            _ => none,
        }
    }
}

/// The columns that say more of what is so after an event, and the words with which they do. With others they are NULL: what
/// stands there all the same is read by nobody, and was written by somebody else.
const MORE: [(&str, &[AfterWord]); 13] = [
    (
        "after_until",
        &[AfterWord::EligibleAndActive, AfterWord::Active],
    ),
    ("minimum_duration", &[AfterWord::Settings]),
    ("maximum_duration", &[AfterWord::Settings]),
    ("default_duration", &[AfterWord::Settings]),
    ("notification", &[AfterWord::Settings]),
    ("ticket", &[AfterWord::Settings]),
    ("mfa", &[AfterWord::Settings]),
    ("approval", &[AfterWord::Settings]),
    ("approvers", &[AfterWord::Settings]),
    ("role_name", &[AfterWord::Role]),
    ("erased", &[AfterWord::Erased]),
    ("refusal", &[AfterWord::Refused]),
    ("times", &[AfterWord::Refused]),
];

fn after(row: &Row<'_>) -> Result<After, Fault> {
    let until = || instant(row, "after_until");
    let word: AfterWord = parsed(row, "after", Word::from_word)?;
    for (column, words) in MORE {
        if !words.contains(&word) && row.get_ref(column)? != ValueRef::Null {
            let what = format!("holds something, which nothing does with {:?}", word.word());
            return Err(unreadable(row, column, &what));
        }
    }
    let state = match word {
        AfterWord::Settings => return Ok(After::Settings(settings(row)?)),
        AfterWord::Registered => return Ok(After::Registered),
        AfterWord::SetUp => return Ok(After::SetUp),
        AfterWord::Role => return Ok(After::Role(parsed(row, "role_name", role_name_of)?)),
        AfterWord::RoleRemoved => return Ok(After::RoleRemoved),
        AfterWord::Refused => return refused(row),
        AfterWord::Erased => return Ok(After::Erased(row.get("erased")?)),
        AfterWord::Gone => None,
        AfterWord::Permanent => Some(State::Permanent),
        AfterWord::Eligible => Some(State::Eligible),
        AfterWord::EligibleAndActive => Some(State::EligibleAndActive { until: until()? }),
        AfterWord::Active => Some(State::Active { until: until()? }),
    };
    Ok(After::Assignment(state))
}

fn refused(row: &Row<'_>) -> Result<After, Fault> {
    Ok(After::Refused(Refusal {
        code: Cow::Owned(row.get("refusal")?),
        times: row.get("times")?,
    }))
}

fn actor(row: &Row<'_>) -> Result<Actor, Fault> {
    match optional_text(row, "actor")? {
        None => Ok(Actor::Pimento),
        Some(OPERATOR) => Ok(Actor::Operator),
        Some(_) => parsed(row, "actor", principal_of).map(Actor::Principal),
    }
}

/// The event in the columns of that table.
pub(crate) fn event(row: &Row<'_>) -> Result<RecordedEvent, Fault> {
    let event = Event {
        at: instant(row, "at")?,
        kind: parsed(row, "kind", Word::from_word)?,
        actor: actor(row)?,
        principal: optional(row, "principal", principal_of)?,
        role: optional(row, "role", role_of)?,
        request: optional(row, "request_id", one_spelling)?,
        justification: justification(row)?,
        note: optional(row, "note", Word::from_word)?,
        until: optional_instant(row, "until")?,
        self_grant: row.get("self_grant")?,
        without_approval: row.get("without_approval")?,
        after: after(row)?,
    };
    let cause = Cause {
        operation: Cow::Owned(row.get("operation")?),
        request: parsed(row, "request", one_spelling::<Uuid>)?,
        client_request: row.get("client_request")?,
    };
    Ok(RecordedEvent {
        sequence: row.get("sequence")?,
        cause,
        event,
    })
}
