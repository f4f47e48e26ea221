//! Requests as options see them.

use pimento_domain::{Kind as Grant, RequestKind, Status};
use pimento_store::{Comparison, Condition, RequestField, Term, Value};

use super::entity::by_words;
use super::{Entity, Filtering, Kind, Property};
use crate::wire::{lengths_shown_as, request};

/// privilegedRoleAssignmentRequest.
pub(crate) static REQUESTS: Entity<RequestField> = Entity {
    name: "privilegedRoleAssignmentRequest",
    properties: &[
        Property::field("id", Kind::Request, RequestField::Id),
        Property::field("userId", Kind::Person, RequestField::Principal),
        Property::field("roleId", Kind::Role, RequestField::Role),
        Property::words("type", RequestField::Activation, |term| {
            by_kind(request::kind, term)
        }),
        Property::words("assignmentState", RequestField::Grants, assignment_state),
        Property::words("status", RequestField::Status, status),
        Property::field("requestedDateTime", Kind::Instant, RequestField::Requested),
        Property::instead(
            "schedule",
            "ask by one of its members, such as schedule/startDateTime",
        ),
        Property {
            // The words stand the other way round than those of `type`, by which lists can be ordered.
            order: None,
            ..Property::words("schedule/type", RequestField::Activation, |term| {
                by_kind(request::schedule_kind, term)
            })
        },
        Property::field("schedule/startDateTime", Kind::Instant, RequestField::Start),
        Property::field("schedule/endDateTime", Kind::Instant, RequestField::End),
        Property::field("schedule/duration", Kind::Duration, RequestField::Length),
        Property {
            name: "duration",
            kind: Kind::Text,
            filtering: Filtering::Whole {
                is: lasts,
                otherwise: &Filtering::Instead(
                    "it is a text, of which eq, ne and in alone are known; ask by schedule/startDateTime and schedule/endDateTime",
                ),
            },
            order: None,
        },
        Property::unordered("reason", Kind::Text, RequestField::Reason),
        Property::unordered("ticketNumber", Kind::Text, RequestField::TicketNumber),
        Property::unordered("ticketSystem", Kind::Text, RequestField::TicketSystem),
        // Only the answer that judges one has it.
        Property::null("evaluateOnly", Kind::Boolean),
    ],
    kinds: &[
        (RequestField::Id, Kind::Request),
        (RequestField::Activation, Kind::Boolean),
    ],
    searched: &[],
};

fn by_kind(word: fn(RequestKind) -> &'static str, term: &Term) -> Condition<RequestField> {
    let kinds = [RequestKind::Assignment, RequestKind::Activation];
    let words = kinds.map(|kind| (Value::Bool(kind == RequestKind::Activation), word(kind)));
    by_words(RequestField::Activation, words.into_iter(), term)
}

fn assignment_state(term: &Term) -> Condition<RequestField> {
    let words = [Grant::Eligible, Grant::Active]
        .map(|kind| (RequestField::grants(kind), request::assignment_state(kind)));
    by_words(RequestField::Grants, words.into_iter(), term)
}

fn status(term: &Term) -> Condition<RequestField> {
    let words = Status::ALL.map(|status| (RequestField::status(status), request::status(status)));
    by_words(RequestField::Status, words.into_iter(), term)
}

/// A number of hours is looked for by the lengths that are shown as it.
fn lasts(value: &Value) -> Condition<RequestField> {
    let Value::Text(text) = value else {
        return Condition::equal(RequestField::Lasting, value.clone());
    };
    let Some([least, most]) = lengths_shown_as(text) else {
        return Condition::Constant(Some(false));
    };
    let bound = |comparison, length| {
        let length = Value::from(Some(length));
        Condition::Field(RequestField::Lasting, Term::Compare(comparison, length))
    };
    let is_never = Condition::equal(RequestField::Lasting, Value::Null);
    Condition::All(vec![
        Condition::Not(Box::new(is_never)),
        bound(Comparison::GreaterOrEqual, least),
        bound(Comparison::LessOrEqual, most),
    ])
}
