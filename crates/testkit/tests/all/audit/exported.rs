//! Exports: all that is kept, one event a line, from any place on.

use aws_lc_rs::digest::{SHA256, digest};
use pimento_testkit::DEMO_TENANT;
use serde_json::Value;

use super::{REASON, activate, audit, head, sequence, worked};
use crate::dev_mode::dev::Dev;

fn sha256(parts: &[&[u8]]) -> String {
    hex(digest(&SHA256, &parts.concat()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let digits = hex.as_str().expect("digits").as_bytes();
    let pairs = digits
        .chunks(2)
        .map(|pair| str::from_utf8(pair).expect("digits"));
    let byte = |pair: &str| u8::from_str_radix(pair, 16).expect("digits");
    pairs.map(byte).collect()
}

/// The lines of an export, each with what it is.
async fn lines(data: &std::path::Path, arguments: &[&str]) -> Vec<(String, Value)> {
    let ended = audit("export", data, arguments).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let line = |line: &str| (line.to_owned(), serde_json::from_str(line).expect("JSON"));
    ended.printed.lines().map(line).collect()
}

/// As the documentation says it, from nothing but the lines.
#[tokio::test]
async fn every_digest_and_seal_can_be_reckoned_from_the_export_alone() {
    let (folder, head) = worked().await;
    let mut before = vec![0; 32];
    let lines = lines(folder.path(), &[]).await;
    assert_eq!(lines.len() as u64, sequence(&head));
    for (number, (line, value)) in (1_u64..).zip(&lines) {
        let (_, payload) = line.split_once("\"event\":").expect("an event");
        let payload = payload.strip_suffix('}').expect("the end of the line");
        let salt = bytes(&value["salt"]);
        let digest = sha256(&[b"pimento event 1\0", &salt, payload.as_bytes()]);
        assert_eq!(value["digest"], digest, "{line}");
        let seal = sha256(&[
            b"pimento seal 1\0",
            &(DEMO_TENANT.len() as u64).to_be_bytes(),
            DEMO_TENANT.as_bytes(),
            &before,
            &number.to_be_bytes(),
            &bytes(&value["digest"]),
        ]);
        assert_eq!(value["seal"], seal, "{line}");
        assert_eq!(
            (&value["sequence"], &value["event"]["sequence"]),
            (&number.into(), &number.into())
        );
        before = bytes(&value["seal"]);
    }
    assert!(head.contains(&hex(&before)), "the head has the last seal");
}

#[tokio::test]
async fn an_export_goes_on_after_the_last_event_that_was_exported() {
    let (folder, first) = worked().await;
    let last = sequence(&first).to_string();
    let arguments = ["--tenant", DEMO_TENANT, "--after", &last];
    assert_eq!(lines(folder.path(), &arguments).await, []);
    let server = Dev::on(folder.path()).await;
    activate(&server).await;
    server.stop().await;
    let whole = lines(folder.path(), &[]).await;
    let rest = lines(folder.path(), &arguments).await;
    assert_eq!(rest, whole[whole.len() - 2..]);
    assert_eq!(rest[0].1["event"]["reason"], REASON);
    assert_eq!(sequence(&head(folder.path()).await), whole.len() as u64);
}

#[tokio::test]
async fn refusals_are_exported_as_failures() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let server = Dev::on(folder.path()).await;
    let token = server.token(serde_json::json!({"oid": "ben"})).await;
    let role = pimento_testkit::role::USER_ADMINISTRATOR;
    let path = format!("/beta/privilegedRoles/{role}/settings");
    let call = server
        .call("PATCH", &path)
        .bearer(&token)
        .json(&serde_json::json!({}));
    let refused = call.send().await;
    assert_eq!(refused.status, 403);
    server.stop().await;
    let (_, event) = lines(folder.path(), &[]).await.pop().expect("an event");
    assert_eq!(
        (
            &event["event"]["kind"],
            &event["event"]["actor"]["principal"]
        ),
        (&"refuse".into(), &"ben".into())
    );
    let (_, ocsf) = lines(folder.path(), &["--format", "ocsf"])
        .await
        .pop()
        .expect("an event");
    assert_eq!(
        (&ocsf["category_uid"], &ocsf["status_id"]),
        (&3.into(), &2.into())
    );
    assert_eq!(ocsf["actor"]["user"]["uid"], "ben");
    assert_eq!(ocsf["metadata"]["sequence"], event["sequence"]);
}
