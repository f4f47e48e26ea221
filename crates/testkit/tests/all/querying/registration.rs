//! The list with one element, the registration: found or not as any other, also before there is one.

use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::target;
use crate::paths::SIGN_UP_STATUS;

async fn listed(person: &Person<'_>, query: &str) -> Value {
    let path = target(SIGN_UP_STATUS, query);
    person.get(&path).await.expect(200)
}

/// What is found with each option, where the tenant is this one.
async fn is_queried(person: &Person<'_>, one: &Value) {
    let status = one["status"].as_str().unwrap();
    let (is, is_not) = match one["isRegistered"] == true {
        true => ("isRegistered", "not isRegistered"),
        false => ("isRegistered eq false", "isRegistered"),
    };
    let [is_so, starts] = [
        format!("status eq '{status}'"),
        "startswith(status,'x')".to_owned(),
    ];
    for (filter, expected) in [
        (is, 1),
        (is_not, 0),
        (&is_so, 1),
        (&starts, 0),
        ("id eq null", 0),
        ("status in ('unknown')", 0),
    ] {
        let page = listed(person, &format!("$filter={filter}&$count=true")).await;
        let found = [json!([]), json!([one])];
        assert_eq!(page["value"], found[expected], "{filter}");
        assert_eq!(page["@odata.count"], expected, "{filter}");
    }
    let page = listed(person, "$orderby=status desc,id&$select=status&$top=1").await;
    assert_eq!(page["value"], json!([{"status": status}]));
    assert_eq!(page.get("@odata.nextLink"), None);
    assert_eq!(listed(person, "$skip=1").await["value"], json!([]));
    let after = format!("$skiptoken={}", one["id"].as_str().unwrap());
    assert_eq!(listed(person, &after).await["value"], json!([]));
    let unknown = target(SIGN_UP_STATUS, "$filter=registered");
    let refused = person.get(&unknown).await;
    let refused = refused.refused(400, "Request_UnsupportedQuery");
    let message = refused["message"].as_str().unwrap();
    assert!(message.contains("did you mean isRegistered?"), "{message}");
}

#[tokio::test]
async fn the_registration_of_a_tenant_is_looked_for_like_any_element_of_a_list() {
    let server = TestServer::dev().await;
    let founder = json!({"oid": "fay", "tid": "11111111-2222-3333-4444-555555555555"});
    let founder = server.signed_in(&founder).await;
    for person in [server.person("stranger").await, founder] {
        let whole = listed(&person, "").await;
        is_queried(&person, &whole["value"][0]).await;
    }
}
