//! Which elements: the documented examples, and each part of the language.

use pimento_testkit::TestServer;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use serde_json::json;

use super::{each, furnish, target};
use crate::paths::{APPROVALS, ASSIGNMENTS, ROLES};

/// Whose assignments these are, in this list, where the demo tenant's own are left out.
async fn found(server: &TestServer, list: &str, filter: &str) -> Vec<String> {
    let ada = server.person("ada").await;
    let page = ada.get(&target(list, &format!("$filter={filter}"))).await;
    let page = page.expect(200);
    let known = ["eve", "eligible", "until-2", "until-1", "O~Neil"];
    let users = each(&page, "userId").into_iter();
    users
        .filter(|user| known.contains(user))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn the_documented_examples_select_by_state() {
    let server = TestServer::dev().await;
    furnish(&server).await;
    for (filter, expected) in [
        (
            "isElevated eq true",
            &["O~Neil", "eve", "until-1", "until-2"][..],
        ),
        (
            "isElevated eq true and expirationDateTime eq null",
            &["eve"],
        ),
        (
            "isElevated eq true and expirationDateTime ne null or isElevated eq false",
            &["O~Neil", "eligible", "until-1", "until-2"],
        ),
        ("not (expirationDateTime gt 2026-01-01)", &[]),
        (
            "(expirationDateTime gt 2026-01-01) ne true",
            &["eligible", "eve"],
        ),
    ] {
        assert_eq!(
            found(&server, ASSIGNMENTS, filter).await,
            expected,
            "{filter}"
        );
    }
}

#[tokio::test]
async fn a_filter_follows_the_clock() {
    let server = TestServer::dev().await;
    furnish(&server).await;
    let active = "isElevated and roleId eq '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'";
    let all = ["eve", "until-1", "until-2"];
    assert_eq!(found(&server, ASSIGNMENTS, active).await, all);
    server.advance("PT59M59.999999S").await;
    assert_eq!(found(&server, ASSIGNMENTS, active).await, all);
    server.advance("PT0.000001S").await;
    assert_eq!(
        found(&server, ASSIGNMENTS, active).await,
        ["eve", "until-2"]
    );
}

/// Filters, and who is found by them.
const PARTS_OF_THE_LANGUAGE: &[(&str, &[&str])] = &[
    ("userId eq 'eve'", &["eve"]),
    ("'eve' eq USERID", &["eve"]),
    (
        "userId in ('eve', 'until-1', 'nobody')",
        &["eve", "until-1"],
    ),
    (
        "not (userId in ('eve')) and startswith(userId,'e')",
        &["eligible"],
    ),
    (
        "contains(userId,'-') and endswith(userId,'1')",
        &["until-1"],
    ),
    ("contains(userId,'~')", &["O~Neil"]),
    ("contains(userId,'%')", &[]),
    ("contains(userId,'''')", &[]),
    ("userId gt 'eve' and userId le 'until-1'", &["until-1"]),
    (
        "expirationDateTime lt 9999-12-31T00:00:00+02:00",
        &["O~Neil", "until-1", "until-2"],
    ),
    (
        "not (expirationDateTime lt 9999-12-31T23:59:59.9999999Z) and roleId ne null",
        &[],
    ),
    ("resultMessage ne null", &[]),
    ("resultMessage eq null and userId eq 'eve'", &["eve"]),
    ("false or userId eq 'eve'", &["eve"]),
    // Of a person's id nothing is folded but a whole GUID.
    ("startswith(userId,'E')", &[]),
    ("(userId) eq ('eve')", &["eve"]),
    ("(userId eq 'eve') eq true", &["eve"]),
    (
        "startswith((userId),'e') eq (true) and (isElevated) ne false",
        &["eve"],
    ),
    ("not (userId) ne 'eve'", &["eve"]),
    ("null eq expirationDateTime and (isElevated)", &["eve"]),
];

#[tokio::test]
async fn each_part_of_the_language_is_understood() {
    let server = TestServer::dev().await;
    furnish(&server).await;
    for (filter, expected) in PARTS_OF_THE_LANGUAGE {
        assert_eq!(
            found(&server, ASSIGNMENTS, filter).await,
            *expected,
            "{filter}"
        );
    }
}

#[tokio::test]
async fn letter_case_does_not_count_in_the_id_of_a_role_nor_in_a_part_of_it() {
    let server = TestServer::dev().await;
    furnish(&server).await;
    let role = USER_ADMINISTRATOR;
    let upper = role.to_uppercase();
    for filter in [
        format!("roleId eq '{role}' and isElevated"),
        format!("roleId eq {role} and isElevated"),
        format!("roleId eq '{upper}' and isElevated"),
        format!("id eq 'O~Neil_{role}'"),
        format!("id in ('O~Neil_{upper}', 'x')"),
        "startswith(id,'O~Neil_')".to_owned(),
        format!("startswith(id,'O~Neil_{}')", &upper[..9]),
        format!("endswith(id,'Neil_{upper}')"),
        format!("contains(id,'eil_{}')", &upper[..4]),
        format!("id ge 'O~Neil_{upper}' and id le 'O~Neil_{upper}'"),
        format!("startswith(roleId,'{}') and isElevated", &upper[..8]),
        format!("endswith(roleId,'{}') and isElevated", &upper[9..]),
        format!("contains(roleId,'{}') and isElevated", &upper[2..30]),
        format!("roleId ge '{upper}' and roleId le '{upper}' and isElevated"),
        format!(
            "roleId gt '{}' and roleId lt 'FF' and isElevated",
            &upper[..35]
        ),
    ] {
        assert_eq!(
            found(&server, ASSIGNMENTS, &filter).await,
            ["O~Neil"],
            "{filter}"
        );
    }
}

#[tokio::test]
async fn a_filter_narrows_each_list_of_assignments_and_its_count() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let of_role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}/assignments");
    assert_eq!(
        found(&server, &of_role, "isElevated eq false").await,
        ["eligible"]
    );
    assert_eq!(
        found(&server, &of_role, "userId eq 'O~Neil'").await,
        [""; 0]
    );
    let query = "$filter=expirationDateTime ne null&$count=true&$top=1";
    let page = ada.get(&target(&of_role, query)).await.expect(200);
    assert_eq!(page["@odata.count"], 2);
    assert_eq!(each(&page, "userId"), ["until-1"]);
    let eve = server.person("eve").await;
    let mine = format!("{ASSIGNMENTS}/my");
    for (filter, expected) in [
        ("isElevated", 1),
        ("isElevated eq false", 0),
        ("userId ne 'eve'", 0),
    ] {
        let page = eve.get(&target(&mine, &format!("$filter={filter}"))).await;
        assert_eq!(each(&page.expect(200), "id").len(), expected, "{filter}");
    }
}

#[tokio::test]
async fn what_is_finer_than_what_is_kept_is_equal_to_nothing_and_lies_between() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let page = ada
        .get(&target(ASSIGNMENTS, "$filter=userId eq 'until-1'"))
        .await;
    let page = page.expect(200);
    let kept = each(&page, "expirationDateTime").remove(0);
    let (seconds, fraction) = kept
        .trim_end_matches('Z')
        .split_once('.')
        .unwrap_or((kept.trim_end_matches('Z'), ""));
    let finer = format!("{seconds}.{fraction:0<6}1Z");
    let padded = format!("{seconds}.{fraction:0<9}Z");
    for (filter, expected) in [
        (format!("expirationDateTime eq {finer}"), 0),
        (format!("expirationDateTime in ({finer})"), 0),
        (format!("expirationDateTime in ({finer},{kept})"), 1),
        (format!("expirationDateTime ne {finer}"), 1),
        (format!("expirationDateTime lt {finer}"), 1),
        (format!("expirationDateTime le {finer}"), 1),
        (format!("expirationDateTime gt {finer}"), 0),
        (format!("expirationDateTime ge {finer}"), 0),
        (format!("{finer} gt expirationDateTime"), 1),
        (format!("expirationDateTime eq {padded}"), 1),
    ] {
        let filter = format!("userId eq 'until-1' and {filter}");
        let found = found(&server, ASSIGNMENTS, &filter).await;
        assert_eq!(found.len(), expected, "{filter}");
    }
}

#[tokio::test]
async fn a_length_that_is_finer_than_what_is_kept_is_equal_to_nothing() {
    let server = TestServer::dev().await;
    let ben = server
        .signed_in(&json!({"oid": "ben", "amr": ["mfa"]}))
        .await;
    let asked = json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help", "approvalDuration": "PT2H"});
    ben.send("POST", APPROVALS, &asked).await.expect(201);
    for (filter, expected) in [
        ("approvalDuration eq duration'PT2H'", 1),
        ("approvalDuration eq duration'PT2H0.0000001S'", 0),
        ("approvalDuration lt duration'PT2H0.0000001S'", 1),
        ("approvalDuration ge duration'PT1H59M59.9999999S'", 1),
        ("approvalDuration le duration'PT1H59M59.9999999S'", 0),
    ] {
        let mine = target(
            &format!("{APPROVALS}/myRequests"),
            &format!("$filter={filter}"),
        );
        let page = ben.get(&mine).await.expect(200);
        assert_eq!(each(&page, "id").len(), expected, "{filter}");
    }
}
