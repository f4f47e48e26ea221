//! In which order, and page by page.

use pimento_testkit::{Person, TestServer};
use serde_json::json;

use super::{each, furnish, target};
use crate::paths::{ASSIGNMENTS, assignment};

/// Whose assignments these are, page by page.
async fn followed(server: &TestServer, reader: &Person<'_>, query: &str) -> Vec<String> {
    let mut page = reader.get(&target(ASSIGNMENTS, query)).await.expect(200);
    let mut users: Vec<String> = Vec::new();
    loop {
        users.extend(each(&page, "userId").into_iter().map(str::to_owned));
        let Some(link) = page["@odata.nextLink"].as_str() else {
            return users;
        };
        let next = reader.get(link.strip_prefix(&server.url()).unwrap()).await;
        page = next.expect(200);
    }
}

const OURS: &str = "$filter=userId in ('eve','eligible','until-1','until-2','O~Neil')";

#[tokio::test]
async fn null_comes_first_and_where_the_order_descends_last() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    for (order, expected) in [
        (
            "userId desc",
            ["until-2", "until-1", "eve", "eligible", "O~Neil"],
        ),
        (
            "expirationDateTime",
            ["eligible", "eve", "until-1", "until-2", "O~Neil"],
        ),
        (
            "expirationDateTime desc",
            ["O~Neil", "until-2", "until-1", "eve", "eligible"],
        ),
        (
            "isElevated,expirationDateTime desc",
            ["eligible", "O~Neil", "until-2", "until-1", "eve"],
        ),
        (
            "isElevated desc, userId asc",
            ["O~Neil", "eve", "until-1", "until-2", "eligible"],
        ),
        (
            "roleId,ID desc",
            ["until-2", "until-1", "eve", "eligible", "O~Neil"],
        ),
    ] {
        for top in [1, 2, 5, 100] {
            let query = format!("{OURS}&$orderby={order}&$top={top}");
            assert_eq!(followed(&server, &ada, &query).await, expected, "{query}");
        }
    }
}

#[tokio::test]
async fn what_is_skipped_is_skipped_once() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    for (query, expected) in [
        ("$skip=2&$top=2", &["eve", "until-1", "until-2"][..]),
        ("skip=4&$orderby=userId desc&$top=1", &["O~Neil"]),
        ("$skip=5", &[]),
        ("$skip=2147483647", &[]),
        (
            "$skip=0&$top=4",
            &["O~Neil", "eligible", "eve", "until-1", "until-2"],
        ),
    ] {
        let query = format!("{OURS}&{query}");
        assert_eq!(followed(&server, &ada, &query).await, expected, "{query}");
    }
    let counted = target(ASSIGNMENTS, &format!("{OURS}&$skip=3&$count=true"));
    assert_eq!(ada.get(&counted).await.expect(200)["@odata.count"], 5);
}

#[tokio::test]
async fn a_link_repeats_what_was_asked_and_goes_on_from_its_place() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let query = format!(
        "{OURS}&$orderby=expirationDateTime desc&$select=userId&$expand=roleInfo&$skip=1&$top=2"
    );
    let page = ada.get(&target(ASSIGNMENTS, &query)).await.expect(200);
    let link = page["@odata.nextLink"].as_str().unwrap();
    for part in [
        "$filter=",
        "$orderby=",
        "$select=userId",
        "$expand=roleInfo",
        "$top=2",
        "$skiptoken=",
    ] {
        assert!(link.contains(part), "{link}");
    }
    assert!(!link.contains("$skip="), "{link}");
    // What goes between two pages is not on the second, and moves nothing else.
    ada.delete(&assignment(
        "eligible",
        pimento_testkit::role::APPLICATION_ADMINISTRATOR,
    ))
    .await
    .expect(204);
    let next = ada.get(link.strip_prefix(&server.url()).unwrap()).await;
    assert_eq!(each(&next.expect(200), "userId"), ["eve"]);
}

#[tokio::test]
async fn who_is_made_up_at_a_place_sees_no_more_than_the_list_shows() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let role = pimento_testkit::role::APPLICATION_ADMINISTRATOR;
    for (place, expected) in [
        (format!("true~.~_~.eve~.{role}"), 3),
        (format!("true~.~_~.zzz~.{role}"), 3),
        (format!("true~.2999-12-30T22:00:00Z~.a~.{role}"), 0),
        (format!("false~.~_~.a~.{role}"), 5),
    ] {
        let query = format!("{OURS}&$orderby=isElevated,expirationDateTime&$skiptoken={place}");
        let page = ada.get(&target(ASSIGNMENTS, &query)).await.expect(200);
        assert_eq!(each(&page, "userId").len(), expected, "{place}");
    }
    let stranger = server.person("stranger").await;
    let mine = format!("{ASSIGNMENTS}/my");
    let query = format!("$orderby=isElevated&$skiptoken=false~.!~.{role}");
    let page = stranger.get(&target(&mine, &query)).await.expect(200);
    assert_eq!(page["value"], json!([]));
}
