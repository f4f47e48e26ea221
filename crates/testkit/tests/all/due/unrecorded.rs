//! With the job stopped: what begins, ends and lapses is so in every read, list and count from its instant on, and not before.

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, SECURITY_READER};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{
    APPROVALS, ASSIGNMENTS, REQUESTS, ROLES, State, approval, assignment, request, settings,
};

/// The role of all but gus: its MFA is off.
const ROLE: &str = APPLICATION_ADMINISTRATOR;
/// Gus's, of which an activation needs an approval.
const APPROVED: &str = SECURITY_READER;

/// When things come about, in minutes after the clock was stopped.
const BEGINS: i64 = 60;
const LAPSES: i64 = 90;
const ENDS: i64 = 120;

struct Scene<'a> {
    server: &'a TestServer,
    start: Timestamp,
    ada: Person<'a>,
    /// The requests of ben, who will be active; of ada for dana, who will be too; and of gus, who waits.
    requests: [String; 3],
}

async fn asked(person: &Person<'_>, body: Value) -> String {
    let made = person.send("POST", REQUESTS, &body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// Ben is eligible and will be active; dana will be active; erin is eligible until some time, fred active until some time and
/// eligible for good; gus waits.
async fn scene(server: &TestServer) -> Scene<'_> {
    let start = server.freeze().await;
    let ada = server.person("ada").await;
    let at = |minutes| (start + SignedDuration::from_mins(minutes)).to_string();
    let approvals = json!({"approvalOnElevation": true, "approverIds": ["cleo"]});
    let changed = ada.send("PATCH", &settings(APPROVED), &approvals).await;
    changed.expect(204);
    for (user, role, rest) in [
        ("ben", ROLE, json!({"isElevated": false})),
        ("gus", APPROVED, json!({"isElevated": false})),
        ("fred", ROLE, json!({"expirationDateTime": at(BEGINS)})),
    ] {
        let mut new = rest;
        new["userId"] = json!(user);
        new["roleId"] = json!(role);
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    let wish = |kind: &str, state: &str, user: &str, role: &str, from: i64, to: i64| {
        json!({
            "type": kind, "assignmentState": state, "userId": user, "roleId": role, "reason": "On call",
            "schedule": {"startDateTime": at(from), "endDateTime": at(to)},
        })
    };
    let eligible = wish("AdminAdd", "Eligible", "erin", ROLE, 0, ENDS);
    asked(&ada, eligible).await;
    let of_dana = wish("AdminAdd", "Active", "dana", ROLE, BEGINS, ENDS);
    let of_ben = wish("UserAdd", "Active", "ben", ROLE, BEGINS, ENDS);
    let of_gus = wish("UserAdd", "Active", "gus", APPROVED, 0, LAPSES);
    let (ben, gus) = (server.person("ben").await, server.person("gus").await);
    let requests = [
        asked(&ben, of_ben).await,
        asked(&ada, of_dana).await,
        asked(&gus, of_gus).await,
    ];
    Scene {
        server,
        start,
        ada,
        requests,
    }
}

/// What is so a microsecond before some minute, or from then on.
struct Expected {
    holders: Vec<(&'static str, State)>,
    statuses: [&'static str; 3],
    approval: &'static str,
}

impl Scene<'_> {
    /// What is so when everything has come about that did so until then, in minutes.
    fn expected(&self, until: i64) -> Expected {
        let end = |minutes| {
            let end = self.start + SignedDuration::from_mins(minutes);
            State::Until(end.to_string())
        };
        let (begun, lapsed, ended) = (BEGINS <= until, LAPSES <= until, ENDS <= until);
        let active = begun && !ended;
        let holders = [
            (
                "ben",
                Some(if active { end(ENDS) } else { State::Eligible }),
            ),
            ("dana", active.then(|| end(ENDS))),
            ("erin", (!ended).then_some(State::Eligible)),
            (
                "fred",
                Some(if begun { State::Eligible } else { end(BEGINS) }),
            ),
        ];
        let scheduled = if begun { "Completed" } else { "Scheduled" };
        let waits = if lapsed {
            "RequestExpired"
        } else {
            "RequestedApproval"
        };
        Expected {
            holders: holders
                .into_iter()
                .filter_map(|(who, state)| Some((who, state?)))
                .collect(),
            statuses: [scheduled, scheduled, waits],
            approval: if lapsed { "aborted" } else { "pending" },
        }
    }

    /// Every read that tells of it, of everybody who may.
    async fn is_seen(&self, expected: &Expected) {
        let Expected {
            holders,
            statuses,
            approval,
        } = expected;
        self.assignments_are(holders).await;
        self.counts_are(holders).await;
        self.requests_are(*statuses).await;
        self.approval_is(approval).await;
    }

    async fn assignments_are(&self, holders: &[(&str, State)]) {
        let of_role = format!("{ROLES}/{ROLE}/assignments");
        for list in [ASSIGNMENTS, &of_role] {
            let list = self
                .ada
                .get(&format!("{list}?$count=true"))
                .await
                .expect(200);
            let all = list["value"].as_array().unwrap();
            assert_eq!(list["@odata.count"], all.len());
            let of_role = all.iter().filter(|one| one["roleId"] == ROLE);
            let seen: Vec<_> = of_role
                .map(|one| (one["userId"].as_str().unwrap(), State::of(one)))
                .collect();
            assert_eq!(seen, holders);
        }
        for name in ["ben", "dana", "erin", "fred"] {
            let holds = holders.iter().find(|(holder, _)| *holder == name);
            let expected = holds.map_or(State::Gone, |(_, state)| state.clone());
            assert_eq!(
                State::seen_by(&self.ada, name, ROLE).await,
                expected,
                "{name}"
            );
            let person = self.server.person(name).await;
            let mine = person.get(&format!("{ASSIGNMENTS}/my?$count=true")).await;
            let mut mine = mine.expect(200);
            let all: Vec<Value> = serde_json::from_value(mine["value"].take()).unwrap();
            let here = all.iter().find(|one| one["roleId"] == ROLE);
            assert_eq!(here.map_or(State::Gone, State::of), expected, "{name}");
            assert_eq!(mine["@odata.count"], all.len());
            let role = format!("{}/roleInfo", assignment(name, ROLE));
            let role = self.ada.get(&role).await.status;
            assert_eq!(role, if holds.is_some() { 200 } else { 404 }, "{name}");
        }
    }

    async fn counts_are(&self, holders: &[(&str, State)]) {
        let summary = self.ada.get(&format!("{ROLES}/{ROLE}/summary")).await;
        let summary = summary.expect(200);
        let active = holders
            .iter()
            .filter(|(_, state)| *state != State::Eligible);
        assert_eq!(summary["usersCount"], holders.len());
        assert_eq!(summary["elevatedCount"], active.count());
    }

    async fn requests_are(&self, statuses: [&str; 3]) {
        let of = |list: &Value, id: &str| {
            let all = list["value"].as_array().unwrap();
            let one = all.iter().find(|one| one["id"] == id).unwrap();
            one["status"].clone()
        };
        let everybodys = self.ada.get(REQUESTS).await.expect(200);
        let people = ["ben", "ada", "gus"];
        for ((id, status), name) in self.requests.iter().zip(statuses).zip(people) {
            assert_eq!(of(&everybodys, id), status);
            let person = self.server.person(name).await;
            let own = person.get(&format!("{REQUESTS}/my")).await.expect(200);
            assert_eq!(of(&own, id), status);
            let one = person.get(&request(id)).await.expect(200);
            assert_eq!(one["status"], status);
        }
    }

    async fn approval_is(&self, state: &str) {
        let [.., id] = &self.requests;
        let (cleo, gus) = (
            self.server.person("cleo").await,
            self.server.person("gus").await,
        );
        for list in [
            cleo.get(APPROVALS).await.expect(200),
            gus.get(&format!("{APPROVALS}/myRequests"))
                .await
                .expect(200),
        ] {
            assert_eq!(list["value"][0]["id"], *id);
            assert_eq!(list["value"][0]["approvalState"], state);
        }
        let one = cleo.get(&approval(id)).await.expect(200);
        assert_eq!(one["approvalState"], state);
        let asked = cleo.get(&format!("{}/request", approval(id))).await;
        let has_lapsed = asked.expect(200)["status"] == "RequestExpired";
        assert_eq!(has_lapsed, state == "aborted");
    }
}

#[tokio::test]
async fn with_the_job_stopped_begins_ends_and_lapses_are_seen_by_every_read_at_their_instant() {
    let server = TestServer::dev().await;
    let scene = scene(&server).await;
    let log = "/beta/privilegedOperationEvents";
    let told = scene.ada.get(log).await.expect(200);
    let mut last = 0;
    for minutes in [BEGINS, LAPSES, ENDS] {
        server
            .advance(&format!("PT{}M59.999999S", minutes - last - 1))
            .await;
        scene.is_seen(&scene.expected(minutes - 1)).await;
        server.advance("PT0.000001S").await;
        scene.is_seen(&scene.expected(minutes)).await;
        last = minutes;
    }
    assert_eq!(
        scene.ada.get(log).await.expect(200),
        told,
        "nobody recorded it"
    );
}
