//! The real program `pimento-server`, as an operator starts it: what it prints, what it logs, and how it ends.

use std::fs;
use std::io::PipeWriter;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// How long a start or an end may take. Far more than either needs, so that only one that never comes is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A signal that asks a program to end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signal {
    /// What Ctrl-C sends.
    Interrupt,
    /// What the system sends when it shuts down.
    Terminate,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// All that it wrote to its standard output.
    pub(crate) printed: String,
    /// All that it wrote to its standard error.
    pub(crate) log: String,
    /// How many files and folders it left in the folder for temporary ones.
    pub(crate) left_behind: usize,
}

/// A program that runs. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    printed: Text,
    log: Text,
    temporary: TempDir,
}

/// One of its streams: the lines that were looked at, and those to come.
struct Text {
    seen: String,
    lines: UnboundedReceiver<String>,
}

/// Where each write fails.
fn nowhere() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

impl Program {
    /// Starts `pimento-server` with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_writing_to(Stdio::piped(), Stdio::piped(), None, arguments)
    }

    /// Starts it so that it logs all it can, and all that the libraries below it can.
    pub(crate) fn start_telling_all(arguments: &[&str]) -> Self {
        Self::start_writing_to(Stdio::piped(), Stdio::piped(), Some("trace"), arguments)
    }

    /// Starts it so that it prints to this pipe, which its reader may leave full.
    pub(crate) fn start_printing_to(pipe: PipeWriter, arguments: &[&str]) -> Self {
        Self::start_writing_to(pipe.into(), Stdio::piped(), None, arguments)
    }

    /// The most memory that it has had at once so far, in KiB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let id = self.child.id().expect("it has not ended");
        let status = fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
        peak.expect("its peak").parse().expect("a number")
    }

    /// Starts it where nobody reads what it prints.
    pub(crate) fn start_unread(arguments: &[&str]) -> Self {
        Self::start_writing_to(nowhere(), Stdio::piped(), None, arguments)
    }

    /// Starts it where nobody reads its log, of which there is much.
    pub(crate) fn start_unheard(arguments: &[&str]) -> Self {
        Self::start_writing_to(Stdio::piped(), nowhere(), Some("trace"), arguments)
    }

    fn start_writing_to(
        output: Stdio,
        log: Stdio,
        log_level: Option<&str>,
        arguments: &[&str],
    ) -> Self {
        let temporary = TempDir::new().expect("a temporary folder");
        // A program that is over a limit gets an error instead of the signal that would end it: that is what a full disk
        // does.
        let mut child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(binary())
            .args(arguments)
            .env("TMPDIR", temporary.path())
            .env_remove("RUST_LOG")
            .envs(log_level.map(|level| ("RUST_LOG", level)))
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        Self {
            printed: child.stdout.take().map_or_else(Text::none, Text::of),
            log: child.stderr.take().map_or_else(Text::none, Text::of),
            child,
            temporary,
        }
    }

    /// The first line with these words that it prints; `None` where it ends without one.
    pub(crate) async fn prints(&mut self, words: &str) -> Option<String> {
        self.printed.line_with(words).await
    }

    /// The first line with these words that it logs; `None` where it ends without one.
    pub(crate) async fn logs(&mut self, words: &str) -> Option<String> {
        self.log.line_with(words).await
    }

    /// Where it logs that it listens; `None` where it ends without that.
    pub(crate) async fn listens(&mut self) -> Option<SocketAddr> {
        let line = self.logs("listening address=").await?;
        let (_, address) = line.split_once("address=").expect("an address");
        let address = address.split_whitespace().next().unwrap_or_default();
        Some(address.parse().expect("an address and a port"))
    }

    /// What it has printed, as far as it was looked at.
    pub(crate) fn printed(&self) -> &str {
        &self.printed.seen
    }

    /// Waits until it has made this file.
    pub(crate) async fn makes(&self, path: &Path) {
        let made = async {
            while !path.exists() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, made).await.expect("the file is made");
    }

    /// What lies in the folder that it takes for temporary files.
    pub(crate) fn temporary_files(&self) -> Vec<PathBuf> {
        files(self.temporary.path())
    }

    /// From now on no file may grow beyond so many bytes, as on a full disk; `unlimited` ends that.
    #[cfg(target_os = "linux")]
    pub(crate) async fn limit_files(&self, bytes: &str) {
        let id = self.child.id().expect("a program that runs").to_string();
        let limit = format!("--fsize={bytes}:unlimited");
        let limited = Command::new("prlimit")
            .args(["--pid", &id, &limit])
            .status();
        let limited = limited.await.expect("prlimit, of util-linux");
        assert!(limited.success(), "no limit was set");
    }

    /// Sends a signal and waits for the end.
    pub(crate) async fn stop(self, signal: Signal) -> Ended {
        let name = match signal {
            Signal::Interrupt => "INT",
            Signal::Terminate => "TERM",
        };
        let id = self.child.id().expect("a program that runs");
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -s {name} {id}")])
            .status()
            .await;
        assert!(sent.expect("a shell").success(), "no signal was sent");
        self.ended().await
    }

    /// Ends it at once, in the middle of whatever it does.
    pub(crate) async fn kill(mut self) -> Ended {
        self.child.start_kill().expect("a program that runs");
        self.ended().await
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(mut self) -> Ended {
        let end = async {
            let printed = self.printed.rest().await;
            let log = self.log.rest().await;
            let status = self.child.wait().await.expect("its status");
            Ended {
                status,
                printed,
                log,
                left_behind: files(self.temporary.path()).len(),
            }
        };
        let ended = timeout(PATIENCE, end).await.expect("the program ends");
        assert!(!ended.log.contains("panicked"), "{}", ended.log);
        ended
    }
}

impl Text {
    fn of(stream: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let (sender, lines) = unbounded_channel();
        tokio::spawn(async move {
            let mut reader = BufReader::new(stream).lines();
            // It is read to its end in any case: a program whose pipe is full would stand still.
            while let Some(line) = reader.next_line().await.expect("text in UTF-8") {
                let _ = sender.send(line);
            }
        });
        Self {
            seen: String::new(),
            lines,
        }
    }

    /// Of a stream that somebody else has.
    fn none() -> Self {
        let (_, lines) = unbounded_channel();
        Self {
            seen: String::new(),
            lines,
        }
    }

    async fn line_with(&mut self, words: &str) -> Option<String> {
        let find = async {
            while let Some(line) = self.lines.recv().await {
                self.seen.push_str(&line);
                self.seen.push('\n');
                if line.contains(words) {
                    return Some(line);
                }
            }
            None
        };
        timeout(PATIENCE, find).await.expect("a line, or the end")
    }

    async fn rest(mut self) -> String {
        while let Some(line) = self.lines.recv().await {
            self.seen.push_str(&line);
            self.seen.push('\n');
        }
        self.seen
    }
}

/// Runs `pimento-server` with these arguments, which it refuses.
pub(crate) async fn refused(arguments: &[&str]) -> Ended {
    let ended = Program::start(arguments).ended().await;
    assert!(!ended.status.success(), "{ended:?}");
    assert_eq!(ended.printed, "", "what is wrong belongs into the log");
    ended
}

/// Whether this machine has a program that tells its version.
pub(crate) async fn is_installed(program: &str) -> bool {
    let version = Command::new(program).arg("--version").output().await;
    version.is_ok_and(|version| version.status.success())
}

/// Fails where `CI` is true: what is left out elsewhere has to run there.
pub(crate) fn is_not_ci(why: &str) {
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!is_ci, "{why}, and CI is true");
}

/// The paths in a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// The program, built anew if it is missing or older than what it is made of.
///
/// Cargo does not build the programs of other packages for a test, and an old one would be tested without a word.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        built(
            "pimento-server",
            &["--package", "pimento-server", "--bin", "pimento-server"],
        )
    })
}

/// What cargo builds by these arguments: its place below the profile's folder, without the system's suffix.
pub(crate) fn built(place: &str, arguments: &[&str]) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    let binary = profile.join(format!("{place}{}", std::env::consts::EXE_SUFFIX));
    if !is_fresh(&binary) {
        build(profile, arguments);
    }
    binary
}

/// Whether the program is younger than the sources that cargo lists beside it.
fn is_fresh(binary: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let listed = fs::read_to_string(binary.with_extension("d"));
    let (Some(built), Ok(listed)) = (changed(binary), listed) else {
        return false;
    };
    let (_, sources) = listed.split_once(": ").unwrap_or_default();
    sources
        .split_ascii_whitespace()
        .all(|source| changed(Path::new(source)).is_some_and(|changed| changed <= built))
}

fn build(profile: &Path, arguments: &[&str]) {
    let name = match profile.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = std::process::Command::new(cargo)
        .args(["build", "--quiet", "--profile", name])
        .args(arguments)
        .args([
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"),
        ])
        .env(
            "CARGO_TARGET_DIR",
            profile.parent().expect("target/PROFILE"),
        )
        .status();
    assert!(built.expect("cargo").success(), "the program is not built");
}
