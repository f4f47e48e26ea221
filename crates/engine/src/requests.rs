//! Requests: what somebody asked to be granted, and what has become of it.

use pimento_domain::rules::{self, NewRequest};
use pimento_domain::{
    AssignmentId, Caller, Denied, Instant, PrincipalId, Request, RequestId, Role, RoleId,
};
use pimento_store::{Condition, Position, RequestField, RequestQuery};

use crate::{Engine, Error};

/// Something as it was at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<T> {
    /// The moment: what has become of it is to be seen at it.
    pub now: Instant,
    /// What was seen.
    pub value: T,
}

/// One page of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requests {
    /// The moment at which they were read.
    pub now: Instant,
    /// In the order of the query.
    pub requests: Vec<Request>,
    /// Where the next page starts.
    pub next: Option<Position>,
    /// How many there are on all pages, where that was asked for.
    pub total: Option<u64>,
}

/// Whether a request is made, or only judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluation {
    /// It is made.
    Perform,
    /// It is judged, and nothing is written.
    Evaluate,
}

impl Engine {
    /// Everybody's requests for a reader, and for anybody else those by them and about them; a page of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_requests(
        &self,
        caller: &Caller,
        query: &RequestQuery,
    ) -> Result<Requests, Error> {
        let seen = if caller.is_reader() {
            Condition::EVERYTHING
        } else {
            Condition::Any(own(caller))
        };
        self.requests(caller, seen, query).await
    }

    /// The requests that the caller made, a page of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_my_requests(
        &self,
        caller: &Caller,
        query: &RequestQuery,
    ) -> Result<Requests, Error> {
        let seen = Condition::made_by(&caller.principal);
        self.requests(caller, seen, query).await
    }

    /// One request.
    ///
    /// # Errors
    /// [`Denied::NotFound`], [`Denied::RoleMissing`] where it is not the caller's to see, and the store's own.
    pub async fn get_request(
        &self,
        caller: &Caller,
        id: RequestId,
    ) -> Result<Seen<Request>, Error> {
        let seen = self.find_request(caller, id, Denied::NotFound).await?;
        let settings = self.settings(caller, seen.value.role).await?;
        rules::see_request(caller, &settings, &seen.value)?;
        Ok(seen)
    }

    /// The role of one request.
    ///
    /// # Errors
    /// As [`Engine::get_request`].
    pub async fn get_request_role(&self, caller: &Caller, id: RequestId) -> Result<Role, Error> {
        let seen = self.get_request(caller, id).await?;
        self.role_of(caller, &seen.value).await
    }

    /// Asks for a grant, or only judges what would be asked.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::create_request`] say, [`Denied::RoleNotFound`], and the store's own.
    pub async fn create_request(
        &self,
        caller: &Caller,
        principal: PrincipalId,
        role: RoleId,
        new: &NewRequest,
        evaluation: Evaluation,
    ) -> Result<Seen<Request>, Error> {
        let id = AssignmentId { principal, role };
        let absent = Denied::RoleNotFound;
        let rule = |facts: &_| rules::create_request(facts, caller, new);
        let settled = match evaluation {
            Evaluation::Perform => self.decide_assignment(caller, &id, absent, rule).await?,
            Evaluation::Evaluate => self.evaluate_assignment(caller, &id, absent, rule).await?,
        };
        settled.asked()
    }

    /// Takes back a request of the caller's own.
    ///
    /// # Errors
    /// [`Denied::RequestNotFound`], [`Denied`] as the rules of [`rules::cancel_request`] say, and the store's own.
    pub async fn cancel_request(
        &self,
        caller: &Caller,
        id: RequestId,
    ) -> Result<Seen<Request>, Error> {
        let found = self
            .find_request(caller, id, Denied::RequestNotFound)
            .await?;
        let rule = |facts: &_, request: &_| rules::cancel_request(facts, caller, request);
        self.decide_request(caller, &of(&found.value), id, rule)
            .await
    }

    /// The role that a request is about, also where it was removed since.
    pub(crate) async fn role_of(&self, caller: &Caller, request: &Request) -> Result<Role, Error> {
        let roles = self.named_roles(caller, [request.role]).await?;
        Ok(roles.get(request.role).cloned().ok_or(Denied::NotFound)?)
    }

    pub(crate) async fn find_request(
        &self,
        caller: &Caller,
        id: RequestId,
        absent: Denied,
    ) -> Result<Seen<Request>, Error> {
        let (now, found) = self.store.request(&caller.tenant, id).await?;
        let value = found.ok_or(absent)?;
        Ok(Seen { now, value })
    }

    /// Those of the requests that are asked for which the caller may see; a page of them.
    pub(crate) async fn requests(
        &self,
        caller: &Caller,
        seen: Condition<RequestField>,
        query: &RequestQuery,
    ) -> Result<Requests, Error> {
        let query = query.within(seen);
        let page = self.store.list_requests(&caller.tenant, &query).await?;
        let last = page.requests.last().filter(|_| page.more);
        let place = |last| query.order.position(|field| field.value(last, page.now));
        Ok(Requests {
            now: page.now,
            next: last.map(place),
            requests: page.requests,
            total: page.total,
        })
    }
}

/// The holding that a request is about.
pub(crate) fn of(request: &Request) -> AssignmentId {
    AssignmentId {
        principal: request.principal.clone(),
        role: request.role,
    }
}

/// Those by the caller and those about them.
pub(crate) fn own(caller: &Caller) -> Vec<Condition<RequestField>> {
    vec![
        Condition::made_by(&caller.principal),
        Condition::about(&caller.principal),
    ]
}
