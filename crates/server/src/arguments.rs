//! The command line.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use pimento_store_sqlite::SEARCH_LIMIT;
use tokio::signal;
use tracing_subscriber::EnvFilter;

use crate::audit::Audit;
use crate::{Running, StartError, config, dev, serve};

/// A self-hosted Privileged Identity Management server that speaks Microsoft Graph's privilegedRole API.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a server to try things on: its own issuer, a virtual clock, a demo tenant.
    Dev(DevArguments),
    /// Start a server for real work.
    Serve {
        /// The configuration, a TOML file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Look at the sealed log, without a server.
    #[command(subcommand)]
    Audit(Audit),
}

#[derive(Args, Debug)]
struct DevArguments {
    /// Where to listen.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Keep the database in this folder; without it a fresh one goes to a temporary folder that is removed at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Listen on an address that other machines reach, though this server gives any token to whoever asks.
    #[arg(long)]
    let_anyone_in: bool,
    /// Throttle: so many requests a minute for each caller; 0 for as many as they like.
    #[arg(long, value_name = "N", default_value = "0")]
    requests_per_minute: u32,
    /// What clients call where a proxy stands in front; it calls this server by an address that it listens on.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

/// Runs the command until it is told to stop, or has done its work.
///
/// # Errors
/// [`StartError`] where the server cannot start.
pub fn run(arguments: Arguments) -> Result<ExitCode, StartError> {
    let default = match arguments.command {
        Command::Serve { .. } => "info",
        Command::Dev(_) | Command::Audit(_) => "warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        // A line that cannot be written is lost. To complain of it on the same stream would panic, and end what was at work.
        .log_internal_errors(false)
        .init();
    match arguments.command {
        Command::Audit(audit) => Ok(audit.run()),
        Command::Dev(arguments) => run_server(start_dev(arguments)),
        Command::Serve { config } => run_server(start_serve(config)),
    }
}

/// Runs a server until the process is told to stop.
fn run_server(
    start: impl Future<Output = Result<Running, StartError>>,
) -> Result<ExitCode, StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let stop = told_to_stop()?;
        let running = start.await?;
        stop.await;
        running.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

async fn start_serve(config: PathBuf) -> Result<Running, StartError> {
    Ok(serve::prepare(config::read(&config)?).await?.run())
}

async fn start_dev(arguments: DevArguments) -> Result<Running, StartError> {
    let reach = if arguments.let_anyone_in {
        dev::Reach::Anyone
    } else {
        dev::Reach::Loopback
    };
    let dev = dev::prepare(dev::Options {
        listen: arguments.listen,
        data: arguments.data,
        reach,
        requests_per_minute: NonZeroU32::new(arguments.requests_per_minute),
        search_limit: SEARCH_LIMIT,
        public_url: arguments.public_url,
    })
    .await?;
    let running = dev.prepared.run();
    // Where nobody reads the banner, the server is no worse for it.
    let _ = std::io::stdout().write_all(dev.banner.as_bytes());
    Ok(running)
}

/// Resolves at Ctrl-C or when the system asks the process to end.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = signal::ctrl_c().await;
    })
}
