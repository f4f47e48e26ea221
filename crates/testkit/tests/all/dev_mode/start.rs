//! How a dev server starts: what it says, where it listens, whom it lets in.

use std::net::TcpListener;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::dev::Dev;
use crate::server_program::{Program, Signal, is_installed, is_not_ci, refused, text};

/// What fits a screen that is not large.
const LINES: usize = 24;
const COLUMNS: usize = 100;

#[tokio::test]
async fn the_banner_fits_a_screen() {
    let dev = Dev::start().await;
    assert!(dev.banner.len() <= LINES, "{:#?}", dev.banner);
    for line in dev.banner.iter().filter(|line| !line.starts_with("curl ")) {
        assert!(
            line.chars().count() <= COLUMNS,
            "{} columns: {line}",
            line.chars().count()
        );
    }
    dev.stop().await;
}

#[tokio::test]
async fn the_banner_names_the_api_the_pages_and_the_people() {
    let dev = Dev::start().await;
    let whole = dev.banner.join("\n");
    assert!(whole.contains(&format!("{}/beta\n", dev.url)), "{whole}");
    assert!(
        whole.contains(&format!("{}/swagger-ui/", dev.url)),
        "{whole}"
    );
    for (person, may) in [
        ("ada", "permanent Privileged Role Administrator"),
        ("ben", "eligible User Administrator"),
        ("cleo", "permanent Security Reader"),
    ] {
        let line = dev
            .banner
            .iter()
            .find(|line| line.trim().starts_with(person));
        assert!(
            line.is_some_and(|line| line.contains(may)),
            "{person}: {whole}"
        );
    }
    assert_eq!(dev.get("/swagger-ui/").await.status, 200);
    dev.stop().await;
}

#[tokio::test]
async fn the_curl_line_of_the_banner_works_as_it_is_pasted() {
    let dev = Dev::start().await;
    let lines: Vec<&String> = dev
        .banner
        .iter()
        .filter(|line| line.starts_with("curl "))
        .collect();
    let [line] = lines[..] else {
        panic!("one line to paste: {:#?}", dev.banner);
    };
    if !is_installed("curl").await {
        is_not_ci("there is no curl");
        println!("note: there is no curl here, so the line is not pasted: {line}");
        return;
    }
    let pasted = Command::new("bash")
        .args([
            "-c",
            &format!("{line} --silent --write-out '\\n%{{http_code}}'"),
        ])
        .output()
        .await
        .expect("a shell");
    let printed = String::from_utf8(pasted.stdout).expect("UTF-8");
    let (body, status) = printed.rsplit_once('\n').expect("a body and a status");
    assert_eq!(status, "200", "{body}");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["isElevated"], true, "{body}");
    assert_eq!(body["expirationDateTime"], Value::Null, "{body}");
    assert!(
        line.contains("\"reason\"") && line.contains("\"ticketNumber\""),
        "{line}"
    );
    dev.stop().await;
}

#[tokio::test]
async fn a_banner_that_nobody_reads_is_no_fault() {
    let folder = TempDir::new().expect("a folder");
    let data = text(folder.path());
    let program = Program::start_unread(&["dev", "--listen", "127.0.0.1:0", "--data", data]);
    // From here on it minds signals, and prints what it has to say before it ends.
    program.makes(&folder.path().join("pimento.db")).await;
    let ended = program.stop(Signal::Terminate).await;
    assert!(ended.status.success(), "{ended:?}");
}

#[tokio::test]
async fn a_log_that_cannot_be_written_ends_nothing() {
    let dev = Dev::unheard().await;
    for name in ["Day watch", "Night watch"] {
        dev.get("/readyz").await.expect(200);
        let call = dev.as_ada("POST", "/beta/privilegedRoles").await;
        let made = call.json(&json!({"name": name})).send().await.expect(201);
        assert_eq!(made["name"], name);
    }
    let ended = dev.stop().await;
    assert!(ended.status.success(), "{ended:?}");
}

#[tokio::test]
async fn two_servers_listen_each_where_it_is_told() {
    let first = Dev::start().await;
    // Not every machine has the address of the newer protocol.
    let second = match TcpListener::bind("[::1]:0") {
        Ok(_) => "[::1]:0",
        Err(_) => "127.0.0.1:0",
    };
    let second = Dev::with(&["--listen", second]).await;
    assert_ne!(first.address(), second.address());
    for dev in [first, second] {
        dev.get("/livez").await.expect(200);
        let configuration = dev
            .get("/dev/.well-known/openid-configuration")
            .await
            .expect(200);
        assert_eq!(configuration["issuer"], format!("{}/dev", dev.url));
        assert_eq!(
            dev.assignments().await.len(),
            4,
            "its tokens are good there"
        );
        dev.stop().await;
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_refused_and_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let ended = refused(&["dev", "--listen", &address]).await;
    assert!(ended.log.contains(&address), "{}", ended.log);
    assert!(ended.log.contains("--listen"), "{}", ended.log);
    assert_eq!(ended.left_behind, 0, "{ended:?}");
}

#[tokio::test]
async fn addresses_that_others_reach_are_refused_unless_anyone_may_come_in() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let ended = refused(&["dev", "--listen", address]).await;
        assert!(ended.log.contains("--let-anyone-in"), "{}", ended.log);
        assert_eq!(ended.left_behind, 0, "{ended:?}");
    }
    let open = Dev::with(&["--listen", "0.0.0.0:0", "--let-anyone-in"]).await;
    assert!(
        open.address().ip().is_loopback(),
        "a URL that this machine can open"
    );
    assert_eq!(open.assignments().await.len(), 4);
    let rebound = format!("rebound.example:{}", open.address().port());
    let call = open.call("GET", "/livez").header("Host", rebound);
    call.send().await.refused(421, "invalidRequest");
    open.stop().await;
}

#[tokio::test]
async fn absolute_urls_in_answers_begin_with_the_public_url_that_a_proxy_has() {
    let public = [
        "--listen",
        "127.0.0.1:0",
        "--public-url",
        "https://pim.example.org",
    ];
    let dev = Dev::with(&public).await;
    let page = dev.as_ada("GET", "/beta/privilegedRoles?$top=1").await;
    let page = page.send().await.expect(200);
    let next = page["@odata.nextLink"].as_str().expect("there is more");
    assert!(next.starts_with("https://pim.example.org/beta/"), "{next}");
    dev.stop().await;
    let ended = refused(&["dev", "--public-url", "https://pim.example.org/beta"]).await;
    assert!(ended.log.contains("without path"), "{}", ended.log);
    assert_eq!(ended.left_behind, 0, "{ended:?}");
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_refused() {
    for arguments in [
        &["dev", "--listen", "here"][..],
        &["dev", "--listen", "127.0.0.1"],
        &["dev", "--colour", "red"],
        &["dev", "--data"],
        &["serve"],
        &["nothing"],
    ] {
        let ended = refused(arguments).await;
        assert!(!ended.log.is_empty(), "{arguments:?}");
    }
}
