//! Cases: queries of operations select what the model selects, in its order.

use pimento_domain::{Actor, Event, EventKind, Events, Justification, Note, SignedDuration};

use super::dice::Dice;
use super::queries::{QUERIES, Sampled, query};
use super::samples::{acme, changeset, clock, event, hour, now, remark, tenant};
use crate::memory::MemoryStore;
use crate::{Changeset, OperationField, OperationQuery, Store, Value};

const REMARKS: [&str; 4] = ["on call", "On call", "ärger", "100 %"];

const KINDS: [EventKind; 6] = [
    EventKind::Assign,
    EventKind::Activate,
    EventKind::Unassign,
    EventKind::Deactivate,
    EventKind::Request,
    EventKind::ChangeSettings,
];

const NOTES: [Note; 3] = [Note::MadePermanent, Note::MadeEligible, Note::Expired];

impl Sampled for OperationField {
    fn fields() -> &'static [Self] {
        &Self::ALL
    }

    fn sample(self, dice: &mut Dice) -> Value {
        let number = dice.roll(80);
        match self {
            Self::Sequence => Value::Number(number as i64),
            Self::Id => Value::Text(format!("2026010{}{number:010}", dice.roll(3))),
            Self::At | Self::Until => Value::Instant(dice.instant()),
            Self::Kind => Self::kind(dice.pick(&KINDS[..4])),
            Self::Principal | Self::Actor => Value::Text(dice.principal().to_string()),
            Self::Role => Value::Text(dice.role().to_string()),
            Self::Note => Self::note(dice.pick(&NOTES)),
            Self::Reason | Self::TicketNumber | Self::TicketSystem => {
                Value::Text(dice.pick(&REMARKS).to_owned())
            }
        }
    }

    fn nullable() -> &'static [Self] {
        &[
            Self::Principal,
            Self::Role,
            Self::Actor,
            Self::Until,
            Self::Note,
            Self::Reason,
            Self::TicketNumber,
            Self::TicketSystem,
        ]
    }
}

/// An event with something in each field or nothing.
fn some_event(dice: &mut Dice) -> Event {
    let (principal, role, until, note) = (
        dice.principal(),
        dice.role(),
        dice.instant(),
        dice.pick(&NOTES),
    );
    let actor = Actor::Principal(dice.principal());
    let mut some_remark = || {
        let text = dice.pick(&REMARKS);
        dice.maybe(text).and_then(remark)
    };
    let justification = Justification {
        reason: some_remark(),
        ticket_number: some_remark(),
        ticket_system: some_remark(),
    };
    Event {
        at: dice
            .instant()
            .plus(SignedDuration::from_micros(dice.roll(3) as i64)),
        kind: dice.pick(&KINDS),
        actor: dice.pick(&[actor.clone(), actor, Actor::Pimento, Actor::Operator]),
        principal: dice.maybe(principal),
        role: dice.maybe(role),
        until: dice.maybe(until),
        note: dice.maybe(note),
        justification,
        ..event()
    }
}

pub async fn generated_queries_of_operations_get_the_answers_that_the_model_gives(
    store: &dyn Store,
) {
    let model = MemoryStore::new(clock());
    let mut dice = Dice::new(403);
    let mut events: Vec<Event> = (0..60).map(|_| some_event(&mut dice)).collect();
    // One from before the times in which seconds are counted, and one of another tenant.
    events.push(Event {
        at: now().plus(hour(0).since(hour(24 * 366 * 60))),
        ..event()
    });
    for (of, events) in [(acme(), events), (tenant("Acme"), vec![event()])] {
        let changeset = Changeset {
            events: Events::new(events, event()),
            ..changeset(&of, Vec::new(), Vec::new())
        };
        for store in [store, &model] {
            let committed = store.commit(changeset.clone()).await;
            committed.expect("nothing was expected");
        }
    }
    let (mut some, mut none) = (0, 0);
    for _ in 0..QUERIES {
        let query: OperationQuery = query(&mut dice);
        let by_store = store.list_operations(&acme(), &query).await;
        assert_eq!(
            by_store,
            model.list_operations(&acme(), &query).await,
            "{query:?}"
        );
        let found = by_store.expect("a store that works").events.len();
        *(if found == 0 { &mut none } else { &mut some }) += 1;
    }
    assert!(QUERIES / 10 < some && QUERIES / 10 < none, "{some} {none}");
}
