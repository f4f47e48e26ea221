//! Create: every combination of its members, and what it refuses.

use jiff::SignedDuration;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, UNKNOWN};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, State, assignment};

/// Creates an assignment in Application Administrator with these members besides, and answers its state.
async fn create(ada: &Person<'_>, user: &str, members: Value) -> State {
    let mut new = json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR});
    let rest = members.as_object().unwrap().clone();
    new.as_object_mut().unwrap().extend(rest);
    let answer = ada.send("POST", ASSIGNMENTS, &new).await;
    let created = answer.expect(201);
    assert_eq!(created["resultMessage"], Value::Null);
    let state = State::of(&created);
    assert_eq!(
        State::seen_by(ada, user, APPLICATION_ADMINISTRATOR).await,
        state
    );
    state
}

#[tokio::test]
async fn what_is_created_depends_on_is_elevated_and_the_end() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    let after = |hours| (now + SignedDuration::from_hours(hours)).to_string();
    let end = after(30);
    let until = |hours| State::Until(after(hours));
    for (number, (members, expected)) in [
        (json!({}), until(1)),
        (
            json!({"isElevated": null, "expirationDateTime": null}),
            until(1),
        ),
        (json!({"isElevated": true}), State::Permanent),
        (
            json!({"isElevated": true, "expirationDateTime": null}),
            State::Permanent,
        ),
        (
            json!({"isElevated": true, "expirationDateTime": end}),
            until(30),
        ),
        (json!({"expirationDateTime": end}), until(30)),
        (
            json!({"isElevated": null, "expirationDateTime": end}),
            until(30),
        ),
        (json!({"isElevated": false}), State::Eligible),
        (
            json!({"isElevated": false, "expirationDateTime": null}),
            State::Eligible,
        ),
        (
            json!({"type": "x", "id": 7, "resultMessage": [], "isElevated": false}),
            State::Eligible,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let created = create(&ada, &format!("person-{number}"), members.clone()).await;
        assert_eq!(created, expected, "{members}");
    }
}

#[tokio::test]
async fn what_is_created_with_an_end_is_eligible_afterwards() {
    let server = TestServer::dev().await;
    server.freeze().await;
    let ada = server.person("ada").await;
    create(&ada, "dana", json!({})).await;
    server.advance("PT1H").await;
    let seen = State::seen_by(&ada, "dana", APPLICATION_ADMINISTRATOR).await;
    assert_eq!(seen, State::Eligible);
}

#[tokio::test]
async fn an_end_is_read_with_any_offset_and_fraction_and_answered_in_utc() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (number, (sent, answered)) in [
        ("2099-01-01T00:00:00Z", "2099-01-01T00:00:00Z"),
        (
            "2099-01-01T00:01:09.280378+03:00",
            "2098-12-31T21:01:09.280378Z",
        ),
        (
            "2099-01-01T00:00:00.1234567Z",
            "2099-01-01T00:00:00.123456Z",
        ),
        ("2099-01-01T00:00:00.5-11:30", "2099-01-01T11:30:00.5Z"),
    ]
    .into_iter()
    .enumerate()
    {
        let members = json!({"expirationDateTime": sent});
        let created = create(&ada, &format!("person-{number}"), members).await;
        assert_eq!(created, State::Until(answered.to_owned()), "{sent}");
    }
}

#[tokio::test]
async fn an_end_that_cannot_be_is_refused_and_names_the_member() {
    let server = TestServer::dev().await;
    let now = server.freeze().await.to_string();
    let ada = server.person("ada").await;
    for members in [
        json!({"expirationDateTime": "2017-01-01T00:01:09.280378+03:00"}),
        json!({"expirationDateTime": now}),
        json!({"expirationDateTime": "2099-01-01T00:00:00Z", "isElevated": false}),
        json!({"expirationDateTime": "tomorrow"}),
        json!({"expirationDateTime": "2099-01-01"}),
        json!({"expirationDateTime": "2099-01-01T00:00:00"}),
        json!({"expirationDateTime": ""}),
        json!({"expirationDateTime": 4_070_908_800_u64}),
    ] {
        let mut new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR});
        new.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        let error = ada.send("POST", ASSIGNMENTS, &new).await;
        let error = error.refused(400, "invalidRequest");
        assert_eq!(error["target"], "expirationDateTime", "{members} {error}");
    }
    let seen = State::seen_by(&ada, "dana", APPLICATION_ADMINISTRATOR).await;
    assert_eq!(seen, State::Gone);
}

#[tokio::test]
async fn a_pair_that_exists_is_refused_in_whatever_state_it_is() {
    let server = TestServer::dev().await;
    server.freeze().await;
    let ada = server.person("ada").await;
    for (user, elevated) in [("a", json!(true)), ("b", json!(false)), ("c", json!(null))] {
        let before = create(&ada, user, json!({"isElevated": elevated})).await;
        for again in [json!(true), json!(false), json!(null)] {
            let new =
                json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR, "isElevated": again});
            let answer = ada.send("POST", ASSIGNMENTS, &new).await;
            answer.refused(400, "RoleAssignmentExists");
        }
        let after = State::seen_by(&ada, user, APPLICATION_ADMINISTRATOR).await;
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn a_pair_can_be_created_again_once_it_was_removed() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let path = assignment("dana", APPLICATION_ADMINISTRATOR);
    for elevated in [true, false, true] {
        create(&ada, "dana", json!({"isElevated": elevated})).await;
        ada.delete(&path).await.expect(204);
        ada.delete(&path).await.refused(404, "ResourceNotFound");
    }
}

#[tokio::test]
async fn a_role_that_does_not_exist_is_refused_by_its_own_code() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for role in [
        UNKNOWN,
        "User Administrator",
        "",
        "9b895d922cd344c79d02a6ac2d5ea5c3",
    ] {
        let new = json!({"userId": "dana", "roleId": role});
        let error = ada.send("POST", ASSIGNMENTS, &new).await;
        assert_eq!(error.refused(400, "RoleNotFound")["target"], "roleId");
    }
}

#[tokio::test]
async fn a_user_id_that_cannot_be_one_is_refused() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let long = "x".repeat(129);
    for user in [
        "", " ", "d ana", "d/ana", "d\\ana", "d'ana", "d\"ana", "däna", "d\nana", "d\0", &long,
    ] {
        let new = json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR});
        let error = ada.send("POST", ASSIGNMENTS, &new).await;
        assert_eq!(
            error.refused(400, "invalidRequest")["target"],
            "userId",
            "{user:?}"
        );
    }
}

#[tokio::test]
async fn a_member_that_is_needed_and_missing_is_named() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (new, missing) in [
        (json!({"userId": "dana"}), "roleId"),
        (json!({"userId": "dana", "roleId": null}), "roleId"),
        (json!({"roleId": APPLICATION_ADMINISTRATOR}), "userId"),
        (
            json!({"userId": null, "roleId": APPLICATION_ADMINISTRATOR}),
            "userId",
        ),
        (
            json!({"userid": "dana", "roleId": APPLICATION_ADMINISTRATOR}),
            "userId",
        ),
    ] {
        let error = ada.send("POST", ASSIGNMENTS, &new).await;
        let error = error.refused(400, "invalidRequest");
        assert_eq!(error["target"], missing, "{new} {error}");
    }
}

#[tokio::test]
async fn a_created_assignment_is_where_its_location_says_whatever_its_id() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let longest = "x".repeat(128);
    for user in [
        "dana",
        "a_b",
        "d@example.org",
        "a#b?c&d=e%2Ff",
        "{x}|^<y>",
        "my",
        "..",
        "a+b;c,d:e",
        "$~!*()",
        &longest,
    ] {
        let new = json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
        let created = ada.send("POST", ASSIGNMENTS, &new).await;
        let body = created.expect(201);
        assert_eq!(body["userId"], user);
        let location = created.header("location").unwrap();
        let path = location.strip_prefix(&server.url()).unwrap();
        let read = ada.get(path).await;
        assert_eq!(read.expect(200), body, "{location}");
        let role = ada.get(&format!("{path}/roleInfo")).await;
        assert_eq!(role.expect(200)["id"], APPLICATION_ADMINISTRATOR);
        ada.delete(path).await.expect(204);
    }
}

#[tokio::test]
async fn ids_in_the_form_of_a_guid_fold_to_lower_case_and_others_do_not() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let guid = "0F693614-C255-4CF5-92FA-74E770C656D8";
    let new = json!({"userId": guid, "roleId": APPLICATION_ADMINISTRATOR.to_uppercase()});
    let created = ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let expected = format!("{}_{APPLICATION_ADMINISTRATOR}", guid.to_lowercase());
    assert_eq!(created["id"], expected);
    let upper = ada
        .get(&assignment(guid, &APPLICATION_ADMINISTRATOR.to_uppercase()))
        .await;
    assert_eq!(upper.expect(200)["id"], expected);
    ada.send("POST", ASSIGNMENTS, &new)
        .await
        .refused(400, "RoleAssignmentExists");

    create(&ada, "Dana", json!({"isElevated": true})).await;
    create(&ada, "dana", json!({"isElevated": false})).await;
    let seen = State::seen_by(&ada, "Dana", APPLICATION_ADMINISTRATOR).await;
    assert_eq!(seen, State::Permanent);
}

#[tokio::test]
async fn self_means_the_caller_and_answers_have_the_real_id() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for word in ["Self", "self"] {
        let new = json!({"userId": word, "roleId": APPLICATION_ADMINISTRATOR});
        let created = ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
        assert_eq!(created["userId"], "ada");
        let path = assignment("ada", APPLICATION_ADMINISTRATOR);
        ada.delete(&path).await.expect(204);
    }
}

#[tokio::test]
async fn an_end_beyond_what_can_be_kept_is_refused_and_one_before_is_read_back() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let new = |user: &str, end: &str| json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR, "expirationDateTime": end});
    for end in [
        "9999-12-30T22:00:00.5Z",
        "9999-12-30T22:00:00Z",
        "9999-12-31T23:59:59Z",
        "20991231T000000Z",
        "2099-12-31T00:00:00Z[UTC]",
        "2099-12-31",
    ] {
        let refused = ada.send("POST", ASSIGNMENTS, &new("far", end)).await;
        let error = refused.refused(400, "invalidRequest");
        assert_eq!(error["target"], "expirationDateTime", "{end}");
    }
    let last = "9999-12-30T21:59:59.999999Z";
    let created = ada.send("POST", ASSIGNMENTS, &new("far", last)).await;
    assert_eq!(created.expect(201)["expirationDateTime"], last);
    let read = ada.get(&assignment("far", APPLICATION_ADMINISTRATOR)).await;
    assert_eq!(read.expect(200)["expirationDateTime"], last);
    ada.get(ASSIGNMENTS).await.expect(200);
}
