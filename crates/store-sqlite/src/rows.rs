//! Rows to domain values and back. Reading is strict: what no Pimento wrote is reported, not guessed at.

mod event;
mod seal;

use std::fmt::Display;
use std::str::FromStr;

use pimento_domain::{
    Approval, Decision, Grant, Instant, Justification, Origin, PrincipalId, Remark, Request,
    RequestId, Role, RoleId, RoleName, Settings, Setup, SignedDuration, TenantId,
};
use pimento_store::{DueHolding, Revision};
use rusqlite::{Row, RowIndex, types::ValueRef};

pub(crate) use event::{AfterMore, OPERATOR, after_columns, event};
pub(crate) use seal::{head, link, optional_tenant, salted, tenant};

use crate::fault::Fault;
use crate::words::{OriginWord, Word};

/// Says in which column something was found that cannot be read.
fn unreadable(row: &Row<'_>, column: impl RowIndex, what: &str) -> Fault {
    let statement = row.as_ref();
    let name = column
        .idx(statement)
        .and_then(|index| statement.column_name(index));
    Fault::Corrupt(format!("column {} {what}", name.unwrap_or("?")))
}

/// The text in this column; `None` for NULL.
fn optional_text<'a>(row: &'a Row<'_>, column: impl RowIndex) -> Result<Option<&'a str>, Fault> {
    let bytes = match row.get_ref(column)? {
        ValueRef::Null => return Ok(None),
        ValueRef::Text(bytes) => bytes,
        _ => return Err(unreadable(row, column, "holds no text")),
    };
    let text = std::str::from_utf8(bytes);
    text.map(Some)
        .map_err(|_| unreadable(row, column, "holds a text that is not UTF-8"))
}

/// The text in this column, read by `parse`; `None` for NULL.
fn optional<T>(
    row: &Row<'_>,
    column: impl RowIndex,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(text) = optional_text(row, column)? else {
        return Ok(None);
    };
    let unknown = || {
        unreadable(
            row,
            column,
            &format!("holds {text:?}, which nothing is written as"),
        )
    };
    parse(text).map(Some).ok_or_else(unknown)
}

/// What must not be NULL.
fn required<T>(row: &Row<'_>, column: impl RowIndex, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| unreadable(row, column, "is empty"))
}

/// The text in this column, read by `parse`.
fn parsed<T>(
    row: &Row<'_>,
    column: impl RowIndex,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Fault> {
    required(row, column, optional(row, column, parse)?)
}

/// A value whose one spelling is how it displays.
fn one_spelling<T: FromStr + Display>(text: &str) -> Option<T> {
    text.parse()
        .ok()
        .filter(|value: &T| value.to_string() == text)
}

fn optional_instant(row: &Row<'_>, column: impl RowIndex) -> Result<Option<Instant>, Fault> {
    let Some(micros) = row.get::<_, Option<i64>>(column)? else {
        return Ok(None);
    };
    let outside = || {
        unreadable(
            row,
            column,
            &format!("holds {micros}, which is outside the calendar"),
        )
    };
    Instant::from_micros(micros).map(Some).ok_or_else(outside)
}

/// The instant in this column.
pub(crate) fn instant(row: &Row<'_>, column: impl RowIndex) -> Result<Instant, Fault> {
    required(row, column, optional_instant(row, column)?)
}

/// The revision in this column.
pub(crate) fn revision(row: &Row<'_>, column: impl RowIndex) -> Result<Revision, Fault> {
    Ok(Revision(row.get(column)?))
}

/// The text in this column, as it is.
pub(crate) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, Fault> {
    required(row, column, optional_text(row, column)?)
}

/// The principal in this column.
pub(crate) fn principal(row: &Row<'_>, column: usize) -> Result<PrincipalId, Fault> {
    parsed(row, column, principal_of)
}

/// A key in another than its one spelling would never be found.
fn principal_of(text: &str) -> Option<PrincipalId> {
    text.parse()
        .ok()
        .filter(|principal: &PrincipalId| principal.as_str() == text)
}

/// The role in this column.
pub(crate) fn role(row: &Row<'_>, column: usize) -> Result<RoleId, Fault> {
    parsed(row, column, role_of)
}

fn role_of(text: &str) -> Option<RoleId> {
    text.parse()
        .ok()
        .filter(|_| !text.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// A name in another than its one spelling was written by somebody else.
fn role_name_of(text: &str) -> Option<RoleName> {
    RoleName::parse(text)
        .ok()
        .filter(|name| name.as_str() == text)
}

/// The role of a tenant's own in the columns id, name, removed, and its revision in the column of that name.
pub(crate) fn own_role(row: &Row<'_>) -> Result<(Role, Revision), Fault> {
    let role = Role::own(
        parsed(row, "id", role_of)?,
        parsed(row, "name", role_name_of)?,
    );
    let role = if row.get("removed")? {
        role.removed()
    } else {
        role
    };
    Ok((role, revision(row, "revision")?))
}

/// The grant in the columns kind, starts_at, ends_at, origin, request, of which `first` is the first.
pub(crate) fn grant(row: &Row<'_>, first: usize) -> Result<Grant, Fault> {
    Ok(Grant {
        kind: parsed(row, first, Word::from_word)?,
        start: instant(row, first + 1)?,
        end: optional_instant(row, first + 2)?,
        origin: origin(row, first + 3)?,
    })
}

/// What the columns `origin` and `request` of a grant hold.
/// How far a set-up is, which this column says.
pub(crate) fn setup(row: &Row<'_>, column: usize) -> Result<Setup, Fault> {
    parsed(row, column, Word::from_word)
}

pub(crate) fn origin_columns(origin: Origin) -> (OriginWord, Option<String>) {
    match origin {
        Origin::Administrator => (OriginWord::Administrator, None),
        Origin::Activation => (OriginWord::Activation, None),
        Origin::SignUp => (OriginWord::SignUp, None),
        Origin::Request(id) => (OriginWord::Request, Some(id.to_string())),
    }
}

fn origin(row: &Row<'_>, first: usize) -> Result<Origin, Fault> {
    Ok(match parsed(row, first, Word::from_word)? {
        OriginWord::Administrator => Origin::Administrator,
        OriginWord::Activation => Origin::Activation,
        OriginWord::SignUp => Origin::SignUp,
        OriginWord::Request => Origin::Request(parsed(row, first + 1, one_spelling::<RequestId>)?),
    })
}

/// The request in the columns of that table.
pub(crate) fn request(row: &Row<'_>) -> Result<Request, Fault> {
    let lapses = optional_instant(row, "lapses_at")?;
    let closed = optional_instant(row, "closed_at")?;
    Ok(Request {
        id: parsed(row, "id", one_spelling)?,
        kind: parsed(row, "kind", Word::from_word)?,
        principal: parsed(row, "principal", principal_of)?,
        role: parsed(row, "role", role_of)?,
        grants: parsed(row, "grants", Word::from_word)?,
        requestor: parsed(row, "requestor", principal_of)?,
        requested: instant(row, "requested_at")?,
        start: instant(row, "starts_at")?,
        end: optional_instant(row, "ends_at")?,
        length: optional(row, "length", one_spelling)?,
        justification: justification(row)?,
        approval: match lapses {
            None => None,
            Some(lapses) => Some(Approval {
                lapses,
                decision: decision(row)?,
            }),
        },
        closed: match closed {
            None => None,
            Some(at) => Some((at, parsed(row, "closing", Word::from_word)?)),
        },
        recorded: row.get("recorded")?,
    })
}

/// Since when something is due, of which tenant and holding, in the columns of that order.
pub(crate) fn due(row: &Row<'_>) -> Result<DueHolding, Fault> {
    Ok(DueHolding {
        at: instant(row, 0)?,
        tenant: parsed(row, 1, tenant_of)?,
        principal: principal(row, 2)?,
        role: role(row, 3)?,
    })
}

fn tenant_of(text: &str) -> Option<TenantId> {
    text.parse()
        .ok()
        .filter(|id: &TenantId| id.as_str() == text)
}

fn decision(row: &Row<'_>) -> Result<Option<Decision>, Fault> {
    let Some(by) = optional(row, "decided_by", principal_of)? else {
        return Ok(None);
    };
    Ok(Some(Decision {
        by,
        at: instant(row, "decided_at")?,
        verdict: parsed(row, "verdict", Word::from_word)?,
        reason: remark(row, "decision_reason")?,
    }))
}

fn remark(row: &Row<'_>, column: &str) -> Result<Option<Remark>, Fault> {
    optional(row, column, |text| Remark::parse(text).ok().flatten())
}

fn justification(row: &Row<'_>) -> Result<Justification, Fault> {
    Ok(Justification {
        reason: remark(row, "reason")?,
        ticket_number: remark(row, "ticket_number")?,
        ticket_system: remark(row, "ticket_system")?,
    })
}

/// The settings in the columns of that name.
pub(crate) fn settings(row: &Row<'_>) -> Result<Settings, Fault> {
    Ok(Settings {
        minimum: parsed(row, "minimum_duration", one_spelling::<SignedDuration>)?,
        maximum: parsed(row, "maximum_duration", one_spelling::<SignedDuration>)?,
        default: parsed(row, "default_duration", one_spelling::<SignedDuration>)?,
        notification: row.get("notification")?,
        ticket: row.get("ticket")?,
        mfa: row.get("mfa")?,
        approval: row.get("approval")?,
        approvers: parsed(row, "approvers", approvers_of)?,
    })
}

/// The approvers as one text.
pub(crate) fn approvers(approvers: &[PrincipalId]) -> String {
    approvers
        .iter()
        .map(PrincipalId::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The approvers in this column.
pub(crate) fn approvers_in(row: &Row<'_>, column: usize) -> Result<Vec<PrincipalId>, Fault> {
    parsed(row, column, approvers_of)
}

fn approvers_of(text: &str) -> Option<Vec<PrincipalId>> {
    if text.is_empty() {
        Some(Vec::new())
    } else {
        text.split(' ').map(principal_of).collect()
    }
}
