//! Lists are written while they are read: whatever the program answers, and however slowly it is read, its memory is bounded.

use std::path::Path;

use jiff::SignedDuration;
use pimento_domain::{
    Actor, After, Approval, Cause, Event, EventKind, Events, Grant, Instant, Justification, Kind,
    MAX_REMARK_LENGTH, Origin, PrincipalId, Remark, Request, RequestId, RequestKind, RoleId, Uuid,
};
use pimento_store::{Change, Changeset, Store};
use pimento_store_sqlite::{Purpose, SqliteStore};
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Answer, Call, DEMO_TENANT};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::batch::{BATCH, read};
use crate::dev_mode::dev::Dev;
use crate::paths::{APPROVALS, ASSIGNMENTS, EVENTS, REQUESTS};

/// All of a role that can come with what is about it.
const ROLE: &str = "roleInfo($expand=settings,summary)";

/// All that can come with an approval.
const ALL: &str =
    "roleInfo($expand=settings,summary),request($expand=roleInfo($expand=settings,summary))";

/// What a long list may take beyond a short one, in KiB: SQLite keeps 16 MiB of pages for each connection to the database.
const MORE: u64 = 24 * 1024;

/// How many clients do not read.
const CLIENTS: u64 = 30;

/// What each of them may cost, in KiB: the rows that its page is made of, and half a MiB of text that is under way.
const SHARE: u64 = 2 * 1024;

fn somebody(number: usize) -> PrincipalId {
    format!("p{number:07}").parse().unwrap()
}

fn role() -> RoleId {
    APPLICATION_ADMINISTRATOR.parse().unwrap()
}

/// As many words as a request can have.
fn wordy() -> Justification {
    let words = Remark::parse(&"x".repeat(MAX_REMARK_LENGTH)).unwrap();
    Justification {
        reason: words.clone(),
        ticket_number: words.clone(),
        ticket_system: words,
    }
}

fn held(number: usize, now: Instant) -> Change {
    let grant = Grant {
        kind: Kind::Eligible,
        start: now,
        end: None,
        origin: Origin::Administrator,
    };
    Change::Holding(somebody(number), role(), vec![grant])
}

fn asked(number: usize, now: Instant, words: &Justification) -> Change {
    let later = now.plus(SignedDuration::from_hours(24 * 365));
    Change::Request(Box::new(Request {
        id: RequestId::new(Uuid::from_u128(number as u128)),
        kind: RequestKind::Assignment,
        principal: somebody(number),
        role: role(),
        grants: Kind::Active,
        requestor: somebody(number),
        requested: now,
        start: later,
        end: None,
        length: None,
        justification: words.clone(),
        approval: Some(Approval {
            lapses: later,
            decision: None,
        }),
        closed: None,
        recorded: false,
    }))
}

fn told(number: usize, now: Instant, words: &Justification) -> Event {
    let after = After::Assignment(None);
    Event {
        principal: Some(somebody(number)),
        role: Some(role()),
        justification: words.clone(),
        ..Event::new(now, EventKind::Assign, Actor::Pimento, after)
    }
}

/// A dev server whose tenant has so many assignments, requests that wait for approval, and events besides its own.
async fn with_rows(rows: usize, words: &Justification) -> (TempDir, Dev) {
    let folder = TempDir::new().unwrap();
    Dev::on(folder.path()).await.stop().await;
    fill(folder.path(), rows, words).await;
    let dev = Dev::on(folder.path()).await;
    (folder, dev)
}

async fn fill(data: &Path, rows: usize, words: &Justification) {
    let store = SqliteStore::open(&data.join("pimento.db"), Purpose::Dev).unwrap();
    let now = store.clock().now();
    let numbers: Vec<usize> = (0..rows).collect();
    for some in numbers.chunks(1_000) {
        let each = some.iter();
        let changes = each.flat_map(|number| [held(*number, now), asked(*number, now, words)]);
        // Where there are many rows, few events: sealing them takes memory of its own.
        let few = if rows <= 1_000 { some } else { &some[..1] };
        let events = few[1..].iter().map(|number| told(*number, now, words));
        let filled = Changeset {
            tenant: DEMO_TENANT.parse().unwrap(),
            expected: Vec::new(),
            changes: changes.collect(),
            events: Events::new(events.collect(), told(some[0], now, words)),
            cause: Cause {
                operation: "create_assignment".into(),
                request: Uuid::nil(),
                client_request: None,
            },
        };
        store.commit(filled).await.unwrap();
    }
}

/// A request of ada's. Nobody judges what comes back: that takes longer than all else, and other tests do.
fn call(dev: &Dev, token: &str, method: &str, path: &str) -> Call {
    Call::new(dev.address(), method, &path.replace(' ', "%20")).bearer(token)
}

/// Reads a list to its end, and answers how many elements it has, and how many bytes its pages have.
async fn walk(dev: &Dev, token: &str, list: &str) -> (usize, usize) {
    let (mut next, mut elements, mut bytes) = (list.to_owned(), 0, 0);
    loop {
        let answer = call(dev, token, "GET", &next).send().await;
        let page = answer.expect(200);
        elements += page["value"].as_array().unwrap().len();
        bytes += answer.body.len();
        let Value::String(link) = &page["@odata.nextLink"] else {
            return (elements, bytes);
        };
        next = link.strip_prefix(&dev.url).unwrap().to_owned();
    }
}

/// The most memory that a server with so many rows has had when its lists were read to their ends, and how much was read: both
/// in KiB.
async fn walked(rows: usize) -> (u64, usize) {
    let (_folder, dev) = with_rows(rows, &Justification::default()).await;
    let token = dev.token(json!({"oid": "ada"})).await;
    let mut read = 0;
    for list in [
        format!(
            "{ASSIGNMENTS}?$top=1000&$count=true&$filter=startswith(userId,'p')&$expand={ROLE}"
        ),
        format!("{APPROVALS}?$top=1000&$count=true&$orderby=userId desc&$expand={ALL}"),
    ] {
        let (seen, bytes) = walk(&dev, &token, &list).await;
        assert_eq!(seen, rows, "{list}");
        read += bytes / 1024;
    }
    for list in [ASSIGNMENTS, REQUESTS, APPROVALS] {
        let count = format!("{list}/$count?$filter=startswith(userId,'p')");
        let counted = call(&dev, &token, "GET", &count).send().await;
        assert_eq!(counted.body, rows.to_string().as_bytes(), "{list}");
    }
    let peak = dev.program.peak_memory();
    dev.stop().await;
    (peak, read)
}

#[tokio::test]
async fn walking_a_long_list_takes_no_more_memory_than_walking_a_short_one() {
    let (short, _) = walked(1_000).await;
    let (long, read) = walked(20_000).await;
    assert!(2 * MORE < read as u64, "{read} KiB were read");
    assert!(long < short + MORE, "{short} KiB and {long} KiB");
}

/// Asks for this in a connection of its own, and reads no more of the answer than how it begins.
async fn begin_to_read(dev: &Dev, token: &str, path: &str) -> TcpStream {
    let address = dev.address();
    let socket = TcpSocket::new_v4().unwrap();
    // Else the system takes all of the page, and nobody keeps the server waiting.
    socket.set_recv_buffer_size(4096).unwrap();
    let mut client = socket.connect(address).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 1000];
    client.read_exact(&mut first).await.unwrap();
    assert!(first.starts_with(b"HTTP/1.1 200 OK\r\n"));
    client
}

#[tokio::test]
async fn clients_that_do_not_read_their_pages_take_a_bounded_share_of_memory_each() {
    let (_folder, dev) = with_rows(1_000, &wordy()).await;
    let token = dev.token(json!({"oid": "ada"})).await;
    let path = format!("{APPROVALS}?$top=1000&$count=true&$expand={ALL}");
    let page = call(&dev, &token, "GET", &path).send().await;
    let page = page.body.len() as u64 / 1024;
    assert!(SHARE < page / 3 * 2, "the page has {page} KiB");
    let before = dev.program.peak_memory();
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(begin_to_read(&dev, &token, &path).await);
    }
    let each = (dev.program.peak_memory() - before) / CLIENTS;
    assert!(each < SHARE, "{each} KiB for each client");
}

/// What stands between the brackets of a page.
fn elements(page: &Answer) -> &str {
    let text = std::str::from_utf8(&page.body).unwrap();
    let (_, elements) = text.split_once("\"value\":[").unwrap();
    elements.strip_suffix("]}").unwrap()
}

#[tokio::test]
async fn a_page_that_comes_in_chunks_is_what_pages_in_one_piece_are_together() {
    let (_folder, dev) = with_rows(1_000, &wordy()).await;
    let token = dev.token(json!({"oid": "ada"})).await;
    for list in [
        format!("{ASSIGNMENTS}?$expand={ROLE}"),
        format!(
            "{REQUESTS}?$select=id,reason,schedule/startDateTime&$expand=roleInfo($select=name)"
        ),
        format!("{APPROVALS}?$expand=request,roleInfo"),
        format!("{EVENTS}?$orderby=creationDateTime desc"),
    ] {
        let path = format!("{list}&$top=1000&$count=true");
        let whole = call(&dev, &token, "GET", &path).send().await;
        assert_eq!(whole.header("transfer-encoding"), Some("chunked"), "{list}");
        assert_eq!(whole.header("content-type"), Some("application/json"));
        let mut pieces = Vec::new();
        for skip in (0..1_000).step_by(20) {
            let piece = format!("{list}&$top=20&$skip={skip}");
            let piece = call(&dev, &token, "GET", &piece).send().await;
            assert_eq!(piece.header("transfer-encoding"), None, "{list}");
            pieces.push(elements(&piece).to_owned());
        }
        assert!(elements(&whole) == pieces.join(","), "{list}");
        let head = call(&dev, &token, "HEAD", &path).send().await;
        assert_eq!((head.status, head.header("content-length")), (200, None));
        let batch = json!({"requests": [read("1", path.strip_prefix("/beta").unwrap())]});
        let batch = call(&dev, &token, "POST", BATCH).json(&batch).send().await;
        assert!(
            batch.expect(200)["responses"][0]["body"] == whole.json(),
            "{list}"
        );
    }
}

#[tokio::test]
async fn a_page_that_comes_in_chunks_is_as_the_document_says() {
    let (_folder, dev) = with_rows(100, &wordy()).await;
    let path = format!("{APPROVALS}?$top=100&$count=true&$expand={ALL}").replace(' ', "%20");
    let page = dev.as_ada("GET", &path).await.send().await;
    assert_eq!(page.header("transfer-encoding"), Some("chunked"));
    assert_eq!(page.expect(200)["@odata.count"], 100);
}
