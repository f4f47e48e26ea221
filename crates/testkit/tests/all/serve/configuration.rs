//! Configurations that cannot be: the program ends and says which key is wrong, before it makes or changes anything.

use std::fs;

use tempfile::TempDir;

use crate::server_program::{Ended, files, refused, text};

const ISSUER: &str = "[[issuers]]\nissuer = 'https://login.example.org'\naudiences = ['pimento']\ntenant = 'contoso'";

/// What the program says to a configuration, in which DATA stands for a folder; and that it leaves the folder alone.
async fn verdict(configuration: &str) -> Ended {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("pimento.toml");
    let data = folder.path().join("data");
    fs::write(&path, configuration.replace("DATA", text(&data))).expect("a file");
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert_eq!(files(folder.path()), [path], "{configuration}");
    ended
}

async fn assert_named(configuration: &str, key: &str) {
    let ended = verdict(configuration).await;
    assert!(ended.log.contains(key), "{configuration}\n{}", ended.log);
    assert!(ended.log.starts_with("pimento-server: "), "{}", ended.log);
}

#[tokio::test]
async fn unknown_keys_are_named() {
    let top = "data = 'DATA'\nlisten = '127.0.0.1:0'";
    assert_named(&format!("{top}\ncolour = 'red'\n{ISSUER}"), "colour").await;
    assert_named(&format!("{top}\n{ISSUER}\ncolour = 'red'"), "colour").await;
    assert_named(
        &format!("{top}\n{ISSUER}\nmfa = {{ colour = ['red'] }}"),
        "colour",
    )
    .await;
    let founder = "[[founders]]\ntenant = 'contoso'\nuser = 'fay'\ncolour = 'red'";
    assert_named(&format!("{top}\n{founder}\n{ISSUER}"), "colour").await;
    assert_named(&format!("{top}\n[dev]\nenabled = true\n{ISSUER}"), "dev").await;
}

#[tokio::test]
async fn missing_keys_are_named() {
    assert_named(&format!("listen = '127.0.0.1:0'\n{ISSUER}"), "data").await;
    assert_named("data = 'DATA'", "issuers").await;
    assert_named("data = 'DATA'\nissuers = []", "issuers").await;
    let founder = "[[founders]]\ntenant = 'contoso'";
    assert_named(&format!("data = 'DATA'\n{founder}\n{ISSUER}"), "user").await;
    let nameless = "[[issuers]]\naudiences = ['pimento']\ntenant = 'contoso'";
    assert_named(&format!("data = 'DATA'\n{nameless}"), "issuer").await;
    let for_nobody = "[[issuers]]\nissuer = 'https://login.example.org'\ntenant = 'contoso'";
    assert_named(&format!("data = 'DATA'\n{for_nobody}"), "audiences").await;
    let of_nobody = "[[issuers]]\nissuer = 'https://login.example.org'\naudiences = ['pimento']";
    assert_named(&format!("data = 'DATA'\n{of_nobody}"), "tenant").await;
}

#[tokio::test]
async fn values_that_cannot_be_are_named() {
    let top = "data = 'DATA'";
    for (line, key) in [
        ("listen = 'here'", "listen"),
        ("listen = 8080", "listen"),
        ("public_url = 'pim.example.org'", "public_url"),
        ("public_url = 'ftp://pim.example.org'", "public_url"),
        ("public_url = 'https://pim.example.org/beta'", "public_url"),
        ("tenants = ['a b']", "tenants"),
        ("tenants = 'contoso'", "tenants"),
        ("forbid_self_grant = 'yes'", "forbid_self_grant"),
        ("founders = ['fay']", "founders"),
    ] {
        assert_named(&format!("{top}\n{line}\n{ISSUER}"), key).await;
    }
}

#[tokio::test]
async fn issuers_that_cannot_be_are_named() {
    let good = "audiences = ['pimento']\ntenant = 'contoso'";
    for url in [
        "http://login.example.org",
        "login.example.org",
        "",
        "ftp://login.example.org",
        "https://fay@login.example.org",
        "https://login.example.org?tenant=contoso",
        "https://{tenant}.example.org",
    ] {
        let table = format!("[[issuers]]\nissuer = '{url}'\n{good}");
        assert_named(&format!("data = 'DATA'\n{table}"), "`issuer` must").await;
    }
    for (line, key) in [
        ("tenants = ['contoso']", "tenants"),
        ("skew_seconds = 301", "skew_seconds"),
        ("skew_seconds = -1", "skew_seconds"),
        ("algorithms = ['HS256']", "algorithms"),
        ("algorithms = ['none']", "algorithms"),
        ("algorithms = []", "algorithms"),
        ("user_claim = ''", "_claim"),
        ("scopes = { pimento = [] }", "scopes"),
        ("mfa = { amr = [''] }", "mfa"),
        ("trust_wids = 1", "trust_wids"),
    ] {
        assert_named(&format!("data = 'DATA'\n{ISSUER}\n{line}"), key).await;
    }
    assert_named(
        &format!("data = 'DATA'\n{ISSUER}\n{ISSUER}"),
        "https://login.example.org",
    )
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_there_or_no_toml_is_named() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("pimento.toml");
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert!(ended.log.contains(text(&path)), "{}", ended.log);
    fs::write(&path, "data = \n").expect("a file");
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert!(ended.log.contains(text(&path)), "{}", ended.log);
    fs::write(&path, b"data = '\xff'").expect("a file");
    let ended = refused(&["serve", "--config", text(&path)]).await;
    assert!(ended.log.contains(text(&path)), "{}", ended.log);
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_line() {
    let ended = verdict(&format!(
        "data = 'DATA'\nlisten = '127.0.0.1:0'\ncolour = 'red'\n{ISSUER}"
    ))
    .await;
    assert!(ended.log.contains("line 3"), "{}", ended.log);
}
