//! Set-up: what completeSetup does, that it happens once, and what it refuses before it changes anything.

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    SECURITY_READER, UNKNOWN, USER_ADMINISTRATOR,
};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dev_mode::dev::Dev;
use crate::paths::{ASSIGNMENTS, ROLES, SIGN_UP_STATUS, State, settings};

const SET_UP: &str = "/beta/privilegedSignupStatus/completeSetup";

/// Ada, who is Global Administrator by her token.
async fn ada(server: &TestServer) -> Person<'_> {
    let claims = json!({"oid": "ada", "wids": [GLOBAL_ADMINISTRATOR]});
    server.signed_in(&claims).await
}

/// The status of the tenant.
async fn status(person: &Person<'_>) -> String {
    let listed = person.get(SIGN_UP_STATUS).await.expect(200);
    listed["value"][0]["status"].as_str().unwrap().to_owned()
}

fn info(info: &Value) -> Value {
    json!({ "tenantSetupInfo": info })
}

fn actions(items: &[(&str, &str, &str)]) -> Value {
    let items = items
        .iter()
        .map(|(user, role, action)| format!("{user}|{role}|{action}"));
    let items: Vec<String> = items.collect();
    info(&json!({"userRolesActions": items.join(";")}))
}

/// What was done of a role: permanent, temporary and removed, each with how many came out and how many did not.
fn counts(of: &Value) -> [(i64, i64); 3] {
    assert_eq!(of["unknownFail"], 0);
    ["permanent", "temporary", "remove"].map(|kind| {
        let count = |suffix| of[format!("{kind}{suffix}")].as_i64().unwrap();
        (count("Success"), count("Fail"))
    })
}

async fn is_state(reader: &Person<'_>, user: &str, role: &str, expected: State) {
    assert_eq!(State::seen_by(reader, user, role).await, expected, "{user}");
}

/// What the newest three events tell, and of whom, the newest first.
async fn newest(person: &Person<'_>) -> Vec<(String, String)> {
    let events = person
        .get("/beta/privilegedOperationEvents?$top=1000")
        .await;
    let events = events.expect(200)["value"].take();
    let last = events.as_array().unwrap().iter().rev().take(3);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    last.map(|event| (text(&event["requestType"]), text(&event["userId"])))
        .collect()
}

#[tokio::test]
async fn it_settles_roles_and_people_and_is_then_completed() {
    let server = TestServer::dev().await;
    let ada = ada(&server).await;
    assert_eq!(status(&ada).await, "registeredSetupNotStarted");
    let body = info(&json!({
        "id": null, "firstTimeSetup": true, "skipSetup": false, "setupStatus": "registeredSetupNotStarted",
        "relevantRolesSettings": [USER_ADMINISTRATOR.to_uppercase(), APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR],
        "defaultRolesSettings": {"id": UNKNOWN, "maxElavationDuration": "PT4H", "ticketingInfoOnElevation": true},
        "userRolesActions": format!(
            "dana|{SECURITY_READER}|Permanent; eve|{SECURITY_READER}|temporary;cleo|{SECURITY_READER}|REMOVE;"
        ),
    }));
    let done = ada.send("POST", SET_UP, &body).await.expect(200);
    let context = done["@odata.context"].as_str().unwrap();
    assert!(context.ends_with("$metadata#Collection(microsoft.graph.roleSuccessStatistics)"));
    let of: Vec<_> = done["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            (
                of["roleId"].as_str().unwrap(),
                of["roleName"].as_str().unwrap(),
                counts(of),
            )
        })
        .collect();
    let nothing = [(0, 0); 3];
    assert_eq!(
        of,
        [
            (SECURITY_READER, "Security Reader", [(1, 0), (1, 0), (1, 0)]),
            (
                APPLICATION_ADMINISTRATOR,
                "Application Administrator",
                nothing
            ),
            (USER_ADMINISTRATOR, "User Administrator", nothing),
        ]
    );
    is_state(&ada, "dana", SECURITY_READER, State::Permanent).await;
    is_state(&ada, "eve", SECURITY_READER, State::Eligible).await;
    is_state(&ada, "cleo", SECURITY_READER, State::Gone).await;
    for role in [USER_ADMINISTRATOR, APPLICATION_ADMINISTRATOR] {
        let set = ada.get(&settings(role)).await.expect(200);
        assert_eq!(set["maxElavationDuration"], "PT4H");
        assert_eq!(set["minElevationDuration"], "PT30M");
        assert_eq!(set["ticketingInfoOnElevation"], true);
    }
    assert_eq!(status(&ada).await, "registrationAndSetupCompleted");
    assert_eq!(
        newest(&ada).await,
        [("Unassign", "cleo"), ("Assign", "eve"), ("Assign", "dana")]
            .map(|(what, whom)| (what.to_owned(), whom.to_owned()))
    );
}

#[tokio::test]
async fn it_happens_once() {
    let server = TestServer::dev().await;
    let ada = ada(&server).await;
    let skip =
        json!({"skipSetup": true, "userRolesActions": format!("dana|{SECURITY_READER}|Permanent")});
    let done = ada.send("POST", SET_UP, &info(&skip)).await.expect(200);
    assert_eq!(done["value"], json!([]));
    assert_eq!(status(&ada).await, "registrationAndSetupCompleted");
    for body in [
        info(&skip),
        actions(&[("dana", SECURITY_READER, "Permanent")]),
    ] {
        let again = ada.send("POST", SET_UP, &body).await;
        again.refused(400, "SetupAlreadyCompleted");
    }
    is_state(&ada, "dana", SECURITY_READER, State::Gone).await;
}

#[tokio::test]
async fn of_two_at_once_one_is_carried_out_and_the_other_refused() {
    let server = TestServer::dev().await;
    let ada = ada(&server).await;
    let plan = |user| {
        actions(&[
            (user, SECURITY_READER, "Permanent"),
            (user, USER_ADMINISTRATOR, "Temporary"),
        ])
    };
    let (dana, eve) = (plan("dana"), plan("eve"));
    let (one, other) = tokio::join!(
        ada.send("POST", SET_UP, &dana),
        ada.send("POST", SET_UP, &eve)
    );
    let (done, refused, skipped) = if one.status == 200 {
        (one, other, "eve")
    } else {
        (other, one, "dana")
    };
    assert_eq!(done.expect(200)["value"].as_array().unwrap().len(), 2);
    refused.refused(400, "SetupAlreadyCompleted");
    for role in [SECURITY_READER, USER_ADMINISTRATOR] {
        is_state(&ada, skipped, role, State::Gone).await;
    }
}

#[tokio::test]
async fn what_a_rule_refuses_is_counted_and_leaves_the_rest_going() {
    let server = TestServer::dev().await;
    let ada = ada(&server).await;
    let body = actions(&[
        ("ada", PRIVILEGED_ROLE_ADMINISTRATOR, "Remove"),
        ("nobody", SECURITY_READER, "Remove"),
        ("ben", USER_ADMINISTRATOR, "Temporary"),
        ("ben", USER_ADMINISTRATOR, "Permanent"),
        ("dana", USER_ADMINISTRATOR, "Permanent"),
    ]);
    let done = ada.send("POST", SET_UP, &body).await.expect(200);
    let of = |role: &str| {
        let all = done["value"].as_array().unwrap().iter();
        counts(all.clone().find(|of| of["roleId"] == role).unwrap())
    };
    assert_eq!(of(PRIVILEGED_ROLE_ADMINISTRATOR), [(0, 0), (0, 0), (0, 1)]);
    assert_eq!(of(SECURITY_READER), [(0, 0), (0, 0), (0, 1)]);
    assert_eq!(of(USER_ADMINISTRATOR), [(2, 0), (1, 0), (0, 0)]);
    is_state(&ada, "ada", PRIVILEGED_ROLE_ADMINISTRATOR, State::Permanent).await;
    is_state(&ada, "ben", USER_ADMINISTRATOR, State::Permanent).await;
    is_state(&ada, "dana", USER_ADMINISTRATOR, State::Permanent).await;
}

#[tokio::test]
async fn self_and_ids_with_bars_name_people() {
    let server = TestServer::dev().await;
    let ada = ada(&server).await;
    let body = actions(&[
        ("self", SECURITY_READER, "Permanent"),
        ("a|b|c", SECURITY_READER, "Permanent"),
    ]);
    ada.send("POST", SET_UP, &body).await.expect(200);
    for user in ["ada", "a|b|c"] {
        let listed = ada
            .get(&format!("{ROLES}/{SECURITY_READER}/assignments"))
            .await;
        let listed = listed.expect(200)["value"].take();
        let held = listed
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["userId"] == user);
        assert!(held, "{user}");
    }
}

/// What is refused as `tenantSetupInfo`, with which code and which of its members in `target`.
#[rustfmt::skip]
fn wrong() -> Vec<(Value, &'static str, &'static str)> {
    const INVALID: &str = "invalidRequest";
    const NO_ROLE: &str = "RoleNotFound";
    const ITEMS: &str = "userRolesActions";
    const ROLES: &str = "relevantRolesSettings";
    let good = GOOD;
    let item = |item: &str| json!({ITEMS: format!("{good}{item}")});
    let limits = |limits: Value| json!({ITEMS: good, ROLES: [USER_ADMINISTRATOR], "defaultRolesSettings": limits});
    vec![
        (Value::Null, INVALID, ""),
        (json!([]), INVALID, ""),
        (json!([null, null, true, null, null, null, null]), INVALID, ""),
        (json!("skip"), INVALID, ""),
        (json!({"setupStatus": "weird"}), INVALID, ".setupStatus"),
        (json!({"setupStatus": ""}), INVALID, ".setupStatus"),
        (json!({"defaultRolesSettings": []}), INVALID, ".defaultRolesSettings"),
        (json!({"skipSetup": "yes"}), INVALID, ".skipSetup"),
        (json!({"skipSetup": true, ITEMS: "x"}), INVALID, ".userRolesActions"),
        (json!({ITEMS: []}), INVALID, ".userRolesActions"),
        (item("dana"), INVALID, ".userRolesActions"),
        (item("dana|Permanent"), INVALID, ".userRolesActions"),
        (item(&format!("d a|{SECURITY_READER}|Permanent")), INVALID, ".userRolesActions"),
        (item(&format!("dana|{SECURITY_READER}|Eternal")), INVALID, ".userRolesActions"),
        (item("dana|reader|Permanent"), NO_ROLE, ".userRolesActions"),
        (item(&format!("dana|{UNKNOWN}|Permanent")), NO_ROLE, ".userRolesActions"),
        (json!({ITEMS: good.repeat(1_001)}), INVALID, ".userRolesActions"),
        (json!({ITEMS: good, ROLES: ["reader"]}), NO_ROLE, ".relevantRolesSettings"),
        (json!({ITEMS: good, ROLES: [UNKNOWN]}), NO_ROLE, ".relevantRolesSettings"),
        (json!({ROLES: vec![USER_ADMINISTRATOR; 1_001]}), INVALID, ".relevantRolesSettings"),
        (limits(json!({"mfaOnElevation": 7})), INVALID, ".defaultRolesSettings.mfaOnElevation"),
        (limits(json!({"elevationDuration": "soon"})), INVALID, ".defaultRolesSettings.elevationDuration"),
        (limits(json!({"elevationDuration": "PT9H"})), INVALID, ".defaultRolesSettings.elevationDuration"),
        (limits(json!({"maxElavationDuration": "PT73H"})), INVALID, ".defaultRolesSettings.maxElavationDuration"),
        (limits(json!({"minElevationDuration": "PT1M"})), INVALID, ".defaultRolesSettings.minElevationDuration"),
        (limits(json!({"approverIds": ["d a"]})), INVALID, ".defaultRolesSettings.approverIds"),
    ]
}

/// An action with which nothing is wrong.
const GOOD: &str = "dana|5d6b6bb7-de71-4623-b4af-96380a352509|Permanent;";

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_changed() {
    let server = TestServer::dev().await;
    let ada = ada(&server).await;
    for (sent, code, target) in wrong() {
        let answer = ada.send("POST", SET_UP, &info(&sent)).await;
        let error = answer.refused(400, code);
        let expected = format!("tenantSetupInfo{target}");
        assert_eq!(error["target"], expected, "{error}");
        if sent.is_array() {
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("must be an object"), "{message}");
        }
    }
    is_state(&ada, "dana", SECURITY_READER, State::Gone).await;
    assert_eq!(status(&ada).await, "registeredSetupNotStarted");
    // A thousand are not too many, nor is it wrong to say the same again.
    let most = info(&json!({"userRolesActions": GOOD.repeat(1_000)}));
    let done = ada.send("POST", SET_UP, &most).await.expect(200);
    assert_eq!(counts(&done["value"][0])[0], (1_000, 0));
}

#[tokio::test]
async fn whoever_holds_global_administrator_in_pimento_may_and_an_administrator_of_roles_may_not() {
    let server = TestServer::dev().await;
    let plain = server.person("ada").await;
    let nothing = info(&json!({"skipSetup": true}));
    let refused = plain.send("POST", SET_UP, &nothing).await;
    refused.refused(403, "Authorization_RequestDenied");
    let new = json!({"userId": "gus", "roleId": GLOBAL_ADMINISTRATOR, "isElevated": true});
    plain.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let gus = server.person("gus").await;
    gus.send("POST", SET_UP, &nothing).await.expect(200);
}

/// What a killed server's database says of its set-up, and how many hold the role.
async fn standing(dev: &Dev) -> (Value, u64) {
    let call = dev.as_ada("GET", SIGN_UP_STATUS).await;
    let status = call.send().await.expect(200)["value"][0]["status"].take();
    let summary = format!("{ROLES}/{SECURITY_READER}/summary");
    let call = dev.as_ada("GET", &summary).await;
    let users = call.send().await.expect(200)["usersCount"].as_u64();
    (status, users.unwrap())
}

#[tokio::test]
async fn a_server_that_is_killed_in_the_middle_leaves_it_in_progress_and_it_can_be_repeated() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::on(folder.path()).await;
    let users: Vec<String> = (0..300).map(|number| format!("user{number}")).collect();
    let items: Vec<_> = users
        .iter()
        .map(|user| (user.as_str(), SECURITY_READER, "Temporary"))
        .collect();
    let body = actions(&items);
    let claims = json!({"oid": "ada", "wids": [GLOBAL_ADMINISTRATOR]});
    let token = dev.token(claims.clone()).await;
    // Nobody waits for the answer, which never comes.
    let call = dev.call("POST", SET_UP).bearer(&token).json(&body);
    let asking = tokio::spawn(call.send_to_the_dying());
    while standing(&dev).await.0 == "registeredSetupNotStarted" {}
    dev.program.kill().await;
    assert!(asking.await.unwrap().is_none());

    let again = Dev::on(folder.path()).await;
    let (status, held) = standing(&again).await;
    assert_eq!(status, "registeredSetupInProgress");
    // Cleo holds it besides.
    assert!((2..301).contains(&held), "{held}");
    let token = again.token(claims).await;
    let repeated = again.call("POST", SET_UP).bearer(&token).json(&body);
    let done = repeated.send().await.expect(200);
    assert_eq!(counts(&done["value"][0])[1], (300, 0));
    assert_eq!(
        standing(&again).await,
        (json!("registrationAndSetupCompleted"), 301)
    );
    again.stop().await;
}
