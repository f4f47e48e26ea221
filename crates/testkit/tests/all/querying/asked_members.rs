//! What of requests and approvals an answer has, and of which of them nobody learns who may not see them.

use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use pimento_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

use super::asked::furnish;
use super::{each, target};
use crate::paths::{APPROVALS, ASSIGNMENTS, EVENTS, REQUESTS, approval, request};

const DENIED: &str = "Authorization_RequestDenied";

/// The id of somebody's one request.
async fn id_of(ada: &Person<'_>, user: &str) -> String {
    let found = ada
        .get(&target(REQUESTS, &format!("$filter=userId eq '{user}'")))
        .await;
    found.expect(200)["value"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn role() -> Value {
    json!({"id": APPLICATION_ADMINISTRATOR, "name": "Application Administrator"})
}

fn without_context(mut entity: Value) -> Value {
    entity.as_object_mut().unwrap().remove("@odata.context");
    entity
}

#[tokio::test]
async fn every_member_can_be_selected_by_itself_and_looked_for_or_says_what_to_ask_instead() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    for list in [REQUESTS, APPROVALS, ASSIGNMENTS, EVENTS] {
        let page = ada.get(&format!("{list}?$top=1")).await.expect(200);
        let id = page["value"][0]["id"].as_str().unwrap();
        let one = format!("{list}/{id}");
        let whole = without_context(ada.get(&one).await.expect(200));
        for (name, value) in whole.as_object().unwrap() {
            let shown = ada.get(&format!("{one}?$select={name}")).await.expect(200);
            assert_eq!(without_context(shown), json!({name: value}), "{one}");
            let found = ada
                .get(&target(list, &format!("$filter={name} ne null&$top=1")))
                .await;
            if found.status == 200 {
                continue;
            }
            let refused = found.refused(400, "Request_UnsupportedQuery");
            let message = refused["message"].as_str().unwrap();
            let instead = ["ask by", "all are of the caller's own tenant"];
            assert!(message.starts_with(&format!("Lists cannot be filtered by {name}; ")));
            assert!(
                instead.iter().any(|words| message.contains(words)),
                "{message}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_in_the_schedule_of_a_request_is_selected_by_its_path() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let one = request(&id_of(&ada, "waits").await);
    let whole = ada.get(&one).await.expect(200);
    for name in ["type", "startDateTime", "endDateTime", "duration"] {
        let shown = ada
            .get(&format!("{one}?$select=schedule/{name}"))
            .await
            .expect(200);
        let context = format!("privilegedRoleAssignmentRequests(schedule/{name})/$entity");
        assert_eq!(
            shown["@odata.context"],
            format!("{}/beta/$metadata#{context}", server.url())
        );
        let schedule = json!({"schedule": {name: whole["schedule"][name]}});
        assert_eq!(without_context(shown), schedule);
    }
    let both = ada
        .get(&format!("{one}?$select=schedule,schedule/type,userId"))
        .await
        .expect(200);
    let expected = json!({"schedule": whole["schedule"], "userId": "waits"});
    assert_eq!(without_context(both), expected);
}

#[tokio::test]
async fn a_request_comes_with_its_role_and_an_approval_with_both() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let id = id_of(&ada, "waits").await;
    let of_waits = "$filter=userId eq 'waits'";
    let page = ada
        .get(&target(REQUESTS, &format!("{of_waits}&$expand=roleInfo")))
        .await
        .expect(200);
    assert_eq!(page["value"][0]["roleInfo"], role());
    assert_eq!(page["value"][0]["status"], "RequestedApproval");
    let expand = "$select=id&$expand=roleInfo($select=name;$expand=settings($select=approverIds))";
    let shown = ada.get(&target(&request(&id), expand)).await.expect(200);
    let with_settings =
        json!({"name": "Application Administrator", "settings": {"approverIds": ["zoe"]}});
    assert_eq!(
        without_context(shown),
        json!({"id": id, "roleInfo": with_settings})
    );
    let expand =
        "$select=userId&$expand=request($select=status;$expand=roleInfo($select=id)),roleInfo";
    let expected = json!({
        "userId": "waits", "roleInfo": role(),
        "request": {"status": "RequestedApproval", "roleInfo": {"id": APPLICATION_ADMINISTRATOR}},
    });
    let shown = ada.get(&target(&approval(&id), expand)).await.expect(200);
    assert_eq!(without_context(shown), expected);
    let page = ada
        .get(&target(APPROVALS, &format!("{of_waits}&{expand}")))
        .await
        .expect(200);
    assert_eq!(page["value"], json!([expected]));
    let context = "privilegedApproval(userId,request(status,roleInfo(id)),roleInfo())";
    assert_eq!(
        page["@odata.context"],
        format!("{}/beta/$metadata#{context}", server.url())
    );
    let all = ada
        .get(&target(&approval(&id), "$expand=*"))
        .await
        .expect(200);
    let whole = without_context(ada.get(&request(&id)).await.expect(200));
    assert_eq!((&all["roleInfo"], &all["request"]), (&role(), &whole));
}

#[tokio::test]
async fn what_a_request_or_an_approval_leads_to_takes_the_options_of_what_it_is() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let id = id_of(&ada, "waits").await;
    for path in [
        format!("{}/roleInfo", request(&id)),
        format!("{}/roleInfo", approval(&id)),
        format!("{}/request/roleInfo", approval(&id)),
    ] {
        let query =
            "$select=name&$expand=assignments($filter=userId eq 'waits';$select=isElevated)";
        let shown = ada.get(&target(&path, query)).await.expect(200);
        let expected =
            json!({"name": "Application Administrator", "assignments": [{"isElevated": false}]});
        assert_eq!(without_context(shown), expected, "{path}");
    }
    let path = format!(
        "{}/request?$select=type&$expand=roleInfo($select=id)",
        approval(&id)
    );
    let shown = ada.get(&path).await.expect(200);
    let expected = json!({"type": "UserAdd", "roleInfo": {"id": APPLICATION_ADMINISTRATOR}});
    assert_eq!(without_context(shown), expected);
}

#[tokio::test]
async fn ones_own_requests_bring_the_role_unless_something_else_is_asked_for() {
    let server = TestServer::dev().await;
    furnish(&server).await;
    let waits = server.person("waits").await;
    let my = async |query: &str| {
        let page = waits
            .get(&target(&format!("{REQUESTS}/my"), query))
            .await
            .expect(200);
        assert_eq!(page["@odata.count"], 1, "{query}");
        page["value"][0].clone()
    };
    let id = my("").await["id"].clone();
    let place = format!(
        "privilegedRoleAssignmentRequests('{}')/roleInfo/$entity",
        id.as_str().unwrap()
    );
    let context = format!("{}/beta/$metadata#{place}", server.url());
    for query in [
        "",
        "$select=*",
        "$filter=status ne null&$orderby=status desc",
    ] {
        let shown = my(query).await;
        assert_eq!(
            (&shown["roleInfo"], &shown["roleInfo@odata.context"]),
            (&role(), &json!(context))
        );
    }
    assert_eq!(my("$select=id").await, json!({"id": id}));
    let selected = json!({"id": id, "roleInfo": role(), "roleInfo@odata.context": context});
    assert_eq!(my("$select=id,roleInfo").await, selected);
    let named = json!({"id": id, "roleInfo": {"name": "Application Administrator"}});
    assert_eq!(my("$select=id&$expand=roleInfo($select=name)").await, named);
}

/// What is asked of requests and of approvals by who may see one of each.
fn prying() -> Vec<[String; 2]> {
    let both = |query: &str| [query.to_owned(), query.to_owned()];
    let nothing = "00000000-0000-0000-0000-000000000000";
    vec![
        both("$filter=true"),
        both("$filter=userId ne 'waits' or userId eq 'waits'"),
        both("$filter=not (userId eq 'granted')"),
        both(&format!("$filter=roleId eq '{APPLICATION_ADMINISTRATOR}'")),
        both("$orderby=userId"),
        both(&format!("$skiptoken={nothing}")),
        both(&format!("$orderby=userId&$skiptoken=a~.{nothing}")),
        [
            "$filter=status in ('Completed','RequestedApproval','Scheduled')".to_owned(),
            "$filter=approvalState in ('pending','approved')".to_owned(),
        ],
        [
            "$filter=status eq 'RequestedApproval'".to_owned(),
            "$filter=approvalState eq 'pending'".to_owned(),
        ],
    ]
}

#[tokio::test]
async fn no_filter_order_or_place_shows_what_its_caller_may_not_see() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let other = id_of(&ada, "granted").await;
    let waits = server.person("waits").await;
    for [of_requests, of_approvals] in prying() {
        for (list, query) in [
            (REQUESTS.to_owned(), &of_requests),
            (format!("{REQUESTS}/my"), &of_requests),
            (APPROVALS.to_owned(), &of_approvals),
            (format!("{APPROVALS}/myRequests"), &of_approvals),
        ] {
            let counted = target(&list, &format!("{query}&$count=true"));
            let page = waits.get(&counted).await.expect(200);
            assert_eq!(each(&page, "userId"), ["waits"], "{list} {query}");
            assert_eq!(page["@odata.count"], 1, "{list} {query}");
        }
    }
    for filter in [
        format!("id eq '{other}'"),
        "userId eq 'granted'".to_owned(),
        "startswith(userId,'g')".to_owned(),
    ] {
        for list in [REQUESTS, APPROVALS] {
            let counted = target(list, &format!("$filter={filter}&$count=true"));
            let page = waits.get(&counted).await.expect(200);
            let found = (&page["value"], &page["@odata.count"]);
            assert_eq!(found, (&json!([]), &json!(0)), "{filter}");
        }
    }
}

#[tokio::test]
async fn who_decides_about_a_role_looks_for_its_approvals_and_for_requests_of_their_own() {
    let server = TestServer::dev().await;
    furnish(&server).await;
    let zoe = server.person("zoe").await;
    let pending = "$filter=approvalState eq 'pending'&$orderby=startDateTime&$expand=request";
    let pending = zoe.get(&target(APPROVALS, pending)).await.expect(200);
    assert_eq!(each(&pending, "userId"), ["waits"]);
    assert_eq!(pending["value"][0]["request"]["userId"], "waits");
    let requests = zoe.get(&target(REQUESTS, "$filter=true")).await;
    assert_eq!(requests.expect(200)["value"], json!([]));
}

#[tokio::test]
async fn what_is_expanded_needs_the_role_and_the_scope_that_it_needs_by_itself() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let id = id_of(&ada, "waits").await;
    let reader = json!({"oid": "ada", "scp": "Directory.Read.All"});
    let reader = server.signed_in(&reader).await;
    let waits = server.person("waits").await;
    let expanding = async |person: &Person<'_>, what: &str| -> Vec<Answer> {
        let mut answers = Vec::new();
        for path in [REQUESTS.to_owned(), request(&id), format!("{REQUESTS}/my")] {
            answers.push(person.get(&format!("{path}?$expand=roleInfo{what}")).await);
        }
        answers
    };
    for answer in expanding(&reader, "")
        .await
        .into_iter()
        .chain(expanding(&waits, "").await)
    {
        answer.expect(200);
    }
    for behind in ["settings", "summary"] {
        let what = format!("($expand={behind})");
        for answer in expanding(&reader, &what).await {
            answer.refused(403, "PermissionScopeNotGranted");
        }
        for answer in expanding(&waits, &what).await {
            answer.refused(403, DENIED);
        }
    }
    let further = format!(
        "{}?$expand=request($expand=roleInfo($expand=settings))",
        approval(&id)
    );
    waits.get(&further).await.refused(403, DENIED);
    ada.get(&further).await.expect(200);
}
