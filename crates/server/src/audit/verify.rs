//! `audit verify`: whether the log is what was sealed.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use pimento_domain::TenantId;
use pimento_store::StoreError;
use pimento_store::seal::{Broken, Head, PublicKey, Summary};
use pimento_store_sqlite::Log;

use super::{AuditError, BROKEN, Place, file_or_text, tenant, tenants};
use crate::{remembered, seal_key};

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
        let mut written = self.written()?;
        let keys = match self.keys(&written)? {
            keys if keys.is_empty() => {
                let key = seal_key::read(&key_file)?;
                vec![
                    key.ok_or(AuditError::NoSealKey(key_file.clone()))?
                        .public_key(),
                ]
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
        // Before the database, which may have newer ones by now.
        let file = remembered::place(&key_file);
        let remembered = remembered::read(&file)?;
        let is_asked = |head: &Head| self.tenant.as_ref().is_none_or(|only| *only == head.tenant);
        written.extend(
            remembered
                .iter()
                .flat_map(|heads| heads.values().cloned())
                .filter(is_asked),
        );
        let mut log = Log::open(&database)?;
        let all = self.all(&mut log, &written)?;
        let mut broken = 0;
        for tenant in &all {
            broken += usize::from(!check(out, &mut log, tenant, (&keys, &written))?);
        }
        if 0 < broken && remembered.is_some() {
            writeln!(out, "The heads that the server remembers in {} were written down too. Whoever has restored an older copy on \
                purpose moves that file away.", file.display())
            .map_err(AuditError::Output)?;
        }
        let (logs, code) = match broken {
            0 => ("all hold".to_owned(), ExitCode::SUCCESS),
            _ => (format!("{broken} BROKEN"), ExitCode::from(BROKEN)),
        };
        writeln!(out, "{} logs checked, {logs}", all.len()).map_err(AuditError::Output)?;
        Ok(code)
    }

    /// The tenants of which there is a log, or was one when a head was written down.
    fn all(&self, log: &mut Log, written: &[Head]) -> Result<Vec<TenantId>, AuditError> {
        let mut all = match tenants(log, self.tenant.as_ref()) {
            Err(AuditError::NoLog(_)) if !written.is_empty() => Vec::new(),
            found => found?,
        };
        all.extend(written.iter().map(|head| head.tenant.clone()));
        all.sort();
        all.dedup();
        Ok(all)
    }

    /// The heads that were written down, each of which has to be as it was.
    fn written(&self) -> Result<Vec<Head>, AuditError> {
        let mut heads = Vec::new();
        for value in &self.head {
            let text = file_or_text(value)?;
            let before = heads.len();
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
            if heads.len() == before {
                let what = format!("there is no head in {value:?}");
                return Err(AuditError::Arguments(what));
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
            let before = keys.len();
            for word in file_or_text(value)?.split_whitespace() {
                let key = word.parse();
                keys.push(
                    key.map_err(|error| AuditError::Arguments(format!("{value:?}: {error}")))?,
                );
            }
            if keys.len() == before {
                let what = format!("there is no public key in {value:?}");
                return Err(AuditError::Arguments(what));
            }
        }
        Ok(keys)
    }
}

/// Says of one log whether it is what was sealed, and answers it: whether it holds.
fn check(
    out: &mut impl Write,
    log: &mut Log,
    tenant: &TenantId,
    (keys, written): (&[PublicKey], &[Head]),
) -> Result<bool, AuditError> {
    let found = match log.verify(tenant, keys, written) {
        Err(StoreError::Corrupt(what)) => Err(format!("tenant {tenant}: {what}")),
        Err(error) => return Err(error.into()),
        Ok(Err(broken)) => Err(format!(
            "{} At its end {} events have no seal.",
            told(&broken),
            log.unsealed(tenant)?
        )),
        Ok(Ok(summary)) => Ok(summary),
    };
    if log.is_disturbed() {
        return Err(AuditError::Disturbed);
    }
    let holds = found.is_ok();
    tell(out, tenant, found).map_err(AuditError::Output)?;
    Ok(holds)
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
