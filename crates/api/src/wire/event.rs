//! Events on the wire, in the family's own form.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pimento_domain::{Actor, EventKind, Instant, Note, Remark, TenantId};
use pimento_engine::{NamedRoles, RecordedEvent};
use serde::Serialize;
use utoipa::ToSchema;

/// What the family writes where there is no end.
pub(crate) const NO_END: &str = "0001-01-01T00:00:00Z";

/// Whom the family names where nobody asked, but a time had come.
pub(crate) const ITSELF: (&str, &str) = ("6b61baec-bb80-4a8a-b8bd-fa5ba1f12386", "Azure AD PIM");

/// What happened to whom, and who did it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PrivilegedOperationEvent)]
pub struct Event {
    /// Where the metadata describes it.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The day and a running number.
    pub id: String,
    /// To whom.
    #[schema(required)]
    pub user_id: Option<String>,
    /// Always `null`: there is no directory of users.
    #[schema(required)]
    pub user_name: Option<String>,
    /// Always `null`: there is no directory of users.
    #[schema(required)]
    pub user_mail: Option<String>,
    /// Of which role.
    #[schema(required)]
    pub role_id: Option<String>,
    /// The role's name.
    #[schema(required)]
    pub role_name: Option<String>,
    /// The end of what was activated.
    #[schema(format = DateTime)]
    pub expiration_date_time: String,
    /// When it happened.
    #[schema(format = DateTime)]
    pub creation_date_time: String,
    /// Who did it.
    pub requestor_id: String,
    /// The name of the service where it acted by itself.
    #[schema(required)]
    pub requestor_name: Option<String>,
    /// In which tenant.
    pub tenant_id: String,
    /// What happened.
    pub request_type: &'static str,
    /// Why, or the protocol's own remark.
    #[schema(required)]
    pub additional_information: Option<String>,
    /// The ticket's number, empty where there is none.
    pub reference_key: String,
    /// The system that keeps the ticket, empty where there is none.
    pub reference_system: String,
}

/// One page of events.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PrivilegedOperationEventCollection)]
pub struct Events {
    /// Where the metadata describes it.
    #[schema(format = Uri)]
    #[serde(rename = "@odata.context")]
    pub context: String,
    /// How many there are on all pages.
    #[schema(nullable = false, format = Int64)]
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// The next page.
    #[schema(nullable = false, format = Uri)]
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
    /// The events of this page.
    pub value: Vec<Event>,
}

/// An event's id: its day in eight digits and its sequence number in ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventId {
    day: u32,
    /// The place in the tenant's log.
    pub(crate) sequence: u64,
}

impl EventId {
    fn of(recorded: &RecordedEvent) -> Self {
        let date = Timestamp::from(recorded.event.at)
            .to_zoned(TimeZone::UTC)
            .date();
        let [year, month, day] = [date.year().into(), date.month().into(), date.day().into()]
            .map(|part: i32| part.unsigned_abs());
        Self {
            day: year * 10_000 + month * 100 + day,
            sequence: recorded.sequence,
        }
    }

    /// Whether this is the event's id, day included.
    pub(crate) fn names(self, recorded: &RecordedEvent) -> bool {
        self == Self::of(recorded)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}{:010}", self.day, self.sequence)
    }
}

impl FromStr for EventId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let (day, sequence) = text.split_at_checked(8).filter(|_| digits).ok_or(())?;
        let id = Self {
            day: day.parse().map_err(|_| ())?,
            sequence: sequence.parse().map_err(|_| ())?,
        };
        // One event has one id, whatever zeros one could put before its number.
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(())
        }
    }
}

impl Event {
    /// An event, at the top of an answer (with a context) or in a list (without).
    pub(crate) fn new(
        recorded: &RecordedEvent,
        tenant: &TenantId,
        roles: &NamedRoles,
        context: Option<String>,
    ) -> Self {
        let event = &recorded.event;
        let why = &event.justification;
        let text = |remark: &Option<Remark>| remark.as_ref().map(ToString::to_string);
        let (requestor_id, requestor_name) = match &event.actor {
            Actor::Principal(principal) => (principal.to_string(), None),
            // An operator's acts are no operations, so nobody is shown one.
            Actor::Pimento | Actor::Operator => (ITSELF.0.to_owned(), Some(ITSELF.1.to_owned())),
        };
        let until = event.until.filter(|_| event.kind == EventKind::Activate);
        Self {
            context,
            id: EventId::of(recorded).to_string(),
            user_id: event.principal.as_ref().map(ToString::to_string),
            user_name: None,
            user_mail: None,
            role_id: event.role.map(|role| role.to_string()),
            role_name: event
                .role
                .and_then(|id| roles.get(id))
                .map(|role| role.name.to_string()),
            expiration_date_time: until
                .map_or_else(|| NO_END.to_owned(), |until: Instant| until.to_string()),
            creation_date_time: event.at.to_string(),
            requestor_id,
            requestor_name,
            tenant_id: tenant.to_string(),
            request_type: request_type(event.kind),
            additional_information: event
                .note
                .map(|note| note_text(note).to_owned())
                .or_else(|| text(&why.reason)),
            reference_key: text(&why.ticket_number).unwrap_or_default(),
            reference_system: text(&why.ticket_system).unwrap_or_default(),
        }
    }
}

/// The family's word. Only operations are shown, and the others have none.
pub(crate) fn request_type(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Assign => "Assign",
        EventKind::Activate => "Activate",
        EventKind::Unassign => "Unassign",
        EventKind::Deactivate => "Deactivate",
        _ => "Other",
    }
}

pub(crate) fn note_text(note: Note) -> &'static str {
    match note {
        Note::MadePermanent => "Make permanent admin",
        Note::MadeEligible => "Make eligible admin",
        Note::Expired => "Expired",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_eight_digits_and_ten_and_has_one_spelling() {
        let id: EventId = "201707240003469369".parse().expect("an id");
        assert_eq!((id.day, id.sequence), (20_170_724, 3_469_369));
        assert_eq!(id.to_string(), "201707240003469369");
        for text in [
            "",
            "20170724",
            "2017072403469369",
            "2017072400003469369",
            "20170724+003469369",
            "2017072é0003469369",
            "2017072499999999999999999999",
        ] {
            assert_eq!(text.parse::<EventId>(), Err(()), "{text}");
        }
        let late: EventId = "2017072412345678901".parse().expect("more than ten digits");
        assert_eq!(late.sequence, 12_345_678_901);
    }
}
