//! The sealed log as an operator has it: the real program, its files, and what it says of them.

mod broken;
mod erased;
mod exported;
mod long;
mod remembered;

use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::dev_mode::dev::Dev;
use crate::server_program::{Ended, Program, text};

/// What a verified log's line ends with once the sealer has come to its end.
const ALL_SEALED: &str = "; 0 more have no seal yet";

/// What somebody wrote to explain a change.
const REASON: &str = "Reset a sign-in";

/// `pimento-server audit COMMAND --data DATA …`.
async fn audit(command: &str, data: &Path, arguments: &[&str]) -> Ended {
    let first = ["audit", command, "--data", text(data)];
    Program::start(&[&first, arguments].concat()).ended().await
}

/// Waits until all that was committed is sealed, and answers what `audit verify` says then.
async fn sealed(data: &Path) -> String {
    loop {
        let ended = audit("verify", data, &[]).await;
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
        if ended.printed.contains(ALL_SEALED) {
            return ended.printed;
        }
    }
}

/// The newest head of the demo tenant.
async fn head(data: &Path) -> String {
    let ended = audit("head", data, &[]).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    ended.printed.trim().to_owned()
}

/// The log holds, and nothing of it is gone since this head was written down. Answers the newest one.
pub(crate) async fn holds_since(data: &Path, written: Option<String>) -> String {
    let arguments: Vec<&str> = match &written {
        Some(head) => vec!["--head", head],
        None => Vec::new(),
    };
    let ended = audit("verify", data, &arguments).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    head(data).await
}

/// How many events a head is of.
fn sequence(head: &str) -> u64 {
    let word = head.split(' ').nth(2).expect("a sequence number");
    word.parse().expect("a number")
}

/// The public key that a head names.
fn public_key(head: &str) -> &str {
    head.rsplit(' ').next().expect("a key")
}

/// Ben activates a role and gives it back: events with words in them.
async fn activate(server: &Dev) {
    let token = server.token(json!({"oid": "ben", "amr": ["mfa"]})).await;
    let role = pimento_testkit::role::USER_ADMINISTRATOR;
    for (action, body) in [
        ("selfActivate", json!({"reason": REASON, "duration": "1"})),
        ("selfDeactivate", json!({})),
    ] {
        let path = format!("/beta/privilegedRoles/{role}/{action}");
        let call = server.call("POST", &path).bearer(&token).json(&body);
        call.send().await.expect(200);
    }
}

/// The folder of a dev server that has stopped, after some work; and the newest head.
async fn worked() -> (TempDir, String) {
    let folder = TempDir::new().expect("a folder");
    let server = Dev::on(folder.path()).await;
    activate(&server).await;
    server.stop().await;
    let head = head(folder.path()).await;
    (folder, head)
}

/// The same files in another folder.
fn copy(folder: &Path) -> TempDir {
    let copy = TempDir::new().expect("a folder");
    for file in ["pimento.db", "pimento.seal-key"] {
        std::fs::copy(folder.join(file), copy.path().join(file)).expect("a copy");
    }
    copy
}

#[tokio::test]
async fn a_log_is_sealed_while_the_server_runs_and_whole_when_it_stops() {
    let folder = TempDir::new().expect("a folder");
    let server = Dev::on(folder.path()).await;
    sealed(folder.path()).await;
    let first = head(folder.path()).await;
    activate(&server).await;
    server.stop().await;
    // It has sealed the rest before it ended.
    let second = head(folder.path()).await;
    assert_eq!(sequence(&first) + 2, sequence(&second));
    let heads = folder.path().join("heads");
    std::fs::write(&heads, format!("# written down\n{first}\n\n{second}\n")).expect("a file");
    for head in [first.as_str(), second.as_str(), text(&heads)] {
        let ended = audit("verify", folder.path(), &["--head", head]).await;
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
        assert!(ended.printed.contains(ALL_SEALED), "{ended:?}");
    }
}

#[tokio::test]
async fn a_server_that_was_killed_is_sealed_by_the_next_one_from_where_it_was() {
    let folder = TempDir::new().expect("a folder");
    let server = Dev::on(folder.path()).await;
    sealed(folder.path()).await;
    let before = head(folder.path()).await;
    for _ in 0..5 {
        activate(&server).await;
    }
    server.program.kill().await;
    let ended = audit("verify", folder.path(), &["--head", &before]).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let again = Dev::on(folder.path()).await;
    sealed(folder.path()).await;
    again.program.kill().await;
    let after = head(folder.path()).await;
    assert_eq!(sequence(&before) + 10, sequence(&after));
    let written = [before.as_str(), after.as_str()].map(|head| ["--head", head]);
    let ended = audit("verify", folder.path(), written.as_flattened()).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
}

#[tokio::test]
async fn a_server_whose_seal_key_is_damaged_does_not_start_and_says_what_to_do() {
    let (folder, _) = worked().await;
    let key = folder.path().join("pimento.seal-key");
    std::fs::write(&key, "pimento-seal-key-1 00 00\n").expect("a file");
    let arguments = [
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--data",
        text(folder.path()),
    ];
    let ended = crate::server_program::refused(&arguments).await;
    for words in [text(&key), "Bring it back from your copy", "or is damaged"] {
        assert!(ended.log.contains(words), "{ended:?}");
    }
}

#[tokio::test]
async fn the_seal_key_may_be_elsewhere_and_is_made_once() {
    let folder = TempDir::new().expect("a folder");
    let (data, key) = (folder.path().join("data"), folder.path().join("key"));
    let file = folder.path().join("pimento.toml");
    let issuer =
        "issuer = 'https://login.example.org'\naudiences = ['pimento']\ntenant = 'contoso'";
    let configuration = format!(
        "listen = '127.0.0.1:0'\ndata = {data:?}\nseal_key = {key:?}\n[[issuers]]\n{issuer}\n"
    );
    std::fs::write(&file, configuration).expect("a file");
    let mut keys = Vec::new();
    for _ in 0..2 {
        let mut program = Program::start(&["serve", "--config", text(&file)]);
        assert!(program.listens().await.is_some());
        let ended = program.stop(crate::server_program::Signal::Terminate).await;
        assert!(ended.status.success(), "{ended:?}");
        keys.push(std::fs::read_to_string(&key).expect("a key"));
    }
    assert_eq!(keys[0], keys[1]);
    assert!(!data.join("pimento.seal-key").exists());
    let arguments = ["audit", "verify", "--config", text(&file)];
    let ended = Program::start(&arguments).ended().await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
}
