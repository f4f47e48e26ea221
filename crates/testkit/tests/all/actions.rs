//! What each action does in each state. (The state "active until", without being eligible, cannot be reached over HTTP
//! in this release; the rules' own tests have it.)

use jiff::SignedDuration;
use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR,
};
use pimento_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, State, assignment, own};

/// How an assignment comes to be in the state that a cell begins with.
#[derive(Clone, Copy, Debug)]
enum Before {
    Permanent,
    Eligible,
    /// Eligible, and active for the role's default duration.
    Active,
    Nothing,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    MakePermanent,
    MakeEligible,
    /// The caller is the person, who is Privileged Role Administrator by token.
    MakeOwnEligible,
    SelfActivate,
    SelfDeactivate,
    Delete,
}

/// What a cell ends with.
#[derive(Clone, Copy, Debug)]
enum After {
    Permanent,
    Eligible,
    /// Active until an hour after the frozen clock.
    Active,
    Gone,
    /// The same, and the answer says why.
    Nothing(Before),
    Refused(u16, &'static str, Before),
}

use Action::{Delete, MakeEligible, MakeOwnEligible, MakePermanent, SelfActivate, SelfDeactivate};
use Before::{Active, Eligible, Nothing, Permanent};

/// The table for a role that is neither Security Administrator nor Privileged Role Administrator.
const ORDINARY: &[(Before, Action, After)] = &[
    (Permanent, MakePermanent, After::Permanent),
    (Eligible, MakePermanent, After::Permanent),
    (Active, MakePermanent, After::Permanent),
    (
        Nothing,
        MakePermanent,
        After::Refused(404, "ResourceNotFound", Nothing),
    ),
    (Permanent, MakeEligible, After::Eligible),
    (Eligible, MakeEligible, After::Nothing(Eligible)),
    (Active, MakeEligible, After::Nothing(Active)),
    (
        Nothing,
        MakeEligible,
        After::Refused(404, "ResourceNotFound", Nothing),
    ),
    (Permanent, MakeOwnEligible, After::Eligible),
    (Eligible, MakeOwnEligible, After::Nothing(Eligible)),
    (Active, MakeOwnEligible, After::Nothing(Active)),
    (
        Nothing,
        MakeOwnEligible,
        After::Refused(404, "ResourceNotFound", Nothing),
    ),
    (
        Permanent,
        SelfActivate,
        After::Refused(400, "RoleAlreadyActivated", Permanent),
    ),
    (Eligible, SelfActivate, After::Active),
    (
        Active,
        SelfActivate,
        After::Refused(400, "RoleAlreadyActivated", Active),
    ),
    (
        Nothing,
        SelfActivate,
        After::Refused(400, "RoleAssignmentDoesNotExist", Nothing),
    ),
    (
        Permanent,
        SelfDeactivate,
        After::Refused(400, "RoleIsPermanent", Permanent),
    ),
    (Eligible, SelfDeactivate, After::Nothing(Eligible)),
    (Active, SelfDeactivate, After::Eligible),
    (
        Nothing,
        SelfDeactivate,
        After::Refused(400, "RoleAssignmentDoesNotExist", Nothing),
    ),
    (Permanent, Delete, After::Gone),
    (Eligible, Delete, After::Gone),
    (Active, Delete, After::Gone),
    (
        Nothing,
        Delete,
        After::Refused(404, "ResourceNotFound", Nothing),
    ),
];

/// Where Security Administrator and Privileged Role Administrator differ: who takes their own permanence away goes on
/// working.
const PROTECTED: &[(Before, Action, After)] = &[
    (Permanent, MakeEligible, After::Eligible),
    (Permanent, MakeOwnEligible, After::Active),
    (Eligible, MakeOwnEligible, After::Nothing(Eligible)),
    (Active, MakeOwnEligible, After::Nothing(Active)),
];

/// One cell on one server: somebody new, in one role.
struct Scene<'a> {
    ada: &'a Person<'a>,
    person: Person<'a>,
    user: String,
    role: &'a str,
    in_an_hour: String,
}

impl Scene<'_> {
    async fn begin(&self, before: Before) {
        let elevated = match before {
            Nothing => return,
            Permanent => json!(true),
            Eligible => json!(false),
            Active => Value::Null,
        };
        let new = json!({"userId": self.user, "roleId": self.role, "isElevated": elevated});
        self.ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }

    async fn act(&self, action: Action) -> Answer {
        let path = assignment(&self.user, self.role);
        match action {
            MakePermanent => self.ada.post(&format!("{path}/makePermanent")).await,
            MakeEligible => self.ada.post(&format!("{path}/makeEligible")).await,
            MakeOwnEligible => self.person.post(&format!("{path}/makeEligible")).await,
            SelfActivate => self.person.post(&own(self.role, "selfActivate")).await,
            SelfDeactivate => self.person.post(&own(self.role, "selfDeactivate")).await,
            Delete => self.ada.delete(&path).await,
        }
    }

    fn state(&self, before: Before) -> State {
        match before {
            Permanent => State::Permanent,
            Eligible => State::Eligible,
            Active => State::Until(self.in_an_hour.clone()),
            Nothing => State::Gone,
        }
    }

    async fn check(&self, before: Before, action: Action, after: After) {
        self.begin(before).await;
        let answer = self.act(action).await;
        let cell = format!("{before:?} {action:?} {after:?} of {}", self.role);
        let expected = match after {
            After::Permanent => State::Permanent,
            After::Eligible => State::Eligible,
            After::Active => State::Until(self.in_an_hour.clone()),
            After::Gone => State::Gone,
            After::Nothing(same) | After::Refused(_, _, same) => self.state(same),
        };
        match after {
            After::Refused(status, code, _) => drop(answer.refused(status, code)),
            After::Gone => drop(answer.expect(204)),
            _ => {
                let shown = answer.expect(200);
                assert_eq!(State::of(&shown), expected, "{cell}");
                let is_nothing = matches!(after, After::Nothing(_));
                assert_eq!(shown["resultMessage"].is_string(), is_nothing, "{cell}");
            }
        }
        let seen = State::seen_by(self.ada, &self.user, self.role).await;
        assert_eq!(seen, expected, "{cell}");
    }
}

async fn check_table(role: &str, table: &[(Before, Action, After)]) {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    for (number, (before, action, after)) in table.iter().enumerate() {
        let user = format!("person-{number}");
        let claims = json!({"oid": user, "amr": ["mfa"], "wids": [PRIVILEGED_ROLE_ADMINISTRATOR]});
        let scene = Scene {
            ada: &ada,
            person: server.signed_in(&claims).await,
            user,
            role,
            in_an_hour: (now + SignedDuration::from_hours(1)).to_string(),
        };
        scene.check(*before, *action, *after).await;
    }
}

#[tokio::test]
async fn each_action_does_in_each_state_what_the_table_says() {
    check_table(APPLICATION_ADMINISTRATOR, ORDINARY).await;
}

#[tokio::test]
async fn a_security_administrator_who_makes_their_own_role_eligible_goes_on_working() {
    check_table(SECURITY_ADMINISTRATOR, PROTECTED).await;
}

#[tokio::test]
async fn a_privileged_role_administrator_who_makes_their_own_role_eligible_goes_on_working() {
    check_table(PRIVILEGED_ROLE_ADMINISTRATOR, PROTECTED).await;
}

#[tokio::test]
async fn an_action_on_a_role_that_does_not_exist_is_not_found() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let unknown = pimento_testkit::role::UNKNOWN;
    for action in ["makePermanent", "makeEligible"] {
        let path = format!("{}/{action}", assignment("ben", unknown));
        ada.post(&path).await.refused(404, "ResourceNotFound");
    }
    for action in ["selfActivate", "selfDeactivate"] {
        ada.post(&own(unknown, action))
            .await
            .refused(404, "ResourceNotFound");
    }
    let gone = ada.delete(&assignment("ben", unknown)).await;
    gone.refused(404, "ResourceNotFound");
}

#[tokio::test]
async fn the_last_administrator_can_be_made_eligible_but_not_removed() {
    let server = TestServer::dev().await;
    let by_token = json!({"oid": "root", "wids": [PRIVILEGED_ROLE_ADMINISTRATOR]});
    let root = server.signed_in(&by_token).await;
    let ada = assignment("ada", PRIVILEGED_ROLE_ADMINISTRATOR);
    root.delete(&ada).await.refused(400, "LastAdministrator");
    // Whoever is eligible without an end can come back by themselves.
    let eligible = root.post(&format!("{ada}/makeEligible")).await.expect(200);
    assert_eq!(State::of(&eligible), State::Eligible);
    root.delete(&ada).await.refused(400, "LastAdministrator");

    let pat = json!({"userId": "pat", "roleId": PRIVILEGED_ROLE_ADMINISTRATOR, "isElevated": true});
    root.send("POST", ASSIGNMENTS, &pat).await.expect(201);
    root.delete(&ada).await.expect(204);
    let pat = assignment("pat", PRIVILEGED_ROLE_ADMINISTRATOR);
    root.delete(&pat).await.refused(400, "LastAdministrator");
}
