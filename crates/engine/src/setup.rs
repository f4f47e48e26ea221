//! Set-up: what a Global Administrator settles once, after the tenant has signed up.
//!
//! It is many changes, each an ordinary one with its event, and then one that completes it. What is broken off in between is
//! in progress, and is repeated as a whole.

use std::collections::{BTreeMap, BTreeSet};

use pimento_domain::{
    AssignmentId, Caller, Denied, Role, RoleId, SettingsUpdate, Setup, SetupAction, rules,
};
use pimento_store::{Change, Loaded, Wanted};

use crate::decide::{Decision, settle, wanted};
use crate::roles::role_in;
use crate::settings::{decide_update, wanted_to_update};
use crate::{Engine, Error};

/// What is to be set up, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetupPlan {
    /// The roles whose settings change.
    pub roles: BTreeSet<RoleId>,
    /// How they change.
    pub settings: SettingsUpdate,
    /// What becomes of assignments, one after the other.
    pub actions: Vec<(AssignmentId, SetupAction)>,
}

/// What set-up did with the assignments of one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupOfRole {
    /// The role.
    pub role: Role,
    /// Those that were to be permanent.
    pub permanent: SetupTally,
    /// Those that were to be eligible.
    pub temporary: SetupTally,
    /// Those that were to be removed.
    pub removed: SetupTally,
}

/// How many came out as they were asked for, and how many were refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetupTally {
    /// Done, or so before.
    pub succeeded: u64,
    /// Refused by a rule.
    pub failed: u64,
}

impl Engine {
    /// Sets the tenant up. What the plan's settings would be denied keeps all of it from happening; an action that is
    /// denied is counted. Answers of every role that the plan names, by id.
    ///
    /// # Errors
    /// [`Denied::SetupOfRole`], [`Denied::SetupCompleted`], and the store's own: then what was done until there is done, and
    /// set-up is in progress.
    pub async fn complete_setup(
        &self,
        caller: &Caller,
        plan: &SetupPlan,
    ) -> Result<Vec<SetupOfRole>, Error> {
        let mut of_roles = self.roles_of(caller, plan).await?;
        let place = self.queues.place_for_setup(&caller.tenant);
        let _turn = place.turn().await;
        self.check_setup(caller, plan).await?;
        for id in &plan.roles {
            self.decide(caller, &wanted_to_update(*id), |loaded| {
                rules::allow_setup(loaded.setup)?;
                let decision = decide_update(loaded, caller, *id, &plan.settings);
                Ok(begun(loaded, of_role(*id, decision)?))
            })
            .await?;
        }
        for (id, action) in &plan.actions {
            let Some(of_role) = of_roles.get_mut(&id.role) else {
                continue;
            };
            let tally = match action {
                SetupAction::Permanent => &mut of_role.permanent,
                SetupAction::Temporary => &mut of_role.temporary,
                SetupAction::Remove => &mut of_role.removed,
            };
            match self.set_up_assignment(caller, id, *action).await {
                Ok(()) => tally.succeeded += 1,
                Err(Error::Denied(Denied::SetupCompleted)) => {
                    return Err(Denied::SetupCompleted.into());
                }
                Err(Error::Denied(_)) => tally.failed += 1,
                Err(error) => return Err(error),
            }
        }
        self.end_setup(caller).await?;
        Ok(of_roles.into_values().collect())
    }

    /// Nothing done yet of each role that the plan names.
    async fn roles_of(
        &self,
        caller: &Caller,
        plan: &SetupPlan,
    ) -> Result<BTreeMap<RoleId, SetupOfRole>, Error> {
        let of_actions = plan.actions.iter().map(|(id, _)| id.role);
        let ids: BTreeSet<RoleId> = plan.roles.iter().copied().chain(of_actions).collect();
        let named = self.named_roles(caller, ids.iter().copied()).await?;
        let nothing_done = |id| {
            let role = named.get(id).filter(|role| role.is_there());
            let role = role.ok_or_else(|| Denied::SetupOfRole(id, Box::new(Denied::RoleNotFound)));
            let of_role = SetupOfRole {
                role: role?.clone(),
                permanent: SetupTally::default(),
                temporary: SetupTally::default(),
                removed: SetupTally::default(),
            };
            Ok((id, of_role))
        };
        ids.into_iter().map(nothing_done).collect()
    }

    /// Whether set-up may begin: so that what is wrong with the settings is said before anything is changed.
    async fn check_setup(&self, caller: &Caller, plan: &SetupPlan) -> Result<(), Error> {
        let loaded = self.store.load(&caller.tenant, &Wanted::default()).await?;
        rules::allow_setup(loaded.setup)?;
        for id in &plan.roles {
            let wanted = wanted_to_update(*id);
            let loaded = self.store.load(&caller.tenant, &wanted).await?;
            of_role(*id, decide_update(&loaded, caller, *id, &plan.settings))?;
        }
        Ok(())
    }

    async fn set_up_assignment(
        &self,
        caller: &Caller,
        id: &AssignmentId,
        action: SetupAction,
    ) -> Result<(), Error> {
        self.decide(caller, &wanted(id), |loaded| {
            rules::allow_setup(loaded.setup)?;
            let role = role_in(loaded, id.role).ok_or(Denied::RoleNotFound)?;
            let facts = self.facts(id, role, loaded);
            let outcome = rules::set_up_assignment(&facts, caller, action)?;
            let Decision { change, .. } = settle(id, facts, outcome);
            Ok(begun(loaded, Decision { change, answer: () }))
        })
        .await
    }

    async fn end_setup(&self, caller: &Caller) -> Result<(), Error> {
        self.decide(caller, &Wanted::default(), |loaded| {
            let events = rules::complete_setup(loaded.now, loaded.setup, caller)?;
            let changes = vec![Change::Setup(Setup::Completed)];
            Ok(Decision {
                change: Some((changes, events)),
                answer: (),
            })
        })
        .await
    }
}

/// The first change of a set-up says that it is in progress.
fn begun(loaded: &Loaded, mut decision: Decision<()>) -> Decision<()> {
    if let Some((changes, _)) = &mut decision.change
        && loaded.setup == Setup::NotStarted
    {
        changes.push(Change::Setup(Setup::InProgress));
    }
    decision
}

fn of_role<T>(role: RoleId, result: Result<T, Denied>) -> Result<T, Denied> {
    result.map_err(|denied| Denied::SetupOfRole(role, Box::new(denied)))
}
