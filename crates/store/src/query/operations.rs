//! What operations are chosen and ordered by.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pimento_domain::{Actor, EventKind, Note};

use super::condition::{optional, text};
use super::{Field, Query, Value};
use crate::RecordedEvent;

/// A field of an event that is an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationField {
    /// Its place in the log.
    Sequence,
    /// Its day in UTC in eight digits and its place in ten, as one text.
    Id,
    /// When it happened.
    At,
    /// What happened, by [`OperationField::kind`].
    Kind,
    /// To whom; may be null.
    Principal,
    /// Of which role, in lower case; may be null.
    Role,
    /// Which person did it; null where nobody but Pimento did.
    Actor,
    /// The end of the activation that it began; null for any other kind.
    Until,
    /// The protocol's own remark, by [`OperationField::note`]; may be null.
    Note,
    /// Why; may be null.
    Reason,
    /// The ticket's number; may be null.
    TicketNumber,
    /// The system that keeps the ticket; may be null.
    TicketSystem,
}

impl Field for OperationField {
    const KEY: &'static [Self] = &[Self::Sequence];
}

impl OperationField {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Sequence,
        Self::Id,
        Self::At,
        Self::Kind,
        Self::Principal,
        Self::Role,
        Self::Actor,
        Self::Until,
        Self::Note,
        Self::Reason,
        Self::TicketNumber,
        Self::TicketSystem,
    ];

    /// A kind as a value. Kinds that are no operation are never looked for.
    pub fn kind(kind: EventKind) -> Value {
        match kind {
            EventKind::Assign => text("assign"),
            EventKind::Activate => text("activate"),
            EventKind::Unassign => text("unassign"),
            EventKind::Deactivate => text("deactivate"),
            _ => Value::Null,
        }
    }

    /// A remark of the protocol's as a value.
    pub fn note(note: Note) -> Value {
        text(match note {
            Note::MadePermanent => "made permanent",
            Note::MadeEligible => "made eligible",
            Note::Expired => "expired",
        })
    }

    /// What the field is of this event.
    pub fn value(self, recorded: &RecordedEvent) -> Value {
        let event = &recorded.event;
        match self {
            Self::Sequence => Value::Number(i64::try_from(recorded.sequence).unwrap_or(i64::MAX)),
            Self::Id => {
                let at = Timestamp::from(event.at).to_zoned(TimeZone::UTC);
                Value::Text(format!(
                    "{}{:010}",
                    at.strftime("%Y%m%d"),
                    recorded.sequence
                ))
            }
            Self::At => Value::Instant(event.at),
            Self::Kind => Self::kind(event.kind),
            Self::Principal => optional(event.principal.as_ref()),
            Self::Role => optional(event.role.as_ref()),
            Self::Actor => match &event.actor {
                Actor::Principal(principal) => Value::Text(principal.to_string()),
                Actor::Pimento | Actor::Operator => Value::Null,
            },
            Self::Until => match event.kind {
                EventKind::Activate => event.until.into(),
                _ => Value::Null,
            },
            Self::Note => event.note.map_or(Value::Null, Self::note),
            Self::Reason => optional(event.justification.reason.as_ref()),
            Self::TicketNumber => optional(event.justification.ticket_number.as_ref()),
            Self::TicketSystem => optional(event.justification.ticket_system.as_ref()),
        }
    }
}

/// Which of the events that are operations to list; by their place in the log where nothing else is asked for.
pub type OperationQuery = Query<OperationField>;
