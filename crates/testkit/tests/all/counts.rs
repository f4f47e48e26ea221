//! `/$count` answers how long a list is to whoever reads it.

use pimento_testkit::role::USER_ADMINISTRATOR;
use pimento_testkit::{Answer, Contract, Person, TestServer};
use serde_json::{Value, json};

use crate::batch::{carried_out, read};
use crate::paths::{
    APPROVALS, ASSIGNMENTS, EVENTS, REQUESTS, ROLES, SIGN_UP_STATUS, about_ben, own, settings,
};
use crate::querying::target;

/// The number that an answer is, all of which is digits.
fn number(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    let text = str::from_utf8(&answer.body).unwrap();
    text.parse().unwrap()
}

async fn count(person: &Person<'_>, list: &str) -> u64 {
    number(&person.get(&format!("{list}/$count")).await)
}

/// The id of a request of ben's about User Administrator, for which `cleo-the-approver` decides.
async fn waiting(server: &TestServer) -> String {
    let ada = server.person("ada").await;
    let demand = json!({"approvalOnElevation": true, "approverIds": ["cleo-the-approver"]});
    let path = settings(USER_ADMINISTRATOR);
    ada.send("PATCH", &path, &demand).await.expect(204);
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let new = json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"});
    let made = ben.send("POST", APPROVALS, &new).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

/// The paths of all lists that have a count, as the document has them.
fn lists() -> Vec<String> {
    let contract = Contract::of_dev();
    let documented = contract.documented();
    let paths = documented
        .keys()
        .map(|operation| contract.route(operation).1);
    let lists = paths.filter_map(|path| path.strip_suffix("/$count"));
    lists.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_count_is_as_long_as_the_list_is_to_the_same_caller() {
    let server = TestServer::dev().await;
    let id = waiting(&server).await;
    let lists = lists();
    assert_eq!(lists.len(), 13);
    for user in ["ada", "ben", "cleo", "cleo-the-approver", "stranger"] {
        let person = server.person(user).await;
        for list in &lists {
            let path = match list.contains("Requests/{id}") || list.contains("Approval/{id}") {
                true => list.replace("{id}", &id),
                false => about_ben(list),
            };
            let counted = person.get(&format!("{path}/$count")).await;
            // The registrations are the one list that takes no options.
            let options = if list.ends_with("Status") {
                ""
            } else {
                "?$top=1000"
            };
            let listed = person.get(&format!("{path}{options}")).await;
            assert_eq!(counted.status, listed.status, "{path} by {user}");
            if listed.status == 200 {
                let elements = listed.json()["value"].as_array().unwrap().len();
                assert_eq!(number(&counted), elements as u64, "{path} by {user}");
            } else {
                assert_eq!(code(&counted), code(&listed), "{path} by {user}");
            }
        }
    }
}

fn code(answer: &Answer) -> Value {
    answer.json()["error"]["code"].take()
}

#[tokio::test]
async fn everybody_counts_what_they_may_see() {
    let server = TestServer::dev().await;
    waiting(&server).await;
    for (user, requests, approvals) in [
        ("ada", 1, 1),
        ("ben", 1, 1),
        ("cleo-the-approver", 0, 1),
        ("stranger", 0, 0),
    ] {
        let person = server.person(user).await;
        assert_eq!(count(&person, REQUESTS).await, requests, "{user}");
        assert_eq!(count(&person, APPROVALS).await, approvals, "{user}");
    }
    let ben = server.person("ben").await;
    assert_eq!(count(&ben, &format!("{REQUESTS}/my")).await, 1);
    let ada = server.person("ada").await;
    assert_eq!(count(&ada, &format!("{REQUESTS}/my")).await, 0);
    assert_eq!(count(&ada, ROLES).await, 145);
}

#[tokio::test]
async fn what_has_ended_does_not_count() {
    let server = TestServer::dev().await;
    server.freeze().await;
    let ada = server.person("ada").await;
    let of_role = own(USER_ADMINISTRATOR, "assignments");
    let before = (count(&ada, ASSIGNMENTS).await, count(&ada, &of_role).await);
    let for_an_hour = json!({
        "userId": "dana", "roleId": USER_ADMINISTRATOR, "type": "AdminAdd", "assignmentState": "Active",
        "reason": "Help", "duration": "1",
    });
    ada.send("POST", REQUESTS, &for_an_hour).await.expect(201);
    let mut seen = Vec::new();
    for step in ["PT59M59.999999S", "PT0.000001S"] {
        server.advance(step).await;
        seen.push((count(&ada, ASSIGNMENTS).await, count(&ada, &of_role).await));
    }
    assert_eq!(seen, [(before.0 + 1, before.1 + 1), before]);
}

#[tokio::test]
async fn a_count_has_all_spellings_of_its_list_and_one_form() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let my = count(&ben, &format!("{ASSIGNMENTS}/my")).await;
    for spelling in [
        "/my/%24count",
        "/my/$COUNT",
        "/my/$count/",
        "/my()/$count",
        "/microsoft.graph.my()/%24Count",
    ] {
        let answer = ben.get(&format!("{ASSIGNMENTS}{spelling}")).await;
        assert_eq!(number(&answer), my, "{spelling}");
    }
    let ada = server.person("ada").await;
    let keyed = format!("{ROLES}('{USER_ADMINISTRATOR}')/assignments");
    assert_eq!(count(&ada, &keyed).await, 1);
    for accept in ["text/plain;q=0.9", "application/json", "*/*"] {
        let call = ada.call("GET", &format!("{ROLES}/$count"));
        let answer = call.header("Accept", accept).send().await;
        assert_eq!(answer.body, b"145", "{accept}");
    }
}

/// Lists that take a filter, and filters with which each of them has other elements.
fn filters() -> Vec<(String, &'static [&'static str])> {
    let of_assignments = &[
        "isElevated",
        "userId eq 'ben'",
        "userId eq 'ben' or not isElevated",
        "startswith(roleId,'f') and expirationDateTime eq null",
        "false",
    ];
    let of_events = &["requestType eq 'Assign'", "userId ne 'ben'", "true"];
    let of_registrations = &["isRegistered", "status eq 'unknown'", "true"];
    let of_requests = &["status eq 'RequestedApproval'", "userId ne 'ben'", "true"];
    let of_approvals = &["approvalState eq 'pending'", "userId ne 'ben'", "true"];
    let role = own(USER_ADMINISTRATOR, "assignments");
    vec![
        (ASSIGNMENTS.to_owned(), of_assignments),
        (format!("{ASSIGNMENTS}/my"), of_assignments),
        (role, of_assignments),
        (EVENTS.to_owned(), of_events),
        (SIGN_UP_STATUS.to_owned(), of_registrations),
        (REQUESTS.to_owned(), of_requests),
        (format!("{REQUESTS}/my"), of_requests),
        (APPROVALS.to_owned(), of_approvals),
        (format!("{APPROVALS}/myRequests"), of_approvals),
    ]
}

#[tokio::test]
async fn a_count_takes_the_filter_of_its_list_and_counts_what_that_selects() {
    let server = TestServer::dev().await;
    waiting(&server).await;
    for user in ["ada", "ben", "cleo-the-approver"] {
        let person = server.person(user).await;
        for (list, filters) in filters() {
            for filter in filters {
                let query = format!("$filter={filter}&$top=1000");
                let listed = person.get(&target(&list, &query)).await;
                let query = format!("filter={filter}");
                let path = target(&format!("{list}/$count"), &query);
                let counted = person.get(&path).await;
                assert_eq!(counted.status, listed.status, "{path} by {user}");
                if listed.status == 200 {
                    let elements = listed.json()["value"].as_array().unwrap().len();
                    assert_eq!(number(&counted), elements as u64, "{path} by {user}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_count_follows_the_clock_in_its_filter() {
    let server = TestServer::dev().await;
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    let end = (now + jiff::SignedDuration::from_hours(1)).to_string();
    let new = json!({"userId": "dana", "roleId": USER_ADMINISTRATOR, "isElevated": true, "expirationDateTime": end});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    let ending = target(
        &format!("{ASSIGNMENTS}/$count"),
        "$filter=expirationDateTime ne null",
    );
    assert_eq!(number(&ada.get(&ending).await), 1);
    server.advance("PT1H").await;
    assert_eq!(number(&ada.get(&ending).await), 0);
}

#[tokio::test]
async fn a_count_takes_no_other_option_and_no_other_method() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (option, target_of) in [
        ("$top=1", "$top"),
        ("skip=1", "$skip"),
        ("$orderby=userId", "$orderby"),
        ("$select=id", "$select"),
        ("expand=roleInfo", "$expand"),
        ("$skiptoken=x", "$skiptoken"),
        ("count=true", "$count"),
        ("$search=x", "$search"),
        ("$format=json", "$format"),
    ] {
        let path = format!("{ASSIGNMENTS}/$count");
        let answer = ada.get(&target(&path, option)).await;
        let error = answer.refused(400, "Request_UnsupportedQuery");
        assert_eq!(error["target"], target_of);
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("takes $filter, as nothing else"),
            "{message}"
        );
    }
    for (filter, words) in [
        ("isElevatd", "did you mean isElevated?"),
        ("", "position 1"),
    ] {
        let path = format!("{ASSIGNMENTS}/$count?$filter={filter}");
        let error = ada
            .get(&path)
            .await
            .refused(400, "Request_UnsupportedQuery");
        assert!(
            error["message"].as_str().unwrap().contains(words),
            "{error}"
        );
    }
    number(&ada.get(&format!("{ASSIGNMENTS}/$count?view=short")).await);
    let head = ada
        .call("HEAD", &format!("{ASSIGNMENTS}/$count"))
        .send()
        .await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    let answer = ada.post(&format!("{ASSIGNMENTS}/$count")).await;
    answer.refused(405, "Request_BadRequest");
}

#[tokio::test]
async fn a_count_is_a_text_among_the_answers_of_a_batch() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let parts = [read("1", "/privilegedRoles/$count")];
    let answers = carried_out(&ada, &parts).await;
    assert_eq!(answers[0]["headers"]["Content-Type"], "text/plain");
    assert_eq!(answers[0]["body"], "145");
}
