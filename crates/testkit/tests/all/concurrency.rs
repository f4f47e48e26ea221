//! Many at once: nobody is locked out, nothing is there twice, and nothing that was answered is lost.

use futures::future::join_all;
use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, USER_ADMINISTRATOR,
};
use pimento_testkit::{Answer, TestServer};
use serde_json::json;

use crate::paths::{ASSIGNMENTS, State, assignment};

/// Administrators by token, who do not count as the tenant's own.
const ROOT: &str = PRIVILEGED_ROLE_ADMINISTRATOR;

fn codes(answers: &[Answer]) -> Vec<(u16, String)> {
    let code = |answer: &Answer| match answer.status {
        400.. => answer.json()["error"]["code"].as_str().unwrap().to_owned(),
        _ => String::new(),
    };
    let mut codes: Vec<_> = answers
        .iter()
        .map(|answer| (answer.status, code(answer)))
        .collect();
    codes.sort();
    codes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_remove_the_last_two_administrators_one_is_stopped() {
    let server = TestServer::dev().await;
    let root = server
        .signed_in(&json!({"oid": "root", "wids": [ROOT]}))
        .await;
    let ada = assignment("ada", PRIVILEGED_ROLE_ADMINISTRATOR);
    for round in 0..20 {
        let other = assignment(&format!("pat-{round}"), PRIVILEGED_ROLE_ADMINISTRATOR);
        let new = json!({"userId": format!("pat-{round}"), "roleId": PRIVILEGED_ROLE_ADMINISTRATOR, "isElevated": true});
        root.send("POST", ASSIGNMENTS, &new).await.expect(201);
        let answers = join_all([&ada, &other].map(|path| root.delete(path))).await;
        let expected = [(204, String::new()), (400, "LastAdministrator".to_owned())];
        assert_eq!(codes(&answers), expected, "round {round}");
        // Ada is back as the only one for the next round.
        if answers[0].status == 204 {
            let new = json!({"userId": "ada", "roleId": PRIVILEGED_ROLE_ADMINISTRATOR, "isElevated": true});
            root.send("POST", ASSIGNMENTS, &new).await.expect(201);
            root.delete(&other).await.expect(204);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_create_the_same_pair_one_succeeds() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for round in 0..10 {
        let user = format!("dana-{round}");
        let creations = (0..8).map(|number| {
            let new = json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR, "isElevated": number % 2 == 0});
            let ada = &ada;
            async move { ada.send("POST", ASSIGNMENTS, &new).await }
        });
        let answers = join_all(creations).await;
        let codes = codes(&answers);
        assert_eq!(codes[0], (201, String::new()));
        assert!(
            codes[1..]
                .iter()
                .all(|code| *code == (400, "RoleAssignmentExists".to_owned())),
            "{codes:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_64_writers_were_told_is_done_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::dev_in(folder.path()).await;
    let ada = server.person("ada").await;
    let creations = (0..64).map(|number| {
        let new = json!({"userId": format!("person-{number}"), "roleId": APPLICATION_ADMINISTRATOR, "isElevated": true});
        let ada = &ada;
        async move { ada.send("POST", ASSIGNMENTS, &new).await }
    });
    let answers = join_all(creations).await;
    assert!(
        answers.iter().all(|answer| answer.status == 201),
        "{:?}",
        codes(&answers)
    );
    drop(ada);
    server.stop().await;

    let server = TestServer::dev_in(folder.path()).await;
    let ada = server.person("ada").await;
    for number in 0..64 {
        let seen =
            State::seen_by(&ada, &format!("person-{number}"), APPLICATION_ADMINISTRATOR).await;
        assert_eq!(seen, State::Permanent, "{number}");
    }
    let count = ada
        .get(&format!("{ASSIGNMENTS}?$count=true"))
        .await
        .expect(200);
    assert_eq!(count["@odata.count"], 68);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn contradicting_actions_on_one_assignment_all_come_through() {
    let server = TestServer::dev().await;
    let root = server
        .signed_in(&json!({"oid": "root", "wids": [ROOT]}))
        .await;
    let path = assignment("ben", USER_ADMINISTRATOR);
    let actions = (0..40).map(|number| {
        let action = ["makePermanent", "makeEligible"][number % 2];
        let (root, path) = (&root, format!("{path}/{action}"));
        async move { root.post(&path).await }
    });
    let answers = join_all(actions).await;
    assert!(
        answers.iter().all(|answer| answer.status == 200),
        "{:?}",
        codes(&answers)
    );
    let seen = State::seen_by(&root, "ben", USER_ADMINISTRATOR).await;
    assert!(
        matches!(seen, State::Permanent | State::Eligible),
        "{seen:?}"
    );
}
