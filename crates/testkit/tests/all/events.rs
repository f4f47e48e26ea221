//! The log over HTTP, in the family's own form.

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{DEMO_TENANT, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, EVENTS, assignment, own, settings};

const NO_END: &str = "0001-01-01T00:00:00Z";

/// The events after the demo tenant was furnished.
async fn new_events(server: &TestServer, furnished: usize) -> Vec<Value> {
    let ada = server.person("ada").await;
    let mut all = ada.get(EVENTS).await.expect(200)["value"].take();
    all.as_array_mut().unwrap().split_off(furnished)
}

async fn furnished(server: &TestServer) -> usize {
    new_events(server, 0).await.len()
}

/// What tells one event from another.
fn told(event: &Value) -> [&str; 4] {
    let text = |member: &str| event[member].as_str().unwrap_or("null");
    [
        text("requestType"),
        text("userId"),
        text("requestorId"),
        text("additionalInformation"),
    ]
}

#[tokio::test]
async fn each_action_is_told_in_the_protocols_words() {
    let server = TestServer::dev().await;
    let before = furnished(&server).await;
    let ada = server.person("ada").await;
    let new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let dana = server
        .signed_in(&json!({"oid": "dana", "amr": ["mfa"]}))
        .await;
    let why = json!({"reason": "a fire", "ticketNumber": "INC-1", "ticketSystem": "desk"});
    dana.send(
        "POST",
        &own(APPLICATION_ADMINISTRATOR, "selfActivate"),
        &why,
    )
    .await
    .expect(200);
    dana.post(&own(APPLICATION_ADMINISTRATOR, "selfDeactivate"))
        .await
        .expect(200);
    let path = assignment("dana", APPLICATION_ADMINISTRATOR);
    ada.send(
        "POST",
        &format!("{path}/makePermanent"),
        &json!({"reason": "for good"}),
    )
    .await
    .expect(200);
    ada.post(&format!("{path}/makeEligible")).await.expect(200);
    ada.delete(&path).await.expect(204);

    let events = new_events(&server, before).await;
    let all: Vec<[&str; 4]> = events.iter().map(told).collect();
    let expected = [
        ["Assign", "dana", "ada", "null"],
        ["Activate", "dana", "dana", "a fire"],
        ["Deactivate", "dana", "dana", "null"],
        ["Activate", "dana", "ada", "Make permanent admin"],
        ["Deactivate", "dana", "ada", "Make eligible admin"],
        ["Unassign", "dana", "ada", "null"],
    ];
    assert_eq!(all, expected);
    let ends: Vec<bool> = events
        .iter()
        .map(|event| event["expirationDateTime"] != NO_END)
        .collect();
    assert_eq!(ends, [false, true, false, false, false, false]);
    assert_eq!(events[1]["referenceKey"], "INC-1");
    assert_eq!(events[1]["referenceSystem"], "desk");
    assert_eq!(events[2]["referenceKey"], "");
    for event in &events {
        assert_eq!(event["tenantId"], DEMO_TENANT);
        assert_eq!(event["roleId"], APPLICATION_ADMINISTRATOR);
        assert_eq!(event["roleName"], "Application Administrator");
        assert_eq!([&event["userName"], &event["userMail"]], [&Value::Null; 2]);
    }
}

#[tokio::test]
async fn an_end_is_told_at_its_time_as_the_services_own_act() {
    let server = TestServer::dev().await;
    server.freeze().await;
    let before = furnished(&server).await;
    let ben = server
        .signed_in(&json!({"oid": "ben", "amr": ["mfa"]}))
        .await;
    let active = ben
        .post(&own(USER_ADMINISTRATOR, "selfActivate"))
        .await
        .expect(200);
    server.advance("PT8H").await;
    ben.post(&own(USER_ADMINISTRATOR, "selfActivate"))
        .await
        .expect(200);
    let events = new_events(&server, before).await;
    let end = &events[1];
    assert_eq!(end["requestType"], "Deactivate");
    assert_eq!(end["additionalInformation"], "Expired");
    assert_eq!(end["creationDateTime"], active["expirationDateTime"]);
    assert_eq!(end["requestorId"], "6b61baec-bb80-4a8a-b8bd-fa5ba1f12386");
    assert_eq!(end["requestorName"], "Azure AD PIM");
}

#[tokio::test]
async fn a_server_records_by_itself_what_has_come_due() {
    let server = TestServer::dev_that_records().await;
    let ben = server
        .signed_in(&json!({"oid": "ben", "amr": ["mfa"]}))
        .await;
    let before = furnished(&server).await;
    ben.post(&own(USER_ADMINISTRATOR, "selfActivate"))
        .await
        .expect(200);
    // Whoever moves the clock is answered when that is done.
    server.advance("PT8H").await;
    let events = new_events(&server, before).await;
    let kinds: Vec<&str> = events.iter().map(|event| told(event)[0]).collect();
    assert_eq!(kinds, ["Activate", "Deactivate"]);
}

#[tokio::test]
async fn an_event_is_read_by_its_id_and_no_other_spelling() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let all = ada.get(EVENTS).await.expect(200);
    let event = &all["value"][1];
    let id = event["id"].as_str().unwrap();
    let mut one = ada.get(&format!("{EVENTS}/{id}")).await.expect(200);
    let context = one.as_object_mut().unwrap().remove("@odata.context");
    assert!(context.is_some_and(|url| url.as_str().unwrap().ends_with("Events/$entity")));
    assert_eq!(one, *event);
    let (day, number) = id.split_at(8);
    for other in [
        format!("19990101{number}"),
        format!("{day}0{number}"),
        format!("{day}9999999999"),
        number.to_owned(),
        "nothing".to_owned(),
    ] {
        ada.get(&format!("{EVENTS}/{other}"))
            .await
            .refused(404, "ResourceNotFound");
    }
}

#[tokio::test]
async fn what_the_family_has_no_word_for_is_not_shown() {
    let server = TestServer::dev().await;
    let before = furnished(&server).await;
    let ada = server.person("ada").await;
    let update = json!({"ticketingInfoOnElevation": true});
    ada.send("PATCH", &settings(USER_ADMINISTRATOR), &update)
        .await
        .expect(204);
    assert_eq!(new_events(&server, before).await, Vec::<Value>::new());
}

#[tokio::test]
async fn events_come_in_pages_oldest_first_and_can_be_counted() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let whole = ada.get(EVENTS).await.expect(200)["value"].take();
    let whole = whole.as_array().unwrap();
    assert!(2 < whole.len());
    let mut walked = Vec::new();
    let mut next = Some(format!("{EVENTS}?$top=2&$count=true"));
    while let Some(target) = next {
        let mut page = ada.get(&target).await.expect(200);
        assert_eq!(page["@odata.count"], whole.len());
        walked.append(page["value"].as_array_mut().unwrap());
        let link = page["@odata.nextLink"].as_str().map(str::to_owned);
        next = link.map(|link| link.split_once("/beta").unwrap().1.to_owned());
        next = next.map(|rest| format!("/beta{rest}"));
    }
    assert_eq!(walked, *whole);
    let times: Vec<&str> = whole
        .iter()
        .map(|event| event["id"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted());
}

#[tokio::test]
async fn the_log_of_another_tenant_is_not_shown() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let id = ada.get(EVENTS).await.expect(200)["value"][0]["id"].take();
    let other = server
        .signed_in(&json!({
            "oid": "ada",
            "tid": "11111111-2222-4333-8444-555555555555",
            "wids": ["62e90394-69f5-4237-9190-012177145e10"],
        }))
        .await;
    other
        .post("/beta/privilegedSignupStatus/signUp")
        .await
        .expect(200);
    let all = other.get(EVENTS).await.expect(200);
    assert_eq!(all["value"].as_array().unwrap().len(), 2);
    let path = format!("{EVENTS}/{}", id.as_str().unwrap());
    let own = other.get(&path).await;
    if own.status == 200 {
        assert_ne!(own.json()["tenantId"], DEMO_TENANT);
    }
}
