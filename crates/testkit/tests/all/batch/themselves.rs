//! Each part is authenticated, authorised, limited and logged by itself.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Fault, FaultyServer, TestServer};
use serde_json::{Value, json};

use super::{BATCH, MY, after, carried_out, code, part, read, send, statuses, with, write};
use crate::paths::{SIGN_UP_STATUS, State};

const STATUS: &str = "/privilegedSignupStatus/isSignedUp";

#[tokio::test]
async fn a_token_that_a_part_brings_is_verified_as_any_other_and_counts_instead() {
    let server = TestServer::dev().await;
    let (ada, ben) = (server.person("ada").await, server.person("ben").await);
    let by =
        |id: &str, token: &str| with(read(id, MY), "authorization", &format!("Bearer {token}"));
    let of_ada = ada.token().to_owned();
    let forged = format!("{}x", of_ada);
    let requests = [
        read("own", MY),
        by("ada", &of_ada),
        by("forged", &forged),
        with(read("basic", MY), "Authorization", "Basic YWRhOmFkYQ=="),
        with(read("empty", MY), "Authorization", ""),
        with(
            by("twice", &of_ada),
            "AUTHORIZATION",
            &format!("Bearer {of_ada}"),
        ),
    ];
    let answers = carried_out(&ben, &requests).await;
    let holder = |index: usize| answers[index]["body"]["value"][0]["userId"].clone();
    assert_eq!((holder(0), holder(1)), (json!("ben"), json!("ada")));
    for refused in &answers[2..] {
        assert_eq!(code(refused), "InvalidAuthenticationToken", "{refused}");
    }
    // Nobody comes in by the token of a part alone.
    let batch = json!({"requests": [by("ada", &of_ada)]});
    let nobody = server.call("POST", BATCH).json(&batch).send().await;
    nobody.refused(401, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn a_host_that_a_part_brings_counts_for_nothing() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let requests = [with(
        read("1", "/privilegedRoles?$top=1"),
        "Host",
        "evil.example",
    )];
    let answers = carried_out(&ada, &requests).await;
    let next = answers[0]["body"]["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with(&server.url()), "{next}");
}

#[tokio::test]
async fn roles_are_looked_at_when_the_turn_of_a_part_comes() {
    let server = TestServer::dev().await;
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let (ada, cleo) = (server.person("ada").await, server.person("cleo").await);
    assert_eq!(
        statuses(&ben, &[read("1", "/privilegedRoles")]).await,
        [403]
    );
    let reader = pimento_testkit::role::SECURITY_READER;
    let give = json!({"userId": "ben", "roleId": reader, "isElevated": true});
    let give = write("give", "POST", "/privilegedRoleAssignments", &give);
    let token = format!("Bearer {}", ben.token());
    let list = with(read("list", "/privilegedRoles"), "Authorization", &token);
    let requests = [list.clone(), give, after(with(list, "x", "y"), &["give"])];
    let mut requests = requests;
    requests[2]["id"] = json!("again");
    assert_eq!(statuses(&ada, &requests).await, [403, 201, 200]);
    assert_eq!(
        statuses(&cleo, &[read("1", "/privilegedRoles")]).await,
        [200]
    );
}

#[tokio::test]
async fn request_ids_are_each_parts_own_and_the_callers_id_is_inherited() {
    let (server, store) = TestServer::dev_with_store().await;
    let ada = server.person("ada").await;
    let new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR});
    let requests = [
        write("1", "POST", "/privilegedRoleAssignments", &new),
        with(read("2", MY), "client-request-id", "mine"),
        read("3", MY),
        after(read("4", MY), &["5"]),
        read("5", "/nothing"),
    ];
    let batch = json!({ "requests": requests });
    let sent = ada
        .call("POST", BATCH)
        .header("client-request-id", "weekly")
        .json(&batch);
    let answer = sent.send().await;
    let body = answer.expect(200);
    let parts = body["responses"].as_array().unwrap();
    let header = |part: &Value, name: &str| part["headers"][name].as_str().unwrap().to_owned();
    let mut ids: BTreeSet<String> = parts
        .iter()
        .map(|part| header(part, "request-id"))
        .collect();
    ids.insert(answer.header("request-id").unwrap().to_owned());
    assert_eq!(ids.len(), 6);
    let clients: Vec<_> = parts
        .iter()
        .map(|part| header(part, "client-request-id"))
        .collect();
    assert_eq!(clients, ["weekly", "mine", "weekly", "weekly", "weekly"]);
    let tenant = pimento_testkit::DEMO_TENANT.parse().unwrap();
    let events = store.events(&tenant, 0, 100).await.unwrap();
    let cause = events.last().unwrap().cause.clone();
    assert_eq!(cause.request.to_string(), header(&parts[0], "request-id"));
    assert_eq!(cause.client_request.as_deref(), Some("weekly"));
    assert_eq!(cause.operation.to_string(), "create_assignment");
}

#[tokio::test]
async fn each_part_counts_for_the_limit_and_the_batch_itself_does_not() {
    let server = TestServer::dev_throttled(NonZeroU32::new(2).unwrap()).await;
    let ben = server.person("ben").await;
    // Neither a batch that is refused counts, nor a part that is not carried out.
    for _ in 0..3 {
        send(&ben, &[]).await.refused(400, "invalidRequest");
    }
    let requests = [
        read("1", "/privilegedRoles"),
        after(read("2", MY), &["1"]),
        read("3", MY),
        read("4", MY),
        after(read("5", MY), &["4"]),
    ];
    let answers = carried_out(&ben, &requests).await;
    let told: Vec<_> = answers
        .iter()
        .map(|answer| answer["status"].as_u64().unwrap())
        .collect();
    assert_eq!(told, [403, 424, 200, 429, 424]);
    let seconds: u64 = answers[3]["headers"]["Retry-After"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    ben.get(&format!("/beta{MY}"))
        .await
        .refused(429, "TooManyRequests");
    // Of another the limit is another.
    let cleo = server.person("cleo").await;
    let token = format!("Bearer {}", cleo.token());
    let requests = [with(read("1", MY), "Authorization", &token), read("2", MY)];
    assert_eq!(statuses(&ben, &requests).await, [200, 429]);
}

#[tokio::test]
async fn what_is_throttled_in_a_batch_changes_nothing() {
    let server = TestServer::dev_throttled(NonZeroU32::MIN).await;
    let ada = server.person("ada").await;
    let url = format!("/privilegedRoleAssignments/ben_{USER_ADMINISTRATOR}");
    let requests = [read("1", MY), part("2", "DELETE", &url)];
    assert_eq!(statuses(&ada, &requests).await, [200, 429]);
    let cleo = server.person("cleo").await;
    let state = State::seen_by(&cleo, "ben", USER_ADMINISTRATOR).await;
    assert_eq!(state, State::Eligible);
}

#[tokio::test]
async fn a_part_can_register_the_tenant_for_those_after_it() {
    let server = TestServer::dev().await;
    let fay = json!({"oid": "fay", "tid": "b7f1e8c0-52e7-4a39-8d64-1f7a90c3be25", "wids": [GLOBAL_ADMINISTRATOR]});
    let fay = server.signed_in(&fay).await;
    let requests = [
        read("before", MY),
        part("sign up", "POST", "/privilegedSignupStatus/signUp"),
        after(read("after", MY), &["sign up"]),
    ];
    let answers = carried_out(&fay, &requests).await;
    assert_eq!(code(&answers[0]), "UnauthorizedAccessException");
    let statuses = answers
        .iter()
        .map(|answer| answer["status"].as_u64().unwrap());
    assert_eq!(Vec::from_iter(statuses), [403, 200, 200]);
}

#[tokio::test]
async fn a_part_that_panics_takes_no_other_down() {
    let faulty = FaultyServer::failing(Fault::PanicOnCommit).await;
    let fay = json!({"oid": "fay", "wids": [GLOBAL_ADMINISTRATOR]});
    let fay = faulty.issuer.token(&fay);
    let fay = faulty.server.bearer_of(&fay);
    let requests = [
        read("1", STATUS),
        part("2", "POST", "/privilegedSignupStatus/signUp"),
        after(read("3", STATUS), &["2"]),
        read("4", STATUS),
    ];
    let answers = carried_out(&fay, &requests).await;
    let told: Vec<_> = answers
        .iter()
        .map(|answer| answer["status"].as_u64().unwrap())
        .collect();
    assert_eq!(told, [200, 500, 424, 200]);
    assert_eq!(code(&answers[1]), "generalException");
    let alive = fay.get(&format!("{SIGN_UP_STATUS}/isSignedUp")).await;
    assert_eq!(alive.expect(200)["value"], false);
}

#[tokio::test]
async fn a_part_that_the_database_cannot_take_says_when_to_try_again() {
    let faulty = FaultyServer::failing(Fault::Conflict).await;
    let fay = json!({"oid": "fay", "wids": [GLOBAL_ADMINISTRATOR]});
    let fay = faulty.issuer.token(&fay);
    let fay = faulty.server.bearer_of(&fay);
    let requests = [
        part("1", "POST", "/privilegedSignupStatus/signUp"),
        read("2", STATUS),
    ];
    let answers = carried_out(&fay, &requests).await;
    assert_eq!(
        (code(&answers[0]), &answers[0]["headers"]["Retry-After"]),
        ("serviceNotAvailable", &json!("1"))
    );
    assert_eq!(answers[1]["status"], 200);
}
