//! Lists come in pages that fit together without gaps and doubles.

mod answered;

use pimento_client::{graph_beta, paging};
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, ROLES, SIGN_UP_STATUS};

const OPTION: &str = "Request_UnsupportedQuery";

/// A server where the list of each kind has several pages, and somebody who may read all.
async fn furnish(server: &TestServer) -> Person<'_> {
    let ada = server.person("ada").await;
    for number in 0..9 {
        let user = format!("person-{}", (number * 7) % 9);
        let new = json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    let roles = ada.get(&format!("{ROLES}?$top=5")).await.expect(200);
    for role in roles["value"].as_array().unwrap() {
        let new = json!({"userId": "ada", "roleId": role["id"], "isElevated": false});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    ada
}

/// All lists, with how many elements they have then.
fn lists() -> [(String, usize); 4] {
    [
        (ROLES.to_owned(), 145),
        (ASSIGNMENTS.to_owned(), 18),
        (
            format!("{ROLES}/{APPLICATION_ADMINISTRATOR}/assignments"),
            9,
        ),
        (format!("{ASSIGNMENTS}/my"), 7),
    ]
}

fn value(page: &Value) -> Vec<Value> {
    page["value"].as_array().unwrap().clone()
}

/// All elements, by following the links as they are, and how many pages there were.
async fn follow(
    server: &TestServer,
    reader: &Person<'_>,
    first: &str,
    prefer: Option<&str>,
) -> (Vec<Value>, usize) {
    let mut call = reader.call("GET", first);
    if let Some(prefer) = prefer {
        call = call.header("Prefer", prefer);
    }
    let mut page = call.send().await.expect(200);
    let (mut elements, mut pages) = (value(&page), 1);
    while let Some(link) = page["@odata.nextLink"].as_str().map(str::to_owned) {
        let path = link.strip_prefix(&server.url()).unwrap();
        page = reader.get(path).await.expect(200);
        assert!(
            !value(&page).is_empty(),
            "a link leads to an empty page: {link}"
        );
        elements.extend(value(&page));
        pages += 1;
    }
    (elements, pages)
}

#[tokio::test]
async fn pages_fit_together_without_gaps_and_doubles() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    for (list, length) in lists() {
        let whole = value(&ada.get(&format!("{list}?$top=1000")).await.expect(200));
        assert_eq!(whole.len(), length, "{list}");
        let keys: Vec<_> = whole
            .iter()
            .map(|one| {
                (
                    one["userId"].as_str(),
                    one["roleId"].as_str(),
                    one["id"].as_str(),
                )
            })
            .collect();
        assert!(
            keys.windows(2).all(|pair| pair[0] < pair[1]),
            "{list} is not in order"
        );
        for size in [1, 2, length - 1, length, length + 1] {
            let (elements, pages) =
                follow(&server, &ada, &format!("{list}?$top={size}"), None).await;
            assert_eq!(elements, whole, "{list} {size}");
            assert_eq!(pages, length.div_ceil(size), "{list} {size}");
        }
    }
}

#[tokio::test]
async fn a_page_has_100_elements_unless_somebody_says_otherwise() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let page = ada.get(ROLES).await.expect(200);
    assert_eq!(value(&page).len(), 100);
    assert_eq!(page["@odata.count"], Value::Null);
    let (all, pages) = follow(&server, &ada, ROLES, None).await;
    assert_eq!((all.len(), pages), (145, 2));
}

#[tokio::test]
async fn a_preferred_page_size_holds_for_all_pages_though_it_is_not_repeated() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    for (list, length) in lists() {
        for prefer in [
            "odata.maxpagesize=2",
            "respond-async, odata.maxpagesize=2; x=y",
            "maxpagesize=2",
            "ODATA.MaxPageSize=\"2\"",
        ] {
            let (elements, pages) = follow(&server, &ada, &list, Some(prefer)).await;
            assert_eq!(
                (elements.len(), pages),
                (length, length.div_ceil(2)),
                "{list} {prefer}"
            );
        }
        let (_, pages) = follow(
            &server,
            &ada,
            &format!("{list}?$top=3"),
            Some("odata.maxpagesize=2"),
        )
        .await;
        assert_eq!(pages, length.div_ceil(2), "{list}");
        let (_, pages) = follow(
            &server,
            &ada,
            &format!("{list}?$top=2"),
            Some("odata.maxpagesize=500"),
        )
        .await;
        assert_eq!(pages, length.div_ceil(2), "{list}");
        for (prefer, expected) in [
            ("return=representation", length.min(100)),
            ("odata.maxpagesize=x", length.min(100)),
            ("", length.min(100)),
            // A preference is never an error: what is out of bounds is brought within.
            ("odata.maxpagesize=0", 1),
            ("odata.maxpagesize=5000", length),
        ] {
            let answer = ada.call("GET", &list).header("Prefer", prefer).send().await;
            assert_eq!(
                value(&answer.expect(200)).len(),
                expected,
                "{list} {prefer}"
            );
        }
    }
}

#[tokio::test]
async fn the_count_is_of_the_whole_list_on_every_page() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    for (list, length) in lists() {
        let page = ada
            .get(&format!("{list}?$top=4&$count=true"))
            .await
            .expect(200);
        assert_eq!(page["@odata.count"], length, "{list}");
        let link = page["@odata.nextLink"].as_str().unwrap();
        assert!(
            link.contains("count=true") && link.contains("top=4"),
            "{link}"
        );
        let next = ada
            .get(link.strip_prefix(&server.url()).unwrap())
            .await
            .expect(200);
        assert_eq!(next["@odata.count"], length, "{list}");
        for without in ["$count=false", "x=y"] {
            let page = ada.get(&format!("{list}?{without}")).await.expect(200);
            assert_eq!(page.get("@odata.count"), None, "{without}");
        }
    }
}

#[tokio::test]
async fn options_are_read_in_every_spelling() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for query in [
        "$top=2&$count=true",
        "%24top=2&%24count=true",
        "top=2&count=true",
        "$TOP=2&$Count=TRUE",
        "%24%74op=%32&count=True",
        "&&$top=2&&$count=true&",
    ] {
        let first = format!("{ROLES}?{query}");
        let page = ada.get(&first).await.expect(200);
        assert_eq!(
            (value(&page).len(), &page["@odata.count"]),
            (2, &json!(145)),
            "{query}"
        );
        let (all, pages) = follow(&server, &ada, &first, None).await;
        assert_eq!((all.len(), pages), (145, 73), "{query}");
    }
}

#[tokio::test]
async fn a_link_is_absolute_and_begins_with_the_url_that_was_called() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for called in [
        "/beta/privilegedRoles?$top=2&mine=a%20b",
        "/BETA/PrivilegedRoles/?%24top=2&mine=a%20b",
    ] {
        let page = ada.get(called).await.expect(200);
        let link = page["@odata.nextLink"].as_str().unwrap();
        let (path, _) = called.split_once('?').unwrap();
        assert!(
            link.starts_with(&format!("{}{path}?", server.url())),
            "{link}"
        );
        assert!(link.contains("mine=a%20b"), "{link}");
    }
}

#[tokio::test]
async fn an_option_with_a_wrong_value_is_refused_and_named() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (query, option) in [
        ("$top=0", "$top"),
        ("$top=1001", "$top"),
        ("$top=-1", "$top"),
        ("$top=%2B5", "$top"),
        ("$top=ten", "$top"),
        ("$top=", "$top"),
        ("$top", "$top"),
        ("top=1.5", "$top"),
        ("$top=99999999999999999999", "$top"),
        ("$top=1&top=2", "$top"),
        ("$count=maybe", "$count"),
        ("$count=1", "$count"),
        ("$count=", "$count"),
        ("$skiptoken=", "$skiptoken"),
        ("$skiptoken=x", "$skiptoken"),
        ("$skiptoken=a_b", "$skiptoken"),
        ("$skiptoken=%00", "$skiptoken"),
        ("$format=xml", "$format"),
    ] {
        for (list, _) in lists() {
            let error = ada.get(&format!("{list}?{query}")).await;
            assert_eq!(error.status, 400, "{list}?{query}");
            let target = error.refused(400, OPTION)["target"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            assert_eq!(target, option, "{list}?{query}");
        }
    }
    let long = format!("{ASSIGNMENTS}?$skiptoken={}", "x".repeat(2001));
    ada.get(&long).await.refused(400, OPTION);
}

#[tokio::test]
async fn options_that_are_not_supported_are_refused_and_others_are_ignored() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for query in [
        "$filter=name%20eq%20'x'",
        "filter=x",
        "%24FILTER=x",
        "$orderby=id",
        "orderby=id",
        "$select=id,name",
        "select=id",
        "$expand=summary",
        "$skip=5",
        "skip=5",
    ] {
        let path = format!("{SIGN_UP_STATUS}/isSignedUp?{query}");
        let refused = ada.get(&path).await;
        refused.refused(400, OPTION);
    }
    for (list, _) in lists() {
        for query in [
            "$compute=x",
            "$apply=x",
            "$nonsense=x",
            "$",
            "$top=1&$filter=x",
        ] {
            ada.get(&format!("{list}?{query}"))
                .await
                .refused(400, OPTION);
        }
        for query in [
            "nonsense=1",
            "api-version=beta",
            "toppings=all",
            "=",
            "&",
            "a=b=c",
            "%C3%A4=%F0%9F%98%80",
        ] {
            ada.get(&format!("{list}?{query}")).await.expect(200);
        }
        for query in ["$filter=((((", "a=%", "a=%zz", "a=%ff", "%ff=a"] {
            ada.get(&format!("{list}?{query}"))
                .await
                .refused(400, OPTION);
        }
        let deep = format!("{list}?$filter={}", "(".repeat(15_000));
        ada.get(&deep).await.refused(400, OPTION);
    }
}

#[tokio::test]
async fn a_position_that_was_made_up_shows_nothing_that_the_list_would_not() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let whole = value(&ada.get(ASSIGNMENTS).await.expect(200));
    for (after, rest) in [("aaa", 18), ("person-4", 4), ("person-40", 4), ("zzz", 0)] {
        let made_up = format!("{ASSIGNMENTS}?$skiptoken={after}~.{APPLICATION_ADMINISTRATOR}");
        let page = ada.get(&made_up).await.expect(200);
        assert_eq!(value(&page), whole[whole.len() - rest..], "{after}");
    }
    // A position in a list of everybody's opens nobody's eyes.
    let cleo = server.person("stranger").await;
    let mine = format!("{ASSIGNMENTS}/my?$skiptoken=aaa~.{APPLICATION_ADMINISTRATOR}");
    assert_eq!(
        value(&cleo.get(&mine).await.expect(200)),
        Vec::<Value>::new()
    );
    let all = format!("{ASSIGNMENTS}?$skiptoken=aaa~.{APPLICATION_ADMINISTRATOR}");
    cleo.get(&all)
        .await
        .refused(403, "Authorization_RequestDenied");
}

#[tokio::test]
async fn what_changes_between_two_pages_neither_repeats_nor_hides_the_rest() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let list = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}/assignments?$top=3");
    let first = ada.get(&list).await.expect(200);
    let users = |page: &Value| {
        value(page)
            .iter()
            .map(|one| one["userId"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(users(&first), ["person-0", "person-1", "person-2"]);
    for gone in ["person-2", "person-4"] {
        ada.delete(&crate::paths::assignment(gone, APPLICATION_ADMINISTRATOR))
            .await
            .expect(204);
    }
    let new = json!({"userId": "person-25", "roleId": APPLICATION_ADMINISTRATOR});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let link = first["@odata.nextLink"].as_str().unwrap();
    let second = ada
        .get(link.strip_prefix(&server.url()).unwrap())
        .await
        .expect(200);
    assert_eq!(users(&second), ["person-25", "person-3", "person-5"]);
}

#[tokio::test]
async fn the_generated_client_streams_a_list_over_its_pages() {
    let server = TestServer::dev().await;
    let client = furnish(&server).await.client();
    let graph = client.graph();
    let mut roles = paging::items(graph, graph.list_roles().top(10).send());
    let mut names = Vec::new();
    while let Some(role) = roles.try_next().await.unwrap() {
        names.push(role.name.unwrap());
    }
    assert_eq!(names.len(), 145);
    let first = graph
        .list_assignments()
        .prefer("odata.maxpagesize=4")
        .send();
    let mut assignments = paging::items(graph, first);
    let mut all: Vec<graph_beta::types::PrivilegedRoleAssignment> = Vec::new();
    while let Some(assignment) = assignments.try_next().await.unwrap() {
        all.push(assignment);
    }
    assert_eq!(all.len(), 18);
}
