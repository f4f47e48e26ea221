//! The client's examples, run as their reader runs them: against a dev server, one after the other, and each twice.

use std::path::Path;

use tokio::process::Command;

use crate::dev_mode::dev::Dev;
use crate::server_program::built;

/// What an example prints against this server.
async fn printed(example: &str, dev: &Dev) -> String {
    let place = format!("examples/{example}");
    let program = built(
        &place,
        &["--package", "pimento-client", "--example", example],
    );
    let mut command = Command::new(program);
    let ended = command.env("PIMENTO_URL", &dev.url).output().await.unwrap();
    let printed = String::from_utf8(ended.stdout).unwrap();
    let failure = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{example}: {printed}{failure}");
    printed
}

#[tokio::test]
async fn every_example_of_the_client_runs_again_and_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client/examples");
    let mut examples: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    examples.sort();
    assert!(!examples.is_empty());
    let dev = Dev::start().await;
    for example in examples.iter().chain(&examples) {
        assert!(!printed(example, &dev).await.is_empty(), "{example}");
    }
    dev.stop().await;
}

#[tokio::test]
async fn the_life_of_a_role_is_led_through_from_eligible_to_ended() {
    let dev = Dev::start().await;
    let printed = printed("life_of_a_role", &dev).await;
    let lines: Vec<&str> = printed.lines().collect();
    let [eligible, asked, read, approved, ended] = lines[..] else {
        panic!("five lines: {printed}");
    };
    assert_eq!(eligible, "dana is eligible: the role is not active");
    assert_eq!(asked, "she asks for two hours: RequestedApproval");
    assert_eq!(read, "cleo reads why: Some(\"Look up who owns a group\")");
    assert!(
        approved.starts_with("she is approved: the role is active until "),
        "{approved}"
    );
    assert_eq!(ended, "two hours later: the role is not active");
    dev.stop().await;
}
