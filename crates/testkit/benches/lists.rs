//! How long a page of a long list takes, wherever in the list it is: `cargo bench -p pimento-testkit --bench lists`.
//!
//! For each query it prints how long the first page takes, and how many times as long that is as the first page of the list
//! without any options; then, how many times as long as the first page it takes with `$count=true`, which every page of it
//! does, as links repeat it; and how many times as long a page in the middle and one at the end take. All of that is of one
//! run. Pages have ten elements, so with the 100,000 rows that each list has the last one is page 10,000; `PIMENTO_ROWS`
//! asks for another number.

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

/// Each list, and what is asked of it. One row in a thousand is of Reports Reader; nobody has a tilde in their id, so a filter that
/// looks for one looks at all rows.
const QUERIES: [(&str, &[&str]); 4] = [
    (
        "privilegedRoleAssignments",
        &[
            "",
            "&$filter=isElevated eq true",
            "&$filter=startswith(userId,'p')",
            "&$filter=userId eq 'p0000500'",
            "&$filter=roleId eq '4a5d8f65-41da-4de4-8968-e035b65339cf'",
            "&$filter=contains(userId,'~')",
            "&$filter=contains(id,'~')",
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
            "&$filter=userId eq 'p0000500'",
            "&$filter=roleId eq '4a5d8f65-41da-4de4-8968-e035b65339cf'",
            "&$filter=creationDateTime ge 2020-01-01",
            "&$filter=contains(userId,'~')",
            "&$filter=contains(id,'~')",
            "&$orderby=creationDateTime",
            "&$orderby=creationDateTime desc",
            "&$orderby=userId desc",
        ],
    ),
    (
        "privilegedRoleAssignmentRequests",
        &[
            "",
            "&$filter=status eq 'RequestedApproval'",
            "&$filter=userId eq 'p0000500'",
            "&$filter=roleId eq '4a5d8f65-41da-4de4-8968-e035b65339cf'",
            "&$filter=contains(userId,'~')",
            "&$orderby=requestedDateTime",
            "&$orderby=userId desc",
        ],
    ),
    (
        "privilegedApproval",
        &[
            "",
            "&$filter=approvalState eq 'pending'",
            "&$filter=userId eq 'p0000500'",
            "&$orderby=startDateTime desc",
        ],
    ),
];

const REPORTS_READER: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";

/// Elements of a page.
const PAGE: usize = 10;

/// How often each page is read at the most; the middle of those times counts.
const ROUNDS: usize = 41;

/// How long a page is read again and again, which is less often where it takes long.
const PATIENCE: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let rows = std::env::var("PIMENTO_ROWS").map_or(100_000, |rows| rows.parse().unwrap());
    let (server, store) = TestServer::dev_with_store().await;
    fill(&*store, rows).await;
    let ada = server.person("ada").await;
    println!(
        "{rows} rows in each list; how long the first page takes, and how many times as long others do"
    );
    for (list, queries) in QUERIES {
        let plain = format!("/beta/{list}?$top={PAGE}");
        let reference = time(&ada, &plain).await;
        for query in queries {
            let first = format!("{plain}{query}").replace(' ', "%20");
            let line = measure(&ada, &first, reference).await;
            println!("{list:33}{query:68}{line}");
        }
    }
}

/// What a page of a query takes, beside the reference.
async fn measure(ada: &Person<'_>, first: &str, reference: Duration) -> String {
    let times = |time: Duration, of: Duration| time.as_secs_f64() / of.as_secs_f64();
    let found = time(ada, first).await;
    let mut line = format!("{found:>9.2?}  of plain x{:<8.2}", times(found, reference));
    let counted = format!("{first}&$count=true");
    let with_count = times(time(ada, &counted).await, found);
    line += &format!("counted x{with_count:<8.2}");
    let counted = ada.get(&counted).await.expect(200);
    let all = usize::try_from(counted["@odata.count"].as_u64().unwrap()).unwrap();
    if all < 4 * PAGE {
        return line;
    }
    for (name, before) in [("middle", all / 2), ("last", all - 3 * PAGE)] {
        let there = next(ada, &format!("{first}&$skip={before}")).await;
        line += &format!("{name} x{:<7.2}", times(time(ada, &there).await, found));
    }
    line
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
    let all = Instant::now();
    while times.len() < ROUNDS && (all.elapsed() < PATIENCE || times.is_empty()) {
        let begin = Instant::now();
        ada.get(page).await.expect(200);
        times.push(begin.elapsed());
    }
    times.sort();
    times[times.len() / 2]
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

/// One in a thousand is about another role.
fn role(number: usize) -> RoleId {
    let role = if number % 1000 == 500 {
        REPORTS_READER
    } else {
        APPLICATION_ADMINISTRATOR
    };
    role.parse().unwrap()
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
    Change::Holding(person(number), role(number), vec![grant])
}

fn asked(number: usize, now: domain::Instant) -> Change {
    // Multiplied by an odd number, ids are all different and in no order.
    let id = (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Change::Request(Box::new(Request {
        id: RequestId::new(Uuid::from_u128(id)),
        kind: RequestKind::Assignment,
        principal: person(number),
        role: role(number),
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
        role: Some(role(number)),
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after: After::Assignment(None),
    }
}
