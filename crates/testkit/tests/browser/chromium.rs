//! A headless Chromium with a fresh profile, driven by the DevTools protocol over a pair of pipes.
//!
//! The pipes carry JSON with a NUL behind each message, so that no port, no WebSocket and no driver beside the browser is
//! needed. What the browser reports by itself is kept, and the test looks through it at the end.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

/// The browser talks on its third and fourth file, which the shell makes of the two that a child is started with.
const SHELL: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#;

/// It shows our own page, so it needs no sandbox, which root could not have; and it asks nobody for anything on its own.
const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    // No name but the server's address leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// A running browser. Dropped, also by a test that fails, it has ended and its profile is gone.
pub(crate) struct Chromium {
    process: Child,
    commands: ChildStdin,
    messages: BufReader<ChildStdout>,
    profile: TempDir,
    sent: u64,
    reported: Vec<Value>,
}

impl Chromium {
    /// Starts the program.
    pub(crate) fn start(program: &Path) -> Self {
        let profile = TempDir::with_prefix("pimento-chromium-").unwrap();
        let said = File::create(said(&profile)).unwrap();
        let mut process = Command::new("/bin/sh")
            .args(["-c", SHELL])
            .arg(program)
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(said)
            .spawn()
            .unwrap();
        let commands = process.stdin.take().unwrap();
        let messages = process.stdout.take().unwrap();
        Self {
            process,
            commands: ChildStdin::from_std(commands).unwrap(),
            messages: BufReader::new(ChildStdout::from_std(messages).unwrap()),
            profile,
            sent: 0,
            reported: Vec::new(),
        }
    }

    /// Sends a command, of one tab or of the browser itself, and answers its result.
    pub(crate) async fn command(
        &mut self,
        tab: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Value {
        self.sent += 1;
        let mut command = json!({"id": self.sent, "method": method, "params": parameters});
        if let Some(tab) = tab {
            command["sessionId"] = json!(tab);
        }
        let text = format!("{command}\0");
        self.commands.write_all(text.as_bytes()).await.unwrap();
        loop {
            let mut message = self.read().await;
            if message["id"] == self.sent {
                assert_eq!(message["error"], Value::Null, "{method}");
                return message["result"].take();
            }
            self.reported.push(message);
        }
    }

    /// Waits until the browser reports this event.
    pub(crate) async fn event(&mut self, method: &str) {
        loop {
            let message = self.read().await;
            let is_awaited = message["method"] == method;
            self.reported.push(message);
            if is_awaited {
                return;
            }
        }
    }

    /// The parameters of every event of this name so far.
    pub(crate) fn reported(&self, method: &str) -> Vec<&Value> {
        let events = self.reported.iter();
        events
            .filter(|message| message["method"] == method)
            .map(|message| &message["params"])
            .collect()
    }

    /// Has it end, and waits for that.
    pub(crate) async fn close(mut self) {
        self.command(None, "Browser.close", json!({})).await;
        while self.messages.read_until(0, &mut Vec::new()).await.unwrap() != 0 {}
    }

    async fn read(&mut self) -> Value {
        let mut message = Vec::new();
        self.messages.read_until(0, &mut message).await.unwrap();
        assert_eq!(message.pop(), Some(0), "the browser ended: {}", self.said());
        serde_json::from_slice(&message).unwrap()
    }

    fn said(&self) -> String {
        fs::read_to_string(said(&self.profile)).unwrap()
    }
}

/// Where the browser's own complaints go.
fn said(profile: &TempDir) -> PathBuf {
    profile.path().join("stderr")
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // One that was closed has ended, or is about to; its own processes end with it, and its profile goes after it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
