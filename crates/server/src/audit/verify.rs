//! `audit verify`: whether the log is what was sealed.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use pimento_domain::TenantId;
use pimento_store::StoreError;
use pimento_store::seal::{Broken, Head, PublicKey, Summary};
use pimento_store_sqlite::Log;

use super::{AuditError, BROKEN, Place, file_or_text, tenant, tenants};
use crate::seal_key;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Check the log of this tenant alone.
    #[arg(long, value_parser = tenant)]
    tenant: Option<TenantId>,
    /// The public key that heads have to be signed with, as 64 digits or a file of them; may be given again for the keys of
    /// earlier times. Without it: the keys of the heads that are given, or else that of the seal key beside the database.
    #[arg(long, value_name = "FILE|HEX")]
    public_key: Vec<String>,
    /// A head that was written down earlier, or a file of such lines, as `audit head` prints them.
    #[arg(long, value_name = "FILE|TEXT")]
    head: Vec<String>,
}

impl Arguments {
    pub(super) fn run(&self, out: &mut impl Write) -> Result<ExitCode, AuditError> {
        let (database, key_file) = self.place.files()?;
        let written = self.written()?;
        let keys = match self.keys(&written)? {
            keys if keys.is_empty() => {
                let key = seal_key::read(&key_file)?.ok_or(AuditError::NoSealKey(key_file))?;
                vec![key.public_key()]
            }
            keys => keys,
        };
        if let Some(head) = written.iter().find(|head| !keys.contains(&head.key)) {
            let what = format!(
                "a given head is signed with another key, {}: {head}",
                head.key
            );
            return Err(AuditError::Arguments(what));
        }
        let mut log = Log::open(&database)?;
        let mut broken = 0;
        let mut all = tenants(&mut log, self.tenant.as_ref())?;
        all.extend(written.iter().map(|head| head.tenant.clone()));
        all.sort();
        all.dedup();
        for tenant in &all {
            let found = match log.verify(tenant, &keys, &written) {
                Err(StoreError::Corrupt(what)) => Err(format!("tenant {tenant}: {what}")),
                found => found?.map_err(|broken| told(&broken)),
            };
            if log.is_disturbed() {
                return Err(AuditError::Disturbed);
            }
            if self.tenant.is_some() && found == Ok(Summary::default()) {
                let what = format!("there is no log of tenant {tenant}");
                return Err(AuditError::Arguments(what));
            }
            broken += usize::from(found.is_err());
            tell(out, tenant, found).map_err(AuditError::Output)?;
        }
        let (logs, code) = match broken {
            0 => ("all hold".to_owned(), ExitCode::SUCCESS),
            _ => (format!("{broken} BROKEN"), ExitCode::from(BROKEN)),
        };
        writeln!(out, "{} logs checked, {logs}", all.len()).map_err(AuditError::Output)?;
        Ok(code)
    }

    /// The heads that were written down, each of which has to be as it was.
    fn written(&self) -> Result<Vec<Head>, AuditError> {
        let mut heads = Vec::new();
        for value in &self.head {
            let text = file_or_text(value)?;
            let lines = text.lines().map(str::trim);
            for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
                let invalid = |what: String| AuditError::Arguments(format!("{line:?}: {what}"));
                let head: Head = line.parse().map_err(|error| invalid(format!("{error}")))?;
                if !head.is_genuine() {
                    return Err(invalid("this head is not as it was signed".to_owned()));
                }
                if self
                    .tenant
                    .as_ref()
                    .is_some_and(|only| *only != head.tenant)
                {
                    return Err(invalid("this head is of another tenant".to_owned()));
                }
                heads.push(head);
            }
        }
        Ok(heads)
    }

    fn keys(&self, written: &[Head]) -> Result<Vec<PublicKey>, AuditError> {
        if self.public_key.is_empty() {
            return Ok(written.iter().map(|head| head.key).collect());
        }
        let mut keys = Vec::new();
        for value in &self.public_key {
            for word in file_or_text(value)?.split_whitespace() {
                let key = word.parse();
                keys.push(
                    key.map_err(|error| AuditError::Arguments(format!("{value:?}: {error}")))?,
                );
            }
        }
        Ok(keys)
    }
}

fn told(broken: &Broken) -> String {
    let until = match &broken.holds_until {
        None => "No head before it holds.".to_owned(),
        Some(head) => format!(
            "Up to event {}, signed at {}, it is what was sealed.",
            head.sequence, head.at
        ),
    };
    format!("{broken}. {until}")
}

fn tell(out: &mut impl Write, tenant: &TenantId, found: Result<Summary, String>) -> io::Result<()> {
    let summary = match found {
        Err(what) => return writeln!(out, "BROKEN: {what}"),
        Ok(summary) => summary,
    };
    let Summary {
        sealed,
        erased,
        unsealed,
        head,
    } = summary;
    write!(out, "tenant {tenant}: {sealed} events are sealed")?;
    if 0 < erased {
        write!(out, ", {erased} of them erased")?;
    }
    if let Some(head) = head {
        write!(out, ", signed at {}", head.at)?;
    }
    writeln!(out, "; {unsealed} more have no seal yet")
}
