//! `audit export`: the log for other programs, a line for each event.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use pimento_domain::TenantId;
use pimento_store::seal::{Content, Entry, hex, payload};
use pimento_store_sqlite::Log;
use serde_json::{Value, json};

use super::{AuditError, BROKEN, Place, ocsf, tenant, tenants};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Export the log of this tenant alone.
    #[arg(long, value_parser = tenant)]
    tenant: Option<TenantId>,
    /// Go on after this event.
    #[arg(long, value_name = "SEQUENCE", requires = "tenant")]
    after: Option<u64>,
    /// How an event is written.
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// JSON Lines: all that is kept, with salt, digest and seal. Erased events have a digest and a seal.
    Jsonl,
    /// Events of the Open Cybersecurity Schema Framework. Erased events are left out.
    Ocsf,
}

/// Why a log was not exported to its end.
enum Stop {
    Broken(u64, String),
    Output(io::Error),
}

impl Arguments {
    pub(super) fn run(&self, out: &mut impl Write) -> Result<ExitCode, AuditError> {
        let (database, _) = self.place.files()?;
        let mut log = Log::open(&database)?;
        for tenant in tenants(&mut log, self.tenant.as_ref())? {
            let end = log.read(&tenant, self.after.or(Some(0)), |entry| {
                match self.write(out, &tenant, &entry) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(stop) => ControlFlow::Break(stop),
                }
            })?;
            if log.is_disturbed() {
                return Err(AuditError::Disturbed);
            }
            match end {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(Stop::Output(error)) => return Err(AuditError::Output(error)),
                ControlFlow::Break(Stop::Broken(sequence, what)) => {
                    eprintln!(
                        "pimento-server: BROKEN: tenant {tenant}, event {sequence}: {what}; \
                        `pimento-server audit verify` says more"
                    );
                    return Ok(ExitCode::from(BROKEN));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn write(&self, out: &mut impl Write, tenant: &TenantId, entry: &Entry) -> Result<(), Stop> {
        let line = match self.format {
            Format::Jsonl => json_line(tenant, entry)?,
            Format::Ocsf => match &entry.content {
                Content::Erased => return Ok(()),
                _ => ocsf::event(tenant, &there(entry)?.recorded).to_string(),
            },
        };
        writeln!(out, "{line}").map_err(Stop::Output)
    }
}

fn there(entry: &Entry) -> Result<&pimento_store::seal::Salted, Stop> {
    let broken = |what: &str| Err(Stop::Broken(entry.sequence, what.to_owned()));
    match &entry.content {
        Content::There(event) => Ok(event),
        Content::Erased | Content::Missing => broken("the event is missing"),
        Content::Unreadable(what) => broken(what),
    }
}

/// All that is kept of an event. The member `event` is the payload, letter by letter, that the digest is made of.
fn json_line(tenant: &TenantId, entry: &Entry) -> Result<String, Stop> {
    let mut line = json!({"tenant": tenant.as_str(), "sequence": entry.sequence});
    if let Some((digest, seal)) = &entry.link {
        line["digest"] = Value::from(hex(digest));
        line["seal"] = Value::from(hex(seal));
    }
    if entry.content == Content::Erased {
        line["erased"] = Value::from(true);
        return Ok(line.to_string());
    }
    let event = there(entry)?;
    line["salt"] = Value::from(hex(&event.salt));
    let mut line = line.to_string();
    line.truncate(line.len() - 1);
    Ok(format!("{line},\"event\":{}}}", payload(&event.recorded)))
}
