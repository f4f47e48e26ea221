//! The database of a dev server: kept where it is told, gone otherwise, and never mixed up with a real one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pimento_testkit::role;
use serde_json::json;
use tempfile::TempDir;

use super::dev::Dev;
use crate::server_program::{Program, Signal, files, refused, text};

const ASSIGNMENTS: &str = "/beta/privilegedRoleAssignments";

#[tokio::test]
async fn a_database_in_a_folder_outlives_the_server() {
    let folder = TempDir::new().expect("a folder");
    // The folder is made where it is not there yet.
    let data = folder.path().join("kept").join("here");
    let dev = Dev::on(&data).await;
    let path = format!(
        "{ASSIGNMENTS}/ben_{}/makePermanent",
        role::USER_ADMINISTRATOR
    );
    dev.as_ada("POST", &path).await.send().await.expect(200);
    let gone = format!("{ASSIGNMENTS}/cleo_{}", role::SECURITY_READER);
    dev.as_ada("DELETE", &gone).await.send().await.expect(204);
    let before = dev.assignments().await;
    assert_eq!(dev.program.temporary_files(), Vec::<PathBuf>::new());
    dev.stop().await;

    let again = Dev::on(&data).await;
    assert_eq!(
        again.assignments().await,
        before,
        "cleo does not come back, and ben stays permanent"
    );
    again.stop().await;
}

#[tokio::test]
async fn tokens_die_with_the_server_that_issued_them() {
    let folder = TempDir::new().expect("a folder");
    let dev = Dev::on(folder.path()).await;
    let token = dev.token(json!({"oid": "ada"})).await;
    dev.stop().await;
    let again = Dev::on(folder.path()).await;
    let answer = again.call("GET", ASSIGNMENTS).bearer(&token).send().await;
    answer.refused(401, "InvalidAuthenticationToken");
    again.stop().await;
}

#[tokio::test]
async fn a_temporary_database_is_gone_however_the_server_is_asked_to_end() {
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let dev = Dev::start().await;
        let [folder] = &dev.program.temporary_files()[..] else {
            panic!("one folder with the database");
        };
        assert!(!files(folder).is_empty());
        let ended = dev.program.stop(signal).await;
        assert!(ended.status.success(), "{signal:?}: {ended:?}");
        assert_eq!(ended.left_behind, 0, "{signal:?}");
    }
}

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let folder = TempDir::new().expect("a folder");
    let first = Dev::on(folder.path()).await;
    let ended = refused(&[
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--data",
        text(folder.path()),
    ])
    .await;
    assert!(ended.log.contains("in use"), "{}", ended.log);
    assert!(ended.log.contains(text(folder.path())), "{}", ended.log);
    let path = format!(
        "{ASSIGNMENTS}/ben_{}/makePermanent",
        role::USER_ADMINISTRATOR
    );
    first.as_ada("POST", &path).await.send().await.expect(200);
    first.stop().await;
}

#[tokio::test]
async fn serve_refuses_a_database_of_dev_and_leaves_it_alone() {
    let folder = TempDir::new().expect("a folder");
    Dev::on(folder.path()).await.stop().await;
    let configuration = configuration(folder.path());
    let before = contents(folder.path());
    let ended = refused(&["serve", "--config", text(&configuration)]).await;
    assert!(ended.log.contains("pimento-server dev"), "{}", ended.log);
    assert!(ended.log.contains("`data`"), "{}", ended.log);
    assert_unchanged(folder.path(), &before);
    Dev::on(folder.path()).await.stop().await;
}

#[tokio::test]
async fn dev_refuses_a_database_of_serve_and_leaves_it_alone() {
    let folder = TempDir::new().expect("a folder");
    let configuration = configuration(folder.path());
    let serve = ["serve", "--config", text(&configuration)];
    serve_once(&serve).await;
    let before = contents(folder.path());
    let ended = refused(&[
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--data",
        text(folder.path()),
    ])
    .await;
    assert!(ended.log.contains("pimento-server serve"), "{}", ended.log);
    assert!(ended.log.contains("--data"), "{}", ended.log);
    assert_unchanged(folder.path(), &before);
    serve_once(&serve).await;
}

#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_alone() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("pimento.db");
    fs::write(
        &path,
        "Dear diary, today I did not run a server. ".repeat(40),
    )
    .expect("a file");
    let before = contents(folder.path());
    let ended = refused(&[
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--data",
        text(folder.path()),
    ])
    .await;
    assert!(
        ended.log.contains("not a database of Pimento"),
        "{}",
        ended.log
    );
    assert_unchanged(folder.path(), &before);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("a file");
    let data = file.join("below");
    let ended = refused(&["dev", "--listen", "127.0.0.1:0", "--data", text(&data)]).await;
    assert!(ended.log.contains(text(&data)), "{}", ended.log);
}

/// A configuration of `serve` with its database in this folder. Nobody asks the issuer for anything.
fn configuration(data: &Path) -> PathBuf {
    let path = data.join("pimento.toml");
    let issuer =
        "issuer = 'http://127.0.0.1:9/nobody'\naudiences = ['pimento']\ntenant = 'contoso'";
    let text = format!(
        "listen = '127.0.0.1:0'\ndata = '{}'\n[[issuers]]\n{issuer}\n",
        text(data)
    );
    fs::write(&path, text).expect("a file");
    path
}

/// Starts `serve` and ends it when it listens.
async fn serve_once(arguments: &[&str]) {
    let mut program = Program::start(arguments);
    let line = program.logs("listening").await;
    assert!(
        line.is_some(),
        "it did not start: {:?}",
        program.ended().await
    );
    let ended = program.stop(Signal::Terminate).await;
    assert!(ended.status.success(), "{ended:?}");
}

/// Fails with the names of the files that are not as they were.
#[track_caller]
fn assert_unchanged(folder: &Path, before: &BTreeMap<PathBuf, Vec<u8>>) {
    let after = contents(folder);
    let names = before.keys().chain(after.keys());
    let changed: BTreeSet<_> = names
        .filter(|name| before.get(*name) != after.get(*name))
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
}

/// What each file of a folder holds. The lock beside the database is empty, and may come and go.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder)
        .into_iter()
        .filter(|path| path.extension().is_none_or(|extension| extension != "lock"))
        .map(|path| {
            let bytes = fs::read(&path).expect("a file");
            (path, bytes)
        })
        .collect()
}
