//! Settings: what can be changed, and that a refusal changes nothing.

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_READER, UNKNOWN,
    USER_ADMINISTRATOR,
};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::settings;

async fn read(reader: &Person<'_>, role: &str) -> Value {
    let mut shown = reader.get(&settings(role)).await.expect(200);
    shown.as_object_mut().unwrap().remove("@odata.context");
    shown
}

/// The settings of a role that nobody changed, but for these members.
fn untouched_but(role: &str, changes: Value) -> Value {
    let mut settings = json!({
        "id": role, "minElevationDuration": "PT30M", "maxElavationDuration": "PT8H", "elevationDuration": "PT1H",
        "notificationToUserOnElevation": false, "ticketingInfoOnElevation": false, "mfaOnElevation": false,
        "isMfaOnElevationConfigurable": true, "lastGlobalAdmin": false, "approvalOnElevation": false, "approverIds": [],
    });
    let changes = changes.as_object().unwrap().clone();
    settings.as_object_mut().unwrap().extend(changes);
    settings
}

#[tokio::test]
async fn settings_that_nobody_changed_have_the_documented_values() {
    let server = TestServer::dev().await;
    let cleo = server.person("cleo").await;
    let free = read(&cleo, APPLICATION_ADMINISTRATOR).await;
    assert_eq!(free, untouched_but(APPLICATION_ADMINISTRATOR, json!({})));
    let pinned = json!({"mfaOnElevation": true, "isMfaOnElevationConfigurable": false});
    for role in [USER_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR] {
        let shown = read(&cleo, role).await;
        assert_eq!(shown, untouched_but(role, pinned.clone()));
    }
}

#[tokio::test]
async fn put_and_patch_change_what_is_sent_and_keep_the_rest() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (method, role) in [
        ("PUT", APPLICATION_ADMINISTRATOR),
        ("PATCH", SECURITY_READER),
    ] {
        let mut expected = json!({});
        for change in [
            json!({"ticketingInfoOnElevation": true}),
            json!({"elevationDuration": "PT2H"}),
            json!({"maxElavationDuration": "PT24H", "minElevationDuration": "PT1H"}),
            json!({"mfaOnElevation": true, "notificationToUserOnElevation": true}),
            json!({"approverIds": ["ben", "Cleo"]}),
            json!({"ticketingInfoOnElevation": false, "approverIds": []}),
        ] {
            let answer = ada.send(method, &settings(role), &change).await;
            assert_eq!(answer.expect(204), Value::Null);
            let change = change.as_object().unwrap().clone();
            expected.as_object_mut().unwrap().extend(change);
            let shown = read(&ada, role).await;
            assert_eq!(shown, untouched_but(role, expected.clone()), "{method}");
        }
    }
}

#[tokio::test]
async fn members_that_change_nothing_are_let_pass() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let role = APPLICATION_ADMINISTRATOR;
    for (method, change) in [
        ("PUT", json!({})),
        ("PATCH", json!({})),
        ("PATCH", json!({"id": role})),
        ("PUT", json!({"id": role.to_uppercase()})),
        (
            "PATCH",
            json!({"isMfaOnElevationConfigurable": false, "lastGlobalAdmin": true}),
        ),
        ("PATCH", json!({"approvalOnElevation": false})),
        (
            "PUT",
            json!({"colour": "red", "@odata.type": "#microsoft.graph.privilegedRoleSettings"}),
        ),
        (
            "PATCH",
            json!({
                "id": null, "minElevationDuration": null, "maxElavationDuration": null, "elevationDuration": null,
                "notificationToUserOnElevation": null, "ticketingInfoOnElevation": null, "mfaOnElevation": null,
                "isMfaOnElevationConfigurable": null, "lastGlobalAdmin": null, "approvalOnElevation": null,
                "approverIds": null,
            }),
        ),
    ] {
        ada.send(method, &settings(role), &change).await.expect(204);
        assert_eq!(
            read(&ada, role).await,
            untouched_but(role, json!({})),
            "{change}"
        );
    }
}

#[tokio::test]
async fn durations_are_read_in_each_spelling_and_zero_is_the_widest_limit() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let role = APPLICATION_ADMINISTRATOR;
    for (change, expected) in [
        (
            json!({"elevationDuration": "2:00:00"}),
            json!({"elevationDuration": "PT2H"}),
        ),
        (
            json!({"elevationDuration": "PT90M"}),
            json!({"elevationDuration": "PT1H30M"}),
        ),
        (
            json!({"minElevationDuration": "PT0S", "maxElavationDuration": "PT0S"}),
            json!({"elevationDuration": "PT1H30M", "maxElavationDuration": "PT72H"}),
        ),
        (
            json!({"maxElavationDuration": "1 day, 2:00:00", "elevationDuration": "P1D"}),
            json!({"elevationDuration": "PT24H", "maxElavationDuration": "PT26H"}),
        ),
        (
            json!({"minElevationDuration": "0:00:00", "maxElavationDuration": "0:00:00", "elevationDuration": "P3D"}),
            json!({"elevationDuration": "PT72H", "maxElavationDuration": "PT72H"}),
        ),
    ] {
        ada.send("PATCH", &settings(role), &change)
            .await
            .expect(204);
        assert_eq!(
            read(&ada, role).await,
            untouched_but(role, expected),
            "{change}"
        );
    }
}

/// Members, and values that they cannot have.
fn wrong_members() -> Vec<(&'static str, Value)> {
    let too_many: Vec<String> = (0..101).map(|number| format!("person-{number}")).collect();
    vec![
        ("minElevationDuration", json!("PT29M")),
        ("minElevationDuration", json!("PT9H")),
        ("maxElavationDuration", json!("PT72H1S")),
        ("maxElavationDuration", json!("2017-01-01T00:00:00Z")),
        ("elevationDuration", json!("PT8H1S")),
        ("elevationDuration", json!("PT29M")),
        ("elevationDuration", json!("PT0S")),
        ("elevationDuration", json!("-PT1H")),
        ("elevationDuration", json!("1")),
        ("elevationDuration", json!("")),
        ("elevationDuration", json!("P1Y")),
        ("elevationDuration", json!(3600)),
        ("id", json!(UNKNOWN)),
        ("id", json!("none")),
        ("id", json!(1)),
        ("mfaOnElevation", json!("true")),
        ("isMfaOnElevationConfigurable", json!(1)),
        ("lastGlobalAdmin", json!([])),
        ("ticketingInfoOnElevation", json!({})),
        ("notificationToUserOnElevation", json!(0)),
        ("approverIds", json!("ada")),
        ("approverIds", json!(["a b"])),
        ("approverIds", json!([7])),
        ("approverIds", json!(too_many)),
    ]
}

#[tokio::test]
async fn each_refusal_names_the_member_and_changes_nothing() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let role = APPLICATION_ADMINISTRATOR;
    for (member, value) in wrong_members() {
        // A good member beside the bad one must not be taken either.
        let mut change =
            json!({"notificationToUserOnElevation": true, "maxElavationDuration": "PT8H"});
        change[member] = value;
        for method in ["PUT", "PATCH"] {
            let answer = ada.send(method, &settings(role), &change).await;
            let error = answer.refused(400, "invalidRequest");
            let target = error["target"].as_str().unwrap();
            assert!(target.starts_with(member), "{change} {error}");
        }
    }
    assert_eq!(read(&ada, role).await, untouched_but(role, json!({})));
}

#[tokio::test]
async fn approval_is_switched_on_and_off_with_its_approvers() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for role in [APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR] {
        let before = read(&ada, role).await;
        for method in ["PUT", "PATCH"] {
            for (change, approval, approvers) in [
                (
                    json!({"approvalOnElevation": true, "approverIds": ["cleo", "dana"]}),
                    true,
                    json!(["cleo", "dana"]),
                ),
                (json!({"approverIds": []}), true, json!([])),
                (json!({"approvalOnElevation": false}), false, json!([])),
            ] {
                let answer = ada.send(method, &settings(role), &change).await;
                answer.expect(204);
                let shown = read(&ada, role).await;
                assert_eq!(shown["approvalOnElevation"], approval, "{change}");
                assert_eq!(shown["approverIds"], approvers, "{change}");
            }
        }
        assert_eq!(read(&ada, role).await, before);
    }
}

#[tokio::test]
async fn mfa_that_is_pinned_stays_on_whatever_is_sent() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let change = json!({"mfaOnElevation": false, "isMfaOnElevationConfigurable": true});
    ada.send("PUT", &settings(USER_ADMINISTRATOR), &change)
        .await
        .expect(204);
    let shown = read(&ada, USER_ADMINISTRATOR).await;
    assert_eq!(
        (
            &shown["mfaOnElevation"],
            &shown["isMfaOnElevationConfigurable"]
        ),
        (&json!(true), &json!(false))
    );
    let wrong_type = json!({"mfaOnElevation": "off"});
    let error = ada
        .send("PATCH", &settings(USER_ADMINISTRATOR), &wrong_type)
        .await;
    assert_eq!(
        error.refused(400, "invalidRequest")["target"],
        "mfaOnElevation"
    );
}

#[tokio::test]
async fn settings_of_one_role_are_no_other_roles_and_no_other_tenants() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let change = json!({"ticketingInfoOnElevation": true});
    ada.send("PATCH", &settings(APPLICATION_ADMINISTRATOR), &change)
        .await
        .expect(204);
    let other = read(&ada, SECURITY_READER).await;
    assert_eq!(other, untouched_but(SECURITY_READER, json!({})));

    let founder = crate::sign_up::founder(&server).await;
    let theirs = read(&founder, APPLICATION_ADMINISTRATOR).await;
    assert_eq!(theirs, untouched_but(APPLICATION_ADMINISTRATOR, json!({})));
}
