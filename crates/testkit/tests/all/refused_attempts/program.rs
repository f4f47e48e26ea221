//! The program writes refused attempts by itself: within a second, at its end, and as soon as there is space again.

use std::path::Path;

use pimento_domain::TenantId;
use pimento_store::RecordedEvent;
use pimento_store_sqlite::{Purpose, SqliteStore};
use pimento_testkit::DEMO_TENANT;
use pimento_testkit::refusals::{in_log, refusal};
use pimento_testkit::role::USER_ADMINISTRATOR;
use serde_json::json;
use tempfile::TempDir;

use crate::dev_mode::dev::Dev;
use crate::paths::assignment;
use crate::server_program::text;

/// What the database of a server that has ended has of refusals.
async fn kept_in(folder: &Path) -> Vec<RecordedEvent> {
    let store = SqliteStore::open(&folder.join("pimento.db"), Purpose::Dev).unwrap();
    let tenant: TenantId = DEMO_TENANT.parse().unwrap();
    in_log(&store, &tenant).await
}

/// Somebody tries to take ben's assignment away, and is refused.
async fn attempt(dev: &Dev, token: &str) {
    let path = assignment("ben", USER_ADMINISTRATOR);
    let answer = dev.call("DELETE", &path).bearer(token).send().await;
    answer.refused(403, "Authorization_RequestDenied");
}

fn times(recorded: &[RecordedEvent]) -> Vec<u32> {
    let recorded = recorded.iter();
    recorded.map(|recorded| refusal(recorded).times).collect()
}

#[tokio::test]
async fn a_server_that_is_stopped_writes_what_it_has_counted_so_far() {
    let folder = TempDir::new().unwrap();
    let dev = Dev::on(folder.path()).await;
    let stranger = dev.token(json!({"oid": "stranger"})).await;
    for _ in 0..5 {
        attempt(&dev, &stranger).await;
    }
    dev.stop().await;
    assert_eq!(times(&kept_in(folder.path()).await), [1, 4]);
}

#[tokio::test]
async fn the_first_of_them_survives_a_kill_once_it_is_written_which_is_by_itself() {
    let folder = TempDir::new().unwrap();
    let mut dev = Dev::telling_all(&["--data", text(folder.path())]).await;
    let stranger = dev.token(json!({"oid": "stranger"})).await;
    attempt(&dev, &stranger).await;
    let wrote = dev.program.logs("wrote what was refused").await;
    assert!(wrote.is_some());
    dev.program.kill().await;
    assert_eq!(times(&kept_in(folder.path()).await), [1]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_refused_while_the_disk_is_full_is_answered_as_ever_and_written_when_there_is_space()
 {
    let folder = TempDir::new().unwrap();
    let mut dev = Dev::on(folder.path()).await;
    let stranger = dev.token(json!({"oid": "stranger"})).await;
    dev.program.limit_files("1").await;
    attempt(&dev, &stranger).await;
    let told = dev.program.logs("is not in the log yet").await;
    assert!(told.is_some());
    attempt(&dev, &stranger).await;
    dev.program.limit_files("unlimited").await;
    dev.stop().await;
    assert_eq!(times(&kept_in(folder.path()).await), [1, 1]);
}
