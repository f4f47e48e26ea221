//! A server whose disk is full: it says so, loses nothing, and goes on when there is space.

#![cfg(target_os = "linux")]

use pimento_testkit::Answer;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use serde_json::json;
use tempfile::TempDir;

use crate::dev_mode::dev::Dev;
use crate::paths::ASSIGNMENTS;

/// Makes somebody eligible.
async fn create(dev: &Dev, ada: &str, user: &str) -> Answer {
    let new = json!({"userId": user, "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
    let call = dev.call("POST", ASSIGNMENTS).bearer(ada);
    call.json(&new).send().await
}

#[tokio::test]
async fn a_server_whose_disk_is_full_says_so_and_goes_on_when_there_is_space() {
    let folder = TempDir::new().expect("a folder");
    let dev = Dev::on(folder.path()).await;
    let ada = dev.token(json!({"oid": "ada"})).await;
    // No file may grow beyond this: some hundred changes.
    dev.program.limit_files("1000000").await;
    let mut kept = Vec::new();
    let refused = loop {
        let answer = create(&dev, &ada, &format!("user-{}", kept.len())).await;
        match answer.status {
            201 => kept.push(answer.json()["id"].take()),
            _ => break answer,
        }
    };
    assert!(!kept.is_empty());
    refused.refused(503, "serviceNotAvailable");
    assert!(refused.header("retry-after").is_some());
    // What was left may be enough for the little that a probe writes.
    dev.program.limit_files("1").await;
    let ready = dev.get("/readyz").await;
    ready.refused(503, "serviceNotAvailable");
    dev.as_ada("GET", ASSIGNMENTS)
        .await
        .send()
        .await
        .expect(200);

    dev.program.limit_files("unlimited").await;
    dev.get("/readyz").await.expect(200);
    let after = create(&dev, &ada, "after").await.expect(201)["id"].take();
    kept.push(after);
    let there = dev.assignments().await;
    let lost = kept
        .iter()
        .find(|id| !there.iter().any(|assignment| assignment["id"] == **id));
    assert_eq!(lost, None);
    // Ben, ada in her two roles, and cleo are there from the start.
    assert_eq!(there.len(), kept.len() + 4, "and nothing that was refused");
    dev.stop().await;
}
