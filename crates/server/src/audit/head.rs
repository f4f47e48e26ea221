//! `audit head`: what to write down.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use pimento_domain::TenantId;
use pimento_store_sqlite::Log;

use super::{AuditError, Place, tenant, tenants};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Of this tenant alone.
    #[arg(long, value_parser = tenant)]
    tenant: Option<TenantId>,
}

impl Arguments {
    pub(super) fn run(&self, out: &mut impl Write) -> Result<ExitCode, AuditError> {
        let (database, _) = self.place.files()?;
        let mut log = Log::open(&database)?;
        for tenant in tenants(&mut log, self.tenant.as_ref())? {
            match log.heads(&tenant, 1)?.pop() {
                Some(head) => writeln!(out, "{head}").map_err(AuditError::Output)?,
                None if self.tenant.is_some() => {
                    let what = format!("nothing of the log of tenant {tenant} is sealed");
                    return Err(AuditError::Arguments(what));
                }
                None => {}
            }
        }
        match log.is_disturbed() {
            true => Err(AuditError::Disturbed),
            false => Ok(ExitCode::SUCCESS),
        }
    }
}
