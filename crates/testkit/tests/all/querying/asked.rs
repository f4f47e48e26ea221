//! Requests and approvals, queried: each answer is what a look at all of them would have picked.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::{each, target};
use crate::paths::{APPROVALS, ASSIGNMENTS, REQUESTS, approval, assignment, request, settings};

const ROLE: &str = APPLICATION_ADMINISTRATOR;

/// Who asks, when they want it to begin in minutes, and what becomes of it.
const ASKED: &[(&str, i64, &str)] = &[
    ("granted", 0, "approved"),
    ("denied", 0, "denied"),
    ("late", 600, "approved"),
    ("taken", 600, "approved"),
    ("gone", 0, ""),
    ("back", 0, ""),
    ("waits", 0, ""),
];

/// A server whose clock stands still, where a request has come to each end that there is; and somebody who may read all.
pub(super) async fn furnish(server: &TestServer) -> (Timestamp, Person<'_>) {
    let start = server.freeze().await;
    let ada = server.person("ada").await;
    let lapsed = ("lapsed", 0, "");
    for (who, ..) in ASKED.iter().chain([&lapsed]) {
        let new = json!({"userId": who, "roleId": ROLE, "isElevated": false});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    let demand = json!({"approvalOnElevation": true, "approverIds": ["zoe"]});
    ada.send("PATCH", &settings(ROLE), &demand)
        .await
        .expect(204);
    ask(server, start, &lapsed).await;
    server.advance("P2D").await;
    let mut now = start + SignedDuration::from_hours(48);
    for asked in ASKED {
        server.advance("PT1M").await;
        now += SignedDuration::from_mins(1);
        ask(server, now, asked).await;
    }
    let ada = server.person("ada").await;
    for who in ["taken", "gone"] {
        ada.delete(&assignment(who, ROLE)).await.expect(204);
    }
    let back = server.person("back").await;
    let own = back.get(REQUESTS).await.expect(200)["value"][0]["id"].clone();
    let cancel = format!("{}/cancel", request(own.as_str().unwrap()));
    back.post(&cancel).await.expect(200);
    let begin = (now + SignedDuration::from_hours(20)).to_string();
    for (user, state, more) in [
        (
            "dana",
            "Eligible",
            json!({"ticketNumber": "INC-7", "ticketSystem": "Desk", "reason": "It's 100 %"}),
        ),
        (
            "dora",
            "Active",
            json!({"duration": "2.5", "reason": "on call", "schedule": {"startDateTime": begin}}),
        ),
    ] {
        let mut new = json!({"userId": user, "roleId": USER_ADMINISTRATOR, "type": "AdminAdd", "assignmentState": state});
        new.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        ada.send("POST", REQUESTS, &new).await.expect(201);
    }
    (now, ada)
}

/// Asks for an activation, and has zoe decide.
async fn ask(server: &TestServer, now: Timestamp, (who, minutes, verdict): &(&str, i64, &str)) {
    let person = server.person(who).await;
    let begin = (now + SignedDuration::from_mins(*minutes)).to_string();
    let new = json!({
        "roleId": ROLE, "type": "UserAdd", "assignmentState": "Active", "reason": format!("{who} asks"),
        "schedule": {"startDateTime": begin}, "duration": if *minutes == 0 { "1" } else { "0.5" },
    });
    let made = person.send("POST", REQUESTS, &new).await.expect(201);
    if !verdict.is_empty() {
        let zoe = server.person("zoe").await;
        let decision = json!({"approvalState": verdict, "approverReason": "As agreed"});
        let path = approval(made["id"].as_str().unwrap());
        zoe.send("PATCH", &path, &decision).await.expect(204);
    }
}

async fn whole(ada: &Person<'_>, list: &str) -> Vec<Value> {
    let page = ada.get(&format!("{list}?$top=1000")).await.expect(200);
    page["value"].as_array().unwrap().clone()
}

/// What one element has to be for a filter to pick it.
type Picks = Box<dyn Fn(&Value) -> bool>;

/// The member with this path.
fn member<'a>(of: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(of, |of, name| &of[name])
}

fn is(path: &'static str, values: &'static [&'static str]) -> Picks {
    Box::new(move |of| values.iter().any(|value| member(of, path) == value))
}

fn null(path: &'static str) -> Picks {
    Box::new(move |of| member(of, path).is_null())
}

fn not(picks: Picks) -> Picks {
    Box::new(move |of| !picks(of))
}

/// Texts that have something; moments and ids order as their texts do.
fn text(path: &'static str, has: impl Fn(&str) -> bool + 'static) -> Picks {
    Box::new(move |of| member(of, path).as_str().is_some_and(&has))
}

fn nothing() -> Picks {
    Box::new(|_| false)
}

/// Filters of requests by what closed sets have, with what they pick.
fn of_words() -> Vec<(String, Picks)> {
    let filter = |filter: &str, picks| (filter.to_owned(), picks);
    let mut all: Vec<(String, Picks)> = STATUSES
        .iter()
        .map(|status| {
            let picks: Picks = Box::new(move |of: &Value| of["status"] == *status);
            (format!("status eq '{status}'"), picks)
        })
        .collect();
    all.extend([
        filter(
            "status in ('Scheduled','RequestedApproval')",
            is("status", &["Scheduled", "RequestedApproval"]),
        ),
        filter(
            "status in ('Revoked','Completed','Approved')",
            is("status", &["Revoked", "Completed"]),
        ),
        filter("status ne 'Completed'", not(is("status", &["Completed"]))),
        filter(
            "startswith(status,'Approval')",
            text("status", |status| status.starts_with("Approval")),
        ),
        filter(
            "status gt 'RequestExpired'",
            text("status", |status| "RequestExpired" < status),
        ),
        filter("status eq 'completed' or status eq null", nothing()),
        filter("not (status lt null)", nothing()),
        filter("type eq 'AdminAdd'", is("type", &["AdminAdd"])),
        filter("TYPE ne 'AdminAdd'", is("type", &["UserAdd"])),
        filter("schedule/type eq 'activation'", is("type", &["UserAdd"])),
        filter("endswith(Schedule/Type,'ment')", is("type", &["AdminAdd"])),
        filter(
            "assignmentState eq 'Eligible'",
            is("assignmentState", &["Eligible"]),
        ),
        filter(
            "assignmentState in ('Active')",
            is("assignmentState", &["Active"]),
        ),
    ]);
    all
}

const STATUSES: [&str; 8] = [
    "RequestedApproval",
    "Scheduled",
    "Completed",
    "ApprovalDenied",
    "ApprovalAborted",
    "Cancelled",
    "Revoked",
    "RequestExpired",
];

/// Filters of requests by lengths and texts.
fn of_lengths_and_texts() -> Vec<(String, Picks)> {
    let filter = |filter: &str, picks| (filter.to_owned(), picks);
    vec![
        filter("duration eq '1'", is("duration", &["1"])),
        filter("duration ne '0.5'", not(is("duration", &["0.5"]))),
        filter(
            "duration in ('2.5','1',null)",
            not(is("duration", &["0.5"])),
        ),
        filter("duration eq '1.0' or duration eq 'PT1H'", nothing()),
        filter("duration eq null", null("duration")),
        filter(
            "schedule/duration eq duration'PT30M'",
            is("schedule/duration", &["PT30M"]),
        ),
        filter(
            "schedule/duration gt duration'PT59M59.999999S'",
            is("schedule/duration", &["PT1H", "PT2H30M"]),
        ),
        filter("schedule/duration eq null", null("schedule/duration")),
        filter("schedule/endDateTime eq null", null("schedule/endDateTime")),
        filter(
            "contains(reason,'''s 100 %')",
            is("reason", &["It's 100 %"]),
        ),
        filter(
            "endswith(reason,' asks') and reason ne 'denied asks'",
            text("reason", |reason| {
                reason.ends_with(" asks") && reason != "denied asks"
            }),
        ),
        filter("ticketNumber eq 'INC-7'", is("ticketNumber", &["INC-7"])),
        filter("ticketSystem ne null", is("ticketSystem", &["Desk"])),
        filter("evaluateOnly eq true", nothing()),
        filter(
            "userId in ('waits','dora','nobody') or userId eq 'waits'",
            is("userId", &["waits", "dora"]),
        ),
        filter(
            "userId in ('waits','dora') and (type eq 'AdminAdd' or status eq 'Completed')",
            is("userId", &["dora"]),
        ),
        filter(
            "roleId eq fe930be7-5e62-47db-91af-98c3a49a38b1",
            is("roleId", &["fe930be7-5e62-47db-91af-98c3a49a38b1"]),
        ),
    ]
}

/// Filters of requests by this one's id and moments.
fn of_one(one: &Value) -> Vec<(String, Picks)> {
    let of = |path: &str| member(one, path).as_str().unwrap().to_owned();
    let (id, asked, begins) = (
        of("id"),
        of("requestedDateTime"),
        of("schedule/startDateTime"),
    );
    let (same, other) = (id.clone(), id.clone());
    let (from, after) = (asked.clone(), begins.clone());
    vec![
        (
            format!("id eq '{}'", id.to_uppercase()),
            text("id", move |id| id == same),
        ),
        (
            format!("not (id in ({id}))"),
            text("id", move |id| id != other),
        ),
        (
            format!("requestedDateTime ge {asked}"),
            text("requestedDateTime", move |at| from.as_str() <= at),
        ),
        (
            format!("requestedDateTime ge {asked} and requestedDateTime le {asked}"),
            text("requestedDateTime", move |at| at == asked),
        ),
        (
            format!("schedule/startDateTime gt {begins}"),
            text("schedule/startDateTime", move |at| after.as_str() < at),
        ),
    ]
}

async fn picks_what_a_look_would(ada: &Person<'_>, list: &str, filters: Vec<(String, Picks)>) {
    let all = whole(ada, list).await;
    for (filter, picks) in filters {
        let expected: Vec<&Value> = all.iter().filter(|one| picks(one)).collect();
        let query = format!("$filter={filter}&$top=1000&$count=true");
        let page = ada.get(&target(list, &query)).await.expect(200);
        let found: Vec<&Value> = page["value"].as_array().unwrap().iter().collect();
        assert_eq!(found, expected, "{filter}");
        assert_eq!(page["@odata.count"], expected.len(), "{filter}");
    }
}

#[tokio::test]
async fn a_filter_picks_what_a_look_at_all_requests_would() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let all = whole(&ada, REQUESTS).await;
    let statuses: BTreeSet<_> = all
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, BTreeSet::from(STATUSES));
    for filters in [of_words(), of_lengths_and_texts(), of_one(&all[4])] {
        picks_what_a_look_would(&ada, REQUESTS, filters).await;
    }
}

#[tokio::test]
async fn a_filter_picks_what_a_look_at_all_approvals_would() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let begins = whole(&ada, APPROVALS).await[2]["startDateTime"]
        .as_str()
        .unwrap()
        .to_owned();
    let filter = |filter: &str, picks| (filter.to_owned(), picks);
    let state = |state: &'static [&'static str]| is("approvalState", state);
    let filters = vec![
        filter("approvalState eq 'pending'", state(&["pending"])),
        filter("approvalState eq 'approved'", state(&["approved"])),
        filter(
            "approvalState in ('denied','canceled')",
            state(&["denied", "canceled"]),
        ),
        filter("approvalState eq 'aborted'", state(&["aborted"])),
        filter("approvalState ne 'pending'", not(state(&["pending"]))),
        filter(
            "approvalState eq 'Pending' or approvalState eq null",
            nothing(),
        ),
        filter(
            "approvalType eq null and not (approvalType ne null)",
            not(nothing()),
        ),
        filter(
            "approvalDuration lt duration'PT1H'",
            is("approvalDuration", &["PT30M"]),
        ),
        filter("approverReason eq 'As agreed'", not(null("approverReason"))),
        filter("approverReason eq null", null("approverReason")),
        filter("startswith(requestorReason,'wa')", is("userId", &["waits"])),
        filter("userId eq 'gone'", is("userId", &["gone"])),
        filter("endDateTime eq null", nothing()),
        (
            format!("startDateTime le {begins}"),
            text("startDateTime", move |at| at <= begins.as_str()),
        ),
    ];
    picks_what_a_look_would(&ada, APPROVALS, filters).await;
}

/// The ids that these pages have together, page by page.
async fn followed(server: &TestServer, reader: &Person<'_>, first: &str) -> Vec<String> {
    let (mut ids, mut next): (Vec<String>, _) = (Vec::new(), first.to_owned());
    loop {
        let page = reader.get(&next).await.expect(200);
        ids.extend(each(&page, "id").into_iter().map(str::to_owned));
        let Some(link) = page["@odata.nextLink"].as_str() else {
            return ids;
        };
        next = link.strip_prefix(&server.url()).unwrap().to_owned();
    }
}

/// The order of two values of one kind: null comes first, and lengths go by how long they are.
fn order(one: &Value, other: &Value) -> std::cmp::Ordering {
    let key = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        let length = text
            .as_ref()
            .and_then(|text| text.parse::<SignedDuration>().ok());
        (text.is_some(), length, text.filter(|_| length.is_none()))
    };
    key(one).cmp(&key(other))
}

#[tokio::test]
async fn requests_and_approvals_are_ordered_by_each_of_their_members_page_by_page() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    for (list, members) in [
        (
            REQUESTS,
            &[
                "id",
                "userId",
                "roleId",
                "type",
                "assignmentState",
                "status",
                "requestedDateTime",
                "schedule/startDateTime",
                "schedule/endDateTime",
                "schedule/duration",
            ][..],
        ),
        (
            APPROVALS,
            &[
                "id",
                "userId",
                "roleId",
                "approvalState",
                "approvalDuration",
                "startDateTime",
                "endDateTime",
            ],
        ),
    ] {
        let all = whole(&ada, list).await;
        for path in members {
            let mut expected = all.clone();
            expected.sort_by(|one, other| {
                order(member(one, path), member(other, path)).then(order(&one["id"], &other["id"]))
            });
            let ids = |all: &[Value]| -> Vec<String> {
                let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
                all.iter().map(id).collect()
            };
            for top in [1, 4] {
                let first = target(list, &format!("$orderby={path}&$top={top}&$select=id"));
                assert_eq!(
                    followed(&server, &ada, &first).await,
                    ids(&expected),
                    "{path}"
                );
            }
            expected.reverse();
            let first = target(list, &format!("$orderby={path} desc&$top=3&$skip=2"));
            assert_eq!(
                followed(&server, &ada, &first).await,
                ids(&expected)[2..],
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn what_lapses_or_begins_while_a_client_pages_does_so_at_its_instant() {
    let server = TestServer::dev().await;
    let (now, ada) = furnish(&server).await;
    let found = async |list: &str, filter: &str| {
        let page = ada
            .get(&target(list, &format!("$filter={filter}&$top=1")))
            .await;
        let page = page.expect(200);
        each(&page, "userId").join(" ")
    };
    let scheduled = "status eq 'Scheduled' and userId eq 'late'";
    let completed = "status eq 'Completed' and userId eq 'late'";
    let (pending, aborted) = (
        "approvalState eq 'pending'",
        "approvalState eq 'aborted' and userId eq 'waits'",
    );
    assert_eq!(found(APPROVALS, pending).await, "waits");
    let late = ada
        .get(&target(REQUESTS, "$filter=userId eq 'late'"))
        .await
        .expect(200);
    let begins = late["value"][0]["schedule"]["startDateTime"]
        .as_str()
        .unwrap();
    let until = begins.parse::<Timestamp>().unwrap().duration_since(now);
    let micro = SignedDuration::from_micros(1);
    server.advance(&(until - micro).to_string()).await;
    assert_eq!(
        [
            found(REQUESTS, scheduled).await,
            found(REQUESTS, completed).await
        ],
        ["late", ""]
    );
    server.advance(&micro.to_string()).await;
    assert_eq!(
        [
            found(REQUESTS, scheduled).await,
            found(REQUESTS, completed).await
        ],
        ["", "late"]
    );
    server
        .advance(&(SignedDuration::from_hours(24) - until - micro).to_string())
        .await;
    assert_eq!(
        [
            found(APPROVALS, pending).await,
            found(APPROVALS, aborted).await
        ],
        ["waits", ""]
    );
    server.advance(&micro.to_string()).await;
    assert_eq!(
        [
            found(APPROVALS, pending).await,
            found(APPROVALS, aborted).await
        ],
        ["", "waits"]
    );
}
