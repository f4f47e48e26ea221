//! One changeset, written within a transaction: first what it expects, then what it changes.

use pimento_domain::{Actor, After, Cause, Event, Grant, PrincipalId, RoleId, Settings};
use pimento_store::{Change, Changeset, Committed, Expected, Revision};
use rusqlite::{Transaction, named_params, params};

use crate::fault::Fault;
use crate::reader::revision_of;
use crate::words::Word;
use crate::{rows, sql};

/// Writes the changeset, giving every row that it changes this revision.
pub(crate) fn changeset(
    transaction: &Transaction<'_>,
    changeset: &Changeset,
    revision: u64,
) -> Result<Committed, Fault> {
    let write = Write {
        transaction,
        tenant: changeset.tenant.as_str(),
        revision,
    };
    for expected in &changeset.expected {
        write.check(expected)?;
    }
    for change in &changeset.changes {
        write.change(change)?;
    }
    let last: Option<u64> = transaction
        .prepare_cached(sql::LAST_SEQUENCE)?
        .query_row([write.tenant], |row| row.get(0))?;
    let mut sequence = last.unwrap_or(0);
    for event in changeset.events.iter() {
        sequence += 1;
        write.event(sequence, &changeset.cause, event)?;
    }
    Ok(Committed { sequence })
}

struct Write<'a> {
    transaction: &'a Transaction<'a>,
    tenant: &'a str,
    revision: u64,
}

impl Write<'_> {
    fn check(&self, expected: &Expected) -> Result<(), Fault> {
        let (found, expected) = match expected {
            Expected::Registration(revision) => (
                revision_of(self.transaction, sql::REGISTRATION_REVISION, [self.tenant])?,
                revision,
            ),
            Expected::Holding(principal, role, revision) => {
                let key = params![self.tenant, principal.as_str(), role.to_string()];
                (
                    revision_of(self.transaction, sql::HOLDING_REVISION, key)?,
                    revision,
                )
            }
            Expected::Settings(role, revision) => {
                (self.of_role(sql::SETTINGS_REVISION, *role)?, revision)
            }
            Expected::Administrators(role, revision) => {
                (self.of_role(sql::ADMINISTERED_ROLE, *role)?, revision)
            }
        };
        if found == *expected {
            Ok(())
        } else {
            Err(Fault::Conflict)
        }
    }

    fn of_role(&self, sql: &str, role: RoleId) -> Result<Revision, Fault> {
        revision_of(
            self.transaction,
            sql,
            params![self.tenant, role.to_string()],
        )
    }

    fn change(&self, change: &Change) -> Result<(), Fault> {
        match change {
            Change::Register(at) => {
                let row = params![self.tenant, at.as_micros(), self.revision];
                self.transaction
                    .prepare_cached(sql::REGISTER)?
                    .execute(row)?;
                Ok(())
            }
            Change::Holding(principal, role, grants) => self.holding(principal, *role, grants),
            Change::Settings(role, settings) => self.settings(*role, settings),
            Change::Administrators(role) => {
                let row = params![self.tenant, role.to_string(), self.revision];
                self.transaction
                    .prepare_cached(sql::SET_ADMINISTERED_ROLE)?
                    .execute(row)?;
                Ok(())
            }
        }
    }

    fn holding(
        &self,
        principal: &PrincipalId,
        role: RoleId,
        grants: &[Grant],
    ) -> Result<(), Fault> {
        let (principal, role) = (principal.as_str(), role.to_string());
        self.transaction
            .prepare_cached(sql::REMOVE_HOLDING)?
            .execute(params![self.tenant, principal, role])?;
        let mut add = self.transaction.prepare_cached(sql::ADD_GRANT)?;
        for (ordinal, grant) in grants.iter().enumerate() {
            add.execute(params![
                self.tenant,
                principal,
                role,
                ordinal,
                grant.kind.word(),
                grant.start.as_micros(),
                grant.end.map(|end| end.as_micros()),
                grant.origin.word(),
                self.revision,
            ])?;
        }
        Ok(())
    }

    fn settings(&self, role: RoleId, settings: &Settings) -> Result<(), Fault> {
        self.transaction
            .prepare_cached(sql::SET_SETTINGS)?
            .execute(named_params! {
                ":tenant": self.tenant,
                ":role": role.to_string(),
                ":minimum_duration": settings.minimum.to_string(),
                ":maximum_duration": settings.maximum.to_string(),
                ":default_duration": settings.default.to_string(),
                ":notification": settings.notification,
                ":ticket": settings.ticket,
                ":mfa": settings.mfa,
                ":approval": settings.approval,
                ":approvers": rows::approvers(&settings.approvers),
                ":revision": self.revision,
            })?;
        Ok(())
    }

    fn event(&self, sequence: u64, cause: &Cause, event: &Event) -> Result<(), Fault> {
        let actor = match &event.actor {
            Actor::Principal(principal) => Some(principal.as_str()),
            Actor::Pimento => None,
        };
        let (after, after_until) = rows::after_columns(&event.after);
        let settings = match &event.after {
            After::Settings(settings) => Some(settings),
            After::Assignment(_) | After::Registered => None,
        };
        let why = &event.justification;
        self.transaction
            .prepare_cached(sql::ADD_EVENT)?
            .execute(named_params! {
                ":tenant": self.tenant,
                ":sequence": sequence,
                ":at": event.at.as_micros(),
                ":kind": event.kind.word(),
                ":actor": actor,
                ":principal": event.principal.as_ref().map(|principal| principal.as_str()),
                ":role": event.role.map(|role| role.to_string()),
                ":reason": why.reason.as_ref().map(|reason| reason.as_str()),
                ":ticket_number": why.ticket_number.as_ref().map(|number| number.as_str()),
                ":ticket_system": why.ticket_system.as_ref().map(|system| system.as_str()),
                ":note": event.note.map(Word::word),
                ":until": event.until.map(|until| until.as_micros()),
                ":self_grant": event.self_grant,
                ":without_approval": event.without_approval,
                ":operation": cause.operation.as_ref(),
                ":request": cause.request.to_string(),
                ":client_request": cause.client_request,
                ":after": after.word(),
                ":after_until": after_until.map(|until| until.as_micros()),
                ":minimum_duration": settings.map(|settings| settings.minimum.to_string()),
                ":maximum_duration": settings.map(|settings| settings.maximum.to_string()),
                ":default_duration": settings.map(|settings| settings.default.to_string()),
                ":notification": settings.map(|settings| settings.notification),
                ":ticket": settings.map(|settings| settings.ticket),
                ":mfa": settings.map(|settings| settings.mfa),
                ":approval": settings.map(|settings| settings.approval),
                ":approvers": settings.map(|settings| rows::approvers(&settings.approvers)),
            })?;
        Ok(())
    }
}
