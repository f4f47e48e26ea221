//! Assignments: who holds what, and every way to change it.

use pimento_domain::rules::{self, CreateAssignment, SelfActivate};
use pimento_domain::{
    AssignmentId, Caller, Denied, Holding, Instant, Justification, Message, PrincipalId, Role,
    RoleId, State,
};
use pimento_store::{AssignmentField, AssignmentQuery, Condition, Order, Page, Position, Wanted};

use crate::decide::Settled;
use crate::{Engine, Error};

/// An assignment as it is at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Whose and of which role.
    pub id: AssignmentId,
    /// Its state; `None` where the command ended it.
    pub state: Option<State>,
    /// Why a command changed nothing.
    pub message: Option<Message>,
}

/// One page of assignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignments {
    /// In the order of the query.
    pub assignments: Vec<Assignment>,
    /// Where the next page starts.
    pub next: Option<Position>,
    /// How many there are on all pages, where that was asked for.
    pub total: Option<u64>,
}

/// A new assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAssignment {
    /// Who is to have the role.
    pub principal: PrincipalId,
    /// The role.
    pub role: RoleId,
    /// Active or eligible, and until when.
    pub command: CreateAssignment,
}

/// Why an assignment is made permanent.
pub type MakePermanent = Justification;

impl Engine {
    /// Everybody's assignments, a page of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_assignments(
        &self,
        caller: &Caller,
        query: &AssignmentQuery,
    ) -> Result<Assignments, Error> {
        let page = self.store.list_assignments(&caller.tenant, query).await?;
        Ok(assignments(page, &query.order))
    }

    /// Everybody's assignments of one role, a page of them.
    ///
    /// # Errors
    /// [`Denied::NotFound`] for an unknown role, and the store's own.
    pub async fn list_role_assignments(
        &self,
        caller: &Caller,
        role: RoleId,
        query: &AssignmentQuery,
    ) -> Result<Assignments, Error> {
        let role = self.find_role(caller, role).await?;
        let query = query.within(Condition::of_role(role.id));
        self.list_assignments(caller, &query).await
    }

    /// The caller's own assignments, a page of them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_my_assignments(
        &self,
        caller: &Caller,
        query: &AssignmentQuery,
    ) -> Result<Assignments, Error> {
        let query = query.within(Condition::of_principal(&caller.principal));
        self.list_assignments(caller, &query).await
    }

    /// One assignment.
    ///
    /// # Errors
    /// [`Denied::RoleMissing`] where it is not the caller's to see, [`Denied::NotFound`], and the store's own.
    pub async fn get_assignment(
        &self,
        caller: &Caller,
        id: &AssignmentId,
    ) -> Result<Assignment, Error> {
        rules::see_principal(caller, &id.principal)?;
        let (holding, now) = self.holding(caller, id).await?;
        match holding.state(now) {
            None => Err(Denied::NotFound.into()),
            state => Ok(Assignment {
                id: id.clone(),
                state,
                message: None,
            }),
        }
    }

    /// The role of one assignment.
    ///
    /// # Errors
    /// As [`Engine::get_assignment`].
    pub async fn get_assignment_role(
        &self,
        caller: &Caller,
        id: &AssignmentId,
    ) -> Result<Role, Error> {
        self.get_assignment(caller, id).await?;
        self.find_role(caller, id.role).await
    }

    /// Gives somebody a role.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::create_assignment`] say, [`Denied::RoleNotFound`], and the store's own.
    pub async fn create_assignment(
        &self,
        caller: &Caller,
        new: &NewAssignment,
    ) -> Result<Assignment, Error> {
        let id = AssignmentId {
            principal: new.principal.clone(),
            role: new.role,
        };
        let rule = |facts: &_| rules::create_assignment(facts, caller, &new.command);
        Ok(assignment(
            &id,
            self.decide_assignment(caller, &id, Denied::RoleNotFound, rule)
                .await?,
        ))
    }

    /// Takes an assignment away.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::delete_assignment`] say, and the store's own.
    pub async fn delete_assignment(&self, caller: &Caller, id: &AssignmentId) -> Result<(), Error> {
        self.decide_assignment(caller, id, Denied::NotFound, |facts| {
            rules::delete_assignment(facts, caller)
        })
        .await?;
        Ok(())
    }

    /// Makes an assignment active without end.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::make_permanent`] say, and the store's own.
    pub async fn make_permanent(
        &self,
        caller: &Caller,
        id: &AssignmentId,
        justification: &MakePermanent,
    ) -> Result<Assignment, Error> {
        let rule = |facts: &_| rules::make_permanent(facts, caller, justification);
        Ok(assignment(
            id,
            self.decide_assignment(caller, id, Denied::NotFound, rule)
                .await?,
        ))
    }

    /// Makes an assignment eligible.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::make_eligible`] say, and the store's own.
    pub async fn make_eligible(
        &self,
        caller: &Caller,
        id: &AssignmentId,
    ) -> Result<Assignment, Error> {
        let rule = |facts: &_| rules::make_eligible(facts, caller);
        Ok(assignment(
            id,
            self.decide_assignment(caller, id, Denied::NotFound, rule)
                .await?,
        ))
    }

    /// Activates the caller's eligibility, or asks for the approval that this needs.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::self_activate`] say, and the store's own.
    pub async fn self_activate(
        &self,
        caller: &Caller,
        role: RoleId,
        activation: &SelfActivate,
    ) -> Result<Assignment, Error> {
        let id = AssignmentId {
            principal: caller.principal.clone(),
            role,
        };
        let rule = |facts: &_| rules::self_activate(facts, caller, activation);
        let settled = self
            .decide_assignment(caller, &id, Denied::NotFound, rule)
            .await?;
        let asked = settled
            .requests
            .iter()
            .find(|request| request.id == activation.request);
        let message = asked.map(|request| Message::AwaitsApproval(request.id));
        Ok(Assignment {
            message,
            ..assignment(&id, settled)
        })
    }

    /// Ends the caller's activation.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::self_deactivate`] say, and the store's own.
    pub async fn self_deactivate(
        &self,
        caller: &Caller,
        role: RoleId,
    ) -> Result<Assignment, Error> {
        let id = AssignmentId {
            principal: caller.principal.clone(),
            role,
        };
        let rule = |facts: &_| rules::self_deactivate(facts, caller);
        Ok(assignment(
            &id,
            self.decide_assignment(caller, &id, Denied::NotFound, rule)
                .await?,
        ))
    }

    /// One holding as it is now; without grants where there is none.
    pub(crate) async fn holding(
        &self,
        caller: &Caller,
        id: &AssignmentId,
    ) -> Result<(Holding, Instant), Error> {
        let wanted = Wanted {
            holding: Some((id.principal.clone(), id.role)),
            ..Wanted::default()
        };
        let loaded = self.store.load(&caller.tenant, &wanted).await?;
        let none = || Holding {
            principal: id.principal.clone(),
            role: id.role,
            grants: Vec::new(),
        };
        Ok((loaded.holding.unwrap_or_else(none), loaded.now))
    }
}

fn id(holding: &Holding) -> AssignmentId {
    AssignmentId {
        principal: holding.principal.clone(),
        role: holding.role,
    }
}

fn assignment(id: &AssignmentId, settled: Settled) -> Assignment {
    let holding = Holding {
        principal: id.principal.clone(),
        role: id.role,
        grants: settled.grants,
    };
    Assignment {
        id: id.clone(),
        state: holding.state(settled.now),
        message: settled.message,
    }
}

/// The same, of those rows alone that meet this condition too.
fn assignments(page: Page, order: &Order<AssignmentField>) -> Assignments {
    let assignment = |holding: &Holding| Assignment {
        id: id(holding),
        state: holding.state(page.now),
        message: None,
    };
    let last = page.holdings.last().filter(|_| page.more);
    let next = last.map(|last| order.position(|field| field.value(last, page.now)));
    Assignments {
        assignments: page.holdings.iter().map(assignment).collect(),
        next,
        total: page.total,
    }
}
