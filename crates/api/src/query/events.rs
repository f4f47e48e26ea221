//! Events as options see them.

use pimento_domain::{EventKind, Instant, Note};
use pimento_store::{Condition, OperationField, Term, Value};

use super::entity::{by_words, or_where_null};
use super::{Entity, Filtering, Kind, Property};
use crate::wire::{EventId, event};

/// privilegedOperationEvent.
pub(crate) static EVENTS: Entity<OperationField> = Entity {
    name: "privilegedOperationEvent",
    properties: &[
        Property {
            name: "id",
            kind: Kind::Text,
            filtering: Filtering::Whole {
                is,
                otherwise: &Filtering::Field(OperationField::Id),
            },
            order: Some(OperationField::Id),
        },
        Property::field("userId", Kind::Person, OperationField::Principal),
        // Nobody's name is known.
        Property::null("userName", Kind::Text),
        Property::null("userMail", Kind::Text),
        Property::field("roleId", Kind::Role, OperationField::Role),
        Property::instead("roleName", "ask by roleId"),
        Property {
            name: "expirationDateTime",
            kind: Kind::Instant,
            filtering: Filtering::By(|term| or_where_null(OperationField::Until, &no_end(), term)),
            order: Some(OperationField::Until),
        },
        Property::field("creationDateTime", Kind::Instant, OperationField::At),
        Property {
            name: "requestorId",
            kind: Kind::Person,
            filtering: Filtering::By(|term| {
                or_where_null(OperationField::Actor, &text(event::ITSELF.0), term)
            }),
            order: None,
        },
        Property {
            name: "requestorName",
            kind: Kind::Text,
            filtering: Filtering::By(requestor_name),
            order: None,
        },
        Property::instead("tenantId", "all are of the caller's own tenant"),
        Property::words("requestType", OperationField::Kind, request_type),
        Property {
            name: "additionalInformation",
            kind: Kind::Text,
            filtering: Filtering::By(additional_information),
            order: None,
        },
        ticket("referenceKey", |term| {
            or_where_null(OperationField::TicketNumber, &text(""), term)
        }),
        ticket("referenceSystem", |term| {
            or_where_null(OperationField::TicketSystem, &text(""), term)
        }),
    ],
    kinds: &[(OperationField::Sequence, Kind::Number)],
    searched: &[],
};

/// A text that may be long, so that no place in a list is told by it.
const fn ticket(
    name: &'static str,
    condition: fn(&Term) -> Condition<OperationField>,
) -> Property<OperationField> {
    Property {
        name,
        kind: Kind::Text,
        filtering: Filtering::By(condition),
        order: None,
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn no_end() -> Value {
    Value::Instant(event::NO_END.parse().unwrap_or(Instant::MAX))
}

/// An id is looked for by the place in the log that it ends with, which has an index.
fn is(value: &Value) -> Condition<OperationField> {
    let Value::Text(text) = value else {
        return Condition::Constant(Some(false));
    };
    let sequence = text.parse::<EventId>().map(|id| i64::try_from(id.sequence));
    let Ok(Ok(sequence)) = sequence else {
        return Condition::Constant(Some(false));
    };
    let sequence = Condition::equal(OperationField::Sequence, Value::Number(sequence));
    sequence.and(Condition::equal(OperationField::Id, value.clone()))
}

fn request_type(term: &Term) -> Condition<OperationField> {
    let kinds = [
        EventKind::Assign,
        EventKind::Activate,
        EventKind::Unassign,
        EventKind::Deactivate,
    ];
    let words = kinds.map(|kind| (OperationField::kind(kind), event::request_type(kind)));
    by_words(OperationField::Kind, words.into_iter(), term)
}

/// Only Pimento itself has a name.
fn requestor_name(term: &Term) -> Condition<OperationField> {
    let itself = Condition::equal(OperationField::Actor, Value::Null);
    let others = Condition::Not(Box::new(itself.clone()));
    let of = |value: Value| Condition::Constant(term.holds(&value));
    Condition::Any(vec![
        itself.and(of(text(event::ITSELF.1))),
        others.and(of(Value::Null)),
    ])
}

/// The protocol's own remark, or else the reason.
fn additional_information(term: &Term) -> Condition<OperationField> {
    let notes = [Note::MadePermanent, Note::MadeEligible, Note::Expired];
    let mut cases: Vec<_> = notes
        .into_iter()
        .map(|note| {
            let holds = term.holds(&text(event::note_text(note)));
            Condition::equal(OperationField::Note, OperationField::note(note))
                .and(Condition::Constant(holds))
        })
        .collect();
    let reason = Condition::Field(OperationField::Reason, term.clone());
    cases.push(Condition::equal(OperationField::Note, Value::Null).and(reason));
    Condition::Any(cases)
}
