//! One changeset, written within a transaction: first what it expects, then what it changes.

use pimento_domain::{
    Actor, After, Cause, Event, Grant, Instant, PrincipalId, Request, RoleId, Settings,
};
use pimento_store::{Change, Changeset, Committed, Expected, Revision};
use rusqlite::{Transaction, named_params, params};

use crate::fault::Fault;
use crate::reader::revision_of;
use crate::words::Word;
use crate::{roles, rows, sql};

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
    transaction
        .prepare_cached(sql::ADD_UNSEALED)?
        .execute([write.tenant])?;
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
            Expected::Requests(principal, role, revision) => {
                let key = params![self.tenant, principal.as_str(), role.to_string()];
                (
                    revision_of(self.transaction, sql::REQUESTS_REVISION, key)?,
                    revision,
                )
            }
            Expected::Settings(role, revision) => {
                (self.of_role(sql::SETTINGS_REVISION, *role)?, revision)
            }
            Expected::Administrators(role, revision) => {
                (self.of_role(sql::ADMINISTERED_ROLE, *role)?, revision)
            }
            Expected::Role(role, revision) => (self.of_role(sql::ROLE_REVISION, *role)?, revision),
            Expected::RoleName(name, revision) => {
                let key = params![self.tenant, name.folded()];
                (
                    revision_of(self.transaction, sql::ROLE_NAME_REVISION, key)?,
                    revision,
                )
            }
            Expected::Unused(role, at) => return self.check_unused(*role, *at),
        };
        if found == *expected {
            Ok(())
        } else {
            Err(Fault::Conflict)
        }
    }

    fn check_unused(&self, role: RoleId, at: Instant) -> Result<(), Fault> {
        if roles::uses(self.transaction, self.tenant, role, at)?.is_none() {
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
            Change::Setup(setup) => {
                let row = params![self.tenant, setup.word(), self.revision];
                self.transaction
                    .prepare_cached(sql::SET_SETUP)?
                    .execute(row)?;
                Ok(())
            }
            Change::Holding(principal, role, grants) => self.holding(principal, *role, grants),
            Change::Request(request) => self.request(request),
            Change::Settings(role, settings) => self.settings(*role, settings),
            Change::Administrators(role) => {
                let row = params![self.tenant, role.to_string(), self.revision];
                self.transaction
                    .prepare_cached(sql::SET_ADMINISTERED_ROLE)?
                    .execute(row)?;
                Ok(())
            }
            Change::Role(id, name) => {
                let (id, folded) = (id.to_string(), name.folded());
                let row = params![self.tenant, id, name.as_str(), folded, self.revision];
                self.transaction
                    .prepare_cached(sql::SET_ROLE)?
                    .execute(row)?;
                Ok(())
            }
            Change::RemoveRole(id) => self.remove_role(*id),
        }
    }

    fn remove_role(&self, id: RoleId) -> Result<(), Fault> {
        let id = id.to_string();
        self.transaction
            .prepare_cached(sql::REMOVE_ROLE)?
            .execute(params![self.tenant, id, self.revision])?;
        self.transaction
            .prepare_cached(sql::REMOVE_SETTINGS)?
            .execute(params![self.tenant, id])?;
        Ok(())
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
            let (origin, request) = rows::origin_columns(grant.origin);
            add.execute(params![
                self.tenant,
                principal,
                role,
                ordinal,
                grant.kind.word(),
                grant.start.as_micros(),
                grant.end.map(|end| end.as_micros()),
                origin.word(),
                request,
                self.revision,
            ])?;
        }
        Ok(())
    }

    fn request(&self, request: &Request) -> Result<(), Fault> {
        let why = &request.justification;
        let decision = request
            .approval
            .as_ref()
            .and_then(|approval| approval.decision.as_ref());
        self.transaction
            .prepare_cached(sql::SET_REQUEST)?
            .execute(named_params! {
                ":tenant": self.tenant,
                ":id": request.id.to_string(),
                ":kind": request.kind.word(),
                ":principal": request.principal.as_str(),
                ":role": request.role.to_string(),
                ":grants": request.grants.word(),
                ":requestor": request.requestor.as_str(),
                ":requested_at": request.requested.as_micros(),
                ":starts_at": request.start.as_micros(),
                ":ends_at": request.end.map(|end| end.as_micros()),
                ":length": request.length.map(|length| length.to_string()),
                ":reason": why.reason.as_ref().map(|reason| reason.as_str()),
                ":ticket_number": why.ticket_number.as_ref().map(|number| number.as_str()),
                ":ticket_system": why.ticket_system.as_ref().map(|system| system.as_str()),
                ":lapses_at": request.approval.as_ref().map(|approval| approval.lapses.as_micros()),
                ":decided_by": decision.map(|decision| decision.by.as_str()),
                ":decided_at": decision.map(|decision| decision.at.as_micros()),
                ":verdict": decision.map(|decision| decision.verdict.word()),
                ":decision_reason": decision
                    .and_then(|decision| decision.reason.as_ref())
                    .map(|reason| reason.as_str()),
                ":closed_at": request.closed.map(|(at, _)| at.as_micros()),
                ":closing": request.closed.map(|(_, why)| why.word()),
                ":recorded": request.recorded,
                ":due_at": request.due().map(|due| due.as_micros()),
                ":revision": self.revision,
            })?;
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
            Actor::Operator => Some(rows::OPERATOR),
        };
        let (after, after_until) = rows::after_columns(&event.after);
        let settings = match &event.after {
            After::Settings(settings) => Some(settings),
            _ => None,
        };
        let more = rows::AfterMore::of(&event.after);
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
                ":request_id": event.request.map(|request| request.to_string()),
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
                ":role_name": more.role_name,
                ":erased": more.erased,
                ":refusal": more.refusal,
                ":times": more.times,
            })?;
        Ok(())
    }
}
