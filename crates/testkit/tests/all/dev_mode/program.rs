//! The real program, as an operator starts it: what it prints, what it logs, and how it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a start or an end may take. Far more than either needs, so that only one that never comes is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// The last line that a dev server prints when it starts.
const LAST_LINE: &str = "Ctrl-C ends it.";

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
    /// What it printed after what was read of it.
    pub(crate) printed: String,
    /// All that it wrote to its standard error.
    pub(crate) log: String,
}

/// A program that runs. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    printed: Lines<BufReader<ChildStdout>>,
    log: JoinHandle<String>,
    /// The folder that it takes for temporary files.
    temporary: TempDir,
}

/// A dev server that answers.
pub(crate) struct Dev {
    pub(crate) program: Program,
    /// All that it printed at the start, line by line.
    pub(crate) banner: Vec<String>,
    /// Where it is, such as `http://127.0.0.1:41234`.
    pub(crate) url: String,
}

impl Program {
    /// Starts `pimento-server` with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let temporary = TempDir::new().expect("a temporary folder");
        let mut child = Command::new(binary())
            .args(arguments)
            .env("TMPDIR", temporary.path())
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let printed = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut errors = child.stderr.take().expect("its log");
        let log = tokio::spawn(async move {
            let mut log = Vec::new();
            errors.read_to_end(&mut log).await.expect("its log");
            String::from_utf8_lossy(&log).into_owned()
        });
        Self {
            child,
            printed,
            log,
            temporary,
        }
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

    /// Ends it at once, as a power cut would.
    pub(crate) async fn kill(mut self) -> Ended {
        self.child.start_kill().expect("a program that runs");
        self.ended().await
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(mut self) -> Ended {
        let end = async {
            let printed = rest(&mut self.printed).await;
            let status = self.child.wait().await.expect("its status");
            let log = self.log.await.expect("its log");
            Ended {
                status,
                printed,
                log,
            }
        };
        let ended = timeout(PATIENCE, end).await.expect("the program ends");
        assert!(!ended.log.contains("panicked"), "{}", ended.log);
        ended
    }

    /// What lies in the folder that it takes for temporary files.
    pub(crate) fn temporary_files(&self) -> Vec<PathBuf> {
        files(self.temporary.path())
    }
}

impl Dev {
    /// Starts `pimento-server dev` on a free port of 127.0.0.1, with these arguments besides.
    pub(crate) async fn start(arguments: &[&str]) -> Self {
        Self::listening("127.0.0.1:0", arguments).await
    }

    /// Starts it with a database in this folder.
    pub(crate) async fn on(data: &Path) -> Self {
        Self::start(&["--data", text(data)]).await
    }

    /// Starts it where the test says.
    pub(crate) async fn listening(listen: &str, arguments: &[&str]) -> Self {
        let arguments = [&["dev", "--listen", listen], arguments].concat();
        let mut program = Program::start(&arguments);
        let banner = timeout(PATIENCE, banner(&mut program.printed))
            .await
            .expect("the banner");
        if banner.last().is_none_or(|line| line != LAST_LINE) {
            panic!("it did not start: {banner:?} {:?}", program.ended().await);
        }
        let api = banner
            .iter()
            .find_map(|line| line.trim().strip_prefix("API "))
            .expect("the banner says where the API is");
        let url = api.trim().strip_suffix("/beta").expect("the API's root");
        Self {
            url: url.to_owned(),
            program,
            banner,
        }
    }

    /// Stops it, as Ctrl-C does.
    pub(crate) async fn stop(self) -> Ended {
        let ended = self.program.stop(Signal::Interrupt).await;
        assert!(ended.status.success(), "{ended:?}");
        ended
    }
}

/// Runs `pimento-server` with these arguments, which it refuses.
pub(crate) async fn refused(arguments: &[&str]) -> Ended {
    let ended = Program::start(arguments).ended().await;
    assert!(!ended.status.success(), "{ended:?}");
    assert_eq!(ended.printed, "", "what is wrong belongs into the log");
    ended
}

/// The paths in a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// The lines up to the last one of the banner, or up to the end of a program that has nothing more to say.
async fn banner(printed: &mut Lines<impl AsyncBufRead + Unpin>) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(line) = printed.next_line().await.expect("its output") {
        let last = line == LAST_LINE;
        lines.push(line);
        if last {
            break;
        }
    }
    lines
}

async fn rest(printed: &mut Lines<impl AsyncBufRead + Unpin>) -> String {
    let mut rest = String::new();
    while let Some(line) = printed.next_line().await.expect("its output") {
        rest.push_str(&line);
        rest.push('\n');
    }
    rest
}

/// The program, built anew if it is missing or older than what it is made of.
///
/// Cargo builds the programs of other packages for nobody's tests, and an old one would be tested without a word.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().expect("the path of this test");
        let profile = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
        let binary = profile.join(format!("pimento-server{}", std::env::consts::EXE_SUFFIX));
        if !is_fresh(&binary) {
            build(profile);
        }
        binary
    })
}

/// Whether the program is younger than the sources that cargo lists beside it.
fn is_fresh(binary: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let (Some(built), Ok(listed)) = (
        changed(binary),
        fs::read_to_string(binary.with_extension("d")),
    ) else {
        return false;
    };
    let sources = listed.split_once(": ").map_or("", |(_, sources)| sources);
    sources
        .split_ascii_whitespace()
        .all(|source| changed(Path::new(source)).is_some_and(|changed| changed <= built))
}

fn build(profile: &Path) {
    let name = match profile.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = std::process::Command::new(cargo)
        .args(["build", "--quiet", "--package", "pimento-server", "--bin", "pimento-server"])
        .args(["--profile", name, "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .env("CARGO_TARGET_DIR", profile.parent().expect("target/PROFILE"))
        .status();
    assert!(built.expect("cargo").success(), "the program is not built");
}
