//! `audit erase`: removing what events say.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use pimento_domain::{Remark, TenantId, Uuid};
use pimento_store_sqlite::{Erased, Erasing, Erasure, Trace, erase};

use super::{AuditError, Place, tenant};
use crate::{remembered, seal_key};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Of the log of this tenant.
    #[arg(long, value_parser = tenant)]
    tenant: TenantId,
    /// The event's sequence number; may be given again.
    #[arg(long, required = true)]
    sequence: Vec<u64>,
    /// Why. It stays in the log, so it says nothing of what is erased.
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    reason: Remark,
}

fn reason(text: &str) -> Result<Remark, String> {
    match Remark::parse(text) {
        Ok(Some(reason)) => Ok(reason),
        Ok(None) => Err("it says nothing".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

impl Arguments {
    #[expect(
        clippy::disallowed_methods,
        reason = "a command has no request whose id it could have"
    )]
    pub(super) fn run(&self, out: &mut impl Write) -> Result<ExitCode, AuditError> {
        let (database, key_file) = self.place.files()?;
        let key =
            seal_key::read(&key_file)?.ok_or_else(|| AuditError::NoSealKey(key_file.clone()))?;
        let file = remembered::place(&key_file);
        let remembered = remembered::read(&file)?;
        let is_remembered = remembered.is_some();
        let mut heads = remembered.unwrap_or_default();
        let erasure = Erasure {
            tenant: self.tenant.clone(),
            sequences: self.sequence.clone(),
            reason: self.reason.clone(),
            id: Uuid::new_v4(),
            remembered: heads.get(&self.tenant).cloned(),
        };
        let Erasing { erased, head } = erase(&database, &erasure, &key)?;
        for erased in erased {
            tell(out, &erased).map_err(AuditError::Output)?;
        }
        heads.extend(head.map(|head| (self.tenant.clone(), head)));
        if is_remembered {
            remembered::write(&file, &heads)?;
        }
        writeln!(out, "Backups, exports, and what a disk keeps of files that were written anew, are not reached by this.")
            .map_err(AuditError::Output)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn tell(out: &mut impl Write, erased: &Erased) -> io::Result<()> {
    let Erased {
        sequence,
        by,
        trace,
    } = erased;
    match by {
        Some(by) => writeln!(out, "event {sequence} is erased; event {by} says so")?,
        None => writeln!(out, "event {sequence} had been erased before")?,
    }
    let Some(Trace {
        request,
        is_blank,
        others,
    }) = trace
    else {
        return Ok(());
    };
    match is_blank {
        true => writeln!(
            out,
            "  request {request}: reason and ticket are removed from it too"
        )?,
        false => writeln!(
            out,
            "  request {request}: it is not over, or not there, and keeps its reason and ticket"
        )?,
    }
    if !others.is_empty() {
        let others: Vec<String> = others.iter().map(u64::to_string).collect();
        writeln!(
            out,
            "  other events about it, which may say the same: {}",
            others.join(", ")
        )?;
    }
    Ok(())
}
