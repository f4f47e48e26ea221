//! The absolute URLs in answers: of the public address where one is configured, else of where the server listens.

use pimento_testkit::{ServeServer, role};
use serde_json::{Value, json};

use crate::batch::BATCH;

use super::{ASSIGNMENTS, plain, registered, with};

const PUBLIC: &str = "https://pim.example.org";

/// The URLs of a list with more pages, of what was created, and of one entity.
async fn urls(house: &ServeServer, host: &str) -> Vec<(&'static str, String)> {
    let fay = with(house, &json!({"oid": "fay"}));
    let text = |value: &Value| value.as_str().expect("a URL").to_owned();
    let list = fay
        .call("GET", &format!("{ASSIGNMENTS}?$top=1"))
        .header("Host", host)
        .send()
        .await
        .expect(200);
    let new = json!({"userId": host.replace(':', "."), "roleId": role::USER_ADMINISTRATOR});
    let created = fay
        .call("POST", ASSIGNMENTS)
        .header("Host", host)
        .json(&new)
        .send()
        .await;
    let location = created.header("location").expect("a location").to_owned();
    let entity = created.expect(201);
    vec![
        ("the next page", text(&list["@odata.nextLink"])),
        ("the context of a list", text(&list["@odata.context"])),
        ("the location", location),
        ("the context of an entity", text(&entity["@odata.context"])),
    ]
}

#[tokio::test]
async fn urls_begin_with_the_public_one_whatever_the_host() {
    let top = format!("public_url = \"{PUBLIC}\"");
    let house = registered(&top, "tenant = \"contoso\"", &json!({"oid": "fay"})).await;
    for host in [
        house.server.address().to_string(),
        "elsewhere.example".to_owned(),
    ] {
        for (what, url) in urls(&house, &host).await {
            assert!(url.starts_with(&format!("{PUBLIC}/beta/")), "{what}: {url}");
        }
    }
}

#[tokio::test]
async fn a_part_of_a_batch_may_have_a_url_that_begins_with_the_public_one() {
    let top = format!("public_url = \"{PUBLIC}\"");
    let house = registered(&top, "tenant = \"contoso\"", &json!({"oid": "fay"})).await;
    let fay = with(&house, &json!({"oid": "fay"}));
    let batch = |origin: &str| {
        let url = format!("{origin}/beta/privilegedRoles?$top=1");
        let part = json!({"id": "1", "method": "GET", "url": url});
        json!({"requests": [part]})
    };
    let listening = house.server.url();
    for origin in [PUBLIC, "HTTPS://PIM.example.org:443", &listening] {
        let answer = fay.send("POST", BATCH, &batch(origin)).await.expect(200);
        let next = answer["responses"][0]["body"]["@odata.nextLink"].as_str();
        assert!(next.unwrap().starts_with(&format!("{PUBLIC}/beta/")));
    }
    for origin in [
        "http://pim.example.org",
        "https://pim.example.org:8443",
        "https://fay@pim.example.org",
        "https://pim.example.org.evil.example",
    ] {
        let answer = fay.send("POST", BATCH, &batch(origin)).await;
        let error = answer.refused(400, "invalidRequest");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains(&format!("begin with {PUBLIC}/beta/")),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_public_url_is_not_doubled() {
    let top = format!("public_url = \"{PUBLIC}:8443/\"");
    let house = registered(&top, "tenant = \"contoso\"", &json!({"oid": "fay"})).await;
    for (what, url) in urls(&house, "pim").await {
        assert!(
            url.starts_with(&format!("{PUBLIC}:8443/beta/")),
            "{what}: {url}"
        );
    }
}

#[tokio::test]
async fn without_a_public_url_only_a_host_that_is_listened_on_is_believed() {
    let house = plain().await;
    let port = house.server.address().port();
    for (host, origin) in [
        (
            format!("127.0.0.1:{port}"),
            format!("http://127.0.0.1:{port}"),
        ),
        (
            format!("localhost:{port}"),
            format!("http://localhost:{port}"),
        ),
        (
            "elsewhere.example".to_owned(),
            format!("http://127.0.0.1:{port}"),
        ),
        (
            format!("elsewhere.example:{port}"),
            format!("http://127.0.0.1:{port}"),
        ),
    ] {
        for (what, url) in urls(&house, &host).await {
            assert!(
                url.starts_with(&format!("{origin}/beta/")),
                "{host}: {what}: {url}"
            );
        }
    }
}

#[tokio::test]
async fn a_list_is_read_to_its_end_by_its_links_through_a_proxy() {
    let top = format!("public_url = \"{PUBLIC}\"");
    let house = registered(&top, "tenant = \"contoso\"", &json!({"oid": "fay"})).await;
    let fay = with(&house, &json!({"oid": "fay"}));
    for user in ["ann", "bob", "cem", "dot", "eve"] {
        let new = json!({"userId": user, "roleId": role::USER_ADMINISTRATOR});
        fay.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    let mut seen = Vec::new();
    let mut next = Some(format!("{ASSIGNMENTS}?$top=2"));
    while let Some(target) = next.take() {
        let mut page = fay.get(&target).await.expect(200);
        let link = page["@odata.nextLink"].take();
        // The proxy takes away what is its own.
        next = link.as_str().map(|link| {
            link.strip_prefix(PUBLIC)
                .expect("the public URL")
                .to_owned()
        });
        let ids = page["value"].as_array().expect("a list").iter();
        seen.extend(ids.map(|assignment| assignment["id"].clone().to_string()));
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(
        (seen.len(), distinct.len()),
        (7, 7),
        "fay has two roles, the others one each"
    );
}
