//! `pimento-server serve` as an operator starts and stops it.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pimento_testkit::{Call, Contract};
use tempfile::TempDir;

use crate::server_program::{Program, Signal, files, refused, text};

/// A configuration in this folder, which listens here. Nobody asks its issuer for anything.
fn configuration(folder: &Path, listen: &str) -> PathBuf {
    let path = folder.join("pimento.toml");
    let issuer =
        "issuer = 'https://login.example.org'\naudiences = ['pimento']\ntenant = 'contoso'";
    let data = folder.join("data");
    let whole = format!(
        "listen = '{listen}'\ndata = '{}'\n[[issuers]]\n{issuer}\n",
        text(&data)
    );
    fs::write(&path, whole).expect("a file");
    path
}

/// Starts `serve`, and returns where it says that it listens.
async fn start(configuration: &Path) -> (Program, SocketAddr) {
    let mut program = Program::start(&["serve", "--config", text(configuration)]);
    match program.listens().await {
        Some(address) => (program, address),
        None => panic!("it did not start: {:?}", program.ended().await),
    }
}

/// It answers, and rightly.
async fn ready(address: SocketAddr) {
    let call = Call::new(address, "GET", "/readyz").judged_by(&Arc::new(Contract::of_serve()));
    call.send().await.expect(200);
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_when_it_is_told() {
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let folder = TempDir::new().expect("a folder");
        let (program, address) = start(&configuration(folder.path(), "127.0.0.1:0")).await;
        ready(address).await;
        let ended = program.stop(signal).await;
        assert!(ended.status.success(), "{signal:?}: {ended:?}");
        assert_eq!(ended.printed, "", "a server's words are its log");
        let left = files(&folder.path().join("data"));
        let log = left.iter().find(|path| text(path).ends_with("-wal"));
        assert_eq!(log, None, "the database is whole in its one file");
    }
}

#[tokio::test]
async fn the_log_is_plain_text_where_it_is_no_terminal() {
    let folder = TempDir::new().expect("a folder");
    let (program, _) = start(&configuration(folder.path(), "127.0.0.1:0")).await;
    let ended = program.stop(Signal::Terminate).await;
    assert!(!ended.log.contains('\u{1b}'), "{:?}", ended.log);
}

#[tokio::test]
async fn a_port_that_is_taken_is_refused_and_the_key_named() {
    let folder = TempDir::new().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let path = configuration(folder.path(), &address);
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert!(ended.log.contains(&address), "{}", ended.log);
    assert!(ended.log.contains("listen"), "{}", ended.log);
    assert!(
        !ended.log.contains("--listen"),
        "serve has no such argument: {}",
        ended.log
    );
}

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let folder = TempDir::new().expect("a folder");
    let path = configuration(folder.path(), "127.0.0.1:0");
    let (first, address) = start(&path).await;
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert!(ended.log.contains("in use"), "{}", ended.log);
    ready(address).await;
    assert!(first.stop(Signal::Terminate).await.status.success());
}

#[tokio::test]
async fn a_damaged_database_is_refused_with_what_to_do() {
    let folder = TempDir::new().expect("a folder");
    let path = configuration(folder.path(), "127.0.0.1:0");
    let (program, _) = start(&path).await;
    assert!(program.stop(Signal::Terminate).await.status.success());
    let database = folder.path().join("data").join("pimento.db");
    let mut bytes = fs::read(&database).expect("a file");
    bytes[4096..8192].fill(0);
    fs::write(&database, &bytes).expect("a file");
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert!(ended.log.contains(text(&database)), "{}", ended.log);
    assert!(ended.log.contains("restore a backup"), "{}", ended.log);
    assert_eq!(fs::read(&database).expect("a file"), bytes, "left alone");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_refused_with_what_to_do() {
    let folder = TempDir::new().expect("a folder");
    let path = configuration(folder.path(), "127.0.0.1:0");
    let whole = fs::read_to_string(&path).expect("a file");
    let data = folder.path().join("data");
    // Nobody makes files there, whatever their rights.
    fs::write(&path, whole.replace(text(&data), "/sys")).expect("a file");
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert!(ended.log.contains("/sys/pimento.db"), "{}", ended.log);
    assert!(ended.log.contains("name another place"), "{}", ended.log);
}

#[tokio::test]
async fn nobody_else_on_the_machine_can_read_the_database() {
    let folder = TempDir::new().expect("a folder");
    let (program, _) = start(&configuration(folder.path(), "127.0.0.1:0")).await;
    for path in files(&folder.path().join("data")) {
        assert_private(&path);
    }
    assert!(program.stop(Signal::Terminate).await.status.success());
}

#[cfg(unix)]
fn assert_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}
