//! Logs that are not what was sealed, and what cannot be checked.

use std::fs;
use std::path::Path;

use pimento_testkit::{Contract, TestServer};
use tempfile::TempDir;

use super::{REASON, activate, audit, copy, head, public_key, sequence, worked};
use crate::dev_mode::dev::Dev;
use crate::server_program::text;

const BROKEN: Option<i32> = Some(1);
const CANNOT: Option<i32> = Some(2);

/// Changes what the database's file says, letter by letter.
fn change(folder: &Path, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let file = folder.join("pimento.db");
    let mut bytes = fs::read(&file).expect("a database");
    let mut places: Vec<usize> = Vec::new();
    for (place, window) in bytes.windows(from.len()).enumerate() {
        if window == from.as_bytes() {
            places.push(place);
        }
    }
    assert!(!places.is_empty(), "{from} is not there");
    for place in places {
        bytes[place..place + to.len()].copy_from_slice(to.as_bytes());
    }
    fs::write(&file, bytes).expect("a database");
}

#[tokio::test]
async fn one_letter_that_somebody_changes_in_the_file_is_found_and_named() {
    let (folder, head) = worked().await;
    change(folder.path(), REASON, "Reset a sign-on");
    let ended = audit("verify", folder.path(), &[]).await;
    assert_eq!(ended.status.code(), BROKEN, "{ended:?}");
    let place = format!(
        "event {}: the event is not what was sealed",
        sequence(&head) - 1
    );
    for words in ["BROKEN", &place, "1 logs checked, 1 BROKEN"] {
        assert!(ended.printed.contains(words), "{words}: {ended:?}");
    }
}

#[tokio::test]
async fn an_older_copy_is_found_by_the_head_that_was_written_down_and_by_nothing_else() {
    let (folder, _) = worked().await;
    let older = copy(folder.path());
    let server = Dev::on(folder.path()).await;
    activate(&server).await;
    server.stop().await;
    let newest = head(folder.path()).await;
    let alone = audit("verify", older.path(), &[]).await;
    assert_eq!(alone.status.code(), Some(0), "{alone:?}");
    let ended = audit("verify", older.path(), &["--head", &newest]).await;
    assert_eq!(ended.status.code(), BROKEN, "{ended:?}");
    assert!(
        ended
            .printed
            .contains("it was cut off, or is an older copy"),
        "{ended:?}"
    );
    // Nor is there a log at all.
    let empty = TempDir::new().expect("a folder");
    Dev::on(empty.path()).await.stop().await;
    fs::copy(
        folder.path().join("pimento.seal-key"),
        empty.path().join("pimento.seal-key"),
    )
    .expect("a copy");
    let ended = audit("verify", empty.path(), &["--head", &newest]).await;
    assert_eq!(ended.status.code(), BROKEN, "{ended:?}");
}

#[tokio::test]
async fn a_log_that_was_signed_with_another_key_is_found() {
    let (folder, head) = worked().await;
    let (_, other) = worked().await;
    let known = public_key(&head);
    let ended = audit("verify", folder.path(), &["--public-key", known]).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let ended = audit(
        "verify",
        folder.path(),
        &["--public-key", public_key(&other)],
    )
    .await;
    assert_eq!(ended.status.code(), BROKEN, "{ended:?}");
    let words = format!("was signed with the key {known}, which is not one that you know");
    assert!(ended.printed.contains(&words), "{ended:?}");
}

/// The head, but for one digit of its signature.
fn with_another_digit(head: &str) -> String {
    let mut flipped = head.to_owned();
    let place = flipped.len() - 100;
    let digit = if flipped.as_bytes()[place] == b'0' {
        "1"
    } else {
        "0"
    };
    flipped.replace_range(place..=place, digit);
    flipped
}

#[tokio::test]
async fn what_cannot_be_checked_is_not_called_broken() {
    let (folder, head) = worked().await;
    let without_key = copy(folder.path());
    fs::remove_file(without_key.path().join("pimento.seal-key")).expect("a key");
    let nowhere = TempDir::new().expect("a folder");
    let foreign = copy(folder.path());
    fs::write(foreign.path().join("pimento.db"), "hello ".repeat(1_000)).expect("a file");
    let nobody = tempfile::NamedTempFile::new().expect("a file");
    let empty = nowhere.path().join("empty");
    fs::write(&empty, "# nothing\n\n").expect("a file");
    let cases: [(&Path, &[&str], &str); 6] = [
        (
            folder.path(),
            &["--head", text(&empty)],
            "there is no head in",
        ),
        (
            folder.path(),
            &["--public-key", text(nobody.path())],
            "there is no public key in",
        ),
        (without_key.path(), &[], "the seal key"),
        (
            nowhere.path(),
            &["--public-key", public_key(&head)],
            "cannot be opened",
        ),
        (foreign.path(), &[], "is not a database of Pimento"),
        (
            folder.path(),
            &["--public-key", "00"],
            "it is not a public key",
        ),
    ];
    for (data, arguments, words) in cases {
        assert_cannot_check(data, arguments, words).await;
    }
    // The public key is enough, and so is a head that was written down.
    for arguments in [["--public-key", public_key(&head)], ["--head", &head]] {
        let ended = audit("verify", without_key.path(), &arguments).await;
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    }
}

#[tokio::test]
async fn heads_that_are_none_or_of_another_log_are_not_checked_against() {
    let (folder, head) = worked().await;
    let (_, other) = worked().await;
    let flipped = with_another_digit(&head);
    let cases: [(&[&str], &str); 5] = [
        (&["--head", "pimento-head-1"], "it is not a head"),
        (&["--head", &flipped], "this head is not as it was signed"),
        (
            &["--head", &other, "--public-key", public_key(&head)],
            "a given head is signed with another key",
        ),
        (
            &["--tenant", "other", "--head", &head],
            "this head is of another tenant",
        ),
        (&["--tenant", "other"], "there is no log of tenant other"),
    ];
    for (arguments, words) in cases {
        assert_cannot_check(folder.path(), arguments, words).await;
    }
}

async fn assert_cannot_check(data: &Path, arguments: &[&str], words: &str) {
    let ended = audit("verify", data, arguments).await;
    assert_eq!(ended.status.code(), CANNOT, "{arguments:?}: {ended:?}");
    assert!(
        ended.log.contains("cannot check: ") && ended.log.contains(words),
        "{ended:?}"
    );
    assert!(!ended.printed.contains("BROKEN"), "{ended:?}");
}

#[tokio::test]
async fn a_tenant_without_a_log_has_no_head_and_no_export() {
    let (folder, _) = worked().await;
    for command in ["head", "export"] {
        let ended = audit(command, folder.path(), &["--tenant", "other"]).await;
        assert_eq!(ended.status.code(), CANNOT, "{ended:?}");
        let words = "there is no log of tenant other";
        assert!(ended.log.contains(words), "{ended:?}");
    }
}

#[tokio::test]
async fn no_operation_of_the_documents_alters_an_event() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let contract = Contract::of_dev();
    let mut paths = 0;
    for operation in contract.documented().into_keys() {
        let (method, path) = contract.route(operation);
        if !path.contains("/privilegedOperationEvents") {
            continue;
        }
        paths += 1;
        assert_eq!(method, "GET", "{operation}");
        for method in ["PUT", "POST", "PATCH", "DELETE"] {
            let answer = ada.call(method, &path.replace("{id}", "1")).send().await;
            answer.refused(405, "Request_BadRequest");
            assert_eq!(answer.header("allow"), Some("GET,HEAD"), "{method} {path}");
        }
    }
    assert!(1 < paths, "{paths}");
}
