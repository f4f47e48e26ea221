//! `pimento-server audit`: an operator's look at the sealed log, without a server.

mod erase;
mod export;
mod head;
mod ocsf;
mod verify;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use pimento_domain::{InvalidId, TenantId};
use pimento_store::StoreError;
use pimento_store_sqlite::{EraseError, Log, OpenError};

use crate::config::ConfigError;
use crate::{RememberedError, SealKeyError, config, seal_key};

/// The exit code that says that a log is not what was sealed.
const BROKEN: u8 = 1;
/// The exit code that says that nothing was found out, or done.
const CANNOT: u8 = 2;

/// Check, write down, export and erase the sealed log.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Check that the log is what was sealed; it reads only, also beside a running server, or a copy.
    ///
    /// The exit code is 0 where the log holds, 1 where it is broken, 2 where it cannot be checked.
    Verify(verify::Arguments),
    /// Print the newest signed head of each log, to be written down where nobody can change it.
    Head(head::Arguments),
    /// Print the log, refused attempts included, one event a line.
    Export(export::Arguments),
    /// Remove for ever what some events say. The server has to be stopped. Seal and digest stay, and a new event says so.
    Erase(erase::Arguments),
}

/// Which database.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Place {
    /// The folder of the database.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration of the server, which names the folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Place {
    /// The files of the database and of the seal key.
    fn files(&self) -> Result<(PathBuf, PathBuf), ConfigError> {
        let (data, key) = match (&self.data, &self.config) {
            (_, Some(path)) => {
                let config = config::read(path)?;
                (config.data, config.seal_key)
            }
            (data, None) => (data.clone().unwrap_or_default(), None),
        };
        let key = seal_key::place(&data, key.as_deref());
        Ok((data.join("pimento.db"), key))
    }
}

/// Why nothing was found out, or done.
#[derive(Debug, thiserror::Error)]
enum AuditError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    SealKey(#[from] SealKeyError),
    #[error(transparent)]
    Remembered(#[from] RememberedError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Erase(#[from] EraseError),
    #[error("the seal key {} is not there", .0.display())]
    NoSealKey(PathBuf),
    #[error("there is no log of tenant {0}")]
    NoLog(TenantId),
    #[error("{0}")]
    Arguments(String),
    #[error("a server was started on this database meanwhile: give the same command again")]
    Disturbed,
    #[error("cannot write what was found")]
    Output(#[source] io::Error),
}

impl Audit {
    /// Does it, and says how it went.
    pub(crate) fn run(self) -> ExitCode {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let done = match &self {
            Self::Verify(arguments) => arguments.run(&mut out),
            Self::Head(arguments) => arguments.run(&mut out),
            Self::Export(arguments) => arguments.run(&mut out),
            Self::Erase(arguments) => arguments.run(&mut out),
        };
        let done = done.and_then(|code| out.flush().map(|()| code).map_err(AuditError::Output));
        match done {
            Ok(code) => code,
            // Whoever reads has read enough.
            Err(AuditError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                ExitCode::SUCCESS
            }
            Err(error) => {
                let what = match self {
                    Self::Verify(_) => "cannot check: ",
                    _ => "",
                };
                eprintln!("pimento-server: {what}{error}");
                let mut cause = std::error::Error::source(&error);
                while let Some(error) = cause {
                    eprintln!("  because: {error}");
                    cause = error.source();
                }
                ExitCode::from(CANNOT)
            }
        }
    }
}

/// The tenants to be looked at: this one, of which there has to be a log, or all of which there is one.
fn tenants(log: &mut Log, only: Option<&TenantId>) -> Result<Vec<TenantId>, AuditError> {
    if let Some(tenant) = only {
        return match log.has(tenant)? {
            true => Ok(vec![tenant.clone()]),
            false => Err(AuditError::NoLog(tenant.clone())),
        };
    }
    let mut tenants: Vec<TenantId> = Vec::new();
    while let Some(tenant) = log.next_tenant(tenants.last())? {
        tenants.push(tenant);
    }
    Ok(tenants)
}

/// A tenant's id on the command line.
fn tenant(text: &str) -> Result<TenantId, InvalidId> {
    text.parse()
}

/// The text of an option that takes a file or the text itself.
fn file_or_text(value: &str) -> Result<String, AuditError> {
    match std::fs::read_to_string(Path::new(value)) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(value.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::InvalidFilename => Ok(value.to_owned()),
        Err(error) => Err(AuditError::Arguments(format!(
            "cannot read {value}: {error}"
        ))),
    }
}
