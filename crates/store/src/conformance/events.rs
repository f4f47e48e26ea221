//! Cases: the log of events.

use std::borrow::Cow;

use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Justification, MAX_REMARK_LENGTH,
    MAX_ROLE_NAME_LENGTH, Note, Refusal, RoleName, State, Uuid,
};

use super::rows::{all_settings, extreme_instants};
use super::samples::{acme, cause, changeset, event, hour, principal, remark, role, tenant, write};
use crate::{
    Changeset, OperationField, OperationQuery, Order, Position, RecordedEvent, Store, StoreError,
    Total, Value,
};

async fn log(store: &dyn Store) -> Vec<RecordedEvent> {
    store
        .events(&acme(), 0, usize::MAX)
        .await
        .expect("a store that works")
}

const KINDS: [EventKind; 19] = [
    EventKind::Assign,
    EventKind::Request,
    EventKind::Approve,
    EventKind::Activate,
    EventKind::Schedule,
    EventKind::Lapse,
    EventKind::Deactivate,
    EventKind::Cancel,
    EventKind::Revoke,
    EventKind::Deny,
    EventKind::ChangeSettings,
    EventKind::SignUp,
    EventKind::CompleteSetup,
    EventKind::CreateRole,
    EventKind::RenameRole,
    EventKind::RemoveRole,
    EventKind::Refuse,
    EventKind::Erase,
    EventKind::Unassign,
];

/// Every word of every closed set but the states.
fn events_of_every_word() -> Vec<Event> {
    let notes = [
        None,
        Some(Note::MadePermanent),
        Some(Note::MadeEligible),
        Some(Note::Expired),
    ];
    let mut events = vec![
        Event {
            actor: Actor::Pimento,
            ..event()
        },
        Event {
            actor: Actor::Operator,
            ..event()
        },
        Event {
            principal: None,
            role: None,
            after: After::Registered,
            ..event()
        },
        Event {
            self_grant: true,
            ..event()
        },
        Event {
            without_approval: true,
            ..event()
        },
    ];
    events.extend(KINDS.map(|kind| Event { kind, ..event() }));
    events.extend(notes.map(|note| Event { note, ..event() }));
    events
}

/// None and each part of a justification, and texts that are hard to keep.
fn events_of_every_justification() -> Vec<Event> {
    let longest = "ß".repeat(MAX_REMARK_LENGTH);
    let drop_table = "'; DROP TABLE events; --";
    let texts = [
        "x",
        " blanks ",
        "line\r\nand\ttab",
        "日本語 🌶 e\u{301}",
        drop_table,
        &longest,
    ];
    let none = Justification::default();
    let mut all = vec![
        none.clone(),
        Justification {
            reason: remark("on call"),
            ..none.clone()
        },
        Justification {
            ticket_number: remark("CHG-1"),
            ..none.clone()
        },
        Justification {
            ticket_system: remark("desk"),
            ..none
        },
    ];
    all.extend(texts.map(|text| Justification {
        reason: remark(text),
        ticket_number: remark(&format!("1{text:.400}")),
        ticket_system: remark(&format!("2{text:.400}")),
    }));
    all.into_iter()
        .map(|justification| Event {
            justification,
            ..event()
        })
        .collect()
}

/// Every state, settings of every shape, and the extremes of the calendar.
fn events_with_everything_after() -> Vec<Event> {
    let mut all: Vec<After> = all_settings().into_iter().map(After::Settings).collect();
    all.extend([None, Some(State::Permanent), Some(State::Eligible)].map(After::Assignment));
    all.extend(
        ["Night watch", "日本語 🌶", &"ß".repeat(MAX_ROLE_NAME_LENGTH)]
            .map(|name| After::Role(RoleName::parse(name).expect("a name"))),
    );
    let refused = |code: &str, times| {
        After::Refused(Refusal {
            code: code.to_owned().into(),
            times,
        })
    };
    all.extend([
        After::RoleRemoved,
        After::SetUp,
        After::Erased(1),
        After::Erased(i64::MAX.unsigned_abs()),
        refused("MfaRequired", 1),
        refused("", u32::MAX),
    ]);
    for until in extreme_instants() {
        all.push(After::Assignment(Some(State::EligibleAndActive { until })));
        all.push(After::Assignment(Some(State::Active { until })));
    }
    let mut events: Vec<Event> = all
        .into_iter()
        .map(|after| Event { after, ..event() })
        .collect();
    for instant in extreme_instants() {
        events.push(Event {
            at: instant,
            until: Some(instant),
            ..event()
        });
    }
    events
}

pub async fn events_of_every_shape_are_read_back_equal(store: &dyn Store) {
    let mut events = events_of_every_word();
    events.extend(events_of_every_justification());
    events.extend(events_with_everything_after());
    for event in &events {
        let events = Events::new(Vec::new(), event.clone());
        store
            .commit(Changeset {
                events,
                ..changeset(&acme(), vec![], vec![])
            })
            .await
            .expect("nothing was expected");
    }
    let recorded: Vec<Event> = log(store)
        .await
        .into_iter()
        .map(|recorded| recorded.event)
        .collect();
    assert_eq!(recorded, events);
}

pub async fn causes_of_every_shape_are_read_back_equal(store: &dyn Store) {
    let causes = [
        cause(),
        Cause {
            operation: Cow::Borrowed(""),
            request: Uuid::nil(),
            client_request: Some(String::new()),
        },
        Cause {
            operation: Cow::Owned("Größe".to_owned()),
            request: Uuid::max(),
            client_request: Some("a\0b 🌶".to_owned()),
        },
    ];
    for cause in &causes {
        let changeset = Changeset {
            cause: cause.clone(),
            ..changeset(&acme(), vec![], vec![])
        };
        store.commit(changeset).await.expect("nothing was expected");
    }
    let recorded: Vec<Cause> = log(store)
        .await
        .into_iter()
        .map(|recorded| recorded.cause)
        .collect();
    assert_eq!(recorded, causes);
}

pub async fn all_events_of_a_changeset_are_recorded_in_order_with_its_cause(store: &dyn Store) {
    let three = [hour(-2), hour(-1), hour(0)].map(|at| Event { at, ..event() });
    let events = Events::new(three[..2].to_vec(), three[2].clone());
    let committed = store
        .commit(Changeset {
            events,
            ..changeset(&acme(), vec![], vec![])
        })
        .await;
    assert_eq!(committed.map(|committed| committed.sequence), Ok(3));
    let expected: Vec<RecordedEvent> = (1..)
        .zip(three)
        .map(|(sequence, event)| RecordedEvent {
            sequence,
            cause: cause(),
            event,
        })
        .collect();
    assert_eq!(log(store).await, expected);
}

pub async fn sequence_numbers_are_a_tenants_own_and_have_no_gaps(store: &dyn Store) {
    let other = tenant("other");
    let stale = vec![crate::Expected::Registration(crate::Revision(77))];
    for round in 1..=3 {
        assert_eq!(write(store, &acme(), vec![]).await.sequence, round);
        let refused = store
            .commit(changeset(&acme(), stale.clone(), vec![]))
            .await;
        assert_eq!(refused, Err(StoreError::Conflict));
        let twice = Changeset {
            events: Events::new(vec![event()], event()),
            ..changeset(&other, vec![], vec![])
        };
        assert_eq!(
            store
                .commit(twice)
                .await
                .map(|committed| committed.sequence),
            Ok(round * 2)
        );
    }
    let sequences: Vec<u64> = log(store)
        .await
        .into_iter()
        .map(|recorded| recorded.sequence)
        .collect();
    assert_eq!(sequences, [1, 2, 3]);
}

pub async fn operations_are_listed_without_the_other_events(store: &dyn Store) {
    let events = KINDS.map(|kind| Event { kind, ..event() });
    let (last, before) = events.split_last().expect("there are some");
    let changeset = Changeset {
        events: Events::new(before.to_vec(), last.clone()),
        ..changeset(&acme(), Vec::new(), Vec::new())
    };
    store.commit(changeset).await.expect("nothing was expected");
    let whole = store
        .events(&acme(), 0, 99)
        .await
        .expect("a store that works");
    let shown: Vec<_> = whole
        .into_iter()
        .filter(|recorded| recorded.event.kind.is_operation())
        .collect();
    assert_eq!(shown.len(), 4);
    for limit in 1..=5 {
        let mut walked = Vec::new();
        let mut more = true;
        while more {
            let query = OperationQuery {
                after: walked.last().map(place),
                limit,
                total: Total::Count,
                ..OperationQuery::everything()
            };
            let page = store.list_operations(&acme(), &query).await;
            let page = page.expect("a store that works");
            assert_eq!(page.total, Some(4));
            assert!(page.events.len() <= limit);
            more = page.more;
            walked.extend(page.events);
        }
        assert_eq!(walked, shown);
    }
    let nowhere = OperationQuery {
        after: Some(Position(vec![Value::Number(i64::MAX)])),
        limit: 9,
        ..OperationQuery::everything()
    };
    let page = store.list_operations(&acme(), &nowhere).await;
    assert_eq!(
        page.map(|page| (page.events, page.more, page.total)),
        Ok((Vec::new(), false, None))
    );
}

fn place(last: &RecordedEvent) -> Position {
    Order::by_key().position(|field: OperationField| field.value(last))
}

pub async fn events_are_read_oldest_first_from_any_place_at_any_limit(store: &dyn Store) {
    for number in 1..=5 {
        let events = Events::new(
            Vec::new(),
            Event {
                principal: Some(principal(&format!("p{number}"))),
                role: Some(role(1)),
                ..event()
            },
        );
        store
            .commit(Changeset {
                events,
                ..changeset(&acme(), vec![], vec![])
            })
            .await
            .expect("nothing was expected");
    }
    let whole = log(store).await;
    assert_eq!(whole.len(), 5);
    for after in [0, 1, 4, 5, 6, i64::MAX as u64, u64::MAX] {
        for limit in [0, 1, 2, 5, 6, usize::MAX] {
            let expected: Vec<RecordedEvent> = whole
                .iter()
                .filter(|recorded| after < recorded.sequence)
                .take(limit)
                .cloned()
                .collect();
            assert_eq!(
                store.events(&acme(), after, limit).await,
                Ok(expected),
                "after {after}, limit {limit}"
            );
        }
    }
}
