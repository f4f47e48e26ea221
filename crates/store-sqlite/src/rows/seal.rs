//! Salts, seals and heads as rows.

use pimento_domain::TenantId;
use pimento_store::seal::{Hash, Head, Link, PublicKey, Salted};
use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::{event, instant, optional, parsed, tenant_of, unreadable};
use crate::fault::Fault;

/// The bytes in this column, so many of them.
fn bytes<const N: usize>(row: &Row<'_>, column: &str) -> Result<[u8; N], Fault> {
    let found = match row.get_ref(column)? {
        ValueRef::Blob(bytes) => bytes.try_into().ok(),
        _ => None,
    };
    found.ok_or_else(|| unreadable(row, column, &format!("does not hold {N} bytes")))
}

/// The event in the columns of that table, with its salt.
pub(crate) fn salted(row: &Row<'_>) -> Result<Salted, Fault> {
    Ok(Salted {
        salt: bytes(row, "salt")?,
        recorded: event(row)?,
    })
}

/// The digest and the seal in the columns of that table.
pub(crate) fn link(row: &Row<'_>) -> Result<Link, Fault> {
    let digest: Hash = bytes(row, "digest")?;
    Ok(Link {
        sequence: row.get("sequence")?,
        digest,
        seal: bytes(row, "seal")?,
    })
}

/// The head in the columns of that table.
pub(crate) fn head(row: &Row<'_>) -> Result<Head, Fault> {
    Ok(Head {
        tenant: parsed(row, "tenant", tenant_of)?,
        sequence: row.get("sequence")?,
        seal: bytes(row, "seal")?,
        at: instant(row, "signed_at")?,
        signature: bytes(row, "signature")?,
        key: PublicKey::from_bytes(bytes(row, "key")?),
    })
}

/// The tenant in this column.
pub(crate) fn tenant(row: &Row<'_>, column: usize) -> Result<TenantId, Fault> {
    parsed(row, column, tenant_of)
}

/// The tenant in this column; `None` for NULL.
pub(crate) fn optional_tenant(row: &Row<'_>, column: usize) -> Result<Option<TenantId>, Fault> {
    optional(row, column, tenant_of)
}
