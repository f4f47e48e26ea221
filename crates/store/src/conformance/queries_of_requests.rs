//! Cases: queries of requests select what the model selects, in its order, also where requests begin and lapse meanwhile.

use pimento_domain::{
    Approval, ApprovalState, Closing, Decision, Instant, Justification, Kind, Request, RequestId,
    RequestKind, SignedDuration, Status, Uuid, Verdict,
};

use super::dice::Dice;
use super::queries::{Pair, QUERIES, Sampled, condition, order, query};
use super::requests::pending;
use super::samples::{acme, clock, remark, write};
use crate::memory::MemoryStore;
use crate::{Change, Order, RequestField, RequestPage, RequestQuery, Store, Value};

const REMARKS: [&str; 4] = ["on call", "On call", "ärger", "100 %"];

/// How many requests there are at the most.
const REQUESTS: usize = 60;

impl Sampled for RequestField {
    fn fields() -> &'static [Self] {
        &Self::ALL
    }

    fn sample(self, dice: &mut Dice) -> Value {
        match self {
            Self::Id => Value::Text(id(dice).to_string()),
            Self::Activation => Value::Bool(dice.roll(2) == 0),
            Self::Principal | Self::Requestor => Value::Text(dice.principal().to_string()),
            Self::Role => Value::Text(dice.role().to_string()),
            Self::Grants => Self::grants(dice.pick(&[Kind::Eligible, Kind::Active])),
            Self::Requested | Self::Start | Self::End => Value::Instant(dice.instant()),
            Self::Lasting | Self::Length => {
                let hours = dice.pick(&[-1, 0, 1, 2, 3]);
                Some(SignedDuration::from_hours(hours)).into()
            }
            Self::Reason | Self::TicketNumber | Self::TicketSystem | Self::DecisionReason => {
                Value::Text(dice.pick(&REMARKS).to_owned())
            }
            Self::Status => Self::status(dice.pick(&Status::ALL)),
            Self::Approval => Self::approval(dice.pick(&ApprovalState::ALL)),
        }
    }

    fn nullable() -> &'static [Self] {
        &[
            Self::End,
            Self::Lasting,
            Self::Length,
            Self::Reason,
            Self::TicketNumber,
            Self::TicketSystem,
            Self::Approval,
            Self::DecisionReason,
        ]
    }
}

fn id(dice: &mut Dice) -> RequestId {
    RequestId::new(Uuid::from_u128(dice.roll(REQUESTS) as u128))
}

/// A request of any shape, with times around those that `instant` draws.
fn some_request(dice: &mut Dice, instant: impl Fn(&mut Dice) -> Instant) -> Request {
    let some_remark = |dice: &mut Dice| {
        let text = dice.pick(&REMARKS);
        dice.maybe(text).and_then(remark)
    };
    let justification = Justification {
        reason: some_remark(dice),
        ticket_number: some_remark(dice),
        ticket_system: some_remark(dice),
    };
    let decision = Decision {
        by: dice.principal(),
        at: instant(dice),
        verdict: dice.pick(&[Verdict::Approved, Verdict::Denied]),
        reason: some_remark(dice),
    };
    let approval = Approval {
        lapses: instant(dice),
        decision: dice.maybe(decision),
    };
    let closed = (
        instant(dice),
        dice.pick(&[Closing::Cancelled, Closing::Revoked]),
    );
    let (end, length) = (instant(dice), SignedDuration::from_hours(1));
    let (of, role, number) = (dice.principal(), dice.role(), dice.roll(REQUESTS) as u128);
    Request {
        kind: dice.pick(&[RequestKind::Assignment, RequestKind::Activation]),
        grants: dice.pick(&[Kind::Eligible, Kind::Active]),
        requestor: dice.principal(),
        requested: instant(dice),
        start: instant(dice),
        end: dice.maybe(end),
        length: dice.maybe(length),
        justification,
        approval: dice.maybe(approval),
        closed: dice.maybe(closed).filter(|_| dice.roll(2) == 0),
        recorded: dice.roll(3) == 0,
        ..pending(number, of.as_str(), role)
    }
}

impl Pair<'_> {
    async fn ask(&self, dice: &mut Dice, instant: impl Fn(&mut Dice) -> Instant) {
        let request = some_request(dice, instant);
        for store in self.stores {
            let change = Change::Request(Box::new(request.clone()));
            write(store, &acme(), vec![change]).await;
        }
    }

    async fn list_requests(&self, query: &RequestQuery) -> RequestPage {
        let [store, model] = self.stores;
        let by_store = store.list_requests(&acme(), query).await;
        let by_model = model.list_requests(&acme(), query).await;
        assert_eq!(by_store, by_model, "{query:?}");
        by_store.expect("a store that works")
    }
}

pub async fn generated_queries_of_requests_get_the_answers_that_the_model_gives(store: &dyn Store) {
    let model = MemoryStore::new(clock());
    let pair = Pair {
        stores: [store, &model],
    };
    let mut dice = Dice::new(404);
    for _ in 0..REQUESTS {
        pair.ask(&mut dice, Dice::instant).await;
    }
    let (mut some, mut none) = (0, 0);
    for number in 0..QUERIES {
        if number % 25 == 0 {
            pair.ask(&mut dice, Dice::instant).await;
        }
        if number % (QUERIES / 6) == 0 {
            pair.pass(SignedDuration::from_hours(1));
        }
        let asked: RequestQuery = query(&mut dice);
        // As whoever may see only some asks.
        let seen = dice.part_of_requests();
        let filter = dice.pick(&[asked.filter.clone(), seen.and(asked.filter.clone())]);
        let page = pair.list_requests(&RequestQuery { filter, ..asked }).await;
        *(if page.requests.is_empty() {
            &mut none
        } else {
            &mut some
        }) += 1;
    }
    assert!(QUERIES / 10 < some && QUERIES / 10 < none, "{some} {none}");
}

/// Whether what the request is chosen and ordered by is the same at all of these times, and it is wanted.
fn steady(query: &RequestQuery, request: &Request, times: &[Instant]) -> bool {
    let seen = |now: &Instant| {
        let wanted = query.filter.holds(&|field| field.value(request, *now));
        let place = query.order.position(|field| field.value(request, *now));
        (wanted == Some(true), place)
    };
    let first = seen(&times[0]);
    first.0 && times.iter().all(|now| seen(now) == first)
}

pub async fn who_pages_through_requests_while_they_begin_and_lapse_sees_each_once_unless_it_moves(
    store: &dyn Store,
) {
    let model = MemoryStore::new(clock());
    let pair = Pair {
        stores: [store, &model],
    };
    let soon = |dice: &mut Dice| {
        let minutes = dice.pick(&[-60, -1, 5, 14, 21, 40, 90]);
        let now = pair.stores[0].clock().now();
        now.plus(SignedDuration::from_mins(minutes))
    };
    let mut dice = Dice::new(405);
    for _ in 0..REQUESTS {
        pair.ask(&mut dice, soon).await;
    }
    let (mut moved, mut stayed) = (0, 0);
    for round in 0..60 {
        let order: Order<RequestField> = order(&mut dice);
        let filter = dice.part_of_requests().and(condition(&mut dice, 1));
        let mut page = RequestQuery {
            filter,
            order,
            limit: dice.pick(&[1, 2, 3, 5, 7]),
            ..RequestQuery::everything()
        };
        let before = pair.list_requests(&RequestQuery::everything()).await;
        let (mut seen, mut times) = (Vec::new(), vec![before.now]);
        loop {
            let found = pair.list_requests(&page).await;
            times.push(found.now);
            let last = found.requests.last().filter(|_| found.more);
            let place = |last: &Request| page.order.position(|field| field.value(last, found.now));
            page.after = last.map(place);
            seen.extend(found.requests);
            if page.after.is_none() {
                break;
            }
            pair.pass(SignedDuration::from_mins(7));
        }
        for request in &before.requests {
            let times_seen = seen.iter().filter(|seen| *seen == request).count();
            if steady(&page, request, &times) {
                assert_eq!(times_seen, 1, "round {round}: {request:?} by {page:?}");
                stayed += 1;
            } else {
                moved += 1;
            }
        }
        for _ in 0..9 {
            pair.ask(&mut dice, soon).await;
        }
    }
    assert!(100 < moved && 100 < stayed, "{moved} {stayed}");
}
