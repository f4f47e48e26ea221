//! Approvals: the requests that wait, or waited, for an approver's decision.

use pimento_domain::{
    Caller, Denied, Remark, Request, RequestId, Role, RoleId, Settings, Verdict, rules,
};
use pimento_store::{Condition, RequestQuery, Wanted};

use crate::requests::{of, own};
use crate::roles::{role_or_removed, stored};
use crate::{Engine, Error, Requests, Seen};

impl Engine {
    /// Everybody's approvals for a reader, and for anybody else those that they may decide, those that they asked for,
    /// and those about them; a page of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_approvals(
        &self,
        caller: &Caller,
        query: &RequestQuery,
    ) -> Result<Requests, Error> {
        let seen = if caller.is_reader() {
            Condition::EVERYTHING
        } else {
            let decides = self
                .store
                .approver_of(&caller.tenant, &caller.principal)
                .await?;
            let mut seen = own(caller);
            seen.extend(decides.into_iter().map(Condition::about_role));
            Condition::Any(seen)
        };
        let seen = Condition::with_approval().and(seen);
        self.requests(caller, seen, query).await
    }

    /// The approvals of the requests that the caller made, a page of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_my_approvals(
        &self,
        caller: &Caller,
        query: &RequestQuery,
    ) -> Result<Requests, Error> {
        let seen = Condition::with_approval().and(Condition::made_by(&caller.principal));
        self.requests(caller, seen, query).await
    }

    /// The request that an approval is for.
    ///
    /// # Errors
    /// [`Denied::NotFound`], also for a request that needs no approval; [`Denied::RoleMissing`] where it is not the
    /// caller's to see; and the store's own.
    pub async fn get_approval(
        &self,
        caller: &Caller,
        id: RequestId,
    ) -> Result<Seen<Request>, Error> {
        let seen = self.get_request(caller, id).await?;
        if seen.value.approval.is_none() {
            return Err(Denied::NotFound.into());
        }
        Ok(seen)
    }

    /// The request that an approval is for, shown to whoever may decide about it.
    ///
    /// # Errors
    /// [`Denied::NotFound`], also for a request that needs no approval; [`Denied`] as [`rules::may_decide`] says; and the
    /// store's own.
    pub async fn approval_to_decide(
        &self,
        caller: &Caller,
        id: RequestId,
    ) -> Result<Seen<Request>, Error> {
        let seen = self.find_request(caller, id, Denied::NotFound).await?;
        if seen.value.approval.is_none() {
            return Err(Denied::NotFound.into());
        }
        let settings = self.settings(caller, seen.value.role).await?;
        rules::may_decide(caller, &settings, &seen.value)?;
        Ok(seen)
    }

    /// The role of an approval.
    ///
    /// # Errors
    /// As [`Engine::get_approval`].
    pub async fn get_approval_role(&self, caller: &Caller, id: RequestId) -> Result<Role, Error> {
        let seen = self.get_approval(caller, id).await?;
        self.role_of(caller, &seen.value).await
    }

    /// Decides about a request.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::decide_approval`] say, and the store's own.
    pub async fn update_approval(
        &self,
        caller: &Caller,
        id: RequestId,
        verdict: Verdict,
        reason: Option<&Remark>,
    ) -> Result<Seen<Request>, Error> {
        let found = self.find_request(caller, id, Denied::NotFound).await?;
        let rule = |facts: &_, request: &_| {
            rules::decide_approval(facts, caller, request, verdict, reason)
        };
        self.decide_request(caller, &of(&found.value), id, rule)
            .await
    }

    /// The settings of a role, as they are or as every role has them; a role that was removed has none of its own any more.
    pub(crate) async fn settings(&self, caller: &Caller, role: RoleId) -> Result<Settings, Error> {
        let wanted = Wanted {
            settings: Some(role),
            role: stored(role),
            ..Wanted::default()
        };
        let loaded = self.store.load(&caller.tenant, &wanted).await?;
        let role = role_or_removed(&loaded, role).ok_or(Denied::NotFound)?;
        Ok(loaded.settings.unwrap_or_else(|| Settings::of(&role)))
    }
}
