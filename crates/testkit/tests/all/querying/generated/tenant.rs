//! A tenant that has something of everything: each state and word, equal values and none, ids and texts of all sorts.

mod asking;

use jiff::{SignedDuration, Timestamp};
use pimento_store::conformance::Dice;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use asking::Outcome;

use crate::paths::{APPROVALS, ASSIGNMENTS, REQUESTS, ROLES, assignment, own, settings};

/// The role that most people have.
pub(super) const ROLE: &str = APPLICATION_ADMINISTRATOR;

/// Who has most roles, and asks for them.
const MIA: &str = "mia";

/// Who decides.
const ZOE: &str = "zoe";

/// People, by ids that are alike, or that mean something elsewhere.
const PEOPLE: [&str; 24] = [
    "~",
    "_",
    "%",
    "a",
    "A",
    "aa",
    "a_",
    "a%b",
    "a.b",
    "a~.b",
    "a~_",
    "b+c",
    "Zed",
    "zed",
    "null",
    "true",
    "me@example.org",
    "x|y",
    "0",
    "7d0c6f6e-2b57-4b0a-8f0e-5f1f2f8f6c11",
    "7d0c6f6e-2b57-4b0a-8f0e-5f1f2f8f6c12",
    "{id}",
    "100%25",
    "#1",
];

const REMARKS: [&str; 16] = [
    "on call",
    "On call",
    "it's 100 %",
    "''",
    "a+b",
    "Ärger",
    "ärger",
    "日本語",
    "🦀",
    "%",
    "_",
    "\\",
    "~.",
    "say \"yes\"",
    "two\nlines",
    "a&b=c#d",
];

const OWN: [&str; 9] = [
    "aardvark keeper",
    "Global ADMINISTRATION desk",
    "SECURITY Day Watch",
    "Ärzte im Dienst",
    "ΟΔΌΣ ΟΔΌΣΑ",
    "100 %_'~. 'night'",
    "zzz reader",
    "日本語 Reader",
    "back\\slash \"desk\"",
];

/// Somebody who signed in with two factors.
async fn person<'a>(server: &'a TestServer, name: &str) -> Person<'a> {
    server
        .signed_in(&json!({"oid": name, "amr": ["mfa"]}))
        .await
}

/// Somebody who may change and read everything, and what there is.
pub(super) struct Tenant<'a> {
    server: &'a TestServer,
    pub(super) ada: Person<'a>,
    pub(super) mia: Person<'a>,
    /// The ids of all roles but those that somebody has by the demo.
    roles: Vec<String>,
    now: Timestamp,
}

impl<'a> Tenant<'a> {
    /// A tenant whose clock stands still.
    pub(super) async fn new(server: &'a TestServer, dice: &mut Dice) -> Self {
        let now = server.freeze().await;
        let (ada, mia) = (server.person("ada").await, person(server, MIA).await);
        for name in OWN {
            ada.send("POST", ROLES, &json!({"name": name}))
                .await
                .expect(201);
        }
        let mut tenant = Self {
            server,
            ada,
            mia,
            roles: Vec::new(),
            now,
        };
        tenant.roles = tenant.known_roles().await;
        tenant.lend(dice).await;
        tenant.ask(dice).await;
        tenant.give(dice).await;
        tenant.change(dice).await;
        tenant
    }

    async fn known_roles(&self) -> Vec<String> {
        let page = self
            .ada
            .get(&format!("{ROLES}?$top=1000"))
            .await
            .expect(200);
        let roles = page["value"].as_array().unwrap().iter();
        let own = |role: &&Value| OWN.iter().any(|name| role["name"] == *name);
        let (own, built_in): (Vec<_>, Vec<_>) = roles.partition(own);
        let few = built_in.into_iter().skip(20).take(60);
        let few = few
            .chain(own)
            .map(|role| role["id"].as_str().unwrap().to_owned());
        few.filter(|id| id != ROLE).collect()
    }

    /// Moves the clock.
    pub(super) async fn pass(&mut self, length: SignedDuration) {
        self.now = self.server.advance(&length.to_string()).await;
    }

    /// An end within some hours, some of them the same.
    fn end(&self, dice: &mut Dice) -> String {
        let micros = dice.pick(&[0, 0, 1, 500_000, 123_456]);
        let hours = SignedDuration::from_hours(1 + dice.roll(30) as i64);
        (self.now + hours + SignedDuration::from_micros(micros)).to_string()
    }

    /// Gives mia many roles, and many people one, so that all may ask for them.
    async fn lend(&self, dice: &mut Dice) {
        let demand = json!({"approvalOnElevation": true, "approverIds": [ZOE]});
        for (number, role) in self.roles.iter().enumerate() {
            self.assign(MIA, role, json!(false)).await;
            if number % 2 == 0 {
                self.ada
                    .send("PATCH", &settings(role), &demand)
                    .await
                    .expect(204);
            }
        }
        self.ada
            .send("PATCH", &settings(ROLE), &demand)
            .await
            .expect(204);
        for person in PEOPLE {
            self.assign(person, ROLE, json!(false)).await;
            self.assign(person, &dice.pick(&self.roles), json!(false))
                .await;
        }
    }

    async fn assign(&self, person: &str, role: &str, elevated: Value) {
        let new = json!({"userId": person, "roleId": role, "isElevated": elevated});
        self.ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }

    /// Something of each kind that may end, begin or lapse within the next hours.
    pub(super) async fn refill(&self, dice: &mut Dice) {
        for _ in 0..3 {
            let person = format!("r{}", dice.roll(30));
            self.give_somebody(dice, &person, ROLE).await;
            let role = dice.pick(&self.roles);
            let reason =
                json!({"reason": dice.pick(&REMARKS), "duration": dice.pick(&["0.5", "1", "8"])});
            self.mia
                .send("POST", &own(&role, "selfActivate"), &reason)
                .await;
            let new = json!({"userId": MIA, "roleId": role, "isElevated": false});
            self.ada.send("POST", ASSIGNMENTS, &new).await;
            let role = dice.pick(&self.roles);
            let outcome = dice.pick(&Outcome::ALL);
            self.ask_for(dice, (&self.mia, &role), outcome).await;
        }
        for _ in 0..4 {
            let person = format!("s{}", dice.roll(10_000));
            let new = self.scheduled(dice, &[20, 45, 300, 700]);
            self.give_to(&person, ROLE, REQUESTS, new).await;
        }
        let person = self::person(self.server, dice.pick(&PEOPLE)).await;
        self.ask_for(dice, (&person, ROLE), Outcome::Open).await;
    }

    /// Gives people roles, as they are now and from some time on; makes some active, for good or for a time.
    async fn give(&self, dice: &mut Dice) {
        for number in 0..40 {
            let person = format!("{}{number}", dice.pick(&["p", "P", "_", "~"]));
            self.give_somebody(dice, &person, ROLE).await;
        }
        for role in self.roles.iter().step_by(3) {
            let person = dice.pick(&PEOPLE);
            self.give_somebody(dice, person, role).await;
        }
        for role in self.roles.iter().skip(1).step_by(2) {
            let reason =
                json!({"reason": dice.pick(&REMARKS), "duration": dice.pick(&["0.5", "1", "2.5"])});
            self.mia
                .send("POST", &own(role, "selfActivate"), &reason)
                .await;
        }
    }

    /// Changes what mia has, for a reason where one can be told.
    async fn change(&self, dice: &mut Dice) {
        for (number, role) in self.roles.iter().enumerate().step_by(5) {
            let held = assignment(MIA, role);
            let reason = json!({"reason": dice.pick(&REMARKS)});
            let path = format!("{held}/makePermanent");
            self.ada.send("POST", &path, &reason).await;
            if number % 2 == 0 {
                self.ada.post(&format!("{held}/makeEligible")).await;
            }
        }
    }

    /// Gives somebody a role in some way.
    async fn give_somebody(&self, dice: &mut Dice, person: &str, role: &str) {
        let (list, new) = match dice.roll(6) {
            0 => (ASSIGNMENTS, json!({"isElevated": dice.roll(2) == 0})),
            1 => (ASSIGNMENTS, json!({})),
            2 => {
                let end = self.end(dice);
                let new = json!({"isElevated": true, "expirationDateTime": end});
                (ASSIGNMENTS, new)
            }
            _ => (REQUESTS, self.scheduled(dice, &[0, 45, 700])),
        };
        self.give_to(person, role, list, new).await;
    }

    /// What an administrator asks for, to begin in some of these minutes.
    fn scheduled(&self, dice: &mut Dice, minutes: &[i64]) -> Value {
        let begins = self.now + SignedDuration::from_mins(dice.pick(minutes));
        let ends = begins + SignedDuration::from_hours(dice.pick(&[1, 5, 48]));
        let remark = dice.pick(&REMARKS);
        let schedule = json!({"startDateTime": begins.to_string(), "endDateTime": dice.maybe(ends.to_string())});
        json!({
            "type": "AdminAdd", "assignmentState": dice.pick(&["Eligible", "Active"]), "reason": dice.pick(&REMARKS),
            "schedule": schedule, "ticketNumber": dice.maybe(remark), "ticketSystem": dice.maybe("Desk"),
        })
    }

    /// Who has it already keeps what they have.
    async fn give_to(&self, person: &str, role: &str, list: &str, mut new: Value) {
        new["userId"] = json!(person);
        new["roleId"] = json!(role);
        let status = self.ada.send("POST", list, &new).await.status;
        assert!([201, 400].contains(&status), "{status} {new}");
    }

    /// The id of an assignment of the role that most people have.
    pub(super) async fn assigned(&self) -> String {
        let page = self
            .ada
            .get(&format!("{ROLES}/{ROLE}/assignments?$top=1"))
            .await;
        page.expect(200)["value"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The id of a request about that role, for which there is an approval.
    pub(super) async fn asked(&self) -> String {
        let page = self
            .ada
            .get(&format!("{APPROVALS}?$top=1000"))
            .await
            .expect(200);
        let mut approvals = page["value"].as_array().unwrap().iter();
        let one = approvals
            .find(|approval| approval["roleId"] == ROLE)
            .unwrap();
        one["id"].as_str().unwrap().to_owned()
    }
}
