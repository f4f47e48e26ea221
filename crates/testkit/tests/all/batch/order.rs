//! What depends on what: each part after those that it depends on, and not at all where one of them failed.

use pimento_testkit::TestServer;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use serde_json::{Value, json};

use super::{MY, after, carried_out, code, part, read, statuses, write};
use crate::paths::State;

fn danas() -> String {
    format!("/privilegedRoleAssignments/dana_{APPLICATION_ADMINISTRATOR}")
}

/// Makes dana eligible.
fn give() -> Value {
    let new = json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
    write("give", "POST", "/privilegedRoleAssignments", &new)
}

#[tokio::test]
async fn a_part_is_carried_out_after_those_that_it_depends_on_wherever_it_stands() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let keep = part("keep", "POST", &format!("{}/makePermanent", danas()));
    let requests = [
        after(part("remove", "DELETE", &danas()), &["look", "Keep"]),
        after(read("look", &danas()), &["KEEP"]),
        after(keep, &["give", "give"]),
        give(),
    ];
    assert_eq!(statuses(&ada, &requests).await, [204, 200, 200, 201]);
    let answers = carried_out(&ada, &requests).await;
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, ["remove", "look", "keep", "give"]);
    assert_eq!(answers[1]["body"]["isElevated"], true);
}

#[tokio::test]
async fn what_depends_on_a_failure_is_not_carried_out_nor_is_what_depends_on_that() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let requests = [
        read("fails", "/privilegedRoles/none"),
        after(give(), &["fails"]),
        after(read("third", MY), &["well", "give"]),
        read("well", MY),
        after(read("fourth", MY), &["well"]),
    ];
    let answers = carried_out(&ada, &requests).await;
    let told: Vec<_> = answers
        .iter()
        .map(|answer| (answer["status"].as_u64().unwrap(), code(answer)))
        .collect();
    assert_eq!(
        told,
        [
            (404, "ResourceNotFound"),
            (424, "FailedDependency"),
            (424, "FailedDependency"),
            (200, ""),
            (200, ""),
        ]
    );
    let message = |index: usize| answers[index]["body"]["error"]["message"].clone();
    assert_eq!(
        message(1),
        "This depends on \"fails\", which was answered 404; so it was not carried out."
    );
    assert_eq!(
        message(2),
        "This depends on \"give\", which was answered 424; so it was not carried out."
    );
    let state = State::seen_by(&ada, "dana", APPLICATION_ADMINISTRATOR).await;
    assert_eq!(state, State::Gone);
}

#[tokio::test]
async fn the_spelling_of_the_core_library_for_python_means_the_same() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    let mut second = read("2", MY);
    second["depends_on"] = json!(["1"]);
    let requests = [second, read("1", "/privilegedRoles/none/settings")];
    assert_eq!(statuses(&ben, &requests).await, [424, 403]);
    let mut first = read("1", MY);
    first["depends_on"] = json!([]);
    assert_eq!(statuses(&ben, &[first]).await, [200]);
}

#[tokio::test]
async fn any_dependencies_without_a_circle_will_do() {
    let server = TestServer::dev().await;
    let ben = server.person("ben").await;
    // Each on all that come after it: the last is the first.
    let ids: Vec<String> = (0..20).map(|id| id.to_string()).collect();
    let texts: Vec<&str> = ids.iter().map(String::as_str).collect();
    let requests: Vec<Value> = (0..20)
        .map(|index| after(read(texts[index], MY), &texts[index + 1..]))
        .collect();
    assert_eq!(statuses(&ben, &requests).await, [200; 20]);
    let mut failing = requests;
    failing[19]["url"] = json!("/nothing");
    let expected: Vec<u64> = std::iter::repeat_n(424, 19).chain([404]).collect();
    assert_eq!(statuses(&ben, &failing).await, expected);
}
