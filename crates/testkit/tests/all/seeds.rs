//! Real input: the HTTP examples of the five original documents, sent as they are printed.
//!
//! The transcriptions are in `tests/data/seeds/`, one file for each document. Where Pimento does not do what a document
//! shows, `deviations` says so, once; what is listed there and not needed is an error too.

mod deviations;
mod exchange;
mod originals;
mod reading;
mod transcription;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pimento_testkit::{TestServer, role};
use serde_json::json;

use deviations::{DEVIATIONS, Deviation};
use exchange::Filling;
use transcription::Transcription;

/// The contract's own table of contradictions, in which each deviation has its reason.
const README: &str = include_str!("../../../../openapi/README.md");

/// Where the original documents are, on the machines that have them.
const ORIGINALS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/reference/seeds"
);

#[tokio::test]
async fn each_documented_example_is_answered_as_documented_but_for_the_listed_deviations() {
    let server = TestServer::dev().await;
    for document in transcription::all() {
        let failures = run(&server, &document, &of(&document)).await;
        assert!(failures.is_empty(), "{}: {failures:#?}", document.name);
    }
}

#[tokio::test]
async fn each_listed_deviation_is_needed() {
    let server = TestServer::dev().await;
    for document in transcription::all() {
        let listed = of(&document);
        for deviation in &listed {
            let mut others = listed.clone();
            others.retain(|other| other != deviation);
            let failures = run(&server, &document, &others).await;
            assert!(!failures.is_empty(), "nothing fails without {deviation:?}");
        }
    }
}

#[test]
fn each_listed_deviation_is_of_a_document_and_stands_in_the_readme() {
    let documents = transcription::all();
    for deviation in DEVIATIONS {
        let known = documents
            .iter()
            .any(|document| document.name == deviation.document);
        assert!(known, "{deviation:?}");
        let number = deviation
            .number
            .map_or_else(String::new, |number| number.to_string());
        let row = README.lines().find_map(|line| row(line, deviation.point));
        assert_eq!(row.as_deref(), Some(number.as_str()), "{deviation:?}");
    }
}

#[test]
fn the_transcribed_types_are_those_of_the_printed_bodies() {
    for document in transcription::all() {
        let body = document.response.value();
        let failures = exchange::body_failures(&document.response, &[], &body);
        assert!(failures.is_empty(), "{}: {failures:#?}", document.name);
    }
}

#[test]
fn the_transcriptions_equal_the_documents_where_these_are_at_hand() {
    let folder = Path::new(ORIGINALS);
    if !folder.is_dir() {
        println!(
            "note: the original documents are not at hand, so the transcriptions are not compared with them"
        );
        return;
    }
    let documents = transcription::all();
    for document in &documents {
        let text = fs::read_to_string(folder.join(&document.file)).expect("a document");
        let differences = originals::differences(&originals::blocks(&text), &document.blocks());
        assert!(
            differences.is_empty(),
            "{}: {differences:#?}",
            document.name
        );
    }
    let transcribed: BTreeSet<_> = documents
        .into_iter()
        .map(|document| document.file)
        .collect();
    let there: BTreeSet<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    assert_eq!(there, transcribed, "each document is transcribed");
}

/// The number under `ref` in the line of the README's table that is about this point.
fn row(line: &str, point: &str) -> Option<String> {
    let cells = line.strip_prefix("| ")?.strip_suffix('|')?;
    let mut cells = cells.split(" |");
    (cells.next()? == point).then(|| cells.last().unwrap_or_default().trim().to_owned())
}

fn of(document: &Transcription) -> Vec<Deviation> {
    DEVIATIONS
        .into_iter()
        .filter(|deviation| deviation.document == document.name)
        .collect()
}

/// Makes what the example starts from, sends it, and says what is not as documented.
async fn run(
    server: &TestServer,
    document: &Transcription,
    deviations: &[Deviation],
) -> Vec<String> {
    let filling = prepare(server, document).await;
    let ada = server.person("ada").await;
    let answer = exchange::send(document, deviations, server, &ada, &filling).await;
    exchange::failures(&document.response, deviations, &answer)
}

/// The assignment that the example is about: there already, but for the one that is created.
async fn prepare(server: &TestServer, document: &Transcription) -> Filling {
    let ada = server.person("ada").await;
    // The example's answer is active with an end, as for administrators who do it to their own role.
    let (user, role) = match document.name {
        "eligible" => ("ada", role::SECURITY_ADMINISTRATOR),
        _ => ("dora", role::USER_ADMINISTRATOR),
    };
    let filling = Filling {
        user: user.to_owned(),
        role: role.to_owned(),
    };
    let path = format!("/beta/privilegedRoleAssignments/{}", filling.id());
    ada.delete(&path).await;
    if document.name != "create" {
        let elevated = document.name == "eligible";
        let body = json!({"userId": user, "roleId": role, "isElevated": elevated});
        ada.send("POST", "/beta/privilegedRoleAssignments", &body)
            .await
            .expect(201);
    }
    filling
}
