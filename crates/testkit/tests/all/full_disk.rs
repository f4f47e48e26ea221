//! A server whose disk is full: it says so, loses nothing, and goes on when there is space.

#![cfg(target_os = "linux")]

use pimento_client::graph_beta::types::NewPrivilegedRoleAssignment;
use pimento_client::{Error, Pimento};
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;
use serde_json::json;
use tempfile::TempDir;

use crate::dev_mode::dev::Dev;
use crate::paths::ASSIGNMENTS;

/// Makes somebody eligible.
async fn create(ada: &Pimento, user: &str) -> Result<String, Error> {
    let new = NewPrivilegedRoleAssignment {
        user_id: user.to_owned(),
        role_id: APPLICATION_ADMINISTRATOR.to_owned(),
        is_elevated: Some(false),
        expiration_date_time: None,
    };
    let created = ada.graph().create_assignment().body(new).send().await?;
    Ok(created.id.clone())
}

#[tokio::test]
async fn a_server_whose_disk_is_full_says_so_and_goes_on_when_there_is_space() {
    let folder = TempDir::new().expect("a folder");
    let dev = Dev::on(folder.path()).await;
    let ada = Pimento::new(&dev.url)
        .expect("a URL")
        .with_token(&dev.token(json!({"oid": "ada"})).await);
    // No file may grow beyond this: some hundred changes.
    dev.program.limit_files("1000000").await;
    let mut kept = Vec::new();
    let refused = loop {
        match create(&ada, &format!("user-{}", kept.len())).await {
            Ok(id) => kept.push(id),
            Err(error) => break error,
        }
    };
    assert!(!kept.is_empty());
    let Error::Refused(refused) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        (refused.status.as_u16(), refused.code.as_str()),
        (503, "serviceNotAvailable")
    );
    assert!(refused.retry_after.is_some());
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
    kept.push(create(&ada, "after").await.expect("there is space"));
    let there = dev.assignments().await;
    let lost = kept
        .iter()
        .find(|id| !there.iter().any(|assignment| assignment["id"] == **id));
    assert_eq!(lost, None);
    // Ben, ada in her two roles, and cleo are there from the start.
    assert_eq!(there.len(), kept.len() + 4, "and nothing that was refused");
    dev.stop().await;
}
