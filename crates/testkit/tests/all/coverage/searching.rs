//! Searches that take longer than they may, by every operation that searches.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use pimento_domain::{
    Approval, Grant, Instant, Justification, Kind, Origin, PrincipalId, Request, RequestId,
    RequestKind, RoleId, RoleName, Uuid,
};
use pimento_store::{Change, Store};
use pimento_testkit::{Contract, ServeServer, TestServer};
use serde_json::json;

use super::Refusal;
use crate::due::changeset;
use crate::paths::{APPROVALS, REQUESTS, ROLES, SIGN_UP_STATUS};
use crate::querying::target;

const TOO_LONG: &str = "SearchTimeLimitExceeded";

/// How many elements each list has: with a hundred comparisons of each, enough for somebody to look at the time.
const ELEMENTS: u128 = 60;

fn role(number: u128) -> RoleId {
    RoleId::from_u128(0xa_0000 + number)
}

fn request(number: u128) -> RequestId {
    RequestId::new(Uuid::from_u128(0xb_0000 + number))
}

fn person(number: u128) -> PrincipalId {
    format!("p{number}").parse().unwrap()
}

/// A role, which ada and somebody else may have for an hour; and a request of hers for the first role that waits.
fn of(number: u128, now: Instant) -> [Change; 4] {
    let ada: PrincipalId = "ada".parse().unwrap();
    let end = now.plus(SignedDuration::from_hours(1));
    let grant = Grant {
        kind: Kind::Eligible,
        start: now,
        end: Some(end),
        origin: Origin::Administrator,
    };
    let asked = Request {
        id: request(number),
        kind: RequestKind::Assignment,
        principal: person(number),
        role: role(0),
        grants: Kind::Active,
        requestor: ada.clone(),
        requested: now,
        start: end,
        end: None,
        length: None,
        justification: Justification::default(),
        approval: Some(Approval {
            lapses: end,
            decision: None,
        }),
        closed: None,
        recorded: false,
    };
    let name = RoleName::parse(&format!("Role {number}")).unwrap();
    [
        Change::Role(role(number), name),
        Change::Holding(ada, role(number), vec![grant]),
        Change::Holding(person(number), role(0), vec![grant]),
        Change::Request(Box::new(asked)),
    ]
}

async fn fill(store: &dyn Store) {
    let now = store.clock().now();
    for number in 0..ELEMENTS {
        let changes = changeset(now, of(number, now).to_vec());
        store.commit(changes).await.unwrap();
    }
}

/// A filter that no index helps with, and that nothing passes.
fn filter(property: &str) -> String {
    let comparison = |number: u32| format!("contains({property},'~{number}')");
    let comparisons: Vec<String> = (0..100).map(comparison).collect();
    comparisons.join(" or ")
}

/// What an operation is asked for that it has to search long for.
fn long_search(operation: &str, path: &str) -> String {
    let id = match path {
        _ if path.contains("privilegedRoleAssignments") => format!("p0_{}", role(0)),
        _ if path.contains("privilegedRoles") => role(0).to_string(),
        _ => request(0).to_string(),
    };
    let filter = match path.trim_end_matches("/$count") {
        ROLES => filter("name"),
        REQUESTS | APPROVALS => filter("userId"),
        list if list.ends_with("/my") && list.starts_with(REQUESTS) => filter("userId"),
        list if list.ends_with("/myRequests") => filter("userId"),
        // All of a list of assignments may be of one person or of one role.
        _ => filter("id"),
    };
    let query = if operation.starts_with("get_") {
        format!("$expand=assignments($filter={filter})")
    } else {
        format!("$filter={filter}")
    };
    target(&path.replace("{id}", &id), &query)
}

/// Each operation that searches, where nothing may take a nanosecond.
pub(super) async fn refusals() -> BTreeSet<Refusal> {
    let (server, store) = TestServer::dev_limited(Duration::from_nanos(1)).await;
    fill(&*store).await;
    let ada = server.person("ada").await;
    let contract = Contract::of_dev();
    for (operation, _, code) in contract.refusals() {
        if code != TOO_LONG {
            continue;
        }
        let (method, path) = contract.route(&operation);
        let answer = ada
            .call(method, &long_search(&operation, path))
            .send()
            .await;
        let seen = (answer.status, answer.json()["error"]["code"].clone());
        assert_eq!(seen, (400, json!(TOO_LONG)), "{operation}");
        assert_eq!(answer.header("retry-after"), None);
    }
    // It says what the limit is, and what is found sooner is answered.
    let path = target(ROLES, &format!("$filter={}", filter("name")));
    let answer = ada.get(&path).await;
    let message = answer.json()["error"]["message"].to_string();
    assert!(message.contains("may take 1ns"), "{message}");
    ada.get(ROLES).await.expect(200);
    server.answered()
}

#[tokio::test]
async fn a_search_may_take_as_long_as_the_configuration_says() {
    let house = ServeServer::start(|issuer| {
        format!(
            "search_limit = \"PT0.000000001S\"\ntenants = [\"contoso\"]\n\
             [[founders]]\ntenant = \"contoso\"\nuser = \"fay\"\n{}",
            issuer.table("tenant = \"contoso\"")
        )
    });
    let house = house.await.unwrap();
    let fay = house.issuer.token(&json!({"oid": "fay"}));
    let fay = house.server.bearer_of(&fay);
    let sign_up = format!("{SIGN_UP_STATUS}/signUp");
    fay.post(&sign_up).await.expect(200);
    for number in 0..ELEMENTS {
        let new = json!({"name": format!("Role {number}")});
        fay.send("POST", ROLES, &new).await.expect(201);
    }
    let path = target(ROLES, &format!("$filter={}", filter("name")));
    fay.get(&path).await.refused(400, TOO_LONG);
    fay.get(ROLES).await.expect(200);
}
