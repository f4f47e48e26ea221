//! How lists are answered: with the page size that was preferred, and in the form that was asked for.

use pimento_testkit::TestServer;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use serde_json::{Value, json};

use super::{OPTION, lists};
use crate::paths::ROLES;

#[tokio::test]
async fn a_page_size_that_was_preferred_is_told_where_a_list_keeps_to_it() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let applied = async |path: &str, prefer: &str| {
        let call = ada.call("GET", path).header("Prefer", prefer);
        let answer = call.send().await;
        answer.header("preference-applied").map(str::to_owned)
    };
    for (list, _) in lists() {
        for (options, prefer, expected) in [
            ("", "odata.maxpagesize=7", Some("odata.maxpagesize=7")),
            (
                "",
                "return=minimal, MaxPageSize=\"7\"",
                Some("odata.maxpagesize=7"),
            ),
            ("", "odata.maxpagesize=5000", Some("odata.maxpagesize=1000")),
            ("?$top=3", "maxpagesize=7", Some("odata.maxpagesize=3")),
            ("?$top=9", "maxpagesize=7", Some("odata.maxpagesize=7")),
            ("", "return=minimal", None),
            ("", "odata.maxpagesize=x", None),
            ("?$top=0", "odata.maxpagesize=7", None),
            ("?$filter=x", "odata.maxpagesize=7", None),
            ("/$count", "odata.maxpagesize=7", None),
        ] {
            let path = format!("{list}{options}");
            assert_eq!(
                applied(&path, prefer).await.as_deref(),
                expected,
                "{path} {prefer}"
            );
        }
        let answer = ada.get(&format!("{list}?$top=3")).await;
        assert_eq!(answer.header("preference-applied"), None);
    }
    let settings = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}/settings");
    assert_eq!(applied(&settings, "odata.maxpagesize=7").await, None);
}

#[tokio::test]
async fn a_part_of_a_batch_is_told_of_the_page_size_that_it_preferred() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let part = |id: &str, headers: Value| json!({"id": id, "method": "GET", "url": "/privilegedRoles", "headers": headers});
    let batch = json!({"requests": [
        part("1", json!({"Prefer": "odata.maxpagesize=2"})),
        part("2", json!({})),
    ]});
    let call = ada.call("POST", "/beta/$batch").json(&batch);
    let outer = call.header("Prefer", "odata.maxpagesize=5").send().await;
    assert_eq!(outer.header("preference-applied"), None);
    let answers = outer.expect(200);
    let headers = |at: usize| &answers["responses"][at]["headers"]["Preference-Applied"];
    assert_eq!(headers(0), "odata.maxpagesize=2");
    assert_eq!(headers(1), &Value::Null);
}

#[tokio::test]
async fn json_may_be_asked_for_by_name_and_nothing_else() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let role = format!("{ROLES}/{APPLICATION_ADMINISTRATOR}");
    let entities = [
        role.clone(),
        format!("{role}/settings"),
        format!("{role}/summary"),
    ];
    let lists = lists().map(|(list, _)| list);
    for path in lists.iter().chain(&entities) {
        for format in ["json", "application/json;odata.metadata=minimal"] {
            let asked = ada.get(&format!("{path}?$format={format}")).await;
            let plain = ada.get(path).await;
            let value = |page: &Value| page["value"].clone();
            assert_eq!(
                value(&asked.expect(200)),
                value(&plain.expect(200)),
                "{path}"
            );
        }
        for format in ["xml", "application/json;odata.metadata=full"] {
            let refused = ada.get(&format!("{path}?format={format}")).await;
            let refused = refused.refused(400, OPTION);
            assert_eq!(refused["target"], "$format", "{path}");
            let message = refused["message"].as_str().unwrap();
            assert!(
                message.contains("must be json or application/json"),
                "{message}"
            );
        }
    }
    let page = ada
        .get(&format!("{ROLES}?$top=1&$format=json"))
        .await
        .expect(200);
    let link = page["@odata.nextLink"].as_str().unwrap();
    assert!(link.contains("$format=json"), "{link}");
    let count = ada.get(&format!("{ROLES}/$count?$format=json")).await;
    assert_eq!(count.refused(400, OPTION)["target"], "$format");
}
