//! Events that an operator erases.

use std::fs;
use std::path::Path;

use pimento_testkit::DEMO_TENANT;
use serde_json::Value;

use super::{ALL_SEALED, REASON, activate, audit, head, sealed, sequence, worked};
use crate::dev_mode::dev::Dev;
use crate::server_program::files;

/// Whatever is in the folder does not hold this text.
fn assert_in_no_file(text: &str, folder: &Path) {
    for file in files(folder) {
        let bytes = fs::read(&file).expect("a file");
        let mut windows = bytes.windows(text.len());
        assert!(
            !windows.any(|window| window == text.as_bytes()),
            "{}",
            file.display()
        );
    }
}

/// The server lists the event of this number and not the one before it, whose path is answered.
async fn assert_lists_all_but_one_before(server: &Dev, number: u64) -> String {
    let list = server
        .as_ada("GET", "/beta/privilegedOperationEvents")
        .await;
    let list = list.send().await.expect(200);
    let list = list["value"].as_array().expect("a list");
    // An id is a day and, in ten digits, the sequence number.
    let id_of = |number: u64| {
        let mut ids = list.iter().filter_map(|event| event["id"].as_str());
        let number = format!("{number:010}");
        ids.find(|id| id.ends_with(&number)).map(str::to_owned)
    };
    let last = id_of(number).expect("the last event");
    assert_eq!(id_of(number - 1), None, "{list:?}");
    let path = format!("/beta/privilegedOperationEvents/{last}");
    let answer = server.as_ada("GET", &path).await.send().await;
    assert_eq!(answer.status, 200);
    format!(
        "/beta/privilegedOperationEvents/{}{:010}",
        &last[..8],
        number - 1
    )
}

#[tokio::test]
async fn what_is_erased_is_in_no_file_and_no_list_and_the_log_verifies() {
    let (folder, before) = worked().await;
    let data = folder.path();
    let secret = (sequence(&before) - 1).to_string();
    let arguments = [
        "--tenant",
        DEMO_TENANT,
        "--sequence",
        &secret,
        "--reason",
        "Article 17",
    ];
    let erased = audit("erase", data, &arguments).await;
    assert_eq!(erased.status.code(), Some(0), "{erased:?}");
    let words = format!(
        "event {secret} is erased; event {} says so",
        sequence(&before) + 1
    );
    assert!(erased.printed.contains(&words), "{erased:?}");
    assert_in_no_file(REASON, data);
    let verified = audit("verify", data, &["--head", &before]).await;
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
    assert!(
        verified.printed.contains("1 of them erased"),
        "{verified:?}"
    );

    let exported = audit("export", data, &[]).await.printed;
    let line = exported
        .lines()
        .nth(sequence(&before) as usize - 2)
        .expect("a line");
    let line: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(
        (&line["erased"], &line["sequence"].to_string()),
        (&true.into(), &secret)
    );
    assert!(line["digest"].is_string() && line["event"].is_null() && line["salt"].is_null());
    let ocsf = audit("export", data, &["--format", "ocsf"]).await.printed;
    assert_eq!(ocsf.lines().count() + 1, exported.lines().count());

    // The next server lists what is left, and goes on.
    let server = Dev::on(data).await;
    let gone = assert_lists_all_but_one_before(&server, sequence(&before)).await;
    let answer = server.as_ada("GET", &gone).await.send().await;
    assert_eq!(answer.status, 404);
    activate(&server).await;
    assert!(sealed(data).await.contains(ALL_SEALED));
    server.stop().await;
    assert_eq!(sequence(&head(data).await), sequence(&before) + 3);
}

#[tokio::test]
async fn nothing_is_erased_beside_a_server_or_without_the_key() {
    let (folder, before) = worked().await;
    let data = folder.path();
    let sequence = sequence(&before).to_string();
    let arguments = [
        "--tenant",
        DEMO_TENANT,
        "--sequence",
        &sequence,
        "--reason",
        "Article 17",
    ];
    let server = Dev::on(data).await;
    let refused = audit("erase", data, &arguments).await;
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        refused
            .log
            .contains("is in use: another Pimento server has it open"),
        "{refused:?}"
    );
    server.stop().await;
    fs::rename(data.join("pimento.seal-key"), data.join("elsewhere")).expect("a key");
    let refused = audit("erase", data, &arguments).await;
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(refused.log.contains("is not there"), "{refused:?}");
    fs::rename(data.join("elsewhere"), data.join("pimento.seal-key")).expect("a key");
    assert_eq!(head(data).await, before);
}
