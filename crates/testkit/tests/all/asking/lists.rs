//! The lists of requests and approvals: order, pages, counts, and the role of each of one's own.

use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::{ROLE, World, activation, asked, assignment_of_dana, cancel, id, ids};
use crate::paths::{APPROVALS, REQUESTS, request};

/// Three requests of ben's that were taken back, and one that waits, oldest first.
async fn four(world: &World<'_>) -> Vec<String> {
    let mut made = Vec::new();
    for _ in 0..3 {
        let id = asked(&world.ben, activation(json!({}))).await;
        cancel(&world.ben, &id).await.expect(200);
        made.push(id);
    }
    made.push(asked(&world.ben, activation(json!({}))).await);
    made
}

/// All pages of a list, by its links.
async fn pages(server: &TestServer, reader: &Person<'_>, first: &str) -> Vec<Value> {
    let mut pages = vec![reader.get(first).await.expect(200)];
    while let Some(link) = pages[pages.len() - 1]["@odata.nextLink"].as_str() {
        let path = link.strip_prefix(&server.url()).unwrap().to_owned();
        pages.push(reader.get(&path).await.expect(200));
    }
    pages
}

#[tokio::test]
async fn each_list_is_read_page_by_page_in_the_order_of_the_questions() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let made = four(&world).await;
    for path in [
        REQUESTS.to_owned(),
        format!("{REQUESTS}/my"),
        APPROVALS.to_owned(),
        format!("{APPROVALS}/myRequests"),
    ] {
        for (size, sizes) in [(1, &[1, 1, 1, 1][..]), (3, &[3, 1]), (4, &[4]), (5, &[4])] {
            let first = format!("{path}?$top={size}&$count=true");
            let pages = pages(&server, &world.ben, &first).await;
            let counts = pages.iter().map(|page| page["@odata.count"].clone());
            assert_eq!(counts.collect::<Vec<_>>(), vec![json!(4); sizes.len()]);
            let lengths: Vec<usize> = pages.iter().map(|page| ids(page).len()).collect();
            assert_eq!(lengths, sizes, "{first}");
            let all: Vec<String> = pages.iter().flat_map(ids).collect();
            assert_eq!(all, made, "{first}");
        }
        let whole = world.ben.get(&path).await.expect(200);
        // The protocol's example of one's own requests has the count unasked, and no other does.
        let unasked = path.ends_with("/my").then(|| json!(4));
        assert_eq!(whole.get("@odata.count"), unasked.as_ref(), "{path}");
        for option in ["$filter=state eq 'Completed'", "$top=0", "$skiptoken=x"] {
            let option = option.replace(' ', "%20");
            let answer = world.ben.get(&format!("{path}?{option}")).await;
            answer.refused(400, "Request_UnsupportedQuery");
        }
    }
}

#[tokio::test]
async fn ones_own_requests_have_their_role_and_no_other_list_does() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let made = asked(&world.ben, activation(json!({}))).await;
    let url = server.url();
    for spelling in ["my", "my()", "microsoft.graph.my()"] {
        let mine = world
            .ben
            .get(&format!("{REQUESTS}/{spelling}"))
            .await
            .expect(200);
        let context = format!("{url}/beta/$metadata#privilegedRoleAssignmentRequests");
        assert_eq!(mine["@odata.context"], context);
        let row = &mine["value"][0];
        let role = json!({"id": ROLE, "name": "Application Administrator"});
        assert_eq!(row["roleInfo"], role);
        let of_role = format!("{context}('{made}')/roleInfo/$entity");
        assert_eq!(row["roleInfo@odata.context"], of_role);
    }
    let all = world.ben.get(REQUESTS).await.expect(200);
    assert_eq!(all["value"][0].get("roleInfo"), None);
    let role = world
        .ben
        .get(&format!("{}/roleInfo", request(&made)))
        .await
        .expect(200);
    assert_eq!(role["id"], ROLE);
}

#[tokio::test]
async fn ones_own_are_those_one_made_and_not_those_about_one() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let about = asked(&world.ada, assignment_of_dana("Eligible", json!({}))).await;
    let dana = server.person("dana").await;
    let mine = async |person: &Person<'_>| {
        let list = person
            .get(&format!("{REQUESTS}/my?$count=true"))
            .await
            .expect(200);
        (ids(&list), list["@odata.count"].clone())
    };
    assert_eq!(mine(&dana).await, (Vec::new(), json!(0)));
    assert_eq!(mine(&world.ada).await, (vec![about.clone()], json!(1)));
    // Among all that she may see it is, as it is about her.
    assert_eq!(ids(&dana.get(REQUESTS).await.expect(200)), [about]);
}

#[tokio::test]
async fn approvals_are_listed_for_requests_that_need_one_only() {
    let server = TestServer::dev().await;
    let world = World::under(&server, &json!({})).await;
    let done = asked(&world.ben, activation(json!({}))).await;
    let body = json!({"roleId": ROLE, "requestorReason": "Later", "startDateTime": world.at(120)});
    let waits = world.ben.send("POST", APPROVALS, &body).await.expect(201);
    let expected = [done, id(&waits)];
    for reader in [&world.ada, &world.ben] {
        let all = ids(&reader.get(REQUESTS).await.expect(200));
        assert_eq!(all, expected);
        let approvals = ids(&reader.get(APPROVALS).await.expect(200));
        assert_eq!(approvals, expected[1..]);
    }
    let mine = world
        .ben
        .get(&format!("{APPROVALS}/myRequests"))
        .await
        .expect(200);
    assert_eq!(ids(&mine), expected[1..]);
    let none = world
        .ada
        .get(&format!("{APPROVALS}/myRequests"))
        .await
        .expect(200);
    assert_eq!(none["value"], json!([]));
}
