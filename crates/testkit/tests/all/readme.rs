//! The session of the README, pasted into the shells that people have.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::dev_mode::dev::Dev;
use crate::server_program::{is_installed, is_not_ci};

const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md"));

/// How each shell is given a session line by line. The second keeps the history that makes `!` special, as it is where
/// somebody types.
const SHELLS: [&[&str]; 4] = [
    &["bash"],
    &["bash", "--norc", "-i", "-o", "history", "-s"],
    &["dash"],
    &["zsh", "--no-rcs", "--interactive", "--shinstdin"],
];

/// The session as it stands there, against this server.
fn session(dev: &Dev) -> String {
    let (_, rest) = README.split_once("```sh\n").expect("a session");
    let (session, _) = rest.split_once("```").expect("its end");
    assert_eq!(session.matches("http://127.0.0.1:8080").count(), 1);
    session.replace("http://127.0.0.1:8080", &dev.url)
}

/// What it prints there, step by step: the number that a step begins with, and the lines below it.
async fn pasted(shell: &[&str], session: &str) -> Vec<Vec<String>> {
    let mut shell = Command::new(shell[0])
        .args(&shell[1..])
        .env("HISTFILE", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("a shell");
    let mut typed = shell.stdin.take().expect("its input");
    typed.write_all(session.as_bytes()).await.expect("it reads");
    drop(typed);
    let ended = shell.wait_with_output().await.expect("it ends");
    let printed = String::from_utf8(ended.stdout).expect("UTF-8");
    let mut steps: Vec<Vec<String>> = Vec::new();
    for line in printed.lines() {
        if line.starts_with(&format!("{}. ", steps.len() + 1)) {
            steps.push(Vec::new());
        } else {
            let step = steps.last_mut();
            step.unwrap_or_else(|| panic!("before all steps: {line}"))
                .push(line.to_owned());
        }
    }
    steps
}

/// The one answer that a step prints: its body and its status.
fn answer(step: &[String]) -> (Value, &str) {
    let [line] = step else {
        panic!("one line: {step:?}");
    };
    let (body, status) = line.rsplit_once(' ').expect("a status");
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(body).expect("JSON")
    };
    (body, status)
}

/// What a step shows of ben's only assignment: whether it is active, and until when.
fn own(step: &[String]) -> (bool, Value) {
    let (mut body, status) = answer(step);
    assert_eq!(status, "(200)", "{body}");
    let mut one = body["value"][0].take();
    let until = one["expirationDateTime"].take();
    (one["isElevated"].as_bool().expect("yes or no"), until)
}

/// The life of an assignment in what was printed.
fn is_the_life_of_an_assignment(steps: &[Vec<String>]) {
    let [
        settings,
        eligible,
        asked,
        approved,
        active,
        clock,
        ended,
        log,
    ] = steps
    else {
        panic!("eight steps: {steps:#?}");
    };
    assert_eq!(answer(settings), (Value::Null, "(204)"));
    assert_eq!(own(eligible), (false, Value::Null));
    let (request, status) = answer(asked);
    assert_eq!(
        (&request["status"], status),
        (&json!("RequestedApproval"), "(201)")
    );
    assert_eq!(answer(approved), (Value::Null, "(204)"));
    let (is_active, until) = own(active);
    assert!(is_active && until.is_string(), "{active:?}");
    let now: Value = serde_json::from_str(&clock[0]).expect("JSON");
    assert!(until.as_str() <= now["now"].as_str(), "{until} {now}");
    assert_eq!(own(ended), (false, Value::Null));
    let tells = |line: &str, words: [&str; 2]| {
        let is_there = |word: &&str| line.contains(&format!("\"{word}\""));
        assert!(words.iter().all(is_there), "{words:?}: {line}");
    };
    let [.., begin, end] = &log[..] else {
        panic!("two events: {log:?}");
    };
    tells(&log[0], ["Assign", "ada"]);
    tells(begin, ["Activate", "Reset a sign-in"]);
    tells(end, ["Deactivate", "Expired"]);
    assert!(end.contains(until.as_str().expect("a text")), "{end}");
}

#[tokio::test]
async fn the_session_of_the_readme_leads_through_the_life_of_an_assignment_in_every_shell() {
    if !is_installed("curl").await {
        is_not_ci("there is no curl");
        println!("note: there is no curl here, so the session is not pasted");
        return;
    }
    let dev = Dev::start().await;
    let session = session(&dev);
    let mut pasted_into = 0;
    for shell in SHELLS {
        // The one of Debian does not tell its version.
        let is_there = shell[0] == "dash" && std::path::Path::new("/bin/dash").exists();
        if !is_there && !is_installed(shell[0]).await {
            println!("note: there is no {} here", shell[0]);
            continue;
        }
        // Each time on the same server: it can be pasted again.
        is_the_life_of_an_assignment(&pasted(shell, &session).await);
        pasted_into += 1;
    }
    assert!(1 < pasted_into, "there is no bash");
    dev.stop().await;
}
