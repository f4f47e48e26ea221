//! How long a page of a long list takes, wherever in the list it is: `cargo bench -p pimento-testkit --bench lists`.
//!
//! For each query it prints how long the first page takes, and how many times as long one in the middle and one at the
//! end do, all in one run. Pages have ten elements, so with the 100,000 rows that each list has the last one is page
//! 10,000; `PIMENTO_ROWS` asks for another number.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may stop at the first surprise"
)]

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use pimento_domain::{
    self as domain, Actor, After, Approval, Cause, Event, EventKind, Events, Grant, Justification,
    Kind, Origin, PrincipalId, Request, RequestId, RequestKind, RoleId, Uuid,
};
use pimento_store::{Change, Changeset, Store};
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{DEMO_TENANT, Person, TestServer};

/// Each list, and what is asked of it.
const QUERIES: [(&str, &[&str]); 4] = [
    (
        "privilegedRoleAssignments",
        &[
            "",
            "&$filter=isElevated eq true",
            "&$filter=startswith(userId,'p')",
            "&$orderby=expirationDateTime desc",
            "&$orderby=isElevated,userId desc",
            "&$expand=roleInfo",
        ],
    ),
    (
        "privilegedOperationEvents",
        &[
            "",
            "&$filter=requestType eq 'Assign'",
            "&$orderby=creationDateTime",
            "&$orderby=userId desc",
        ],
    ),
    (
        "privilegedRoleAssignmentRequests",
        &[
            "",
            "&$filter=status eq 'RequestedApproval'",
            "&$orderby=requestedDateTime",
            "&$orderby=userId desc",
        ],
    ),
    ("privilegedApproval", &["", "&$orderby=startDateTime desc"]),
];

/// Elements of a page.
const PAGE: usize = 10;

/// How often each page is read; the middle of those times counts.
const ROUNDS: usize = 41;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let rows = std::env::var("PIMENTO_ROWS").map_or(100_000, |rows| rows.parse().unwrap());
    let (server, store) = TestServer::dev_with_store().await;
    fill(&*store, rows).await;
    let ada = server.person("ada").await;
    println!("{rows} rows in each list; the first page, and how many times as long others take");
    for (list, queries) in QUERIES {
        for query in queries {
            let first = format!("/beta/{list}?$top={PAGE}{query}").replace(' ', "%20");
            let reference = time(&ada, &first).await;
            let mut line = format!("{list:33}{query:40}{reference:>9.2?}");
            let counted = ada.get(&format!("{first}&$count=true")).await.expect(200);
            let all = usize::try_from(counted["@odata.count"].as_u64().unwrap()).unwrap();
            for (name, before) in [("middle", all / 2), ("last", all - 3 * PAGE)] {
                let there = next(&ada, &format!("{first}&$skip={before}")).await;
                let times = time(&ada, &there).await.as_secs_f64() / reference.as_secs_f64();
                line += &format!("  {name} x{times:.2}");
            }
            println!("{line}");
        }
    }
}

/// The page after this one.
async fn next(ada: &Person<'_>, page: &str) -> String {
    let page = ada.get(page).await.expect(200);
    let link = page["@odata.nextLink"].as_str().unwrap();
    let (_, path) = link.split_once("/beta/").unwrap();
    format!("/beta/{path}")
}

async fn time(ada: &Person<'_>, page: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        ada.get(page).await.expect(200);
        times.push(begin.elapsed());
    }
    times.sort();
    times[ROUNDS / 2]
}

/// Gives so many people a role, has as many requests wait for approval, and tells of all that.
async fn fill(store: &dyn Store, rows: usize) {
    let now = store.clock().now();
    let numbers: Vec<usize> = (0..rows).collect();
    for some in numbers.chunks(1000) {
        let changes = some
            .iter()
            .flat_map(|number| [held(*number, now), asked(*number, now)]);
        let changes = changes.collect();
        let mut events: Vec<_> = some.iter().map(|number| told(*number, now)).collect();
        let last = events.pop().unwrap();
        let changeset = Changeset {
            tenant: DEMO_TENANT.parse().unwrap(),
            expected: Vec::new(),
            changes,
            events: Events::new(events, last),
            cause: Cause {
                operation: "create_assignment".into(),
                request: Uuid::nil(),
                client_request: None,
            },
        };
        store.commit(changeset).await.unwrap();
    }
}

fn role() -> RoleId {
    APPLICATION_ADMINISTRATOR.parse().unwrap()
}

fn person(number: usize) -> PrincipalId {
    format!("p{number:07}").parse().unwrap()
}

/// Some end at the same instant, a year and more from now.
fn end(number: usize, now: domain::Instant) -> domain::Instant {
    let minutes = i64::try_from(number % 50_000).unwrap();
    now.plus(SignedDuration::from_mins(600_000 + minutes))
}

fn held(number: usize, now: domain::Instant) -> Change {
    let kind = match number % 4 {
        0 => Kind::Eligible,
        _ => Kind::Active,
    };
    let grant = Grant {
        kind,
        start: now,
        end: Some(end(number, now)),
        origin: Origin::Administrator,
    };
    Change::Holding(person(number), role(), vec![grant])
}

fn asked(number: usize, now: domain::Instant) -> Change {
    // Multiplied by an odd number, ids are all different and in no order.
    let id = (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Change::Request(Box::new(Request {
        id: RequestId::new(Uuid::from_u128(id)),
        kind: RequestKind::Assignment,
        principal: person(number),
        role: role(),
        grants: Kind::Active,
        requestor: person(number),
        requested: now,
        start: end(number, now),
        end: None,
        length: None,
        justification: Justification::default(),
        approval: Some(Approval {
            lapses: end(number, now),
            decision: None,
        }),
        closed: None,
        recorded: false,
    }))
}

fn told(number: usize, now: domain::Instant) -> Event {
    Event {
        at: now,
        kind: EventKind::Assign,
        actor: Actor::Pimento,
        principal: Some(person(number)),
        role: Some(role()),
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after: After::Assignment(None),
    }
}
