//! Requests and approvals in each order, page by page, and while time passes.

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

pub(super) async fn whole(ada: &Person<'_>, list: &str) -> Vec<Value> {
    let page = ada.get(&format!("{list}?$top=1000")).await.expect(200);
    page["value"].as_array().unwrap().clone()
}

/// The member with this path.
pub(super) fn member<'a>(of: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(of, |of, name| &of[name])
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
